# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time
from .margin_mode import MarginMode


@define(kw_only=True)
class Account:
    """A trading account at the present quotes. Money is in the account's `currency`.

    Attributes:
        login: Number of the account.
        name: Name given to the account.
        server: Name of the trading server.
        currency: Currency of the account, ISO 4217.
        currency_digits: Decimal places of amounts in that currency.
        leverage: Leverage: 100 stands for 1:100.
        margin_mode: `hedging`: each trade is a position of its own, also opposite ones on one
            symbol.
        balance: Sum of all deals, in the account's currency.
        credit: Credit granted by the broker, in the account's currency.
        profit: Profit of the open positions without swap, in the account's currency.
        equity: Balance, credit, and profit and swap of the open positions, in the account's
            currency.
        margin: Margin in use, in the account's currency.
        margin_free: Equity minus margin, in the account's currency.
        margin_level: Equity / margin, in percent. Null when no margin is in use.
        margin_call_level: Margin level below which the account is in margin call, in percent.
        stop_out_level: Margin level below which the broker closes positions, in percent.
        trade_allowed: Whether the account may trade.
        time: Market time of these figures.
    """

    login: int
    name: str
    server: str
    currency: str
    currency_digits: int
    leverage: int
    margin_mode: MarginMode
    balance: float
    credit: float
    profit: float
    equity: float
    margin: float
    margin_free: float
    margin_level: float | None
    margin_call_level: float
    stop_out_level: float
    trade_allowed: bool
    time: datetime.datetime

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            login=source["login"],
            name=source["name"],
            server=source["server"],
            currency=source["currency"],
            currency_digits=source["currency_digits"],
            leverage=source["leverage"],
            margin_mode=MarginMode(source["margin_mode"]),
            balance=source["balance"],
            credit=source["credit"],
            profit=source["profit"],
            equity=source["equity"],
            margin=source["margin"],
            margin_free=source["margin_free"],
            margin_level=source["margin_level"],
            margin_call_level=source["margin_call_level"],
            stop_out_level=source["stop_out_level"],
            trade_allowed=source["trade_allowed"],
            time=datetime.datetime.fromisoformat(source["time"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "login": self.login,
            "name": self.name,
            "server": self.server,
            "currency": self.currency,
            "currency_digits": self.currency_digits,
            "leverage": self.leverage,
            "margin_mode": self.margin_mode,
            "balance": self.balance,
            "credit": self.credit,
            "profit": self.profit,
            "equity": self.equity,
            "margin": self.margin,
            "margin_free": self.margin_free,
            "margin_level": self.margin_level,
            "margin_call_level": self.margin_call_level,
            "stop_out_level": self.stop_out_level,
            "trade_allowed": self.trade_allowed,
            "time": format_time(self.time),
        }
