# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .order import Order


@define(kw_only=True)
class OrderEvent:
    """An order was placed or has changed; market orders come as filled.

    Attributes:
        event: `order`.
        version: Number of the account's transaction that this tells of.
        data: An order, pending or done. Prices are in the symbol's profit currency.
    """

    event: str
    version: int
    data: Order

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            event=source["event"],
            version=source["version"],
            data=Order.from_dict(source["data"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "event": self.event,
            "version": self.version,
            "data": self.data.to_dict(),
        }
