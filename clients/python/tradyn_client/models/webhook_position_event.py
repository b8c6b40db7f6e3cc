# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time
from .webhook_position_data import WebhookPositionData
from .webhook_position_event_type import WebhookPositionEventType


@define(kw_only=True)
class WebhookPositionEvent:
    """A position has changed.

    Attributes:
        type_: How a position has changed.
        timestamp: Market time at which it happened.
        data: How the position has changed.
    """

    type_: WebhookPositionEventType
    timestamp: datetime.datetime
    data: WebhookPositionData

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            type_=WebhookPositionEventType(source["type"]),
            timestamp=datetime.datetime.fromisoformat(source["timestamp"]),
            data=WebhookPositionData.from_dict(source["data"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "type": self.type_,
            "timestamp": format_time(self.timestamp),
            "data": self.data.to_dict(),
        }
