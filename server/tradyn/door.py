"""The door of the HTTP server: how many may come in, how much they may ask for, how long they may take.

What always holds: an address has at most its share of the connections; nobody's request waits for the
processor behind more than `Limits.requests_in_hand` others.

What waits for something else than the processor (the rest of its body, the disk, a latency in market time,
the receiver of a webhook) is not counted once it is older than `Limits.fresh_seconds`: it holds nobody up.
It is bounded by the connections, each of which has one request in hand at most.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Final

try:
    import resource
except ImportError:  # Windows, where sockets are no files
    resource = None  # type: ignore[assignment]

__all__ = ["Door", "Limits", "with_files"]

_OTHER_FILES: Final = 256
"""File descriptors for what is no connection: journal, listening socket, webhooks, who is turned away."""
_RECOUNT_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one client, or all of them together, may take of the server. Times are in seconds of wall time.

    Attributes:
        connections: open at once, WebSockets included.
        connections_an_address: of these; loopback is an address like any other. Half of all, so that one
            program gone wrong does not lock the others out, and enough for a test with 1,000 readers.
        turned_away: connections beyond the limit whose first request is told so, or answered if it asks for
            the server's health; the others are closed at once.
        requests_in_hand: requests that compete for the processor. At 0.15 to 0.4 ms each they are
            answered within some 20 ms; what takes longer has a bound of its own (`CostlyReads`).
        health_requests: questions about the server's health, which are not counted among those in hand and
            always answered; beyond this number their connections are then held.
        fresh_seconds: a request that is older, and not about to run, waits for something else than the
            processor.
        hold_seconds: for which, on average, nothing is done on a connection after a 429. Less than its
            `Retry-After`: who waits as told does not notice, and who does not wait cannot keep the server
            busy with refusals.
        pipelined: requests that one connection may send ahead of its answers.
        head_bytes: of request line and headers.
        headers: how many; browsers send about 20.
        body_bytes: after which nothing more of a body is read, whatever the operation would take.
        unfinished_bytes: of all requests together that have begun to come and are not whole.
        head_seconds: from the first byte of a request to the end of its headers.
        body_seconds: from there to the end of the body, and
        body_bytes_a_second: a second more for each so many bytes that have come.
        idle_seconds: between requests.
        unsent_seconds: for which something may wait to be taken by the client without a break.
        linger_seconds: for which a client may go on sending what nobody reads, so that it gets its answer.
        sweep_seconds: how often the deadlines are looked at; each is kept to this exactness.
    """

    connections: int = 4096
    connections_an_address: int = 2048
    turned_away: int = 64
    requests_in_hand: int = 64
    health_requests: int = 8
    fresh_seconds: float = 0.1
    hold_seconds: float = 0.5
    pipelined: int = 32
    head_bytes: int = 65_536
    headers: int = 128
    body_bytes: int = 4 * 1024 * 1024
    unfinished_bytes: int = 64 * 1024 * 1024
    head_seconds: float = 10.0
    body_seconds: float = 15.0
    body_bytes_a_second: int = 65_536
    idle_seconds: float = 75.0
    unsent_seconds: float = 20.0
    linger_seconds: float = 2.0
    sweep_seconds: float = 1.0


