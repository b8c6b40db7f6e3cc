"""A server on a real socket in the test's own loop, with limits of its own, and clients without manners."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from in_process import START
from tradyn.app import Server, open_server
from tradyn.clock import ClockMode
from tradyn.config import Settings
from tradyn.door import Limits
from tradyn.http_server import bind_socket, serve

PATIENCE = 20.0
"""Seconds after which a test gives up; nothing is measured by it."""


@dataclass(frozen=True)
class Answer:
    """One answer as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def envelope(self) -> Any:
        """Its JSON."""
        return json.loads(self.body)


class Client:
    """One connection, on which anything can be sent."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, raw: bytes) -> None:
        """Send these bytes."""
        self.writer.write(raw)

    async def answer(self, *, has_body: bool = True) -> Answer:
        """The next answer."""
        async with asyncio.timeout(PATIENCE):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("ascii")
            line, *lines = head.rstrip("\r\n").split("\r\n")
            headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in lines)}
            body = await self.reader.readexactly(int(headers["content-length"])) if has_body else b""
        return Answer(int(line.split(" ")[1]), headers, body)

    async def rest(self) -> bytes:
        """Whatever still comes, to the end of the connection, which must come too."""
        async with asyncio.timeout(PATIENCE):
            try:
                return await self.reader.read()
            except ConnectionResetError:
                return b""

    async def close(self) -> None:
        """Close the connection."""
        self.writer.transport.abort()
        await asyncio.sleep(0)


@dataclass(frozen=True)
class Place:
    """Where the server is, and a key for it."""

    server: Server
    port: int
    key: str

    async def connect(self, address: str = "127.0.0.1") -> Client:
        """A connection from one of this machine's addresses."""
        return Client(*await asyncio.open_connection("127.0.0.1", self.port, local_addr=(address, 0)))

    async def ask(self, raw: bytes, address: str = "127.0.0.1") -> Answer:
        """One request on a connection of its own."""
        client = await self.connect(address)
        client.send(raw)
        try:
            return await client.answer()
        finally:
            await client.close()

    async def until_let_in(self) -> None:
        """Try until the server takes another connection."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    if (await self.ask(LIVE)).status == 200:
                        return
                except (ConnectionError, asyncio.IncompleteReadError):
                    pass
                await asyncio.sleep(0.02)

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> bytes:
        """A request with the key; header names with underscores."""
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"Host": "127.0.0.1", "Authorization": f"Bearer {self.key}"}
        if body is not None:
            given |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{method} /v1{path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items())]
        return "\r\n".join((*lines, "", "")).encode() + content


LIVE = b"GET /v1/health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@asynccontextmanager
async def serving_at(
    limits: Limits, rewire: Callable[[dict[str, Any]], dict[str, Any]] | None = None, **settings: Any
) -> AsyncIterator[Place]:
    """A server until the end of the block, which it must then leave in good order."""
    given: dict[str, Any] = {
        "feed": "push",
        "clock": ClockMode.MANUAL,
        "start": START,
        "rate_limit": 1_000_000,
        "test_keys": True,
        **settings,
    }
    listening = bind_socket("127.0.0.1", 0)
    port = listening.getsockname()[1]
    async with open_server(Settings(port=port, **given), rewire=rewire, on_answer=lambda _: None) as server:
        ready, stop = asyncio.Event(), asyncio.Event()
        serving = asyncio.create_task(
            serve(
                server.app,
                listening,
                ready=ready.set,
                failed=stop,
                limits=limits,
                health_paths=server.health_paths,
                prompt=server.prompt_paths,
                watch=server.metrics.watch,
            )
        )
        await ready.wait()
        try:
            yield Place(server, port, server.credentials.api_key)
        finally:
            stop.set()
            await serving


class Held:
    """A handler that begins, and goes on when the test says so."""

    def __init__(self, operation_id: str) -> None:
        self._operation_id = operation_id
        self._go_on = asyncio.Event()
        self._begun = asyncio.Semaphore(0)

    def rewire(self, handlers: dict[str, Any]) -> dict[str, Any]:
        """Put it in its place."""
        handler: Callable[..., Awaitable[Any]] = handlers[self._operation_id]

        async def hold(**arguments: Any) -> Any:
            self._begun.release()
            await self._go_on.wait()
            return await handler(**arguments)

        return {**handlers, self._operation_id: hold}

    async def begun(self, count: int) -> None:
        """Wait until so many more requests have reached it."""
        async with asyncio.timeout(PATIENCE):
            for _ in range(count):
                await self._begun.acquire()

    def go_on(self) -> None:
        """Let all of them go on, and all that come."""
        self._go_on.set()
