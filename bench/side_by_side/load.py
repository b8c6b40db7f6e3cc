"""The load: many connections that each ask again as soon as they are answered.

It comes from wrk where that is installed. Without it this program does the same by itself: on one core it
asks some 20,000 times a second, so contenders faster than that are not driven to their limit. Their CPU time
per request stays right; their requests a second are then those of the load.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self, cast

import uvloop

from bench.side_by_side.works import LENGTH_OF_ID, Work

__all__ = ["Client", "Load", "LoadError", "ask_in_turn", "ask_steadily", "drive", "generator", "percentile"]

_SCRIPT: Final = Path(__file__).with_name("load.lua")
_END_OF_HEAD: Final = b"\r\n\r\n"
_TIMEOUT: Final = "30s"
_STEADY_CONNECTIONS: Final = 16


class LoadError(Exception):
    """A request was not answered 200, so the round counts for nothing."""


@dataclass(frozen=True)
class Load:
    """What came of a load. Times in milliseconds, of all requests."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float


def generator() -> str:
    """Where the load comes from: `wrk` or `asyncio`."""
    return "wrk" if shutil.which("wrk") else "asyncio"


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that so many percent of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(-(-len(ordered) * percent // 100), 1) - 1]


def drive(port: int, work: Work, keys: Sequence[str], *, run: str, seconds: float) -> Load:
    """Load a contender for a while.

    Args:
        run: distinct for each call on the same server.

    Raises:
        LoadError: a request failed.
    """
    if generator() == "wrk":
        return _drive_wrk(port, work, keys, run, seconds)
    return uvloop.run(_drive(port, work, keys, run, seconds))


def _drive_wrk(port: int, work: Work, keys: Sequence[str], run: str, seconds: float) -> Load:
    with tempfile.TemporaryDirectory() as folder:
        template, known = Path(folder, "template"), Path(folder, "keys")
        template.write_text(work.template(run), newline="")
        known.write_text("\n".join(keys))
        command = ["wrk", "--threads", "1", "--connections", str(work.connections)]
        command += [
            "--duration",
            f"{max(round(seconds), 1)}s",
            "--timeout",
            _TIMEOUT,
            "--script",
            str(_SCRIPT),
        ]
        command += [f"http://127.0.0.1:{port}", "--", str(template), str(known), str(LENGTH_OF_ID)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LoadError(f"wrk failed: {done.stderr or done.stdout}")
    found = json.loads(done.stdout.splitlines()[-1])
    if found.pop("failed"):
        raise LoadError(f"{work.name}: not every request was answered 200:\n{done.stdout}")
    return Load(**found)


class Client(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self) -> None:
        self._rest = b""
        self._answered: asyncio.Future[None] | None = None

    @classmethod
    async def connected(cls, port: int) -> Self:
        """A client of the server at the port."""
        _, client = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return client

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        # uvloop's transports are of no common class.
        self.transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """End; whoever waits for an answer waits in vain."""
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(LoadError(f"The connection was closed: {exc}"))

    def data_received(self, data: bytes) -> None:
        """Take a piece of the answer."""
        self._rest += data
        head, found, body = self._rest.partition(_END_OF_HEAD)
        if not found:
            return
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        if len(body) < int(length):
            return
        self._rest = b""
        assert self._answered is not None
        if head.startswith(b"HTTP/1.1 200"):
            self._answered.set_result(None)
        else:
            self._answered.set_exception(LoadError((head + _END_OF_HEAD + body).decode(errors="replace")))

    async def ask(self, request: bytes) -> float:
        """Make a request, and wait for its answer.

        Returns:
            The seconds that took.

        Raises:
            LoadError: it was not answered 200.
        """
        self._answered = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        self.transport.write(request)
        await self._answered
        return time.perf_counter() - began


async def _drive(port: int, work: Work, keys: Sequence[str], run: str, seconds: float) -> Load:
    template = work.template(run)
    took: list[float] = []
    number = 0
    clients = [await Client.connected(port) for _ in range(work.connections)]
    began = time.perf_counter()

    async def ask_on(client: Client) -> None:
        nonlocal number
        while time.perf_counter() - began < seconds:
            number += 1
            took.append(await client.ask(work.fill(template, keys[number % len(keys)], number).encode()))

    try:
        await asyncio.gather(*map(ask_on, clients))
    finally:
        for each in clients:
            each.transport.abort()
    elapsed = time.perf_counter() - began
    return Load(len(took), elapsed, statistics.median(took) * 1000, percentile(took, 99) * 1000)


def ask_in_turn(port: int, work: Work, keys: Sequence[str], *, run: str, requests: int) -> list[float]:
    """What each request of one client took that makes one after another, in milliseconds."""

    async def ask() -> list[float]:
        client = await Client.connected(port)
        template = work.template(run)
        try:
            return [
                await client.ask(work.fill(template, keys[number % len(keys)], number).encode()) * 1000
                for number in range(requests)
            ]
        finally:
            client.transport.abort()

    return uvloop.run(ask())


def ask_steadily(
    port: int, work: Work, keys: Sequence[str], *, run: str, per_second: float, requests: int
) -> list[float]:
    """What each request took that was due at a fixed rate, answered or not the one before, in milliseconds.

    A delay is not hidden by the requests that it holds back: they count from when they were due.
    """

    async def ask() -> list[float]:
        template = work.template(run)
        free: asyncio.Queue[Client] = asyncio.Queue()
        for _ in range(_STEADY_CONNECTIONS):
            free.put_nowait(await Client.connected(port))
        first = time.perf_counter() + 0.05

        async def one(number: int) -> float:
            due = first + number / per_second
            await asyncio.sleep(due - time.perf_counter())
            held_back = free.empty()
            client = await free.get()
            # That this program woke up late is no delay of the server's; that no connection was free is.
            begun = due if held_back else time.perf_counter()
            await client.ask(work.fill(template, keys[number % len(keys)], number).encode())
            took = (time.perf_counter() - begun) * 1000
            free.put_nowait(client)
            return took

        try:
            return await asyncio.gather(*map(one, range(requests)))
        finally:
            while not free.empty():
                free.get_nowait().transport.abort()

    return uvloop.run(ask())
