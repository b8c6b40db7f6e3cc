"""Orders: their types, their states, and which state may follow which.

    placed ──► filled      a trigger fired, or a market order was executed
       ├─────► canceled    by the client, by a reset, or by a stop-out
       ├─────► expired     its expiration came
       └─────► rejected    it triggered, and there was no margin for it

A market order is born filled. No state follows a final one. A stop-limit order whose stop was reached
stays placed and becomes a limit order: type, price and `price_stop_limit` change.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final

from tradyn.broker.records import record

__all__ = ["TRANSITIONS", "Order", "OrderState", "OrderType", "Side"]


# What follows from a member of these enums stands on it as a plain attribute: every fill asks for a dozen of
# them, and a property, or the name of a member on its class, costs five times as much.


class Side(StrEnum):
    """The direction of a position or a deal.

    Attributes:
        is_buy: whether this is `BUY`.
        sign: +1 for buy, -1 for sell.
        opposite: the side that closes this one.
    """

    BUY = "buy"
    SELL = "sell"

    is_buy: bool
    sign: int
    opposite: Side

    def __init__(self, value: str) -> None:
        self.is_buy = value == "buy"
        self.sign = 1 if self.is_buy else -1


Side.BUY.opposite, Side.SELL.opposite = Side.SELL, Side.BUY


class OrderType(IntEnum):
    """MetaTrader 5's `ENUM_ORDER_TYPE`.

    Attributes:
        side: the direction of the position it would open.
        is_market: executed at once, at the market's price.
        is_limit: waits for a better price than the market's, and is filled at its own.
        is_stop_limit: becomes a limit order once the market has reached its stop.
        falls: whether the market must fall to reach its price: of buy limits and sell stops.
    """

    BUY = 0
    SELL = 1
    BUY_LIMIT = 2
    SELL_LIMIT = 3
    BUY_STOP = 4
    SELL_STOP = 5
    BUY_STOP_LIMIT = 6
    SELL_STOP_LIMIT = 7

    side: Side
    is_market: bool
    is_limit: bool
    is_stop_limit: bool
    falls: bool

    def __init__(self, value: int) -> None:
        self.side = Side.SELL if value & 1 else Side.BUY
        self.is_market = value <= 1
        self.is_limit = value in (2, 3)
        self.is_stop_limit = value >= 6
        self.falls = self.is_limit is self.side.is_buy

    @property
    def limit(self) -> OrderType:
        """The limit order of the same direction."""
        return OrderType.BUY_LIMIT if self.side.is_buy else OrderType.SELL_LIMIT


class OrderState(StrEnum):
    """Where an order stands."""

    PLACED = "placed"
    FILLED = "filled"
    CANCELED = "canceled"
    EXPIRED = "expired"
    REJECTED = "rejected"


TRANSITIONS: Final[dict[OrderState, frozenset[OrderState]]] = {
    OrderState.PLACED: frozenset(
        {OrderState.PLACED, OrderState.FILLED, OrderState.CANCELED, OrderState.EXPIRED, OrderState.REJECTED}
    ),
    OrderState.FILLED: frozenset(),
    OrderState.CANCELED: frozenset(),
    OrderState.EXPIRED: frozenset(),
    OrderState.REJECTED: frozenset(),
}


@record(frozen=True, slots=True, kw_only=True)
class Order:
    """One order. Prices in points, volume in steps, times in milliseconds since 1970.

    `position` is the ticket of the position it opened or closed; `price` is the order's
    own price, or for a market order the price of its deal. Of a stop-limit order `price` is the
    stop and `price_stop_limit` the price of the limit order that it becomes.
    """

    ticket: int
    symbol: str
    type: OrderType
    state: OrderState
    volume: int
    price: int
    sl: int | None
    tp: int | None
    expiration: int | None
    time_setup: int
    time_done: int | None
    position: int | None
    magic: int
    comment: str
    client_order_id: str | None
    price_stop_limit: int | None = None

    @property
    def price_fill(self) -> int:
        """The price it is meant to be filled at: what stops and margin are measured from."""
        return self.price if self.price_stop_limit is None else self.price_stop_limit

    def ended(self, state: OrderState, time: int, position: int | None = None) -> Order:
        """The order in a final state, since `time`; `position` is the one that it opened."""
        # Not by `replace`, which takes three times as long.
        return Order(
            ticket=self.ticket,
            symbol=self.symbol,
            type=self.type,
            state=state,
            volume=self.volume,
            price=self.price,
            sl=self.sl,
            tp=self.tp,
            expiration=self.expiration,
            time_setup=self.time_setup,
            time_done=time,
            position=position,
            magic=self.magic,
            comment=self.comment,
            client_order_id=self.client_order_id,
            price_stop_limit=self.price_stop_limit,
        )
