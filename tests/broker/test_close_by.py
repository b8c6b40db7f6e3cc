"""Close-by: two opposite positions against each other, without the spread."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from broker.scenery import Desk, buy, deals, instrument, sell
from tradyn.broker.commands import CloseBy
from tradyn.broker.deals import DealEntry
from tradyn.broker.instruments import CommissionMode
from tradyn.broker.options import HedgedMargin, Options


def hedged(long: str = "0.3", short: str = "0.1", **changes: Any) -> tuple[Desk, int, int]:
    """Long at 110,010, short at 110,200, and a market that has moved on since."""
    desk = Desk(instrument("EURUSD", **changes), balance=100_000_000)
    desk.tick(110_000, 110_010)
    first = desk.done(buy("EURUSD", long, sl="1.00000", tp="1.20000", magic=7)).order.ticket
    desk.tick(110_200, 110_210)
    second = desk.done(sell("EURUSD", short)).order.ticket
    desk.tick(111_000, 111_050)
    return desk, first, second


@pytest.mark.parametrize("from_the_short", [False, True])
def test_the_smaller_volume_governs_and_the_whole_profit_is_in_the_first(from_the_short: bool) -> None:
    desk, long, short = hedged()
    balance = desk.balance
    ticket, opposite = (short, long) if from_the_short else (long, short)
    done = desk.do(CloseBy(ticket=ticket, opposite=opposite, client_order_id="x"))
    first, second = [each.event for each in done.transactions]
    # 0.1 lots from 1.10010 to 1.10200.
    assert (first.deal.profit, second.deal.profit) == (1_900, 0)
    assert desk.balance == balance + 19
    assert [each.deal.entry for each in (first, second)] == [DealEntry.OUT_BY] * 2
    assert [each.deal.position for each in (first, second)] == [ticket, opposite]
    assert [each.opposite for each in (first, second)] == [opposite, ticket]
    assert {first.deal.price, second.deal.price} == {110_010, 110_200}
    assert [each.deal.volume for each in (first, second)] == [10, 10]
    assert len({first.deal.ticket, second.deal.ticket, first.order.ticket, second.order.ticket}) == 4
    rest = desk.account.positions[long]
    assert list(desk.account.positions) == [long]
    assert (rest.volume, rest.sl, rest.tp, rest.magic) == (20, 100_000, 120_000, 7)
    left = first if ticket == long else second
    assert left.remaining == rest
    assert left.remaining_profit == desk.broker.profit(desk.account, rest)


def test_equal_volumes_leave_nothing() -> None:
    desk, long, short = hedged("0.1", "0.1")
    outcome = desk.do(CloseBy(ticket=long, opposite=short))
    assert [each.event.remaining for each in outcome.transactions] == [None, None]
    assert not desk.account.positions and desk.margin == 0


def test_no_commission_is_asked_for_it() -> None:
    desk, long, short = hedged(commission_mode=CommissionMode.MONEY, commission=Decimal(3))
    desk.do(CloseBy(ticket=long, opposite=short))
    assert [each.commission for each in deals(desk.journal)][-2:] == [0, 0]


def test_what_is_no_pair() -> None:
    desk, long, short = hedged()
    other = desk.done(buy("EURUSD", "0.1")).order.ticket
    assert desk.refused(CloseBy(ticket=long, opposite=other)) == "INVALID_ORDER"
    assert desk.refused(CloseBy(ticket=long, opposite=long)) == "INVALID_ORDER"
    assert desk.refused(CloseBy(ticket=long, opposite=999)) == "POSITION_CLOSED"
    assert desk.refused(CloseBy(ticket=999, opposite=short)) == "NOT_FOUND"


def test_the_freeze_level_of_either_holds() -> None:
    desk, long, short = hedged(freeze_level=10)
    desk.tick(119_995, 120_000)
    assert desk.refused(CloseBy(ticket=long, opposite=short)) == "FROZEN"
    assert desk.refused(CloseBy(ticket=short, opposite=long)) == "FROZEN"


@pytest.mark.parametrize(
    ("method", "margin"), [(HedgedMargin.COVERED, "330.08"), (HedgedMargin.LARGER_LEG, "330.03")]
)
def test_margin_of_a_hedge_by_both_methods(method: HedgedMargin, margin: str) -> None:
    """Long 0.3 at 1.10010, short 0.1 at 1.10200: covered 0.1 at the average of all, uncovered 0.2."""
    desk = Desk(instrument("EURUSD"), balance=100_000_000, options=Options(hedged_margin=method))
    desk.tick(110_000, 110_010)
    desk.done(buy("EURUSD", "0.3"))
    desk.tick(110_200, 110_210)
    desk.done(sell("EURUSD", "0.1"))
    # 0.2 × 1,100.10 = 220.02 and 0.1 × 1,100.575 = 110.06; the longs alone need 330.03.
    assert desk.margin == Decimal(margin)
