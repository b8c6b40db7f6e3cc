# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .deal import Deal


@define(kw_only=True)
class WebhookDealData:
    """The deal.

    Attributes:
        login: Account in which it happened.
        version: Number of the account's transaction that this tells of.
        deal: Something that changed the balance, by `profit` + `swap` + `commission`. Of a deal of
            type `balance` or `correction`, the `profit` is the amount, and `order`, `position`,
            `symbol`, `entry`, `volume` and `price` are null.
    """

    login: int
    version: int
    deal: Deal

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            login=source["login"],
            version=source["version"],
            deal=Deal.from_dict(source["deal"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "login": self.login,
            "version": self.version,
            "deal": self.deal.to_dict(),
        }
