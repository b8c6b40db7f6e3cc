"""The statistics of a trading report, from an account's deals in order, in one pass.

Sources, named in brackets below: MetaTrader 5 help, "Testing report" and "Trading report" [help];
MQL5 reference, `ENUM_STATISTICS` [reference]; MetaQuotes' articles "What the numbers in the expert
testing report mean" (1486) [numbers], "Mathematics in trading: how to estimate trade results"
(1492) [estimate] and "Mathematics in trading: Sharpe and Sortino ratios" (9171) [sharpe].

What a trade is: a deal that closes a position or a part of one (entry `out` or `out_by`), as in
[help]: trades are the deals that fix a profit or loss. Its result is profit + swap + commission of
that deal. A result of zero counts as a profit trade, as MetaTrader's reports count it, so profit
and loss trades together are all trades. A close-by makes two trades, one for each of its deals,
the second of which has no profit of its own.

The commission of an opening deal belongs to no trade: each deal stands for itself, so that a period
can begin between the opening and the closing of a position. It is in `gross_loss` and moves the
balance, hence `net_profit` = `gross_profit` + `gross_loss` is what trading did to the balance.

Deposits, withdrawals and corrections are neither profit nor loss. They move no drawdown: amounts
are taken from the sum of results alone, percentages from the product of the balance's relative
changes by trading (which is the balance itself, as long as no money comes or goes).

Amounts are exact integers of minor units; a ratio is rounded once, at its end, half away from
zero. What is undefined is None. Only the Sharpe ratio and percentages of drawdown that span
a deposit or withdrawal rest on rounded intermediate values, of 30 decimal places.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Final, NamedTuple

from tradyn.broker.deals import Deal, DealEntry, DealType
from tradyn.broker.money import divide

__all__ = ["AMOUNTS", "Drawdown", "Fall", "Statistics", "Tally"]

PERCENT_DIGITS: Final = 2
RATIO_DIGITS: Final = 4

AMOUNTS: Final = frozenset(
    {
        "balance_begin",
        "balance_end",
        "deposits",
        "withdrawals",
        "corrections",
        "net_profit",
        "gross_profit",
        "gross_loss",
        "swap",
        "commission",
        "expected_payoff",
        "balance_drawdown_absolute",
        "balance_drawdown_maximal",
        "balance_drawdown_relative_amount",
        "largest_profit_trade",
        "largest_loss_trade",
        "average_profit_trade",
        "average_loss_trade",
        "max_consecutive_wins_amount",
        "max_consecutive_losses_amount",
        "max_consecutive_profit",
        "max_consecutive_loss",
    }
)
"""The fields of `Statistics` that are in minor units of the account's currency."""

