from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from tradyn_client.models import Account, Side, Symbol

from moving_average_bot.strategy import CannotSize, average, cross, exact, market_order

from .broker import Broker, Trader, rules_of


def crosses(closes: Sequence[float], fast: int = 2, slow: int = 4) -> list[Side | None]:
    """What each close leads to."""
    known = [exact(each) for each in closes]
    return [cross(known[:count], fast, slow) for count in range(1, len(known) + 1)]


def test_an_average_is_exact() -> None:
    closes = [exact(each) for each in (9.9, 0.1, 0.2, 0.3)]
    assert average(closes, 3) == Decimal("0.2")
    assert average(closes, 5) is None


def test_a_cross_is_told_once() -> None:
    none: list[Side | None] = [None] * 4
    assert crosses([1, 1, 1, 1, 2, 3, 4, 5]) == [*none, Side.BUY, None, None, None]
    assert crosses([1, 1, 1, 1, 2, 3, 2, 1, 1]) == [*none, Side.BUY, None, None, Side.SELL, None]
    assert crosses([5, 4, 3, 2, 1]) == [*none, None]  # below from the first: no cross was seen


def test_two_averages_that_are_equal_do_not_cross() -> None:
    # In binary floating point the mean of these three is not the one that all of them have.
    assert crosses([0.1] * 20, 3, 7) == [None] * 20
    assert crosses([1.1, 1.2, 1.3] * 9, 3, 6) == [None] * 27


def test_touching_is_not_crossing() -> None:
    above_then_equal = [1, 1, 1, 1, 2, 2, 2, 2, 2]
    assert crosses(above_then_equal)[4:] == [Side.BUY, None, None, None, None]
    assert crosses([*above_then_equal, 1])[-1] is Side.SELL


@pytest.fixture(scope="session")
def account(broker: Broker, tmp_path_factory: pytest.TempPathFactory) -> Account:
    return broker.open_account(tmp_path_factory.mktemp("account")).client.get_account()


def symbol(trader: Trader, name: str) -> Symbol:
    return trader.client.get_symbol(name)


@pytest.mark.parametrize(("side", "stops"), [(Side.BUY, (1.095, 1.103)), (Side.SELL, (1.105, 1.097))])
def test_stops_are_measured_from_the_close(
    side: Side, stops: tuple[float, float], trader: Trader, account: Account
) -> None:
    order = market_order(side, Decimal("1.1"), rules_of(), symbol(trader, "EURUSD"), account)
    assert (order.action, order.volume, order.sl, order.tp) == (side, 0.1, *stops)


@pytest.mark.parametrize(
    ("name", "close", "rules", "volume"),
    [
        ("EURUSD", "1.1", {"risk": 1}, 0.2),  # 500 points are 500 USD a lot; 1 % of 10,000 are 100
        ("EURUSD", "1.1", {"risk": 1, "sl": 501}, 0.19),  # 0.1996…, never more than the risk
        ("USDJPY", "150", {"risk": 1}, 0.3),  # 50,000 JPY a lot, 333.33 USD
        ("EURUSD", "1.1", {"risk": 100, "sl": 1}, 100.0),  # volume_max
    ],
)
def test_a_stop_loss_costs_the_risk(
    name: str, close: str, rules: dict[str, Any], volume: float, trader: Trader, account: Account
) -> None:
    risky = rules_of(**{"volume": None} | {key: Decimal(value) for key, value in rules.items()})
    order = market_order(Side.BUY, Decimal(close), risky, symbol(trader, name), account)
    assert order.volume == volume


@pytest.mark.parametrize(
    ("name", "risk", "why"), [("EURUSD", "0.009", "0.01 lots"), ("EURGBP", "1", "GBP has no known worth")]
)
def test_what_cannot_be_sized_is_not_traded(
    name: str, risk: str, why: str, trader: Trader, account: Account
) -> None:
    risky = rules_of(volume=None, risk=Decimal(risk))
    with pytest.raises(CannotSize, match=why):
        market_order(Side.BUY, Decimal("0.85"), risky, symbol(trader, name), account)
