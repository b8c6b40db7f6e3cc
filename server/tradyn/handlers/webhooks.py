"""Tag Webhooks: where an account's events are sent. A full key manages those of its own account."""

from __future__ import annotations

from typing import Any

from tradyn import wire
from tradyn.desk import Desk
from tradyn.webhooks import EventType, Sender, Webhook, Webhooks

__all__ = [
    "create_webhook",
    "delete_webhook",
    "get_webhook",
    "list_deliveries",
    "list_webhooks",
    "redeliver",
    "rotate_webhook_secret",
    "test_webhook",
    "update_webhook",
]

Json = dict[str, Any]


async def list_webhooks(webhooks: Webhooks, token_info: Json) -> Json:
    """All of the account, oldest first."""
    return wire.ok([_view(webhooks, each) for each in webhooks.all(token_info["login"])])


async def create_webhook(desk: Desk, webhooks: Webhooks, token_info: Json, body: Json) -> Json:
    """A new webhook for what happens from now on; its secret is shown this once."""
    login = token_info["login"]
    webhook = await webhooks.create(
        login,
        body["url"],
        [EventType(each) for each in body["events"]],
        body.get("description", ""),
        desk.account(login).version,
    )
    return _issued(webhooks, webhook)


async def get_webhook(webhooks: Webhooks, token_info: Json, webhook_id: str) -> Json:
    """One webhook."""
    return wire.ok(_view(webhooks, webhooks.get(webhook_id, token_info["login"])))


async def update_webhook(webhooks: Webhooks, token_info: Json, webhook_id: str, body: Json) -> Json:
    """Change what is given."""
    changed = await webhooks.change(
        webhooks.get(webhook_id, token_info["login"]),
        url=body.get("url"),
        events=[EventType(each) for each in body["events"]] if "events" in body else None,
        description=body.get("description"),
        is_enabled=body.get("enabled"),
    )
    return wire.ok(_view(webhooks, changed))


async def delete_webhook(webhooks: Webhooks, token_info: Json, webhook_id: str) -> Json:
    """The webhook as it was."""
    webhook = webhooks.get(webhook_id, token_info["login"])
    await webhooks.delete(webhook)
    return wire.ok(_view(webhooks, webhook))


async def rotate_webhook_secret(
    webhooks: Webhooks, token_info: Json, webhook_id: str, body: Json | None = None
) -> Json:
    """A new secret in place of an old one."""
    webhook = webhooks.get(webhook_id, token_info["login"])
    return _issued(webhooks, await webhooks.rotate(webhook, (body or {}).get("overlap_seconds", 0)))


async def test_webhook(webhooks: Webhooks, sender: Sender, token_info: Json, webhook_id: str) -> Json:
    """What came of a test event."""
    delivery = await sender.test(webhooks.get(webhook_id, token_info["login"]))
    return wire.ok(wire.delivery_json(delivery))


async def list_deliveries(
    desk: Desk, webhooks: Webhooks, token_info: Json, webhook_id: str, limit: int, cursor: str | None = None
) -> Json:
    """The newest first."""
    webhook = webhooks.get(webhook_id, token_info["login"])
    listing = f"deliveries {webhook.webhook_id}"
    before = wire.read_cursor(listing, cursor)
    found = await desk.journal.deliveries(webhook.webhook_id, before, limit + 1)
    more = wire.cursor(listing, found[limit - 1].number) if len(found) > limit else None
    return wire.page([wire.delivery_json(each) for each in found[:limit]], more)


async def redeliver(
    webhooks: Webhooks, sender: Sender, token_info: Json, webhook_id: str, delivery_id: str
) -> Json:
    """What came of another attempt."""
    delivery = await sender.redeliver(webhooks.get(webhook_id, token_info["login"]), delivery_id)
    return wire.ok(wire.delivery_json(delivery))


def _view(webhooks: Webhooks, webhook: Webhook) -> Json:
    return wire.webhook_json(webhook, webhooks.now())


def _issued(webhooks: Webhooks, webhook: Webhook) -> Json:
    return wire.ok({**_view(webhooks, webhook), "secret": webhook.secret})
