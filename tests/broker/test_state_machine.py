"""Random lives of two brokers, the fast one and the naive one, which must agree in everything at all times.

`REACHED` counts what happened over the whole run; `test_fast_and_naive_broker_agree` ends with a look at it,
so that the machine cannot become tame without anybody noticing.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from broker import naive_money
from broker.naive_broker import NaiveBroker
from broker.reference import rounded
from broker.scenery import SOAK, fold
from broker.specifications import BEGINNINGS, INSTRUMENTS, START
from tradyn.broker.accounts import Account, evolve
from tradyn.broker.commands import (
    UNCHANGED,
    CancelOrder,
    ChangeBalance,
    CloseAll,
    CloseBy,
    ClosePosition,
    CloseResultFilter,
    Command,
    ModifyOrder,
    ModifyPosition,
    PlaceMarketOrder,
    PlaceOrder,
    ResetAccount,
)
from tradyn.broker.deals import Deal, DealEntry
from tradyn.broker.engine import Broker
from tradyn.broker.instruments import Instrument, TradeMode
from tradyn.broker.market import Quote
from tradyn.broker.money import Rate
from tradyn.broker.options import HedgedMargin, LimitFill, Options
from tradyn.broker.orders import TRANSITIONS, Order, OrderState, OrderType, Side
from tradyn.broker.positions import Position
from tradyn.broker.transactions import AccountOpened, Transaction

SEQUENCES, STEPS = 200, 60
CURRENCIES = {1: "USD", 2: "EUR", 3: "JPY"}
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000

REACHED: Counter[str] = Counter()

# ---------------------------------------------------------------------- what is drawn

logins = st.sampled_from(sorted(CURRENCIES))
symbols = st.sampled_from(sorted(INSTRUMENTS))
sides = st.sampled_from(list(Side))
picks = st.integers(0, 30)
pauses = st.sampled_from((0, 0, 1, SECOND, SECOND, MINUTE, 50 * MINUTE))
# Of the free margin, in hundredths; 100 takes the last step there is margin for, 101 one more.
shares = st.sampled_from((1, 3, 5, 10, 10, 20, 40, 95, 100, 101))
# In points, or (from 1,000 on) in millionths of the price; negative ones are on the wrong side.
offsets = st.sampled_from((0, 1, 8, 20, 30, 41, 60, 100, 1_000, 1_000, 3_000, 10_000, -1, -10_000))
maybe_offsets = st.none() | offsets
spreads = st.sampled_from((10, 0, 1, 4, 10, 10, 200))
# One in eight is asked whatever the hour and however old the quote.
regardless = st.integers(0, 7).map(lambda each: each == 7)
trailing_stops = st.sampled_from((None, 0, -5, 1, 8, 20, 30, 100, 400))
deviations = st.sampled_from((None, None, None, 0, 2, 5))
arrivals = st.sampled_from((None, None, None, 0, 1, 3, -4))
names = st.sampled_from((None, "c-1"))


@st.composite
def profiles(draw: st.DrawFn) -> Options:
    return Options(
        hedged_margin=draw(st.sampled_from(list(HedgedMargin))),
        limit_fill=draw(st.sampled_from(list(LimitFill))),
        negative_balance_compensation=draw(st.booleans()),
        max_quote_age_s=draw(st.sampled_from((0, 0, 3_600))),
        max_orders=draw(st.sampled_from((500, 0, 3))),
    )


@st.composite
def openings(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "leverage": draw(st.sampled_from((100, 30, 500))),
        "stop_out_level": Decimal(draw(st.sampled_from((50, 20, 0, 100, 120)))),
        "wealth": draw(st.sampled_from((10_000, 3_000, 100_000, 10_000, 30_000, 0))),
    }


# ---------------------------------------------------------------------- the machine


def holds(attribute: str) -> Callable[[TwoBrokers], bool]:
    """Whether any account has `positions`, or `orders`."""
    return lambda machine: any(getattr(each.account, attribute) for each in machine.naive.ledgers.values())


class TwoBrokers(RuleBasedStateMachine):
    @initialize(
        options=profiles(),
        accounts=st.tuples(openings(), openings(), openings()),
        now=st.sampled_from(BEGINNINGS),
        slippage=st.sampled_from((0, 0, 3)),
        late=st.sampled_from((*[None] * 20, *sorted(INSTRUMENTS))),
    )
    def begin(
        self,
        options: Options,
        accounts: tuple[dict[str, Any], ...],
        now: int,
        slippage: int,
        late: str | None,
    ) -> None:
        self.now = now
        self.slippage = slippage
        self.fast = Broker(dict(INSTRUMENTS), options)
        self.naive = NaiveBroker(dict(INSTRUMENTS), options)
        self.journal: list[Transaction] = []
        self.folded: dict[int, Account] = {}
        self.deals: dict[int, list[Deal]] = {login: [] for login in CURRENCIES}
        self.orders: dict[int, dict[int, Order]] = {login: {} for login in CURRENCIES}
        self.story: dict[int, list[tuple[int, str]]] = {login: [] for login in CURRENCIES}
        self.volumes: Counter[tuple[int, int]] = Counter()
        self.compared: Counter[int] = Counter()
        for (login, currency), opening in zip(CURRENCIES.items(), accounts, strict=True):
            event = AccountOpened(
                login=login,
                name=f"Account {login}",
                currency=currency,
                leverage=opening["leverage"],
                margin_call_level=Decimal(100),
                stop_out_level=opening["stop_out_level"],
                initial_balance=opening["wealth"] * (150 if currency == "JPY" else 100),
            )
            self.follow(self.fast.open_account(event, now).transactions)
            self.naive.open_account(event, now)
        for symbol, price in START.items():
            if symbol != late:
                self.send(Quote(symbol, price, price + 10, now))
        REACHED[f"hedged_margin {options.hedged_margin}"] += 1
        REACHED[f"limit_fill {options.limit_fill}"] += 1
        REACHED[f"compensation {options.negative_balance_compensation}"] += 1

    # ------------------------------------------------------------------ both at once

    def pass_time(self, pause: int) -> None:
        self.now += pause
        self.follow(self.fast.on_time(self.now))
        self.naive.on_time(self.now)

    def send(self, quote: Quote) -> None:
        self.now = quote.time
        due = self.fast.next_due()
        quiet = (due is None or due > quote.time) and self.fast.is_quiet(
            quote.symbol, quote.bid, quote.bid, quote.ask, quote.ask
        )
        before = sum(len(each.story) for each in self.naive.ledgers.values())
        self.follow(self.fast.on_quote(quote, lambda: self.slippage))
        self.naive.on_quote(quote, self.slippage)
        after = sum(len(each.story) for each in self.naive.ledgers.values())
        assert not quiet or after == before, "a quote that was said to be quiet was none"
        assert self.fast.market.quotes == self.naive.market.quotes

    def ask(self, login: int, command: Command, arrival: Quote | None = None) -> None:
        self.pass_time(0)
        outcome = self.fast.execute(login, command, self.now, slippage=lambda: self.slippage, arrival=arrival)
        self.follow(outcome.transactions)
        answer = self.naive.execute(login, command, self.now, self.slippage, arrival)
        refusal = outcome.refusal
        code = refusal.code if refusal else None
        assert code == answer.code, (code, answer.code)
        assert [(each.ticket, each.code) for each in outcome.failures] == answer.failures
        if refusal is not None:
            assert outcome.transactions == ()
            REACHED[f"refusal {refusal.code}"] += 1
            if refusal.code in WITH_NUMBERS:
                assert any(each.isdigit() for each in refusal.message), refusal.message
        else:
            REACHED[f"done {type(command).__name__}"] += 1
        for _, code in answer.failures:
            REACHED[f"left open {code}"] += 1

    def follow(self, transactions: Any) -> None:
        """Keep what the fast broker says, and hold it against what must always be so."""
        for each in transactions:
            self.journal.append(each)
            evolve(self.folded.setdefault(each.account, Account(login=each.account)), each)
            event, login = each.event, each.account
            name = type(event).__name__
            if hasattr(event, "cause") and name == "PositionModified":
                name = f"{name} {event.cause}"
            self.story[login].append((each.time, name))
            REACHED[name] += 1
            if hasattr(event, "order"):
                self.follow_order(login, event.order)
            if hasattr(event, "deal"):
                self.follow_deal(login, event.deal)

    def follow_order(self, login: int, order: Order) -> None:
        known = self.orders[login].get(order.ticket)
        if known is None:
            assert order.state in (OrderState.PLACED, OrderState.FILLED)
        else:
            assert order.state in TRANSITIONS[known.state]
        self.orders[login][order.ticket] = order
        REACHED[f"{order.type.name} {order.state}"] += 1

    def follow_deal(self, login: int, deal: Deal) -> None:
        assert deal.ticket not in self.orders[login]
        assert all(deal.ticket != each.ticket for each in self.deals[login])
        self.deals[login].append(deal)
        REACHED[f"{deal.type} {deal.entry} {deal.reason}"] += 1
        if deal.position is not None and deal.volume is not None:
            sign = 1 if deal.entry is DealEntry.IN else -1
            self.volumes[login, deal.position] += sign * deal.volume

    # ------------------------------------------------------------------ where things stand

    def account(self, login: int) -> Account:
        return self.naive.ledgers[login].account

    def spec(self, symbol: str) -> Instrument:
        return self.naive.market.instruments[symbol]

    def near(self, symbol: str, points: int, offset: int) -> int:
        """A price in points, `offset` away from `points`."""
        return max(points + (offset if abs(offset) < 1_000 else points * offset // 1_000_000), 1)

    def price(self, symbol: str, points: int) -> Decimal:
        return Decimal(points).scaleb(-self.spec(symbol).digits)

    def side_price(self, symbol: str, *, ask: bool) -> int:
        quote = self.naive.market.quotes.get(symbol)
        if quote is None:
            return START[symbol]
        return quote.ask if ask else quote.bid

    def stop(self, symbol: str, points: int, offset: int | None, direction: int) -> Decimal | None:
        if offset is None:
            return None
        moved = self.near(symbol, points, offset) - points
        return self.price(symbol, max(points + direction * moved, 1))

    def volume(self, login: int, symbol: str, side: Side, share: int) -> Decimal:
        """In lots, so that about `share` hundredths of the free margin are needed."""
        account, spec = self.account(login), self.spec(symbol)
        try:
            needed = self.margin_of_steps(account, spec, side, 1_000)
        except naive_money.NoRate:
            needed = 0
        free = max(self.naive.figures(login).margin_free, 0)
        steps = free * 1_000 // needed if needed else 100
        steps = steps * share // 100 if share < 100 else steps + share - 100
        most = spec.volume_max + (1 if share > 100 else 0)
        return min(max(steps, spec.volume_min), most) * spec.volume_step

    def margin_of_steps(self, account: Account, spec: Instrument, side: Side, steps: int) -> int:
        price = self.side_price(spec.symbol, ask=side is Side.BUY)
        market = self.naive.market
        conversion = naive_money.margin_rate(market, account, spec, side, price)
        order = Order(
            ticket=0,
            symbol=spec.symbol,
            type=OrderType.BUY if side is Side.BUY else OrderType.SELL,
            state=OrderState.PLACED,
            volume=steps,
            price=price,
            sl=None,
            tp=None,
            expiration=None,
            time_setup=0,
            time_done=None,
            position=None,
            magic=0,
            comment="",
            client_order_id=None,
        )
        new = naive_money.position_of(order, price, conversion, time=0, commission=0)
        return naive_money.own_margin(market, account, new)

    def ticket(self, held: Any, pick: int) -> int:
        """One that is held, now and then one that is not."""
        return sorted(held)[pick % len(held)] if held and pick < 30 else 99_999

    def holder(self, login: int, attribute: str) -> int:
        """The login, or the next one that holds anything of the kind."""
        for each in (login, *CURRENCIES):
            if getattr(self.account(each), attribute):
                return each
        return login

    # ------------------------------------------------------------------ time and ticks

    def tick(self, symbol: str, bid: int, spread: int, pause: int) -> None:
        bid = min(max(bid, START[symbol] // 3), START[symbol] * 3)
        if symbol in ("XAUUSD", "NVDA"):
            spread = spread // 4
        self.send(Quote(symbol, bid, bid + spread, self.now + pause))

    @rule(symbol=symbols, millionths=st.integers(-500, 500), spread=spreads, pause=pauses)
    def drift(self, symbol: str, millionths: int, spread: int, pause: int) -> None:
        bid = self.side_price(symbol, ask=False)
        self.tick(symbol, bid + bid * millionths // 1_000_000, spread, pause)

    @rule(symbol=symbols, thousandths=st.integers(-30, 30), spread=spreads, pause=pauses)
    def gap(self, symbol: str, thousandths: int, spread: int, pause: int) -> None:
        bid = self.side_price(symbol, ask=False)
        self.tick(symbol, bid + bid * thousandths // 1_000, spread, pause)

    @rule(
        login=logins,
        pick=picks,
        what=picks,
        by=st.sampled_from((0, 0, -1, 1, 300, -300)),
        spread=spreads,
        pause=pauses,
    )
    def touch(self, login: int, pick: int, what: int, by: int, spread: int, pause: int) -> None:
        """A quote at, or a point beside, a price that something waits for."""
        account = self.account(login)
        waiting: list[tuple[str, int, bool]] = []
        for position in account.positions.values():
            long = position.side is Side.BUY
            for stop in (position.sl, position.tp):
                if stop is not None:
                    waiting.append((position.symbol, stop, not long))
        for order in account.orders.values():
            waiting.append((order.symbol, order.price, order.type.side is Side.BUY))
        if waiting:
            symbol, price, ask = waiting[(pick + what) % len(waiting)]
            self.tick(symbol, price + by - (spread if ask else 0), spread, pause)

    @precondition(holds("positions"))
    @rule(login=logins, pick=picks, hundredths=st.integers(90, 110), spread=spreads, pause=pauses)
    def squeeze(self, login: int, pick: int, hundredths: int, spread: int, pause: int) -> None:
        """Against a position, about as far as the account can bear."""
        account = self.account(self.holder(login, "positions"))
        if not account.positions:
            return
        position = account.positions[sorted(account.positions)[pick % len(account.positions)]]
        market = self.naive.market
        figures = naive_money.figures(market, account)
        slack = figures.equity - Fraction(figures.margin) * Fraction(account.stop_out_level) / 100
        here = self.side_price(position.symbol, ask=position.side is Side.SELL)
        far = naive_money.profit(market, account, position, position.volume, here + here // 100)
        near = naive_money.profit(market, account, position, position.volume, here)
        if far == near or slack <= 0:
            return
        points = -(slack / Fraction(far - near, here // 100)) * hundredths / 100
        target = here + int(min(max(points, -here // 10), here // 10))
        self.tick(position.symbol, target, spread, pause)

    @rule(hours=st.integers(1, 80), minutes=st.sampled_from((0, 0, 17)))
    def wait(self, hours: int, minutes: int) -> None:
        self.pass_time(hours * HOUR + minutes * MINUTE)

    @rule(symbol=symbols, to=st.integers(-1, 1))
    def wait_for_midnight(self, symbol: str, to: int) -> None:
        """A quote at, just before or just after the end of the day."""
        time = (self.now // DAY + 1) * DAY + to
        bid = self.side_price(symbol, ask=False)
        self.send(Quote(symbol, bid + 3, bid + 11, time))

    @precondition(holds("orders"))
    @rule(login=logins, pick=picks, before=st.integers(-1, 1))
    def wait_for_an_expiration(self, login: int, pick: int, before: int) -> None:
        account = self.account(self.holder(login, "orders"))
        times = sorted(each.expiration for each in account.orders.values() if each.expiration)
        if times:
            order = next(each for each in account.orders.values() if each.expiration == times[0])
            ask = order.type.side is Side.BUY
            time = max(times[0] + before, self.now)
            if pick % 2:
                self.tick(order.symbol, order.price - (10 if ask else 0), 10, time - self.now)
            else:
                self.pass_time(time - self.now)

    @rule()
    def next_working_day(self) -> None:
        self.open_up()

    def open_up(self) -> None:
        """To an hour at which everything is open, with fresh quotes."""
        day = self.now // DAY + 1
        while not all(naive_money.in_session(each, day * DAY + 15 * HOUR) for each in INSTRUMENTS.values()):
            day += 1
        self.pass_time(day * DAY + 15 * HOUR - self.now)
        for symbol in INSTRUMENTS:
            bid = self.side_price(symbol, ask=False)
            self.tick(symbol, bid, 4, 0)

    # ------------------------------------------------------------------ commands

    @rule(login=logins, symbol=symbols, side=sides, share=shares)
    def trade(self, login: int, symbol: str, side: Side, share: int) -> None:
        self.trade_plainly(login, self.ready(symbol, False), side, share)

    @rule(login=logins, symbol=symbols, side=sides)
    def hold_more(self, login: int, symbol: str, side: Side) -> None:
        """Little ones, so that there is much to look through."""
        self.trade_plainly(login, self.ready(symbol, False), side, 2)

    def trade_plainly(self, login: int, symbol: str, side: Side, share: int) -> None:
        volume = self.volume(login, symbol, side, share)
        self.ask(login, PlaceMarketOrder(symbol=symbol, side=side, volume=volume))

    def ready(self, symbol: str, regardless: bool) -> str:
        """A symbol that trades now, on a quote that is fresh."""
        if regardless:
            return symbol
        market = self.naive.market
        order = sorted(market.instruments)
        at = order.index(symbol)
        turned = [*order[at:], *order[:at]]
        open_now = [each for each in turned if naive_money.in_session(self.spec(each), self.now)]
        if not open_now:
            self.open_up()
            open_now = [symbol]
        chosen = open_now[0]
        quote = market.quotes.get(chosen)
        oldest = market.options.max_quote_age_s
        if quote is None or (oldest and self.now - quote.time > oldest * SECOND):
            self.tick(chosen, self.side_price(chosen, ask=False), 4, 0)
        return chosen

    def arrival(self, symbol: str, shift: int | None) -> Quote | None:
        quote = self.naive.market.quotes.get(symbol)
        if quote is None or shift is None:
            return None
        return quote._replace(bid=quote.bid + shift, ask=quote.ask + shift)

    @rule(
        login=logins,
        symbol=symbols,
        side=sides,
        share=shares,
        sl=maybe_offsets,
        tp=maybe_offsets,
        deviation=deviations,
        arrival=arrivals,
        name=names,
        anyway=regardless,
    )
    def trade_with_everything(
        self,
        login: int,
        symbol: str,
        side: Side,
        share: int,
        sl: int | None,
        tp: int | None,
        deviation: int | None,
        arrival: int | None,
        name: str | None,
        anyway: bool,
    ) -> None:
        symbol = self.ready(symbol, anyway)
        here = self.side_price(symbol, ask=side is Side.SELL)
        command = PlaceMarketOrder(
            symbol=symbol,
            side=side,
            volume=self.volume(login, symbol, side, share),
            sl=self.stop(symbol, here, sl, -side.sign),
            tp=self.stop(symbol, here, tp, side.sign),
            deviation=deviation,
            magic=share,
            comment="trade",
            client_order_id=name,
        )
        self.ask(login, command, self.arrival(symbol, arrival))

    @rule(
        login=logins,
        symbol=symbols,
        kind=st.sampled_from([each for each in OrderType if not each.is_market]),
        share=shares,
        offset=offsets,
        limit=st.sampled_from((5, 5, 10, 10, 40, 40, 0, -5, None)),
        sl=maybe_offsets,
        tp=maybe_offsets,
        expiration=st.sampled_from((None, None, None, SECOND, HOUR, 9 * HOUR, 2 * DAY, 0)),
        anyway=regardless,
    )
    def order(
        self,
        login: int,
        symbol: str,
        kind: OrderType,
        share: int,
        offset: int,
        limit: int | None,
        sl: int | None,
        tp: int | None,
        expiration: int | None,
        anyway: bool,
    ) -> None:
        symbol = self.ready(symbol, anyway)
        buy = kind.side is Side.BUY
        outward = 1 if kind.is_limit is not buy else -1
        here = self.side_price(symbol, ask=buy)
        own = max(here + outward * (self.near(symbol, here, offset) - here), 1)
        fill, second = own, None
        if kind.is_stop_limit and limit is not None:
            fill = own - kind.side.sign * limit
            second = self.price(symbol, fill)
        elif not kind.is_stop_limit and limit == -5:
            second = self.price(symbol, own)
        command = PlaceOrder(
            symbol=symbol,
            type=kind,
            volume=self.volume(login, symbol, kind.side, share),
            price=self.price(symbol, own),
            price_stop_limit=second,
            sl=self.stop(symbol, fill, sl, -kind.side.sign),
            tp=self.stop(symbol, fill, tp, kind.side.sign),
            expiration=None if expiration is None else self.now + expiration,
            magic=7,
            comment="order",
        )
        self.ask(login, command)

    @precondition(holds("orders"))
    @rule(
        login=logins,
        pick=picks,
        price=maybe_offsets,
        limit=st.sampled_from((None, None, 10, -10)),
        sl=maybe_offsets,
        tp=maybe_offsets,
        keep=st.integers(0, 7),
        expiration=st.sampled_from((None, -1, HOUR, DAY)),
    )
    def change_an_order(
        self,
        login: int,
        pick: int,
        price: int | None,
        limit: int | None,
        sl: int | None,
        tp: int | None,
        keep: int,
        expiration: int | None,
    ) -> None:
        login = self.holder(login, "orders")
        ticket = self.ticket(self.account(login).orders, pick)
        order = self.account(login).orders.get(ticket)
        command = ModifyOrder(ticket=ticket)
        if order is not None:
            symbol, sign = order.symbol, order.type.side.sign
            fill = order.price_fill
            outward = -1 if order.type.is_limit is (sign > 0) else 1
            here = self.side_price(symbol, ask=sign > 0)
            command = ModifyOrder(
                ticket=ticket,
                price=(
                    UNCHANGED
                    if price is None
                    else self.price(symbol, max(here + outward * (self.near(symbol, here, price) - here), 1))
                ),
                price_stop_limit=(
                    UNCHANGED if limit is None else self.price(symbol, max(order.price - sign * limit, 1))
                ),
                sl=UNCHANGED if keep & 1 else self.stop(symbol, fill, sl, -sign),
                tp=UNCHANGED if keep & 2 else self.stop(symbol, fill, tp, sign),
                expiration=(
                    UNCHANGED if keep & 4 else (None if expiration is None else self.now + expiration)
                ),
            )
        self.ask(login, command)

    @precondition(holds("orders"))
    @rule(login=logins, pick=picks)
    def cancel(self, login: int, pick: int) -> None:
        login = self.holder(login, "orders")
        self.ask(login, CancelOrder(ticket=self.ticket(self.account(login).orders, pick)))

    @precondition(holds("positions"))
    @rule(
        login=logins,
        pick=picks,
        sl=maybe_offsets,
        tp=maybe_offsets,
        keep=st.integers(0, 7),
        trailing_stop=trailing_stops,
    )
    def change_a_position(
        self,
        login: int,
        pick: int,
        sl: int | None,
        tp: int | None,
        keep: int,
        trailing_stop: int | None,
    ) -> None:
        login = self.holder(login, "positions")
        ticket = self.ticket(self.account(login).positions, pick)
        position = self.account(login).positions.get(ticket)
        command = ModifyPosition(ticket=ticket)
        if position is not None:
            symbol, sign = position.symbol, position.side.sign
            here = self.side_price(symbol, ask=sign < 0)
            command = ModifyPosition(
                ticket=ticket,
                sl=UNCHANGED if keep & 1 else self.stop(symbol, here, sl, -sign),
                tp=UNCHANGED if keep & 2 else self.stop(symbol, here, tp, sign),
                trailing_stop=UNCHANGED if keep & 4 else trailing_stop,
            )
        self.ask(login, command)

    @precondition(holds("positions"))
    @rule(
        login=logins,
        pick=picks,
        part=st.sampled_from((None, None, 30, 50, 100, 0, 101)),
        deviation=deviations,
        arrival=arrivals,
        name=names,
    )
    def close(
        self,
        login: int,
        pick: int,
        part: int | None,
        deviation: int | None,
        arrival: int | None,
        name: str | None,
    ) -> None:
        login = self.holder(login, "positions")
        ticket = self.ticket(self.account(login).positions, pick)
        position = self.account(login).positions.get(ticket)
        volume, came = None, None
        if position is not None:
            came = self.arrival(position.symbol, arrival)
            if part is not None:
                steps = position.volume * part // 100 + (1 if part > 100 else 0)
                volume = steps * self.spec(position.symbol).volume_step
        command = ClosePosition(ticket=ticket, volume=volume, deviation=deviation, client_order_id=name)
        self.ask(login, command, came)

    @precondition(holds("positions"))
    @rule(login=logins, pick=picks, other=picks, share=shares, name=names)
    def close_by(self, login: int, pick: int, other: int, share: int, name: str | None) -> None:
        """Against an opposite position; one is opened first where there is none."""
        login = self.holder(login, "positions")
        account = self.account(login)
        ticket = self.ticket(account.positions, pick)
        position = account.positions.get(ticket)
        opposites: list[int] = []
        if position is not None:

            def found() -> list[int]:
                return [
                    each.ticket
                    for each in account.positions.values()
                    if (each.symbol, each.side) == (position.symbol, position.side.opposite)
                ]

            opposites = found()
            if not opposites and other % 4:
                volume = self.volume(login, position.symbol, position.side.opposite, share)
                self.ask(
                    login,
                    PlaceMarketOrder(symbol=position.symbol, side=position.side.opposite, volume=volume),
                )
                opposites = found()
        opposite = self.ticket(opposites, other) if opposites else self.ticket(account.positions, other)
        if ticket in account.positions or not account.positions:
            self.ask(login, CloseBy(ticket=ticket, opposite=opposite, client_order_id=name))

    @precondition(holds("positions"))
    @rule(
        login=logins,
        symbol=st.none() | symbols | st.just("NOSUCH"),
        side=st.none() | sides,
        result=st.sampled_from(list(CloseResultFilter)),
        sure=st.integers(0, 2),
    )
    def close_all(
        self, login: int, symbol: str | None, side: Side | None, result: CloseResultFilter, sure: int
    ) -> None:
        login = self.holder(login, "positions")
        if (symbol, side) == (None, None) and sure:
            return
        self.ask(login, CloseAll(symbol=symbol, side=side, result=result, client_order_id="all"))

    @rule(login=logins, hundredths=st.sampled_from((-101, -100, -99, -50, 0, 10, 100)), dust=picks)
    def money(self, login: int, hundredths: int, dust: int) -> None:
        """Deposits, and withdrawals of about all that is free."""
        free = self.naive.figures(login).margin_free
        account = self.account(login)
        base = max(free, 0) if hundredths < 0 else account.initial_balance
        amount = Decimal(base * hundredths // 100).scaleb(-account.digits)
        self.ask(login, ChangeBalance(amount=amount + Decimal(dust) / 1000, comment="money"))

    @precondition(holds("positions"))
    @rule(login=logins, sure=st.integers(0, 9))
    def reset(self, login: int, sure: int) -> None:
        if sure == 0:
            self.ask(login, ResetAccount())

    @rule(login=logins, symbol=st.sampled_from((*INSTRUMENTS, "NOSUCH")), nonsense=st.integers(0, 6))
    def ask_nonsense(self, login: int, symbol: str, nonsense: int) -> None:
        here = START.get(symbol, 100)
        digits = self.spec(symbol).digits if symbol in INSTRUMENTS else 5
        price = Decimal(here).scaleb(-digits)
        command: Command = PlaceOrder(symbol=symbol, type=OrderType.BUY, volume=Decimal(1), price=price)
        if nonsense == 1:
            command = PlaceMarketOrder(symbol=symbol, side=Side.BUY, volume=Decimal("0.015"))
        elif nonsense == 2:
            command = PlaceMarketOrder(symbol=symbol, side=Side.SELL, volume=Decimal(10**6))
        elif nonsense == 3:
            command = PlaceMarketOrder(symbol=symbol, side=Side.BUY, volume=Decimal(1), sl=-price)
        elif nonsense == 4:
            command = PlaceOrder(symbol=symbol, type=OrderType.SELL_STOP, volume=Decimal(1), price=-price)
        elif nonsense == 5:
            command = PlaceOrder(
                symbol=symbol,
                type=OrderType.BUY_STOP_LIMIT,
                volume=Decimal(1),
                price=price * 2,
                price_stop_limit=-price,
            )
        self.ask(login, command)

    # ------------------------------------------------------------------ the server's life

    @rule(symbol=symbols, mode=st.sampled_from(list(TradeMode)), sure=st.integers(0, 3))
    def respecify(self, symbol: str, mode: TradeMode, sure: int) -> None:
        """Another trade mode, as after a restart; mostly the one it began with."""
        mode = mode if sure == 0 else INSTRUMENTS[symbol].trade_mode
        for market in (self.fast.market, self.naive.market):
            known = cast("dict[str, Instrument]", market.instruments)
            known[symbol] = replace(known[symbol], trade_mode=mode)

    @rule()
    def restart(self) -> None:
        """The fast broker goes on from a snapshot; nobody may notice."""
        fresh = Broker(self.fast.market.instruments, self.fast.options)
        fresh.restore(copy.deepcopy(self.folded).values())
        fresh.market.quotes.update(self.fast.market.quotes)
        fresh.settle(self.fast.rolled)
        self.fast = fresh

    # ------------------------------------------------------------------ after every step

    @invariant()
    def both_agree(self) -> None:
        for login, ledger in self.naive.ledgers.items():
            fast, naive = self.fast.accounts[login], ledger.account
            done = self.compared[login]
            assert self.story[login][done:] == ledger.story[done:]
            self.compared[login] = len(ledger.story)
            assert self.deals[login] == ledger.deals
            assert self.orders[login] == {**ledger.ended, **naive.orders}
            assert fast.orders == naive.orders
            assert canonical(fast.positions) == canonical(naive.positions)
            assert (fast.balance, fast.credit, fast.next_ticket) == (
                naive.balance,
                naive.credit,
                naive.next_ticket,
            )
            assert fast == self.folded[login]
            self.figures_agree(login, fast)

    def figures_agree(self, login: int, account: Account) -> None:
        fast, naive = self.fast.figures(account), self.naive.figures(login)
        assert (fast.profit, fast.equity, fast.margin, fast.margin_free) == (
            naive.profit,
            naive.equity,
            naive.margin,
            naive.margin_free,
        )
        if naive.margin_level is None or fast.margin_level is None:
            assert fast.margin_level is naive.margin_level
        else:
            assert Fraction(fast.margin_level) == rounded(naive.margin_level, 2)
        market = self.naive.market
        for position in account.positions.values():
            floating = naive_money.floating(market, self.account(login), position)
            assert self.fast.profit(account, position) == floating
            own = naive_money.own_margin(market, self.account(login), position)
            assert self.fast.margin(account, position) == own

    @invariant()
    def books_balance(self) -> None:
        for login, account in self.fast.accounts.items():
            assert account.balance == sum(each.amount for each in self.deals[login])
            held = {ticket: each.volume for ticket, each in account.positions.items()}
            assert all(each > 0 for each in held.values())
            dealt = {
                ticket: volume
                for (owner, ticket), volume in self.volumes.items()
                if owner == login and volume
            }
            assert dealt == held
            figures = self.fast.figures(account)
            swap = sum(each.swap for each in account.positions.values())
            assert figures.equity == account.balance + account.credit + figures.profit + swap
            assert figures.margin_free == figures.equity - figures.margin

    def teardown(self) -> None:
        if hasattr(self, "journal"):
            assert fold(self.journal) == self.fast.accounts


def canonical(positions: dict[int, Position]) -> dict[int, Position]:
    """With their rates in lowest terms."""
    return {
        ticket: replace(each, margin_rate=Rate(*Fraction(*each.margin_rate).as_integer_ratio()))
        for ticket, each in positions.items()
    }


# ---------------------------------------------------------------------- what the run must have seen

WITH_NUMBERS = {
    "INSUFFICIENT_MARGIN",
    "INVALID_VOLUME",
    "INVALID_CLOSE_VOLUME",
    "LIMIT_VOLUME",
    "LIMIT_ORDERS",
    "INVALID_STOPS",
    "FROZEN",
    "REQUOTE",
}


def test_fast_and_naive_broker_agree() -> None:
    REACHED.clear()
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        TwoBrokers,
        settings=settings(
            max_examples=SEQUENCES * (15 if SOAK else 1),
            stateful_step_count=STEPS,
            derandomize=not SOAK,
            deadline=None,
            database=None,
        ),
    )
    for name, count in sorted(REACHED.items()):
        print(f"{count:7} {name}")
