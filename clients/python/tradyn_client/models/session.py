# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .day_of_week import DayOfWeek


@define(kw_only=True)
class Session:
    """A time of a day in which the symbol is traded.

    Attributes:
        day: Day of the week. As `swap_rollover3days`, the day at whose end swap is charged for
            three nights, unless `swap_multipliers` says otherwise, which is what counts.
        open_: Beginning, `HH:MM` in UTC.
        close: End, `HH:MM` in UTC, not included; `24:00` is midnight.
    """

    day: DayOfWeek
    open_: str
    close: str

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            day=DayOfWeek(source["day"]),
            open_=source["open"],
            close=source["close"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "day": self.day,
            "open": self.open_,
            "close": self.close,
        }
