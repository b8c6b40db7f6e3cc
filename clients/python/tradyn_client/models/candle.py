# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time


@define(kw_only=True)
class Candle:
    """The bid prices of a period, in the symbol's profit currency.

    Attributes:
        time: Market time at which the candle opens.
        open_: First bid, in the symbol's profit currency.
        high: Highest bid, in the symbol's profit currency.
        low: Lowest bid, in the symbol's profit currency.
        close: Last bid, in the symbol's profit currency.
        tick_volume: Number of quotes.
        spread: Spread of the last quote, in points.
    """

    time: datetime.datetime
    open_: float
    high: float
    low: float
    close: float
    tick_volume: int
    spread: int

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            time=datetime.datetime.fromisoformat(source["time"]),
            open_=source["open"],
            high=source["high"],
            low=source["low"],
            close=source["close"],
            tick_volume=source["tick_volume"],
            spread=source["spread"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "time": format_time(self.time),
            "open": self.open_,
            "high": self.high,
            "low": self.low,
            "close": self.close,
            "tick_volume": self.tick_volume,
            "spread": self.spread,
        }
