# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""List the account's deals: `GET /api/account/history`."""

import datetime
from typing import Any

from ...client import Client
from ...models.deal_page import DealPage
from ...models.sort_order import SortOrder
from ...types import format_time


def _request(
    from_: datetime.datetime | None,
    to: datetime.datetime | None,
    symbol: str | None,
    order: SortOrder,
    limit: int,
    cursor: str | None,
) -> dict[str, Any]:
    params = {
        "from": None if from_ is None else format_time(from_),
        "to": None if to is None else format_time(to),
        "symbol": symbol,
        "order": order,
        "limit": limit,
        "cursor": cursor,
    }
    return {
        "method": "GET",
        "url": "/api/account/history",
        "params": {name: value for name, value in params.items() if value is not None},
    }


def _result(answer: dict[str, Any]) -> DealPage:
    return DealPage.from_dict(answer)


def sync(
    *,
    client: Client,
    from_: datetime.datetime | None = None,
    to: datetime.datetime | None = None,
    symbol: str | None = None,
    order: SortOrder = SortOrder.ASC,
    limit: int = 100,
    cursor: str | None = None,
) -> DealPage:
    """List the account's deals.

    Everything that changed the balance, one deal each: a position opened (`in`), a position closed or
    partly closed (`out`), a deposit or withdrawal (`balance`). In the order in which it happened, or
    the reverse.

    In pages: as long as `next_cursor` is not `null`, send the same request with it as `cursor`.

    Args:
        client: The client to ask with.
        from_: Only deals at or after this market time. Absent, from the beginning.
        to: Only deals before this market time. Absent, up to now.
        symbol: Only what belongs to this symbol. An unknown one is answered 400 `UNKNOWN_SYMBOL`.
        order: `asc`: oldest first. `desc`: newest first.
        limit: Most entries in a page.
        cursor: The `next_cursor` of the page before; the other parameters stay as they were.
            Absent, the first page.

    Returns:
        A page of deals.

    Raises:
        errors.TradynError: The server said no; the class says why.
        httpx.TransportError: There was no answer.
    """
    return client.send(_request(from_, to, symbol, order, limit, cursor), _result)


async def asyncio(
    *,
    client: Client,
    from_: datetime.datetime | None = None,
    to: datetime.datetime | None = None,
    symbol: str | None = None,
    order: SortOrder = SortOrder.ASC,
    limit: int = 100,
    cursor: str | None = None,
) -> DealPage:
    """List the account's deals. The same as `sync`, to be awaited."""
    return await client.send_async(_request(from_, to, symbol, order, limit, cursor), _result)
