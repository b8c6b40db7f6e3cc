"""A receiver of webhooks on this machine: keeps what it is sent, and answers as it is told to."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Received", "Receiver", "receiver"]

_PATIENCE = 30.0


@dataclass(frozen=True)
class Received:
    """One request."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(self.body)
        return event

    @property
    def name(self) -> tuple[str, int | None]:
        """Type and version."""
        return self.event["type"], self.event["data"].get("version")


@dataclass
class Receiver:
    """What was received, and how it is answered.

    Attributes:
        answer: the status; None never answers.
        rest: what follows the head of an answer.
    """

    port: int = 0
    received: list[Received] = field(default_factory=list)
    answer: Callable[[Received], int | None] = lambda _: 204
    headers: str = ""
    rest: bytes = b""
    connections: int = 0
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/events?of=test"

    @property
    def names(self) -> list[tuple[str, int | None]]:
        return [each.name for each in self.received]

    async def until(self, count: int) -> list[Received]:
        """Wait for so many requests in all."""
        async with asyncio.timeout(_PATIENCE), self._news:
            await self._news.wait_for(lambda: len(self.received) >= count)
        return self.received

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                pairs = (each.split(": ", 1) for each in head[1:] if each)
                headers = {name.lower(): value for name, value in pairs}
                body = await reader.readexactly(int(headers["content-length"]))
                request = Received(head[0], headers, body)
                status = self.answer(request)
                async with self._news:
                    self.received.append(request)
                    self._news.notify_all()
                if status is None:
                    await asyncio.Event().wait()
                length = "" if "Content-Length" in self.headers else f"Content-Length: {len(self.rest)}\r\n"
                writer.write(f"HTTP/1.1 {status} Told\r\n{length}{self.headers}\r\n".encode() + self.rest)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def receiver(*, port: int = 0, tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver on a port of this machine, until the end of the block."""
    made = Receiver()
    conversations: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        conversations.add(task)
        try:
            await made._serve(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            conversations.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", port, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for each in conversations:
            each.cancel()
