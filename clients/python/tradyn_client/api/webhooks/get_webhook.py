# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Get a webhook: `GET /api/webhooks/{webhook_id}`."""

from typing import Any
from urllib.parse import quote

from ...connection import Connection
from ...models.webhook import Webhook
from ...request import Request


def _request(webhook_id: str) -> Request:
    return Request(
        "GET",
        f"/api/webhooks/{quote(webhook_id, safe='')}",
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> Webhook:
    return Webhook.from_dict(answer["data"])


def sync(webhook_id: str, *, client: Connection) -> Webhook:
    """Get a webhook.

    One webhook, without its secret.

    Example:
        ```
        get_webhook.sync("5c1d9e2a7b40f836", client=client)
        ```

    Args:
        webhook_id: Id of the webhook.
        client: The client to ask with.

    Returns:
        The webhook.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(webhook_id), _result)


async def asyncio(webhook_id: str, *, client: Connection) -> Webhook:
    """Get a webhook. The same as `sync`, to be awaited."""
    return await client.send_async(_request(webhook_id), _result)
