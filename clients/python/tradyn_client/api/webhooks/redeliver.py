# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Send a delivery again: `POST /api/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver`."""

from typing import Any
from urllib.parse import quote

from ...connection import Connection
from ...models.webhook_delivery import WebhookDelivery
from ...request import Request


def _request(webhook_id: str, delivery_id: str) -> Request:
    return Request(
        "POST",
        f"/api/webhooks/{quote(webhook_id, safe='')}/deliveries/{quote(delivery_id, safe='')}/redeliver",
    )


def _result(answer: dict[str, Any]) -> WebhookDelivery:
    return WebhookDelivery.from_dict(answer["data"])


def sync(webhook_id: str, delivery_id: str, *, client: Connection) -> WebhookDelivery:
    """Send a delivery again.

    Sends it now and once, with the same `webhook-id`, also if it was delivered or the webhook is
    disabled. Of a `pending` one this is the next attempt. The answer comes after the receiver's, or
    after 10 seconds, and says what came of it. While another test or redelivery of the webhook is under
    way, it is 400 `REJECTED`.

    Example:
        ```
        redeliver.sync("5c1d9e2a7b40f836", "msg_5c1d9e2a7b40f836_2_deal_created", client=client)
        ```

    Args:
        webhook_id: Id of the webhook.
        delivery_id: Id of the delivery: the `webhook-id` it was sent with.
        client: The client to ask with.

    Returns:
        The delivery as it is now.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(webhook_id, delivery_id), _result)


async def asyncio(webhook_id: str, delivery_id: str, *, client: Connection) -> WebhookDelivery:
    """Send a delivery again. The same as `sync`, to be awaited."""
    return await client.send_async(_request(webhook_id, delivery_id), _result)
