# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .order import Order


@define(kw_only=True)
class OrdersEvent:
    """Snapshot: the orders that wait.

    Attributes:
        event: `orders`.
        version: Number of the last of the account's transactions that is in it.
        data: The orders, in the order of their tickets.
    """

    event: str
    version: int
    data: list[Order]

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            event=source["event"],
            version=source["version"],
            data=[Order.from_dict(each) for each in source["data"]],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "event": self.event,
            "version": self.version,
            "data": [each.to_dict() for each in self.data],
        }