_ONE: Final = 10**30
_PRECISION: Final = 100
_TRADING: Final = (DealType.BUY, DealType.SELL)
_CLOSING: Final = (DealEntry.OUT, DealEntry.OUT_BY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """The figures of a report. Amounts in minor units; losses, withdrawals and costs are negative.

    Attributes:
        balance_begin, balance_end: before the first and after the last deal of the period.
        deposits, withdrawals, corrections: money that came or went without trading.
        net_profit: `gross_profit` + `gross_loss` [help, `STAT_PROFIT`].
        gross_profit, gross_loss: sums of all deals with a positive and with a negative result [help].
        swap, commission: what of the net profit they are.
        profit_factor: gross profit / −gross loss [help]; None without losses.
        expected_payoff: net profit / trades [numbers].
        recovery_factor: net profit / maximal balance drawdown [help]; None without a drawdown.
        sharpe_ratio: mean / sample standard deviation of the trades' returns on the balance before
            each, without a risk-free rate [estimate, sharpe]; None for fewer than two, or if all are equal.
        z_score: (N·(R − ½) − P) / √(P·(P − N) / (N − 1)), N trades in R series, P = 2 · wins · losses
            [estimate]; None where the root is 0.
        z_probability: percent of the normal distribution within ±`z_score` [estimate].
        balance_drawdown_absolute: how far trading took the balance below its beginning [numbers].
        balance_drawdown_maximal: the largest fall from a peak to a later low, in money [numbers];
            with `_percent`, the fall in percent of the peak at that moment.
        balance_drawdown_relative: the largest fall in percent [help]; with `_amount`, in money at
            that moment.
        total_trades, total_deals: closing deals; all deals that trade.
        long_trades, short_trades: by the direction of the position closed; `_won` of them with
            profit, `_won_percent` their part.
        profit_trades, loss_trades: results ≥ 0 and < 0; `_percent` of all trades.
        largest_profit_trade, largest_loss_trade: 0 where there is none [`STAT_MAX_PROFITTRADE`].
        average_profit_trade, average_loss_trade: of the profit and of the loss trades; None without one.
        max_consecutive_wins, max_consecutive_losses: the longest series, and what it made
            (of equally long ones the largest amount) [`STAT_MAX_CONPROFIT_TRADES`, `STAT_MAX_CONWINS`].
        max_consecutive_profit, max_consecutive_loss: the series that made most, and its length
            (of equal ones the longest) [`STAT_CONPROFITMAX`, `STAT_CONPROFITMAX_TRADES`].
        average_consecutive_wins, average_consecutive_losses: mean length of a series, a whole
            number [`STAT_PROFITTRADES_AVGCON`].
    """

    balance_begin: int
    balance_end: int
    deposits: int
    withdrawals: int
    corrections: int
    net_profit: int
    gross_profit: int
    gross_loss: int
    swap: int
    commission: int
    profit_factor: Decimal | None
    expected_payoff: int | None
    recovery_factor: Decimal | None
    sharpe_ratio: Decimal | None
    z_score: Decimal | None
    z_probability: Decimal | None
    balance_drawdown_absolute: int
    balance_drawdown_maximal: int
    balance_drawdown_maximal_percent: Decimal
    balance_drawdown_relative: Decimal
    balance_drawdown_relative_amount: int
    total_trades: int
    total_deals: int
    long_trades: int
    long_trades_won: int
    long_trades_won_percent: Decimal | None
    short_trades: int
    short_trades_won: int
    short_trades_won_percent: Decimal | None
    profit_trades: int
    profit_trades_percent: Decimal | None
    loss_trades: int
    loss_trades_percent: Decimal | None
    largest_profit_trade: int
    largest_loss_trade: int
    average_profit_trade: int | None
    average_loss_trade: int | None
    max_consecutive_wins: int
    max_consecutive_wins_amount: int
    max_consecutive_losses: int
    max_consecutive_losses_amount: int
    max_consecutive_profit: int
    max_consecutive_profit_trades: int
    max_consecutive_loss: int
    max_consecutive_loss_trades: int
    average_consecutive_wins: int
    average_consecutive_losses: int


class Tally:
    """Takes deals one by one, in order, and has the statistics at any time.

    Args:
        since: deals before this market time (milliseconds since 1970) only make the balance
            that the period begins with.
        symbol: only deals of this symbol trade; what others did to the balance is passed over as
            money that came or went, without counting as a deposit or withdrawal.
    """

    def __init__(self, *, since: int | None = None, symbol: str | None = None) -> None:
        self._since = since
        self._symbol = symbol
        self._balance = 0
        self._balance_begin = 0
        self._has_begun = False
        self._deposits = self._withdrawals = self._corrections = 0
        self._gross_profit = self._gross_loss = 0
        self._swap = self._commission = 0
        self._deals = 0
        self._long = _Count()
        self._short = _Count()
        self._wins = _Streaks(sign=1)
        self._losses = _Streaks(sign=-1)
        self._returns = _Returns()
        self._drawdown = Drawdown()

    def add(self, deal: Deal) -> None:
        """Take the next deal."""
        if self._since is not None and deal.time < self._since:
            self._move(deal.amount)
            return
        if not self._has_begun:
            self._has_begun = True
            self._balance_begin = self._balance
        if deal.type not in _TRADING:
            self._take_money(deal)
        elif self._symbol not in (None, deal.symbol):
            self._move(deal.amount)
        else:
            self._trade(deal)

    def _move(self, amount: int) -> None:
        """Money comes or goes without trading."""
        self._drawdown.rebase(self._balance, self._balance + amount)
        self._balance += amount

    def _take_money(self, deal: Deal) -> None:
        if deal.type is DealType.CORRECTION:
            self._corrections += deal.amount
        elif deal.amount > 0:
            self._deposits += deal.amount
        else:
            self._withdrawals += deal.amount
        self._move(deal.amount)

    def _trade(self, deal: Deal) -> None:
        result, before = deal.amount, self._balance
        self._deals += 1
        self._swap += deal.swap
        self._commission += deal.commission
        if result > 0:
            self._gross_profit += result
        else:
            self._gross_loss += result
        self._balance += result
        self._drawdown.trade(self._balance, result)
        if deal.entry in _CLOSING:
            # A deal that sells closes a long position.
            side = self._long if deal.type is DealType.SELL else self._short
            side.take(result)
            won, lost = (self._wins, self._losses) if result >= 0 else (self._losses, self._wins)
            lost.end()
            won.take(result)
            self._returns.take(result, before)

    def result(self) -> Statistics:
        """The statistics of the deals taken so far; more may follow."""
        trades = self._long.trades + self._short.trades
        net = self._gross_profit + self._gross_loss
        wins, losses, drawdown = self._wins, self._losses, self._drawdown
        z_score = _z_score(wins.trades, losses.trades, wins.count + losses.count)
        return Statistics(
            balance_begin=self._balance_begin if self._has_begun else self._balance,
            balance_end=self._balance,
            deposits=self._deposits,
            withdrawals=self._withdrawals,
            corrections=self._corrections,
            net_profit=net,
            gross_profit=self._gross_profit,
            gross_loss=self._gross_loss,
            swap=self._swap,
            commission=self._commission,
            profit_factor=_ratio(self._gross_profit, -self._gross_loss, RATIO_DIGITS),
            expected_payoff=_mean(net, trades),
            recovery_factor=_ratio(net, drawdown.maximal.amount, RATIO_DIGITS),
            sharpe_ratio=self._returns.sharpe_ratio(),
            z_score=None if z_score is None else _rounded(z_score, RATIO_DIGITS),
            z_probability=None if z_score is None else _probability(z_score),
            balance_drawdown_absolute=drawdown.absolute,
            balance_drawdown_maximal=drawdown.maximal.amount,
            balance_drawdown_maximal_percent=drawdown.maximal.percent,
            balance_drawdown_relative=drawdown.relative.percent,
            balance_drawdown_relative_amount=drawdown.relative.amount,
            total_trades=trades,
            total_deals=self._deals,
            long_trades=self._long.trades,
            long_trades_won=self._long.won,
            long_trades_won_percent=_part(self._long.won, self._long.trades),
            short_trades=self._short.trades,
            short_trades_won=self._short.won,
            short_trades_won_percent=_part(self._short.won, self._short.trades),
            profit_trades=wins.trades,
            profit_trades_percent=_part(wins.trades, trades),
            loss_trades=losses.trades,
            loss_trades_percent=_part(losses.trades, trades),
            largest_profit_trade=wins.largest,
            largest_loss_trade=losses.largest,
            average_profit_trade=_mean(wins.amount, wins.trades),
            average_loss_trade=_mean(losses.amount, losses.trades),
            max_consecutive_wins=wins.longest.trades,
            max_consecutive_wins_amount=wins.longest.amount,
            max_consecutive_losses=losses.longest.trades,
            max_consecutive_losses_amount=losses.longest.amount,
            max_consecutive_profit=wins.best.amount,
            max_consecutive_profit_trades=wins.best.trades,
            max_consecutive_loss=losses.best.amount,
            max_consecutive_loss_trades=losses.best.trades,
            average_consecutive_wins=_mean(wins.trades, wins.count) or 0,
            average_consecutive_losses=_mean(losses.trades, losses.count) or 0,
        )


# ---------------------------------------------------------------------- what is counted


class _Count:
    """Trades of one direction."""

    def __init__(self) -> None:
        self.trades = self.won = 0

    def take(self, result: int) -> None:
        self.trades += 1
        self.won += result >= 0


class _Streak(NamedTuple):
    trades: int = 0
    amount: int = 0


class _Streaks:
    """Trades that won (`sign` 1) or lost (-1), and their unbroken series, the one under way included."""

    def __init__(self, *, sign: int) -> None:
        self._sign = sign
        self.trades = self.amount = self.largest = 0
        self.count = 0
        self.longest = self.best = self._now = _Streak()

    def take(self, result: int) -> None:
        """One more trade of this kind."""
        self.trades += 1
        self.amount += result
        self.largest = self._sign * max(self._sign * self.largest, self._sign * result)
        self.count += not self._now.trades
        self._now = now = _Streak(self._now.trades + 1, self._now.amount + result)
        size = self._sign * now.amount
        if (now.trades, size) > (self.longest.trades, self._sign * self.longest.amount):
            self.longest = now
        if (size, now.trades) > (self._sign * self.best.amount, self.best.trades):
            self.best = now

    def end(self) -> None:
        """A trade of the other kind."""
        self._now = _Streak()


class Fall(NamedTuple):
    """A fall in minor units, and as a part of its peak: `part` / `peak`."""

    amount: int = 0
    part: int = 0
    peak: int = 1

    def is_deeper(self, other: Fall) -> bool:
        """Whether it is the larger part of its peak."""
        return self.part * other.peak > other.part * self.peak

    @property
    def percent(self) -> Decimal:
        """That part in percent."""
        return Decimal(divide(self.part * 10 ** (PERCENT_DIGITS + 2), self.peak)).scaleb(-PERCENT_DIGITS)


class Drawdown:
    """Falls of a balance, or of equity, by trading alone. Amounts in minor units.

    `_peak` is the highest balance, in parts of 10^-30 of a minor unit, as it would be if the money
    that has come and gone since had always been there in proportion.
    """

    def __init__(self) -> None:
        self.maximal = self.relative = Fall()
        self._result = self._best = self._worst = 0
        self._peak = 0

    @property
    def absolute(self) -> int:
        """How far trading took it below its beginning."""
        return -self._worst

    def rebase(self, before: int, after: int) -> None:
        """Money comes or goes: the fall under way stays the same part of its peak."""
        if before > 0 and after > 0:
            self._peak = divide(self._peak * after, before)
        else:
            # An account that was empty, or is now, begins anew.
            self._peak = max(after, 0) * _ONE

    def trade(self, balance: int, result: int) -> None:
        """Trading changed it by `result` to `balance`."""
        self._result += result
        self._best = max(self._best, self._result)
        self._worst = min(self._worst, self._result)
        self._peak = max(self._peak, balance * _ONE)
        amount = self._best - self._result
        if self._peak:
            fall = Fall(amount, self._peak - balance * _ONE, self._peak)
        else:
            # What an account without money loses is all that it has.
            fall = Fall(amount, int(amount > 0), 1)
        if fall.amount > self.maximal.amount:
            self.maximal = fall
        if fall.is_deeper(self.relative):
            self.relative = fall


class _Returns:
    """Returns of the trades on the balance before each, in parts of 10^-30."""

    def __init__(self) -> None:
        self._count = self._sum = self._squares = 0

    def take(self, result: int, balance: int) -> None:
        if balance > 0:
            change = divide(result * _ONE, balance)
            self._count += 1
            self._sum += change
            self._squares += change * change

    def sharpe_ratio(self) -> Decimal | None:
        count, total = self._count, self._sum
        spread = count * self._squares - total * total
        if count < 2 or not spread:
            return None
        # mean / deviation, with deviation² = spread / (count · (count − 1)).
        return _rounded(_over_root(total, count, spread, count * (count - 1)), RATIO_DIGITS)


# ---------------------------------------------------------------------- formulas


def _z_score(wins: int, losses: int, series: int) -> Decimal | None:
    """Not rounded yet: its probability is taken from it."""
    trades, product = wins + losses, 2 * wins * losses
    square = product * (product - trades)
    if square <= 0:
        return None
    return _over_root(trades * (2 * series - 1) - 2 * product, 2, square, trades - 1)


def _over_root(numerator: int, denominator: int, square: int, per: int) -> Decimal:
    """numerator / denominator / √(square / per)."""
    with localcontext(prec=_PRECISION):
        return Decimal(numerator) / Decimal(denominator) / (Decimal(square) / Decimal(per)).sqrt()


def _probability(z_score: Decimal) -> Decimal:
    """The part of the normal distribution within ±z, in percent."""
    return _rounded(Decimal(100 * math.erf(abs(float(z_score)) / math.sqrt(2))), PERCENT_DIGITS)


def _rounded(value: Decimal, digits: int) -> Decimal:
    with localcontext(prec=_PRECISION):
        return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _ratio(numerator: int, denominator: int, digits: int) -> Decimal | None:
    if not denominator:
        return None
    return Decimal(divide(numerator * 10**digits, denominator)).scaleb(-digits)


def _part(count: int, of: int) -> Decimal | None:
    return _ratio(100 * count, of, PERCENT_DIGITS)


def _mean(total: int, count: int) -> int | None:
    return divide(total, count) if count else None
