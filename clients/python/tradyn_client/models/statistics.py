# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define


@define(kw_only=True)
class Statistics:
    """The statistics of a period. Money is in the account's currency; losses and costs are negative.
    Percentages have two decimal places, ratios four.

    Attributes:
        balance_begin: Balance before the first deal of the period.
        balance_end: Balance after its last deal.
        deposits: Sum of the deposits.
        withdrawals: Sum of the withdrawals, negative.
        corrections: Sum of the corrections, by which the broker made up for a balance below zero.
        net_profit: `gross_profit` + `gross_loss`: what trading did to the balance.
        gross_profit: Sum of all deals with a positive result.
        gross_loss: Sum of all deals with a negative result, negative.
        swap: Swap in the net profit.
        commission: Commission in the net profit; negative when paid.
        profit_factor: `gross_profit` / −`gross_loss`. Null without a loss.
        expected_payoff: `net_profit` / `total_trades`. Null without a trade.
        recovery_factor: `net_profit` / `balance_drawdown_maximal`. Null without a drawdown.
        sharpe_ratio: Mean / standard deviation (of a sample) of the trades' returns on the balance
            before each. Null for fewer than two trades, or if all returns are equal.
        z_score: Whether wins and losses come in series: (N·(R − ½) − P) / √(P·(P − N) / (N − 1)) of
            N trades in R series, P = 2 · `profit_trades` · `loss_trades`. Negative: a win tends to
            follow a win. Null where the root is 0.
        z_probability: How likely the series are no chance, in percent: the part of the normal
            distribution within ±`z_score`.
        balance_drawdown_absolute: How far trading took the balance below its beginning.
        balance_drawdown_maximal: Largest fall from a peak of the balance to a later low.
        balance_drawdown_maximal_percent: The same fall in percent of its peak.
        balance_drawdown_relative: Largest fall from a peak in percent of the peak.
        balance_drawdown_relative_amount: The same fall in money.
        total_trades: Deals that closed a position or a part of one.
        total_deals: Deals that opened or closed.
        long_trades: Trades that closed a long position.
        long_trades_won: Those of them without a loss.
        long_trades_won_percent: The same in percent of the long trades. Null without one.
        short_trades: Trades that closed a short position.
        short_trades_won: Those of them without a loss.
        short_trades_won_percent: The same in percent of the short trades. Null without one.
        profit_trades: Trades with a result of zero or more.
        profit_trades_percent: The same in percent of all trades. Null without a trade.
        loss_trades: Trades with a result below zero.
        loss_trades_percent: The same in percent of all trades. Null without a trade.
        largest_profit_trade: Largest profit of a trade; 0 for none.
        largest_loss_trade: Largest loss of a trade, negative; 0 for none.
        average_profit_trade: Mean of the profit trades. Null without one.
        average_loss_trade: Mean of the loss trades, negative. Null without one.
        max_consecutive_wins: Trades in the longest series of profits.
        max_consecutive_wins_amount: What that series made.
        max_consecutive_losses: Trades in the longest series of losses.
        max_consecutive_losses_amount: What that series lost, negative.
        max_consecutive_profit: Largest sum of a series of profits.
        max_consecutive_profit_trades: Trades in that series.
        max_consecutive_loss: Largest sum of a series of losses, negative.
        max_consecutive_loss_trades: Trades in that series.
        average_consecutive_wins: Mean length of the series of profits, rounded.
        average_consecutive_losses: Mean length of the series of losses, rounded.
    """

    balance_begin: float
    balance_end: float
    deposits: float
    withdrawals: float
    corrections: float
    net_profit: float
    gross_profit: float
    gross_loss: float
    swap: float
    commission: float
    profit_factor: float | None
    expected_payoff: float | None
    recovery_factor: float | None
    sharpe_ratio: float | None
    z_score: float | None
    z_probability: float | None
    balance_drawdown_absolute: float
    balance_drawdown_maximal: float
    balance_drawdown_maximal_percent: float
    balance_drawdown_relative: float
    balance_drawdown_relative_amount: float
    total_trades: int
    total_deals: int
    long_trades: int
    long_trades_won: int
    long_trades_won_percent: float | None
    short_trades: int
    short_trades_won: int
    short_trades_won_percent: float | None
    profit_trades: int
    profit_trades_percent: float | None
    loss_trades: int
    loss_trades_percent: float | None
    largest_profit_trade: float
    largest_loss_trade: float
    average_profit_trade: float | None
    average_loss_trade: float | None
    max_consecutive_wins: int
    max_consecutive_wins_amount: float
    max_consecutive_losses: int
    max_consecutive_losses_amount: float
    max_consecutive_profit: float
    max_consecutive_profit_trades: int
    max_consecutive_loss: float
    max_consecutive_loss_trades: int
    average_consecutive_wins: int
    average_consecutive_losses: int

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            balance_begin=source["balance_begin"],
            balance_end=source["balance_end"],
            deposits=source["deposits"],
            withdrawals=source["withdrawals"],
            corrections=source["corrections"],
            net_profit=source["net_profit"],
            gross_profit=source["gross_profit"],
            gross_loss=source["gross_loss"],
            swap=source["swap"],
            commission=source["commission"],
            profit_factor=source["profit_factor"],
            expected_payoff=source["expected_payoff"],
            recovery_factor=source["recovery_factor"],
            sharpe_ratio=source["sharpe_ratio"],
            z_score=source["z_score"],
            z_probability=source["z_probability"],
            balance_drawdown_absolute=source["balance_drawdown_absolute"],
            balance_drawdown_maximal=source["balance_drawdown_maximal"],
            balance_drawdown_maximal_percent=source["balance_drawdown_maximal_percent"],
            balance_drawdown_relative=source["balance_drawdown_relative"],
            balance_drawdown_relative_amount=source["balance_drawdown_relative_amount"],
            total_trades=source["total_trades"],
            total_deals=source["total_deals"],
            long_trades=source["long_trades"],
            long_trades_won=source["long_trades_won"],
            long_trades_won_percent=source["long_trades_won_percent"],
            short_trades=source["short_trades"],
            short_trades_won=source["short_trades_won"],
            short_trades_won_percent=source["short_trades_won_percent"],
            profit_trades=source["profit_trades"],
            profit_trades_percent=source["profit_trades_percent"],
            loss_trades=source["loss_trades"],
            loss_trades_percent=source["loss_trades_percent"],
            largest_profit_trade=source["largest_profit_trade"],
            largest_loss_trade=source["largest_loss_trade"],
            average_profit_trade=source["average_profit_trade"],
            average_loss_trade=source["average_loss_trade"],
            max_consecutive_wins=source["max_consecutive_wins"],
            max_consecutive_wins_amount=source["max_consecutive_wins_amount"],
            max_consecutive_losses=source["max_consecutive_losses"],
            max_consecutive_losses_amount=source["max_consecutive_losses_amount"],
            max_consecutive_profit=source["max_consecutive_profit"],
            max_consecutive_profit_trades=source["max_consecutive_profit_trades"],
            max_consecutive_loss=source["max_consecutive_loss"],
            max_consecutive_loss_trades=source["max_consecutive_loss_trades"],
            average_consecutive_wins=source["average_consecutive_wins"],
            average_consecutive_losses=source["average_consecutive_losses"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "balance_begin": self.balance_begin,
            "balance_end": self.balance_end,
            "deposits": self.deposits,
            "withdrawals": self.withdrawals,
            "corrections": self.corrections,
            "net_profit": self.net_profit,
            "gross_profit": self.gross_profit,
            "gross_loss": self.gross_loss,
            "swap": self.swap,
            "commission": self.commission,
            "profit_factor": self.profit_factor,
            "expected_payoff": self.expected_payoff,
            "recovery_factor": self.recovery_factor,
            "sharpe_ratio": self.sharpe_ratio,
            "z_score": self.z_score,
            "z_probability": self.z_probability,
            "balance_drawdown_absolute": self.balance_drawdown_absolute,
            "balance_drawdown_maximal": self.balance_drawdown_maximal,
            "balance_drawdown_maximal_percent": self.balance_drawdown_maximal_percent,
            "balance_drawdown_relative": self.balance_drawdown_relative,
            "balance_drawdown_relative_amount": self.balance_drawdown_relative_amount,
            "total_trades": self.total_trades,
            "total_deals": self.total_deals,
            "long_trades": self.long_trades,
            "long_trades_won": self.long_trades_won,
            "long_trades_won_percent": self.long_trades_won_percent,
            "short_trades": self.short_trades,
            "short_trades_won": self.short_trades_won,
            "short_trades_won_percent": self.short_trades_won_percent,
            "profit_trades": self.profit_trades,
            "profit_trades_percent": self.profit_trades_percent,
            "loss_trades": self.loss_trades,
            "loss_trades_percent": self.loss_trades_percent,
            "largest_profit_trade": self.largest_profit_trade,
            "largest_loss_trade": self.largest_loss_trade,
            "average_profit_trade": self.average_profit_trade,
            "average_loss_trade": self.average_loss_trade,
            "max_consecutive_wins": self.max_consecutive_wins,
            "max_consecutive_wins_amount": self.max_consecutive_wins_amount,
            "max_consecutive_losses": self.max_consecutive_losses,
            "max_consecutive_losses_amount": self.max_consecutive_losses_amount,
            "max_consecutive_profit": self.max_consecutive_profit,
            "max_consecutive_profit_trades": self.max_consecutive_profit_trades,
            "max_consecutive_loss": self.max_consecutive_loss,
            "max_consecutive_loss_trades": self.max_consecutive_loss_trades,
            "average_consecutive_wins": self.average_consecutive_wins,
            "average_consecutive_losses": self.average_consecutive_losses,
        }
