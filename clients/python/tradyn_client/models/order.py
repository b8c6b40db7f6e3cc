# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time
from .order_state import OrderState
from .order_type import OrderType


@define(kw_only=True)
class Order:
    """An order, pending or done. Prices are in the symbol's profit currency.

    Attributes:
        ticket: Number of the order.
        symbol: Name of the symbol.
        type_: Kind of order, numbered as in MetaTrader 5: 0 buy and 1 sell at the market; 2 buy
            limit, 3 sell limit, 4 buy stop, 5 sell stop; as an extension 6 buy stop-limit, 7 sell
            stop-limit.
        state: `placed`: waits. `filled`: opened or closed a position. `canceled`: taken back by you
            or by a stop-out. `expired`: its time ran out. `rejected`: it triggered and could not be
            filled, mostly for want of margin. A stop-limit order whose stop was reached is `placed`
            until the limit order that it has become is done.
        volume: Volume, in lots.
        price: Limit or stop price, of a market order the price it was filled at; in the symbol's
            profit currency.
        price_stop_limit: Of a stop-limit order, the price of the limit order that it becomes; in
            the symbol's profit currency. Null for other orders.
        sl: Stop loss of the position to be, a price in the symbol's profit currency. Null for none.
        tp: Take profit of the position to be, a price in the symbol's profit currency. Null for
            none.
        expiration: Market time at which it expires. Null is good till cancelled.
        price_current: Present price of the side it would fill at (buy: ask, sell: bid), also once
            it is done; in the symbol's profit currency.
        time_setup: Market time at which it was placed.
        time_done: Market time at which it was filled, cancelled, rejected or expired. Null while it
            waits.
        position: Ticket of the position it opened or closed. Null unless filled.
        magic: Number of the strategy that placed it; 0 for none.
        comment: Comment of the request that placed it.
        client_order_id: Your own name for the request that placed it, if it had one.
    """

    ticket: int
    symbol: str
    type_: OrderType
    state: OrderState
    volume: float
    price: float
    price_stop_limit: float | None
    sl: float | None
    tp: float | None
    expiration: datetime.datetime | None
    price_current: float
    time_setup: datetime.datetime
    time_done: datetime.datetime | None
    position: int | None
    magic: int
    comment: str
    client_order_id: str | None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            ticket=source["ticket"],
            symbol=source["symbol"],
            type_=OrderType(source["type"]),
            state=OrderState(source["state"]),
            volume=source["volume"],
            price=source["price"],
            price_stop_limit=source["price_stop_limit"],
            sl=source["sl"],
            tp=source["tp"],
            expiration=None
            if source["expiration"] is None
            else datetime.datetime.fromisoformat(source["expiration"]),
            price_current=source["price_current"],
            time_setup=datetime.datetime.fromisoformat(source["time_setup"]),
            time_done=None
            if source["time_done"] is None
            else datetime.datetime.fromisoformat(source["time_done"]),
            position=source["position"],
            magic=source["magic"],
            comment=source["comment"],
            client_order_id=source["client_order_id"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "ticket": self.ticket,
            "symbol": self.symbol,
            "type": self.type_,
            "state": self.state,
            "volume": self.volume,
            "price": self.price,
            "price_stop_limit": self.price_stop_limit,
            "sl": self.sl,
            "tp": self.tp,
            "expiration": None if self.expiration is None else format_time(self.expiration),
            "price_current": self.price_current,
            "time_setup": format_time(self.time_setup),
            "time_done": None if self.time_done is None else format_time(self.time_done),
            "position": self.position,
            "magic": self.magic,
            "comment": self.comment,
            "client_order_id": self.client_order_id,
        }
