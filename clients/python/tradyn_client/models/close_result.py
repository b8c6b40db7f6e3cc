# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time


@define(kw_only=True)
class CloseResult:
    """A position that was closed, or part of it. Money is in the account's currency.

    Attributes:
        ticket: Ticket of the position.
        deal: Ticket of the closing deal.
        symbol: Name of the symbol.
        volume: Volume that was closed, in lots.
        price: Price of the closing deal, in the symbol's profit currency.
        profit: Profit booked, in the account's currency; negative for a loss.
        swap: Swap booked, in the account's currency; negative when paid.
        commission: Commission of the closing deal, in the account's currency; negative when paid.
        volume_remaining: Volume still open, in lots; 0 when the position is closed.
        time: Market time of the closing deal.
    """

    ticket: int
    deal: int
    symbol: str
    volume: float
    price: float
    profit: float
    swap: float
    commission: float
    volume_remaining: float
    time: datetime.datetime

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            ticket=source["ticket"],
            deal=source["deal"],
            symbol=source["symbol"],
            volume=source["volume"],
            price=source["price"],
            profit=source["profit"],
            swap=source["swap"],
            commission=source["commission"],
            volume_remaining=source["volume_remaining"],
            time=datetime.datetime.fromisoformat(source["time"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "ticket": self.ticket,
            "deal": self.deal,
            "symbol": self.symbol,
            "volume": self.volume,
            "price": self.price,
            "profit": self.profit,
            "swap": self.swap,
            "commission": self.commission,
            "volume_remaining": self.volume_remaining,
            "time": format_time(self.time),
        }
