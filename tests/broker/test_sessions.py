"""Sessions, holidays and old quotes: what waits, what is refused, what is passed over."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from broker.scenery import NOW, Desk, buy, close, instrument, pending
from tradyn.broker.calendar import DAY_MS
from tradyn.broker.commands import CancelOrder, CloseAll, CloseBy, ModifyOrder, ModifyPosition, ResetAccount
from tradyn.broker.deals import DealReason
from tradyn.broker.instruments import WEEK, ExpirationMode, Holiday, OrderKind, Session
from tradyn.broker.options import LimitFill, Options
from tradyn.broker.orders import OrderType

# NOW is Wednesday, 2026-02-25 06:13:20.
MORNING = tuple(Session(day, 6 * 60, 7 * 60) for day in WEEK[1:6])
SEVEN = NOW - NOW % DAY_MS + 7 * 3_600_000


def desk_with_sessions(**changes: Any) -> Desk:
    desk = Desk(instrument("EURUSD", sessions=MORNING, **changes), instrument("GBPUSD"), balance=100_000_000)
    desk.tick(110_000, 110_010)
    return desk


def test_every_request_is_refused_out_of_session_and_says_when_the_next_begins() -> None:
    desk = desk_with_sessions()
    ticket = desk.done(buy("EURUSD", "0.1")).order.ticket
    order = desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "0.1", "1.09000")).order.ticket
    desk.now = SEVEN - 1
    desk.done(ModifyPosition(ticket=ticket, tp=Decimal("1.2")))
    desk.now = SEVEN
    for command in (
        buy("EURUSD", "0.1"),
        pending("EURUSD", OrderType.BUY_LIMIT, "0.1", "1.09000"),
        ModifyOrder(ticket=order, price=Decimal("1.08")),
        CancelOrder(ticket=order),
        ModifyPosition(ticket=ticket, sl=Decimal("1.0")),
        close(ticket),
        CloseBy(ticket=ticket, opposite=1),
    ):
        outcome = desk.do(command)
        assert outcome.refusal is not None and outcome.refusal.code == "MARKET_CLOSED"
        assert "EURUSD begins on Thursday, 2026-02-26 06:00 UTC" in outcome.refusal.message
    assert [each.code for each in desk.do(CloseAll()).failures] == ["MARKET_CLOSED"]
    assert desk.do(ResetAccount()).refusal is None
    assert desk.refused(buy("NOPE", "0.1")) == "UNKNOWN_SYMBOL"


def test_quotes_stand_still_and_orders_and_stops_wait() -> None:
    desk = desk_with_sessions()
    desk.done(buy("EURUSD", "0.1", sl="1.09000"))
    desk.done(pending("EURUSD", OrderType.SELL_STOP, "0.1", "1.09500"))
    desk.now = SEVEN
    assert desk.tick(100_000, 100_010) == []
    assert desk.broker.market.quotes["EURUSD"].bid == 110_000
    desk.now = SEVEN + 23 * 3_600_000 - 1000
    done = [each.event.deal for each in desk.tick(105_000, 105_010)]
    assert [(each.reason, each.price) for each in done] == [
        (DealReason.SL, 105_000),
        (DealReason.CLIENT, 105_000),
    ]


def test_orders_expire_out_of_session() -> None:
    desk = desk_with_sessions()
    desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "0.1", "1.09000", expiration=SEVEN + 1000))
    desk.now = SEVEN
    assert [each.event.cause for each in desk.tick(100_000, 100_010, after=5000)] == ["expiration"]


def test_a_holiday_has_its_own_hours() -> None:
    for holiday, is_open in ((Holiday(2, 25), False), (Holiday(2, 25, 2026, 0, 6 * 60 + 14), True)):
        desk = desk_with_sessions(holidays=(holiday,))
        if is_open:
            desk.done(buy("EURUSD", "0.1"))
            desk.now += 60_000
        outcome = desk.do(buy("EURUSD", "0.1"))
        assert outcome.refusal is not None and outcome.refusal.code == "MARKET_CLOSED"
        assert "Thursday, 2026-02-26 06:00" in outcome.refusal.message


def test_without_any_session_it_says_so() -> None:
    desk = Desk(instrument("EURUSD", sessions=()))
    outcome = desk.do(buy("EURUSD", "0.1"))
    assert outcome.refusal is not None
    assert outcome.refusal.message == "Market closed: EURUSD has no session"


def test_a_stop_out_passes_over_what_is_out_of_session() -> None:
    desk = Desk(instrument("EURUSD", sessions=MORNING), instrument("GBPUSD"), balance=400_000)
    desk.tick(110_000, 110_000)
    desk.tick(130_000, 130_000, symbol="GBPUSD")
    worst = desk.done(buy("EURUSD", "1")).order.ticket
    desk.tick(109_000, 109_000)
    desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "0.1", "1.08000"))
    desk.done(buy("GBPUSD", "1"))
    desk.now = SEVEN
    closed = [each.event for each in desk.tick(127_999, 127_999, symbol="GBPUSD")]
    assert [each.deal.symbol for each in closed] == ["GBPUSD"]
    assert list(desk.account.positions) == [worst] and len(desk.account.orders) == 1


def test_old_quotes_are_no_quotes() -> None:
    desk = Desk(instrument("EURUSD"), options=Options(max_quote_age_s=60))
    desk.tick(110_000, 110_010)
    desk.now += 60_000
    ticket = desk.done(buy("EURUSD", "0.1")).order.ticket
    desk.now += 1
    for command in (buy("EURUSD", "0.1"), close(ticket), ModifyPosition(ticket=ticket, sl=Decimal(1))):
        outcome = desk.do(command)
        assert outcome.refusal is not None and outcome.refusal.code == "NO_QUOTES"
        assert "06:13:21 UTC, 60.001 s ago; at most 60 s" in outcome.refusal.message
    desk.tick(110_000, 110_010)
    desk.done(close(ticket))


def test_kinds_of_orders_and_expirations_that_a_symbol_does_not_take() -> None:
    kinds = frozenset({OrderKind.LIMIT, OrderKind.TP})
    desk = desk_with_sessions(order_kinds=kinds, expiration_modes=frozenset({ExpirationMode.SPECIFIED}))
    assert desk.refused(buy("EURUSD", "0.1")) == "INVALID_ORDER"
    assert desk.refused(pending("EURUSD", OrderType.BUY_STOP, "0.1", "1.2")) == "INVALID_ORDER"
    limit = ("EURUSD", OrderType.BUY_LIMIT, "0.1", "1.09000")
    assert desk.refused(pending(*limit, sl="1.0", expiration=SEVEN)) == "INVALID_ORDER"
    assert desk.refused(pending(*limit)) == "INVALID_EXPIRATION"
    ticket = desk.done(pending(*limit, tp="1.1", expiration=SEVEN)).order.ticket
    assert desk.refused(ModifyOrder(ticket=ticket, expiration=None)) == "INVALID_EXPIRATION"
    assert desk.refused(ModifyOrder(ticket=ticket, sl=Decimal("1.0"))) == "INVALID_ORDER"
    desk.done(ModifyOrder(ticket=ticket, tp=None))


@pytest.mark.parametrize(
    ("fill", "prices"), [(LimitFill.PRICE, (109_900, 110_200)), (LimitFill.BETTER, (109_000, 111_000))]
)
def test_limit_orders_over_a_gap(fill: LimitFill, prices: tuple[int, int]) -> None:
    desk = Desk(instrument("EURUSD"), balance=100_000_000, options=Options(limit_fill=fill))
    desk.tick(110_000, 110_010)
    desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "0.1", "1.09900"))
    desk.done(pending("EURUSD", OrderType.SELL_LIMIT, "0.1", "1.10200"))
    first = [each.event.deal.price for each in desk.tick(108_990, 109_000)]
    second = [each.event.deal.price for each in desk.tick(111_000, 111_010)]
    assert (*first, *second) == prices
