"""How many ticks a second one core sends to 1,000 readers, beside a bare broadcast of the same library.

Two contenders take turns on one core, the readers are on the other: `tradyn serve` (quotes pushed through its
API, every message validated against the document), and a program of a few lines that gives constant bytes of
the same length to `websockets.broadcast`. Each reader hears 10 symbols. Reported: messages received a second,
CPU time of the contender for each, and the delay from the push to the reader. `make bench-stream` runs it.

    python -m bench.stream_fanout [--readers 1000] [--seconds 10] [--rounds 3] [--rate 10]
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import httpx

from bench.tradyn_process import serving

SYMBOLS: Final = {
    "EURUSD": 1.08, "GBPUSD": 1.27, "USDJPY": 150.0, "USDCHF": 0.88, "AUDUSD": 0.66,
    "USDCAD": 1.36, "NZDUSD": 0.61, "EURGBP": 0.85, "EURJPY": 163.0, "XAUUSD": 2000.0,
}  # fmt: skip
SOCKETS_A_KEY: Final = 20
OTHER_FILES: Final = 64
CONTENDER_CORE, READER_CORE = 0, 1
TICK: Final = (
    '{"event":"tick","data":{"symbol":"EURUSD","bid":1.08012,"ask":1.0802,"spread":8,'
    '"time":"2026-11-21T09:41:03.173Z"}}'
)
BARE: Final = """
import asyncio, sys, time
from websockets.asyncio.server import broadcast, serve
tick, beats = sys.argv[1], float(sys.argv[2])
async def main():
    readers = set()
    async def take(socket):
        readers.add(socket)
        await socket.wait_closed()
        readers.discard(socket)
    async with serve(take, "127.0.0.1", 0, compression=None, max_size=2**14, ping_interval=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        while True:
            began = time.monotonic()
            for _ in range(10):
                broadcast(readers, tick)
            await asyncio.sleep(max(1 / beats - (time.monotonic() - began), 0))
asyncio.run(main())
"""


class Reader(asyncio.Protocol):
    """Counts the frames that come, and when the first of each batch did."""

    def __init__(self, request: bytes, hello: bytes) -> None:
        self.request, self.hello = request, hello
        self.messages = 0
        self.is_open = asyncio.get_running_loop().create_future()
        self.rest = b""
        self.marks: list[tuple[bytes, float]] = []
        self.is_probe = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a WebSocket."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        """Count."""
        data = self.rest + data
        if not self.is_open.done():
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self.rest = head
                return
            if b" 101 " not in head.partition(b"\r\n")[0]:
                self.is_open.set_exception(ConnectionError(f"refused: {(head + data).decode()}"))
                self.transport.abort()
                return
            self.is_open.set_result(None)
            self.transport.write(self.hello)
        at, end = 0, len(data)
        while end - at >= 4:
            size = data[at + 1]
            start = at + 2
            if size == 126:
                size = int.from_bytes(data[at + 2 : at + 4], "big")
                start = at + 4
            if end < start + size:
                break
            if data.startswith(b'{"event":"tick"', start):
                self.messages += 1
                if self.is_probe:
                    self.marks.append((data[start : start + size], time.monotonic()))
            at = start + size
        self.rest = data[at:]

    def connection_lost(self, exc: Exception | None) -> None:
        """Who waits for it to open must not wait any longer."""
        if not self.is_open.done():
            self.is_open.set_exception(ConnectionError("closed before it was open"))


def frame(text: bytes) -> bytes:
    """A client's text message, under the mask of zeros."""
    size = len(text)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return b"\x81" + length + bytes(4) + text


def handshake(path: str, key: str | None) -> bytes:
    """The request that opens a WebSocket."""
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        "Sec-WebSocket-Version: 13",
    ]
    if key is not None:
        lines.append(f"Authorization: Bearer {key}")
    return "\r\n".join((*lines, "", "")).encode()


@dataclass(frozen=True)
class Figures:
    """Of one round: messages a second, CPU microseconds of the contender for each, delays in milliseconds."""

    rate: float
    cpu_us: float
    delays_ms: list[float]


