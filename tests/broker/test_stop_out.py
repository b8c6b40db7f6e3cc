"""Stop-out: what goes first, when it ends, and that the alarms never miss one nor make one up."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from broker import reference
from broker.scenery import Desk, buy, deals, examples, instrument, pending, sell
from broker.stories import INSTRUMENTS, Story
from tradyn.broker.accounts import Account, evolve
from tradyn.broker.market import Market
from tradyn.broker.orders import OrderState, OrderType
from tradyn.broker.transactions import OrderClosed, PositionReduced, Transaction

SEEDS = st.integers(0, 2**48)


def desk_with(balance: int, stop_out: int = 50, *symbols: str) -> Desk:
    desk = Desk(
        *(instrument(each) for each in symbols or ("EURUSD", "GBPUSD")), balance=balance, stop_out=stop_out
    )
    desk.tick(110_000, 110_000)
    desk.tick(130_000, 130_000, symbol="GBPUSD")
    return desk


def test_at_the_level_nothing_happens_and_a_point_below_it_does() -> None:
    # 1 lot: 1,100.00 of margin; half of it, 550.00, is left after a loss of 1,450 points.
    desk = desk_with(200_000)
    desk.done(buy("EURUSD", "1"))
    assert desk.tick(108_550, 108_560) == []
    assert desk.figures.margin_level == 50
    (event,) = [each.event for each in desk.tick(108_549, 108_560)]
    assert (event.deal.reason, event.deal.price, event.volume_remaining) == ("so", 108_549, 0)
    assert desk.account.balance == 200_000 - 145_100


def test_a_margin_call_only_flags() -> None:
    desk = desk_with(200_000)
    desk.done(buy("EURUSD", "1"))
    desk.tick(109_000, 109_000)
    assert desk.figures.margin_level < desk.account.margin_call_level
    assert len(desk.account.positions) == 1


def test_orders_by_their_margin_first_then_the_largest_loss() -> None:
    desk = desk_with(500_000)
    small = desk.done(buy("EURUSD", "0.5")).order.ticket
    large = desk.done(buy("EURUSD", "2")).order.ticket
    winner = desk.done(sell("GBPUSD", "0.1")).order.ticket
    orders = [
        desk.done(pending("EURUSD", OrderType.BUY_LIMIT, volume, "0.5")).order.ticket
        for volume in ("0.02", "0.03")
    ] + [desk.done(pending("GBPUSD", OrderType.SELL_LIMIT, "0.03", "1.9")).order.ticket]
    same = desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "0.03", "0.5")).order.ticket
    desk.tick(129_000, 129_000, symbol="GBPUSD")
    done = [each.event for each in desk.tick(108_400, 108_400)]
    ended = [each.order.ticket for each in done if isinstance(each, OrderClosed)]
    closed = [each.deal.position for each in done if isinstance(each, PositionReduced)]
    assert ended == [orders[2], orders[1], same, orders[0]]  # 57.00, 15.00 (the older first), 15.00, 10.00
    assert all(each.order.state is OrderState.CANCELED for each in done[:4])
    assert {each.cause for each in done[:4]} == {"stop-out"}
    assert closed == [large]
    assert sorted(desk.account.positions) == [small, winner]


def test_it_stops_as_soon_as_the_level_is_above() -> None:
    desk = desk_with(300_000)
    tickets = [desk.done(buy("EURUSD", "0.5")).order.ticket for _ in range(4)]
    done = [each.event for each in desk.tick(109_049, 109_049)]
    # 3,000.00 − 1,902.00 is under half of 2,200.00; without one position it is above half of 1,650.00.
    assert [each.deal.position for each in done] == [tickets[0]]
    assert len(desk.account.positions) == 3


def test_a_fill_that_leaves_too_little_is_stopped_out_on_the_same_tick() -> None:
    desk = desk_with(115_000, stop_out=50)
    desk.done(pending("EURUSD", OrderType.BUY_STOP, "1", "1.11000"))
    done = [each.event for each in desk.tick(110_300, 111_000)]
    assert [each.deal.reason for each in done] == ["client", "so"]


def test_a_conversion_pair_alone_can_stop_out() -> None:
    desk = Desk(instrument("EURJPY"), instrument("USDJPY"), instrument("EURUSD"), balance=200_000)
    desk.tick(110_000, 110_000)
    desk.tick(150_000, 150_000, symbol="USDJPY")
    desk.tick(165_000, 165_000, symbol="EURJPY")
    desk.done(buy("EURJPY", "1"))
    assert desk.tick(162_900, 162_900, symbol="EURJPY") == []
    assert desk.tick(145_000, 145_000, symbol="USDJPY") == []
    done = desk.tick(143_000, 143_000, symbol="USDJPY")
    assert [each.event.deal.reason for each in done] == ["so"]


class Shadow:
    """The accounts as the transactions make them, examined by the reference before each stop-out."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.accounts = copy.deepcopy(story.broker.accounts)

    @property
    def market(self) -> Market:
        return self.story.broker.market

    def is_below(self, account: Account) -> bool:
        return reference.is_below_stop_out(INSTRUMENTS, self.market.quotes, account)

    def follow(self, transactions: Any) -> None:
        for each in transactions:
            self.examine(each)
            evolve(self.accounts[each.account], each)

    def examine(self, transaction: Transaction) -> None:
        event, account = transaction.event, self.accounts[transaction.account]
        quotes = self.market.quotes
        if isinstance(event, OrderClosed) and event.cause == "stop-out":
            margins = {
                each.ticket: reference.reserved(INSTRUMENTS, quotes, account, each)
                for each in account.orders.values()
            }
            assert margins[event.order.ticket] == max(margins.values())
        elif isinstance(event, PositionReduced) and event.deal.reason == "so":
            profits = {
                each.ticket: reference.profit(INSTRUMENTS, quotes, account, each) + each.swap
                for each in account.positions.values()
            }
            # What would need no more margin, because it hedges what is held, is left alone.
            reserved = [
                reference.reserved(INSTRUMENTS, quotes, account, each) for each in account.orders.values()
            ]
            assert all(each <= 0 for each in reserved)
            assert profits[event.deal.position or 0] == min(profits.values())
            assert event.volume_remaining == 0
        else:
            return
        assert self.is_below(account), "a stop-out above the level"


