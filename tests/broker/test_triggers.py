"""When orders and stops trigger, and where they fill: at the boundary, a point before it, over a gap."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from broker.scenery import LOGIN, Desk, buy, instrument, pending, sell
from tradyn.broker.commands import ModifyPosition
from tradyn.broker.market import Quote
from tradyn.broker.orders import OrderState, OrderType, Side
from tradyn.broker.transactions import OrderClosed, PositionOpened, PositionReduced

WIDE = 70  # the spread of the quotes below, so that the other side of the market is clearly elsewhere


def desk_at_110000(**changes: Any) -> Desk:
    desk = Desk(instrument("EURUSD", **changes), balance=100_000_000)
    desk.tick(110_000, 110_010)
    return desk


def tick(desk: Desk, side: Side, price: int) -> list[Any]:
    """A quote whose side that matters is `price`: the ask for a buy, the bid for a sell."""
    done = desk.tick(price - WIDE, price) if side is Side.BUY else desk.tick(price, price + WIDE)
    return [each.event for each in done]


@pytest.mark.parametrize(
    ("kind", "price", "before", "gap", "gap_fill"),
    [
        (OrderType.BUY_LIMIT, "1.09900", 109_901, 109_000, 109_900),
        (OrderType.SELL_LIMIT, "1.10100", 110_099, 111_000, 110_100),
        (OrderType.BUY_STOP, "1.10100", 110_099, 110_500, 110_500),
        (OrderType.SELL_STOP, "1.09900", 109_901, 109_500, 109_500),
    ],
)
def test_pending_orders(kind: OrderType, price: str, before: int, gap: int, gap_fill: int) -> None:
    at = desk_at_110000().points("EURUSD", price)
    for trigger, fill in ((at, at), (gap, gap_fill)):
        desk = desk_at_110000()
        order = desk.done(pending("EURUSD", kind, "0.5", price, sl=None, magic=7, comment="x")).order
        assert tick(desk, kind.side, before) == []
        (event,) = tick(desk, kind.side, trigger)
        assert isinstance(event, PositionOpened)
        assert (event.order.ticket, event.order.state) == (order.ticket, OrderState.FILLED)
        assert (event.deal.price, event.deal.volume, event.deal.magic) == (fill, 50, 7)
        position = desk.account.positions[order.ticket]
        assert (position.price_open, position.side, position.comment) == (fill, kind.side, "x")
        assert not desk.account.orders
        assert tick(desk, kind.side, trigger) == []


@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
@pytest.mark.parametrize(
    ("stop", "long_price", "short_price", "before", "gap", "slips"),
    [
        ("sl", "1.09900", "1.10100", 1, 400, True),
        ("tp", "1.10100", "1.09900", 1, 400, False),
    ],
)
def test_stops_of_positions(
    side: Side, stop: str, long_price: str, short_price: str, before: int, gap: int, slips: bool
) -> None:
    price = long_price if side is Side.BUY else short_price
    at = desk_at_110000().points("EURUSD", price)
    outward = 1 if at > 110_005 else -1
    closing = side.opposite
    for trigger, fill in ((at, at), (at + outward * gap, at + outward * gap if slips else at)):
        desk = desk_at_110000()
        order = buy if side is Side.BUY else sell
        ticket = desk.done(order("EURUSD", "1", **{stop: price})).order.ticket
        assert tick(desk, closing, at - outward * before) == []
        (event,) = tick(desk, closing, trigger)
        assert isinstance(event, PositionReduced)
        assert (event.deal.price, event.deal.reason, event.deal.position) == (fill, stop, ticket)
        assert event.deal.profit == side.sign * (fill - (110_010 if side is Side.BUY else 110_000)) * 100
        assert (event.deal.type.value, event.volume_remaining) == (closing.value, 0)
        assert not desk.account.positions


def test_the_other_side_of_the_market_triggers_nothing() -> None:
    desk = desk_at_110000()
    desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "1", "1.09900"))
    desk.done(pending("EURUSD", OrderType.SELL_LIMIT, "1", "1.10100"))
    desk.done(pending("EURUSD", OrderType.BUY_STOP, "1", "1.10100"))
    desk.done(pending("EURUSD", OrderType.SELL_STOP, "1", "1.09900"))
    assert desk.tick(109_901, 110_099) == []
    desk = desk_at_110000()
    desk.done(buy("EURUSD", "1", sl="1.09900", tp="1.10100"))
    desk.done(sell("EURUSD", "1", sl="1.10100", tp="1.09900"))
    assert desk.tick(109_901, 110_099) == []
    assert desk.tick(109_901, 110_101)[0].event.deal.type.value == "buy"


def test_sl_beats_tp_on_one_tick() -> None:
    """A stop order that slipped past its own TP, with an SL set above that TP: both are reached at once."""
    desk = desk_at_110000()
    ticket = desk.done(pending("EURUSD", OrderType.BUY_STOP, "1", "1.10100", tp="1.10200")).order.ticket
    desk.tick(110_500, 110_510)
    desk.done(ModifyPosition(ticket=ticket, sl=Decimal("1.10400")))
    (event,) = [each.event for each in desk.tick(110_390, 110_400)]
    assert (event.deal.reason, event.deal.price) == ("sl", 110_390)


def test_sl_of_all_positions_before_any_tp() -> None:
    desk = desk_at_110000()
    winner = desk.done(sell("EURUSD", "1", tp="1.09900")).order.ticket
    loser = desk.done(buy("EURUSD", "1", sl="1.09900")).order.ticket
    done = [each.event.deal for each in desk.tick(109_000, 109_010)]
    assert [(each.position, each.reason.value) for each in done] == [(loser, "sl"), (winner, "tp")]


def test_a_new_position_meets_its_stops_from_the_next_tick_on() -> None:
    desk = desk_at_110000()
    desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "1", "1.09900", sl="1.09800"))
    assert [type(each.event) for each in desk.tick(109_500, 109_510)] == [PositionOpened]
    (event,) = [each.event for each in desk.tick(109_500, 109_510)]
    assert (event.deal.reason, event.deal.price) == ("sl", 109_500)


def test_stops_before_orders_and_orders_in_time_order() -> None:
    desk = desk_at_110000()
    holder = desk.done(buy("EURUSD", "1", sl="1.09850")).order.ticket
    kinds = (
        (OrderType.SELL_STOP, "1.09600"),
        (OrderType.BUY_LIMIT, "1.09900"),
        (OrderType.SELL_STOP, "1.09800"),
        (OrderType.BUY_LIMIT, "1.09700"),
    )
    placed = []
    for kind, price in kinds:
        desk.now += 1
        placed.append(desk.done(pending("EURUSD", kind, "0.1", price)).order.ticket)
    done = desk.tick(109_000, 109_010)
    assert [each.event.deal.position for each in done] == [holder, *placed]


def test_an_order_without_margin_is_rejected_and_the_next_gets_its_chance() -> None:
    desk = Desk(instrument("EURUSD"), balance=200_000)
    desk.tick(110_000, 110_010)
    big = desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "1.5", "1.09900")).order.ticket
    small = desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "0.5", "1.09900")).order.ticket
    desk.done(buy("EURUSD", "1"))
    done = [each.event for each in desk.tick(109_890, 109_900)]
    assert isinstance(done[0], OrderClosed) and isinstance(done[1], PositionOpened)
    assert (done[0].order.ticket, done[0].order.state) == (big, OrderState.REJECTED)
    assert done[0].cause.startswith("Insufficient margin")
    assert done[1].order.ticket == small
    assert not desk.account.orders


def test_expiration_comes_before_the_triggers_of_its_tick() -> None:
    desk = desk_at_110000()
    at = desk.now + 5_000
    ticket = desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "1", "1.09900", expiration=at)).order.ticket
    assert desk.tick(109_950, 109_960, after=4_999) == []
    (event,) = [each.event for each in desk.tick(109_000, 109_010, after=1)]
    assert isinstance(event, OrderClosed)
    assert (event.order.ticket, event.order.state, event.order.time_done) == (
        ticket,
        OrderState.EXPIRED,
        at,
    )


def test_a_trigger_just_before_the_expiration() -> None:
    desk = desk_at_110000()
    at = desk.now + 5_000
    desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "1", "1.09900", expiration=at))
    assert [type(each.event) for each in desk.tick(109_000, 109_010, after=4_999)] == [PositionOpened]
    assert desk.broker.on_time(at + 1) == []


def test_orders_expire_by_time_alone_each_at_its_own() -> None:
    desk = desk_at_110000()
    times = [desk.now + wait for wait in (3_000, 1_000, 2_000)]
    tickets = [
        desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "1", "1.09900", expiration=at)).order.ticket
        for at in times
    ]
    assert desk.broker.next_due() == times[1]
    done = desk.broker.on_time(times[2])
    assert [(each.event.order.ticket, each.time) for each in done] == [
        (tickets[1], times[1]),
        (tickets[2], times[2]),
    ]
    assert list(desk.account.orders) == [tickets[0]]


def test_slippage_moves_market_and_stop_fills_and_no_limits() -> None:
    def five() -> int:
        return 5

    desk = desk_at_110000()

    def event(outcome: Any) -> Any:
        return outcome.transactions[0].event

    opened = event(desk.broker.execute(LOGIN, buy("EURUSD", "1", sl="1.09000"), desk.now, slippage=five))
    assert opened.deal.price == 110_015
    desk.done(pending("EURUSD", OrderType.SELL_STOP, "1", "1.09500"))
    desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "1", "1.09400"))
    desk.done(sell("EURUSD", "1", tp="1.08900"))
    done = desk.broker.on_quote(Quote("EURUSD", 108_880, 108_890, desk.now), five)
    assert [(each.event.deal.reason.value, each.event.deal.price) for each in done] == [
        ("sl", 108_875),
        ("tp", 108_900),
        ("client", 108_875),
        ("client", 109_400),
    ]


def test_slippage_never_makes_a_price_of_nothing() -> None:
    desk = Desk(instrument("EURUSD"))
    desk.tick(3, 5)
    outcome = desk.broker.execute(LOGIN, sell("EURUSD", "1"), desk.now, slippage=lambda: 50)
    assert outcome.transactions[0].event.deal.price == 1
