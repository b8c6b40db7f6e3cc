"""Reads that take long: so many at a time, so many in a queue, and the others are told to come again.

What always holds: whoever asks for a little waits for at most `AT_ONCE` of those that ask for much.
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Final

from tradyn.errors import ApiError

__all__ = ["AT_ONCE", "IN_QUEUE", "LONG_PAGE", "CostlyReads"]

AT_ONCE: Final = 4
IN_QUEUE: Final = 64
LONG_PAGE: Final = 100
"""Items beyond which a page of a list is a costly read."""


class CostlyReads:
    """The room that all costly reads share; `async with` takes a place in it.

    Raises:
        ApiError: RATE_LIMITED, there is none, not even in the queue.
    """

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._in_queue = 0

    async def __aenter__(self) -> None:
        if self._in_queue >= IN_QUEUE:
            raise ApiError(
                "RATE_LIMITED",
                f"{AT_ONCE + IN_QUEUE} requests for histories, statistics, equity curves or explanations are "
                "in hand, which is all that the server takes at a time; send this one again after a second",
                headers={"Retry-After": "1"},
            )
        self._in_queue += 1
        try:
            await self._places.acquire()
        finally:
            self._in_queue -= 1

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._places.release()
