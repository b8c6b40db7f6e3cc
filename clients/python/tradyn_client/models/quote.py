# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time


@define(kw_only=True)
class Quote:
    """The last prices of a symbol, in its profit currency.

    Attributes:
        symbol: Name of the symbol.
        bid: Price at which you sell, in the symbol's profit currency.
        ask: Price at which you buy, in the symbol's profit currency.
        spread: Ask minus bid, in points.
        time: Market time of the quote.
    """

    symbol: str
    bid: float
    ask: float
    spread: int
    time: datetime.datetime

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            symbol=source["symbol"],
            bid=source["bid"],
            ask=source["ask"],
            spread=source["spread"],
            time=datetime.datetime.fromisoformat(source["time"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "symbol": self.symbol,
            "bid": self.bid,
            "ask": self.ask,
            "spread": self.spread,
            "time": format_time(self.time),
        }
