"""Transactions: what happened to an account, numbered from 1 without a gap.

A transaction is the row of the journal, the source of the account's state, and the line
of its history. Its event is self-contained: it carries the quote that decided it, and
what a reader needs to show it without looking further.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from tradyn.broker.deals import Deal
from tradyn.broker.instruments import SwapMode
from tradyn.broker.market import Quote, Step
from tradyn.broker.money import UNITY, Rate
from tradyn.broker.orders import Order
from tradyn.broker.positions import Position
from tradyn.broker.records import record

__all__ = [
    "EVENTS",
    "AccountOpened",
    "BalanceChanged",
    "CloseFailure",
    "OrderClosed",
    "OrderModified",
    "OrderPlaced",
    "OrderTriggered",
    "PositionModified",
    "PositionOpened",
    "PositionReduced",
    "RequestSettled",
    "SwapCharged",
    "Transaction",
    "recorded",
]

EVENTS: dict[str, type[Any]] = {}
"""Every kind of event by its name, as the journal writes it."""

E = TypeVar("E", bound=type[Any])


def recorded(cls: E) -> E:
    """Class decorator: this event may stand in the journal, under the name of its class."""
    EVENTS[cls.__name__] = cls
    return cls


@recorded
@record(frozen=True, slots=True, kw_only=True)
class AccountOpened:
    """The account exists; its first deposit follows as a deal. Levels in percent."""

    login: int
    name: str
    currency: str
    leverage: int
    margin_call_level: Decimal
    stop_out_level: Decimal
    initial_balance: int


@recorded
@record(frozen=True, slots=True, kw_only=True)
class OrderPlaced:
    """A pending order rests, accepted at `quote`."""

    order: Order
    quote: Quote


@recorded
@record(frozen=True, slots=True, kw_only=True)
class OrderModified:
    """A pending order was changed; `order` is how it stands now."""

    order: Order
    quote: Quote


@recorded
@record(frozen=True, slots=True, kw_only=True)
class OrderTriggered:
    """The market reached the stop of a stop-limit order at `quote`; `order` is the limit order it became."""

    order: Order
    stop: int
    quote: Quote


@recorded
@record(frozen=True, slots=True, kw_only=True)
class OrderClosed:
    """A pending order ended without a deal: canceled, expired or rejected; `cause` says why.

    A stop-out tells the account's `equity` and `margin` that led to it (minor units).
    """

    order: Order
    cause: str
    quote: Quote | None
    equity: int | None = None
    margin: int | None = None


@recorded
@record(frozen=True, slots=True, kw_only=True)
class PositionOpened:
    """A deal opened a position under the ticket of its order.

    `margin_rate` is the conversion from the symbol's margin currency that was frozen, and `margin_path`
    the quotes it was made of; `commission_rate` and `commission_path` likewise.
    """

    deal: Deal
    order: Order
    sl: int | None
    tp: int | None
    margin: int
    margin_rate: Rate
    quote: Quote
    margin_path: tuple[Step, ...] = ()
    commission_rate: Rate = UNITY
    commission_path: tuple[Step, ...] = ()


@recorded
@record(frozen=True, slots=True, kw_only=True)
class PositionReduced:
    """A deal closed a position, or (with `volume_remaining`) a part of it.

    Attributes:
        profit_rate, profit_path: the conversion from the symbol's profit currency that was applied, and
            the quotes it was made of; `commission_rate` and `commission_path` likewise.
        price_open: the position's.
        opposite: the position that this one was closed by.
        remaining, remaining_profit: what a close-by leaves, and its profit at `quote`.
        is_second: the second deal of a close-by, whose profit stands in the first.
        equity, margin: what led to a stop-out, in minor units.
        cause: `deal`, which has its reason, or `reset`.
    """

    deal: Deal
    order: Order
    volume_remaining: int
    profit_rate: Rate
    quote: Quote
    price_open: int | None = None
    profit_path: tuple[Step, ...] = ()
    commission_rate: Rate = UNITY
    commission_path: tuple[Step, ...] = ()
    opposite: int | None = None
    remaining: Position | None = None
    remaining_profit: int | None = None
    is_second: bool = False
    cause: str = "deal"
    equity: int | None = None
    margin: int | None = None


@recorded
@record(frozen=True, slots=True, kw_only=True)
class PositionModified:
    """A position got other stops; `position` is how it stands now.

    `cause` is `client`, or `trailing_stop` where the market moved it.
    """

    position: Position
    quote: Quote
    cause: str = "client"


@recorded
@record(frozen=True, slots=True, kw_only=True)
class SwapCharged:
    """At the end of a trading day a position was charged (or paid) swap.

    Attributes:
        amount: in minor units of the account's currency, from the account's view.
        swap: `swap_long` or `swap_short` as it was that day, in the unit of `mode`.
        multiplier: how many days it was charged for.
        price: in points, of the modes that need one: the closing or the opening price.
        rate, path: the conversion to the account's currency, and the quotes it was made of.
    """

    position: int
    symbol: str
    amount: int
    mode: SwapMode
    swap: Decimal
    multiplier: Decimal
    volume: int
    price: int | None
    rate: Rate
    path: tuple[Step, ...]
    quote: Quote


@recorded
@record(frozen=True, slots=True, kw_only=True)
class BalanceChanged:
    """The balance was changed by no trade.

    `cause` is `client` (a deposit or a withdrawal), `opening` (the first deposit), `reset` or
    `compensation` (of a balance below zero).
    """

    deal: Deal
    cause: str = "client"


@record(frozen=True, slots=True)
class CloseFailure:
    """A position that close-all could not close, and why."""

    ticket: int
    code: str
    error: str


@recorded
@record(frozen=True, slots=True, kw_only=True)
class RequestSettled:
    """The outcome of a request that carried a `client_order_id`, so that it can be given again.

    The outcome is the transactions from `first_version` up to the one that `settles` it. Where there is none,
    or it is refused, this is an event of its own. In journals of older programs it always is, and its
    transactions are those before it.
    """

    client_order_id: str
    operation: str
    fingerprint: str
    first_version: int
    code: str | None = None
    error: str | None = None
    facts: Mapping[str, str] | None = None
    failures: tuple[CloseFailure, ...] = ()


@record(frozen=True, slots=True)
class Transaction:
    """One numbered event of an account.

    Attributes:
        time: market time in milliseconds since 1970.
        settles: the request whose outcome this is the last of.
    """

    account: int
    version: int
    time: int
    event: Any
    settles: RequestSettled | None = None
