"""The broker's rules as one straight program: every tick looks at everything, and nothing is kept ready.

It is the specification that can be run. There are no books of triggers, no alarms, no sums: on each
quote every position and every order of every account is asked in turn. It was written from the rules and
shares only shapes with the broker (commands, orders, positions, deals, instruments, options).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from broker import naive_checks as check
from broker import naive_money as money
from broker.naive_checks import Refused, points_of, stop_of
from broker.naive_ledger import Ledger
from broker.naive_money import DAY_MS, NaiveFigures, NaiveMarket, NoRate
from tradyn.broker.accounts import Account
from tradyn.broker.commands import (
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
    Unchanged,
)
from tradyn.broker.deals import DealReason, DealType
from tradyn.broker.instruments import Instrument, OrderKind
from tradyn.broker.market import Quote
from tradyn.broker.options import LimitFill, Options
from tradyn.broker.orders import Order, OrderState, OrderType, Side
from tradyn.broker.positions import Position
from tradyn.broker.transactions import AccountOpened

T = TypeVar("T")


@dataclass
class Answer:
    """A refusal's code or None, and of close-all what stayed open, and why."""

    code: str | None = None
    failures: list[tuple[int, str]] = field(default_factory=list)


class NaiveBroker:
    def __init__(self, instruments: dict[str, Instrument], options: Options) -> None:
        self.market = NaiveMarket(instruments, options)
        self.ledgers: dict[int, Ledger] = {}
        self.time = 0

    # ------------------------------------------------------------------ what comes in

    def open_account(self, event: AccountOpened, now: int) -> None:
        account = Account(
            login=event.login,
            name=event.name,
            currency=event.currency,
            leverage=event.leverage,
            margin_call_level=event.margin_call_level,
            stop_out_level=event.stop_out_level,
            initial_balance=event.initial_balance,
        )
        ledger = self.ledgers[event.login] = Ledger(account, self.market)
        ledger.story.append((now, "AccountOpened", account.login))
        if event.initial_balance:
            ledger.book_money(event.initial_balance, "Initial deposit", now)

    def on_time(self, now: int) -> None:
        """Whatever is due, each at its own moment: expirations, then, if it is midnight, the rollover."""
        expirations = {
            each.expiration
            for ledger in self.ledgers.values()
            for each in ledger.account.orders.values()
            if each.expiration is not None
        }
        midnights = {day * DAY_MS for day in range(self.time // DAY_MS + 1, now // DAY_MS + 1)}
        for moment in sorted(expirations | midnights if self.time else expirations):
            if moment <= now:
                self.expire(moment)
                if moment in midnights:
                    self.roll_over(moment)
        self.time = max(self.time, now)

    def on_quote(self, quote: Quote, slippage: int = 0) -> None:
        """What is due by time, price, SL, TP, trailing stops, pending orders, margin."""
        self.on_time(quote.time)
        instrument = self.market.instruments[quote.symbol]
        if not money.in_session(instrument, quote.time):
            return
        self.market.quotes[quote.symbol] = quote
        traded = self.fire_stops(quote, slippage)
        traded |= self.fire_take_profits(quote)
        self.move_trailing_stops(quote)
        traded |= self.fire_orders(quote, slippage)
        for ledger in self.by_login():
            account = ledger.account
            if account.login in traded or self.is_moved_by(account, quote.symbol):
                self.stop_out(ledger, quote.time)
        self.compensate(quote.time)

    def execute(
        self, login: int, command: Command, now: int, slippage: int = 0, arrival: Quote | None = None
    ) -> Answer:
        ledger, answer = self.ledgers[login], Answer()
        try:
            match command:
                case PlaceMarketOrder():
                    self.place_market_order(ledger, command, now, slippage, arrival)
                case PlaceOrder():
                    self.place_order(ledger, command, now)
                case ModifyOrder():
                    self.modify_order(ledger, command, now)
                case CancelOrder():
                    self.cancel_order(ledger, command, now)
                case ModifyPosition():
                    self.modify_position(ledger, command, now)
                case ClosePosition():
                    self.close_position(ledger, command, now, slippage, arrival)
                case CloseBy():
                    self.close_by(ledger, command, now)
                case CloseAll():
                    answer.failures = self.close_all(ledger, command, now, slippage)
                case ChangeBalance():
                    self.change_balance(ledger, command, now)
                case ResetAccount():
                    self.reset(ledger, now)
        except Refused as refused:
            answer.code = refused.code
        except NoRate:
            answer.code = "NO_QUOTES"
        self.compensate(now)
        return answer

    def figures(self, login: int) -> NaiveFigures:
        return money.figures(self.market, self.ledgers[login].account)

    # ------------------------------------------------------------------ opening

    def place_market_order(
        self, ledger: Ledger, command: PlaceMarketOrder, now: int, slippage: int, arrival: Quote | None
    ) -> None:
        account, side = ledger.account, command.side
        instrument = self.known(command.symbol)
        check.check_direction(instrument, side)
        check.check_session(instrument, now)
        quote = check.check_quote(self.market, instrument, now)
        sl, tp = stop_of(instrument, command.sl), stop_of(instrument, command.tp)
        check.check_kinds(instrument, OrderKind.MARKET, *kinds_of_stops(sl, tp))
        volume = check.check_volume(instrument, account, side, command.volume)
        buy = side is Side.BUY
        price = quote.ask + slippage if buy else max(quote.bid - slippage, 1)
        check.check_deviation(side, arrival or quote, price, command.deviation)
        check.check_sl(instrument, side, sl, quote.bid, quote.ask)
        check.check_tp(instrument, side, tp, quote.bid, quote.ask)
        order = Order(
            ticket=account.next_ticket,
            symbol=instrument.symbol,
            type=OrderType.BUY if buy else OrderType.SELL,
            state=OrderState.PLACED,
            volume=volume,
            price=price,
            sl=sl,
            tp=tp,
            expiration=None,
            time_setup=now,
            time_done=None,
            position=None,
            magic=command.magic,
            comment=command.comment,
            client_order_id=command.client_order_id,
        )
        position = ledger.position_at(order, order.price, now)
        needed = money.added_margin(self.market, account, position)
        check.check_margin(needed, self.figures(account.login).margin_free)
        ledger.open_position(order, position, now)

    def place_order(self, ledger: Ledger, command: PlaceOrder, now: int) -> None:
        account, kind = ledger.account, command.type
        instrument = self.known(command.symbol)
        check.check_direction(instrument, kind.side)
        check.check_session(instrument, now)
        quote = check.check_quote(self.market, instrument, now)
        sl, tp = stop_of(instrument, command.sl), stop_of(instrument, command.tp)
        check.check_kinds(instrument, check.kind_of(kind), *kinds_of_stops(sl, tp))
        check.check_expiration(instrument, command.expiration, now)
        volume = check.check_volume(instrument, account, kind.side, command.volume)
        order = Order(
            ticket=account.next_ticket,
            symbol=instrument.symbol,
            type=kind,
            state=OrderState.PLACED,
            volume=volume,
            price=points_of(instrument, command.price),
            sl=sl,
            tp=tp,
            expiration=command.expiration,
            time_setup=now,
            time_done=None,
            position=None,
            magic=command.magic,
            comment=command.comment,
            client_order_id=command.client_order_id,
            price_stop_limit=(
                None if command.price_stop_limit is None else points_of(instrument, command.price_stop_limit)
            ),
        )
        check.check_price(instrument, kind, order.price, quote)
        check.check_stop_limit(kind, order.price, order.price_stop_limit)
        check.check_sl(instrument, kind.side, sl, order.price_fill, order.price_fill)
        check.check_tp(instrument, kind.side, tp, order.price_fill, order.price_fill)
        most = self.market.options.max_orders
        check.demand(not most or len(account.orders) < most, "LIMIT_ORDERS")
        # What could not be filled for want of a quote must not wait.
        position = ledger.position_at(order, order.price_fill, now)
        needed = money.added_margin(self.market, account, position)
        check.check_margin(needed, self.figures(account.login).margin_free)
        account.orders[order.ticket] = order
        account.next_ticket += 1
        ledger.story.append((now, "OrderPlaced", order.ticket))

    # ------------------------------------------------------------------ changing

    def modify_order(self, ledger: Ledger, command: ModifyOrder, now: int) -> None:
        order = found(ledger.account.orders, command.ticket)
        instrument, kind = self.market.instruments[order.symbol], order.type
        check.check_changeable(instrument)
        check.check_session(instrument, now)
        quote = check.check_quote(self.market, instrument, now)

        def points(asked: Decimal | Unchanged | None, current: int | None) -> int | None:
            return current if isinstance(asked, Unchanged) else stop_of(instrument, asked)

        new = replace(
            order,
            price=(
                order.price if isinstance(command.price, Unchanged) else points_of(instrument, command.price)
            ),
            price_stop_limit=(
                order.price_stop_limit
                if isinstance(command.price_stop_limit, Unchanged)
                else points_of(instrument, command.price_stop_limit)
            ),
            sl=points(command.sl, order.sl),
            tp=points(command.tp, order.tp),
            expiration=(
                order.expiration if isinstance(command.expiration, Unchanged) else command.expiration
            ),
        )
        check.demand(new != order, "NO_CHANGES")
        # What stays as it is is not measured again.
        sl = new.sl if (new.sl, new.price_fill) != (order.sl, order.price_fill) else None
        tp = new.tp if (new.tp, new.price_fill) != (order.tp, order.price_fill) else None
        check.check_kinds(
            instrument,
            *kinds_of_stops(new.sl if new.sl != order.sl else None, new.tp if new.tp != order.tp else None),
        )
        if new.expiration != order.expiration:
            check.check_expiration(instrument, new.expiration, now)
        if new.price != order.price:
            check.check_price(instrument, kind, new.price, quote)
        check.check_stop_limit(kind, new.price, new.price_stop_limit)
        check.check_sl(instrument, kind.side, sl, new.price_fill, new.price_fill)
        check.check_tp(instrument, kind.side, tp, new.price_fill, new.price_fill)
        check.check_order_not_frozen(instrument, order, quote)
        ledger.account.orders[order.ticket] = new
        ledger.story.append((now, "OrderModified", order.ticket))

    def cancel_order(self, ledger: Ledger, command: CancelOrder, now: int) -> None:
        order = found(ledger.account.orders, command.ticket)
        instrument = self.market.instruments[order.symbol]
        check.check_changeable(instrument)
        check.check_session(instrument, now)
        quote = self.market.quotes.get(order.symbol)
        if quote is not None:
            check.check_order_not_frozen(instrument, order, quote)
        ledger.end_order(order, OrderState.CANCELED, now)

    def modify_position(self, ledger: Ledger, command: ModifyPosition, now: int) -> None:
        position = found(ledger.account.positions, command.ticket)
        instrument = self.market.instruments[position.symbol]
        check.check_changeable(instrument)
        check.check_session(instrument, now)
        quote = check.check_quote(self.market, instrument, now)
        sl, tp, trailing = position.sl, position.tp, position.trailing_stop
        if not isinstance(command.sl, Unchanged):
            sl = stop_of(instrument, command.sl)
        if not isinstance(command.tp, Unchanged):
            tp = stop_of(instrument, command.tp)
        if not isinstance(command.trailing_stop, Unchanged):
            trailing = command.trailing_stop or None
        new = replace(position, sl=sl, tp=tp, trailing_stop=trailing)
        check.demand(new != position, "NO_CHANGES")
        sl = sl if sl != position.sl else None
        tp = tp if tp != position.tp else None
        trailing = trailing if trailing != position.trailing_stop else None
        # A trailing stop is one that moves the SL.
        check.check_kinds(instrument, *kinds_of_stops(trailing if sl is None else sl, tp))
        check.check_sl(instrument, position.side, sl, quote.bid, quote.ask)
        check.check_tp(instrument, position.side, tp, quote.bid, quote.ask)
        check.check_trailing_stop(instrument, trailing)
        check.check_position_not_frozen(instrument, position, quote)
        ledger.account.positions[position.ticket] = replace(new, time_update=now)
        ledger.story.append((now, "PositionModified client", position.ticket))

    # ------------------------------------------------------------------ closing

    def close_position(
        self, ledger: Ledger, command: ClosePosition, now: int, slippage: int, arrival: Quote | None
    ) -> None:
        position = found(ledger.account.positions, command.ticket)
        instrument = self.market.instruments[position.symbol]
        check.check_changeable(instrument)
        check.check_session(instrument, now)
        quote = check.check_quote(self.market, instrument, now)
        volume = check.check_close_volume(instrument, position, command.volume)
        price = self.market_close(position, slippage)
        check.check_deviation(position.side.opposite, arrival or quote, price, command.deviation)
        check.check_position_not_frozen(instrument, position, quote)
        ledger.reduce(position, volume, price, now, client_order_id=command.client_order_id)

    def close_by(self, ledger: Ledger, command: CloseBy, now: int) -> None:
        """The first deal takes the whole profit; each books its own share of swap."""
        first = found(ledger.account.positions, command.ticket)
        instrument = self.market.instruments[first.symbol]
        check.check_changeable(instrument)
        check.check_session(instrument, now)
        quote = check.check_quote(self.market, instrument, now)
        check.check_kinds(instrument, OrderKind.CLOSE_BY)
        check.demand(command.opposite in ledger.account.positions, "POSITION_CLOSED")
        second = ledger.account.positions[command.opposite]
        check.demand(first.symbol == second.symbol, "INVALID_ORDER")
        check.demand(first.side is second.side.opposite, "INVALID_ORDER")
        check.check_position_not_frozen(instrument, first, quote)
        check.check_position_not_frozen(instrument, second, quote)
        volume = min(first.volume, second.volume)
        name = command.client_order_id
        ledger.reduce(first, volume, second.price_open, now, by=True, client_order_id=name)
        ledger.reduce(second, volume, first.price_open, now, by=True, profit=0, client_order_id=name)

    def close_all(self, ledger: Ledger, command: CloseAll, now: int, slippage: int) -> list[tuple[int, str]]:
        account = ledger.account
        if command.symbol is not None:
            self.known(command.symbol)
        wanted = []
        for position in account.positions.values():
            result = money.floating(self.market, account, position) + position.swap
            if (
                command.symbol in (None, position.symbol)
                and command.side in (None, position.side)
                and not (command.result is CloseResultFilter.WINNING and result <= 0)
                and not (command.result is CloseResultFilter.LOSING and result >= 0)
            ):
                wanted.append(position.ticket)
        failures = []
        for ticket in sorted(wanted):
            one = ClosePosition(ticket=ticket, client_order_id=command.client_order_id)
            try:
                self.close_position(ledger, one, now, slippage, None)
            except Refused as refused:
                failures.append((ticket, refused.code))
        return failures

    def reset(self, ledger: Ledger, now: int) -> None:
        account = ledger.account
        for order in list(account.orders.values()):
            ledger.end_order(order, OrderState.CANCELED, now)
        for position in list(account.positions.values()):
            ledger.reduce(position, position.volume, self.market_close(position), now)
        if account.balance != account.initial_balance:
            ledger.book_money(account.initial_balance - account.balance, "Reset", now)

    def change_balance(self, ledger: Ledger, command: ChangeBalance, now: int) -> None:
        account = ledger.account
        amount = money.minor(account, Fraction(command.amount))
        check.demand(amount != 0, "NO_CHANGES")
        check.check_margin(-amount, self.figures(account.login).margin_free)
        ledger.book_money(amount, command.comment, now, client_order_id=command.client_order_id)

    # ------------------------------------------------------------------ by time

    def expire(self, moment: int) -> None:
        for ledger in self.by_login():
            for _, order in sorted(ledger.account.orders.items()):
                if order.expiration is not None and order.expiration <= moment:
                    ledger.end_order(order, OrderState.EXPIRED, moment)

    def roll_over(self, midnight: int) -> None:
        day = midnight // DAY_MS - 1
        for ledger in self.by_login():
            account = ledger.account
            for _, position in sorted(account.positions.items()):
                if position.time_open >= midnight:
                    continue
                amount = money.swap_of_day(self.market, account, position, day)
                if amount:
                    account.positions[position.ticket] = replace(position, swap=position.swap + amount)
                    ledger.story.append((midnight, "SwapCharged", position.ticket))

    # ------------------------------------------------------------------ on a tick

    def fire_stops(self, quote: Quote, slippage: int) -> set[int]:
        """These three give the logins that traded."""
        traded = set()
        for ledger, position in self.held(quote.symbol):
            long = position.side is Side.BUY
            if position.sl is not None and (quote.bid <= position.sl if long else quote.ask >= position.sl):
                price = self.market_close(position, slippage)
                ledger.reduce(position, position.volume, price, quote.time, reason=DealReason.SL)
                traded.add(ledger.account.login)
        return traded

    def fire_take_profits(self, quote: Quote) -> set[int]:
        traded = set()
        for ledger, position in self.held(quote.symbol):
            long = position.side is Side.BUY
            if position.tp is not None and (quote.bid >= position.tp if long else quote.ask <= position.tp):
                ledger.reduce(position, position.volume, position.tp, quote.time, reason=DealReason.TP)
                traded.add(ledger.account.login)
        return traded

    def move_trailing_stops(self, quote: Quote) -> None:
        for ledger, position in self.held(quote.symbol):
            distance = position.trailing_stop
            if distance is None:
                continue
            long = position.side is Side.BUY
            gained = quote.bid - position.price_open if long else position.price_open - quote.ask
            sl = quote.bid - distance if long else quote.ask + distance
            better = position.sl is None or (sl > position.sl if long else sl < position.sl)
            if gained >= distance and better:
                ledger.account.positions[position.ticket] = replace(position, sl=sl, time_update=quote.time)
                ledger.story.append((quote.time, "PositionModified trailing_stop", position.ticket))

    def fire_orders(self, quote: Quote, slippage: int) -> set[int]:
        traded = set()
        waiting = [
            (order.time_setup, login, ticket)
            for login, ledger in self.ledgers.items()
            for ticket, order in ledger.account.orders.items()
            if order.symbol == quote.symbol and is_reached(order, quote)
        ]
        for _, login, ticket in sorted(waiting):
            ledger = self.ledgers[login]
            order = ledger.account.orders[ticket]
            if order.type.is_stop_limit:
                assert order.price_stop_limit is not None
                ledger.account.orders[ticket] = replace(
                    order, type=order.type.limit, price=order.price_stop_limit, price_stop_limit=None
                )
                ledger.story.append((quote.time, "OrderTriggered", ticket))
            elif self.fill(ledger, order, quote, slippage):
                traded.add(login)
        return traded

    def fill(self, ledger: Ledger, order: Order, quote: Quote, slippage: int) -> bool:
        """Whether there was margin for it; an order without is rejected."""
        buy = order.type.side is Side.BUY
        market = quote.ask if buy else quote.bid
        if not order.type.is_limit:
            price = market + slippage if buy else max(market - slippage, 1)
        elif self.market.options.limit_fill is LimitFill.BETTER:
            price = min(market, order.price) if buy else max(market, order.price)
        else:
            price = order.price
        account = ledger.account
        try:
            position = ledger.position_at(order, price, quote.time)
            check.check_margin(
                money.added_margin(self.market, account, position), self.figures(account.login).margin_free
            )
        except Refused:
            ledger.end_order(order, OrderState.REJECTED, quote.time)
            return False
        del account.orders[order.ticket]
        ledger.open_position(order, position, quote.time)
        return True

    def is_moved_by(self, account: Account, symbol: str) -> bool:
        for position in account.positions.values():
            instrument = self.market.instruments[position.symbol]
            legs = money.path(self.market, instrument.currency_profit, account.currency)
            if position.symbol == symbol or symbol in [each.symbol for each, _ in legs]:
                return True
        return False

    def stop_out(self, ledger: Ledger, now: int) -> None:
        """One action, and the level is looked at again."""
        account = ledger.account
        while account.positions:
            level = self.figures(account.login).margin_level
            if level is None or level >= Fraction(account.stop_out_level):
                return
            orders = [
                (-money.reserved(self.market, account, each), each.ticket)
                for each in account.orders.values()
                if self.is_open(each.symbol, now)
            ]
            positions = [
                (money.floating(self.market, account, each) + each.swap, each.ticket)
                for each in account.positions.values()
                if self.is_open(each.symbol, now)
            ]
            if orders and min(orders)[0] < 0:
                order = account.orders[min(orders)[1]]
                ledger.end_order(order, OrderState.CANCELED, now)
            elif positions:
                worst = account.positions[min(positions)[1]]
                price = self.market_close(worst)
                ledger.reduce(worst, worst.volume, price, now, reason=DealReason.SO)
            else:
                return

    def compensate(self, now: int) -> None:
        """Whoever has nothing open any more, and owes, starts again from nothing."""
        if not self.market.options.negative_balance_compensation:
            return
        for ledger in self.by_login():
            account = ledger.account
            if not account.positions and account.balance < 0:
                ledger.book_money(
                    -account.balance,
                    "Negative balance compensation",
                    now,
                    kind=DealType.CORRECTION,
                    # That of the deal which left the balance so.
                    reason=ledger.deals[-1].reason,
                )

    # ------------------------------------------------------------------ questions

    def known(self, symbol: str) -> Instrument:
        if symbol not in self.market.instruments:
            raise Refused("UNKNOWN_SYMBOL")
        return self.market.instruments[symbol]

    def by_login(self) -> list[Ledger]:
        return [self.ledgers[login] for login in sorted(self.ledgers)]

    def held(self, symbol: str) -> list[tuple[Ledger, Position]]:
        return [
            (ledger, ledger.account.positions[ticket])
            for ledger in self.by_login()
            for ticket in sorted(ledger.account.positions)
            if ledger.account.positions[ticket].symbol == symbol
        ]

    def is_open(self, symbol: str, now: int) -> bool:
        return money.in_session(self.market.instruments[symbol], now)

    def market_close(self, position: Position, slippage: int = 0) -> int:
        price = money.closing_price(self.market, position)
        return max(price - slippage, 1) if position.side is Side.BUY else price + slippage


def found(held: dict[int, T], ticket: int) -> T:
    if ticket not in held:
        raise Refused("NOT_FOUND")
    return held[ticket]


def kinds_of_stops(sl: int | None, tp: int | None) -> list[OrderKind]:
    """What the symbol must allow for these stops."""
    stops = ((sl, OrderKind.SL), (tp, OrderKind.TP))
    return [kind for stop, kind in stops if stop is not None]


def is_reached(order: Order, quote: Quote) -> bool:
    """Whether the order is filled, or (a stop-limit) becomes a limit order."""
    match order.type:
        case OrderType.BUY_LIMIT:
            return quote.ask <= order.price
        case OrderType.SELL_LIMIT:
            return quote.bid >= order.price
        case OrderType.BUY_STOP | OrderType.BUY_STOP_LIMIT:
            return quote.ask >= order.price
        case _:
            return quote.bid <= order.price
