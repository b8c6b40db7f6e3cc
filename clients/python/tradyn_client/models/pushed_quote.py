# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time


@define(kw_only=True)
class PushedQuote:
    """New prices of a symbol, in its profit currency.

    Attributes:
        symbol: Name of the symbol, in its exact spelling.
        bid: Bid, in the symbol's profit currency.
        ask: Ask, in the symbol's profit currency; not below the bid.
        time: Market time of the quote; not earlier than the one before it. Absent, the market's
            present time.
    """

    symbol: str
    bid: float
    ask: float
    time: datetime.datetime | None = None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            symbol=source["symbol"],
            bid=source["bid"],
            ask=source["ask"],
            time=datetime.datetime.fromisoformat(source["time"]) if "time" in source else None,
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        fields: dict[str, Any] = {
            "symbol": self.symbol,
            "bid": self.bid,
            "ask": self.ask,
        }
        if self.time is not None:
            fields["time"] = format_time(self.time)
        return fields
