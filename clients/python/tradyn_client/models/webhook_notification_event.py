# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time
from .webhook_notification_data import WebhookNotificationData
from .webhook_notification_event_type import WebhookNotificationEventType


@define(kw_only=True)
class WebhookNotificationEvent:
    """Something that a person would want to hear of.

    Attributes:
        type_: What a person would want to hear of.
        timestamp: Market time at which it happened.
        data: What a person would want to hear of.
    """

    type_: WebhookNotificationEventType
    timestamp: datetime.datetime
    data: WebhookNotificationData

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            type_=WebhookNotificationEventType(source["type"]),
            timestamp=datetime.datetime.fromisoformat(source["timestamp"]),
            data=WebhookNotificationData.from_dict(source["data"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "type": self.type_,
            "timestamp": format_time(self.timestamp),
            "data": self.data.to_dict(),
        }
