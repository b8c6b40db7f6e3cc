"""The distances of the margin alarms are safe: the worst quotes within them do no harm."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from broker import reference
from broker.scenery import Desk, buy, examples, instrument
from broker.stories import Story
from tradyn.broker.accounts import Account
from tradyn.broker.alarms import alarm_distances, is_stopped_out
from tradyn.broker.engine import Broker
from tradyn.broker.market import Quote


def worst_within(broker: Broker, account: Account, distances: dict[str, int]) -> dict[str, Quote]:
    """Quotes that ring nothing and hurt the most: corner by corner, one symbol after the other."""
    instruments, quotes = broker.market.instruments, dict(broker.market.quotes)
    for _ in range(2):
        for symbol, distance in distances.items():
            at = broker.market.quotes[symbol]
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
    quotes = worst_within(broker, account, distances)
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
