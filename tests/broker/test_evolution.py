"""Deciding changes nothing, and the transactions alone make the state: in every field, at every step."""

from __future__ import annotations

import copy
from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.scenery import Desk, deals, examples, fold, instrument
from broker.stories import INSTRUMENTS, Story
from tradyn.broker.accounts import Account, evolve
from tradyn.broker.commands import CloseAll, ResetAccount
from tradyn.broker.engine import Broker
from tradyn.broker.orders import TRANSITIONS, Order, OrderState
from tradyn.broker.transactions import OrderClosed, OrderModified, OrderPlaced, PositionOpened, Transaction

SEEDS = st.integers(0, 2**48)


def told(seed: int, steps: int = 120) -> Story:
    story = Story(Random(seed))
    for _ in range(steps):
        story.step()
    return story


@examples(40)
@given(SEEDS)
def test_the_fold_of_the_transactions_is_the_state(seed: int) -> None:
    story = told(seed)
    assert fold(story.journal) == story.broker.accounts
    for login, account in story.broker.accounts.items():
        own = [each for each in story.journal if each.account == login]
        assert [each.version for each in own] == list(range(1, account.version + 1))
        assert sum(each.amount for each in deals(own)) == account.balance
        assert [each.time for each in own] == sorted(each.time for each in own)


@examples(15)
@given(SEEDS)
def test_the_balance_is_the_sum_of_the_deals_at_every_step(seed: int) -> None:
    sums: Counter[int] = Counter()
    accounts: dict[int, Account] = {}
    for each in told(seed).journal:
        account = accounts.setdefault(each.account, Account(login=each.account))
        evolve(account, each)
        sums[each.account] += sum(deal.amount for deal in deals([each]))
        assert account.balance == sums[each.account]


@examples(40)
@given(SEEDS)
def test_tickets_and_states_of_orders(seed: int) -> None:
    """Tickets are given once; every change of an order's state is one that the table allows."""
    given_out: set[tuple[int, int]] = set()
    states: dict[tuple[int, int], OrderState] = {}

    def give(login: int, ticket: int) -> None:
        assert (login, ticket) not in given_out
        given_out.add((login, ticket))

    for each in told(seed).journal:
        event = each.event
        order: Order | None = getattr(event, "order", None)
        if order is not None:
            key = (each.account, order.ticket)
            if key in states:
                assert order.state in TRANSITIONS[states[key]]
            else:
                give(*key)
            states[key] = order.state
            assert (order.time_done is None) is (order.state is OrderState.PLACED)
            if isinstance(event, OrderPlaced | OrderModified):
                assert order.state is OrderState.PLACED
            elif isinstance(event, OrderClosed):
                assert order.state in (OrderState.CANCELED, OrderState.EXPIRED, OrderState.REJECTED)
                assert order.position is None
            else:
                assert order.state is OrderState.FILLED
                assert event.deal.order == order.ticket
                assert event.deal.position == order.position
            if isinstance(event, PositionOpened):
                assert order.position == order.ticket
        if (deal := getattr(event, "deal", None)) is not None:
            give(each.account, deal.ticket)


@examples(30)
@given(SEEDS)
def test_deciding_changes_nothing(seed: int) -> None:
    story = Story(Random(seed), trades=0.5)
    broker = story.broker
    for _ in range(60):
        story.step()
        account = story.account()
        command = story.command(account)
        if isinstance(command, CloseAll | ResetAccount):
            continue
        accounts, quotes = copy.deepcopy(broker.accounts), dict(broker.market.quotes)
        event = broker.decide(account, command, story.now)
        assert (broker.accounts, broker.market.quotes) == (accounts, quotes)
        outcome = story.do(account, command)
        if outcome.refusal is None:
            assert outcome.transactions[0].event == event
        else:
            assert event == outcome.refusal
            assert broker.accounts == accounts


def by_account(transactions: list[Transaction]) -> dict[int, list[Any]]:
    return {
        login: [each for each in transactions if each.account == login]
        for login in {each.account for each in transactions}
    }


@examples(40)
@given(SEEDS)
def test_a_restored_broker_goes_on_like_the_original(seed: int) -> None:
    """From a snapshot, and from the journal alone."""
    story = told(seed, steps=80)
    original = story.broker
    restored = Broker(INSTRUMENTS, original.options)
    restored.market.quotes.update(original.market.quotes)
    restored.restore(copy.deepcopy(original.accounts).values())
    restored.settle()
    replayed = Broker(INSTRUMENTS, original.options)
    for each in story.journal:
        replayed.apply(each)
    replayed.market.quotes.update(original.market.quotes)
    replayed.settle()
    for _ in range(80):
        if story.random.random() < 0.2:
            account = story.account()
            command = story.command(account)
            outcome = story.do(account, command)
            for other in (restored, replayed):
                assert other.execute(account.login, command, story.now) == outcome
        else:
            quote = story.quote()
            done = by_account(original.on_quote(quote))
            for other in (restored, replayed):
                assert by_account(other.on_quote(quote)) == done
    assert restored.accounts == original.accounts == replayed.accounts
    for login, account in original.accounts.items():
        assert restored.figures(restored.accounts[login]) == original.figures(account)


def test_a_gap_in_the_versions_is_a_bug() -> None:
    desk = Desk(instrument("EURUSD"))
    with pytest.raises(AssertionError, match="version"):
        evolve(desk.account, desk.journal[0])


def test_no_state_follows_a_final_one() -> None:
    assert set(TRANSITIONS) == set(OrderState)
    for state, following in TRANSITIONS.items():
        assert bool(following) is (state is OrderState.PLACED)
