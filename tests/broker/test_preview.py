"""A preview says what then happens, to the cent, and changes nothing."""

from __future__ import annotations

import copy
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from broker.scenery import Desk, buy, examples, instrument, pending, sell
from broker.stories import Story
from tradyn.broker.commands import PlaceOrder
from tradyn.broker.market import Quote
from tradyn.broker.orders import OrderType
from tradyn.broker.transactions import PositionOpened


@examples(40)
@given(st.integers(0, 2**48))
def test_a_preview_is_what_then_happens(seed: int) -> None:
    story = Story(Random(seed), trades=0.5)
    broker = story.broker
    for _ in range(60):
        story.step()
        account = story.account()
        command = story.trade_or_order(account)
        before = copy.deepcopy(account)
        preview = broker.preview(account, command, story.now)
        assert account == before
        outcome = story.do(account, command)
        assert preview.refusal == outcome.refusal
        if outcome.refusal is not None:
            known = preview.price is not None
            assert known is (outcome.refusal.code == "INSUFFICIENT_MARGIN")
            continue
        event = outcome.transactions[0].event
        assert preview.price == event.order.price
        if isinstance(event, PositionOpened):
            assert preview.margin == event.margin
            assert preview.margin_free_after == broker.figures(account).margin_free


@examples(40)
@given(st.integers(0, 2**48))
def test_a_previewed_order_needs_that_margin_when_it_is_filled(seed: int) -> None:
    story = Story(Random(seed), trades=0.5)
    for _ in range(20):
        story.step()
    account = story.account()
    command = story.trade_or_order(account)
    if not isinstance(command, PlaceOrder) or not command.type.is_limit:
        return
    preview = story.broker.preview(account, command, story.now)
    outcome = story.do(account, command)
    if outcome.refusal is not None or preview.price is None:
        return
    quote = Quote(command.symbol, preview.price, preview.price, story.now)
    for each in story.broker.on_quote(quote):
        # Tickets count for each account: another's order may have the same.
        mine = each.account == account.login
        if (
            mine
            and isinstance(each.event, PositionOpened)
            and each.event.order.ticket == (outcome.transactions[0].event.order.ticket)
        ):
            assert (each.event.deal.price, each.event.margin) == (preview.price, preview.margin)


def test_where_only_margin_is_missing_price_and_margin_are_told() -> None:
    desk = Desk(instrument("EURUSD"))
    desk.tick(108_740, 108_750)
    preview = desk.broker.preview(desk.account, buy("EURUSD", "10"), desk.now)
    assert preview.refusal is not None
    assert preview.refusal.code == desk.refused(buy("EURUSD", "10")) == "INSUFFICIENT_MARGIN"
    # 10,000.00 less 10,875.00 of margin and 100.00 of spread
    assert (preview.price, preview.margin, preview.margin_free_after) == (108_750, 1_087_500, -97_500)
    order = pending("EURUSD", OrderType.BUY_LIMIT, "10", "1.08")
    preview = desk.broker.preview(desk.account, order, desk.now)
    assert (preview.price, preview.margin, preview.margin_free_after) == (108_000, 1_080_000, -80_000)


def test_a_hedge_is_previewed_with_its_own_margin_and_what_it_releases() -> None:
    desk = Desk(instrument("EURUSD"))
    desk.tick(110_000, 110_000)
    desk.done(buy("EURUSD", "1"))
    for command in (sell("EURUSD", "1"), pending("EURUSD", OrderType.SELL_LIMIT, "1", "1.1")):
        preview = desk.broker.preview(desk.account, command, desk.now)
        assert (preview.margin, preview.margin_free_after) == (110_000, 890_000)
