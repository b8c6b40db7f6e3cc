"""The distances of the margin alarms are safe: the worst quotes within them do no harm."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import reference
from broker.scenery import Desk, buy, close, examples, instrument
from broker.stories import Story
from tradyn.broker.accounts import Account
from tradyn.broker.alarms import Alarm, alarm_distances, are_covered, is_stopped_out
from tradyn.broker.engine import Broker
from tradyn.broker.market import Quote


def worst_within(broker: Broker, account: Account, alarms: dict[str, Alarm]) -> dict[str, Quote]:
    """Quotes that ring nothing and hurt the most: corner by corner, one symbol after the other."""
    instruments, quotes = broker.market.instruments, dict(broker.market.quotes)
    for _ in range(2):
        for symbol, (at, distance) in alarms.items():
            reach = max(distance - 1, 0)
            corners = [
                at._replace(bid=at.bid + bid, ask=at.ask + ask)
                for bid in (-reach, reach)
                for ask in (-reach, reach)
                if at.bid + bid <= at.ask + ask
            ]
            quotes[symbol] = min(
                corners,
                key=lambda each: reference.equity(instruments, {**quotes, each.symbol: each}, account),
            )
    return quotes


def give_slack(broker: Broker, account: Account, slack: int) -> None:
    """Set the balance so that the equity is `slack` minor units above the stop-out."""
    figures = broker.figures(account)
    account.balance += int(account.stop_out_level * figures.margin / 100) + 1 + slack - figures.equity


def check(broker: Broker, account: Account, slack: int) -> int:
    """The largest distance, once all were found to be safe."""
    give_slack(broker, account, slack)
    figures = broker.figures(account)
    assert not is_stopped_out(account, figures)
    exposures = broker._watches[account.login].exposures
    distances = alarm_distances(broker.market, account, exposures, figures)
    alarms = {symbol: Alarm(broker.market.quotes[symbol], each) for symbol, each in distances.items()}
    quotes = worst_within(broker, account, alarms)
    assert not reference.is_below_stop_out(broker.market.instruments, quotes, account)
    return max(distances.values(), default=0)


@examples(60)
@given(st.integers(0, 2**48))
def test_the_worst_quotes_within_the_distances(seed: int) -> None:
    story = Story(Random(seed), trades=0.6)
    for _ in range(40):
        story.step()
    for account in story.broker.accounts.values():
        if account.positions:
            for exponent in range(1, 9):
                check(story.broker, account, 10**exponent)


@examples(60)
@given(st.integers(0, 2**48))
def test_alarms_that_go_on_standing_are_safe(seed: int) -> None:
    """Whenever they were set, after every step or several: the worst quotes that ring none do no harm."""
    story = Story(Random(seed), trades=0.7)
    broker, brought = story.broker, set()
    often = story.random.choice((1.0, 0.5))
    for _ in range(60):
        if story.random.random() < story.trades:
            account = story.account()
            story.do(account, story.command(account))
            if is_stopped_out(account, broker.figures(account)):
                brought.add(account.login)
        else:
            story.journal += broker.on_quote(story.quote())
        if story.random.random() >= often:
            continue
        # As the next quote finds them.
        broker.watched()
        for login, account in broker.accounts.items():
            if not is_stopped_out(account, broker.figures(account)):
                brought.discard(login)
                quotes = worst_within(broker, account, broker._watches[login].alarms)
                assert not reference.is_below_stop_out(broker.market.instruments, quotes, account)
            else:
                assert login in brought


def test_a_trade_that_matters_little_leaves_the_alarms_as_they_stand() -> None:
    desk = Desk(instrument("EURUSD"), balance=1_000_000)
    desk.tick(110_000, 110_010)
    desk.done(buy("EURUSD", "0.01"))
    desk.broker.watched()  # from here on they stand
    watch = desk.broker._watches[desk.account.login]
    generation, alarms = watch.generation, dict(watch.alarms)
    for _ in range(5):
        ticket = desk.done(buy("EURUSD", "0.01")).order.ticket
        desk.done(close(ticket))
        desk.broker.watched()
    desk.tick(110_050, 110_060)
    desk.done(buy("EURUSD", "0.01"))
    desk.broker.watched()
    assert (watch.generation, watch.alarms) == (generation, alarms)
    desk.done(buy("EURUSD", "5"))
    desk.broker.watched()
    assert watch.generation == generation + 1
    assert watch.alarms["EURUSD"].distance < alarms["EURUSD"].distance


def test_an_alarm_that_rang_stands_no_more() -> None:
    desk = Desk(instrument("EURUSD"), balance=1_000_000)
    desk.tick(110_000, 110_000)
    desk.done(close(desk.done(buy("EURUSD", "1")).order.ticket))
    for bid in (104_000, 110_000):
        assert desk.tick(bid, bid) == []
    desk.done(buy("EURUSD", "1"))
    # 1,100 is margin, so the level is reached with 550 left of 10,000.
    assert [each.event.deal.reason for each in desk.tick(100_549, 100_549)] == ["so"]


@pytest.mark.parametrize("also", [False, True], ids=["from before", "from while it was below"])
def test_no_old_alarm_rings_for_an_account_that_its_own_command_brought_below(also: bool) -> None:
    """It waits for a quote of what it holds, as it would if the broker had been started anew."""
    desk = Desk(instrument("EURUSD"), instrument("GBPUSD"), balance=1_000_000, stop_out=100)
    desk.tick(110_000, 110_000)
    desk.tick(130_000, 130_100, symbol="GBPUSD")
    other = desk.done(buy("EURUSD", "0.1")).order.ticket
    if not also:
        desk.done(close(other))
    # Nearly all of the balance is margin, and the spread is a loss.
    desk.done(buy("GBPUSD", "7.5"))
    assert is_stopped_out(desk.account, desk.figures)
    if also:
        desk.done(close(other))
        assert is_stopped_out(desk.account, desk.figures)
    assert desk.tick(90_000, 90_000) == []
    assert [each.event.deal.reason for each in desk.tick(130_000, 130_100, symbol="GBPUSD")] == ["so"]


def test_alarms_are_set_before_time_passes_and_prices_jump() -> None:
    """As the clock is set ahead: what was traded before waits for a quote of what it holds, not for any."""
    desk = Desk(instrument("EURUSD"), instrument("GBPUSD"), balance=1_000_000)
    desk.tick(110_000, 110_000)
    desk.tick(130_000, 130_100, symbol="GBPUSD")
    desk.done(buy("GBPUSD", "0.01"))
    desk.done(buy("EURUSD", "4"))
    desk.broker.on_time(desk.now + 60_000)
    fallen = desk.broker.market.quotes["EURUSD"]._replace(bid=108_000, ask=108_000)
    desk.broker.market.quotes["EURUSD"] = fallen
    assert is_stopped_out(desk.account, desk.figures)
    assert desk.tick(130_000, 130_100, symbol="GBPUSD") == []
    assert [each.event.deal.reason for each in desk.tick(108_000, 108_000)] == ["so"]


@pytest.mark.parametrize(
    ("distance", "bid", "ask", "covered"),
    [
        (120, 1_020, 1_030, True),
        (120, 980, 990, True),
        (120, 1_021, 1_030, False),
        (120, 1_020, 1_031, False),
        (120, 979, 990, False),
        (120, 980, 989, False),
        (99, 1_000, 1_010, False),
        (0, 1_000, 1_010, False),
    ],
)
def test_an_alarm_covers_another_that_it_cannot_ring_after(
    distance: int, bid: int, ask: int, covered: bool
) -> None:
    standing = {
        "EURUSD": Alarm(Quote("EURUSD", 1_000, 1_010, 0), 100),
        "USDJPY": Alarm(Quote("", 1, 1, 0), 1),
    }
    quotes = {"EURUSD": Quote("EURUSD", bid, ask, 5)}
    assert are_covered({"EURUSD": distance}, quotes, standing) is covered
    assert not are_covered({"EURUSD": distance}, quotes, {})


def test_a_penny_is_worth_more_than_a_yen() -> None:
    """Small positions in pounds of a yen account: one point lower, and each is worth a penny less."""
    desk = Desk(
        instrument("EURGBP", contract_size=Decimal(1_000)),
        instrument("GBPUSD"),
        instrument("EURUSD"),
        instrument("USDJPY"),
        currency="JPY",
        balance=9_000_000,
    )
    desk.tick(150_000, 150_000, symbol="USDJPY")
    desk.tick(160_000, 160_000, symbol="GBPUSD")
    desk.tick(110_000, 110_000)
    desk.tick(85_000, 85_000, symbol="EURGBP")
    for _ in range(20):
        desk.done(buy("EURGBP", "0.01"))
    farthest = 0
    for bid in (84_851, 84_751, 84_651, 84_551):
        desk.tick(bid, bid, symbol="EURGBP")
        for slack in (*range(40, 80, 2), 200, 240):
            farthest = max(farthest, check(desk.broker, desk.account, slack))
    assert farthest > 1
