# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""List the webhooks: `GET /api/webhooks`."""

from typing import Any

from ...connection import Connection
from ...models.webhook import Webhook
from ...request import Request


def _request() -> Request:
    return Request(
        "GET",
        "/api/webhooks",
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> list[Webhook]:
    return [Webhook.from_dict(each) for each in answer["data"]]


def sync(*, client: Connection) -> list[Webhook]:
    """List the webhooks.

    All webhooks of the account, oldest first. The list is never paged.

    Example:
        ```
        list_webhooks.sync(client=client)
        ```

    Args:
        client: The client to ask with.

    Returns:
        The webhooks, without their secrets.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(), _result)


async def asyncio(*, client: Connection) -> list[Webhook]:
    """List the webhooks. The same as `sync`, to be awaited."""
    return await client.send_async(_request(), _result)
