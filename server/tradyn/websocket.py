"""The WebSocket side of the HTTP server: uvicorn's protocol, whose answers are in the envelope.

What always holds: whoever writes frames can see whether the other side takes them (`is_clear`), so that a
reader who does not read costs a bounded amount of memory.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from tradyn.delivery.stream import HEARTBEAT_SECONDS, LONGEST_REQUEST, SOCKET_EXTENSION
from tradyn.errors import ApiError
from tradyn.refusals import refusal_bytes

__all__ = ["StreamProtocol"]

_LINGER_SECONDS = 5.0


class StreamProtocol(WebSocketsSansIOProtocol):
    """uvicorn's protocol, but refusals are in the envelope, and frames can be written as they are.

    Args:
        ended: called when the connection has ended.
    """

    def __init__(self, *arguments: Any, ended: Callable[[], None], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._ended = ended
        # Nothing is compressed: each message is serialised once, for all.
        self.conn = ServerProtocol(max_size=LONGEST_REQUEST)
        self.ping_interval = self.ping_timeout = HEARTBEAT_SECONDS
        self._is_held = False

    def connection_lost(self, exc: Exception | None) -> None:
        """End a connection."""
        super().connection_lost(exc)
        self._ended()

    def handle_connect(self, event: Request) -> None:
        """Begin a handshake."""
        if self.conn.accept(event).status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            super().handle_connect(event)
            # The application starts in a later turn of the loop, and finds it there.
            self.scope["extensions"][SOCKET_EXTENSION] = self  # type: ignore[assignment]
            return
        self._refuse(
            "No WebSocket handshake: it needs Upgrade, Connection, Sec-WebSocket-Key and -Version: 13"
        )

    def _refuse(self, told: str) -> None:
        self.handshake_initiated = self.handshake_complete = self.close_sent = True
        error = ApiError("INVALID_REQUEST", told)
        self.transport.write(refusal_bytes(error, secrets.token_hex(12), closes=True))
        self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Read on."""
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self._refuse(f"This is no WebSocket handshake: {self.conn.handshake_exc}")

    def keepalive_timeout(self) -> None:
        """Whoever answers no ping reads nothing either: what waits for it is lost."""
        self.transport.abort()

    def handle_ping(self) -> None:
        """Answer; whoever does not take the answers is not read any more."""
        super().handle_ping()
        if not self.writable.is_set():
            self._is_held = True
            self.transport.pause_reading()

    def resume_writing(self) -> None:
        """The other side takes what is sent again."""
        super().resume_writing()
        if self._is_held:
            self._is_held = False
            if not self.read_paused:
                self.transport.resume_reading()

    def handle_close(self, event: Frame) -> None:
        """The other side says farewell."""
        super().handle_close(event)
        self._linger(_LINGER_SECONDS)

    def handle_parser_exception(self) -> None:
        """What came is no WebSocket."""
        super().handle_parser_exception()
        self._linger(_LINGER_SECONDS)

    def _linger(self, seconds: float) -> None:
        """What the other side has not taken by then is lost."""
        if self.close_timer is None:
            self.close_timer = self.loop.call_later(seconds, self.transport.abort)

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
            self._linger(linger)
            return
        # A close frame has room for 123 bytes.
        self.conn.send_close(code, reason.encode()[:120].decode(errors="ignore"))
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()
        self._linger(linger)
