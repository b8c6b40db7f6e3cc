"""The WebSocket side of the HTTP server: uvicorn's protocol, whose answers are in the envelope.

What always holds: whoever writes frames can see whether the other side takes them (`is_clear`), so that a
reader who does not read costs a bounded amount of memory.
"""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import Any

import orjson
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from tradyn.delivery.stream import HEARTBEAT_SECONDS, LONGEST_REQUEST, SOCKET_EXTENSION
from tradyn.errors import ApiError

__all__ = ["StreamProtocol"]


class StreamProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, but refusals are in the envelope, and frames can be written as they are."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # Nothing is compressed: each message is serialised once, for all.
        self.conn = ServerProtocol(max_size=LONGEST_REQUEST)
        self.ping_interval = self.ping_timeout = HEARTBEAT_SECONDS

    def handle_connect(self, event: Request) -> None:
        """Begin a handshake."""
        if self.conn.accept(event).status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            super().handle_connect(event)
            # The application starts in a later turn of the loop, and finds it there.
            self.scope["extensions"][SOCKET_EXTENSION] = self  # type: ignore[assignment]
            return
        told = (
            "This is no WebSocket handshake: it needs Upgrade, Connection, Sec-WebSocket-Key and -Version 13"
        )
        self.handshake_initiated = self.handshake_complete = self.close_sent = True
        self.transport.write(_response(ApiError("INVALID_REQUEST", told)))
        self.transport.close()

    async def send(self, message: Any) -> None:
        """As uvicorn, which forgets that a refusal ends the handshake too."""
        await super().send(message)
        self.handshake_complete = self.handshake_complete or self.close_sent

    @staticmethod
    def frame(payload: bytes) -> bytes:
        """A text message of the server as one frame."""
        return Frame(Opcode.TEXT, payload).serialize(mask=False)

    def write(self, frames: bytes) -> None:
        """Send frames, unless the connection is about to end."""
        if not self.close_sent and not self.transport.is_closing():
            self.transport.write(frames)

    @property
    def is_clear(self) -> bool:
        """Whether the other side takes what is sent."""
        return self.writable.is_set()

    async def cleared(self) -> None:
        """Wait until it does, or is gone."""
        await self.writable.wait()

    def close(self, code: int, reason: str, linger: float) -> None:
        """End it with a close frame; what the other side has not taken after `linger` seconds is lost."""
        if self.close_sent or self.transport.is_closing():
            return
        self.conn.send_close(code, reason[:120])
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(linger, self.transport.abort)


def _response(error: ApiError) -> bytes:
    request_id = secrets.token_hex(12)
    body = orjson.dumps(error.envelope(request_id))
    return (
        f"HTTP/1.1 {error.code.status} Bad Request\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\nx-request-id: {request_id}\r\nconnection: close\r\n\r\n"
    ).encode() + body
