"""The WebSocket side of the HTTP server: uvicorn's protocol, whose answers are in the envelope.

What always holds: whoever writes frames can see whether the other side takes them (`is_clear`), so that a
reader who does not read costs a bounded amount of memory.
"""

from __future__ import annotations

import secrets

import orjson
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Request

from tradyn.errors import ApiError

__all__ = ["SOCKET", "StreamProtocol", "refusal"]

SOCKET = "tradyn.socket"
"""The extension of the ASGI scope that carries what `tradyn.delivery.reader.Socket` describes."""


class StreamProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol with two differences: refusals are in the envelope, and frames can be written as they are."""

    def handle_connect(self, event: Request) -> None:
        """Begin a handshake."""
        super().handle_connect(event)
        if self.handshake_initiated and not self.handshake_complete:
            self.scope["extensions"][SOCKET] = self  # type: ignore[index]

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


def refusal(error: ApiError, request_id: str | None = None) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Status, headers and body that refuse a handshake."""
    request_id = request_id or secrets.token_hex(12)
    body = orjson.dumps(error.envelope(request_id))
    headers = [(b"content-type", b"application/json"), (b"x-request-id", request_id.encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in error.headers.items()]
    return error.code.status, headers, body
