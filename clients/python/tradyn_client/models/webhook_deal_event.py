# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time
from .webhook_deal_data import WebhookDealData
from .webhook_deal_event_type import WebhookDealEventType


@define(kw_only=True)
class WebhookDealEvent:
    """A deal was done.

    Attributes:
        type_: Something was booked.
        timestamp: Market time at which it happened.
        data: The deal.
    """

    type_: WebhookDealEventType
    timestamp: datetime.datetime
    data: WebhookDealData

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            type_=WebhookDealEventType(source["type"]),
            timestamp=datetime.datetime.fromisoformat(source["timestamp"]),
            data=WebhookDealData.from_dict(source["data"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "type": self.type_,
            "timestamp": format_time(self.timestamp),
            "data": self.data.to_dict(),
        }
