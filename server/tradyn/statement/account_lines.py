"""The lines of balance and equity of an account: from its deals, and from samples of its equity.

The balance is known exactly, as it steps with each deal. Equity is known at the samples, and
wherever nothing is open, for there it is balance and credit: so the peaks and lows that a deal
leaves behind are on its line. Between the samples of what is open it may have been anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from tradyn import wire
from tradyn.statement.content import Json, amount_of
from tradyn.statement.equity_picture import CurvePoint
from tradyn.statistics import Drawdown

__all__ = ["AccountLines", "account_lines"]


@dataclass(frozen=True, slots=True)
class AccountLines:
    """Balance and equity, and how far equity fell on its line, deposits and withdrawals left aside.

    `drawdown` is in minor units of the account's currency.
    """

    balance: Sequence[CurvePoint]
    equity: Sequence[CurvePoint]
    drawdown: Drawdown


def account_lines(
    deals: Sequence[Json], samples: Sequence[Json], credit: Decimal, digits: int
) -> AccountLines:
    """The lines of an account.

    Args:
        deals: all of its deals, oldest first, as the contract has them.
        samples: points of its equity, oldest first, as the contract has them; the last one is the
            present.
        digits: decimal places of its currency.
    """
    course = _Course(credit)
    following = iter(deals)
    deal = next(following, None)
    for sample in samples:
        time = wire.read_time(sample["time"])
        while deal is not None and wire.read_time(deal["time"]) <= time:
            course.take(deal)
            deal = next(following, None)
        course.worth(time, wire.decimal(sample["equity"]))
        if sample is samples[-1]:
            course.balance_line.append(CurvePoint(time, wire.decimal(sample["balance"])))
    return AccountLines(
        course.balance_line,
        [CurvePoint(each.time, each.equity) for each in course.worths],
        _drawdown(course.worths, digits),
    )


class _Worth(NamedTuple):
    """Equity at a moment, and what money had come and gone until then without trading."""

    time: int
    equity: Decimal
    money: Decimal


@dataclass(slots=True)
class _Course:
    """An account on its way through its deals."""

    credit: Decimal
    balance: Decimal = Decimal(0)
    money: Decimal = Decimal(0)
    held: dict[int, Decimal] = field(default_factory=dict)
    balance_line: list[CurvePoint] = field(default_factory=list)
    worths: list[_Worth] = field(default_factory=list)

    def take(self, deal: Json) -> None:
        """The next deal."""
        time = wire.read_time(deal["time"])
        if self.balance_line:
            self._rest(time)
        amount = amount_of(deal)
        self.balance += amount
        if deal["entry"] is None:
            self.money += amount
        else:
            self._hold(deal)
        self.balance_line.append(CurvePoint(time, self.balance))
        self._rest(time)

    def worth(self, time: int, equity: Decimal) -> None:
        """What the account is worth."""
        self.worths.append(_Worth(time, equity, self.money))

    def _rest(self, time: int) -> None:
        if not self.held:
            self.worth(time, self.balance + self.credit)

    def _hold(self, deal: Json) -> None:
        ticket, volume = deal["position"], wire.decimal(deal["volume"])
        left = volume if deal["entry"] == "in" else self.held[ticket] - volume
        if left:
            self.held[ticket] = left
        else:
            del self.held[ticket]


def _drawdown(worths: Sequence[_Worth], digits: int) -> Drawdown:
    drawdown = Drawdown()
    before = money = 0
    for each in worths:
        equity, come = int(each.equity.scaleb(digits)), int(each.money.scaleb(digits))
        if come != money:
            drawdown.rebase(before, before + come - money)
        drawdown.trade(equity, equity - before - (come - money))
        before, money = equity, come
    return drawdown
