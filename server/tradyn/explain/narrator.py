"""The story of an order and its position, step by step, from the transactions alone.

The narrator follows the order and the position as the transactions change them, so that each step
can name what it was compared with: the stop as it stood, the swap that had come together, the volume
that was left. It knows no more than was recorded; what the journal does not say is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import singledispatchmethod
from typing import Any, Final

from tradyn.broker.accounts import Account, opened_position, remaining_position
from tradyn.broker.deals import Deal, DealEntry, DealReason, DealType
from tradyn.broker.instruments import Instrument, SwapMode
from tradyn.broker.margin import position_margin
from tradyn.broker.market import Market, Quote
from tradyn.broker.money import format_amount
from tradyn.broker.orders import Order, OrderState, OrderType, Side
from tradyn.broker.positions import Position
from tradyn.broker.profit import closing_price, position_profit, profit_path, raw_profit
from tradyn.broker.transactions import (
    BalanceChanged,
    OrderClosed,
    OrderModified,
    OrderPlaced,
    OrderTriggered,
    PositionModified,
    PositionOpened,
    PositionReduced,
    SwapCharged,
    Transaction,
)
from tradyn.explain.calculations import Calculations, Explained
from tradyn.explain.explanation import (
    Condition,
    Event,
    Explanation,
    Fill,
    PriceSide,
    Relation,
    Rule,
    State,
    Step,
    Subject,
)

__all__ = ["MOST_STEPS", "explain"]

MOST_STEPS: Final = 1000
"""Of a longer story the changes in its middle are left out; deals, charges and endings never are."""

_CHANGES: Final = frozenset({Event.ORDER_MODIFIED, Event.POSITION_MODIFIED})

_ENDED: Final = {
    OrderState.CANCELED: (Event.ORDER_CANCELED, State.CANCELED),
    OrderState.EXPIRED: (Event.ORDER_EXPIRED, State.EXPIRED),
    OrderState.REJECTED: (Event.ORDER_REJECTED, State.REJECTED),
}

_CLOSED: Final = {
    Rule.CLIENT_REQUEST: "by the client",
    Rule.STOP_LOSS: "by its stop loss",
    Rule.TAKE_PROFIT: "by its take profit",
    Rule.STOP_OUT: "by a stop-out",
    Rule.CLOSE_BY: "by an opposite position",
}

_SWAP_UNITS: Final = {
    SwapMode.POINTS: "points a lot",
    SwapMode.INTEREST_CURRENT: "percent a year of the value at the current price",
    SwapMode.INTEREST_OPEN: "percent a year of the value at the opening price",
}


def explain(
    market: Market, account: Account, story: Sequence[Transaction], ticket: int, now: int
) -> Explanation:
    """What happened to an order, a position or a deal, and for what is still open how it stands.

    Args:
        story: what `ports.Journal.story` gave for `ticket`; not empty.
        now: market time in milliseconds since 1970.
    """
    narrator = _Narrator(market, account, ticket)
    for transaction in story:
        narrator.tell(transaction)
    standing = narrator.conclude(now)
    steps, omitted = _shortened(narrator.steps)
    return Explanation(
        ticket=ticket,
        subject=narrator.subject,
        state=narrator.state,
        order=narrator.ticket,
        position=None if narrator.opened is None else narrator.ticket,
        symbol=narrator.symbol,
        summary=narrator.summary,
        steps=steps,
        steps_omitted=omitted,
        now=standing,
    )


def _shortened(steps: Sequence[Step]) -> tuple[tuple[Step, ...], int]:
    """At most `MOST_STEPS`, as far as leaving out changes of prices and stops can do it."""
    half = MOST_STEPS // 2
    if len(steps) <= MOST_STEPS:
        return tuple(steps), 0
    middle = [each for each in steps[half:-half] if each.event not in _CHANGES]
    kept = (*steps[:half], *middle, *steps[-half:])
    return kept, len(steps) - len(kept)


@dataclass(slots=True)
class _Narrator:
    market: Market
    account: Account
    asked: int
    steps: list[Step] = field(default_factory=list)
    subject: Subject = Subject.ORDER
    state: State = State.PLACED
    ticket: int | None = None
    symbol: str | None = None
    summary: str = ""
    order: Order | None = None
    position: Position | None = None
    opened: PositionOpened | None = None
    total: int = 0
    has_trailed: bool = False

    @property
    def _calculations(self) -> Calculations:
        return Calculations(self.market, self.account)

    @property
    def _instrument(self) -> Instrument:
        return self.market.instruments[self.symbol or ""]

    def tell(self, transaction: Transaction) -> None:
        """One more transaction."""
        event = transaction.event
        order: Order | None = getattr(event, "order", None)
        if order is not None:
            self.symbol = order.symbol
        elif isinstance(event, PositionModified):
            self.symbol = event.position.symbol
        elif isinstance(event, SwapCharged):
            self.symbol = event.symbol
        deal: Deal | None = getattr(event, "deal", None)
        if self.ticket is None and not isinstance(event, BalanceChanged):
            self.ticket = _subject_of(event)
        if deal is not None:
            self.total += deal.amount
            if deal.ticket == self.asked:
                self.subject = Subject.DEAL
        step = self._step(event, transaction.time)
        asked = {None if order is None else order.ticket, None if deal is None else deal.ticket}
        self.steps.append(
            replace(
                step,
                order=None if order is None else order.ticket,
                deal=None if deal is None else deal.ticket,
                is_asked=self.asked in asked,
            )
        )

    # ------------------------------------------------------------------ orders

    @singledispatchmethod
    def _step(self, event: Any, time: int) -> Step:
        raise AssertionError(f"{type(event).__name__} is no part of a story")

    @_step.register
    def _(self, event: OrderPlaced, time: int) -> Step:
        order = self.order = event.order
        until = "good till cancelled" if order.expiration is None else f"until {_moment(order.expiration)}"
        self.summary = f"{self._order_name(order)}, waiting."
        return Step(
            time=time,
            event=Event.ORDER_PLACED,
            rule=Rule.CLIENT_REQUEST,
            text=f"The client placed a {_lower(self._order_name(order))}{self._stops(order.sl, order.tp)}; "
            f"{until}. {self._waits(order)}; the {_opening_side(order)} was "
            f"{self._price(_opening_price(order, event.quote))}.",
            volume=self._lots(order.volume),
            **self._quoted(event.quote, _opening_side(order)),
        )

    @_step.register
    def _(self, event: OrderModified, time: int) -> Step:
        before, order = self.order, event.order
        self.order = order
        changes: list[str] = []
        if before is not None:
            for name in ("price", "price_stop_limit", "sl", "tp"):
                changes += self._change(name, getattr(before, name), getattr(order, name))
            if before.expiration != order.expiration:
                shown = [
                    "none" if each is None else _moment(each)
                    for each in (before.expiration, order.expiration)
                ]
                changes.append(f"the expiration from {shown[0]} to {shown[1]}")
        self.summary = f"{self._order_name(order)}, waiting."
        return Step(
            time=time,
            event=Event.ORDER_MODIFIED,
            rule=Rule.CLIENT_REQUEST,
            text=f"The client changed {_listed(changes)}. {self._waits(order)}; the "
            f"{_opening_side(order)} was {self._price(_opening_price(order, event.quote))}.",
            volume=self._lots(order.volume),
            **self._quoted(event.quote, _opening_side(order)),
        )

    @_step.register
    def _(self, event: OrderTriggered, time: int) -> Step:
        order = self.order = event.order
        kind = OrderType.BUY_STOP_LIMIT if order.type.side is Side.BUY else OrderType.SELL_STOP_LIMIT
        condition = self._reached(kind, event.stop, event.quote, "stop")
        self.summary = f"{self._order_name(order)}, waiting."
        return Step(
            time=time,
            event=Event.ORDER_TRIGGERED,
            rule=_rule_of(kind),
            text=f"The stop of the {_words(kind)} was reached: {self._said(condition)}. From here on it is a "
            f"{_words(order.type)} at {self._price(order.price)}.",
            volume=self._lots(order.volume),
            conditions=(condition,),
            **self._quoted(event.quote, _opening_side(order)),
        )

    @_step.register
    def _(self, event: OrderClosed, time: int) -> Step:
        order = self.order = event.order
        what, self.state = _ENDED[order.state]
        rule, text, conditions = self._ending(event)
        self.summary = f"{self._order_name(order)}, {order.state}."
        return Step(
            time=time,
            event=what,
            rule=rule,
            text=text,
            volume=self._lots(order.volume),
            conditions=conditions,
            **self._quoted(event.quote, _opening_side(order)),
        )

    def _ending(self, event: OrderClosed) -> tuple[Rule, str, tuple[Condition, ...]]:
        order, name = event.order, _words(event.order.type)
        if order.state is OrderState.EXPIRED:
            return Rule.EXPIRATION, f"The {name} expired before its price was reached.", ()
        if order.state is OrderState.REJECTED:
            short = event.cause.startswith("Insufficient margin")
            conditions: tuple[Condition, ...] = ()
            reached = ""
            if event.quote is not None:
                conditions = (self._reached(order.type, order.price, event.quote, "price"),)
                reached = f": {self._said(conditions[0])}"
            return (
                Rule.INSUFFICIENT_MARGIN if short else Rule.NOT_EXECUTABLE,
                f"The {name} was reached{reached}; but it was not filled. {event.cause.rstrip('.')}.",
                conditions,
            )
        if event.cause == "stop-out":
            stop_out = self._stop_out(event.equity, event.margin)
            return (
                Rule.STOP_OUT,
                f"Stop-out{self._because(stop_out)}. Pending orders go first, the one that would need the "
                f"most margin before the others: the {name} was deleted.",
                stop_out,
            )
        if event.cause == "reset":
            return Rule.RESET, f"The account was reset, and the {name} deleted.", ()
        return Rule.CLIENT_REQUEST, f"The client deleted the {name}.", ()

    # ------------------------------------------------------------------ positions

    @_step.register
    def _(self, event: PositionOpened, time: int) -> Step:
        order, deal, instrument = event.order, event.deal, self._instrument
        self.order, self.opened = None, event
        position = self.position = opened_position(event)
        self.state = State.OPEN
        side, price = position.side, position.price_open
        market_price = _opening_price(order, event.quote)
        slippage = side.sign * (price - market_price)
        conditions: tuple[Condition, ...] = ()
        fill, gap = Fill.SIDE_OF_QUOTE, None
        bought = "Bought" if side is Side.BUY else "Sold"
        lots = f"{instrument.lots(position.volume)} lots of {instrument.symbol}"
        if order.type.is_market:
            rule = Rule.MARKET_ORDER
            text = (
                f"{bought} {lots} at {self._price(price)}: a market order {_deals(side)} at the "
                f"{_opening_side(order)} of the moment, {self._price(market_price)}{_slipped(slippage)}"
            )
        else:
            rule = _rule_of(order.type)
            conditions = (self._reached(order.type, order.price, event.quote, "price"),)
            reached = (
                f"{_words(order.type).capitalize()} reached: {self._said(conditions[0])}; {_lower(bought)}"
            )
            gap = side.sign * (price - order.price)
            if order.type.is_limit and not gap:
                fill = Fill.OWN_PRICE
                text = f"{reached} {lots} at its own price {self._price(price)}"
            elif order.type.is_limit:
                fill = Fill.BETTER_PRICE
                text = f"{reached} {lots} at the market's better price {self._price(price)}"
            else:
                fill = Fill.GAP if market_price != order.price else Fill.SIDE_OF_QUOTE
                jumped = _jumped(abs(market_price - order.price), "above" if side is Side.BUY else "below")
                text = (
                    f"{reached} {lots} at {self._price(price)}, the tick's {_opening_side(order)}{jumped}"
                    f"{_slipped(slippage)}"
                )
        margin = self._calculations.margin(
            instrument, side, position.volume, price, event.margin_rate, event.margin_path, event.margin
        )
        charged = self._commission(event)
        self.summary = self._position_summary()
        return Step(
            time=time,
            event=Event.POSITION_OPENED,
            rule=rule,
            fill=fill,
            text=f"{text}{self._stops(event.sl, event.tp)}. Margin {self._money(event.margin)}"
            f"{self._costs(commission=deal.commission)}.",
            price=self._decimal(price),
            slippage=slippage,
            gap=gap,
            volume=self._lots(position.volume),
            volume_remaining=self._lots(position.volume),
            conditions=conditions,
            calculations=(*margin.calculations, *charged.calculations),
            notes=(*margin.notes, *charged.notes),
            **self._booked(deal),
            **self._quoted(event.quote, _opening_side(order)),
        )

    @_step.register
    def _(self, event: PositionModified, time: int) -> Step:
        before, position = self.position, event.position
        self.position = position
        side, price = _closing_side(position.side), closing_price(position, event.quote)
        conditions: tuple[Condition, ...] = ()
        if event.cause == "trailing_stop":
            rule = Rule.TRAILING_STOP
            self.has_trailed = True
            begins = None if before is None else before.trail_price
            if begins is not None:
                relation = Relation.AT_OR_ABOVE if position.side is Side.BUY else Relation.AT_OR_BELOW
                conditions = (self._condition(side, price, relation, "trail_price", begins),)
            was = "none" if before is None or before.sl is None else self._price(before.sl)
            text = (
                f"The trailing stop moved the stop loss from {was} to {self._price(position.sl)}: "
                f"{position.trailing_stop} points behind the {side} {self._price(price)}."
            )
        else:
            rule = Rule.CLIENT_REQUEST
            changes: list[str] = []
            if before is not None:
                changes += self._change("sl", before.sl, position.sl)
                changes += self._change("tp", before.tp, position.tp)
                if before.trailing_stop != position.trailing_stop:
                    changes.append(
                        f"the trailing stop from {before.trailing_stop or 'none'} to "
                        f"{position.trailing_stop or 'none'} points"
                    )
                if before.sl != position.sl:
                    self.has_trailed = False
            text = f"The client changed {_listed(changes)}; the {side} was {self._price(price)}."
        return Step(
            time=time,
            event=Event.POSITION_MODIFIED,
            rule=rule,
            text=text,
            volume=self._lots(position.volume),
            volume_remaining=self._lots(position.volume),
            conditions=conditions,
            **self._quoted(event.quote, side),
        )

    @_step.register
    def _(self, event: SwapCharged, time: int) -> Step:
        position, instrument = self.position, self._instrument
        if position is not None:
            self.position = replace(position, swap=position.swap + event.amount)
        side = None if position is None else position.side
        explained = self._calculations.charged_swap(instrument, side, event)
        unit = _SWAP_UNITS.get(event.mode, "a lot in money")
        days = "" if event.multiplier == 1 else f", times {_plain(event.multiplier)}"
        verb = "charged" if event.amount < 0 else "paid"
        return Step(
            time=time,
            event=Event.SWAP_CHARGED,
            rule=Rule.ROLLOVER,
            text=f"End of the trading day: swap of {_plain(event.swap)} {unit}{days} on "
            f"{instrument.lots(event.volume)} lots; {verb} {self._money(abs(event.amount))}. "
            "It is kept on the position and booked when that closes.",
            price=None if event.price is None else self._decimal(event.price),
            volume=self._lots(event.volume),
            swap=self._amount(event.amount),
            calculations=explained.calculations,
            notes=explained.notes,
            **self._quoted(event.quote, None if side is None else _closing_side(side)),
        )

    @_step.register
    def _(self, event: PositionReduced, time: int) -> Step:
        deal, instrument, before = event.deal, self._instrument, self.position
        side = event.order.type.side.opposite
        price, volume = deal.price or 0, deal.volume or 0
        price_open = event.price_open
        if price_open is None:
            price_open = before.price_open if before is not None else price
        self._reduce(event)
        is_by = deal.entry is DealEntry.OUT_BY
        market_price = event.quote.bid if side is Side.BUY else event.quote.ask
        slippage = None if is_by else side.sign * (market_price - price)
        rule, fill, gap, why, conditions = self._closing(event, before, side, market_price)
        whole = instrument.lots(volume + event.volume_remaining)
        what = (
            f"{instrument.lots(volume)} lots"
            if not event.volume_remaining
            else (
                f"{instrument.lots(volume)} of {whole} lots, {instrument.lots(event.volume_remaining)} remain"
            )
        )
        explained = [
            self._profit(event, side, price_open),
            self._commission(event),
            Explained()
            if before is None
            else self._calculations.swap_share(instrument, before.swap, volume, before.volume, deal.swap),
        ]
        notes = [note for each in explained for note in each.notes]
        if is_by and not explained[0].calculations:
            notes.insert(0, f"The whole profit of both stands in the deal of position {event.opposite}.")
        tp = None if before is None else before.tp
        if rule is Rule.STOP_LOSS and tp is not None and _is_reached(side, market_price, tp, rises=True):
            notes.append("The same tick reached the take profit too; the stop loss goes first.")
        if rule is Rule.STOP_LOSS and self.has_trailed:
            notes.append("The trailing stop had moved the stop loss there.")
        self.summary = self._position_summary(rule)
        return Step(
            time=time,
            event=Event.POSITION_REDUCED if event.volume_remaining else Event.POSITION_CLOSED,
            rule=rule,
            fill=fill,
            text=f"{why} Closed {what}: profit {self._money(deal.profit)}"
            f"{self._costs(swap=deal.swap, commission=deal.commission)}.",
            opposite=event.opposite,
            price=self._decimal(price),
            slippage=slippage,
            gap=gap,
            volume=self._lots(volume),
            volume_remaining=self._lots(event.volume_remaining),
            conditions=conditions,
            calculations=tuple(each for one in explained for each in one.calculations),
            notes=tuple(notes),
            **self._booked(deal),
            **self._quoted(event.quote, None if is_by else _closing_side(side)),
        )

    def _closing(
        self, event: PositionReduced, before: Position | None, side: Side, market_price: int
    ) -> tuple[Rule, Fill, int | None, str, tuple[Condition, ...]]:
        """The rule that closed a position, its price, points beyond the stop, and the words for it."""
        deal, price = event.deal, event.deal.price or 0
        long, name = _position_word(side), _closing_side(side)
        shown = self._price(price)
        slipped = _slipped(side.sign * (market_price - price))
        if deal.entry is DealEntry.OUT_BY:
            why = (
                f"The client closed the {long} by the opposite position {event.opposite}, at that one's "
                f"opening price {shown}: no spread is paid, and no commission."
            )
            return Rule.CLOSE_BY, Fill.OPPOSITE_PRICE, None, why, ()
        if deal.reason is DealReason.SO:
            stop_out = self._stop_out(event.equity, event.margin)
            why = (
                f"Stop-out{self._because(stop_out)}. Of the positions that could be closed this {long} had "
                f"the largest loss; closed at the {name} {shown}."
            )
            return Rule.STOP_OUT, Fill.SIDE_OF_QUOTE, None, why, stop_out
        if deal.reason is DealReason.CLIENT:
            why = f"The client closed the {long} at the {name} {self._price(market_price)}{slipped}."
            return Rule.CLIENT_REQUEST, Fill.SIDE_OF_QUOTE, None, why, ()
        is_stop = deal.reason is DealReason.SL
        rule = Rule.STOP_LOSS if is_stop else Rule.TAKE_PROFIT
        title = "Stop loss" if is_stop else "Take profit"
        level = None if before is None else before.sl if is_stop else before.tp
        if level is None:
            return rule, Fill.SIDE_OF_QUOTE, None, f"{title} of the {long} reached.", ()
        rises = is_stop is (side is Side.SELL)
        relation = Relation.AT_OR_ABOVE if rises else Relation.AT_OR_BELOW
        condition = self._condition(name, market_price, relation, "sl" if is_stop else "tp", level)
        reached = f"{title} of the {long} reached: {self._said(condition)}; filled at"
        gap = side.sign * (level - price)
        if not is_stop:
            return rule, Fill.OWN_PRICE, gap, f"{reached} its own price {shown}.", (condition,)
        jumped = _jumped(abs(level - market_price), "below" if side is Side.BUY else "above")
        fill = Fill.GAP if market_price != level else Fill.SIDE_OF_QUOTE
        why = f"{reached} the tick's {name} {self._price(market_price)}{jumped}{slipped}."
        return rule, fill, gap, why, (condition,)

    def _reduce(self, event: PositionReduced) -> None:
        """The position as the deal leaves it."""
        if self.position is not None:
            self.position = remaining_position(self.position, event.deal, event.volume_remaining)
        if not event.volume_remaining:
            self.state = State.CLOSED

    def _profit(self, event: PositionReduced, side: Side, price_open: int) -> Explained:
        deal, price, instrument = event.deal, event.deal.price or 0, self._instrument
        volume = deal.volume or 0
        raw = raw_profit(instrument, side, volume, price_open, price)
        if deal.entry is DealEntry.OUT_BY and raw and not deal.profit:
            # The second deal of a close-by has no profit of its own.
            return Explained()
        return self._calculations.profit(
            instrument, side, volume, price_open, price, event.profit_rate, event.profit_path, deal.profit
        )

    def _commission(self, event: PositionOpened | PositionReduced) -> Explained:
        deal = event.deal
        return self._calculations.commission(
            self._instrument,
            deal.volume or 0,
            deal.price or 0,
            event.commission_rate,
            event.commission_path,
            deal.commission,
        )

    # ------------------------------------------------------------------ balance

    @_step.register
    def _(self, event: BalanceChanged, time: int) -> Step:
        deal = event.deal
        self.subject, self.state = Subject.DEAL, State.BOOKED
        amount = self._money(abs(deal.profit))
        comment = f" ({deal.comment})" if deal.comment else ""
        if deal.type is DealType.CORRECTION:
            rule = Rule.NEGATIVE_BALANCE_COMPENSATION
            text = f"The balance was below zero with nothing open, and the broker made up for it: {amount}."
        elif deal.profit > 0:
            rule, text = Rule.DEPOSIT, f"Deposit of {amount}{comment}."
        else:
            rule, text = Rule.WITHDRAWAL, f"Withdrawal of {amount}{comment}."
        self.summary = text
        return Step(time=time, event=Event.BALANCE_CHANGED, rule=rule, text=text, **self._booked(deal))

    # ------------------------------------------------------------------ now

    def conclude(self, now: int) -> Step | None:
        """How things stand, if they are not over; and what the ticket names."""
        if self.opened is not None and self.subject is Subject.ORDER and self.asked == self.ticket:
            self.subject = Subject.POSITION
        quote = self.market.quotes.get(self.symbol or "")
        if self.state is State.PLACED and self.order is not None:
            return self._order_now(self.order, quote, now)
        if self.state is State.OPEN and self.position is not None and quote is not None:
            return self._position_now(self.position, quote, now)
        return None

    def _order_now(self, order: Order, quote: Quote | None, now: int) -> Step:
        conditions: tuple[Condition, ...] = ()
        there = f"there is no quote of {order.symbol} yet"
        if quote is not None:
            price = _opening_price(order, quote)
            name = "stop" if order.type.is_stop_limit else "price"
            conditions = (self._reached(order.type, order.price, quote, name),)
            away = abs(price - order.price)
            there = f"the {_opening_side(order)} is {self._price(price)} now, {away} points away"
        return Step(
            time=now,
            event=Event.ORDER_NOW,
            rule=Rule.WAITING,
            text=f"{self._waits(order)}; {there}.",
            order=order.ticket,
            volume=self._lots(order.volume),
            conditions=conditions,
            **self._quoted(quote, _opening_side(order)),
        )

    def _position_now(self, position: Position, quote: Quote, now: int) -> Step:
        market, account, instrument = self.market, self.account, self._instrument
        side, price = position.side, closing_price(position, quote)
        name = _closing_side(side)
        raw = raw_profit(instrument, side, position.volume, position.price_open, price)
        path = profit_path(market, instrument, account, side, raw) or ()
        profit = self._calculations.profit(
            instrument,
            side,
            position.volume,
            position.price_open,
            price,
            market.rate_of(path),
            path,
            position_profit(market, account, position),
            is_deal=False,
        )
        margin = self._calculations.margin(
            instrument,
            side,
            position.volume,
            position.price_open,
            position.margin_rate,
            () if self.opened is None else self.opened.margin_path,
            position_margin(instrument, account, position),
        )
        conditions, waits = [], []
        for level, limit, rises in (
            ("sl", position.sl, side is Side.SELL),
            ("tp", position.tp, side is Side.BUY),
        ):
            if limit is not None:
                relation = Relation.AT_OR_ABOVE if rises else Relation.AT_OR_BELOW
                conditions.append(self._condition(name, price, relation, level, limit))
                waits.append(
                    f"{name} {relation.sign} {level} {self._price(limit)} ({abs(price - limit)} points away)"
                )
        closes = f"It closes when {' or '.join(waits)}." if waits else "It has neither sl nor tp."
        trail = ""
        if (begins := position.trail_price) is not None:
            relation = Relation.AT_OR_ABOVE if side is Side.BUY else Relation.AT_OR_BELOW
            conditions.append(self._condition(name, price, relation, "trail_price", begins))
            trail = (
                f" The trailing stop moves the stop loss when {name} {relation.sign} {self._price(begins)}."
            )
        floating = position_profit(market, account, position)
        self.summary = f"{self._position_summary().rstrip('.')}; profit now {self._money(floating)}."
        return Step(
            time=now,
            event=Event.POSITION_NOW,
            rule=Rule.WAITING,
            text=f"The {name} is {self._price(price)}: profit {self._money(floating)}"
            f"{self._costs(swap=position.swap)}. {closes}{trail}",
            order=position.ticket,
            price=self._decimal(price),
            volume=self._lots(position.volume),
            volume_remaining=self._lots(position.volume),
            profit=self._amount(floating),
            swap=self._amount(position.swap),
            commission=self._amount(position.commission),
            conditions=tuple(conditions),
            calculations=(*profit.calculations, *margin.calculations),
            notes=(*profit.notes, *margin.notes),
            **self._quoted(quote, name),
        )

    # ------------------------------------------------------------------ words and numbers

    def _position_summary(self, rule: Rule | None = None) -> str:
        opened = self.opened
        if opened is None:
            return f"Position {self.ticket}."
        instrument, side = self._instrument, opened.order.type.side
        begun = (
            f"{'Long' if side is Side.BUY else 'Short'} {instrument.lots(opened.order.volume)} lots of "
            f"{instrument.symbol} from {self._price(opened.deal.price)}"
        )
        if self.state is State.CLOSED and rule is not None:
            return f"{begun}, closed {_CLOSED[rule]}: {self._money(self.total)} in all."
        return f"{begun}, open."

    def _order_name(self, order: Order) -> str:
        """`Buy limit of 0.5 lots of EURUSD at 1.08000`."""
        instrument = self._instrument
        limit = "" if order.price_stop_limit is None else f", limit {self._price(order.price_stop_limit)}"
        return (
            f"{_words(order.type).capitalize()} of {instrument.lots(order.volume)} lots of "
            f"{instrument.symbol} at {self._price(order.price)}{limit}"
        )

    def _waits(self, order: Order) -> str:
        """What the order waits for."""
        relation = _relation(order.type)
        does = "Becomes a limit order" if order.type.is_stop_limit else "Fills"
        return f"{does} when {_opening_side(order)} {relation.sign} {self._price(order.price)}"

    def _reached(self, kind: OrderType, price: int, quote: Quote, name: str) -> Condition:
        side = PriceSide.ASK if kind.side is Side.BUY else PriceSide.BID
        value = quote.ask if kind.side is Side.BUY else quote.bid
        return self._condition(side, value, _relation(kind), name, price)

    def _condition(
        self, side: PriceSide, value: int, relation: Relation, limit_name: str, limit: int
    ) -> Condition:
        return Condition(
            name=side.value,
            value=self._decimal(value),
            relation=relation,
            limit_name=limit_name,
            limit=self._decimal(limit),
        )

    def _said(self, condition: Condition) -> str:
        """`bid 1.07995 ≤ sl 1.08000`."""
        digits = self._instrument.digits
        return (
            f"{condition.name} {condition.value:.{digits}f} {condition.relation.sign} "
            f"{condition.limit_name} {condition.limit:.{digits}f}"
        )

    def _stop_out(self, equity: int | None, margin: int | None) -> tuple[Condition, ...]:
        if equity is None or margin is None:
            return ()
        return (
            Condition(
                name="equity",
                value=self._amount(equity),
                relation=Relation.BELOW,
                limit_name="margin * stop_out_level / 100",
                limit=self._amount(margin) * self.account.stop_out_level / 100,
            ),
        )

    def _because(self, stop_out: tuple[Condition, ...]) -> str:
        if not stop_out:
            return ""
        (condition,) = stop_out
        level = _plain(self.account.stop_out_level)
        return f": equity {condition.value:,f} < {condition.limit:,f}, which is {level} % of the margin"

    def _change(self, name: str, before: int | None, after: int | None) -> Iterable[str]:
        if before == after:
            return ()
        shown = ["none" if each is None else self._price(each) for each in (before, after)]
        return (f"the {name} from {shown[0]} to {shown[1]}",)

    def _stops(self, sl: int | None, tp: int | None) -> str:
        set_ = [f"{name} {self._price(each)}" for name, each in (("sl", sl), ("tp", tp)) if each is not None]
        return f"; {', '.join(set_)}" if set_ else ""

    def _costs(self, *, swap: int = 0, commission: int = 0) -> str:
        parts = [
            f"{name} {self._money(each)}"
            for name, each in (("swap", swap), ("commission", commission))
            if each
        ]
        return f", {', '.join(parts)}" if parts else ""

    def _money(self, amount: int) -> str:
        return f"{format_amount(amount, self.account.digits)} {self.account.currency}"

    def _amount(self, amount: int) -> Decimal:
        return Decimal(amount).scaleb(-self.account.digits)

    def _price(self, points: int | None) -> str:
        return "none" if points is None else self._instrument.price(points)

    def _decimal(self, points: int) -> Decimal:
        return Decimal(points).scaleb(-self._instrument.digits)

    def _lots(self, steps: int) -> Decimal:
        return self._instrument.volume_step * steps

    def _quoted(self, quote: Quote | None, side: PriceSide | None) -> dict[str, Any]:
        return {"quote": quote, "side": None if quote is None else side}

    def _booked(self, deal: Deal) -> dict[str, Any]:
        return {
            "profit": self._amount(deal.profit),
            "swap": self._amount(deal.swap),
            "commission": self._amount(deal.commission),
        }


def _subject_of(event: Any) -> int | None:
    """The ticket of the order and the position that a story is about."""
    match event:
        case PositionReduced():
            return event.deal.position
        case PositionModified():
            return event.position.ticket
        case SwapCharged():
            return event.position
    ticket: int = event.order.ticket
    return ticket


def _rule_of(kind: OrderType) -> Rule:
    return Rule[kind.name]


def _relation(kind: OrderType) -> Relation:
    falls = kind.is_limit is (kind.side is Side.BUY)
    return Relation.AT_OR_BELOW if falls else Relation.AT_OR_ABOVE


def _is_reached(side: Side, market_price: int, level: int, *, rises: bool) -> bool:
    """Whether a price stands at or beyond a level on the profitable (`rises`) side of a position."""
    return side.sign * (market_price - level) >= 0 if rises else side.sign * (market_price - level) <= 0


def _opening_side(order: Order) -> PriceSide:
    return PriceSide.ASK if order.type.side is Side.BUY else PriceSide.BID


def _opening_price(order: Order, quote: Quote) -> int:
    return quote.ask if order.type.side is Side.BUY else quote.bid


def _closing_side(side: Side) -> PriceSide:
    return PriceSide.BID if side is Side.BUY else PriceSide.ASK


def _position_word(side: Side) -> str:
    return "long" if side is Side.BUY else "short"


def _deals(side: Side) -> str:
    return "buys" if side is Side.BUY else "sells"


def _words(kind: OrderType) -> str:
    return kind.name.lower().replace("_", " ")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _moment(time: int) -> str:
    return datetime.fromtimestamp(time // 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _listed(changes: Sequence[str]) -> str:
    return " and ".join(changes) if changes else "what is not told here"


def _jumped(points: int, where: str) -> str:
    if not points:
        return ""
    return f", {points} {_points(points)} {where} the stop because the market jumped"


def _slipped(points: int) -> str:
    if not points:
        return ""
    return f", with {points} {_points(points)} of slippage" if points > 0 else ""


def _points(count: int) -> str:
    return "point" if abs(count) == 1 else "points"
