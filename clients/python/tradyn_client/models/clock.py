# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time
from .clock_mode import ClockMode


@define(kw_only=True)
class Clock:
    """The market's clock.

    Attributes:
        mode: `realtime`: as fast as the wall clock. `accelerated`: `speed` times as fast. `manual`:
            it stands still, and moves only when it is advanced, set, or quotes are pushed.
        speed: Seconds of market time in a second of wall time, in mode `accelerated`.
        now: Market time.
    """

    mode: ClockMode
    speed: float
    now: datetime.datetime

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            mode=ClockMode(source["mode"]),
            speed=source["speed"],
            now=datetime.datetime.fromisoformat(source["now"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "mode": self.mode,
            "speed": self.speed,
            "now": format_time(self.now),
        }
