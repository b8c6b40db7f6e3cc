# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .candle import Candle
from .timeframe import Timeframe


@define(kw_only=True)
class CandleEvent:
    """A candle that is forming, or has closed.

    Attributes:
        event: `candle`.
        symbol: Name of the symbol.
        timeframe: Length of a candle: minutes (M), hours (H), a day from 00:00 UTC (D1), a week
            (W1), a calendar month (MN1).
        is_closed: Whether it will not change any more.
        data: The bid prices of a period, in the symbol's profit currency.
    """

    event: str
    symbol: str
    timeframe: Timeframe
    is_closed: bool
    data: Candle

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            event=source["event"],
            symbol=source["symbol"],
            timeframe=Timeframe(source["timeframe"]),
            is_closed=source["is_closed"],
            data=Candle.from_dict(source["data"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "event": self.event,
            "symbol": self.symbol,
            "timeframe": self.timeframe,
            "is_closed": self.is_closed,
            "data": self.data.to_dict(),
        }
