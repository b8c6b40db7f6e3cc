"""Commands: what a client may ask of an account. Imperative, and not yet checked.

Prices and volumes are decimals as the client wrote them; the decision turns them into
points and steps, because only it knows the symbol.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Final

from tradyn.broker.orders import OrderType, Side
from tradyn.broker.records import record

__all__ = [
    "UNCHANGED",
    "CancelOrder",
    "ChangeBalance",
    "CloseAll",
    "CloseBy",
    "ClosePosition",
    "CloseResultFilter",
    "Command",
    "ModifyOrder",
    "ModifyPosition",
    "PlaceMarketOrder",
    "PlaceOrder",
    "ResetAccount",
    "Unchanged",
]


class Unchanged(StrEnum):
    """The type of `UNCHANGED`: a field that a modification leaves as it is."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED


class CloseResultFilter(StrEnum):
    """Which positions close-all takes, by their profit."""

    ALL = "all"
    WINNING = "winning"
    LOSING = "losing"


@record(frozen=True, slots=True, kw_only=True)
class PlaceMarketOrder:
    """Buy or sell at the market.

    `deviation` (points) bounds how far the price may move against the client after arrival.
    """

    symbol: str
    side: Side
    volume: Decimal
    sl: Decimal | None = None
    tp: Decimal | None = None
    deviation: int | None = None
    magic: int = 0
    comment: str = ""
    client_order_id: str | None = None


@record(frozen=True, slots=True, kw_only=True)
class PlaceOrder:
    """Place a pending order; `expiration` in milliseconds since 1970, None = good till cancelled.

    `price` is the limit or stop price; of a stop-limit order the stop, and `price_stop_limit` the limit.
    """

    symbol: str
    type: OrderType
    volume: Decimal
    price: Decimal
    price_stop_limit: Decimal | None = None
    sl: Decimal | None = None
    tp: Decimal | None = None
    expiration: int | None = None
    magic: int = 0
    comment: str = ""
    client_order_id: str | None = None


@record(frozen=True, slots=True, kw_only=True)
class ModifyOrder:
    """Change a pending order."""

    ticket: int
    price: Decimal | Unchanged = UNCHANGED
    price_stop_limit: Decimal | Unchanged = UNCHANGED
    sl: Decimal | Unchanged | None = UNCHANGED
    tp: Decimal | Unchanged | None = UNCHANGED
    expiration: int | Unchanged | None = UNCHANGED


@record(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    """Delete a pending order."""

    ticket: int


@record(frozen=True, slots=True, kw_only=True)
class ModifyPosition:
    """Change the stops of a position; `trailing_stop` in points, None or 0 ends it."""

    ticket: int
    sl: Decimal | Unchanged | None = UNCHANGED
    tp: Decimal | Unchanged | None = UNCHANGED
    trailing_stop: int | Unchanged | None = UNCHANGED


@record(frozen=True, slots=True, kw_only=True)
class ClosePosition:
    """Close a position, or `volume` lots of it."""

    ticket: int
    volume: Decimal | None = None
    deviation: int | None = None
    client_order_id: str | None = None


@record(frozen=True, slots=True, kw_only=True)
class CloseBy:
    """Close two opposite positions of one symbol against each other, up to the smaller volume."""

    ticket: int
    opposite: int
    client_order_id: str | None = None


@record(frozen=True, slots=True, kw_only=True)
class CloseAll:
    """Close every position that matches."""

    symbol: str | None = None
    side: Side | None = None
    result: CloseResultFilter = CloseResultFilter.ALL
    client_order_id: str | None = None


@record(frozen=True, slots=True, kw_only=True)
class ChangeBalance:
    """Deposit (positive) or withdraw (negative) an amount of the account's currency."""

    amount: Decimal
    comment: str = ""
    client_order_id: str | None = None


@record(frozen=True, slots=True, kw_only=True)
class ResetAccount:
    """Close and cancel everything and bring the balance back to where it began."""


Command = (
    PlaceMarketOrder
    | PlaceOrder
    | ModifyOrder
    | CancelOrder
    | ModifyPosition
    | ClosePosition
    | CloseBy
    | CloseAll
    | ChangeBalance
    | ResetAccount
)
