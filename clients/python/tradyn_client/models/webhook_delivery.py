# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time
from .webhook_delivery_state import WebhookDeliveryState
from .webhook_event_type import WebhookEventType


@define(kw_only=True)
class WebhookDelivery:
    """An event on its way to a webhook. Times are wall time.

    Attributes:
        delivery_id: Id of the delivery, and the `webhook-id` of each of its attempts.
        webhook_id: Id of the webhook.
        type_: `order.…`: what became of an order; `order.filled` also of a market order.
            `position.…`: how a position has changed; `position.swap`: swap was charged or paid.
            `deal.created`: something was booked. `notification.…`: what a person would want to hear of,
            of which nothing was asked for just then. `webhook.test`: sent by `POST …/test` alone, to
            any webhook; to ask for it changes nothing.

            One transaction can be several events. Then they come in the order of order, deal, position
            and notification.
        version: Number of the account's transaction that it tells of. Null of a test.
        state: `pending`: it is sent again. `delivered`: the last attempt was taken. `failed`: the
            last attempt was not, and no other follows by itself.
        attempts: How often it was sent.
        created_at: Wall time of its first attempt.
        last_attempt_at: Wall time of its last attempt.
        last_status: HTTP status of the last answer. Null where there was none.
        last_error: What was wrong with the last attempt, a sentence for people. Null of one that
            was taken.
        next_attempt_at: Wall time at which it is sent again. Null unless it is `pending`.
    """

    delivery_id: str
    webhook_id: str
    type_: WebhookEventType
    version: int | None
    state: WebhookDeliveryState
    attempts: int
    created_at: datetime.datetime
    last_attempt_at: datetime.datetime
    last_status: int | None
    last_error: str | None
    next_attempt_at: datetime.datetime | None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            delivery_id=source["delivery_id"],
            webhook_id=source["webhook_id"],
            type_=WebhookEventType(source["type"]),
            version=source["version"],
            state=WebhookDeliveryState(source["state"]),
            attempts=source["attempts"],
            created_at=datetime.datetime.fromisoformat(source["created_at"]),
            last_attempt_at=datetime.datetime.fromisoformat(source["last_attempt_at"]),
            last_status=source["last_status"],
            last_error=source["last_error"],
            next_attempt_at=None
            if source["next_attempt_at"] is None
            else datetime.datetime.fromisoformat(source["next_attempt_at"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "delivery_id": self.delivery_id,
            "webhook_id": self.webhook_id,
            "type": self.type_,
            "version": self.version,
            "state": self.state,
            "attempts": self.attempts,
            "created_at": format_time(self.created_at),
            "last_attempt_at": format_time(self.last_attempt_at),
            "last_status": self.last_status,
            "last_error": self.last_error,
            "next_attempt_at": None if self.next_attempt_at is None else format_time(self.next_attempt_at),
        }
