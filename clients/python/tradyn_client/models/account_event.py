# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .account import Account


@define(kw_only=True)
class AccountEvent:
    """The account at the present quotes.

    Attributes:
        event: `account`.
        data: A trading account at the present quotes. Money is in the account's `currency`.
    """

    event: str
    data: Account

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            event=source["event"],
            data=Account.from_dict(source["data"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "event": self.event,
            "data": self.data.to_dict(),
        }
