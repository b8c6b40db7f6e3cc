"""Margin by calculation mode, margin rates, and the hedged figure; the broker against the reference."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import reference
from broker.scenery import Desk, buy, close, examples, instrument, sell
from broker.stories import INSTRUMENTS, Story
from tradyn.broker.instruments import CalcMode


@pytest.mark.parametrize(
    ("mode", "initial", "expected"),
    [
        # 2 lots of contract 1,000 at 80.00, leverage 1:100
        (CalcMode.FOREX, "0", "20.00"),
        (CalcMode.FOREX, "500", "10.00"),
        (CalcMode.FOREX_NO_LEVERAGE, "0", "2000.00"),
        (CalcMode.FOREX_NO_LEVERAGE, "500", "1000.00"),
        (CalcMode.CFD, "0", "160000.00"),
        (CalcMode.CFD, "500", "80000.00"),
        (CalcMode.CFD_LEVERAGE, "0", "1600.00"),
        (CalcMode.CFD_LEVERAGE, "500", "800.00"),
        (CalcMode.FUTURES, "500", "1000.00"),
        (CalcMode.FUTURES, "0", "0.00"),
    ],
)
@pytest.mark.parametrize("rate", ["1", "1.5"])
def test_calculation_modes(mode: CalcMode, initial: str, expected: str, rate: str) -> None:
    symbol = instrument(
        "OIL",
        calc_mode=mode,
        margin_initial=Decimal(initial),
        contract_size=Decimal(1_000),
        digits=2,
        currency_base="OIL",
        currency_margin="USD",
        margin_rate_buy=Decimal(rate),
    )
    desk = Desk(symbol, balance=100_000_000)
    desk.tick(7_995, 8_000, symbol="OIL")
    assert desk.done(buy("OIL", "2")).margin == Decimal(expected) * Decimal(rate) * 100
    assert desk.margin == Decimal(expected) * Decimal(rate)


@pytest.mark.parametrize(("longs", "shorts"), [("3", "2"), ("2", "3"), ("2", "2")])
def test_hedged_margin_in_both_directions(longs: str, shorts: str) -> None:
    pair = instrument(
        "EURUSD",
        margin_hedged=Decimal(40_000),
        margin_rate_buy=Decimal(2),
        margin_rate_sell=Decimal(4),
    )
    desk = Desk(pair, balance=100_000_000)
    desk.tick(110_000, 110_100)
    desk.done(buy("EURUSD", longs))
    short = desk.done(sell("EURUSD", shorts)).order.ticket
    price = (Decimal(longs) * Decimal("1.101") + Decimal(shorts) * Decimal("1.1")) / (
        Decimal(longs) + Decimal(shorts)
    )
    covered = round(2 * 40_000 / Decimal(100) * price * 3, 2)
    uncovered = {"3": Decimal(1_000) * Decimal("1.101") * 2, "2": Decimal(1_000) * Decimal("1.1") * 4}[longs]
    assert desk.margin == covered + (uncovered if longs != shorts else 0)
    # Its own margin is what a position would need alone.
    held = desk.account.positions[short]
    assert desk.broker.margin(desk.account, held) == Decimal(shorts) * 440_000
    desk.done(close(short))
    assert desk.margin == Decimal(longs) * 2_202


def test_a_hedge_that_releases_margin_needs_none() -> None:
    desk = Desk(instrument("EURUSD", margin_hedged=Decimal(0)), balance=150_000)
    desk.tick(110_000, 110_000)
    desk.done(buy("EURUSD", "1"))
    assert desk.refused(buy("EURUSD", "1")) == "INSUFFICIENT_MARGIN"
    desk.done(sell("EURUSD", "1"))
    assert desk.margin == 0
    assert desk.figures.margin_level is None
    assert desk.tick(50_000, 50_000) == []


def test_margin_to_the_cent() -> None:
    desk = Desk(instrument("EURUSD"), balance=110_000)
    desk.tick(110_000, 110_000)
    assert desk.refused(buy("EURUSD", "1.01")) == "INSUFFICIENT_MARGIN"
    desk.done(buy("EURUSD", "1"))
    assert desk.figures.margin_free == 0


@pytest.mark.parametrize(("ask", "cents"), [(110_049, 1100), (110_050, 1101), (110_051, 1101)])
def test_half_a_cent_of_margin_is_a_cent(ask: int, cents: int) -> None:
    desk = Desk(instrument("EURUSD"))
    desk.tick(ask, ask)
    # 0.01 lots are 1,000 EUR, by leverage 100: 10 EUR.
    assert desk.done(buy("EURUSD", "0.01")).margin == cents


@examples(25)
@given(st.integers(0, 2**48))
def test_figures_agree_with_the_reference(seed: int) -> None:
    story = Story(Random(seed), trades=0.5)
    broker = story.broker
    for _ in range(60):
        story.step()
        for account in broker.accounts.values():
            unit = Decimal(10) ** account.digits
            figures = broker.figures(account)
            assert figures.margin == reference.margin(INSTRUMENTS, account) * int(unit)
            assert figures.equity == reference.equity(INSTRUMENTS, broker.market.quotes, account) * int(unit)
            assert figures.margin_free == figures.equity - figures.margin
