# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .order import Order


@define(kw_only=True)
class WebhookOrderData:
    """The order, as it stood after it.

    Attributes:
        login: Account in which it happened.
        version: Number of the account's transaction that this tells of.
        order: An order, pending or done. Prices are in the symbol's profit currency.
    """

    login: int
    version: int
    order: Order

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            login=source["login"],
            version=source["version"],
            order=Order.from_dict(source["order"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "login": self.login,
            "version": self.version,
            "order": self.order.to_dict(),
        }
