"""Ten times what the server can serve: what is shed, how long the rest takes, what is left of it afterwards.

`tradyn serve` runs on one core; clients on the other modify pending orders (each change is on disk before its
answer) and read accounts, half and half. First a few clients without a pause find out how much the server
can serve. Then requests are sent at ten times that rate, whatever becomes of them, over many connections with
one request each on its way, and without a pause after a 429; a request for which no connection is free is not
sent, and counted as such. Beside them a witness, a process of its own, sends a request every few
milliseconds, and waits after a 429 as it is told: its answers have waited neither for the busy generator nor
because it did not wait, so they tell how long the server took. Last, the witness goes on alone until it is
served again. `make overload` runs it. Fails if what was promised does not hold.

    python bench/overload.py [--times 10] [--connections 1000] [--seconds 10]
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import re
import sys
import tempfile
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import uvloop
from tradyn_process import serving

ACCOUNTS: Final = 20
SERVER_CORE, CLIENT_CORE = 0, 1
WITNESS_SECONDS: Final = 0.004
WITNESS_CONNECTIONS: Final = 400
RETRY_AFTER_SECONDS: Final = 1.0
LONGEST_P99_MS: Final = 50.0
LONGEST_RECOVERY_SECONDS: Final = 1.0
MOST_RESIDENT_MB: Final = 256.0
_LENGTH: Final = re.compile(rb"\r\ncontent-length: (\d+)\r\n")


@dataclass
class Told:
    """What came back: answers by status, and milliseconds for each that was served."""

    statuses: Counter[int] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    ended_early: int = 0

    @property
    def served(self) -> int:
        """Answers that are neither 429 nor 503 nor 500."""
        return sum(count for status, count in self.statuses.items() if status < 429)

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share was served; nothing served is nothing good."""
        ordered = sorted(self.milliseconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else float("inf")


class Client(asyncio.Protocol):
    """One connection with at most one request on its way: a change of its order, or a look at its account."""

    def __init__(self, key: str, ticket: int, told: Told, free: deque[Client], *, endless: bool) -> None:
        head = f"Host: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
        self._look = f"GET /v1/api/account HTTP/1.1\r\n{head}\r\n".encode()
        self._change = (
            f"PATCH /v1/api/orders/{ticket} HTTP/1.1\r\n{head}Content-Type: application/json\r\n"
            "Content-Length: 17\r\n\r\n"
        ).encode()
        self._told = told
        self._free = free
        self.is_endless = endless
        self._count = ticket
        self._buffer = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport: Any = transport
        if self.is_endless:
            self.send()
        else:
            self._free.append(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The server keeps connections, whatever it answers."""
        self._told.ended_early += 1

    def send(self) -> None:
        """The next request."""
        self._count += 1
        self._sent_at = time.perf_counter()
        if self._count % 2:
            self._transport.write(self._look)
        else:
            self._transport.write(self._change + b'{"price":1.0%04d}' % (self._count // 2 % 5000 + 1000))

    def data_received(self, data: bytes) -> None:
        """Take an answer."""
        self._buffer = data = self._buffer + data if self._buffer else data
        at = data.find(b"\r\n\r\n")
        if at < 0 or (found := _LENGTH.search(data, 0, at + 2)) is None:
            return
        if len(data) < at + 4 + int(found[1]):
            return
        self._buffer = b""
        self.take(int(data[9:12]), (time.perf_counter() - self._sent_at) * 1000)

    def take(self, status: int, milliseconds: float) -> None:
        """Keep what is to be told of an answer, and be free again, at once."""
        self._told.statuses[status] += 1
        if status < 429:
            self._told.milliseconds.append(milliseconds)
        if self.is_endless:
            self.send()
        else:
            self._free.append(self)

    def close(self) -> None:
        """End."""
        self.is_endless = False
        self._told = Told()
        self._transport.abort()


async def _connect(
    port: int, targets: list[tuple[str, int]], count: int, told: Told, *, endless: bool
) -> Any:
    loop, free, clients = asyncio.get_running_loop(), deque[Client](), []
    for number in range(count):
        key, ticket = targets[number % len(targets)]
        _, client = await loop.create_connection(
            lambda key=key, ticket=ticket: Client(key, ticket, told, free, endless=endless), "127.0.0.1", port
        )
        clients.append(client)
    return clients, free


async def _capacity(port: int, targets: list[tuple[str, int]], seconds: float) -> float:
    """Requests a second that 32 clients without a pause are served."""
    told = Told()
    clients, _ = await _connect(port, targets, 32, told, endless=True)
    await asyncio.sleep(1)
    before, began = told.served, time.perf_counter()
    await asyncio.sleep(seconds)
    rate = (told.served - before) / (time.perf_counter() - began)
    for each in clients:
        each.close()
    return rate


async def _flood(
    port: int, targets: list[tuple[str, int]], connections: int, rate: float, seconds: float
) -> tuple[Told, float, int]:
    """Send at a rate; what came back, the rate that was really sent, and how many could not be sent."""
    told = Told()
    clients, free = await _connect(port, targets, connections, told, endless=False)
    loop = asyncio.get_running_loop()
    sent = unsent = 0
    began = last = loop.time()
    while (now := time.monotonic()) - began < seconds:
        due = min(int((now - began) * rate) - sent - unsent, int(rate * 0.05))
        last = now
        for _ in range(due):
            if not free:
                break
            free.popleft().send()
            sent += 1
        unsent = int((now - began) * rate) - sent
        await asyncio.sleep(0.001)
    for each in clients:
        each.close()
    return told, sent / (last - began), unsent


def _witness(port: int, key: str, ticket: int, stop: Any, pipe: Any) -> None:
    """One request every few milliseconds, each on a connection that is free: (when sent, ms, status)."""
    os.sched_setaffinity(0, {CLIENT_CORE})
    seen: list[tuple[float, float, int]] = []

    async def ask() -> None:
        told, free = Told(), deque[Client]()
        loop = asyncio.get_running_loop()

        class Witness(Client):
            def take(self, status: int, milliseconds: float) -> None:
                seen.append((time.monotonic() - milliseconds / 1000, milliseconds, status))
                if status == 429:
                    loop.call_later(RETRY_AFTER_SECONDS, free.append, self)
                else:
                    free.append(self)

        for _ in range(WITNESS_CONNECTIONS):
            await loop.create_connection(
                lambda: Witness(key, ticket, told, free, endless=False), "127.0.0.1", port
            )
        while not stop.is_set():
            if free:
                free.popleft().send()
            await asyncio.sleep(WITNESS_SECONDS)

    uvloop.run(ask())
    pipe.send(seen)


def _prepare(port: int, credentials: dict[str, Any], orders: int) -> list[tuple[str, int]]:
    """Accounts, each with its share of pending orders: (key, ticket) for each order."""
    targets = []
    admin = {"Authorization": f"Bearer {credentials['admin_key']}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/v1", timeout=30) as client:
        quotes = {"quotes": [{"symbol": "EURUSD", "bid": 1.7, "ask": 1.7001}]}
        client.post("/api/simulation/quotes", json=quotes, headers=admin).raise_for_status()
        for number in range(ACCOUNTS):
            opened = {"name": f"Client {number}", "balance": 1_000_000}
            answer = client.post("/api/accounts", json=opened, headers=admin).raise_for_status()
            key = answer.json()["data"]["api_key"]
            for _ in range(orders // ACCOUNTS):
                order = {"symbol": "EURUSD", "type": 2, "volume": 0.01, "price": 1.5}
                placed = client.post("/api/orders", json=order, headers={"Authorization": f"Bearer {key}"})
                targets.append((key, placed.raise_for_status().json()["data"]["ticket"]))
    # Neighbours are of different accounts.
    return [
        targets[at]
        for first in range(orders // ACCOUNTS)
        for at in range(first, len(targets), orders // ACCOUNTS)
    ]


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024 / 1e6


def _recovery(seen: list[tuple[float, float, int]], ended: float) -> float:
    """Seconds from the end of the flood to the first of 20 answers in a row that are served in 50 ms."""
    after = [each for each in seen if each[0] >= ended]
    for at in range(len(after) - 20):
        if all(status < 429 and milliseconds < 50 for _, milliseconds, status in after[at : at + 20]):
            return after[at][0] - ended
    return float("inf")


def _shares(told: Told) -> str:
    return f"p50 {told.percentile(0.5):.1f} ms, p99 {told.percentile(0.99):.1f} ms"


def main() -> int:
    """Report, and 1 if a promise does not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=float, default=10.0)
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    os.sched_setaffinity(0, {CLIENT_CORE})
    with (
        tempfile.TemporaryDirectory() as root,
        serving(
            Path(root), "--clock", "manual", "--feed", "push", "--rate-limit", "10000000", core=SERVER_CORE
        ) as server,
    ):
        pid, port, credentials = server.pid, server.port, server.credentials
        targets = _prepare(port, credentials, 1000)
        capacity = uvloop.run(_capacity(port, targets, given.seconds / 2))
        idle_mb = _resident_mb(pid)
        here, there = multiprocessing.Pipe()
        stop = multiprocessing.Event()
        witness = multiprocessing.Process(target=_witness, args=(port, *targets[0], stop, there))
        witness.start()
        time.sleep(1)
        began = time.monotonic()
        rate = given.times * capacity
        told, sent, unsent = uvloop.run(_flood(port, targets, given.connections, rate, given.seconds))
        ended = time.monotonic()
        time.sleep(3)
        stop.set()
        seen: list[tuple[float, float, int]] = here.recv()
        witness.join()
        resident = _resident_mb(pid)
    during = [each for each in seen if began + 0.5 <= each[0] < ended - 0.5]
    own = Told(Counter(each[2] for each in during), [each[1] for each in during if each[2] < 429])
    recovery = _recovery(seen, ended)
    seconds = ended - began
    print(f"can serve          {capacity:8.0f} requests/s (32 clients without a pause)")
    print(f"asked for          {rate:8.0f} requests/s on {given.connections} connections, {seconds:.0f} s")
    print(f"sent               {sent:8.0f} requests/s; for {unsent / seconds:.0f}/s no connection was free")
    print(f"served             {told.served / seconds:8.0f} requests/s")
    print(f"shed               {told.statuses[429] / seconds:8.0f} requests/s (429)")
    print(f"all answers        {dict(sorted(told.statuses.items()))}; connections lost: {told.ended_early}")
    print(f"served in          {_shares(told)} (by the flood)")
    print(
        f"                   {_shares(own)} (by the witness: {own.served} served, {own.statuses[429]} shed)"
    )
    print(f"resident memory    {resident:8.0f} MB at most, {idle_mb:.0f} MB before")
    print(f"served again after {recovery:8.3f} s")
    kept = {
        f"p99 under {LONGEST_P99_MS:g} ms": own.percentile(0.99) < LONGEST_P99_MS,
        f"recovery under {LONGEST_RECOVERY_SECONDS:g} s": recovery < LONGEST_RECOVERY_SECONDS,
        f"memory under {MOST_RESIDENT_MB:g} MB": resident < MOST_RESIDENT_MB,
        "nothing but 200, 400 and 429": not told.statuses.keys() - {200, 400, 429} and not told.ended_early,
    }
    for promise, is_kept in kept.items():
        print(f"{'kept' if is_kept else 'BROKEN':6}  {promise}")
    return int(not all(kept.values()))


if __name__ == "__main__":
    sys.exit(main())