def cpu_seconds(pid: int) -> float:
    """CPU time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def pin(core: int) -> None:
    """Stay on one core, where there are two."""
    if len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, {core})


def allow_sockets(count: int) -> None:
    """Let this process have so many at once; many systems begin with 1,024 open files.

    Raises:
        SystemExit: the system does not allow it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + OTHER_FILES
    if resource.RLIM_INFINITY != soft < wanted:
        if resource.RLIM_INFINITY != hard < wanted:
            raise SystemExit(
                f"{count} readers need {wanted} open files, the system allows {hard}: ulimit -Hn"
            )
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@contextmanager
def broadcasting(beats: float) -> Iterator[subprocess.Popen[str]]:
    """The bare broadcast at work; its first line is its port, and it begins when it is given a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", BARE, TICK, str(beats)],
        preexec_fn=lambda: pin(CONTENDER_CORE),
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def connect(port: int, path: str, keys: list[str | None], count: int, hello: bytes) -> list[Reader]:
    """So many readers, that have subscribed."""
    allow_sockets(count)
    loop = asyncio.get_running_loop()
    readers = []
    for number in range(count):
        key = keys[number // SOCKETS_A_KEY % len(keys)]
        _, reader = await loop.create_connection(
            partial(Reader, handshake(path, key), hello), "127.0.0.1", port
        )
        await reader.is_open
        readers.append(reader)
    readers[0].is_probe = readers[-1].is_probe = True
    return readers


async def measure(pid: int, readers: list[Reader], seconds: float, sent: dict[float, float]) -> Figures:
    """What comes within some seconds.

    Raises:
        SystemExit: nothing came, so that there is nothing to measure.
    """
    await asyncio.sleep(1)
    before, began, cpu = sum(each.messages for each in readers), time.monotonic(), cpu_seconds(pid)
    await asyncio.sleep(seconds)
    took = time.monotonic() - began
    messages = sum(each.messages for each in readers) - before
    used = cpu_seconds(pid) - cpu
    if not messages:
        raise SystemExit(f"{len(readers)} readers received no message within {took:.1f} s")
    delays = []
    for each in readers:
        for message, at in each.marks:
            bid = json.loads(message)["data"]["bid"]
            if bid in sent:
                delays.append((at - sent[bid]) * 1000)
    return Figures(messages / took, used / messages * 1e6, delays)


async def run_tradyn(count: int, seconds: float, beats: float) -> Figures:
    """Quotes are pushed as fast as asked for; each bid is told apart by its last digits."""
    options = ("--feed", "push", "--clock", "manual", "--rate-limit", "1000000")
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), *options, core=CONTENDER_CORE) as server,
    ):
        known = server.credentials
        admin = {"Authorization": f"Bearer {known['admin_key']}"}
        async with httpx.AsyncClient(base_url=known["base_url"], headers=admin, timeout=60) as client:
            keys: list[str | None] = []
            for _ in range(-(-count // SOCKETS_A_KEY)):
                body = {"scope": "read", "login": known["login"]}
                made = await client.post("/api/keys", json=body)
                keys.append(made.json()["data"]["api_key"])
            hello = frame(
                json.dumps({"op": "subscribe", "channel": "ticks", "symbols": list(SYMBOLS)}).encode()
            )
            readers = await connect(server.port, "/v1/api/stream", keys, count, hello)
            sent: dict[float, float] = {}
            pushing = asyncio.create_task(push(client, beats, sent))
            figures = await measure(server.pid, readers, seconds, sent)
            pushing.cancel()
            for each in readers:
                each.transport.abort()
            return figures


async def push(client: httpx.AsyncClient, beats: float, sent: dict[float, float]) -> None:
    """A quote of every symbol, so many times a second."""
    number = 0
    while True:
        began = time.monotonic()
        number += 1
        quotes = []
        for symbol, price in SYMBOLS.items():
            digits = 2 if symbol == "XAUUSD" else 3 if "JPY" in symbol else 5
            bid = round(price + number % 5000 * 10**-digits, digits)
            quotes.append({"symbol": symbol, "bid": bid, "ask": round(bid + 8 * 10**-digits, digits)})
            if symbol == "EURUSD":
                sent[bid] = began
        answer = await client.post("/api/simulation/quotes", json={"quotes": quotes})
        assert answer.status_code == 200, answer.text
        await asyncio.sleep(max(1 / beats - (time.monotonic() - began), 0))


async def run_bare(count: int, seconds: float, beats: float) -> Figures:
    """Constant bytes, and nothing else."""
    with broadcasting(beats) as process:
        assert process.stdout is not None and process.stdin is not None
        port = int(process.stdout.readline())
        readers = await connect(port, "/", [None], count, frame(b"{}"))
        process.stdin.write("\n")
        process.stdin.flush()
        figures = await measure(process.pid, readers, seconds, {})
        for each in readers:
            each.transport.abort()
        return figures


def main() -> None:
    """Run, and print a table."""
    parser = argparse.ArgumentParser(description=re.split(r"\n\n", __doc__ or "")[0])
    parser.add_argument("--readers", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=float, default=10, help="ticks a second of each symbol")
    given = parser.parse_args()
    pin(READER_CORE)
    found: dict[str, list[Figures]] = {"bare broadcast": [], "tradyn": []}
    for number in range(given.rounds):
        for name, run in (("bare broadcast", run_bare), ("tradyn", run_tradyn)):
            figures = asyncio.run(run(given.readers, given.seconds, given.rate))
            found[name].append(figures)
            print(f"round {number + 1}: {name}: {figures.rate:,.0f}/s, {figures.cpu_us:.2f} us", flush=True)
    print(f"\n{'':16}{'messages/s':>14}{'CPU us each':>14}{'p50 ms':>10}{'p99 ms':>10}")
    medians = {}
    for name, rounds in found.items():
        medians[name] = statistics.median(each.cpu_us for each in rounds)
        delays = sorted(delay for each in rounds for delay in each.delays_ms)
        told = f"{delays[len(delays) // 2]:10.1f}{delays[len(delays) * 99 // 100]:10.1f}" if delays else ""
        rate = statistics.median(each.rate for each in rounds)
        print(f"{name:16}{rate:14,.0f}{medians[name]:14.2f}{told}")
    ratio = medians["bare broadcast"] / medians["tradyn"]
    print(f"\nThroughput for a CPU second, beside the bare broadcast: {ratio:.2f} (at least 0.5)")
    sys.exit(ratio < 0.5)


if __name__ == "__main__":
    main()
