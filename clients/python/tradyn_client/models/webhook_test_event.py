# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time
from .webhook_test_data import WebhookTestData
from .webhook_test_event_type import WebhookTestEventType


@define(kw_only=True)
class WebhookTestEvent:
    """A trial: nothing has happened.

    Attributes:
        type_: Nothing has happened.
        timestamp: Wall time at which it was first sent.
        data: Where the trial comes from.
    """

    type_: WebhookTestEventType
    timestamp: datetime.datetime
    data: WebhookTestData

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            type_=WebhookTestEventType(source["type"]),
            timestamp=datetime.datetime.fromisoformat(source["timestamp"]),
            data=WebhookTestData.from_dict(source["data"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "type": self.type_,
            "timestamp": format_time(self.timestamp),
            "data": self.data.to_dict(),
        }
