"""Records compare and hash by what they hold, and what makes them is told that they are frozen."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, cast

import pytest

from tradyn.broker.accounts import remaining_position
from tradyn.broker.deals import Deal, DealEntry, DealReason, DealType
from tradyn.broker.money import Rate
from tradyn.broker.orders import Order, OrderState, OrderType, Side
from tradyn.broker.positions import Position
from tradyn.broker.records import record
from tradyn.broker.refusals import Refusal
from tradyn.broker.transactions import CloseFailure, Transaction


@record(frozen=True, slots=True, kw_only=True)
class Pair:
    left: int
    right: int = 2


def test_equal_fields_make_equal_records_with_equal_hashes() -> None:
    assert Pair(left=1) == Pair(left=1, right=2)
    assert hash(Pair(left=1)) == hash(Pair(left=1, right=2))
    assert Pair(left=1) != Pair(left=2)
    assert len({Pair(left=1), Pair(left=1), Pair(left=2)}) == 2


def test_they_are_dataclasses_with_slots() -> None:
    assert [each.name for each in fields(Pair)] == ["left", "right"]
    assert replace(Pair(left=1), right=3) == Pair(left=1, right=3)
    assert not hasattr(Pair(left=1), "__dict__")
    with pytest.raises(TypeError):
        cast("Any", Pair)(1, 2)


def test_records_of_different_classes_differ() -> None:
    failure = CloseFailure(1, "A", "b")
    assert cast("Any", failure) != Refusal("A", "b")
    assert hash(Transaction(1, 1, 0, failure)) == hash(Transaction(1, 1, 0, CloseFailure(1, "A", "b")))


def test_whoever_asks_for_a_record_says_that_it_is_frozen() -> None:
    with pytest.raises(TypeError, match="frozen=True"):
        cast("Any", record)(frozen=False, slots=True)


# ---------------------------------------------------------------------- copies that are not made by `replace`

ORDER = Order(
    ticket=1,
    symbol="EURUSD",
    type=OrderType.SELL_STOP_LIMIT,
    state=OrderState.PLACED,
    volume=2,
    price=3,
    sl=4,
    tp=5,
    expiration=6,
    time_setup=7,
    time_done=None,
    position=None,
    magic=8,
    comment="nine",
    client_order_id="ten",
    price_stop_limit=11,
)
POSITION = Position(
    ticket=1,
    symbol="EURUSD",
    side=Side.SELL,
    volume=20,
    price_open=3,
    sl=4,
    tp=5,
    margin_rate=Rate(6, 7),
    swap=-80,
    commission=-90,
    time_open=10,
    time_update=11,
    magic=12,
    comment="thirteen",
    client_order_id="fourteen",
    trailing_stop=15,
)


@pytest.mark.parametrize("position", [None, 1])
@pytest.mark.parametrize("state", [each for each in OrderState if each is not OrderState.PLACED])
def test_an_order_that_ended_is_what_it_was_but_for_its_end(state: OrderState, position: int | None) -> None:
    assert ORDER.ended(state, 99, position) == replace(ORDER, state=state, time_done=99, position=position)


def test_what_is_left_of_a_position_is_what_it_was_but_for_its_share() -> None:
    deal = Deal(
        ticket=3,
        order=2,
        position=1,
        symbol="EURUSD",
        type=DealType.BUY,
        entry=DealEntry.OUT,
        volume=15,
        price=3,
        profit=0,
        swap=-60,
        commission=0,
        reason=DealReason.CLIENT,
        time=99,
        magic=0,
        comment="",
        client_order_id=None,
    )
    expected = replace(POSITION, volume=5, swap=-20, commission=-23, time_update=99)
    assert remaining_position(POSITION, deal, 5) == expected