@examples(60)
@given(SEEDS)
def test_alarms_miss_nothing_and_make_nothing_up(seed: int) -> None:
    """After a quote no account is below its level, but one that its own command brought there."""
    story = Story(Random(seed), trades=0.3)
    shadow = Shadow(story)
    brought = set()
    for _ in range(120):
        if story.random.random() < story.trades:
            account = story.account()
            shadow.follow(story.do(account, story.command(account)).transactions)
            if shadow.is_below(shadow.accounts[account.login]):
                brought.add(account.login)
        else:
            quote = story.quote()
            shadow.follow(story.broker.on_quote(quote))
            for login, account in shadow.accounts.items():
                if not shadow.is_below(account):
                    brought.discard(login)
                else:
                    # A command may end below the level; the next quote of what it holds looks at it.
                    assert login in brought
                    assert all(each.symbol != quote.symbol for each in account.positions.values())
    assert shadow.accounts == story.broker.accounts


def test_the_stories_have_stop_outs_to_miss() -> None:
    stop_outs = 0
    for seed in range(25):
        story = Story(Random(seed), trades=0.3)
        for _ in range(120):
            story.step()
        stop_outs += sum(each.reason == "so" for each in deals(story.journal))
    assert stop_outs >= 15


@examples(40)
@given(SEEDS)
def test_slow_walks_of_one_account_with_many_positions(seed: int) -> None:
    """No gaps and no trades after the beginning, so that only the alarms' own distances are at work."""
    dice = Random(seed)
    story = Story(dice)
    shadow = Shadow(story)
    for _ in range(25):
        account = story.account()
        shadow.follow(story.do(account, story.trade_or_order(account)).transactions)
    for login in shadow.accounts:
        if shadow.is_below(shadow.accounts[login]):
            return
    drift = {symbol: dice.choice((-1, 1)) for symbol in INSTRUMENTS}
    for _ in range(150):
        quote = story.quote()
        last = story.broker.market.quotes[quote.symbol]
        move = drift[quote.symbol] * dice.randint(0, max(last.bid // 800, 1))
        bid = max(last.bid + move, 100)
        quote = quote._replace(bid=bid, ask=bid + dice.randint(0, last.bid // 5_000))
        shadow.follow(story.broker.on_quote(quote))
        assert not any(shadow.is_below(each) for each in shadow.accounts.values())
