"""The story of an order and its position, step by step, from the transactions alone.

The narrator follows the order and the position as the transactions change them, so that each step
can name what it was compared with: the stop as it stood, the swap that had come together, the volume
that was left. It knows no more than was recorded; what the journal does not say is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import singledispatchmethod
from typing import Any, Final

from tradyn.broker.accounts import Account, opened_position, remaining_position
from tradyn.broker.calendar import moment
from tradyn.broker.deals import Deal, DealEntry, DealReason, DealType
from tradyn.broker.instruments import SwapMode
from tradyn.broker.margin import position_margin
from tradyn.broker.market import Market, Quote
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
    Calculation,
    Condition,
    Event,
    Explanation,
    Fill,
    Relation,
    Rule,
    State,
    Step,
    Subject,
)
from tradyn.explain.phrases import (
    Phrases,
    closing_side,
    deals,
    is_reached,
    jumped_by,
    listed,
    lowered,
    opened_beyond,
    opening_price,
    opening_side,
    plain,
    points_away,
    position_word,
    rule_of,
    slipped_by,
    words_of,
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
    Rule.RESET: "by a reset of the account",
}

_EQUITY: Final = "Equity is balance + credit + profit and swap of all positions, before this step."

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
    narrator = _Narrator(market, account, ticket, Phrases(market, account))
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
        symbol=narrator.say.symbol,
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
    say: Phrases
    steps: list[Step] = field(default_factory=list)
    subject: Subject = Subject.ORDER
    state: State = State.PLACED
    ticket: int | None = None
    summary: str = ""
    order: Order | None = None
    position: Position | None = None
    opened: PositionOpened | None = None
    total: int = 0
    closings: list[Deal] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    charges: list[int] = field(default_factory=list)
    booked: list[int] = field(default_factory=list)
    has_trailed: bool = False

    @property
    def _calculations(self) -> Calculations:
        return Calculations(self.market, self.account)

    def tell(self, transaction: Transaction) -> None:
        """One more transaction."""
        say = self.say
        event = transaction.event
        order: Order | None = getattr(event, "order", None)
        if order is not None:
            say.symbol = order.symbol
        elif isinstance(event, PositionModified):
            say.symbol = event.position.symbol
        elif isinstance(event, SwapCharged):
            say.symbol = event.symbol
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
        say = self.say
        order = self.order = event.order
        until = "good till cancelled" if order.expiration is None else f"until {moment(order.expiration)}"
        self.summary = f"{say.order_name(order)}, waiting."
        return Step(
            time=time,
            event=Event.ORDER_PLACED,
            rule=Rule.CLIENT_REQUEST,
            text=f"The client placed a {lowered(say.order_name(order))}{say.stops(order.sl, order.tp)}; "
            f"{until}. {say.waits(order)}; the {opening_side(order)} was "
            f"{say.price(opening_price(order, event.quote))}.",
            volume=say.lots(order.volume),
            **say.quoted(event.quote, opening_side(order)),
        )

    @_step.register
    def _(self, event: OrderModified, time: int) -> Step:
        say = self.say
        before, order = self.order, event.order
        self.order = order
        changes: list[str] = []
        if before is not None:
            for name in ("price", "price_stop_limit", "sl", "tp"):
                changes += say.change(name, getattr(before, name), getattr(order, name))
            if before.expiration != order.expiration:
                shown = [
                    "none" if each is None else moment(each) for each in (before.expiration, order.expiration)
                ]
                changes.append(f"the expiration from {shown[0]} to {shown[1]}")
        self.summary = f"{say.order_name(order)}, waiting."
        return Step(
            time=time,
            event=Event.ORDER_MODIFIED,
            rule=Rule.CLIENT_REQUEST,
            text=f"The client changed {listed(changes)}. {say.waits(order)}; the "
            f"{opening_side(order)} was {say.price(opening_price(order, event.quote))}.",
            volume=say.lots(order.volume),
            **say.quoted(event.quote, opening_side(order)),
        )

    @_step.register
    def _(self, event: OrderTriggered, time: int) -> Step:
        say = self.say
        order = self.order = event.order
        kind = OrderType.BUY_STOP_LIMIT if order.type.side is Side.BUY else OrderType.SELL_STOP_LIMIT
        condition = say.reached(kind, event.stop, event.quote, "stop")
        self.summary = f"{say.order_name(order)}, waiting."
        return Step(
            time=time,
            event=Event.ORDER_TRIGGERED,
            rule=rule_of(kind),
            text=f"The stop of the {words_of(kind)} was reached: {say.said(condition)}. From here on it is a "
            f"{words_of(order.type)} at {say.price(order.price)}.",
            volume=say.lots(order.volume),
            conditions=(condition,),
            **say.quoted(event.quote, opening_side(order)),
        )

    @_step.register
    def _(self, event: OrderClosed, time: int) -> Step:
        say = self.say
        order = self.order = event.order
        what, self.state = _ENDED[order.state]
        rule, text, conditions = self._ending(event)
        self.summary = f"{say.order_name(order)}, {order.state}."
        level = self._margin_level(event)
        return Step(
            time=time,
            event=what,
            rule=rule,
            text=text,
            volume=say.lots(order.volume),
            conditions=conditions,
            calculations=() if level is None else (level,),
            notes=() if level is None else (_EQUITY,),
            **say.quoted(event.quote, opening_side(order)),
        )

    def _stop_out(self, event: OrderClosed | PositionReduced) -> tuple[str, tuple[Condition, ...]]:
        """Why there was a stop-out; nothing where the journal does not say."""
        level = self._margin_level(event)
        if level is None or event.equity is None or event.margin is None:
            return "", ()
        condition = self.say.stop_out(level.result)
        return self.say.because(event.equity, event.margin, condition), (condition,)

    def _margin_level(self, event: OrderClosed | PositionReduced) -> Calculation | None:
        """The margin level that led to a stop-out; None without one, and where the journal does not say."""
        if event.equity is None or not event.margin:
            return None
        return self._calculations.margin_level(event.equity, event.margin)

    def _ending(self, event: OrderClosed) -> tuple[Rule, str, tuple[Condition, ...]]:
        say = self.say
        order, name = event.order, words_of(event.order.type)
        if order.state is OrderState.EXPIRED:
            return Rule.EXPIRATION, f"The {name} expired before its price was reached.", ()
        if order.state is OrderState.REJECTED:
            short = event.cause.startswith("Insufficient margin")
            conditions: tuple[Condition, ...] = ()
            reached = ""
            if event.quote is not None:
                conditions = (say.reached(order.type, order.price, event.quote, "price"),)
                reached = f": {say.said(conditions[0])}"
            return (
                Rule.INSUFFICIENT_MARGIN if short else Rule.NOT_EXECUTABLE,
                f"The {name} was reached{reached}; but it was not filled. {event.cause.rstrip('.')}.",
                conditions,
            )
        if event.cause == "stop-out":
            because, conditions = self._stop_out(event)
            return (
                Rule.STOP_OUT,
                f"Stop-out{because}. Pending orders go first, the one that would need the "
                f"most margin before the others: the {name} was deleted.",
                conditions,
            )
        if event.cause == "reset":
            return Rule.RESET, f"The account was reset, and the {name} deleted.", ()
        return Rule.CLIENT_REQUEST, f"The client deleted the {name}.", ()

    # ------------------------------------------------------------------ positions

    @_step.register
    def _(self, event: PositionOpened, time: int) -> Step:
        say = self.say
        order, deal, instrument = event.order, event.deal, say.instrument
        self.order, self.opened = None, event
        position = self.position = opened_position(event)
        self.state = State.OPEN
        side, price = position.side, position.price_open
        market_price = opening_price(order, event.quote)
        slippage = side.sign * (price - market_price)
        conditions: tuple[Condition, ...] = ()
        fill, gap = Fill.SIDE_OF_QUOTE, None
        bought = "Bought" if side is Side.BUY else "Sold"
        lots = f"{say.volume(position.volume)} of {instrument.symbol}"
        if order.type.is_market:
            rule = Rule.MARKET_ORDER
            text = (
                f"{bought} {lots} at {say.price(price)}: a market order {deals(side)} at the "
                f"{opening_side(order)} of the moment, {say.price(market_price)}{slipped_by(slippage)}"
            )
        else:
            rule = rule_of(order.type)
            conditions = (say.reached(order.type, order.price, event.quote, "price"),)
            reached = (
                f"{words_of(order.type).capitalize()} reached: {say.said(conditions[0])}; {lowered(bought)}"
            )
            gap = side.sign * (price - order.price)
            if order.type.is_limit and not gap:
                fill = Fill.OWN_PRICE
                text = f"{reached} {lots} at its own price {say.price(price)}"
            elif order.type.is_limit:
                fill = Fill.BETTER_PRICE
                text = f"{reached} {lots} at the market's better price {say.price(price)}"
            else:
                fill = Fill.GAP if market_price != order.price else Fill.SIDE_OF_QUOTE
                jumped = jumped_by(abs(market_price - order.price), "above" if side is Side.BUY else "below")
                text = (
                    f"{reached} {lots} at {say.price(price)}, the tick's {opening_side(order)}{jumped}"
                    f"{slipped_by(slippage)}"
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
            text=f"{text}{say.stops(event.sl, event.tp)}. Margin {say.money(event.margin)}"
            f"{say.costs(commission=deal.commission)}.",
            price=say.decimal(price),
            slippage=slippage,
            gap=gap,
            volume=say.lots(position.volume),
            volume_remaining=say.lots(position.volume),
            conditions=conditions,
            calculations=(*margin.calculations, *charged.calculations),
            notes=(*margin.notes, *charged.notes),
            **say.booked(deal),
            **say.quoted(event.quote, opening_side(order)),
        )

    @_step.register
    def _(self, event: PositionModified, time: int) -> Step:
        say = self.say
        before, position = self.position, event.position
        self.position = position
        side, price = closing_side(position.side), closing_price(position, event.quote)
        conditions: tuple[Condition, ...] = ()
        if event.cause == "trailing_stop":
            rule = Rule.TRAILING_STOP
            self.has_trailed = True
            begins = None if before is None else before.trail_price
            if begins is not None:
                relation = Relation.AT_OR_ABOVE if position.side is Side.BUY else Relation.AT_OR_BELOW
                conditions = (say.condition(side, price, relation, "trail_price", begins),)
            was = "none" if before is None or before.sl is None else say.price(before.sl)
            text = (
                f"The trailing stop moved the stop loss from {was} to {say.price(position.sl)}: "
                f"{position.trailing_stop} points behind the {side} {say.price(price)}."
            )
        else:
            rule = Rule.CLIENT_REQUEST
            changes: list[str] = []
            if before is not None:
                changes += say.change("sl", before.sl, position.sl)
                changes += say.change("tp", before.tp, position.tp)
                if before.trailing_stop != position.trailing_stop:
                    changes.append(
                        f"the trailing stop from {before.trailing_stop or 'none'} to "
                        f"{position.trailing_stop or 'none'} points"
                    )
                if before.sl != position.sl:
                    self.has_trailed = False
            text = f"The client changed {listed(changes)}; the {side} was {say.price(price)}."
        return Step(
            time=time,
            event=Event.POSITION_MODIFIED,
            rule=rule,
            text=text,
            volume=say.lots(position.volume),
            volume_remaining=say.lots(position.volume),
            conditions=conditions,
            **say.quoted(event.quote, side),
        )

    @_step.register
    def _(self, event: SwapCharged, time: int) -> Step:
        say = self.say
        position, instrument = self.position, say.instrument
        if position is not None:
            self.position = replace(position, swap=position.swap + event.amount)
        self.charges.append(event.amount)
        side = None if position is None else position.side
        explained = self._calculations.charged_swap(instrument, side, event)
        unit = _SWAP_UNITS.get(event.mode, "a lot in money")
        days = "" if event.multiplier == 1 else f", times {plain(event.multiplier)}"
        verb = "charged" if event.amount < 0 else "earned"
        return Step(
            time=time,
            event=Event.SWAP_CHARGED,
            rule=Rule.ROLLOVER,
            text=f"End of the trading day: swap of {plain(event.swap)} {unit}{days} on "
            f"{say.volume(event.volume)}; {verb} {say.money(abs(event.amount))}. "
            "It is kept on the position and booked when that closes.",
            price=None if event.price is None else say.decimal(event.price),
            volume=say.lots(event.volume),
            swap=say.amount(event.amount),
            calculations=explained.calculations,
            notes=explained.notes,
            **say.quoted(event.quote, None if side is None else closing_side(side)),
        )

    @_step.register
    def _(self, event: PositionReduced, time: int) -> Step:
        say = self.say
        deal, instrument, before = event.deal, say.instrument, self.position
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
        what = say.volume(volume)
        if event.volume_remaining:
            left, whole = instrument.lots(event.volume_remaining), say.volume(volume + event.volume_remaining)
            what = f"{instrument.lots(volume)} of {whole}, {left} {'remains' if left == '1' else 'remain'}"
        explained = [
            self._profit(event, side, price_open),
            self._commission(event),
            Explained()
            if before is None
            else self._calculations.swap_share(
                instrument, before.swap, self.charges, self.booked, volume, before.volume, deal.swap
            ),
        ]
        if deal.swap:
            self.booked.append(deal.swap)
        if (level := self._margin_level(event)) is not None:
            explained.append(Explained((level,), (_EQUITY,)))
        notes = [note for each in explained for note in each.notes]
        if event.is_second:
            notes.insert(0, f"The whole profit of both stands in the deal of position {event.opposite}.")
        tp = None if before is None else before.tp
        if rule is Rule.STOP_LOSS and tp is not None and is_reached(side, market_price, tp, rises=True):
            notes.append("The same tick reached the take profit too; the stop loss goes first.")
        if rule is Rule.STOP_LOSS and self.has_trailed:
            notes.append("The trailing stop had moved the stop loss there.")
        self.closings.append(deal)
        self.rules.append(rule)
        self.summary = self._position_summary()
        return Step(
            time=time,
            event=Event.POSITION_REDUCED if event.volume_remaining else Event.POSITION_CLOSED,
            rule=rule,
            fill=fill,
            text=f"{why} Closed {what}: profit {say.money(deal.profit)}"
            f"{say.costs(swap=deal.swap, commission=deal.commission)}.",
            opposite=event.opposite,
            price=say.decimal(price),
            slippage=slippage,
            gap=gap,
            volume=say.lots(volume),
            volume_remaining=say.lots(event.volume_remaining),
            conditions=conditions,
            calculations=tuple(each for one in explained for each in one.calculations),
            notes=tuple(notes),
            **say.booked(deal),
            **say.quoted(event.quote, None if is_by else closing_side(side)),
        )

    def _closing(
        self, event: PositionReduced, before: Position | None, side: Side, market_price: int
    ) -> tuple[Rule, Fill, int | None, str, tuple[Condition, ...]]:
        """The rule that closed a position, its price, points beyond the stop, and the words for it."""
        say = self.say
        deal, price = event.deal, event.deal.price or 0
        long, name = position_word(side), closing_side(side)
        shown = say.price(price)
        slipped = slipped_by(side.sign * (market_price - price))
        if deal.entry is DealEntry.OUT_BY:
            why = (
                f"The client closed the {long} by the opposite position {event.opposite}, at that one's "
                f"opening price {shown}: no spread is paid, and no commission."
            )
            return Rule.CLOSE_BY, Fill.OPPOSITE_PRICE, None, why, ()
        if deal.reason is DealReason.SO:
            because, stop_out = self._stop_out(event)
            why = (
                f"Stop-out{because}. Of the positions that could be closed this {long} had "
                f"the largest loss; closed at the {name} {shown}."
            )
            return Rule.STOP_OUT, Fill.SIDE_OF_QUOTE, None, why, stop_out
        if event.cause == "reset":
            why = f"The account was reset, and the {long} closed at the {name} {shown}."
            return Rule.RESET, Fill.SIDE_OF_QUOTE, None, why, ()
        if deal.reason is DealReason.CLIENT:
            why = f"The client closed the {long} at the {name} {say.price(market_price)}{slipped}."
            return Rule.CLIENT_REQUEST, Fill.SIDE_OF_QUOTE, None, why, ()
        is_stop = deal.reason is DealReason.SL
        rule = Rule.STOP_LOSS if is_stop else Rule.TAKE_PROFIT
        title = "Stop loss" if is_stop else "Take profit"
        level = None if before is None else before.sl if is_stop else before.tp
        if level is None:
            return rule, Fill.SIDE_OF_QUOTE, None, f"{title} of the {long} reached.", ()
        rises = is_stop is (side is Side.SELL)
        relation = Relation.AT_OR_ABOVE if rises else Relation.AT_OR_BELOW
        condition = say.condition(name, market_price, relation, "sl" if is_stop else "tp", level)
        reached = f"{title} of the {long} reached: {say.said(condition)}; filled at"
        gap = side.sign * (level - price)
        if not is_stop:
            return rule, Fill.OWN_PRICE, gap, f"{reached} its own price {shown}.", (condition,)
        beyond = abs(level - market_price)
        where = "below" if side is Side.BUY else "above"
        if (
            before is not None
            and side.sign * (before.price_open - level) <= 0
            and before.time_update == before.time_open
        ):
            jumped = opened_beyond(beyond, where)
        else:
            jumped = jumped_by(beyond, where)
        fill = Fill.GAP if market_price != level else Fill.SIDE_OF_QUOTE
        why = f"{reached} the tick's {name} {say.price(market_price)}{jumped}{slipped}."
        return rule, fill, gap, why, (condition,)

    def _reduce(self, event: PositionReduced) -> None:
        """The position as the deal leaves it."""
        if self.position is not None:
            self.position = remaining_position(self.position, event.deal, event.volume_remaining)
        if not event.volume_remaining:
            self.state = State.CLOSED

    def _profit(self, event: PositionReduced, side: Side, price_open: int) -> Explained:
        say = self.say
        deal, price, instrument = event.deal, event.deal.price or 0, say.instrument
        volume = deal.volume or 0
        if event.is_second:
            # The second deal of a close-by has no profit of its own.
            return Explained()
        return self._calculations.profit(
            instrument, side, volume, price_open, price, event.profit_rate, event.profit_path, deal.profit
        )

    def _commission(self, event: PositionOpened | PositionReduced) -> Explained:
        say = self.say
        deal = event.deal
        return self._calculations.commission(
            say.instrument,
            deal.volume or 0,
            deal.price or 0,
            event.commission_rate,
            event.commission_path,
            deal.commission,
        )

    # ------------------------------------------------------------------ balance

    @_step.register
    def _(self, event: BalanceChanged, time: int) -> Step:
        say = self.say
        deal = event.deal
        self.subject, self.state = Subject.DEAL, State.BOOKED
        amount = say.money(abs(deal.profit))
        comment = f" ({deal.comment})" if deal.comment else ""
        if deal.type is DealType.CORRECTION:
            rule = Rule.NEGATIVE_BALANCE_COMPENSATION
            text = (
                f"The balance was {say.money(-deal.profit)} with nothing open, and the broker made up for it "
                f"with {amount}: it is {say.money(0)} now."
            )
        elif event.cause == "reset":
            rule = Rule.RESET
            text = (
                f"The account was reset: {say.money(deal.profit)} bring the balance back to where it began."
            )
        elif deal.profit > 0:
            rule, text = Rule.DEPOSIT, f"Deposit of {amount}{comment}."
        else:
            rule, text = Rule.WITHDRAWAL, f"Withdrawal of {amount}{comment}."
        self.summary = text
        return Step(time=time, event=Event.BALANCE_CHANGED, rule=rule, text=text, **say.booked(deal))

    # ------------------------------------------------------------------ now

    def conclude(self, now: int) -> Step | None:
        """How things stand, if they are not over; and what the ticket names."""
        say = self.say
        if self.opened is not None and self.subject is Subject.ORDER and self.asked == self.ticket:
            self.subject = Subject.POSITION
        quote = self.market.quotes.get(say.symbol or "")
        if self.state is State.PLACED and self.order is not None:
            return self._order_now(self.order, quote, now)
        if self.state is State.OPEN and self.position is not None and quote is not None:
            return self._position_now(self.position, quote, now)
        return None

    def _order_now(self, order: Order, quote: Quote | None, now: int) -> Step:
        say = self.say
        conditions: tuple[Condition, ...] = ()
        there = f"there is no quote of {order.symbol} yet"
        if quote is not None:
            price = opening_price(order, quote)
            name = "stop" if order.type.is_stop_limit else "price"
            conditions = (say.reached(order.type, order.price, quote, name),)
            there = f"the {opening_side(order)} is {say.price(price)} now, {points_away(price, order.price)}"
        return Step(
            time=now,
            event=Event.ORDER_NOW,
            rule=Rule.WAITING,
            text=f"{say.waits(order)}; {there}.",
            order=order.ticket,
            volume=say.lots(order.volume),
            conditions=conditions,
            **say.quoted(quote, opening_side(order)),
        )

    def _position_now(self, position: Position, quote: Quote, now: int) -> Step:
        say = self.say
        market, account, instrument = self.market, self.account, say.instrument
        side, price = position.side, closing_price(position, quote)
        name = closing_side(side)
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
                conditions.append(say.condition(name, price, relation, level, limit))
                waits.append(
                    f"{name} {relation.sign} {level} {say.price(limit)} ({points_away(price, limit)})"
                )
        closes = f"It closes when {' or '.join(waits)}." if waits else "It has neither sl nor tp."
        trail = ""
        if (begins := position.trail_price) is not None:
            relation = Relation.AT_OR_ABOVE if side is Side.BUY else Relation.AT_OR_BELOW
            conditions.append(say.condition(name, price, relation, "trail_price", begins))
            trail = f" The trailing stop moves the stop loss when {name} {relation.sign} {say.price(begins)}."
        floating = position_profit(market, account, position)
        self.summary = (
            f"{self._position_summary().rstrip('.')}; profit now {say.money(floating)}"
            f"{say.costs(swap=position.swap)}."
        )
        return Step(
            time=now,
            event=Event.POSITION_NOW,
            rule=Rule.WAITING,
            text=f"The {name} is {say.price(price)}: profit {say.money(floating)}"
            f"{say.costs(swap=position.swap)}. {closes}{trail}",
            order=position.ticket,
            price=say.decimal(price),
            volume=say.lots(position.volume),
            volume_remaining=say.lots(position.volume),
            profit=say.amount(floating),
            swap=say.amount(position.swap),
            commission=say.amount(position.commission),
            conditions=tuple(conditions),
            calculations=(*profit.calculations, *margin.calculations),
            notes=(*profit.notes, *margin.notes),
            **say.quoted(quote, name),
        )

    # ------------------------------------------------------------------ words and numbers

    def _position_summary(self) -> str:
        say = self.say
        opened = self.opened
        if opened is None:
            return f"Position {self.ticket}."
        instrument, side = say.instrument, opened.order.type.side
        held, volume = position_word(side).capitalize(), say.volume(opened.order.volume)
        what = f"{instrument.symbol} from {say.price(opened.deal.price)}"
        if self.state is State.CLOSED:
            parts = f" in {len(self.closings)} parts" if len(self.closings) > 1 else ""
            # Each way once, in the order of the first time.
            ways = " and ".join(dict.fromkeys(_CLOSED[each] for each in self.rules))
            return f"{held} {volume} of {what}, closed{parts} {ways}: {say.money(self.total)} in all."
        if not self.closings or self.position is None:
            return f"{held} {volume} of {what}, open."
        booked = sum(each.amount for each in self.closings)
        verb = "lost" if booked < 0 else "earned"
        return (
            f"{held} {instrument.lots(self.position.volume)} of {volume} of {what}, open; "
            f"{say.money(abs(booked))} {verb} on what was closed."
        )


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
