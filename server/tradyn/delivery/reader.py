"""One reader of the stream: what it wants to hear, and what is on its way to it.

What always holds: market data and summaries may be replaced by later ones while the reader is slow; numbered
messages are sent each once and in order. A channel whose reader falls behind is taken off the live messages
and brought up from the journal, at the reader's own pace.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from tradyn.access import ApiKey
from tradyn.candles import Timeframe
from tradyn.errors import ApiError

__all__ = ["SLOW_SECONDS", "Reader", "Socket"]

SLOW_SECONDS = 30.0
"""Who takes nothing for so long is disconnected."""

_MOST_FRAMES = 256
"""Frames that may wait for one writing before what can be replaced is."""
_LINGER_SECONDS = 5.0
_POLICY_VIOLATION = 1008


class Socket(Protocol):
    """A WebSocket below ASGI, to which frames that are ready are written."""

    @staticmethod
    def frame(payload: bytes) -> bytes:
        """A text message of the server as one frame."""

    def write(self, frames: bytes) -> None:
        """Send frames."""

    @property
    def is_clear(self) -> bool:
        """Whether the other side takes what is sent."""

    async def cleared(self) -> None:
        """Wait until it does, or is gone."""

    def close(self, code: int, reason: str, linger: float) -> None:
        """End it with a close frame; what the other side has not taken after `linger` seconds is lost."""


class Reader:
    """A socket and its subscriptions.

    Args:
        schedule: has `flush` called soon, once for all that is written until then.
        farewell: makes the last message, which says why the server closes the socket.
    """

    def __init__(
        self,
        socket: Socket,
        key: ApiKey,
        schedule: Callable[[Reader], None],
        farewell: Callable[[ApiError], bytes],
    ) -> None:
        self.key = key
        self.ticks: set[str] = set()
        self.has_all_ticks = False
        self.candles: set[tuple[str, Timeframe]] = set()
        self.has_account = False
        self.numbered: dict[str, int] = {}
        """Channel → the version it has come to; a channel that is being brought up is not here."""
        self.is_told_of_expiry = False
        self._socket = socket
        self._schedule = schedule
        self._farewell = farewell
        self._is_scheduled = False
        self._frames: list[bytes] = []
        self._late: dict[object, bytes] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.is_closed = False

    @property
    def is_clear(self) -> bool:
        """Whether the other side takes what is sent."""
        return self._socket.is_clear

    # ------------------------------------------------------------------ what is sent

    def offer(self, name: object, frame: bytes) -> None:
        """Send what a later message of the same name may replace."""
        if self._socket.is_clear and len(self._frames) < _MOST_FRAMES and name not in self._late:
            self.tell(frame)
            return
        self._late[name] = frame
        if self._socket.is_clear:
            self._plan()
        elif "late" not in self._tasks:
            self.run("late", self._send_late())

    def tell(self, frame: bytes) -> None:
        """Send what nothing may replace."""
        self._frames.append(frame)
        self._plan()

    def _plan(self) -> None:
        if not self._is_scheduled:
            self._is_scheduled = True
            self._schedule(self)

    def tell_numbered(self, channel: str, version: int, frame: bytes) -> bool:
        """Send a numbered message, if the reader keeps up; else it has to be brought up."""
        if not self._socket.is_clear or len(self._frames) >= _MOST_FRAMES:
            return False
        self.numbered[channel] = version
        self.tell(frame)
        return True

    def flush(self) -> None:
        """Write what has gathered, in one piece."""
        self._is_scheduled = False
        if self._late and self._socket.is_clear:
            self._frames += self._late.values()
            self._late.clear()
        if self._frames:
            self._socket.write(self._frames[0] if len(self._frames) == 1 else b"".join(self._frames))
            self._frames.clear()

    async def keeps_up(self) -> bool:
        """Wait until the reader has taken what was sent; False once it is gone, or has taken too long."""
        self.flush()
        if self._socket.is_clear:
            return not self.is_closed
        try:
            async with asyncio.timeout(SLOW_SECONDS):
                await self._socket.cleared()
        except TimeoutError:
            self.close(ApiError("REJECTED", f"The reader has taken nothing for {SLOW_SECONDS:g} seconds"))
        return not self.is_closed

    async def _send_late(self) -> None:
        if await self.keeps_up():
            self.done("late")
            self._plan()

    # ------------------------------------------------------------------ what runs for it

    def run(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Do something in the background, instead of what is done under this name."""
        self.stop(name)
        self._tasks[name] = asyncio.create_task(work)

    def stop(self, name: str) -> None:
        """End what is done under this name."""
        task = self._tasks.pop(name, None)
        if task is not None:
            task.cancel()

    def is_brought_up(self, channel: str) -> bool:
        """Whether the channel is on its way to the present."""
        return channel in self._tasks

    def done(self, name: str) -> None:
        """What is done under this name has ended by itself."""
        self._tasks.pop(name, None)

    # ------------------------------------------------------------------ the end

    def close(self, error: ApiError) -> None:
        """Disconnect it, with a reason."""
        if not self.is_closed:
            self._frames.append(self._farewell(error))
            self.flush()
            self._socket.close(_POLICY_VIOLATION, error.message, _LINGER_SECONDS)
        self.gone()

    def gone(self) -> None:
        """The socket is no more."""
        self.is_closed = True
        for name in list(self._tasks):
            if self._tasks[name] is not asyncio.current_task():
                self.stop(name)
