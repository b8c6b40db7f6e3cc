# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""List the deliveries of a webhook: `GET /api/webhooks/{webhook_id}/deliveries`."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote

from ...connection import Connection
from ...models.webhook_delivery import WebhookDelivery
from ...models.webhook_delivery_page import WebhookDeliveryPage
from ...paging import entries, entries_async
from ...request import Request


def _request(webhook_id: str, limit: int, cursor: str | None) -> Request:
    params = {
        "limit": limit,
        "cursor": cursor,
    }
    return Request(
        "GET",
        f"/api/webhooks/{quote(webhook_id, safe='')}/deliveries",
        params={name: value for name, value in params.items() if value is not None},
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> WebhookDeliveryPage:
    return WebhookDeliveryPage.from_dict(answer)


def sync(
    webhook_id: str, *, client: Connection, limit: int = 100, cursor: str | None = None
) -> WebhookDeliveryPage:
    """List the deliveries of a webhook.

    What was sent, or is to be sent again; the newest first. The last 1000 are kept. What waits behind a
    delivery that is `pending` is not listed yet.

    Example:
        ```
        list_deliveries.sync("5c1d9e2a7b40f836", client=client)
        ```

    Args:
        webhook_id: Id of the webhook.
        client: The client to ask with.
        limit: Most entries in a page.
        cursor: The `next_cursor` of the page before; the other parameters stay as they were.
            Absent, the first page.

    Returns:
        A page of deliveries.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(webhook_id, limit, cursor), _result)


async def asyncio(
    webhook_id: str, *, client: Connection, limit: int = 100, cursor: str | None = None
) -> WebhookDeliveryPage:
    """List the deliveries of a webhook. The same as `sync`, to be awaited."""
    return await client.send_async(_request(webhook_id, limit, cursor), _result)


def iterate(webhook_id: str, *, client: Connection, limit: int = 100) -> Iterator[WebhookDelivery]:
    """List the deliveries of a webhook, entry by entry through all pages; `limit` is the size of a page."""
    return entries(lambda cursor: sync(webhook_id, client=client, limit=limit, cursor=cursor))


def iterate_async(webhook_id: str, *, client: Connection, limit: int = 100) -> AsyncIterator[WebhookDelivery]:
    """List the deliveries of a webhook. The same as `iterate`, for `async for`."""
    return entries_async(lambda cursor: asyncio(webhook_id, client=client, limit=limit, cursor=cursor))
