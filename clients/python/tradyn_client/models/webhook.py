# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time
from .webhook_event_type import WebhookEventType


@define(kw_only=True)
class Webhook:
    """A webhook, without its secret. Times are wall time.

    Attributes:
        webhook_id: Id of the webhook.
        login: Account it belongs to.
        url: Where events are sent.
        events: What is sent.
        description: What it is for, in your words.
        enabled: Whether events are sent.
        created_at: Wall time at which it was made.
        disabled_at: Wall time at which it was disabled. Null unless it is.
        disabled_reason: Why it is disabled, a sentence for people. Null unless it is.
        former_secret_until: Wall time until which the former secret signs too. Null unless it does.
    """

    webhook_id: str
    login: int
    url: str
    events: list[WebhookEventType]
    description: str
    enabled: bool
    created_at: datetime.datetime
    disabled_at: datetime.datetime | None
    disabled_reason: str | None
    former_secret_until: datetime.datetime | None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            webhook_id=source["webhook_id"],
            login=source["login"],
            url=source["url"],
            events=[WebhookEventType(each) for each in source["events"]],
            description=source["description"],
            enabled=source["enabled"],
            created_at=datetime.datetime.fromisoformat(source["created_at"]),
            disabled_at=None
            if source["disabled_at"] is None
            else datetime.datetime.fromisoformat(source["disabled_at"]),
            disabled_reason=source["disabled_reason"],
            former_secret_until=None
            if source["former_secret_until"] is None
            else datetime.datetime.fromisoformat(source["former_secret_until"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "webhook_id": self.webhook_id,
            "login": self.login,
            "url": self.url,
            "events": list(self.events),
            "description": self.description,
            "enabled": self.enabled,
            "created_at": format_time(self.created_at),
            "disabled_at": None if self.disabled_at is None else format_time(self.disabled_at),
            "disabled_reason": self.disabled_reason,
            "former_secret_until": None
            if self.former_secret_until is None
            else format_time(self.former_secret_until),
        }