class Door:
    """Who is connected, and which requests are in hand.

    Args:
        clock: seconds, for what is measured here.

    Attributes:
        shed: requests that were answered 429 since the server began, because too many were in hand.
        refused: connections that were answered 503, or closed, because there were too many.
        turned_away: connections that are being told so.
        unfinished_bytes: received of requests that are not whole yet.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self.shed = 0
        self.refused = 0
        self.connections = 0
        self.turned_away = 0
        self.unfinished_bytes = 0
        self._time = clock
        self._of_address: Counter[str] = Counter()
        # By the time they began at.
        self._in_hand: dict[object, float] = {}
        self._about_health: set[object] = set()
        self._waiting = 0
        self._soon: deque[Callable[[], None]] = deque()
        self._after: deque[Callable[[], None]] = deque()
        self._is_to_begin = False
        self._dice = Random()
        self._recount_at = 0.0
        # When to go on, a number that tells equal times apart, and how.
        self._held: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()

    def enter(self, address: str) -> str | None:
        """Take a connection in; or else why not, as a sentence."""
        limits = self.limits
        if self.connections >= limits.connections:
            self.refused += 1
            return f"{limits.connections} connections are open, which is all that the server takes"
        if self._of_address[address] >= limits.connections_an_address:
            self.refused += 1
            return (
                f"{limits.connections_an_address} connections from your address are open, which is all "
                "that it may have"
            )
        self.connections += 1
        self._of_address[address] += 1
        return None

    def leave(self, address: str) -> None:
        """A connection that was taken in has ended."""
        self.connections -= 1
        self._of_address[address] -= 1
        if not self._of_address[address]:
            del self._of_address[address]

    def begin(self, request: object, *, is_about_health: bool = False) -> None:
        """A request is in hand from now on: by its task, or by what goes on when it need wait no more."""
        if is_about_health:
            self._about_health.add(request)
        else:
            self._in_hand[request] = self._time()

    def end(self, request: object) -> None:
        """It is answered, goes on, or nobody waits for an answer any more; of another nothing is known."""
        self._in_hand.pop(request, None)
        self._about_health.discard(request)

    def begin_soon(self, work: Callable[[], None]) -> None:
        """A request is in hand from now on, and is begun with all others once this turn of the loop ends."""
        self._soon.append(work)
        self._see_to_it()

    def go_on_soon(self, work: Callable[[], None]) -> None:
        """A request that gives way goes on once all are begun that came with it."""
        self._after.append(work)
        self._see_to_it()

    def _see_to_it(self) -> None:
        if not self._is_to_begin:
            self._is_to_begin = True
            asyncio.get_running_loop().call_soon(self._begin_all)

    def _begin_all(self) -> None:
        try:
            # What comes of it, as the next request of a connection, is for the next turn: else all that one
            # client has sent ahead would go before the first request of another.
            for queue in (self._soon, self._after):
                for _ in range(len(queue)):
                    queue.popleft()()
        finally:
            self._is_to_begin = False
            if self._soon or self._after:
                self._see_to_it()

    def hold(self, go_on: Callable[[], None]) -> None:
        """Nothing is done on a connection for a while; `let_go` then calls `go_on`."""
        # Half as long or half as long again: those who were refused at once shall not come back at once.
        seconds = self.limits.hold_seconds * (0.5 + self._dice.random())
        heappush(self._held, (self._time() + seconds, next(self._numbers), go_on))

    def let_go(self) -> None:
        """Go on where the time has come; called ten times a second."""
        now = self._time()
        while self._held and self._held[0][0] <= now:
            heappop(self._held)[2]()

    @property
    def is_full_of_health(self) -> bool:
        """Whether as many questions about the server's health are in hand as there is hurry for."""
        return len(self._about_health) >= self.limits.health_requests

    @property
    def is_full(self) -> bool:
        """Whether another request would have to wait behind too many."""
        most = self.limits.requests_in_hand
        in_hand = len(self._in_hand) + len(self._soon) + len(self._after)
        if in_hand < most:
            return False
        now = self._time()
        if now >= self._recount_at:
            self._recount_at = now + _RECOUNT_SECONDS
            fresh = now - self.limits.fresh_seconds
            self._waiting = sum(
                began < fresh and not _is_about_to_run(each) for each, began in self._in_hand.items()
            )
        return in_hand - self._waiting >= most


def _is_about_to_run(request: object) -> bool:
    # Age alone does not tell who waits for the disk from who waits in a long queue for the processor. asyncio
    # keeps what a task waits for, and nothing for one that is in the queue; anyio relies on it too.
    return isinstance(request, asyncio.Task) and request._fut_waiter is None  # type: ignore[attr-defined]


def with_files(limits: Limits) -> Limits:
    """The limits as far as the system's limit on open files, raised as far as it can be, allows them."""
    if resource is None:
        return limits
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = limits.connections + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        if soft < wanted:
            most = max(soft - _OTHER_FILES, 1)
            return replace(
                limits,
                connections=most,
                connections_an_address=min(limits.connections_an_address, max(most // 2, 1)),
            )
    return limits
