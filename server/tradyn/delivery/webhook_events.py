"""What a transaction is to webhooks: any number of events, always the same ones in the same order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tradyn import wire
from tradyn.broker.accounts import Account
from tradyn.broker.market import Market
from tradyn.broker.transactions import OrderModified, OrderTriggered, Transaction
from tradyn.delivery.messages import numbered_message
from tradyn.webhooks import EventType, Webhook

__all__ = ["Event", "events_of", "test_event"]

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """What is sent.

    Attributes:
        payload: a WebhookEvent of the document.
    """

    type: EventType
    version: int | None
    payload: Json

    def delivery_id(self, webhook: Webhook) -> str:
        """The `webhook-id` under which a webhook is sent it."""
        return f"msg_{webhook.webhook_id}_{self.version}_{self.type.replace('.', '_')}"


def events_of(market: Market, account: Account, transaction: Transaction) -> list[Event]:
    """The events of a transaction, in the order in which they are sent.

    Args:
        account: whose it is; only what never changes of it is looked at.
    """
    events = []
    for channel, (name, name_of_type) in _CHANNELS.items():
        told = numbered_message(market, account, transaction, channel)
        if told is not None:
            data = told["data"]
            kind = EventType(f"{name}.{name_of_type(transaction.event, data)}")
            events.append(
                Event(
                    kind,
                    transaction.version,
                    {
                        "type": kind.value,
                        "timestamp": wire.time_json(transaction.time),
                        "data": {"login": account.login, "version": transaction.version, name: data},
                    },
                )
            )
    return events


def test_event(webhook: Webhook, time: int) -> Event:
    """A trial; `time` is wall time in milliseconds since 1970."""
    data = {"login": webhook.login, "webhook_id": webhook.webhook_id}
    kind = EventType.WEBHOOK_TEST
    return Event(kind, None, {"type": kind.value, "timestamp": wire.time_json(time), "data": data})


def _of_order(event: object, order: Mapping[str, Any]) -> str:
    match event:
        case OrderModified():
            return "modified"
        case OrderTriggered():
            return "triggered"
    return str(order["state"])


# Channel of the stream → what its message is called here, and the rest of the event's type.
_CHANNELS: Final[Mapping[str, tuple[str, Callable[[object, Mapping[str, Any]], str]]]] = {
    "orders": ("order", _of_order),
    "deals": ("deal", lambda _, __: "created"),
    "positions": ("position", lambda _, data: str(data["change"])),
    "notifications": ("notification", lambda _, data: str(data["kind"])),
}
