# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .webhook_event_type import WebhookEventType


@define(kw_only=True)
class UpdateWebhookRequest:
    """What shall be different; what is absent stays.

    Attributes:
        url: Where events are sent: an `https` URL without a user name or a fragment, in ASCII.
        events: What is sent.
        description: What it is for, in your words; at most 64 characters.
        enabled: Whether events are sent.
    """

    url: str | None = None
    events: list[WebhookEventType] | None = None
    description: str | None = None
    enabled: bool | None = None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            url=source.get("url"),
            events=[WebhookEventType(each) for each in source["events"]] if "events" in source else None,
            description=source.get("description"),
            enabled=source.get("enabled"),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        fields: dict[str, Any] = {}
        if self.url is not None:
            fields["url"] = self.url
        if self.events is not None:
            fields["events"] = list(self.events)
        if self.description is not None:
            fields["description"] = self.description
        if self.enabled is not None:
            fields["enabled"] = self.enabled
        return fields
