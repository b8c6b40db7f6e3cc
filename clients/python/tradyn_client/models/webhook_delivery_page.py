# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .webhook_delivery import WebhookDelivery


@define(kw_only=True)
class WebhookDeliveryPage:
    """A page of deliveries.

    Attributes:
        data: The deliveries, the newest first.
        next_cursor: The `cursor` of the next page; null on the last one.
    """

    data: list[WebhookDelivery]
    next_cursor: str | None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            data=[WebhookDelivery.from_dict(each) for each in source["data"]],
            next_cursor=source["next_cursor"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "data": [each.to_dict() for each in self.data],
            "next_cursor": self.next_cursor,
        }
