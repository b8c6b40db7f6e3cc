# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time


@define(kw_only=True)
class EquityPoint:
    """The account at a moment. Money is in the account's currency.

    Attributes:
        time: Market time of the point.
        balance: Balance, the sum of the deals done by then.
        equity: Balance, credit, and profit and swap of the positions open then.
        profit: Profit of the positions open then, without swap.
    """

    time: datetime.datetime
    balance: float
    equity: float
    profit: float

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            time=datetime.datetime.fromisoformat(source["time"]),
            balance=source["balance"],
            equity=source["equity"],
            profit=source["profit"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "time": format_time(self.time),
            "balance": self.balance,
            "equity": self.equity,
            "profit": self.profit,
        }
