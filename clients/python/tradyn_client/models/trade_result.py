# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time
from .side import Side


@define(kw_only=True)
class TradeResult:
    """A market order that was filled, and the position it opened.

    Attributes:
        ticket: Ticket of the position.
        order: Ticket of the order, the same as the position's.
        deal: Ticket of the deal.
        symbol: Name of the symbol.
        action: `buy`: long, profits when the price rises. `sell`: short, profits when it falls.
        volume: Volume that was filled, in lots.
        price: Price of the deal, in the symbol's profit currency.
        sl: Stop loss, a price in the symbol's profit currency. Null for none.
        tp: Take profit, a price in the symbol's profit currency. Null for none.
        commission: Commission booked, in the account's currency; negative when paid.
        margin: Margin the position needs alone, in the account's currency.
        time: Market time of the deal.
    """

    ticket: int
    order: int
    deal: int
    symbol: str
    action: Side
    volume: float
    price: float
    sl: float | None
    tp: float | None
    commission: float
    margin: float
    time: datetime.datetime

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            ticket=source["ticket"],
            order=source["order"],
            deal=source["deal"],
            symbol=source["symbol"],
            action=Side(source["action"]),
            volume=source["volume"],
            price=source["price"],
            sl=source["sl"],
            tp=source["tp"],
            commission=source["commission"],
            margin=source["margin"],
            time=datetime.datetime.fromisoformat(source["time"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "ticket": self.ticket,
            "order": self.order,
            "deal": self.deal,
            "symbol": self.symbol,
            "action": self.action,
            "volume": self.volume,
            "price": self.price,
            "sl": self.sl,
            "tp": self.tp,
            "commission": self.commission,
            "margin": self.margin,
            "time": format_time(self.time),
        }
