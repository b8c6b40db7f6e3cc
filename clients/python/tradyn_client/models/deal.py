# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time
from .deal_entry import DealEntry
from .deal_reason import DealReason
from .deal_type import DealType


@define(kw_only=True)
class Deal:
    """Something that changed the balance, by `profit` + `swap` + `commission`. Of a deal of type `balance`
    or `correction`, the `profit` is the amount, and `order`, `position`, `symbol`, `entry`, `volume`
    and `price` are null.

    Attributes:
        ticket: Number of the deal.
        order: Ticket of the order that made the deal.
        position: Ticket of the position that the deal opened or closed.
        symbol: Name of the symbol.
        type_: `buy` and `sell`: a trade. `balance`: a deposit, a withdrawal, the initial balance or
            a reset. `correction`: the broker made up for a balance below zero.
        entry: What the deal did to its position. Null for a balance deal.
        volume: Volume, in lots.
        price: Price, in the symbol's profit currency.
        profit: Profit or amount, in the account's currency; negative for a loss or a withdrawal.
        swap: Swap booked with the deal, in the account's currency; negative when paid.
        commission: Commission booked with the deal, in the account's currency; negative when paid.
        reason: `client`: asked for through the API, also a deposit or a reset by an admin; `GET
            /api/explain/{ticket}` tells them apart. `sl`: stop loss. `tp`: take profit. `so`: stop-out.
        time: Market time of the deal.
        magic: Number of the strategy that asked for it; 0 for none.
        comment: Comment of the request, or the broker's.
        client_order_id: Your own name for the request, if it had one.
    """

    ticket: int
    order: int | None
    position: int | None
    symbol: str | None
    type_: DealType
    entry: DealEntry | None
    volume: float | None
    price: float | None
    profit: float
    swap: float
    commission: float
    reason: DealReason
    time: datetime.datetime
    magic: int
    comment: str
    client_order_id: str | None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            ticket=source["ticket"],
            order=source["order"],
            position=source["position"],
            symbol=source["symbol"],
            type_=DealType(source["type"]),
            entry=None if source["entry"] is None else DealEntry(source["entry"]),
            volume=source["volume"],
            price=source["price"],
            profit=source["profit"],
            swap=source["swap"],
            commission=source["commission"],
            reason=DealReason(source["reason"]),
            time=datetime.datetime.fromisoformat(source["time"]),
            magic=source["magic"],
            comment=source["comment"],
            client_order_id=source["client_order_id"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "ticket": self.ticket,
            "order": self.order,
            "position": self.position,
            "symbol": self.symbol,
            "type": self.type_,
            "entry": self.entry,
            "volume": self.volume,
            "price": self.price,
            "profit": self.profit,
            "swap": self.swap,
            "commission": self.commission,
            "reason": self.reason,
            "time": format_time(self.time),
            "magic": self.magic,
            "comment": self.comment,
            "client_order_id": self.client_order_id,
        }
