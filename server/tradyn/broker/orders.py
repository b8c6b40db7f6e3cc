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


class Side(StrEnum):
    """The direction of a position or a deal."""

    BUY = "buy"
    SELL = "sell"

    @property
    def sign(self) -> int:
        """+1 for buy, -1 for sell."""
        return 1 if self is Side.BUY else -1

    @property
    def opposite(self) -> Side:
        """The side that closes this one."""
        return Side.SELL if self is Side.BUY else Side.BUY


class OrderType(IntEnum):
    """MetaTrader 5's `ENUM_ORDER_TYPE`."""

    BUY = 0
    SELL = 1
    BUY_LIMIT = 2
    SELL_LIMIT = 3
    BUY_STOP = 4
    SELL_STOP = 5
    BUY_STOP_LIMIT = 6
    SELL_STOP_LIMIT = 7

    @property
    def side(self) -> Side:
        """The direction of the position it would open."""
        return Side.SELL if self & 1 else Side.BUY

    @property
    def is_market(self) -> bool:
        """Executed at once, at the market's price."""
        return self <= OrderType.SELL

    @property
    def is_limit(self) -> bool:
        """Waits for a better price than the market's, and is filled at its own."""
        return self in (OrderType.BUY_LIMIT, OrderType.SELL_LIMIT)

    @property
    def is_stop_limit(self) -> bool:
        """Becomes a limit order once the market has reached its stop."""
        return self >= OrderType.BUY_STOP_LIMIT

    @property
    def falls(self) -> bool:
        """Whether the market must fall to reach its price: of buy limits and sell stops."""
        return self.is_limit is (self.side is Side.BUY)

    @property
    def limit(self) -> OrderType:
        """The limit order of the same direction."""
        return OrderType.BUY_LIMIT if self.side is Side.BUY else OrderType.SELL_LIMIT


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
