"""Stops level, freeze level, volumes, partial closes, and what counts as a change."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from broker.scenery import Desk, buy, close, deals, instrument, pending, sell
from tradyn.broker.checks import to_points
from tradyn.broker.commands import UNCHANGED, CancelOrder, ModifyOrder, ModifyPosition
from tradyn.broker.orders import OrderType, Side

LIMITS_AND_STOPS = (OrderType.BUY_LIMIT, OrderType.SELL_LIMIT, OrderType.BUY_STOP, OrderType.SELL_STOP)


def desk_at_110000(**changes: Any) -> Desk:
    """Bid 1.10000, ask 1.10010."""
    desk = Desk(instrument("EURUSD", **changes), balance=100_000_000)
    desk.tick(110_000, 110_010)
    return desk


def stops(name: str, written: str) -> dict[str, Any]:
    return {name: Decimal(written)}


def price(points: int) -> str:
    return str(Decimal(points).scaleb(-5))


# ---------------------------------------------------------------------- stops level


@pytest.mark.parametrize(
    ("kind", "nearest", "outward"),
    [
        (OrderType.BUY_LIMIT, 110_010, -1),
        (OrderType.SELL_LIMIT, 110_000, 1),
        (OrderType.BUY_STOP, 110_010, 1),
        (OrderType.SELL_STOP, 110_000, -1),
    ],
)
@pytest.mark.parametrize("level", [0, 20])
def test_price_of_an_order(kind: OrderType, nearest: int, outward: int, level: int) -> None:
    desk = desk_at_110000(stops_level=level)
    bound = nearest + outward * level
    assert desk.refused(pending("EURUSD", kind, "0.1", price(bound - outward))) == "INVALID_PRICE"
    ticket = desk.done(pending("EURUSD", kind, "0.1", price(bound))).order.ticket
    desk.done(ModifyOrder(ticket=ticket, price=Decimal(price(bound + outward))))
    moved = ModifyOrder(ticket=ticket, price=Decimal(price(bound - outward)))
    assert desk.refused(moved) == "INVALID_PRICE"
    desk.done(ModifyOrder(ticket=ticket, price=Decimal(price(bound))))


@pytest.mark.parametrize("level", [0, 20])
@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
def test_stops_of_a_position(side: Side, level: int) -> None:
    """At the market and later alike: from the bid of a long, from the ask of a short."""
    reference = 110_000 if side is Side.BUY else 110_010
    order = buy if side is Side.BUY else sell
    for name, outward in (("sl", -side.sign), ("tp", side.sign)):
        desk = desk_at_110000(stops_level=level)
        bound = reference + outward * level
        good, bad = price(bound), price(bound - outward)
        assert desk.refused(order("EURUSD", "0.1", **{name: bad})) == "INVALID_STOPS"
        assert desk.done(order("EURUSD", "0.1", **{name: good})).order.state == "filled"
        ticket = desk.done(order("EURUSD", "0.1")).order.ticket
        assert desk.refused(ModifyPosition(ticket=ticket, **stops(name, bad))) == "INVALID_STOPS"
        desk.done(ModifyPosition(ticket=ticket, **stops(name, good)))
        assert getattr(desk.account.positions[ticket], name) == bound


@pytest.mark.parametrize("level", [0, 20])
@pytest.mark.parametrize("kind", LIMITS_AND_STOPS)
def test_stops_of_an_order_count_from_its_price(kind: OrderType, level: int) -> None:
    own = 111_000 if kind in (OrderType.SELL_LIMIT, OrderType.BUY_STOP) else 109_000
    for name, outward in (("sl", -kind.side.sign), ("tp", kind.side.sign)):
        desk = desk_at_110000(stops_level=level)
        bound = own + outward * level
        good, bad = price(bound), price(bound - outward)
        assert desk.refused(pending("EURUSD", kind, "0.1", price(own), **{name: bad})) == "INVALID_STOPS"
        ticket = desk.done(pending("EURUSD", kind, "0.1", price(own), **{name: good})).order.ticket
        assert desk.refused(ModifyOrder(ticket=ticket, **stops(name, bad))) == "INVALID_STOPS"
        # The price moves towards the stop, and the stop becomes invalid with it.
        moved = ModifyOrder(ticket=ticket, price=Decimal(price(own + outward)))
        assert desk.refused(moved) == "INVALID_STOPS"


def test_what_stays_as_it_is_is_not_measured_again() -> None:
    desk = desk_at_110000(stops_level=20)
    position = desk.done(buy("EURUSD", "0.1", sl="1.09900", tp="1.10100")).order.ticket
    order = desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "0.1", "1.09895")).order.ticket
    desk.tick(109_901, 109_911)
    desk.done(ModifyPosition(ticket=position, tp=Decimal("1.10200")))
    desk.done(ModifyOrder(ticket=order, sl=Decimal("1.09800")))
    desk.done(ModifyOrder(ticket=order, price=Decimal("1.09890")))
    assert desk.refused(ModifyPosition(ticket=position, sl=Decimal("1.09899"))) == "INVALID_STOPS"
    assert desk.refused(ModifyOrder(ticket=order, price=Decimal("1.09892"))) == "INVALID_PRICE"


# ---------------------------------------------------------------------- freeze level


@pytest.mark.parametrize(
    ("kind", "own", "frozen_at", "free_at"),
    [
        (OrderType.BUY_LIMIT, 109_900, (109_910, 109_920), (109_911, 109_921)),
        (OrderType.SELL_LIMIT, 110_100, (110_080, 110_090), (110_079, 110_089)),
        (OrderType.BUY_STOP, 110_100, (110_070, 110_080), (110_069, 110_079)),
        (OrderType.SELL_STOP, 109_900, (109_920, 109_930), (109_921, 109_931)),
    ],
)
def test_frozen_orders(
    kind: OrderType, own: int, frozen_at: tuple[int, int], free_at: tuple[int, int]
) -> None:
    desk = desk_at_110000(freeze_level=20)
    ticket = desk.done(pending("EURUSD", kind, "0.1", price(own))).order.ticket
    away = Decimal(price(own + (-50 if own < 110_000 else 50)))
    desk.tick(*frozen_at)
    assert desk.refused(ModifyOrder(ticket=ticket, price=away)) == "FROZEN"
    assert desk.refused(CancelOrder(ticket=ticket)) == "FROZEN"
    desk.tick(*free_at)
    desk.done(ModifyOrder(ticket=ticket, price=away))
    event = desk.done(CancelOrder(ticket=ticket))
    assert (event.order.state, event.order.time_done) == ("canceled", desk.now)


@pytest.mark.parametrize(
    ("side", "name", "stop", "frozen_at", "free_at"),
    [
        (Side.BUY, "sl", 109_900, (109_920, 109_930), (109_921, 109_931)),
        (Side.BUY, "tp", 110_100, (110_080, 110_090), (110_079, 110_089)),
        (Side.SELL, "sl", 110_100, (110_070, 110_080), (110_069, 110_079)),
        (Side.SELL, "tp", 109_900, (109_910, 109_920), (109_911, 109_921)),
    ],
)
def test_frozen_positions(
    side: Side, name: str, stop: int, frozen_at: tuple[int, int], free_at: tuple[int, int]
) -> None:
    desk = desk_at_110000(freeze_level=20)
    order = buy if side is Side.BUY else sell
    ticket = desk.done(order("EURUSD", "0.1", **{name: price(stop)})).order.ticket
    desk.tick(*frozen_at)
    assert desk.refused(ModifyPosition(ticket=ticket, **{name: None})) == "FROZEN"
    assert desk.refused(close(ticket)) == "FROZEN"
    desk.tick(*free_at)
    further: dict[str, Any] = {name: Decimal(price(stop + (stop - 110_000)))}
    desk.done(ModifyPosition(ticket=ticket, **further))
    desk.done(close(ticket))


def test_a_stop_that_the_market_has_passed_is_frozen() -> None:
    """The position was opened on a tick beyond its stop: that fires with the next."""
    desk = desk_at_110000(freeze_level=5)
    desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "1", "1.09990", sl="1.09980"))
    (opened,) = [each.event for each in desk.tick(109_800, 109_990)]
    ticket = opened.order.ticket
    assert desk.refused(ModifyPosition(ticket=ticket, sl=None)) == "FROZEN"
    assert desk.refused(close(ticket)) == "FROZEN"
    assert [each.event.deal.reason for each in desk.tick(109_800, 109_990)] == ["sl"]


# ---------------------------------------------------------------------- volumes


@pytest.mark.parametrize(
    ("volume", "taken"),
    [
        ("0.01", False),
        ("0.1", True),
        ("0.11", False),
        ("0.12", True),
        ("0.13", False),
        ("2", True),
        ("2.02", False),
        ("0", False),
        ("0.120000000000000000000000000000000001", False),
        ("1e-300", False),
        ("1000000", False),
    ],
)
def test_minimum_maximum_and_step(volume: str, taken: bool) -> None:
    changes = {"volume_min": "0.1", "volume_max": "2", "volume_step": "0.02"}
    for command in (
        buy("EURUSD", volume),
        pending("EURUSD", OrderType.BUY_LIMIT, volume, "1.09"),
    ):
        desk = desk_at_110000(**changes)
        if taken:
            desk.done(command)
        else:
            assert desk.refused(command) == "INVALID_VOLUME"


def test_volume_limit_counts_positions_and_orders_of_one_direction() -> None:
    desk = desk_at_110000(volume_limit="1")
    desk.done(buy("EURUSD", "0.3"))
    desk.done(pending("EURUSD", OrderType.BUY_STOP, "0.3", "1.2"))
    for command in (buy("EURUSD", "0.41"), pending("EURUSD", OrderType.BUY_LIMIT, "0.41", "1.09")):
        assert desk.refused(command) == "LIMIT_VOLUME"
    desk.done(sell("EURUSD", "1"))
    assert desk.refused(pending("EURUSD", OrderType.SELL_STOP, "0.01", "1.09")) == "LIMIT_VOLUME"
    last = desk.done(buy("EURUSD", "0.4")).order.ticket
    assert desk.refused(buy("EURUSD", "0.01")) == "LIMIT_VOLUME"
    desk.done(close(last, "0.1"))
    desk.done(buy("EURUSD", "0.1"))


@pytest.mark.parametrize("volume", ["0", "-0.1", "0.15", "0.001", "1.1", "1000000"])
def test_invalid_close_volumes(volume: str) -> None:
    desk = desk_at_110000(volume_step="0.1", volume_min="0.5")
    ticket = desk.done(buy("EURUSD", "1")).order.ticket
    assert desk.refused(close(ticket, volume)) == "INVALID_CLOSE_VOLUME"


def test_the_minimum_does_not_apply_to_closing() -> None:
    desk = desk_at_110000(volume_min="0.5")
    ticket = desk.done(buy("EURUSD", "0.5")).order.ticket
    assert desk.done(close(ticket, "0.01")).volume_remaining == 49
    assert desk.done(close(ticket, "0.48")).volume_remaining == 1
    assert desk.done(close(ticket, "0.01")).volume_remaining == 0
    assert desk.refused(close(ticket)) == "NOT_FOUND"


def test_a_partial_close_keeps_ticket_stops_and_open_price() -> None:
    desk = desk_at_110000()
    ticket = desk.done(buy("EURUSD", "1", sl="1.09", tp="1.12", comment="c", magic=3)).order.ticket
    before = desk.account.positions[ticket]
    desk.tick(110_100, 110_110)
    desk.done(close(ticket, "0.4"))
    after = desk.account.positions[ticket]
    assert after.volume == 60
    kept = ("ticket", "sl", "tp", "price_open", "side", "margin_rate", "time_open", "magic", "comment")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert after.time_update == desk.now
    # And the stops still fire, for what is left.
    (event,) = [each.event for each in desk.tick(112_100, 112_110)]
    assert (event.deal.volume, event.deal.reason) == (60, "tp")


@pytest.mark.parametrize("currency", ["USD", "EUR", "JPY"])
def test_partial_closes_add_up_to_one_close(currency: str) -> None:
    instruments = [instrument("EURJPY"), instrument("EURUSD"), instrument("USDJPY")]

    def opened() -> tuple[Desk, int]:
        desk = Desk(*instruments, currency=currency, balance=1_000_000_000)
        desk.quote("EURUSD", "1.10003", "1.10011")
        desk.quote("USDJPY", "149.127", "149.133")
        desk.quote("EURJPY", "164.047", "164.063")
        ticket = desk.done(buy("EURJPY", "1")).order.ticket
        desk.quote("EURJPY", "165.411", "165.429")
        return desk, ticket

    whole, ticket = opened()
    at_once = whole.done(close(ticket)).deal.profit
    parts, ticket = opened()
    for volume in ("0.01", "0.33", "0.17", "0.29"):
        parts.done(close(ticket, volume))
    parts.done(close(ticket))
    profits = [each.profit for each in deals(parts.journal) if each.entry == "out"]
    assert len(profits) == 5
    assert abs(sum(profits) - at_once) <= 5
    assert not parts.account.positions


# ---------------------------------------------------------------------- what counts as a change


def test_no_changes() -> None:
    desk = desk_at_110000()
    position = desk.done(buy("EURUSD", "1", sl="1.09")).order.ticket
    at = desk.now + 60_000
    order = desk.done(
        pending("EURUSD", OrderType.BUY_LIMIT, "1", "1.095", tp="1.1", expiration=at)
    ).order.ticket
    for command in (
        ModifyPosition(ticket=position),
        ModifyPosition(ticket=position, sl=Decimal("1.090000")),
        ModifyPosition(ticket=position, sl=Decimal("1.090004"), tp=None),
        ModifyPosition(ticket=position, tp=Decimal(0)),
        ModifyOrder(ticket=order),
        ModifyOrder(ticket=order, price=Decimal("1.0949951"), sl=None, tp=Decimal("1.1"), expiration=at),
        ModifyOrder(ticket=order, sl=Decimal("0.0")),
    ):
        assert desk.refused(command) == "NO_CHANGES"


def test_absent_is_unchanged_and_none_or_zero_clears() -> None:
    for nothing in (None, Decimal(0), Decimal("0.00")):
        desk = desk_at_110000()
        position = desk.done(buy("EURUSD", "1", sl="1.09", tp="1.12")).order.ticket
        order = desk.done(
            pending("EURUSD", OrderType.SELL_LIMIT, "1", "1.2", sl="1.3", tp="1.1", expiration=desk.now + 9)
        ).order.ticket
        desk.done(ModifyPosition(ticket=position, sl=nothing, tp=UNCHANGED))
        held = desk.account.positions[position]
        assert (held.sl, held.tp) == (None, 112_000)
        desk.done(ModifyOrder(ticket=order, tp=nothing))
        placed = desk.account.orders[order]
        assert (placed.sl, placed.tp, placed.price) == (130_000, None, 120_000)
        desk.done(ModifyOrder(ticket=order, expiration=None))
        assert desk.account.orders[order].expiration is None
        desk.now += 10
        assert desk.broker.on_time(desk.now) == []
        # The SL that was cleared fires no more.
        assert desk.tick(108_000, 108_010) == []
        assert desk.done(buy("EURUSD", "1", sl="0", tp="0")).sl is None


@pytest.mark.parametrize(
    ("written", "points"),
    [
        ("1.100005", 110_001),
        ("1.1000049999999999999999", 110_000),
        ("1.100015", 110_002),
        ("1.100004", 110_000),
        ("1.1", 110_000),
        ("0.000005", 1),
        ("0.0000049", 0),
        ("-1.100005", -110_001),
        ("-0.000004", 0),
    ],
)
def test_prices_are_normalised_half_away_from_zero(written: str, points: int) -> None:
    assert to_points(instrument("EURUSD"), Decimal(written)) == points


def test_a_price_that_is_no_price() -> None:
    desk = desk_at_110000()
    for written in ("0", "0.000001", "-1"):
        command = pending("EURUSD", OrderType.BUY_LIMIT, "1", written)
        assert desk.refused(command) == "INVALID_PRICE"
    assert desk.refused(buy("EURUSD", "1", sl="-1")) == "INVALID_STOPS"
    assert desk.refused(sell("EURUSD", "1", tp="-1")) == "INVALID_STOPS"


def test_expirations_lie_in_the_future() -> None:
    desk = desk_at_110000()
    order = pending("EURUSD", OrderType.BUY_LIMIT, "1", "1.09", expiration=desk.now)
    assert desk.refused(order) == "INVALID_EXPIRATION"
    ticket = desk.done(
        pending("EURUSD", OrderType.BUY_LIMIT, "1", "1.09", expiration=desk.now + 1)
    ).order.ticket
    assert desk.refused(ModifyOrder(ticket=ticket, expiration=desk.now)) == "INVALID_EXPIRATION"
    desk.done(ModifyOrder(ticket=ticket, expiration=desk.now + 2))
    assert desk.broker.on_time(desk.now + 1) == []
    assert len(desk.broker.on_time(desk.now + 2)) == 1
