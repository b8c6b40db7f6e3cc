"""Commission on deals, swap at the end of the day, and a balance below zero made up for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from broker.scenery import NOW, Desk, buy, close, deals, instrument, sell
from tradyn.broker.calendar import DAY_MS
from tradyn.broker.deals import DealReason, DealType
from tradyn.broker.instruments import CalcMode, CommissionMode, SwapMode
from tradyn.broker.options import Options
from tradyn.broker.transactions import SwapCharged

# NOW is a Wednesday morning, 2026-02-25.
MIDNIGHT = NOW - NOW % DAY_MS + DAY_MS


def with_swap(
    symbol: str = "EURUSD", mode: SwapMode = SwapMode.POINTS, swap: str = "-8", **changes: Any
) -> Any:
    return instrument(symbol, swap_mode=mode, swap_long=Decimal(swap), swap_short=-Decimal(swap), **changes)


def charged(desk: Desk, days: int = 1) -> list[SwapCharged]:
    """The swap of the following ends of days."""
    done = desk.broker.on_time(MIDNIGHT + (days - 1) * DAY_MS)
    desk.now = max(desk.now, MIDNIGHT + (days - 1) * DAY_MS)
    desk.journal += done
    return [each.event for each in done if isinstance(each.event, SwapCharged)]


# ---------------------------------------------------------------------- commission


def test_money_for_each_lot_in_and_out() -> None:
    desk = Desk(instrument("EURUSD", commission_mode=CommissionMode.MONEY, commission=Decimal("3.5")))
    desk.quote("EURUSD", "1.10000")
    opened = desk.done(buy("EURUSD", "0.33"))
    # 0.33 × 3.5 = 1.155
    assert opened.deal.commission == -116
    assert desk.balance == Decimal("9998.84")
    assert desk.account.positions[opened.order.ticket].commission == -116
    part = desk.done(close(opened.order.ticket, "0.11"))
    assert part.deal.commission == -39
    assert desk.account.positions[opened.order.ticket].commission == -77
    desk.done(close(opened.order.ticket))
    assert sum(each.commission for each in deals(desk.journal)) == -116 - 39 - 77


def test_money_of_another_currency_is_bought_at_the_ask() -> None:
    pair = instrument(
        "USDJPY", commission_mode=CommissionMode.MONEY, commission=Decimal(4), commission_currency="EUR"
    )
    desk = Desk(pair, instrument("EURUSD"))
    desk.quote("USDJPY", "150.000")
    assert desk.refused(buy("USDJPY", "1")) == "NO_QUOTES"
    desk.quote("EURUSD", "1.10000", "1.25000")
    opened = desk.done(buy("USDJPY", "1"))
    assert opened.deal.commission == -500
    assert opened.commission_path == (("EURUSD", False, 125_000),)


def test_percent_of_the_value_at_the_price_of_the_deal() -> None:
    share = instrument(
        "SAPDE",
        calc_mode=CalcMode.CFD,
        digits=2,
        contract_size=Decimal(100),
        currency_base="EUR",
        currency_profit="EUR",
        currency_margin="EUR",
        commission_mode=CommissionMode.PERCENT,
        commission=Decimal("0.05"),
    )
    desk = Desk(share, currency="EUR", balance=100_000_000)
    desk.quote("SAPDE", "180.00", "180.10")
    opened = desk.done(buy("SAPDE", "2"))
    # 2 × 100 × 180.10 × 0.05 % = 18.01
    assert opened.deal.commission == -1_801
    assert desk.done(close(opened.order.ticket)).deal.commission == -1_800


def test_the_preview_knows_the_commission() -> None:
    desk = Desk(instrument("EURUSD", commission_mode=CommissionMode.MONEY, commission=Decimal("3.5")))
    desk.quote("EURUSD", "1.10000", "1.10010")
    preview = desk.broker.preview(desk.account, buy("EURUSD", "1"), desk.now)
    desk.done(buy("EURUSD", "1"))
    assert preview.margin_free_after == desk.figures.margin_free


# ---------------------------------------------------------------------- swap


def test_swap_is_kept_on_the_position_and_booked_when_it_is_closed() -> None:
    desk = Desk(with_swap())
    desk.quote("EURUSD", "1.10000")
    ticket = desk.done(buy("EURUSD", "0.3")).order.ticket
    (event,) = charged(desk)
    # 0.3 lots: 0.30 a point, × −8 × 3 for a Wednesday.
    assert (event.amount, event.multiplier, event.position) == (-720, Decimal(3), ticket)
    assert desk.balance == 10_000 and desk.equity == Decimal("9992.80")
    assert desk.account.positions[ticket].swap == -720
    part = desk.done(close(ticket, "0.1"))
    assert (part.deal.swap, desk.account.positions[ticket].swap) == (-240, -480)
    assert desk.done(close(ticket)).deal.swap == -480
    assert desk.balance == desk.equity == Decimal("9992.80")


def test_the_days_of_a_week() -> None:
    desk = Desk(with_swap(swap="-10"))
    desk.quote("EURUSD", "1.10000")
    desk.done(buy("EURUSD", "0.1"))
    # Wednesday to Tuesday: nothing on Saturday and Sunday.
    assert [each.amount for each in charged(desk, 7)] == [-300, -100, -100, -100, -100]
    assert [each.version for each in desk.journal] == list(range(1, len(desk.journal) + 1))


def test_whoever_opens_after_midnight_pays_nothing_for_the_day_before() -> None:
    desk = Desk(with_swap())
    desk.quote("EURUSD", "1.10000")
    assert charged(desk) == []
    desk.done(buy("EURUSD", "0.1"))
    assert charged(desk) == []
    assert [each.amount for each in charged(desk, 2)] == [-80]


def test_the_day_ends_before_the_tick_and_on_the_quotes_before_it() -> None:
    desk = Desk(with_swap(mode=SwapMode.INTEREST_CURRENT, swap="-3.6"))
    desk.quote("EURUSD", "1.10000")
    desk.done(buy("EURUSD", "1", sl="1.05000"))
    desk.now = MIDNIGHT - 1000
    swap, closed = [each.event for each in desk.quote("EURUSD", "1.00000")]
    # 110,000 × 3.6 % / 360 × 3
    assert (swap.amount, swap.price) == (-3_300, 110_000)
    assert (closed.deal.swap, closed.deal.reason, closed.deal.price) == (-3_300, DealReason.SL, 100_000)


@pytest.mark.parametrize(
    ("mode", "swap", "long", "short"),
    [
        # 10,000 EUR at 1.1: money in EUR is bought at the ask 1.2 and sold at the bid 1.0.
        (SwapMode.CURRENCY_SYMBOL, "-5", -360, 300),
        (SwapMode.CURRENCY_MARGIN, "5", 300, -360),
        (SwapMode.CURRENCY_DEPOSIT, "-5", -300, 300),
        (SwapMode.CURRENCY_PROFIT, "-5", -300, 300),
        # Percent a year: of 20,000 at the bid and 24,000 at the ask, or as opened at 24,000 and 20,000.
        (SwapMode.INTEREST_CURRENT, "-3.6", -600, 720),
        (SwapMode.INTEREST_OPEN, "-3.6", -720, 600),
        (SwapMode.POINTS, "-50", -3_000, 3_000),
    ],
)
def test_every_mode(mode: SwapMode, swap: str, long: int, short: int) -> None:
    desk = Desk(with_swap(mode=mode, swap=swap), balance=100_000_000)
    desk.quote("EURUSD", "1.00000", "1.20000")
    first = desk.done(buy("EURUSD", "0.2")).order.ticket
    second = desk.done(sell("EURUSD", "0.2")).order.ticket
    charged(desk)
    positions = desk.account.positions
    assert (positions[first].swap, positions[second].swap) == (long, short)


def test_points_of_a_cross_are_worth_what_they_are_worth_in_the_account() -> None:
    desk = Desk(with_swap("EURJPY", swap="-3"), instrument("USDJPY"), instrument("EURUSD"))
    for symbol, price in (("EURJPY", "160.000"), ("USDJPY", "150.000"), ("EURUSD", "1.06667")):
        desk.quote(symbol, price)
    desk.done(buy("EURJPY", "0.1"))
    # A point of 0.1 lots is 10 JPY = 0.07 USD once rounded; × −3 × 3.
    assert [each.amount for each in charged(desk)] == [-63]


def test_swap_that_uses_up_the_margin_stops_out_with_the_next_tick() -> None:
    desk = Desk(with_swap(swap="-700"), balance=200_000)
    desk.quote("EURUSD", "1.10000")
    desk.done(buy("EURUSD", "1"))
    assert [each.amount for each in charged(desk)] == [-210_000]
    assert len(desk.account.positions) == 1
    (closed,) = [each.event for each in desk.quote("EURUSD", "1.10001")]
    assert (closed.deal.reason, closed.deal.swap, closed.equity) == (DealReason.SO, -210_000, -9_900)


# ---------------------------------------------------------------------- a balance below zero


@pytest.mark.parametrize("compensates", [False, True])
def test_a_balance_below_zero(compensates: bool) -> None:
    desk = Desk(
        instrument("EURUSD"), balance=200_000, options=Options(negative_balance_compensation=compensates)
    )
    desk.quote("EURUSD", "1.10000")
    desk.done(buy("EURUSD", "1", sl="1.09000"))
    done = [each.event.deal for each in desk.quote("EURUSD", "1.05000")]
    assert done[0].profit == -500_000
    if not compensates:
        assert len(done) == 1 and desk.balance == -3_000
        return
    assert (done[1].type, done[1].profit, done[1].reason) == (DealType.CORRECTION, 300_000, DealReason.SL)
    assert desk.balance == 0 == sum(each.amount for each in deals(desk.journal))


def test_nothing_is_made_up_for_while_a_position_may_still_win() -> None:
    desk = Desk(
        instrument("EURUSD", margin_hedged=Decimal(0)),
        balance=500_000,
        options=Options(negative_balance_compensation=True),
    )
    desk.quote("EURUSD", "1.10000")
    desk.done(buy("EURUSD", "1", sl="1.09000"))
    desk.done(sell("EURUSD", "1"))
    done = [each.event for each in desk.quote("EURUSD", "1.03000")]
    assert len(done) == 1 and desk.balance == -2_000 and desk.equity == 5_000
    ticket = next(iter(desk.account.positions))
    outcome = desk.do(close(ticket))
    assert len(outcome.transactions) == 1 and desk.balance == 5_000
