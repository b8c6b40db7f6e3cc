"""Trailing stops: idle until the profit has reached their distance, then behind the market, never back."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.scenery import Desk, buy, close, examples, instrument, sell
from tradyn.broker.commands import ModifyPosition
from tradyn.broker.orders import Side
from tradyn.broker.transactions import PositionModified, PositionReduced


def trailing(side: Side, distance: int = 100, sl: str | None = None, **changes: Any) -> tuple[Desk, int]:
    """A position opened at 110,000 whose closing side of the market is 110,000 too."""
    desk = Desk(instrument("EURUSD", **changes), balance=100_000_000)
    desk.tick(110_000, 110_000)
    ticket = desk.done((buy if side is Side.BUY else sell)("EURUSD", "0.1", sl=sl)).order.ticket
    desk.done(ModifyPosition(ticket=ticket, trailing_stop=distance))
    return desk, ticket


def at(desk: Desk, side: Side, profit: int) -> list[Any]:
    """A quote at which the position has so many points of profit; the other side is far away."""
    price = 110_000 + side.sign * profit
    done = desk.tick(price, price + 500) if side is Side.BUY else desk.tick(price - 500, price)
    return [each.event for each in done]


@pytest.mark.parametrize("side", list(Side))
def test_it_waits_follows_and_fires(side: Side) -> None:
    desk, ticket = trailing(side)
    sign = side.sign
    assert at(desk, side, 99) == at(desk, side, -300) == []
    (moved,) = at(desk, side, 100)
    assert isinstance(moved, PositionModified)
    assert (moved.cause, moved.position.sl, moved.position.trailing_stop) == ("trailing_stop", 110_000, 100)
    assert at(desk, side, 100) == at(desk, side, 50) == []
    (moved,) = at(desk, side, 101)
    assert moved.position.sl == 110_000 + sign
    (moved,) = at(desk, side, 350)
    assert moved.position.sl == 110_000 + sign * 250
    assert at(desk, side, 251) == []
    (closed,) = at(desk, side, 240)
    assert isinstance(closed, PositionReduced)
    assert (closed.deal.reason, closed.deal.price) == ("sl", 110_000 + sign * 240)
    assert ticket not in desk.account.positions


@pytest.mark.parametrize("side", list(Side))
def test_a_stop_that_stands_better_is_left_alone(side: Side) -> None:
    desk, ticket = trailing(side)
    at(desk, side, 300)
    better = Decimal(110_000 + side.sign * 290).scaleb(-5)
    desk.done(ModifyPosition(ticket=ticket, sl=better))
    assert at(desk, side, 380) == at(desk, side, 390) == []
    (moved,) = at(desk, side, 391)
    assert moved.position.sl == 110_000 + side.sign * 291


def test_it_is_ended_by_none_and_by_zero_and_keeps_the_stop() -> None:
    for end in (None, 0):
        desk, ticket = trailing(Side.BUY)
        at(desk, Side.BUY, 300)
        desk.done(ModifyPosition(ticket=ticket, trailing_stop=end))
        assert desk.account.positions[ticket].trailing_stop is None
        assert at(desk, Side.BUY, 900) == []
        assert desk.account.positions[ticket].sl == 110_200


def test_its_distance_is_at_least_the_stops_level() -> None:
    desk, ticket = trailing(Side.BUY, stops_level=50)
    assert desk.refused(ModifyPosition(ticket=ticket, trailing_stop=49)) == "INVALID_STOPS"
    assert desk.refused(ModifyPosition(ticket=ticket, trailing_stop=100)) == "NO_CHANGES"
    desk.done(ModifyPosition(ticket=ticket, trailing_stop=50))


def test_a_part_that_is_closed_leaves_it_to_the_rest() -> None:
    desk, ticket = trailing(Side.BUY)
    desk.done(close(ticket, "0.04"))
    (moved,) = at(desk, Side.BUY, 100)
    assert (moved.position.volume, moved.position.sl) == (6, 110_000)


@given(st.integers(0, 2**32), st.sampled_from(list(Side)), st.integers(1, 60))
@examples(100)
def test_on_any_path_it_is_the_best_price_less_the_distance(seed: int, side: Side, distance: int) -> None:
    dice = Random(seed)
    desk, ticket = trailing(side, distance)
    best: int | None = None
    profit = 0
    for _ in range(120):
        profit += dice.randint(-25, 26)
        at(desk, side, profit)
        if best is not None and profit <= best - distance:
            assert ticket not in desk.account.positions
            return
        if profit >= distance:
            best = profit if best is None else max(best, profit)
        expected = None if best is None else 110_000 + side.sign * (best - distance)
        assert desk.account.positions[ticket].sl == expected
