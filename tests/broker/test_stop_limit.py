"""Stop-limit orders: a stop that, once it is reached, becomes a limit order under the same ticket."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from broker.scenery import NOW, Desk, instrument, pending
from tradyn.broker.commands import CancelOrder, ModifyOrder
from tradyn.broker.orders import OrderState, OrderType
from tradyn.broker.transactions import OrderClosed, OrderTriggered, PositionOpened

BUY, SELL = OrderType.BUY_STOP_LIMIT, OrderType.SELL_STOP_LIMIT
# Type, stop, limit, then quotes: before the stop, beyond it, a point before the limit, at the limit.
LIVES = [
    (BUY, "1.10100", "1.10050", *((each - 10, each) for each in (110_099, 110_160, 110_051, 110_050))),
    (SELL, "1.09900", "1.09950", *((each, each + 10) for each in (109_901, 109_850, 109_949, 109_950))),
]


def desk_at_110000(**changes: Any) -> Desk:
    desk = Desk(instrument("EURUSD", **changes), balance=100_000_000)
    desk.tick(110_000, 110_010)
    return desk


def stop_limit(kind: OrderType, stop: str, limit: str | None, **more: Any) -> Any:
    price = None if limit is None else Decimal(limit)
    return pending("EURUSD", kind, "0.5", stop, price_stop_limit=price, **more)


@pytest.mark.parametrize(("kind", "stop", "limit", "before", "beyond", "near", "back"), LIVES)
def test_it_becomes_a_limit_order_and_is_filled_as_one(
    kind: OrderType,
    stop: str,
    limit: str,
    before: tuple[int, int],
    beyond: tuple[int, int],
    near: tuple[int, int],
    back: tuple[int, int],
) -> None:
    desk = desk_at_110000()
    placed = desk.done(stop_limit(kind, stop, limit, magic=3)).order
    assert (placed.type, placed.price, placed.price_stop_limit) == (
        kind,
        desk.points("EURUSD", stop),
        desk.points("EURUSD", limit),
    )
    assert desk.tick(*before) == []
    (triggered,) = [each.event for each in desk.tick(*beyond)]
    assert isinstance(triggered, OrderTriggered)
    assert (triggered.stop, triggered.quote[1:3]) == (placed.price, beyond)
    order = desk.account.orders[placed.ticket]
    assert (order.type, order.state, order.price, order.price_stop_limit, order.time_setup) == (
        kind.limit,
        OrderState.PLACED,
        placed.price_stop_limit,
        None,
        placed.time_setup,
    )
    assert desk.tick(*beyond) == desk.tick(*near) == []
    (filled,) = [each.event for each in desk.tick(*back)]
    assert isinstance(filled, PositionOpened)
    assert (filled.deal.price, filled.order.ticket, filled.deal.magic) == (order.price, placed.ticket, 3)


def test_stops_and_margin_are_measured_from_the_limit() -> None:
    desk = desk_at_110000(stops_level=50)
    assert desk.refused(stop_limit(BUY, "1.10100", "1.10050", sl="1.10001")) == "INVALID_STOPS"
    desk.done(stop_limit(BUY, "1.10100", "1.10050", sl="1.10000", tp="1.10100"))
    poor = Desk(instrument("EURUSD"), balance=55_025)
    poor.tick(110_000, 110_010)
    assert poor.refused(stop_limit(BUY, "1.10100", "1.10052")) == "INSUFFICIENT_MARGIN"
    poor.done(stop_limit(BUY, "1.10100", "1.10050"))


@pytest.mark.parametrize(
    ("kind", "stop", "limit"),
    [
        (BUY, "1.10100", "1.10100"),
        (BUY, "1.10100", "1.10101"),
        (BUY, "1.10100", None),
        (BUY, "1.10000", "1.09900"),
        (SELL, "1.09900", "1.09900"),
        (SELL, "1.09900", "1.09899"),
        (SELL, "1.09900", None),
        (SELL, "1.10010", "1.10020"),
        (OrderType.BUY_STOP, "1.10100", "1.10050"),
        (OrderType.SELL_LIMIT, "1.10100", "1.10150"),
    ],
)
def test_prices_that_make_no_sense(kind: OrderType, stop: str, limit: str | None) -> None:
    assert desk_at_110000().refused(stop_limit(kind, stop, limit)) == "INVALID_PRICE"


def test_both_prices_can_be_changed_until_the_stop_is_reached() -> None:
    desk = desk_at_110000()
    ticket = desk.done(stop_limit(BUY, "1.10100", "1.10050")).order.ticket
    change = ModifyOrder(ticket=ticket, price=Decimal("1.10200"), price_stop_limit=Decimal("1.10150"))
    changed = desk.done(change).order
    assert (changed.price, changed.price_stop_limit) == (110_200, 110_150)
    assert desk.refused(change) == "NO_CHANGES"
    assert desk.refused(ModifyOrder(ticket=ticket, price=Decimal("1.10150"))) == "INVALID_PRICE"
    assert desk.tick(110_150, 110_160) == []
    desk.tick(110_190, 110_200)
    assert desk.account.orders[ticket].type is OrderType.BUY_LIMIT
    assert desk.refused(ModifyOrder(ticket=ticket, price_stop_limit=Decimal("1.10000"))) == "INVALID_PRICE"
    assert desk.done(ModifyOrder(ticket=ticket, price=Decimal("1.10100"))).order.price == 110_100
    desk.done(CancelOrder(ticket=ticket))


def test_what_is_left_in_the_book_of_its_stop_fills_nothing() -> None:
    """The stop was moved to another price and back; the limit is then put where the stop once was."""
    desk = desk_at_110000()
    ticket = desk.done(stop_limit(BUY, "1.10100", "1.10050")).order.ticket
    desk.done(ModifyOrder(ticket=ticket, price=Decimal("1.10300")))
    desk.done(ModifyOrder(ticket=ticket, price=Decimal("1.10100")))
    desk.tick(110_100, 110_110)
    assert desk.account.orders[ticket].type is OrderType.BUY_LIMIT
    desk.tick(110_400, 110_410)
    desk.done(ModifyOrder(ticket=ticket, price=Decimal("1.10300")))
    assert desk.tick(110_301, 110_311) == desk.tick(110_400, 110_410) == []
    assert [each.event.deal.price for each in desk.tick(110_290, 110_300)] == [110_300]


def test_it_expires_in_either_form() -> None:
    for beyond in (False, True):
        desk = desk_at_110000()
        desk.done(stop_limit(BUY, "1.10100", "1.10050", expiration=NOW + 5_000))
        if beyond:
            desk.tick(110_150, 110_160)
        (ended,) = [each.event for each in desk.tick(110_060, 110_070, after=10_000)]
        assert isinstance(ended, OrderClosed)
        assert (ended.cause, ended.order.time_done) == ("expiration", NOW + 5_000)
