"""Known answers, by their numbers in the broker's rules; sources: MetaTrader 5 help and MQL5 reference.

Those without a number are examples that brokers publish of their charges, each with its source.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from broker.scenery import NOW, Desk, buy, close, instrument, sell
from tradyn.broker.calendar import DAY_MS, swap_multiplier
from tradyn.broker.commands import ClosePosition
from tradyn.broker.exposure import Exposure
from tradyn.broker.instruments import CalcMode, CommissionMode, Holiday, SwapMode
from tradyn.broker.margin import position_margin, symbol_margin
from tradyn.broker.money import Rate
from tradyn.broker.options import HedgedMargin, Options
from tradyn.broker.orders import Side
from tradyn.broker.positions import Position
from tradyn.broker.profit import account_figures


def test_1_forex_margin_by_leverage_and_margin_rate() -> None:
    for rate, margin in (("1", "1279.00"), ("1.15", "1470.85")):
        desk = Desk(instrument("EURUSD", margin_rate_buy=Decimal(rate)))
        desk.quote("EURUSD", "1.27890", "1.27900")
        desk.done(buy("EURUSD", "1"))
        assert desk.margin == Decimal(margin)


def test_2_cfd_margin_is_the_whole_value() -> None:
    cfd = instrument(
        "OIL", calc_mode=CalcMode.CFD, contract_size=Decimal(100), digits=2, currency_margin="USD"
    )
    desk = Desk(cfd, balance=10_000_000)
    desk.quote("OIL", "79.95", "80.00")
    desk.done(buy("OIL", "1"))
    assert desk.margin == Decimal("8000.00")


def test_3_margin_converted_through_the_inverse_pair() -> None:
    desk = Desk(instrument("AUDJPY"), instrument("EURAUD"), instrument("EURJPY"), currency="EUR")
    desk.quote("EURAUD", "1.59106")
    desk.quote("EURJPY", "161.000")
    desk.quote("AUDJPY", "101.000")
    desk.done(buy("AUDJPY", "1"))
    assert desk.margin == Decimal("628.51")


def test_4_margin_in_the_base_and_in_the_quote_currency() -> None:
    for currency, margin in (("EUR", "2000.00"), ("USD", "2350.00")):
        desk = Desk(instrument("EURUSD"), currency=currency, leverage=50)
        desk.quote("EURUSD", "1.17500")
        desk.done(buy("EURUSD", "1"))
        assert desk.margin == Decimal(margin)


def test_5_hedged_margin_in_two_parts() -> None:
    pair = instrument("EURUSD", margin_rate_buy=Decimal(2), margin_rate_sell=Decimal(4))
    account = Desk(pair, leverage=500).account

    def position(side: Side, lots: int, price: int) -> Position:
        return Position(
            ticket=price,
            symbol="EURUSD",
            side=side,
            volume=lots * 100,
            price_open=price,
            sl=None,
            tp=None,
            margin_rate=Rate(price, 100_000),
            swap=0,
            commission=0,
            time_open=0,
            time_update=0,
            magic=0,
            comment="",
            client_order_id=None,
        )

    def hedged(positions: list[Position]) -> int:
        exposure = Exposure()
        for each in positions:
            exposure.leg(each.side).add(each, position_margin(pair, account, each))
        return symbol_margin(pair, account, exposure.long, exposure.short)

    held = [position(Side.SELL, 3, 111943), position(Side.BUY, 2, 111953)]
    assert hedged(held) == 223890
    # Its parts: 2 lots covered, 1 lot uncovered.
    covered = [position(Side.SELL, 2, 111947), position(Side.BUY, 2, 111947)]
    assert hedged(covered) == 134336
    assert hedged([position(Side.SELL, 1, 111943)]) == 89554


def test_6_forex_profit_in_the_quote_currency() -> None:
    desk = Desk(instrument("EURUSD"))
    desk.quote("EURUSD", "1.20000")
    ticket = desk.done(buy("EURUSD", "1")).order.ticket
    desk.quote("EURUSD", "1.20500")
    assert desk.figures.profit == 50_000
    assert desk.done(ClosePosition(ticket=ticket)).deal.profit == 50_000
    assert desk.balance == Decimal("10500.00")


def test_7_profit_of_a_cross_converted_by_deal() -> None:
    desk = Desk(instrument("EURJPY"), instrument("USDJPY"), instrument("EURUSD"), balance=10_000_000)
    desk.quote("EURUSD", "1.22750")
    desk.quote("USDJPY", "107.190", "107.240")
    desk.quote("EURJPY", "131.560", "131.570")
    ticket = desk.done(buy("EURJPY", "4")).order.ticket
    desk.quote("EURJPY", "132.160", "132.170")
    assert desk.figures.profit == 220_170
    assert desk.done(ClosePosition(ticket=ticket)).deal.profit == 220_170


def test_8_profit_divided_by_the_close_price() -> None:
    desk = Desk(instrument("USDJPY"))
    desk.quote("USDJPY", "145.000")
    ticket = desk.done(buy("USDJPY", "1")).order.ticket
    desk.quote("USDJPY", "145.500")
    assert desk.done(ClosePosition(ticket=ticket)).deal.profit == 34_364


def test_9_margin_level_in_percent() -> None:
    desk = Desk(instrument("EURUSD"), balance=5_000)
    assert account_figures(desk.account, profit=0, swap=0, margin=1_000).margin_level == Decimal(500)


def test_10_the_value_of_a_point_is_rounded_first() -> None:
    """Also: Global Prime, "How do I calculate swaps?"."""
    assert overnight("AUDUSD", "0.65000", "0.24", SwapMode.POINTS, "8.34") == Decimal("2.00")


def test_11_a_holiday_goes_to_the_trading_day_before() -> None:
    # 2026-02-24 is a Tuesday.
    tuesday = NOW // DAY_MS - 1
    pair = instrument("EURUSD", holidays=(Holiday(2, 25),), swap_mode=SwapMode.POINTS, swap_long=Decimal(-1))
    assert [swap_multiplier(pair, tuesday + each) for each in (-1, 0, 1, 2, 3, 4, 5)] == [
        Decimal(each) for each in (1, 4, 0, 1, 1, 0, 0)
    ]
    desk = Desk(pair)
    desk.now = NOW - DAY_MS
    desk.quote("EURUSD", "1.10000")
    ticket = desk.done(buy("EURUSD", "1")).order.ticket
    swaps = []
    for day in (1, 2, 3):
        desk.broker.on_time((tuesday + day) * DAY_MS)
        swaps.append(desk.account.positions[ticket].swap)
    assert swaps == [-400, -400, -500]


def test_12_stop_out_below_half_of_the_margin() -> None:
    def opened() -> Desk:
        desk = Desk(instrument("GBPUSD"), balance=1_000_000)
        desk.quote("GBPUSD", "1.58772")
        desk.done(buy("GBPUSD", "5"))
        return desk

    desk = opened()
    assert desk.margin == Decimal("7938.60")
    # 5 lots lose 5.00 a point: 3,970.00 is left at 1.57566, and 3,965.00 at 1.57565.
    assert desk.quote("GBPUSD", "1.57566") == []
    assert desk.equity == Decimal("3970.00")
    closed = desk.quote("GBPUSD", "1.57565")
    assert [each.event.deal.reason for each in closed] == ["so"]
    assert desk.balance == Decimal("3965.00")
    assert not desk.account.positions


# ---------------------------------------------------------------------- swap


def overnight(
    symbol: str,
    price: str,
    volume: str,
    mode: SwapMode,
    swap: str,
    *,
    currency: str = "USD",
    short: bool = False,
    **changes: Any,
) -> Decimal:
    """What one night costs (negative) or brings, at the same bid and ask."""
    symbol_ = instrument(
        symbol,
        swap_mode=mode,
        swap_long=Decimal(0 if short else swap),
        swap_short=Decimal(swap if short else 0),
        swap_rollover3days="friday",
        **changes,
    )
    desk = Desk(symbol_, currency=currency, balance=100_000_000)
    desk.quote(symbol, price)
    ticket = desk.done((sell if short else buy)(symbol, volume)).order.ticket
    desk.journal += desk.broker.on_time((NOW // DAY_MS + 1) * DAY_MS)
    return Decimal(desk.account.positions[ticket].swap).scaleb(-desk.account.digits)


def share(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "calc_mode": CalcMode.CFD,
        "contract_size": Decimal(1),
        "digits": 2,
        "currency_base": "USD",
        "currency_profit": "USD",
        "currency_margin": "USD",
        "volume_max": "1000",
    }
    return {**values, **changes}


@pytest.mark.parametrize(("swap", "short", "amount"), [("2.17", True, "2.17"), ("-5.45", False, "-5.45")])
def test_swap_in_points(swap: str, short: bool, amount: str) -> None:
    """Ultima Markets, "How to calculate swap fee", forex."""
    found = overnight("EURUSD", "1.10000", "1", SwapMode.POINTS, swap, short=short)
    assert found == Decimal(amount)


def test_swap_in_points_in_the_base_currency_of_the_pair() -> None:
    """BuzzFX, "Swaps calculator"."""
    found = overnight("EURUSD", "1.08950", "5", SwapMode.POINTS, "0.15", currency="EUR", short=True)
    assert found == Decimal("0.69")


@pytest.mark.parametrize(
    ("price", "volume", "swap", "short", "amount"),
    [
        # Global Prime, "How do I calculate swaps?": a coin, 200 shares sold short.
        ("10000.00", "0.5", "-30.98", False, "-4.30"),
        ("119.19", "200", "-3.31", True, "-2.19"),
        # Ultima Markets, "How to calculate swap fee": a share.
        ("235.82", "1", "-3.5", True, "-0.02"),
        ("235.94", "1", "-6.88", False, "-0.05"),
    ],
)
def test_swap_in_percent_a_year(price: str, volume: str, swap: str, short: bool, amount: str) -> None:
    for mode in (SwapMode.INTEREST_CURRENT, SwapMode.INTEREST_OPEN):
        found = overnight("SHARE", price, volume, mode, swap, short=short, **share())
        assert found == Decimal(amount)


@pytest.mark.parametrize(
    ("swap", "short", "amount"),
    [
        # Ultima Markets, "How to calculate swap fee": an index.
        ("1", True, "1.00"),
        ("-11.3195", False, "-11.32"),
        # Global Prime, "How do I calculate swaps?": an index.
        ("-0.89", False, "-0.89"),
    ],
)
def test_swap_in_money_for_each_lot(swap: str, short: bool, amount: str) -> None:
    found = overnight("INDEX", "15000.00", "1", SwapMode.CURRENCY_PROFIT, swap, short=short, **share())
    assert found == Decimal(amount)


# ---------------------------------------------------------------------- commission


@pytest.mark.parametrize(
    ("symbol", "price", "order", "amount"),
    [("GBPUSD", "1.21556", buy, "-10.94"), ("USDJPY", "116.127", sell, "-9.00")],
)
def test_commission_by_the_million(symbol: str, price: str, order: Any, amount: str) -> None:
    """Equiti, "Commission calculation": 90 USD a million traded."""
    changes = {"commission_mode": CommissionMode.PERCENT, "commission": Decimal("0.009")}
    desk = Desk(instrument(symbol, **changes))
    desk.quote(symbol, price)
    assert Decimal(desk.done(order(symbol, "1")).deal.commission).scaleb(-2) == Decimal(amount)


def test_commission_in_another_currency_in_and_out() -> None:
    """FXChoice, "How is commission calculated?": 7 of the base currency for a round lot."""
    pair = instrument(
        "EURUSD",
        commission_mode=CommissionMode.MONEY,
        commission=Decimal("3.5"),
        commission_currency="EUR",
    )
    desk = Desk(pair)
    desk.quote("EURUSD", "1.32000")
    opened = desk.done(buy("EURUSD", "1"))
    closed = desk.done(close(opened.order.ticket))
    assert opened.deal.commission + closed.deal.commission == -924


# ---------------------------------------------------------------------- hedged margin


def test_a_full_hedge_at_half_the_margin_of_each() -> None:
    """Admirals, "How to calculate margin requirements on hedges"."""
    desk = Desk(instrument("EURUSD"), currency="EUR", leverage=500)
    desk.quote("EURUSD", "1.10000", "1.10020")
    desk.done(buy("EURUSD", "1"))
    desk.done(sell("EURUSD", "1"))
    assert desk.margin == Decimal("200.00")


def test_a_hedge_by_its_larger_leg() -> None:
    """Hercules, "How to calculate margin for hedged positions in cTrader": as 1.5 lots sold."""
    desk = Desk(instrument("EURUSD"), currency="EUR", options=Options(hedged_margin=HedgedMargin.LARGER_LEG))
    desk.quote("EURUSD", "1.10000", "1.10020")
    for command in (sell("EURUSD", "0.5"), sell("EURUSD", "1"), buy("EURUSD", "1")):
        desk.done(command)
    assert desk.margin == Decimal("1500.00")
