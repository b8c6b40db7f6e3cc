"""The fast broker and the naive one side by side: moved together, compared in everything after every step.

`REACHED` counts what happened, over all the machines of a run.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

from hypothesis.stateful import RuleBasedStateMachine, invariant

from broker import naive_money
from broker.naive_broker import NaiveBroker
from broker.naive_money import DAY_MS
from broker.reference import rounded
from broker.scenery import fold
from broker.specifications import INSTRUMENTS
from tradyn.broker.accounts import Account, evolve
from tradyn.broker.commands import Command
from tradyn.broker.deals import Deal, DealEntry, DealReason
from tradyn.broker.engine import Broker
from tradyn.broker.instruments import Instrument, TradeMode
from tradyn.broker.market import Quote
from tradyn.broker.money import Rate
from tradyn.broker.options import Options
from tradyn.broker.orders import TRANSITIONS, Order, OrderState
from tradyn.broker.positions import Position
from tradyn.broker.transactions import (
    AccountOpened,
    OrderClosed,
    OrderTriggered,
    PositionModified,
    PositionOpened,
    PositionReduced,
    SwapCharged,
    Transaction,
)

REACHED: Counter[str] = Counter()

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
"""Refusals that must tell a person the numbers behind them."""


class TwoBrokers(RuleBasedStateMachine):
    def start(self, options: Options, slippage: int, now: int) -> None:
        self.now = now
        self.slippage = slippage
        self.fast = Broker(dict(INSTRUMENTS), options)
        self.naive = NaiveBroker(dict(INSTRUMENTS), options)
        # What the fast broker said, by account.
        self.journal: list[Transaction] = []
        self.folded: dict[int, Account] = {}
        self.deals: dict[int, list[Deal]] = {}
        self.orders: dict[int, dict[int, Order]] = {}
        self.story: dict[int, list[tuple[int, str, int]]] = {}
        self.tickets: dict[int, set[int]] = {}
        self.volumes: Counter[tuple[int, int]] = Counter()
        self.compared: Counter[int] = Counter()

    # ------------------------------------------------------------------ both at once

    def account(self, login: int) -> Account:
        return self.naive.ledgers[login].account

    def open_account(self, event: AccountOpened) -> None:
        self.deals[event.login], self.orders[event.login], self.story[event.login] = [], {}, []
        self.tickets[event.login] = set()
        self.follow(self.fast.open_account(event, self.now).transactions)
        self.naive.open_account(event, self.now)

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
        done = self.fast.on_quote(quote, lambda: self.slippage)
        self.follow(done, quote.symbol)
        reached = [waited_since(each) for each in done if is_reached(each)]
        assert reached == sorted(reached), "pending orders have their turns in order of time"
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

    def change_mode(self, symbol: str, mode: TradeMode) -> None:
        """Another trade mode, as after a restart."""
        for market in (self.fast.market, self.naive.market):
            known = cast("dict[str, Instrument]", market.instruments)
            known[symbol] = replace(known[symbol], trade_mode=mode)

    def restart_fast(self) -> None:
        """The fast broker goes on from a snapshot, and nobody may notice."""
        fresh = Broker(self.fast.market.instruments, self.fast.options)
        fresh.restore(copy.deepcopy(self.folded).values())
        fresh.market.quotes.update(self.fast.market.quotes)
        fresh.settle(self.fast.rolled)
        self.fast = fresh

    def follow(self, transactions: Iterable[Transaction], ticked: str | None = None) -> None:
        """Keep what the fast broker says, and hold it against what must always be so."""
        for each in transactions:
            self.journal.append(each)
            account = self.folded.setdefault(each.account, Account(login=each.account))
            self.count(each.event, account, ticked)
            evolve(account, each)
            event, login = each.event, each.account
            self.story[login].append((each.time, name_of(event), subject_of(event)))
            if hasattr(event, "order"):
                self.follow_order(login, event.order)
            if hasattr(event, "deal"):
                self.follow_deal(login, event.deal)

    def follow_order(self, login: int, order: Order) -> None:
        known = self.orders[login].get(order.ticket)
        if known is None:
            assert order.state in (OrderState.PLACED, OrderState.FILLED)
            assert order.ticket not in self.tickets[login]
            self.tickets[login].add(order.ticket)
        else:
            assert order.state in TRANSITIONS[known.state]
        self.orders[login][order.ticket] = order

    def follow_deal(self, login: int, deal: Deal) -> None:
        assert deal.ticket not in self.tickets[login]
        self.tickets[login].add(deal.ticket)
        self.deals[login].append(deal)
        if deal.position is not None and deal.volume is not None:
            sign = 1 if deal.entry is DealEntry.IN else -1
            self.volumes[login, deal.position] += sign * deal.volume

    def count(self, event: Any, account: Account, ticked: str | None) -> None:
        """What happened, and whether it was one of the cases that are rare and matter."""
        REACHED[name_of(event)] += 1
        match event:
            case OrderClosed(order=order):
                cause = event.cause if order.state is not OrderState.REJECTED else "rejected"
                REACHED[f"order ended: {cause}"] += 1
                if cause == "expiration" and (order.expiration or 0) % DAY_MS == 0:
                    REACHED["expired at midnight"] += 1
            case SwapCharged():
                REACHED[f"swap {event.mode}"] += 1
                REACHED[f"swap {'paid' if event.amount > 0 else 'charged'}"] += 1
                REACHED[f"swap of {event.multiplier} days"] += 1
            case PositionOpened():
                waited = account.orders.get(event.order.ticket)
                if waited is not None and waited.type.is_limit and waited.price != event.deal.price:
                    REACHED["limit filled better"] += 1
                if waited is not None and waited != self.orders[account.login][event.order.ticket]:
                    raise AssertionError("an order that nobody has seen was filled")
            case PositionReduced():
                position = account.positions[event.deal.position or 0]
                if event.volume_remaining:
                    REACHED["partial close"] += 1
                    REACHED["partial close that shares swap"] += bool(event.deal.swap)
                    REACHED["partial close that shares commission"] += bool(position.commission)
                if event.deal.reason is DealReason.SL and event.deal.price != position.sl:
                    REACHED["SL that slipped"] += 1
                if event.deal.reason is DealReason.SL and position.trailing_stop:
                    REACHED["trailing SL"] += 1
                if event.deal.reason is DealReason.SO and event.deal.symbol != ticked:
                    REACHED["stop-out on the tick of another symbol"] += 1
        if hasattr(event, "deal"):
            deal: Deal = event.deal
            REACHED[f"deal {deal.type} {deal.entry} {deal.reason}"] += 1
            if deal.commission and deal.symbol is not None:
                REACHED[f"commission {INSTRUMENTS[deal.symbol].commission_mode}"] += 1
        if hasattr(event, "order"):
            REACHED[f"{event.order.type.name} {event.order.state}"] += 1

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
        level = naive.margin_level
        assert fast.margin_level == (None if level is None else rounded(level, 2))
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


def name_of(event: Any) -> str:
    """The event's kind; of a position's other stops also who gave them."""
    name = type(event).__name__
    return f"{name} {event.cause}" if isinstance(event, PositionModified) else name


def subject_of(event: Any) -> int:
    """The ticket of the deal, else of the order or position, else the login."""
    match event:
        case AccountOpened():
            return event.login
        case SwapCharged():
            return event.position
        case PositionModified():
            return event.position.ticket
    return int(event.deal.ticket if hasattr(event, "deal") else event.order.ticket)


def is_reached(transaction: Transaction) -> bool:
    """Whether a pending order had its turn on a tick."""
    event = transaction.event
    rejected = isinstance(event, OrderClosed) and event.order.state is OrderState.REJECTED
    return rejected or isinstance(event, (OrderTriggered, PositionOpened))


def waited_since(transaction: Transaction) -> tuple[int, int, int]:
    order: Order = transaction.event.order
    return order.time_setup, transaction.account, order.ticket


def canonical(positions: dict[int, Position]) -> dict[int, Position]:
    """With their rates in lowest terms."""
    return {
        ticket: replace(each, margin_rate=Rate(*Fraction(*each.margin_rate).as_integer_ratio()))
        for ticket, each in positions.items()
    }
