# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Change a webhook: `PATCH /api/webhooks/{webhook_id}`."""

from typing import Any
from urllib.parse import quote

from ...connection import Connection
from ...models.update_webhook_request import UpdateWebhookRequest
from ...models.webhook import Webhook
from ...request import Request


def _request(webhook_id: str, body: UpdateWebhookRequest) -> Request:
    return Request(
        "PATCH",
        f"/api/webhooks/{quote(webhook_id, safe='')}",
        json=body.to_dict(),
    )


def _result(answer: dict[str, Any]) -> Webhook:
    return Webhook.from_dict(answer["data"])


def sync(webhook_id: str, *, client: Connection, body: UpdateWebhookRequest) -> Webhook:
    """Change a webhook.

    What is absent stays as it is. `enabled: false` stops the sending; `enabled: true` goes on where it
    stopped, also where the server has disabled the webhook, and then begins with the event that could
    not be delivered. Other `events` count from the next event that is sent. After a change of `url` the
    next attempt is made at once.

    Example:
        ```
        update_webhook.sync(
            "5c1d9e2a7b40f836", client=client, body=UpdateWebhookRequest(enabled=True)
        )
        ```

    Args:
        webhook_id: Id of the webhook.
        client: The client to ask with.
        body: What shall be different; what is absent stays.

    Returns:
        The webhook as it is now.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(webhook_id, body), _result)


async def asyncio(webhook_id: str, *, client: Connection, body: UpdateWebhookRequest) -> Webhook:
    """Change a webhook. The same as `sync`, to be awaited."""
    return await client.send_async(_request(webhook_id, body), _result)
