"""The statistics: published and hand-computed answers, and all of them against a naive recomputation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from math import isqrt
from statistics import NormalDist
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.scenery import examples
from tradyn.broker.deals import Deal, DealEntry, DealReason, DealType
from tradyn.broker.money import divide
from tradyn.statistics import AMOUNTS, Statistics, Tally, _probability


def deal(
    kind: DealType,
    entry: DealEntry | None,
    profit: int,
    swap: int = 0,
    commission: int = 0,
    symbol: str | None = "EURUSD",
    time: int = 0,
) -> Deal:
    return Deal(
        ticket=1,
        order=None,
        position=None,
        symbol=symbol,
        type=kind,
        entry=entry,
        volume=1,
        price=1,
        profit=profit,
        swap=swap,
        commission=commission,
        reason=DealReason.CLIENT,
        time=time,
        magic=0,
        comment="",
        client_order_id=None,
    )


def money(amount: int, time: int = 0) -> Deal:
    return deal(DealType.BALANCE, None, amount, symbol=None, time=time)


def opening(commission: int = 0, **more: Any) -> Deal:
    return deal(DealType.BUY, DealEntry.IN, 0, 0, commission, **more)


def closing(profit: int, swap: int = 0, commission: int = 0, *, long: bool = True, **more: Any) -> Deal:
    kind = DealType.SELL if long else DealType.BUY
    return deal(kind, DealEntry.OUT, profit, swap, commission, **more)


def tally(deals: Iterable[Deal], **options: Any) -> Statistics:
    counted = Tally(**options)
    for each in deals:
        counted.add(each)
    return counted.result()


def won_and_lost(pattern: str) -> list[Deal]:
    return [money(100_000), *(closing(100 if each == "+" else -100) for each in pattern)]


# ---------------------------------------------------------------------- known answers


def test_z_score_as_vince_computes_it() -> None:
    """The Handbook of Portfolio Mathematics, chapter 1: 12 trades, 6 won, 8 series: 18 / 19.81734777."""
    found = tally(won_and_lost("++-+--++--+-"))
    assert found.total_trades == 12 and found.profit_trades == 6
    assert found.z_score == Decimal("0.9083")


@pytest.mark.parametrize(
    ("pattern", "z_score", "probability"),
    [
        # W = L = 2, P = 8, R = 4: (4·3.5 − 8) / √(8·4/3) = 6 / 3.26599
        ("+-+-", "1.8371", "93.38"),
        # R = 2: (4·1.5 − 8) / 3.26599
        ("++--", "-0.6124", "45.97"),
        # W = 3, L = 1, P = 6, R = 2: (4·1.5 − 6) = 0
        ("+++-", "0.0000", "0.00"),
    ],
)
def test_z_score_by_hand(pattern: str, z_score: str, probability: str) -> None:
    found = tally(won_and_lost(pattern))
    assert (str(found.z_score), str(found.z_probability)) == (z_score, probability)


@pytest.mark.parametrize(
    ("z", "percent"), [("3.00", "99.73"), ("2.58", "99.01"), ("1.96", "95.00"), ("1.64", "89.90")]
)
def test_probability_is_that_of_the_normal_distribution(z: str, percent: str) -> None:
    """The table of confidence limits that goes with the formula, to two decimal places."""
    assert str(_probability(Decimal(z))) == percent
    assert str(_probability(-Decimal(z))) == percent


@pytest.mark.parametrize("pattern", ["", "+", "-", "++++", "---", "+-"])
def test_z_score_of_too_few_or_of_one_kind_is_none(pattern: str) -> None:
    found = tally(won_and_lost(pattern))
    assert (found.z_score, found.z_probability) == (None, None)


def test_sharpe_ratio_by_hand() -> None:
    """Returns of 10 %, −10 % and 30 %: mean 10 %, deviation √(0.08 / 2) = 20 %."""
    found = tally([money(10_000), closing(1_000), closing(-1_100), closing(2_970)])
    assert found.sharpe_ratio == Decimal("0.5")


def test_sharpe_ratio_of_equal_returns_or_one_trade_is_none() -> None:
    assert tally([money(10_000), closing(1_000)]).sharpe_ratio is None
    assert tally([money(10_000), closing(1_000), closing(1_100)]).sharpe_ratio is None
    assert tally([money(30_000), closing(10_000), closing(1)]).sharpe_ratio is not None


def test_drawdown_by_hand() -> None:
    """10,000 → 12,000 → 11,000 → 15,000 → 13,800 → 9,000 → 9,500 (peak 15,000, low 9,000)."""
    results = [2_000, -1_000, 4_000, -1_200, -4_800, 500]
    found = tally([money(10_000), *map(closing, results)])
    assert found.balance_drawdown_absolute == 1_000
    assert found.balance_drawdown_maximal == 6_000
    assert found.balance_drawdown_maximal_percent == 40
    assert (found.balance_drawdown_relative, found.balance_drawdown_relative_amount) == (Decimal(40), 6_000)
    assert found.recovery_factor == Decimal("-0.0833")


def test_relative_drawdown_may_be_another_than_the_maximal() -> None:
    """1,000 → 500 (50 %) → 10,000 → 9,000 (1,000, but 10 %)."""
    found = tally([money(1_000), closing(-500), closing(9_500), closing(-1_000)])
    assert (found.balance_drawdown_maximal, found.balance_drawdown_maximal_percent) == (1_000, Decimal(10))
    assert (found.balance_drawdown_relative, found.balance_drawdown_relative_amount) == (Decimal(50), 500)


def test_deposits_and_withdrawals_are_neither_profit_nor_drawdown() -> None:
    """Half of the account is lost; then most is withdrawn, and more comes in: it stays a half."""
    found = tally([money(1_000), closing(-500), money(-400), money(9_900), closing(100)])
    assert (found.deposits, found.withdrawals, found.net_profit) == (10_900, -400, -400)
    assert (found.balance_drawdown_maximal, found.balance_drawdown_maximal_percent) == (500, Decimal(50))
    assert (found.balance_drawdown_relative, found.balance_drawdown_absolute) == (Decimal(50), 500)
    nothing = tally([money(1_000), money(-900), money(5)])
    assert (nothing.balance_drawdown_maximal, nothing.balance_drawdown_relative) == (0, Decimal(0))
    assert (nothing.net_profit, nothing.profit_factor, nothing.recovery_factor) == (0, None, None)


def test_a_later_loss_counts_on_what_is_left_after_a_withdrawal() -> None:
    """−50 %, then all but 100 withdrawn, then half of that: 75 % of every unit is gone."""
    found = tally([money(1_000), closing(-500), money(-400), closing(-50)])
    assert (found.balance_drawdown_relative, found.balance_drawdown_relative_amount) == (Decimal(75), 550)


def test_a_correction_is_money_of_the_broker() -> None:
    found = tally(
        [money(1_000), closing(-1_300), deal(DealType.CORRECTION, None, 300, symbol=None), money(50)]
    )
    assert (found.corrections, found.deposits, found.net_profit) == (300, 1_050, -1_300)
    assert (found.balance_end, found.balance_drawdown_maximal_percent) == (50, Decimal(130))
    assert found.total_trades == found.total_deals == 1


def test_costs_belong_to_the_deal_that_has_them() -> None:
    """The opening commission is in the gross loss and in no trade."""
    found = tally([money(10_000), opening(-35), closing(1_000, -20, -35), opening(-35), closing(30, 0, -35)])
    assert (found.gross_profit, found.gross_loss, found.net_profit) == (945, -75, 870)
    assert (found.swap, found.commission) == (-20, -140)
    assert (found.profit_trades, found.loss_trades, found.total_deals) == (1, 1, 4)
    assert (found.largest_profit_trade, found.largest_loss_trade) == (945, -5)
    assert (found.average_profit_trade, found.average_loss_trade) == (945, -5)
    assert found.profit_factor == Decimal("12.6")
    assert found.expected_payoff == 435


def test_directions_are_those_of_the_positions() -> None:
    found = tally(
        [money(10_000), closing(10), closing(-1), closing(5), closing(0, long=False), closing(-3, long=False)]
    )
    assert (found.long_trades, found.long_trades_won) == (3, 2)
    assert found.long_trades_won_percent == Decimal("66.67")
    # A result of zero is a profit trade.
    assert (found.short_trades, found.short_trades_won, found.short_trades_won_percent) == (2, 1, Decimal(50))


def test_a_close_by_makes_two_trades() -> None:
    first = deal(DealType.SELL, DealEntry.OUT_BY, 700, -10)
    second = deal(DealType.BUY, DealEntry.OUT_BY, 0, -4)
    found = tally([money(10_000), first, second])
    assert (found.total_trades, found.long_trades, found.short_trades) == (2, 1, 1)
    assert (found.profit_trades, found.loss_trades, found.net_profit) == (1, 1, 686)


def test_series() -> None:
    """Wins 1+2, 9, 2+2+2; losses 5, 1+1."""
    found = tally([money(10_000), *map(closing, (1, 2, -5, 9, -1, -1, 2, 2, 2))])
    assert (found.max_consecutive_wins, found.max_consecutive_wins_amount) == (3, 6)
    assert (found.max_consecutive_profit, found.max_consecutive_profit_trades) == (9, 1)
    assert (found.max_consecutive_losses, found.max_consecutive_losses_amount) == (2, -2)
    assert (found.max_consecutive_loss, found.max_consecutive_loss_trades) == (-5, 1)
    # 6 trades in 3 series, 3 trades in 2: halves go up.
    assert (found.average_consecutive_wins, found.average_consecutive_losses) == (2, 2)


def test_nothing_is_not_infinite() -> None:
    found = tally([])
    undefined = {each.name for each in fields(found) if getattr(found, each.name) is None}
    assert undefined == {
        "profit_factor",
        "expected_payoff",
        "recovery_factor",
        "sharpe_ratio",
        "z_score",
        "z_probability",
        "long_trades_won_percent",
        "short_trades_won_percent",
        "profit_trades_percent",
        "loss_trades_percent",
        "average_profit_trade",
        "average_loss_trade",
    }
    assert not any(getattr(found, each.name) for each in fields(found))


def test_a_period_begins_with_the_balance_it_found() -> None:
    deals = [
        money(1_000, time=1),
        closing(-500, time=2),
        money(500, time=3),
        closing(-100, time=5),
        closing(-7, time=6, symbol="USDJPY"),
    ]
    found = tally(deals, since=4)
    assert (found.balance_begin, found.balance_end, found.deposits) == (1_000, 893, 0)
    assert (found.total_trades, found.balance_drawdown_maximal, found.balance_drawdown_relative) == (
        2,
        107,
        Decimal("10.7"),
    )
    empty = tally(deals, since=9)
    assert (empty.balance_begin, empty.balance_end) == (893, 893)


def test_of_one_symbol_only_its_deals_trade() -> None:
    deals = [
        money(1_000),
        closing(-500, symbol="USDJPY"),
        closing(-50),
        closing(450, symbol="USDJPY"),
        closing(-90),
    ]
    found = tally(deals, symbol="EURUSD")
    assert (found.total_trades, found.net_profit, found.balance_end) == (2, -140, 810)
    assert (found.deposits, found.withdrawals) == (1_000, 0)
    # 10 % of what was there, then 10 % again: 19 %.
    assert (found.balance_drawdown_maximal, found.balance_drawdown_maximal_percent) == (140, Decimal(19))


# ---------------------------------------------------------------------- against a naive recomputation


def naive(deals: Sequence[Deal]) -> dict[str, Any]:
    """The same figures from the whole list, with Fractions."""
    trading = [each for each in deals if each.type in (DealType.BUY, DealType.SELL)]
    trades = [each for each in trading if each.entry in (DealEntry.OUT, DealEntry.OUT_BY)]
    results = [each.amount for each in trades]
    wins, losses = [each for each in results if each >= 0], [each for each in results if each < 0]
    runs = [(kind, list(run)) for kind, run in groupby(results, lambda each: each >= 0)]
    won, lost = [run for kind, run in runs if kind], [run for kind, run in runs if not kind]
    balances = [sum(each.amount for each in deals[:count]) for count in range(len(deals) + 1)]
    falls, returns = [(Fraction(0), 0)], []
    for end in range(len(deals)):
        if deals[end].type not in (DealType.BUY, DealType.SELL):
            continue
        if deals[end] in trades and balances[end] > 0:
            returns.append(Fraction(deals[end].amount, balances[end]))
        falls.append(fall_to(deals, balances, end))
    cumulated = [sum(each.amount for each in trading[:count]) for count in range(len(trading) + 1)]
    gains = sum(each.amount for each in trading if each.amount > 0)
    costs = sum(each.amount for each in trading if each.amount < 0)
    deepest = max(amount for _, amount in falls)
    amounts = [each.amount for each in deals if each.type is DealType.BALANCE]
    return {
        "balance_begin": 0,
        "balance_end": balances[-1],
        "deposits": sum(each for each in amounts if each > 0),
        "withdrawals": sum(each for each in amounts if each < 0),
        "corrections": sum(each.amount for each in deals if each.type is DealType.CORRECTION),
        "net_profit": gains + costs,
        "gross_profit": gains,
        "gross_loss": costs,
        "swap": sum(each.swap for each in trading),
        "commission": sum(each.commission for each in trading),
        "profit_factor": Fraction(gains, -costs) if costs else None,
        "expected_payoff": divide(gains + costs, len(trades)) if trades else None,
        "recovery_factor": Fraction(gains + costs, deepest) if deepest else None,
        "sharpe_ratio": sharpe(returns),
        "z_score": z_score(len(wins), len(losses), len(runs)),
        "balance_drawdown_absolute": -min(cumulated),
        "balance_drawdown_maximal": deepest,
        "balance_drawdown_maximal_percent": 100 * next(part for part, fall in falls if fall == deepest),
        "balance_drawdown_relative": 100 * max(part for part, _ in falls),
        "total_trades": len(trades),
        "total_deals": len(trading),
        **direction("long", [each for each in trades if each.type is DealType.SELL]),
        **direction("short", [each for each in trades if each.type is DealType.BUY]),
        "profit_trades": len(wins),
        "profit_trades_percent": Fraction(100 * len(wins), len(trades)) if trades else None,
        "loss_trades": len(losses),
        "loss_trades_percent": Fraction(100 * len(losses), len(trades)) if trades else None,
        "largest_profit_trade": max(wins, default=0),
        "largest_loss_trade": min(losses, default=0),
        "average_profit_trade": divide(sum(wins), len(wins)) if wins else None,
        "average_loss_trade": divide(sum(losses), len(losses)) if losses else None,
        "max_consecutive_wins": max(map(len, won), default=0),
        "max_consecutive_wins_amount": max(((len(run), sum(run)) for run in won), default=(0, 0))[1],
        "max_consecutive_losses": max(map(len, lost), default=0),
        "max_consecutive_losses_amount": -max(((len(run), -sum(run)) for run in lost), default=(0, 0))[1],
        "max_consecutive_profit": max(map(sum, won), default=0),
        "max_consecutive_profit_trades": max(((sum(run), len(run)) for run in won), default=(0, 0))[1],
        "max_consecutive_loss": min(map(sum, lost), default=0),
        "max_consecutive_loss_trades": max(((-sum(run), len(run)) for run in lost), default=(0, 0))[1],
        "average_consecutive_wins": divide(len(wins), len(won)) if won else 0,
        "average_consecutive_losses": divide(len(losses), len(lost)) if lost else 0,
    }


def fall_to(deals: Sequence[Deal], balances: Sequence[int], end: int) -> tuple[Fraction, int]:
    """The deepest fall that ends with the deal at `end`: as a part of its peak, and in money."""
    part, growth, amount, result = Fraction(0), Fraction(1), 0, 0
    is_emptied = False
    for place in range(end, -1, -1):
        before, after = balances[place], balances[place + 1]
        if deals[place].type in (DealType.BUY, DealType.SELL):
            result += deals[place].amount
            amount = max(amount, -result)
            growth *= Fraction(after, before)
            part = part if is_emptied else max(part, 1 - growth)
        else:
            # What was lost before an account was emptied is no part of what came in later.
            is_emptied = is_emptied or before <= 0 or after <= 0
    return part, amount


def direction(name: str, trades: Sequence[Deal]) -> dict[str, Any]:
    won = sum(each.amount >= 0 for each in trades)
    return {
        f"{name}_trades": len(trades),
        f"{name}_trades_won": won,
        f"{name}_trades_won_percent": Fraction(100 * won, len(trades)) if trades else None,
    }


def sharpe(returns: Sequence[Fraction]) -> Fraction | None:
    if len(returns) < 2 or len(set(returns)) == 1:
        return None
    mean = sum(returns) / Fraction(len(returns))
    return mean / root(sum((each - mean) ** 2 for each in returns) / Fraction(len(returns) - 1))


def z_score(wins: int, losses: int, runs: int) -> Fraction | None:
    count, product = wins + losses, 2 * wins * losses
    if count < 2 or product * (product - count) <= 0:
        return None
    square = Fraction(product * (product - count), count - 1)
    return (count * (runs - Fraction(1, 2)) - product) / root(square)


def root(square: Fraction) -> Fraction:
    """To 40 digits."""
    scale = 10**80
    return Fraction(isqrt(square.numerator * scale**2 // square.denominator), scale)


@st.composite
def histories(draw: st.DrawFn) -> list[Deal]:
    """Deals of an account that trading cannot empty, but a withdrawal can."""
    deals = [money(draw(st.integers(20_000, 10**9)))]
    balance = deals[0].amount
    for _ in range(draw(st.integers(0, 30))):
        kind = draw(st.sampled_from(["in", "out", "out", "out", "out_by", "money", "correction"]))
        most = min(balance // 3, 10**6)
        # Many small amounts, so that results are often equal or zero.
        bound = most if draw(st.booleans()) else min(most, 5)
        amount = draw(st.integers(-bound, bound))
        if kind == "money":
            amount = -balance if draw(st.integers(0, 9)) == 0 else amount
            if balance == 0:
                amount = draw(st.integers(20_000, 10**6))
            deals.append(money(amount))
        elif kind == "correction":
            deals.append(deal(DealType.CORRECTION, None, abs(amount), symbol=None))
        elif balance > 0:
            side = draw(st.sampled_from([DealType.BUY, DealType.SELL]))
            costs = min(draw(st.integers(0, 50)), most)
            entry = DealEntry(kind)
            profit = 0 if entry is DealEntry.IN else amount
            deals.append(deal(side, entry, profit, draw(st.integers(-costs, costs)), -costs))
        balance = sum(each.amount for each in deals)
    return deals


@examples(300)
@given(histories())
def test_one_pass_is_the_naive_recomputation(deals: list[Deal]) -> None:
    found, expected = tally(deals), naive(deals)
    for name, value in expected.items():
        figure = getattr(found, name)
        if isinstance(figure, Decimal) and value is not None:
            exponent = figure.as_tuple().exponent
            assert isinstance(exponent, int)
            assert abs(Fraction(figure) - value) <= Fraction(10) ** exponent / 2 + Fraction(1, 10**20), name
        else:
            assert figure == value, name
    assert found.balance_end == (
        found.balance_begin + found.deposits + found.withdrawals + found.corrections + found.net_profit
    )
    if found.z_score is not None:
        assert found.z_probability is not None
        inside = 2 * NormalDist().cdf(abs(float(found.z_score))) - 1
        assert abs(float(found.z_probability) - 100 * inside) < 0.01
    assert {each.name for each in fields(found)} - expected.keys() == {
        "z_probability",
        "balance_drawdown_relative_amount",
    }


@examples(100)
@given(histories(), st.integers(0, 30))
def test_asking_in_between_changes_nothing(deals: list[Deal], place: int) -> None:
    asked = Tally()
    for index, each in enumerate(deals):
        if index == place:
            assert asked.result() == tally(deals[:place])
        asked.add(each)
    assert asked.result() == tally(deals)


def test_numbers_stay_short_in_a_long_history() -> None:
    """Numbers stay short however often money comes and goes."""
    counted = Tally()
    counted.add(money(1_000_000))
    for index in range(20_000):
        counted.add(closing(7 - index % 13))
        counted.add(money(3 if index % 2 else -3))
    peak = counted._drawdown._peak
    assert peak.bit_length() < 200


def test_amounts_are_the_fields_in_minor_units() -> None:
    assert {each.name for each in fields(Statistics)} >= AMOUNTS
