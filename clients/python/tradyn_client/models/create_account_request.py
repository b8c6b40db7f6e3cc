# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .account_currency import AccountCurrency


@define(kw_only=True)
class CreateAccountRequest:
    """An account to be opened.

    Attributes:
        currency: Currency of an account, ISO 4217.
        leverage: Leverage: 100 stands for 1:100.
        balance: Initial balance, in the account's currency.
        margin_call_level: Margin level below which the account is in margin call, in percent.
        stop_out_level: Margin level below which the broker closes positions, in percent.
        name: A name, at most 64 characters.
    """

    currency: AccountCurrency = AccountCurrency.USD
    leverage: int = 100
    balance: float = 10000.0
    margin_call_level: float = 100.0
    stop_out_level: float = 50.0
    name: str = "Demo"

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            currency=AccountCurrency(source["currency"]) if "currency" in source else AccountCurrency.USD,
            leverage=source.get("leverage", 100),
            balance=source.get("balance", 10000.0),
            margin_call_level=source.get("margin_call_level", 100.0),
            stop_out_level=source.get("stop_out_level", 50.0),
            name=source.get("name", "Demo"),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "currency": self.currency,
            "leverage": self.leverage,
            "balance": self.balance,
            "margin_call_level": self.margin_call_level,
            "stop_out_level": self.stop_out_level,
            "name": self.name,
        }
