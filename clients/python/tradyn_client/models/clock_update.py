# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time
from .clock_mode import ClockMode


@define(kw_only=True)
class ClockUpdate:
    """Changes to the clock. What is absent stays as it is.

    Attributes:
        mode: `realtime`: as fast as the wall clock. `accelerated`: `speed` times as fast. `manual`:
            it stands still, and moves only when it is advanced, set, or quotes are pushed.
        speed: Seconds of market time in a second of wall time, in mode `accelerated`.
        now: Market time to set; not earlier than it is.
    """

    mode: ClockMode | None = None
    speed: float | None = None
    now: datetime.datetime | None = None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            mode=ClockMode(source["mode"]) if "mode" in source else None,
            speed=source.get("speed"),
            now=datetime.datetime.fromisoformat(source["now"]) if "now" in source else None,
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        fields: dict[str, Any] = {}
        if self.mode is not None:
            fields["mode"] = self.mode
        if self.speed is not None:
            fields["speed"] = self.speed
        if self.now is not None:
            fields["now"] = format_time(self.now)
        return fields
