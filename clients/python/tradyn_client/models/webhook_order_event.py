# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time
from .webhook_order_data import WebhookOrderData
from .webhook_order_event_type import WebhookOrderEventType


@define(kw_only=True)
class WebhookOrderEvent:
    """An order was placed or has changed.

    Attributes:
        type_: What became of an order.
        timestamp: Market time at which it happened.
        data: The order, as it stood after it.
    """

    type_: WebhookOrderEventType
    timestamp: datetime.datetime
    data: WebhookOrderData

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            type_=WebhookOrderEventType(source["type"]),
            timestamp=datetime.datetime.fromisoformat(source["timestamp"]),
            data=WebhookOrderData.from_dict(source["data"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "type": self.type_,
            "timestamp": format_time(self.timestamp),
            "data": self.data.to_dict(),
        }
