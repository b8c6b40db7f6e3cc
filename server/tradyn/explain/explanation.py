"""What an explanation consists of. Prices, volumes and amounts are decimals, times market time in ms."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tradyn.broker.market import Quote

__all__ = [
    "Amount",
    "Calculation",
    "Condition",
    "ConversionLeg",
    "Event",
    "Explanation",
    "Fill",
    "Input",
    "PriceSide",
    "Relation",
    "Rule",
    "State",
    "Step",
    "Subject",
]


class Subject(StrEnum):
    """What a ticket names."""

    ORDER = "order"
    POSITION = "position"
    DEAL = "deal"


class State(StrEnum):
    """How the story stands."""

    PLACED = "placed"
    CANCELED = "canceled"
    EXPIRED = "expired"
    REJECTED = "rejected"
    OPEN = "open"
    CLOSED = "closed"
    BOOKED = "booked"


class Event(StrEnum):
    """What happened in a step; the last two are no events, but how an order or a position stands now."""

    ORDER_PLACED = "order_placed"
    ORDER_MODIFIED = "order_modified"
    ORDER_TRIGGERED = "order_triggered"
    ORDER_CANCELED = "order_canceled"
    ORDER_EXPIRED = "order_expired"
    ORDER_REJECTED = "order_rejected"
    POSITION_OPENED = "position_opened"
    POSITION_MODIFIED = "position_modified"
    POSITION_REDUCED = "position_reduced"
    POSITION_CLOSED = "position_closed"
    SWAP_CHARGED = "swap_charged"
    BALANCE_CHANGED = "balance_changed"
    ORDER_NOW = "order_now"
    POSITION_NOW = "position_now"


class Rule(StrEnum):
    """Why it happened."""

    CLIENT_REQUEST = "client_request"
    MARKET_ORDER = "market_order"
    BUY_LIMIT = "buy_limit"
    SELL_LIMIT = "sell_limit"
    BUY_STOP = "buy_stop"
    SELL_STOP = "sell_stop"
    BUY_STOP_LIMIT = "buy_stop_limit"
    SELL_STOP_LIMIT = "sell_stop_limit"
    STOP_LOSS = "stop_loss"
    TAKE_PROFIT = "take_profit"
    TRAILING_STOP = "trailing_stop"
    STOP_OUT = "stop_out"
    CLOSE_BY = "close_by"
    EXPIRATION = "expiration"
    INSUFFICIENT_MARGIN = "insufficient_margin"
    NOT_EXECUTABLE = "not_executable"
    RESET = "reset"
    ROLLOVER = "rollover"
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    NEGATIVE_BALANCE_COMPENSATION = "negative_balance_compensation"
    WAITING = "waiting"


class Fill(StrEnum):
    """At what price a deal was done."""

    SIDE_OF_QUOTE = "side_of_quote"
    GAP = "gap"
    OWN_PRICE = "own_price"
    BETTER_PRICE = "better_price"
    OPPOSITE_PRICE = "opposite_price"


class PriceSide(StrEnum):
    """Which price of a quote counted; `deal`: the price of the deal itself."""

    BID = "bid"
    ASK = "ask"
    DEAL = "deal"


class Relation(StrEnum):
    """How two values are compared."""

    AT_OR_BELOW = "at_or_below"
    AT_OR_ABOVE = "at_or_above"
    BELOW = "below"

    @property
    def sign(self) -> str:
        """The mathematical sign."""
        return {"at_or_below": "≤", "at_or_above": "≥", "below": "<"}[self.value]

    def holds(self, value: Decimal, limit: Decimal) -> bool:
        """Whether it is so."""
        if self is Relation.BELOW:
            return value < limit
        return value <= limit if self is Relation.AT_OR_BELOW else value >= limit


class Amount(StrEnum):
    """What a calculation is of."""

    MARGIN = "margin"
    PROFIT = "profit"
    COMMISSION = "commission"
    SWAP = "swap"
    MARGIN_LEVEL = "margin_level"
    CONVERSION = "conversion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """`value` was compared with `limit`; both have names."""

    name: str
    value: Decimal
    relation: Relation
    limit_name: str
    limit: Decimal

    @property
    def holds(self) -> bool:
        """Whether it is so."""
        return self.relation.holds(self.value, self.limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversionLeg:
    """One pair of a conversion; `rate` is an expression: its price, or 1 / its price if `inverse`."""

    symbol: str
    side: PriceSide
    inverse: bool
    price: Decimal
    rate: str


@dataclass(frozen=True, slots=True)
class Input:
    """A name of a formula, and its value as an expression."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculation:
    """An amount that was recorded, and how it comes about.

    `currency` is that of the result; `%` of a margin level.

    `formula` and `expression` are None where the specification has changed since, so that they
    would give another result. See `formulas` for their language.
    """

    name: Amount
    formula: str | None
    expression: str | None
    inputs: tuple[Input, ...]
    result: Decimal
    currency: str
    path: tuple[ConversionLeg, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened, or how things stand now.

    Attributes:
        is_asked: whether the ticket that was asked for is the order or the deal of this step.
        quote: the one that decided it.
        side: which price of it counted.
        slippage: points by which `price` is worse for the client than that side of the quote.
        gap: points by which `price` is worse for the client than the stop that was reached.
        volume: of the order or the deal, in lots.
        profit, swap, commission: as booked by the deal, or (swap) as charged.
        notes: what else a reader should know.
    """

    time: int
    event: Event
    rule: Rule
    text: str
    fill: Fill | None = None
    order: int | None = None
    deal: int | None = None
    opposite: int | None = None
    is_asked: bool = False
    quote: Quote | None = None
    side: PriceSide | None = None
    price: Decimal | None = None
    slippage: int | None = None
    gap: int | None = None
    volume: Decimal | None = None
    volume_remaining: Decimal | None = None
    profit: Decimal | None = None
    swap: Decimal | None = None
    commission: Decimal | None = None
    conditions: tuple[Condition, ...] = ()
    calculations: tuple[Calculation, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The story of a ticket.

    Attributes:
        order: the order the story begins with; None of a balance deal.
        position: the position it became.
        steps_omitted: how many changes of a long story are left out.
        now: how it stands, where it is not over.
    """

    ticket: int
    subject: Subject
    state: State
    order: int | None
    position: int | None
    symbol: str | None
    summary: str
    steps: tuple[Step, ...]
    steps_omitted: int
    now: Step | None
