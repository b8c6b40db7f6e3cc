"""Close-all and its filters, reset, deposits and withdrawals."""

from __future__ import annotations

from decimal import Decimal

import pytest

from broker.scenery import Desk, buy, deals, instrument, pending, sell
from tradyn.broker.commands import ChangeBalance, CloseAll, CloseResultFilter, ResetAccount
from tradyn.broker.orders import OrderType, Side


def desk_with_six() -> tuple[Desk, dict[str, int]]:
    """A winner, a loser and one at nothing on EURUSD; a long, a short and a frozen one on GBPUSD."""
    desk = Desk(instrument("EURUSD"), instrument("GBPUSD", freeze_level=10), balance=10_000_000)
    desk.tick(110_000, 110_000)
    desk.tick(130_000, 130_000, symbol="GBPUSD")
    names = {
        "winner": desk.done(buy("EURUSD", "1")).order.ticket,
        "loser": desk.done(sell("EURUSD", "1")).order.ticket,
        "up": desk.done(buy("GBPUSD", "1")).order.ticket,
        "down": desk.done(sell("GBPUSD", "1")).order.ticket,
        "frozen": desk.done(buy("GBPUSD", "1", sl="1.29999")).order.ticket,
    }
    desk.tick(110_100, 110_100)
    names["even"] = desk.done(buy("EURUSD", "1")).order.ticket
    desk.tick(130_009, 130_009, symbol="GBPUSD")
    desk.done(pending("EURUSD", OrderType.BUY_LIMIT, "1", "1"))
    return desk, names


@pytest.mark.parametrize(
    ("command", "closed", "failed"),
    [
        (CloseAll(), "winner loser up down even", "frozen"),
        (CloseAll(symbol="EURUSD"), "winner loser even", ""),
        (CloseAll(side=Side.SELL), "loser down", ""),
        (CloseAll(result=CloseResultFilter.WINNING), "winner up", "frozen"),
        (CloseAll(result=CloseResultFilter.LOSING), "loser down", ""),
        (CloseAll(symbol="GBPUSD", side=Side.BUY, result=CloseResultFilter.WINNING), "up", "frozen"),
        (CloseAll(symbol="EURUSD", side=Side.SELL, result=CloseResultFilter.WINNING), "", ""),
    ],
)
def test_close_all(command: CloseAll, closed: str, failed: str) -> None:
    desk, names = desk_with_six()
    outcome = desk.do(command)
    assert outcome.refusal is None
    assert [each.event.deal.position for each in outcome.transactions] == [
        names[each] for each in closed.split()
    ]
    assert [(each.ticket, each.code) for each in outcome.failures] == [
        (names[each], "FROZEN") for each in failed.split()
    ]
    assert len(desk.account.orders) == 1
    assert set(desk.account.positions) == set(names.values()) - {names[each] for each in closed.split()}


def test_close_all_of_nothing_and_of_an_unknown_symbol() -> None:
    desk = Desk(instrument("EURUSD"))
    assert desk.do(CloseAll()).transactions == ()
    assert desk.refused(CloseAll(symbol="NOSUCH")) == "UNKNOWN_SYMBOL"


def test_reset_brings_the_account_back_to_its_beginning() -> None:
    desk, _ = desk_with_six()
    desk.done(ChangeBalance(amount=Decimal("12.34")))
    before = desk.account.next_ticket
    outcome = desk.do(ResetAccount())
    kinds = [type(each.event).__name__ for each in outcome.transactions]
    assert kinds == ["OrderClosed", *["PositionReduced"] * 6, "BalanceChanged"]
    account = desk.account
    assert (account.balance, account.positions, account.orders) == (10_000_000, {}, {})
    assert account.next_ticket > before
    assert desk.margin == 0
    assert sum(each.amount for each in deals(desk.journal)) == account.balance
    assert desk.do(ResetAccount()).transactions == ()
    # Nothing of before fires any more.
    assert desk.tick(90_000, 90_000) == []


def test_deposits_and_withdrawals() -> None:
    desk = Desk(instrument("EURUSD"), balance=200_000)
    event = desk.done(ChangeBalance(amount=Decimal("100.005"), comment="bonus", client_order_id="a"))
    assert (event.deal.amount, event.deal.type, event.deal.comment) == (10_001, "balance", "bonus")
    assert event.deal.client_order_id == "a"
    for nothing in ("0", "0.004", "-0.004"):
        assert desk.refused(ChangeBalance(amount=Decimal(nothing))) == "NO_CHANGES"
    desk.done(ChangeBalance(amount=Decimal("-100.005")))
    desk.tick(110_000, 110_000)
    desk.done(buy("EURUSD", "1"))
    # 2,000.00 less 1,100.00 of margin
    assert desk.refused(ChangeBalance(amount=Decimal("-900.01"))) == "INSUFFICIENT_MARGIN"
    desk.done(ChangeBalance(amount=Decimal("-900")))
    assert desk.figures.margin_free == 0
    assert desk.figures.margin_level == 100


def test_a_withdrawal_moves_the_alarms() -> None:
    desk = Desk(instrument("EURUSD"), balance=1_000_000)
    desk.tick(110_000, 110_000)
    desk.done(buy("EURUSD", "1"))
    desk.done(ChangeBalance(amount=Decimal(-8_900)))
    assert desk.tick(109_450, 109_450) == []
    assert [each.event.deal.reason for each in desk.tick(109_449, 109_449)] == ["so"]


def test_an_account_in_yen_takes_whole_yen() -> None:
    desk = Desk(instrument("USDJPY"), currency="JPY", balance=10_000)
    assert desk.done(ChangeBalance(amount=Decimal("99.5"))).deal.amount == 100
    assert desk.refused(ChangeBalance(amount=Decimal("0.4"))) == "NO_CHANGES"
