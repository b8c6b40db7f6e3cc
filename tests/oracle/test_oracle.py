"""The comparison with another engine sees every difference, and gives a name to none but its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from journeys.real_data import Bracket, Tick
from oracle.fates import Entry, Exit, Fate, Outcome, differences
from oracle.named import (
    LIMIT_AT_ITS_PRICE,
    QUOTE_STANDS,
    STOP_AT_THE_QUOTE,
    STOPS_FROM_THE_NEXT_QUOTE,
    name_fills,
    name_stops,
)

START = datetime(2017, 4, 19, tzinfo=UTC)
MINUTE = 60_000
ENTRY = Entry(0, Decimal("1.07010"))
EXIT = Exit(MINUTE, Decimal("1.07500"), "tp", Decimal("4.90"))
FATE = Fate(ENTRY, EXIT)
STOP = Bracket(
    1, 0, 4, Decimal("0.01"), Decimal("1.07000"), sl=Decimal("1.06500"), tp=Decimal("1.07500")
)  # fmt: skip


def outcome(*fates: Fate) -> Outcome:
    return Outcome("some engine", dict(enumerate(fates, 1)), Decimal(10_000), Decimal(0))


def at(time: int) -> int:
    return round(START.timestamp() * 1000) + time


def test_equal_outcomes_differ_in_nothing() -> None:
    assert not list(differences(outcome(FATE, Fate()), outcome(FATE, Fate())))


@pytest.mark.parametrize(
    "other",
    [
        outcome(Fate(ENTRY)),
        outcome(FATE, Fate(ENTRY)),
        outcome(replace(FATE, entry=replace(ENTRY, time=1))),
        outcome(replace(FATE, entry=replace(ENTRY, price=Decimal("1.07011")))),
        outcome(replace(FATE, exit=replace(EXIT, time=MINUTE + 1))),
        outcome(replace(FATE, exit=replace(EXIT, price=Decimal("1.07501")))),
        outcome(replace(FATE, exit=replace(EXIT, reason="sl"))),
        outcome(replace(FATE, exit=replace(EXIT, profit=Decimal("4.91")))),
        outcome(replace(FATE, trouble=("entry rejected",))),
        replace(outcome(FATE), balance=Decimal("10000.01")),
        replace(outcome(FATE), floating=Decimal("0.01")),
    ],
)
def test_the_smallest_difference_is_one(other: Outcome) -> None:
    assert len(list(differences(outcome(FATE), other))) == 1
    assert len(list(differences(other, outcome(FATE)))) == 1


def test_a_stop_filled_at_its_own_price_has_a_name() -> None:
    own = replace(FATE, entry=replace(ENTRY, price=Decimal("1.07000")))
    named = name_fills([STOP], outcome(own), outcome(FATE))
    assert dict(named.orders) == {STOP_AT_THE_QUOTE: {1}} and not named.unexplained


def test_a_tp_filled_on_the_entry_at_the_quote_has_a_name() -> None:
    told = Fate(ENTRY, replace(EXIT, time=0))
    own = Fate(ENTRY, replace(EXIT, time=0, price=Decimal("1.07600")))
    named = name_fills([STOP], outcome(own), outcome(told))
    assert dict(named.orders) == {LIMIT_AT_ITS_PRICE: {1}} and not named.unexplained


def test_another_quote_is_explained_only_by_another_order_on_it() -> None:
    own = replace(FATE, exit=replace(EXIT, time=2 * MINUTE))
    beside = Fate(Entry(MINUTE, Decimal("1.07400")))
    orders = [STOP, replace(STOP, number=2)]
    named = name_fills(orders, outcome(own, beside), outcome(FATE, beside))
    assert dict(named.orders) == {QUOTE_STANDS: {1}} and not named.unexplained
    alone = name_fills(orders, outcome(own, Fate()), outcome(FATE, Fate()))
    assert not alone.orders and len(alone.unexplained) == 1


@pytest.mark.parametrize(("bid", "is_reached"), [("1.07000", False), ("1.07500", True), ("1.06500", True)])
@pytest.mark.parametrize("is_acted_on", [False, True])
def test_stops_act_on_the_entry_where_its_quote_reached_them(
    bid: str, is_reached: bool, is_acted_on: bool
) -> None:
    market = [Tick(START + timedelta(minutes=each), Decimal(bid), Decimal(bid)) for each in range(2)]
    fate = Fate(replace(ENTRY, time=at(0)), replace(EXIT, time=at(0 if is_acted_on else MINUTE)))
    named = name_stops([STOP], outcome(fate), market)
    assert named.orders[STOPS_FROM_THE_NEXT_QUOTE] == ({1} if is_acted_on else set())
    assert len(named.unexplained) == (is_reached != is_acted_on)
