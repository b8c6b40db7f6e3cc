# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .account import Account


@define(kw_only=True)
class CreatedAccount:
    """A new account and its first key.

    Attributes:
        login: Number of the account.
        api_key: A key of scope `full`. Keep it; it is not shown again.
        account: A trading account at the present quotes. Money is in the account's `currency`.
    """

    login: int
    api_key: str
    account: Account

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            login=source["login"],
            api_key=source["api_key"],
            account=Account.from_dict(source["account"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "login": self.login,
            "api_key": self.api_key,
            "account": self.account.to_dict(),
        }
