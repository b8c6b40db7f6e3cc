"""Known answers, by their numbers in the broker's rules; sources: MetaTrader 5 help and MQL5 reference."""

from __future__ import annotations

from decimal import Decimal

from broker.scenery import Desk, buy, instrument
from tradyn.broker.commands import ClosePosition
from tradyn.broker.exposure import Exposure
from tradyn.broker.instruments import CalcMode
from tradyn.broker.margin import position_margin, symbol_margin
from tradyn.broker.money import Rate
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
