"""The market's clock: real, accelerated or manual.

The clock only says where market time should be by now; the market driver takes the market
there, quote by quote, and what everything else calls "now" is where it has arrived.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tradyn.broker.transactions import recorded

__all__ = ["ClockMode", "ClockSet", "MarketClock"]


class ClockMode(StrEnum):
    """How market time passes."""

    REALTIME = "realtime"
    ACCELERATED = "accelerated"
    MANUAL = "manual"


@recorded
@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSet:
    """The clock runs in this mode from here on. A transaction of the server's own account."""

    mode: ClockMode
    speed: Decimal


class MarketClock:
    """Market time in milliseconds since 1970, as a function of a monotonic wall clock in seconds."""

    def __init__(
        self,
        now: int,
        mode: ClockMode = ClockMode.REALTIME,
        speed: Decimal = Decimal(1),
        wall: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self.mode = mode
        self.speed = speed
        self._set(now)

    @property
    def rate(self) -> Decimal:
        """Milliseconds of market time that pass in a millisecond of wall time."""
        match self.mode:
            case ClockMode.REALTIME:
                return Decimal(1)
            case ClockMode.ACCELERATED:
                return self.speed
            case ClockMode.MANUAL:
                return Decimal(0)

    def target(self) -> int:
        """Where market time should be by now."""
        passed = self._wall() - self._wall_origin
        return self._origin + int(passed * 1000 * float(self.rate))

    def run(self, now: int, mode: ClockMode, speed: Decimal) -> None:
        """Go on from `now` in another way."""
        self.mode, self.speed = mode, speed
        self._set(now)

    def move(self, now: int) -> None:
        """Go on from `now` in the same way."""
        self._set(now)

    def _set(self, now: int) -> None:
        self._origin = now
        self._wall_origin = self._wall()
