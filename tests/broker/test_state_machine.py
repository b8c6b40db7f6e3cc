"""Random lives of brokers: the fast one and the naive one must agree in everything at all times.

The run ends with a look at what it has come across, so that it cannot become tame without anybody noticing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from broker import naive_money
from broker.scenery import SOAK
from broker.specifications import BEGINNINGS, INSTRUMENTS, START
from broker.two_brokers import REACHED, TwoBrokers
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
from tradyn.broker.deals import DealReason
from tradyn.broker.instruments import ExpirationMode, Instrument, OrderKind, SwapMode, TradeMode
from tradyn.broker.market import Quote
from tradyn.broker.options import HedgedMargin, LimitFill, Options
from tradyn.broker.orders import Order, OrderState, OrderType, Side
from tradyn.broker.transactions import EVENTS, AccountOpened

RUNS, SEQUENCES, STEPS = 8, 50, 80
CURRENCIES = {1: "USD", 2: "EUR", 3: "JPY"}
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
TO_MIDNIGHT = -1
PENDING = [each for each in OrderType if not each.is_market]

# ---------------------------------------------------------------------- what is drawn

logins = st.sampled_from(sorted(CURRENCIES))
symbols = st.sampled_from(sorted(INSTRUMENTS))
sides = st.sampled_from(list(Side))
picks = st.integers(0, 30)
pauses = st.sampled_from((0, 0, 1, SECOND, SECOND, MINUTE, 20 * MINUTE))
# Of the free margin, in hundredths; 100 takes the last step there is margin for, 101 one more.
shares = st.sampled_from((1, 3, 5, 10, 10, 20, 40, 95, 100, 101))
# Points beyond the nearest price that is allowed, or (from 1,000 on) millionths of the price.
offsets = st.sampled_from((0, 0, 1, 20, 60, 100, 1_000, 1_000, 3_000, 10_000, -1, -10_000))
maybe_offsets = st.none() | offsets
trailing_stops = st.sampled_from((None, 8, 20, 20, 30, 100, 400, 1, 0, -5))
spreads = st.sampled_from((10, 0, 1, 4, 10, 10, 200))
deviations = st.sampled_from((None, None, None, 0, 2, 5))
arrivals = st.sampled_from((None, None, None, 0, 1, 3, -4))
names = st.sampled_from((None, "c-1"))
# One in eight asks without a look at what the symbol allows, at any hour and on any quote.
careless = st.integers(0, 7).map(lambda each: each == 7)


@st.composite
def profiles(draw: st.DrawFn) -> Options:
    return Options(
        hedged_margin=draw(st.sampled_from(list(HedgedMargin))),
        limit_fill=draw(st.sampled_from(list(LimitFill))),
        negative_balance_compensation=draw(st.booleans()),
        max_quote_age_s=draw(st.sampled_from((0, 0, 3_600))),
        max_orders=draw(st.sampled_from((500, 500, 0, 3, 2))),
    )


@st.composite
def openings(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "leverage": draw(st.sampled_from((100, 30, 500))),
        "stop_out_level": Decimal(draw(st.sampled_from((50, 20, 0, 100, 120)))),
        "wealth": draw(st.sampled_from((10_000, 3_000, 100_000, 10_000, 30_000, 0))),
    }


def holds(attribute: str) -> Callable[[Lives], bool]:
    """Whether any account has `positions`, or `orders`."""
    return lambda machine: any(getattr(machine.account(login), attribute) for login in CURRENCIES)


class Lives(TwoBrokers):
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
        self.start(options, slippage, now)
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
            self.open_account(event)
        for symbol, price in START.items():
            if symbol != late:
                self.send(Quote(symbol, price, price + 10, now))
        REACHED[f"hedged_margin {options.hedged_margin}"] += 1
        REACHED[f"limit_fill {options.limit_fill}"] += 1
        REACHED[f"compensation {options.negative_balance_compensation}"] += 1

    # ------------------------------------------------------------------ where things stand

    def spec(self, symbol: str) -> Instrument:
        return self.naive.market.instruments[symbol]

    def price(self, symbol: str, points: int) -> Decimal:
        return Decimal(points).scaleb(-self.spec(symbol).digits)

    def here(self, symbol: str, *, ask: bool) -> int:
        quote = self.naive.market.quotes.get(symbol)
        if quote is None:
            return START[symbol]
        return quote.ask if ask else quote.bid

    def beyond(self, symbol: str, points: int, direction: int, offset: int) -> int:
        """A price further from `points` than the stops level, by the offset; a negative one is too near."""
        far = offset if abs(offset) < 1_000 else points * offset // 1_000_000
        return max(points + direction * (self.spec(symbol).stops_level + far), 1)

    def stop(self, symbol: str, points: int, direction: int, offset: int | None) -> Decimal | None:
        if offset is None:
            return None
        return self.price(symbol, self.beyond(symbol, points, direction, offset))

    def ticket(self, held: Collection[int], pick: int) -> int:
        """One that is held, now and then one that is not."""
        return sorted(held)[pick % len(held)] if held and pick < 30 else 99_999

    def holder(self, login: int, attribute: str) -> int:
        """The login, or the next one that holds anything of the kind."""
        for each in (login, *CURRENCIES):
            if getattr(self.account(each), attribute):
                return each
        return login

    def volume(self, login: int, symbol: str, side: Side, share: int) -> Decimal:
        """In lots, so that about `share` hundredths of the free margin are needed."""
        spec, many = self.spec(symbol), 1_000
        order = Order(
            ticket=0,
            symbol=symbol,
            type=OrderType.BUY if side is Side.BUY else OrderType.SELL,
            state=OrderState.PLACED,
            volume=many,
            price=self.here(symbol, ask=side is Side.BUY),
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
        try:
            needed = naive_money.reserved(self.naive.market, self.account(login), order)
        except naive_money.NoRate:
            needed = 0
        free = max(self.naive.figures(login).margin_free, 0)
        steps = free * many // needed if needed > 0 else 100
        steps = steps * share // 100 if share < 100 else steps + share - 100
        most = spec.volume_max + (1 if share > 100 else 0)
        return min(max(steps, spec.volume_min), most) * spec.volume_step

    # ------------------------------------------------------------------ what a careful client sees to

    def ready(self, symbol: str, *, side: Side | None = None) -> str:
        """The symbol or the next one that may be traded now, on a quote that is fresh."""
        order = sorted(INSTRUMENTS)
        at = order.index(symbol)
        for each in (*order[at:], *order[:at]):
            if naive_money.in_session(self.spec(each), self.now) and self.allows(each, side):
                self.freshen(each)
                return each
        return symbol

    def allows(self, symbol: str, side: Side | None) -> bool:
        modes = {TradeMode.FULL, TradeMode.LONG_ONLY if side is Side.BUY else TradeMode.SHORT_ONLY}
        return side is None or self.spec(symbol).trade_mode in modes

    def freshen(self, symbol: str) -> None:
        quote, oldest = self.naive.market.quotes.get(symbol), self.naive.market.options.max_quote_age_s
        if quote is None or (oldest and self.now - quote.time > oldest * SECOND):
            self.tick(symbol, self.here(symbol, ask=False), 4, 0)

    def allowed_kind(self, symbol: str, kind: OrderType) -> OrderType:
        kinds = self.spec(symbol).order_kinds
        if (kind.is_stop_limit and OrderKind.STOP_LIMIT not in kinds) or (
            kind in (OrderType.BUY_STOP, OrderType.SELL_STOP) and OrderKind.STOP not in kinds
        ):
            return kind.limit
        return kind

    def allowed_stops(self, symbol: str, sl: int | None, tp: int | None) -> tuple[int | None, int | None]:
        kinds = self.spec(symbol).order_kinds
        return (sl if OrderKind.SL in kinds else None, tp if OrderKind.TP in kinds else None)

    def allowed_expiration(self, symbol: str, wait: int | None) -> int | None:
        modes = self.spec(symbol).expiration_modes
        if wait is None:
            return None if ExpirationMode.GTC in modes else HOUR
        return wait if ExpirationMode.SPECIFIED in modes else None

    def expiration(self, wait: int | None) -> int | None:
        if wait == TO_MIDNIGHT:
            return (self.now // DAY + 1) * DAY
        return None if wait is None else self.now + wait

    # ------------------------------------------------------------------ time and ticks

    def tick(self, symbol: str, bid: int, spread: int, pause: int) -> None:
        bid = min(max(bid, START[symbol] // 3), START[symbol] * 3)
        if symbol in ("XAUUSD", "NVDA"):
            spread = spread // 4
        self.send(Quote(symbol, bid, bid + spread, self.now + pause))

    @rule(symbol=symbols, millionths=st.integers(-500, 500), spread=spreads, pause=pauses)
    def drift(self, symbol: str, millionths: int, spread: int, pause: int) -> None:
        bid = self.here(symbol, ask=False)
        self.tick(symbol, bid + bid * millionths // 1_000_000, spread, pause)

    @rule(symbol=symbols, thousandths=st.integers(-30, 30), spread=spreads, pause=pauses)
    def gap(self, symbol: str, thousandths: int, spread: int, pause: int) -> None:
        bid = self.here(symbol, ask=False)
        self.tick(symbol, bid + bid * thousandths // 1_000, spread, pause)

    @precondition(holds("orders"))
    @rule(pick=picks, by=st.sampled_from((0, 0, -1, 1, 300, -300, 60, -60)), spread=spreads, pause=pauses)
    def touch_an_order(self, pick: int, by: int, spread: int, pause: int) -> None:
        """A quote at, just before or well beyond a price that an order waits for."""
        waiting = [order for login in CURRENCIES for order in self.account(login).orders.values()]
        self.reach(waiting[pick % len(waiting)], by, spread, pause)

    def reach(self, order: Order, by: int, spread: int, pause: int) -> None:
        below = spread if order.type.side is Side.BUY else 0
        self.tick(order.symbol, order.price + by - below, spread, pause)

    @precondition(holds("orders"))
    @rule(login=logins, pick=picks, share=st.sampled_from((95, 99, 100)), spread=spreads)
    def overreach(self, login: int, pick: int, share: int, spread: int) -> None:
        """The margin is spent when the order's turn comes."""
        login = self.holder(login, "orders")
        orders = self.account(login).orders
        order = orders[self.ticket(orders, pick % 30)]
        symbol = self.ready(order.symbol, side=order.type.side)
        volume = self.volume(login, symbol, order.type.side, share)
        self.ask(login, PlaceMarketOrder(symbol=symbol, side=order.type.side, volume=volume))
        self.reach(order, 0, spread, 0)

    @precondition(holds("positions"))
    @rule(pick=picks, by=st.sampled_from((0, 0, -1, 1, 300, -300, 60, -60)), spread=spreads, pause=pauses)
    def touch_a_stop(self, pick: int, by: int, spread: int, pause: int) -> None:
        """The same for stops, and for the prices at which trailing stops wake up and move."""
        waiting = []
        for login in CURRENCIES:
            for position in self.account(login).positions.values():
                sign, far = position.side.sign, position.trailing_stop
                prices = [position.sl, position.tp]
                if far is not None:
                    prices += [position.price_open + sign * far, (position.sl or 0) + sign * far or None]
                waiting += [(position.symbol, each, sign < 0) for each in prices if each is not None]
        if waiting:
            symbol, price, ask = waiting[pick % len(waiting)]
            self.tick(symbol, price + by - (spread if ask else 0), spread, pause)

    @precondition(holds("positions"))
    @rule(login=logins, pick=picks, hundredths=st.integers(90, 110), spread=spreads, pause=pauses)
    def squeeze(self, login: int, pick: int, hundredths: int, spread: int, pause: int) -> None:
        """Against a position, about as far as the account can bear."""
        account, market = self.account(self.holder(login, "positions")), self.naive.market
        position = account.positions[self.ticket(account.positions, pick % 30)]
        figures = naive_money.figures(market, account)
        slack = figures.equity - Fraction(figures.margin) * Fraction(account.stop_out_level) / 100
        here = self.here(position.symbol, ask=position.side is Side.SELL)
        away = here - position.side.sign * (here // 100)
        lost = naive_money.profit(market, account, position, position.volume, here)
        lost -= naive_money.profit(market, account, position, position.volume, away)
        if lost <= 0 or slack <= 0:
            return
        points = int(min(slack / lost * hundredths / 100, Fraction(8)) * (here // 100))
        self.tick(position.symbol, here - position.side.sign * points, spread, pause)

    @rule(hours=st.sampled_from((1, 1, 2, 4, 9, 16, 40, 80)), minutes=st.sampled_from((0, 0, 17)))
    def wait(self, hours: int, minutes: int) -> None:
        self.pass_time(hours * HOUR + minutes * MINUTE)

    @rule(symbol=symbols, beside=st.integers(-1, 1))
    def quote_at_midnight(self, symbol: str, beside: int) -> None:
        """A quote at, just before or just after the end of the day."""
        time = max((self.now // DAY + 1) * DAY + beside, self.now)
        self.tick(symbol, self.here(symbol, ask=False) + 3, 8, time - self.now)

    @precondition(holds("orders"))
    @rule(login=logins, beside=st.integers(-1, 1), quoted=st.booleans())
    def wait_for_an_expiration(self, login: int, beside: int, quoted: bool) -> None:
        """To the next one, or beside it; with a quote that would fill the order."""
        account = self.account(self.holder(login, "orders"))
        orders = [each for each in account.orders.values() if each.expiration is not None]
        if not orders:
            return
        first = min(orders, key=lambda each: each.expiration or 0)
        pause = max((first.expiration or 0) + beside - self.now, 0)
        if quoted:
            ask = first.type.side is Side.BUY
            self.tick(first.symbol, first.price - (10 if ask else 0), 10, pause)
        else:
            self.pass_time(pause)

    @rule()
    def next_working_day(self) -> None:
        """To an hour at which everything is open, with fresh quotes."""
        day = self.now // DAY + 1
        at = 15 * HOUR
        while not all(naive_money.in_session(each, day * DAY + at) for each in INSTRUMENTS.values()):
            day += 1
        self.pass_time(day * DAY + at - self.now)
        for symbol in INSTRUMENTS:
            self.tick(symbol, self.here(symbol, ask=False), 4, 0)

    # ------------------------------------------------------------------ opening

    def arrival(self, symbol: str, shift: int | None) -> Quote | None:
        quote = self.naive.market.quotes.get(symbol)
        if quote is None or shift is None:
            return None
        return quote._replace(bid=quote.bid + shift, ask=quote.ask + shift)

    @rule(login=logins, symbol=symbols, side=sides, share=shares)
    def trade(self, login: int, symbol: str, side: Side, share: int) -> None:
        symbol = self.ready(symbol, side=side)
        volume = self.volume(login, symbol, side, share)
        self.ask(login, PlaceMarketOrder(symbol=symbol, side=side, volume=volume))

    @rule(symbol=symbols, side=sides)
    def everybody_trades(self, symbol: str, side: Side) -> None:
        """Little ones, so that there is much to look through."""
        symbol = self.ready(symbol, side=side)
        for login in CURRENCIES:
            volume = self.volume(login, symbol, side, 2)
            self.ask(login, PlaceMarketOrder(symbol=symbol, side=side, volume=volume))

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
        careless=careless,
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
        careless: bool,
    ) -> None:
        if not careless:
            symbol = self.ready(symbol, side=side)
            sl, tp = self.allowed_stops(symbol, sl, tp)
        here = self.here(symbol, ask=side is Side.SELL)
        command = PlaceMarketOrder(
            symbol=symbol,
            side=side,
            volume=self.volume(login, symbol, side, share),
            sl=self.stop(symbol, here, -side.sign, sl),
            tp=self.stop(symbol, here, side.sign, tp),
            deviation=deviation,
            magic=share,
            comment="trade",
            client_order_id=name,
        )
        self.ask(login, command, self.arrival(symbol, arrival))

    @rule(
        login=logins,
        symbol=symbols,
        kind=st.sampled_from(PENDING),
        share=shares,
        offset=offsets,
        limit=st.sampled_from((5, 5, 10, 10, 40, 40, 0, -5, None)),
        sl=maybe_offsets,
        tp=maybe_offsets,
        wait=st.sampled_from((None, None, None, SECOND, HOUR, 9 * HOUR, TO_MIDNIGHT, 2 * DAY, 0)),
        careless=careless,
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
        wait: int | None,
        careless: bool,
    ) -> None:
        side, sign = kind.side, kind.side.sign
        if not careless:
            symbol = self.ready(symbol, side=side)
            kind = self.allowed_kind(symbol, kind)
            sl, tp = self.allowed_stops(symbol, sl, tp)
            wait = self.allowed_expiration(symbol, wait)
        own = self.beyond(symbol, self.here(symbol, ask=sign > 0), self.outward(kind), offset)
        fill = own - sign * limit if kind.is_stop_limit and limit is not None else own
        with_limit = limit is not None if kind.is_stop_limit else careless and limit == 0
        command = PlaceOrder(
            symbol=symbol,
            type=kind,
            volume=self.volume(login, symbol, side, share),
            price=self.price(symbol, own),
            price_stop_limit=self.price(symbol, fill) if with_limit else None,
            sl=self.stop(symbol, fill, -sign, sl),
            tp=self.stop(symbol, fill, sign, tp),
            expiration=self.expiration(wait),
            magic=7,
            comment="order",
        )
        self.ask(login, command)

    @rule(
        symbol=symbols,
        kind=st.sampled_from(PENDING),
        offset=st.sampled_from((0, 20, 300, 1_000)),
        wait=st.sampled_from((HOUR, None, 3 * HOUR, TO_MIDNIGHT)),
    )
    def everybody_orders(self, symbol: str, kind: OrderType, offset: int, wait: int | None) -> None:
        symbol = self.ready(symbol, side=kind.side)
        kind, sign = self.allowed_kind(symbol, kind), kind.side.sign
        price = self.beyond(symbol, self.here(symbol, ask=sign > 0), self.outward(kind), offset)
        wait = self.allowed_expiration(symbol, wait)
        # The first account places two, of the same margin while nothing is held.
        for login, share in ((1, 40), (1, 40), (2, 10), (3, 80)):
            command = PlaceOrder(
                symbol=symbol,
                type=kind,
                volume=self.volume(login, symbol, kind.side, share),
                price=self.price(symbol, price),
                price_stop_limit=self.price(symbol, price - sign * 5) if kind.is_stop_limit else None,
                expiration=self.expiration(wait),
            )
            self.ask(login, command)

    @precondition(holds("positions"))
    @rule(login=logins, pick=picks, kind=st.sampled_from((OrderType.BUY_LIMIT, OrderType.BUY_STOP)))
    def hedge_later(self, login: int, pick: int, kind: OrderType) -> None:
        """An order against a position, far away: it needs no margin, or next to none."""
        login = self.holder(login, "positions")
        held = self.account(login).positions
        position = held[self.ticket(held, pick % 30)]
        symbol, volume = position.symbol, position.volume * self.spec(position.symbol).volume_step
        if position.side is Side.BUY:
            kind = OrderType(kind + 1)
        here = self.here(symbol, ask=kind.side is Side.BUY)
        price = self.price(symbol, self.beyond(symbol, here, self.outward(kind), 50_000))
        self.freshen(symbol)
        self.ask(login, PlaceOrder(symbol=symbol, type=kind, volume=volume, price=price))

    @precondition(holds("positions"))
    @rule(login=logins, pick=picks, spread=spreads)
    def trail_and_add(self, login: int, pick: int, spread: int) -> None:
        """A tick that moves a trailing stop, and fills an order that follows the market."""
        login = self.holder(login, "positions")
        held = self.account(login).positions
        position = held[self.ticket(held, pick % 30)]
        symbol, side, sign = position.symbol, position.side, position.side.sign
        self.freshen(symbol)
        self.ask(login, ModifyPosition(ticket=position.ticket, trailing_stop=40))
        kind = OrderType.BUY_STOP if side is Side.BUY else OrderType.SELL_STOP
        price = self.beyond(symbol, self.here(symbol, ask=sign > 0), sign, 30)
        volume = self.volume(login, symbol, side, 3)
        self.ask(login, PlaceOrder(symbol=symbol, type=kind, volume=volume, price=self.price(symbol, price)))
        beyond = price if sign > 0 else price - spread
        gained = position.price_open + sign * 45 - (0 if sign > 0 else spread)
        self.tick(symbol, max(beyond, gained) if sign > 0 else min(beyond, gained), spread, SECOND)

    @staticmethod
    def outward(kind: OrderType) -> int:
        """Whether the order's price lies above the market (1) or below it (-1)."""
        return -kind.side.sign if kind.is_limit else kind.side.sign

    # ------------------------------------------------------------------ changing

    @precondition(holds("orders"))
    @rule(
        login=logins,
        pick=picks,
        price=maybe_offsets,
        limit=st.sampled_from((None, None, None, 10, -10)),
        sl=maybe_offsets,
        tp=maybe_offsets,
        keep=st.integers(0, 7),
        wait=st.sampled_from((None, HOUR, DAY, TO_MIDNIGHT, -HOUR)),
        careless=careless,
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
        wait: int | None,
        careless: bool,
    ) -> None:
        login = self.holder(login, "orders")
        ticket = self.ticket(self.account(login).orders, pick)
        order = self.account(login).orders.get(ticket)
        if order is None:
            self.ask(login, ModifyOrder(ticket=ticket))
            return
        symbol, sign = order.symbol, order.type.side.sign
        if not careless:
            self.freshen(symbol)
            sl, tp = self.allowed_stops(symbol, sl, tp)
            wait = self.allowed_expiration(symbol, wait)
            limit = limit if order.type.is_stop_limit else None
        own = order.price
        if price is not None:
            own = self.beyond(symbol, self.here(symbol, ask=sign > 0), self.outward(order.type), price)
        fill = order.price_stop_limit or own
        if limit is not None:
            fill = own - sign * limit
        command = ModifyOrder(
            ticket=ticket,
            price=UNCHANGED if price is None else self.price(symbol, own),
            price_stop_limit=UNCHANGED if limit is None else self.price(symbol, fill),
            sl=UNCHANGED if keep & 1 else self.stop(symbol, fill, -sign, sl),
            tp=UNCHANGED if keep & 2 else self.stop(symbol, fill, sign, tp),
            expiration=UNCHANGED if keep & 4 else self.expiration(wait),
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
        careless=careless,
    )
    def change_a_position(
        self,
        login: int,
        pick: int,
        sl: int | None,
        tp: int | None,
        keep: int,
        trailing_stop: int | None,
        careless: bool,
    ) -> None:
        login = self.holder(login, "positions")
        ticket = self.ticket(self.account(login).positions, pick)
        position = self.account(login).positions.get(ticket)
        if position is None:
            self.ask(login, ModifyPosition(ticket=ticket))
            return
        symbol, sign = position.symbol, position.side.sign
        if not careless:
            self.freshen(symbol)
            sl, tp = self.allowed_stops(symbol, sl, tp)
        here = self.here(symbol, ask=sign < 0)
        command = ModifyPosition(
            ticket=ticket,
            sl=UNCHANGED if keep & 1 else self.stop(symbol, here, -sign, sl),
            tp=UNCHANGED if keep & 2 else self.stop(symbol, here, sign, tp),
            trailing_stop=UNCHANGED if keep & 4 else trailing_stop,
        )
        self.ask(login, command)

    # ------------------------------------------------------------------ closing

    @precondition(holds("positions"))
    @rule(
        login=logins,
        pick=picks,
        part=st.sampled_from((30, 50, 70, None, 100, 0, 101)),
        deviation=deviations,
        arrival=arrivals,
        name=names,
        careless=careless,
    )
    def close(
        self,
        login: int,
        pick: int,
        part: int | None,
        deviation: int | None,
        arrival: int | None,
        name: str | None,
        careless: bool,
    ) -> None:
        login = self.holder(login, "positions")
        ticket = self.ticket(self.account(login).positions, pick)
        position = self.account(login).positions.get(ticket)
        volume, arrived = None, None
        if position is not None:
            symbol = position.symbol
            if not careless:
                self.freshen(symbol)
            arrived = self.arrival(symbol, arrival)
            if part is not None:
                steps = position.volume * part // 100 + (1 if part > 100 else 0)
                volume = steps * self.spec(symbol).volume_step
        command = ClosePosition(ticket=ticket, volume=volume, deviation=deviation, client_order_id=name)
        self.ask(login, command, arrived)

    @precondition(holds("positions"))
    @rule(login=logins, pick=picks, other=picks, share=shares, name=names)
    def close_by(self, login: int, pick: int, other: int, share: int, name: str | None) -> None:
        """Against an opposite position; mostly one is opened first where there is none."""
        login = self.holder(login, "positions")
        held = self.account(login).positions
        position = held[self.ticket(held, pick % 30)]
        symbol, opposite_side = position.symbol, position.side.opposite

        def opposites() -> list[int]:
            return [
                each.ticket for each in held.values() if (each.symbol, each.side) == (symbol, opposite_side)
            ]

        if not opposites() and other % 4:
            self.freshen(symbol)
            if position.ticket not in held:
                return
            volume = self.volume(login, symbol, opposite_side, share)
            self.ask(login, PlaceMarketOrder(symbol=symbol, side=opposite_side, volume=volume))
        if position.ticket in held:
            opposite = self.ticket(opposites() or held, other)
            command = CloseBy(ticket=position.ticket, opposite=opposite, client_order_id=name)
            self.ask(login, command)

    @precondition(holds("positions"))
    @rule(
        login=logins,
        symbol=symbols | st.none() | st.just("NOSUCH"),
        side=st.none() | sides,
        result=st.sampled_from(list(CloseResultFilter)),
        sure=st.integers(0, 2),
        brink=st.booleans(),
    )
    def close_all(
        self,
        login: int,
        symbol: str | None,
        side: Side | None,
        result: CloseResultFilter,
        sure: int,
        brink: bool,
    ) -> None:
        login = self.holder(login, "positions")
        if brink:
            self.freeze_one(login)
        if (symbol, side) != (None, None) or sure == 0:
            self.ask(login, CloseAll(symbol=symbol, side=side, result=result, client_order_id="all"))

    def freeze_one(self, login: int) -> None:
        """A stop so near that the position may not be closed."""
        for position in list(self.account(login).positions.values()):
            symbol, sign = position.symbol, position.side.sign
            if self.spec(symbol).freeze_level:
                here = self.here(symbol, ask=sign < 0)
                self.ask(login, ModifyPosition(ticket=position.ticket, sl=self.stop(symbol, here, -sign, 0)))
                return

    # ------------------------------------------------------------------ money, nonsense, the server's life

    @rule(login=logins, hundredths=st.sampled_from((-101, -100, -99, -50, 0, 10, 100)), dust=picks)
    def money(self, login: int, hundredths: int, dust: int) -> None:
        """Deposits, and withdrawals of about all that is free."""
        account, free = self.account(login), self.naive.figures(login).margin_free
        base = max(free, 0) if hundredths < 0 else account.initial_balance
        amount = Decimal(base * hundredths // 100).scaleb(-account.digits)
        self.ask(login, ChangeBalance(amount=amount + Decimal(dust) / 1000, comment="money"))

    @precondition(holds("positions"))
    @rule(login=logins, pick=picks)
    def to_the_edge(self, login: int, pick: int) -> None:
        """Whatever is free is taken out, and a quote comes that changes nothing: a level of 100 %."""
        login = self.holder(login, "positions")
        held, free = self.account(login).positions, self.naive.figures(login).margin_free
        position = held[self.ticket(held, pick % 30)]
        amount = Decimal(max(free, 0)).scaleb(-self.account(login).digits)
        self.ask(login, ChangeBalance(amount=-amount))
        self.send(self.naive.market.quotes[position.symbol]._replace(time=self.now))

    @precondition(holds("orders"))
    @rule(login=logins, sure=st.integers(0, 4))
    def reset(self, login: int, sure: int) -> None:
        if sure == 0:
            self.ask(self.holder(login, "orders"), ResetAccount())

    @rule(login=logins, symbol=st.sampled_from((*INSTRUMENTS, "NOSUCH")), which=st.integers(0, 5))
    def nonsense(self, login: int, symbol: str, which: int) -> None:
        digits = INSTRUMENTS[symbol].digits if symbol in INSTRUMENTS else 5
        price, one = Decimal(START.get(symbol, 100)).scaleb(-digits), Decimal(1)
        stop_limit: dict[str, Any] = {"price": price * 2, "price_stop_limit": -price}
        commands: tuple[Command, ...] = (
            PlaceOrder(symbol=symbol, type=OrderType.BUY, volume=one, price=price),
            PlaceMarketOrder(symbol=symbol, side=Side.BUY, volume=Decimal("0.015")),
            PlaceMarketOrder(symbol=symbol, side=Side.SELL, volume=Decimal(10**6)),
            PlaceMarketOrder(symbol=symbol, side=Side.BUY, volume=one, sl=-price),
            PlaceOrder(symbol=symbol, type=OrderType.SELL_STOP, volume=one, price=-price),
            PlaceOrder(symbol=symbol, type=OrderType.BUY_STOP_LIMIT, volume=one, **stop_limit),
        )
        self.ask(login, commands[which])

    @rule(login=logins, symbol=symbols, mode=st.sampled_from(list(TradeMode)), side=sides, pick=picks)
    def respecify(self, login: int, symbol: str, mode: TradeMode, side: Side, pick: int) -> None:
        """Another trade mode for one symbol, and everybody asks for something that it may forbid."""
        for each in INSTRUMENTS:
            self.change_mode(each, INSTRUMENTS[each].trade_mode)
        if pick > 10:
            return
        symbol = self.ready(symbol)
        self.change_mode(symbol, mode)
        volume = self.volume(login, symbol, side, 3)
        self.ask(login, PlaceMarketOrder(symbol=symbol, side=side, volume=volume))
        for position in self.account(login).positions.values():
            if position.symbol == symbol:
                self.ask(login, ModifyPosition(ticket=position.ticket, tp=None, trailing_stop=100))
                break

    @rule()
    def restart(self) -> None:
        self.restart_fast()


# ---------------------------------------------------------------------- the run


def expected() -> set[str]:
    """Every kind of event, deal, order, refusal and option, and the rare cases that matter."""
    names = set(EVENTS) - {"PositionModified", "RequestSettled"}
    names |= {"PositionModified client", "PositionModified trailing_stop"}
    names |= {f"deal {side} in client" for side in Side}
    names |= {f"deal {side} out {reason}" for side in Side for reason in DealReason}
    names |= {f"deal {side} out_by client" for side in Side}
    names |= {"deal balance None client"} | {
        f"deal correction None {each}" for each in ("client", "sl", "so")
    }
    names |= {f"{kind.name} {state}" for kind in PENDING for state in ("placed", "canceled", "expired")}
    names |= {f"{kind.name} {state}" for kind in PENDING[:4] for state in ("filled", "rejected")}
    names |= {f"order ended: {cause}" for cause in ("client", "expiration", "reset", "stop-out", "rejected")}
    names |= {f"done {command.__name__}" for command in get_args(Command)}
    names |= {f"refusal {code}" for code in REFUSALS}
    names |= {f"left open {code}" for code in ("FROZEN", "MARKET_CLOSED")}
    names |= {f"hedged_margin {each}" for each in HedgedMargin}
    names |= {f"limit_fill {each}" for each in LimitFill}
    names |= {f"compensation {each}" for each in (False, True)}
    names |= {f"swap {each}" for each in SwapMode if each is not SwapMode.DISABLED}
    names |= {"swap paid", "swap charged", "swap of 1 days", "swap of 3 days", "swap of 2 days"}
    names |= {"commission money", "commission percent"}
    names |= {"partial close", "partial close that shares swap", "partial close that shares commission"}
    names |= {"limit filled better", "SL that slipped", "trailing SL"}
    names |= {"stop-out on the tick of another symbol", "expired at midnight"}
    return names


REFUSALS = (
    "UNKNOWN_SYMBOL",
    "TRADE_DISABLED",
    "LONG_ONLY",
    "SHORT_ONLY",
    "CLOSE_ONLY",
    "MARKET_CLOSED",
    "NO_QUOTES",
    "INVALID_ORDER",
    "INVALID_EXPIRATION",
    "INVALID_VOLUME",
    "LIMIT_VOLUME",
    "REQUOTE",
    "INVALID_PRICE",
    "INVALID_STOPS",
    "FROZEN",
    "LIMIT_ORDERS",
    "INSUFFICIENT_MARGIN",
    "NOT_FOUND",
    "POSITION_CLOSED",
    "NO_CHANGES",
    "INVALID_CLOSE_VOLUME",
)


def test_fast_and_naive_broker_agree_and_the_machine_has_been_everywhere() -> None:
    """Always the same lives; with TRADYN_TEST_SOAK=1 many more, and new ones."""
    REACHED.clear()
    for number in range(RUNS):
        run_state_machine_as_test(
            Lives if SOAK else seed(number)(Lives),
            settings=settings(
                max_examples=SEQUENCES * (15 if SOAK else 1),
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
            ),
        )
    assert expected() - set(REACHED) == set(), REACHED
