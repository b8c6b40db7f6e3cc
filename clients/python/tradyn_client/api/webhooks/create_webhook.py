# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Create a webhook: `POST /api/webhooks`."""

from typing import Any

from ...connection import Connection
from ...models.create_webhook_request import CreateWebhookRequest
from ...models.issued_webhook import IssuedWebhook
from ...request import Request


def _request(body: CreateWebhookRequest) -> Request:
    return Request(
        "POST",
        "/api/webhooks",
        json=body.to_dict(),
    )


def _result(answer: dict[str, Any]) -> IssuedWebhook:
    return IssuedWebhook.from_dict(answer["data"])


def sync(*, client: Connection, body: CreateWebhookRequest) -> IssuedWebhook:
    """Create a webhook.

    Has the events you name sent to `url`, from now on. The answer carries the `secret` that signs them,
    this once.

    A `url` that the server would not call is 400 `INVALID_URL`. An account has at most 20 webhooks (400
    `LIMIT_WEBHOOKS`).

    Example:
        ```
        create_webhook.sync(
            client=client,
            body=CreateWebhookRequest(
                url="https://bots.example.com/tradyn",
                events=[WebhookEventType.DEAL_CREATED, WebhookEventType.POSITION_CLOSED],
                description="bookkeeping",
            ),
        )
        ```

    Args:
        client: The client to ask with.
        body: A webhook to be made.

    Returns:
        The new webhook, with its secret.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(body), _result)


async def asyncio(*, client: Connection, body: CreateWebhookRequest) -> IssuedWebhook:
    """Create a webhook. The same as `sync`, to be awaited."""
    return await client.send_async(_request(body), _result)
