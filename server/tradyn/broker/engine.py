"""The broker: accounts, the market, and what waits for a price, advanced one step at a time.

Two things move it: a command (`execute`) and a quote (`on_quote`). Both decide, change the
state through `apply` alone, and return the transactions that say what happened, in order.
The same transactions applied to an empty broker give the same state.

On a quote: first what is due by time, on the quotes before it (orders expire, and a trading day ends
with its swap); then SL, then TP (so SL beats TP), then trailing stops, then pending orders in time
order, then the margin of every account whose alarm rang. Out of session quotes stand still.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tradyn.broker.accounts import Account, evolve, opened_position
from tradyn.broker.alarms import Alarm, alarm_distances, are_covered, is_stopped_out, sooner
from tradyn.broker.calendar import DAY_MS, is_open
from tradyn.broker.checks import check_margin
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
)
from tradyn.broker.deals import DealReason
from tradyn.broker.decisions import balance, charges, market_orders, pending_orders, positions
from tradyn.broker.decisions.scene import Scene
from tradyn.broker.exposure import Exposure
from tradyn.broker.instruments import Instrument
from tradyn.broker.margin import margin_path, position_margin, symbol_margin
from tradyn.broker.market import Market, Quote
from tradyn.broker.options import Options
from tradyn.broker.orders import Order, OrderState
from tradyn.broker.positions import Position
from tradyn.broker.profit import Figures, account_figures, leg_profit, position_profit
from tradyn.broker.records import record
from tradyn.broker.refusals import Refusal
from tradyn.broker.stop_out import StopOut
from tradyn.broker.transactions import (
    AccountOpened,
    CloseFailure,
    OrderClosed,
    OrderModified,
    OrderPlaced,
    OrderTriggered,
    PositionModified,
    PositionOpened,
    PositionReduced,
    RequestSettled,
    SwapCharged,
    Transaction,
)
from tradyn.broker.triggers import Trigger, TriggerBook, TriggerKind

__all__ = ["Broker", "Outcome", "Preview", "no_slippage"]


# A member's name on its class costs more than a name of this module.
_SL, _TRAIL = TriggerKind.SL, TriggerKind.TRAIL
_ORDER, _MARGIN = TriggerKind.ORDER, TriggerKind.MARGIN

# What one event answers to.
_DECISIONS: Final[Mapping[type[Any], Callable[[Scene, Any], Any]]] = {
    PlaceMarketOrder: market_orders.place_market_order,
    ClosePosition: positions.close_position,
    PlaceOrder: pending_orders.place_order,
    ModifyOrder: pending_orders.modify_order,
    CancelOrder: pending_orders.cancel_order,
    ModifyPosition: positions.modify_position,
    ChangeBalance: balance.change_balance,
}

# Accounts whose alarms wait to be set, at some 5 µs each.
_MOST_WANTED = 1_000

# An account that can afford anything: what a preview asks with, so that it learns the price too.
_PLENTY = 10**30
_UNLIMITED = Figures(profit=0, equity=_PLENTY, margin=0, margin_free=_PLENTY)


def no_slippage() -> int:
    """Fills at the quote: the default."""
    return 0


@record(frozen=True, slots=True)
class Outcome:
    """What became of a command: its transactions, or a refusal and no transactions."""

    transactions: tuple[Transaction, ...] = ()
    refusal: Refusal | None = None
    failures: tuple[CloseFailure, ...] = ()


@dataclass(slots=True)
class _Watch:
    """What is kept beside an account, derived from it.

    Attributes:
        exposures: what it holds by symbol.
        alarms: those that stand, by symbol; none once one of them has rung.
        generation: theirs; what is left in a book of an earlier one counts for nothing.
    """

    exposures: dict[str, Exposure] = field(default_factory=dict)
    alarms: dict[str, Alarm] = field(default_factory=dict)
    generation: int = 0


class Broker:
    """All accounts of one broker, and the market they trade on.

    Attributes:
        rolled: the end of the last trading day (00:00 UTC, milliseconds since 1970) whose swap has been
            charged; None until time begins.
    """

    def __init__(self, instruments: Mapping[str, Instrument], options: Options | None = None) -> None:
        self.market = Market(instruments)
        self.options = options or Options()
        self.accounts: dict[int, Account] = {}
        self._watches: dict[int, _Watch] = {}
        self._books = {symbol: TriggerBook(self._is_live) for symbol in instruments}
        self._expirations: list[tuple[int, int, int]] = []
        self._expirations_limit = 1024
        self._alarms_wanted: dict[int, None] = {}
        # Who holds positions, and who owes after having lost them all.
        self._holders: dict[int, None] = {}
        self._debtors: dict[int, DealReason] = {}
        self.rolled: int | None = None
        self._due = 0

    # ------------------------------------------------------------------ reading

    def figures(self, account: Account) -> Figures:
        """The account's profit, equity and margin at the current quotes."""
        profit = swap = margin = 0
        market = self.market
        for symbol, exposure in self._watches[account.login].exposures.items():
            margin += exposure.margin
            instrument = market.instruments[symbol]
            for leg in (exposure.long, exposure.short):
                if leg.tickets:
                    profit += leg_profit(market, account, instrument, leg)
                    swap += leg.swap
        return account_figures(account, profit, swap, margin)

    def profit(self, account: Account, position: Position) -> int:
        """A position's floating profit, in minor units."""
        return position_profit(self.market, account, position)

    def margin(self, account: Account, position: Position) -> int:
        """A position's own margin, in minor units."""
        return position_margin(self.market.instruments[position.symbol], account, position)

    # ------------------------------------------------------------------ commands

    def open_account(self, event: AccountOpened, now: int) -> Outcome:
        """A new account, with its first deposit."""
        transactions = [self._record(event.login, event, now)]
        if event.initial_balance:
            scene = self._scene(self.accounts[event.login], now, no_slippage)
            deposit = balance.balance_deal(scene, event.initial_balance, "Initial deposit", cause="opening")
            transactions.append(self._record(event.login, deposit, now))
        return Outcome(tuple(transactions))

    def execute(
        self,
        login: int,
        command: Command,
        now: int,
        *,
        slippage: Callable[[], int] = no_slippage,
        arrival: Quote | None = None,
    ) -> Outcome:
        """Carry out a command on an account, completely or (with a refusal) not at all."""
        account = self.accounts[login]
        if (decide := _DECISIONS.get(type(command))) is not None:
            event = decide(self._scene(account, now, slippage, arrival), command)
            if isinstance(event, Refusal):
                return Outcome(refusal=event)
            outcome = Outcome((self._record(login, event, now),))
        elif isinstance(command, CloseAll):
            outcome = self._close_all(account, command, now, slippage)
        elif isinstance(command, CloseBy):
            outcome = self._close_by(account, command, now)
        else:
            outcome = self._reset(account, now)
        if self._debtors:
            outcome = replace(outcome, transactions=(*outcome.transactions, *self._compensate(now)))
        # Prices stand still until time or a quote comes, and it is early enough to set alarms right before:
        # once, however often an account has traded by then. But a quote must not have to wait for too many.
        if len(self._alarms_wanted) >= _MOST_WANTED:
            self._set_alarms()
        return outcome

    def decide(
        self,
        account: Account,
        command: Command,
        now: int,
        *,
        slippage: Callable[[], int] = no_slippage,
        arrival: Quote | None = None,
    ) -> Any:
        """What a single-event command would do, or the refusal; changes nothing."""
        decide = _DECISIONS.get(type(command))
        if decide is None:
            raise AssertionError(f"{type(command).__name__} has more than one event")
        return decide(self._scene(account, now, slippage, arrival), command)

    def preview(self, account: Account, command: PlaceMarketOrder | PlaceOrder, now: int) -> Preview:
        """What a trade or order would need and get at this moment; changes nothing.

        Where nothing but the margin is missing, price and margin are told with the refusal.
        """
        scene = replace(self._scene(account, now, no_slippage), figures=lambda _: _UNLIMITED)
        if isinstance(command, PlaceMarketOrder):
            event: PositionOpened | OrderPlaced | Refusal = market_orders.place_market_order(scene, command)
        else:
            event = pending_orders.place_order(scene, command)
        if isinstance(event, Refusal):
            return Preview(refusal=event)
        order = event.order
        instrument, side = self.market.instruments[order.symbol], order.type.side
        price = order.price_fill
        path = margin_path(self.market, instrument, account, side, price)
        if path is None:
            raise AssertionError(f"an order of {order.symbol} was accepted without a conversion rate")
        rate = self.market.rate_of(path)
        needed, own = scene.margin_change(instrument, side, order.volume, price, rate)
        free = self.figures(account).margin_free
        if isinstance(event, PositionOpened):
            cost = self._opening_profit(account, event)
        else:
            charged = charges.commission(scene, instrument, order.volume, price)
            cost = 0 if isinstance(charged, Refusal) else charged.amount
        return Preview(
            refusal=check_margin(account, needed, own, free),
            price=price,
            margin=own,
            margin_free_after=free - needed + cost,
        )

    def _opening_profit(self, account: Account, event: PositionOpened) -> int:
        """The profit a position has at the moment it is opened: the spread, as a loss."""
        return self.profit(account, opened_position(event)) + event.deal.amount

    def _close_all(
        self, account: Account, command: CloseAll, now: int, slippage: Callable[[], int]
    ) -> Outcome:
        if command.symbol is not None and command.symbol not in self.market.instruments:
            return Outcome(refusal=Refusal("UNKNOWN_SYMBOL", f"There is no symbol {command.symbol}"))
        transactions, failures = [], []
        for position in self._matching(account, command):
            close = ClosePosition(ticket=position.ticket, client_order_id=command.client_order_id)
            event = self.decide(account, close, now, slippage=slippage)
            if isinstance(event, Refusal):
                failures.append(CloseFailure(position.ticket, event.code, event.message))
            else:
                transactions.append(self._record(account.login, event, now))
        return Outcome(tuple(transactions), failures=tuple(failures))

    def _close_by(self, account: Account, command: CloseBy, now: int) -> Outcome:
        scene = self._scene(account, now, no_slippage)
        pair = positions.find_close_by_pair(scene, command)
        if isinstance(pair, Refusal):
            return Outcome(refusal=pair)
        transactions = [
            self._record(account.login, decide(scene, pair, command.client_order_id), now)
            for decide in (positions.close_by_first, positions.close_by_second)
        ]
        return Outcome(tuple(transactions))

    def _matching(self, account: Account, command: CloseAll) -> list[Position]:
        """The positions that close-all means, by ticket; winning and losing by profit and swap."""
        wanted = []
        for position in sorted(account.positions.values(), key=lambda each: each.ticket):
            if command.symbol not in (None, position.symbol) or command.side not in (None, position.side):
                continue
            result = self.profit(account, position) + position.swap
            if (
                command.result is CloseResultFilter.ALL
                or (command.result is CloseResultFilter.WINNING and result > 0)
                or (command.result is CloseResultFilter.LOSING and result < 0)
            ):
                wanted.append(position)
        return wanted

    def _reset(self, account: Account, now: int) -> Outcome:
        login = account.login
        scene = self._scene(account, now, no_slippage)
        transactions = []
        for order in list(account.orders.values()):
            quote = self.market.quotes.get(order.symbol)
            ended = pending_orders.end_order(scene, order, OrderState.CANCELED, "reset", quote)
            transactions.append(self._record(login, ended, now))
        for position in list(account.positions.values()):
            quote = self.market.quotes[position.symbol]
            price = quote.bid if position.side.sign > 0 else quote.ask
            closed = positions.reduce(scene, position, position.volume, price, quote, DealReason.CLIENT)
            transactions.append(self._record(login, replace(closed, cause="reset"), now))
        correction = account.initial_balance - account.balance
        if correction:
            deal = balance.balance_deal(scene, correction, "Reset", cause="reset")
            transactions.append(self._record(login, deal, now))
        return Outcome(tuple(transactions))

    # ------------------------------------------------------------------ quotes and time

    def is_quiet(self, symbol: str, bid_low: int, bid_high: int, ask_low: int, ask_high: int) -> bool:
        """Whether quotes of `symbol` within these bounds would change no account."""
        self._set_alarms()
        return self._books[symbol].is_quiet(bid_low, bid_high, ask_low, ask_high)

    def watched(self) -> list[str]:
        """The symbols on which anything waits for a price."""
        self._set_alarms()
        return [symbol for symbol, book in self._books.items() if not book.is_empty()]

    def next_due(self) -> int | None:
        """The earliest time at which something may happen without a quote, in milliseconds since 1970."""
        expiration = self._expirations[0][0] if self._expirations else None
        if not self._holders or self.rolled is None:
            return expiration
        rollover = self.rolled + DAY_MS
        return rollover if expiration is None else min(expiration, rollover)

    def on_time(self, now: int) -> list[Transaction]:
        """Do what is due by `now`, in order of time: orders expire, each at its expiration, and days end."""
        if self.rolled is None:
            self.rolled = now - now % DAY_MS
        transactions: list[Transaction] = []
        while True:
            rollover = self.rolled + DAY_MS
            if self._expirations and self._expirations[0][0] <= min(now, rollover):
                transactions += self._expire(*heapq.heappop(self._expirations), now)
            elif rollover > now:
                break
            elif self._holders:
                transactions += self._end_day(rollover)
                self.rolled = rollover
            else:
                # Nobody to charge: on to the next expiration, or to the last end of a day.
                until = min(now, self._expirations[0][0]) if self._expirations else now
                self.rolled = max(rollover, until - until % DAY_MS)
        self._set_due()
        self._set_alarms()
        return transactions

    def _set_due(self) -> None:
        rolled = self.rolled
        if rolled is None:
            return
        self._due = rolled + DAY_MS
        if self._expirations:
            self._due = min(self._due, self._expirations[0][0])

    def _expire(self, expiration: int, login: int, ticket: int, now: int) -> Iterator[Transaction]:
        if self._expires(expiration, login, ticket):
            account = self.accounts[login]
            order = account.orders[ticket]
            scene = self._scene(account, now, no_slippage)
            quote = self.market.quotes.get(order.symbol)
            ended = pending_orders.end_order(
                scene, order, OrderState.EXPIRED, "expiration", quote, at=expiration
            )
            yield self._record(login, ended, expiration)

    def _end_day(self, end: int) -> Iterator[Transaction]:
        """Charge swap on what is open as a trading day ends."""
        for login in sorted(self._holders):
            account = self.accounts[login]
            scene = self._scene(account, end, no_slippage)
            for position in sorted(account.positions.values(), key=lambda each: each.ticket):
                charge = charges.swap_charge(scene, position)
                if charge is not None and position.time_open < end:
                    yield self._record(login, charge, end)

    def on_quote(self, quote: Quote, slippage: Callable[[], int] = no_slippage) -> list[Transaction]:
        """Take one quote and do all that follows from it."""
        if self._alarms_wanted:
            self._set_alarms()
        transactions = self.on_time(quote.time) if quote.time >= self._due else []
        if not is_open(self.market.instruments[quote.symbol], quote.time):
            return transactions
        self.market.quotes[quote.symbol] = quote
        book = self._books[quote.symbol]
        if book.is_quiet(quote.bid, quote.bid, quote.ask, quote.ask) and not transactions:
            return []
        taken = book.take(quote)
        if taken:
            looked_at = set()
            for trigger in sorted(taken, key=self._precedence):
                if trigger.kind is not _MARGIN:
                    transactions += self._fire(trigger, quote, slippage)
                else:
                    self._watches[trigger.login].alarms.clear()
                    looked_at.add(trigger.login)
            # Whoever traded on this tick is looked at too: the fill may have used up its margin.
            looked_at.update(self._alarms_wanted)
            # By login, for which alarms stand depends on when the broker was started.
            for login in sorted(looked_at):
                transactions += self._stop_out(login, quote.time)
                self._alarms_wanted[login] = None
        if self._debtors:
            transactions += self._compensate(quote.time)
        self._set_alarms()
        return transactions

    def _precedence(self, trigger: Trigger) -> tuple[int, int, int, int]:
        placed = 0
        if trigger.kind is _ORDER:
            placed = self.accounts[trigger.login].orders[trigger.ticket].time_setup
        return (trigger.kind, placed, trigger.login, trigger.ticket)

    def _fire(self, trigger: Trigger, quote: Quote, slippage: Callable[[], int]) -> list[Transaction]:
        account = self.accounts[trigger.login]
        scene = self._scene(account, quote.time, slippage)
        event: Any = None
        if trigger.kind is _ORDER:
            order = account.orders.get(trigger.ticket)
            # What is left in a book from before a stop-limit order became a limit order counts for nothing.
            if order is not None and pending_orders.is_reached(order, quote):
                if order.type.is_stop_limit:
                    event = pending_orders.trigger_order(order, quote)
                else:
                    event = pending_orders.fill_order(scene, order, quote)
        elif (position := account.positions.get(trigger.ticket)) is not None:
            if trigger.kind is _TRAIL:
                event = positions.trail_stop(scene, position, quote)
            else:
                reason = DealReason.SL if trigger.kind is _SL else DealReason.TP
                event = positions.fire_stop(scene, position, reason, quote)
        return [] if event is None else [self._record(trigger.login, event, quote.time)]

    def _stop_out(self, login: int, now: int) -> list[Transaction]:
        account = self.accounts[login]
        if not account.positions or not is_stopped_out(account, self.figures(account)):
            return []
        profits = {each.ticket: self.profit(account, each) for each in account.positions.values()}
        stop_out = StopOut(self._scene(account, now, no_slippage), profits)
        transactions = []
        while (event := stop_out.next()) is not None:
            transactions.append(self._record(login, event, now))
        return transactions

    def _compensate(self, now: int) -> list[Transaction]:
        """Make up for the balances below zero of accounts that have nothing open any more."""
        transactions = []
        while self._debtors:
            login, reason = self._debtors.popitem()
            account = self.accounts[login]
            if account.balance < 0 and not account.positions:
                deal = balance.compensation(self._scene(account, now, no_slippage), reason)
                transactions.append(self._record(login, deal, now))
        return transactions

    # ------------------------------------------------------------------ state

    def apply(self, transaction: Transaction) -> None:
        """Change the state by a transaction, and keep what is derived from it in step."""
        event, login = transaction.event, transaction.account
        kind = type(event)
        if kind is AccountOpened:
            self.accounts[login] = Account(login=login)
            self._watches[login] = _Watch()
        account = self.accounts[login]
        if kind is PositionReduced:
            self._release(account, account.positions[event.deal.position or 0])
        evolve(account, transaction)
        if kind is PositionOpened:
            position = account.positions[event.order.ticket]
            self._books[position.symbol].add_stops(login, position)
            self._hold(account, position, event.margin)
        elif kind is PositionReduced:
            if event.volume_remaining:
                position = account.positions[event.deal.position or 0]
                self._hold(account, position, self.margin(account, position))
            elif account.balance < 0 and self.options.negative_balance_compensation:
                self._debtors[login] = event.deal.reason
        else:
            self._follow(account, event)

    def _follow(self, account: Account, event: Any) -> None:
        """Keep what is derived from an account in step with an event that is no fill."""
        login = account.login
        match event:
            case OrderPlaced() | OrderModified() | OrderTriggered():
                self._watch_order(login, event.order)
            case SwapCharged():
                side = account.positions[event.position].side
                self._watches[login].exposures[event.symbol].leg(side).swap += event.amount
                self._alarms_wanted[login] = None
            case PositionModified():
                self._books[event.position.symbol].add_stops(login, event.position)
            case OrderClosed() | RequestSettled():
                pass
            case _:
                # Money came or went: only accounts with positions have alarms to move.
                if account.positions:
                    self._alarms_wanted[login] = None

    def restore(self, accounts: Iterable[Account]) -> None:
        """Take accounts as a snapshot had them; `settle` must follow."""
        for book in self._books.values():
            book.load()
        for account in accounts:
            self.accounts[account.login] = account
            self._watches[account.login] = _Watch()
            for position in account.positions.values():
                self._books[position.symbol].add_stops(account.login, position)
                self._hold(account, position, self.margin(account, position))
            for order in account.orders.values():
                self._watch_order(account.login, order)

    def settle(self, rolled: int | None = None) -> None:
        """After a start: set the margin alarms, once the last quotes are known.

        Args:
            rolled: see `Broker`.
        """
        self.rolled = rolled
        self._set_due()
        self._set_alarms()
        for book in self._books.values():
            book.arrange()

    def record(self, login: int, event: Any, now: int) -> Transaction:
        """Number an event that the caller decided, and apply it."""
        return self._record(login, event, now)

    def _record(self, login: int, event: Any, now: int) -> Transaction:
        account = self.accounts.get(login)
        transaction = Transaction(login, account.version + 1 if account else 1, now, event)
        self.apply(transaction)
        return transaction

    def _watch_order(self, login: int, order: Order) -> None:
        self._books[order.symbol].add_order(login, order)
        if order.expiration is None:
            return
        if len(self._expirations) >= self._expirations_limit:
            # Orders that ended before their time are dropped, so that the heap follows what is placed.
            self._expirations = sorted({each for each in self._expirations if self._expires(*each)})
            self._expirations_limit = max(1024, 2 * len(self._expirations))
        heapq.heappush(self._expirations, (order.expiration, login, order.ticket))
        self._set_due()

    def _expires(self, expiration: int, login: int, ticket: int) -> bool:
        order = self.accounts[login].orders.get(ticket)
        return order is not None and order.expiration == expiration

    def _hold(self, account: Account, position: Position, own_margin: int) -> None:
        """Count a position in, and have the account's alarms set anew."""
        exposures = self._watches[account.login].exposures
        exposure = exposures.get(position.symbol)
        if exposure is None:
            exposure = exposures[position.symbol] = Exposure()
        exposure.leg(position.side).add(position, own_margin)
        self._holders[account.login] = None
        self._weigh(account, position.symbol, exposure)

    def _release(self, account: Account, position: Position) -> None:
        """Count a position out, and have the account's alarms set anew."""
        exposures = self._watches[account.login].exposures
        exposure = exposures[position.symbol]
        exposure.leg(position.side).remove(position)
        self._weigh(account, position.symbol, exposure)
        if not exposure:
            del exposures[position.symbol]
            if not exposures:
                del self._holders[account.login]

    def _weigh(self, account: Account, symbol: str, exposure: Exposure) -> None:
        instrument = self.market.instruments[symbol]
        exposure.margin = symbol_margin(
            instrument, account, exposure.long, exposure.short, self.options.hedged_margin
        )
        self._alarms_wanted[account.login] = None

    def _set_alarms(self) -> None:
        """See to the alarms of every account that changed.

        Where those that stand are careful enough they go on standing, for setting them is dear and a trade
        seldom matters. Otherwise they are set anew, and the old ones lapse with their generation.
        """
        quotes = self.market.quotes
        while self._alarms_wanted:
            login, _ = self._alarms_wanted.popitem()
            watch = self._watches[login]
            if not watch.exposures:
                continue
            account = self.accounts[login]
            distances = alarm_distances(self.market, account, watch.exposures, self.figures(account))
            if are_covered(distances, quotes, watch.alarms):
                continue
            watch.generation += 1
            watch.alarms = {}
            for symbol, farthest in distances.items():
                quote, distance = quotes[symbol], sooner(farthest)
                watch.alarms[symbol] = Alarm(quote, distance)
                self._books[symbol].add_alarm(login, watch.generation, quote, distance)

    def _is_live(self, trigger: Trigger) -> bool:
        account = self.accounts[trigger.login]
        if trigger.kind is _MARGIN:
            return trigger.ticket == self._watches[trigger.login].generation
        if trigger.kind is _ORDER:
            order = account.orders.get(trigger.ticket)
            return order is not None and order.price == trigger.price
        position = account.positions.get(trigger.ticket)
        if position is None:
            return False
        if trigger.kind is _TRAIL:
            return trigger.price == position.trail_price
        return trigger.price == (position.sl if trigger.kind is _SL else position.tp)

    def _scene(
        self,
        account: Account,
        now: int,
        slippage: Callable[[], int],
        arrival: Quote | None = None,
    ) -> Scene:
        exposures = self._watches[account.login].exposures
        return Scene(self.market, self.options, account, now, exposures, self.figures, slippage, arrival)


@record(frozen=True, slots=True)
class Preview:
    """What a trade or order would need: prices in points, amounts in minor units."""

    refusal: Refusal | None = None
    price: int | None = None
    margin: int | None = None
    margin_free_after: int | None = None
