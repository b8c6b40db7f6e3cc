# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time
from .calculation import Calculation
from .explanation_condition import ExplanationCondition
from .explanation_event import ExplanationEvent
from .explanation_rule import ExplanationRule


@define(kw_only=True)
class ExplanationStep:
    """One thing that happened, or how things stand now. What does not apply is null.

    Attributes:
        time: Market time of the step.
        event: What happened. `order_triggered`: the stop of a stop-limit order was reached, and it
            became a limit order. `position_reduced`: a part was closed. `order_now`, `position_now`:
            nothing did, that is how it stands.
        rule: The rule that fired.

            | Rule | Fires when |
            |---|---|
            | `client_request` | the client placed, changed, deleted or closed it |
            | `market_order` | at once: a buy at the ask, a sell at the bid |
            | `buy_limit`, `sell_limit` | ask ≤ price, bid ≥ price |
            | `buy_stop`, `sell_stop` | ask ≥ price, bid ≤ price |
            | `buy_stop_limit`, `sell_stop_limit` | ask ≥ stop, bid ≤ stop: it becomes a limit order |
            | `stop_loss` | long: bid ≤ sl; short: ask ≥ sl; before the take profit of the same tick |
            | `take_profit` | long: bid ≥ tp; short: ask ≤ tp |
            | `trailing_stop` | the price moved further into profit than the distance of the stop |
            | `stop_out` | equity < margin × stop-out level: pending orders first, then the largest loss
            |
            | `close_by` | the client closed it by an opposite position |
            | `expiration` | its time came |
            | `insufficient_margin` | it was reached, and there was no margin for it |
            | `not_executable` | it was reached, and could not be filled for another reason |
            | `reset` | the account was reset |
            | `rollover` | a trading day ended |
            | `deposit`, `withdrawal`, `negative_balance_compensation` | money came or went |
            | `waiting` | nothing did yet |
        fill: At what price the deal was done; null without one. `side_of_quote`: at the bid or ask
            of the tick, moved by `slippage`. `gap`: the same, and the tick lies beyond the stop that it
            reached. `own_price`: at the price of the limit order or take profit, whatever the tick.
            `better_price`: at the tick, better than the limit. `opposite_price`: at the opening price
            of the opposite position.
        text: What happened and why, for people; may change its wording.
        order: Ticket of the order.
        deal: Ticket of the deal.
        opposite: Ticket of the opposite position, of a close-by.
        is_asked: Whether the ticket asked for is the order or the deal of this step.
        bid: Bid of the quote that decided it, in the profit currency.
        ask: Ask of the quote that decided it, in the profit currency.
        quote_time: Market time of that quote. Null where none decided.
        side: Which price of the quote counted: `bid` or `ask`. Null where neither did.
        price: Price of the deal, or the one that swap or profit is calculated at; in the profit
            currency.
        slippage: Points by which `price` is worse for the client than the `side` of the quote;
            negative if it is better.
        gap: Points by which `price` is worse for the client than the price of the order, the `sl`
            or the `tp` that was reached; negative if it is better. Null where none was.
        volume: Volume of the order or the deal, in lots.
        volume_remaining: Volume left open, in lots.
        profit: Profit booked by the deal, in the account's currency.
        swap: Swap booked by the deal, or of the end of a day, in the account's currency; negative
            when paid.
        commission: Commission booked by the deal, in the account's currency.
        conditions: What was compared, so that the rule fired; `now`, what it waits for.
        calculations: The amounts, and how they come about.
        notes: What else there is to know, sentences for people.
    """

    time: datetime.datetime
    event: ExplanationEvent
    rule: ExplanationRule
    fill: str | None
    text: str
    order: int | None
    deal: int | None
    opposite: int | None
    is_asked: bool
    bid: float | None
    ask: float | None
    quote_time: datetime.datetime | None
    side: str | None
    price: float | None
    slippage: int | None
    gap: int | None
    volume: float | None
    volume_remaining: float | None
    profit: float | None
    swap: float | None
    commission: float | None
    conditions: list[ExplanationCondition]
    calculations: list[Calculation]
    notes: list[str]

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            time=datetime.datetime.fromisoformat(source["time"]),
            event=ExplanationEvent(source["event"]),
            rule=ExplanationRule(source["rule"]),
            fill=source["fill"],
            text=source["text"],
            order=source["order"],
            deal=source["deal"],
            opposite=source["opposite"],
            is_asked=source["is_asked"],
            bid=source["bid"],
            ask=source["ask"],
            quote_time=None
            if source["quote_time"] is None
            else datetime.datetime.fromisoformat(source["quote_time"]),
            side=source["side"],
            price=source["price"],
            slippage=source["slippage"],
            gap=source["gap"],
            volume=source["volume"],
            volume_remaining=source["volume_remaining"],
            profit=source["profit"],
            swap=source["swap"],
            commission=source["commission"],
            conditions=[ExplanationCondition.from_dict(each) for each in source["conditions"]],
            calculations=[Calculation.from_dict(each) for each in source["calculations"]],
            notes=list(source["notes"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "time": format_time(self.time),
            "event": self.event,
            "rule": self.rule,
            "fill": self.fill,
            "text": self.text,
            "order": self.order,
            "deal": self.deal,
            "opposite": self.opposite,
            "is_asked": self.is_asked,
            "bid": self.bid,
            "ask": self.ask,
            "quote_time": None if self.quote_time is None else format_time(self.quote_time),
            "side": self.side,
            "price": self.price,
            "slippage": self.slippage,
            "gap": self.gap,
            "volume": self.volume,
            "volume_remaining": self.volume_remaining,
            "profit": self.profit,
            "swap": self.swap,
            "commission": self.commission,
            "conditions": [each.to_dict() for each in self.conditions],
            "calculations": [each.to_dict() for each in self.calculations],
            "notes": list(self.notes),
        }
