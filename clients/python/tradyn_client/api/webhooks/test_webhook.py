# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Send a test event: `POST /api/webhooks/{webhook_id}/test`."""

from typing import Any
from urllib.parse import quote

from ...connection import Connection
from ...models.webhook_delivery import WebhookDelivery
from ...request import Request


def _request(webhook_id: str) -> Request:
    return Request(
        "POST",
        f"/api/webhooks/{quote(webhook_id, safe='')}/test",
    )


def _result(answer: dict[str, Any]) -> WebhookDelivery:
    return WebhookDelivery.from_dict(answer["data"])


def sync(webhook_id: str, *, client: Connection) -> WebhookDelivery:
    """Send a test event.

    Sends an event of type `webhook.test`, now and once, whatever `events` the webhook has and also if
    it is disabled. The answer comes after the receiver's, or after 10 seconds, and says what came of
    it. While another test or redelivery of the webhook is under way, it is 400 `REJECTED`.

    Example:
        ```
        test_webhook.sync("5c1d9e2a7b40f836", client=client)
        ```

    Args:
        webhook_id: Id of the webhook.
        client: The client to ask with.

    Returns:
        The delivery.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(webhook_id), _result)


async def asyncio(webhook_id: str, *, client: Connection) -> WebhookDelivery:
    """Send a test event. The same as `sync`, to be awaited."""
    return await client.send_async(_request(webhook_id), _result)
