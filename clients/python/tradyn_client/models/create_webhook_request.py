# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .webhook_event_type import WebhookEventType


@define(kw_only=True)
class CreateWebhookRequest:
    """A webhook to be made.

    Attributes:
        url: Where events are sent: an `https` URL without a user name or a fragment, in ASCII.
        events: What is sent.
        description: What it is for, in your words; at most 64 characters.
    """

    url: str
    events: list[WebhookEventType]
    description: str = ""

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            url=source["url"],
            events=[WebhookEventType(each) for each in source["events"]],
            description=source.get("description", ""),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "url": self.url,
            "events": list(self.events),
            "description": self.description,
        }
