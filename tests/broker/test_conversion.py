"""From one currency to another: direct, inverse, through USD; the right side; the deal's own price."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from broker.scenery import Desk, buy, close, instrument, sell
from tradyn.broker.instruments import CalcMode
from tradyn.broker.market import Market, Quote

PAIRS = {
    "EURUSD": (110_000, 110_010),
    "USDJPY": (150_000, 150_020),
    "GBPUSD": (130_000, 130_030),
    "EURGBP": (84_600, 84_620),
    "USDCHF": (90_000, 90_050),
}


def market(**quotes: tuple[int, int]) -> Market:
    made = Market({symbol: instrument(symbol) for symbol in quotes})
    made.quotes.update({symbol: Quote(symbol, *each, 0) for symbol, each in quotes.items()})
    return made


@pytest.mark.parametrize(
    ("source", "target", "bid", "ask"),
    [
        ("USD", "USD", "1", "1"),
        ("EUR", "USD", "1.1", "1.1001"),
        ("USD", "EUR", "1/1.1001", "1/1.1"),
        ("EUR", "GBP", "0.846", "0.8462"),
        ("GBP", "EUR", "1/0.8462", "1/0.846"),
        ("GBP", "JPY", "1.3*150", "1.3003*150.02"),
        ("JPY", "GBP", "1/150.02/1.3003", "1/150/1.3"),
        ("EUR", "CHF", "1.1*0.9", "1.1001*0.9005"),
        ("CHF", "JPY", "150/0.9005", "150.02/0.9"),
    ],
)
def test_rates(source: str, target: str, bid: str, ask: str) -> None:
    def value(text: str) -> Fraction:
        result, operation = Fraction(1), "*"
        for part in text.replace("*", " * ").replace("/", " / ").split():
            if part in "*/":
                operation = part
            else:
                result = result * Fraction(part) if operation == "*" else result / Fraction(part)
        return result

    for side, expected in ((False, bid), (True, ask)):
        rate = market(**PAIRS).rate(source, target, ask=side)
        assert rate is not None
        assert Fraction(*rate) == value(expected)


def test_no_path_and_no_quote() -> None:
    made = market(EURUSD=(110_000, 110_010), USDJPY=(150_000, 150_010))
    assert made.rate("SEK", "USD", ask=True) is None
    del made.quotes["USDJPY"]
    assert made.rate("EUR", "JPY", ask=True) is None


def test_only_forex_pairs_convert() -> None:
    cfd = instrument("EURUSD", calc_mode=CalcMode.CFD)
    assert Market({"EURUSD": cfd}).path("EUR", "USD") is None


def desk_in(currency: str, *symbols: str, balance: int = 1_000_000_000, **changes: Any) -> Desk:
    desk = Desk(*(instrument(each, **changes) for each in symbols), currency=currency, balance=balance)
    for symbol in symbols:
        desk.tick(*PAIRS.get(symbol, (100_000, 100_020)), symbol=symbol)
    return desk


@pytest.mark.parametrize(("order", "side_price"), [(buy, "1.10010"), (sell, "1.10000")])
def test_margin_takes_ask_for_buys_and_bid_for_sells(order: Any, side_price: str) -> None:
    desk = desk_in("USD", "EURGBP", "EURUSD", "GBPUSD")
    assert desk.done(order("EURGBP", "1")).margin == Decimal(side_price) * 100_000
    # Through the inverse pair the ask is 1 / its bid.
    desk = desk_in("EUR", "USDJPY", "EURUSD")
    rate = Decimal("1.1") if order is buy else Decimal("1.1001")
    assert desk.done(order("USDJPY", "1")).margin == round(100_000 / rate)


def test_the_traded_pair_converts_its_margin_at_the_deal() -> None:
    desk = desk_in("USD", "EURUSD")
    assert desk.done(buy("EURUSD", "1")).margin == 110_010
    assert desk.done(sell("EURUSD", "1")).margin == 110_000
    outcome = desk.broker.execute(desk.account.login, buy("EURUSD", "1"), desk.now, slippage=lambda: 90)
    assert outcome.transactions[0].event.margin == 110_100


@pytest.mark.parametrize(
    ("currency", "symbol", "order", "points", "expected"),
    [
        # 1,000 points of 1 lot USDJPY are 100,000 yen: a long closes at the bid, and so divides by it.
        ("USD", "USDJPY", buy, 1_000, round(100_000 / Decimal("151.020") * 100)),
        ("USD", "USDJPY", sell, -1_000, round(100_000 / Decimal("149.000") * 100)),
        # EURUSD in EUR: dollars divided by the price of the deal.
        ("EUR", "EURUSD", buy, 1_000, round(1_000 / Decimal("1.1101") * 100)),
        ("EUR", "EURUSD", sell, -1_000, round(1_000 / Decimal("1.0900") * 100)),
    ],
)
def test_the_traded_pair_converts_its_profit_at_the_deal(
    currency: str, symbol: str, order: Any, points: int, expected: int
) -> None:
    desk = desk_in(currency, symbol)
    ticket = desk.done(order(symbol, "1")).order.ticket
    bid, ask = PAIRS[symbol]
    price = ask + points if order is buy else bid + points
    # The side that does not matter is far away.
    desk.tick(*((price, price + 500) if order is buy else (price - 500, price)), symbol=symbol)
    assert desk.figures.profit == expected
    event = desk.done(close(ticket))
    assert event.deal.profit == expected
    assert event.profit_rate == (1000 if symbol == "USDJPY" else 100_000, price)


def test_a_tp_converts_at_its_own_price() -> None:
    desk = desk_in("USD", "USDJPY")
    desk.done(buy("USDJPY", "1", tp="151.020"))
    (event,) = [each.event for each in desk.tick(155_000, 155_010, symbol="USDJPY")]
    assert event.deal.profit == round(100_000 / Decimal("151.020") * 100)


@pytest.mark.parametrize("points", [1_000, -1_000])
def test_forex_profit_converts_by_deal_not_by_sign(points: int) -> None:
    """Ask when a buy is closed, bid when a sell is closed, win or lose."""
    for order, rate in ((buy, Decimal("1.30030")), (sell, Decimal("1.30000"))):
        desk = desk_in("USD", "EURGBP", "EURUSD", "GBPUSD")
        ticket = desk.done(order("EURGBP", "1")).order.ticket
        bid, ask = PAIRS["EURGBP"]
        move = points if order is buy else -points
        open_price = ask if order is buy else bid
        desk.tick(open_price + move, open_price + move, symbol="EURGBP")
        assert desk.done(close(ticket)).deal.profit == points * 100 * rate


def index(**changes: Any) -> Any:
    values: dict[str, Any] = {
        "calc_mode": CalcMode.CFD,
        "contract_size": Decimal(10),
        "digits": 1,
        "currency_base": "EUR",
        "currency_profit": "EUR",
        "currency_margin": "EUR",
    }
    return instrument("DE40", **{**values, **changes})


def test_cfd_profit_converts_at_the_worse_side() -> None:
    for order in (buy, sell):
        for move, rate in ((100, "1.10000"), (-100, "1.10010")):
            desk = Desk(index(), instrument("EURUSD"), balance=100_000_000)
            desk.tick(110_000, 110_010)
            desk.tick(180_000, 180_000, symbol="DE40")
            ticket = desk.done(order("DE40", "1")).order.ticket
            price = 180_000 + (move if order is buy else -move)
            desk.tick(price, price, symbol="DE40")
            # ±10.0 index points × 10 euro
            assert desk.figures.profit == move * 100 * Decimal(rate)
            assert desk.done(close(ticket)).deal.profit == move * 100 * Decimal(rate)


def test_an_account_in_yen_has_no_decimals() -> None:
    desk = desk_in("JPY", "EURUSD", "USDJPY", balance=10_000_000)
    assert desk.account.digits == 0
    ticket = desk.done(buy("EURUSD", "0.01")).order.ticket
    # EUR 10.00 of margin through USD, at both asks.
    assert desk.margin == round(Decimal(10) * Decimal("1.1001") * Decimal("150.02"))
    desk.tick(110_345, 110_355)
    expected = round(Decimal("3.35") * Decimal("150.02"))
    assert desk.done(close(ticket)).deal.profit == expected
    assert desk.account.balance == 10_000_000 + expected


def test_forex_rounds_each_value_and_cfd_the_difference() -> None:
    """0.01 lots of contract 10: values of 0.115 and 0.124 are both 0.12, their difference is 0.01."""
    for mode, profit in ((CalcMode.FOREX, 0), (CalcMode.CFD, 1)):
        changes = {"calc_mode": mode, "contract_size": Decimal(10), "currency_base": "EUR"}
        desk = Desk(instrument("EURUSD", **changes, currency_margin="USD"), balance=100_000)
        desk.tick(115_000, 115_000)
        ticket = desk.done(buy("EURUSD", "0.01")).order.ticket
        desk.tick(124_000, 124_000)
        assert desk.done(close(ticket)).deal.profit == profit
