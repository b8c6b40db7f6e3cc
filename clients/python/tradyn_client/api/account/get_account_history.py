# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""List the account's deals: `GET /api/account/history`."""

import datetime
from collections.abc import AsyncIterator, Iterator
from typing import Any

from ...connection import Connection
from ...models.deal import Deal
from ...models.deal_page import DealPage
from ...models.sort_order import SortOrder
from ...paging import entries, entries_async
from ...request import Request
from ...types import format_time


def _request(
    from_: datetime.datetime | None,
    to: datetime.datetime | None,
    symbol: str | None,
    order: SortOrder,
    limit: int,
    cursor: str | None,
) -> Request:
    params = {
        "from": None if from_ is None else format_time(from_),
        "to": None if to is None else format_time(to),
        "symbol": symbol,
        "order": order,
        "limit": limit,
        "cursor": cursor,
    }
    return Request(
        "GET",
        "/api/account/history",
        params={name: value for name, value in params.items() if value is not None},
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> DealPage:
    return DealPage.from_dict(answer)


def sync(
    *,
    client: Connection,
    from_: datetime.datetime | None = None,
    to: datetime.datetime | None = None,
    symbol: str | None = None,
    order: SortOrder = SortOrder.ASC,
    limit: int = 100,
    cursor: str | None = None,
) -> DealPage:
    """List the account's deals.

    Everything that changed the balance, one deal each: a position opened (`in`), closed or partly
    closed (`out`, or `out_by` by an opposite one), a deposit, withdrawal or reset (`balance`), a
    balance below zero made good (`correction`). In the order in which it happened, or the reverse.

    In pages: as long as `next_cursor` is not `null`, send the same request with it as `cursor`.

    Example:
        ```
        get_account_history.sync(
            client=client,
            from_=datetime.fromisoformat("2026-03-02T00:00:00Z"),
            to=datetime.fromisoformat("2026-03-03T00:00:00Z"),
        )
        ```

    Args:
        client: The client to ask with.
        from_: Only deals at or after this market time. Absent, from the beginning.
        to: Only deals before this market time. Absent, up to now.
        symbol: Only what belongs to this symbol. An unknown one is answered 400 `UNKNOWN_SYMBOL`.
        order: `asc`, the default: oldest first. `desc`: newest first.
        limit: Most entries in a page.
        cursor: The `next_cursor` of the page before; the other parameters stay as they were.
            Absent, the first page.

    Returns:
        A page of deals.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(from_, to, symbol, order, limit, cursor), _result)


async def asyncio(
    *,
    client: Connection,
    from_: datetime.datetime | None = None,
    to: datetime.datetime | None = None,
    symbol: str | None = None,
    order: SortOrder = SortOrder.ASC,
    limit: int = 100,
    cursor: str | None = None,
) -> DealPage:
    """List the account's deals. The same as `sync`, to be awaited."""
    return await client.send_async(_request(from_, to, symbol, order, limit, cursor), _result)


def iterate(
    *,
    client: Connection,
    from_: datetime.datetime | None = None,
    to: datetime.datetime | None = None,
    symbol: str | None = None,
    order: SortOrder = SortOrder.ASC,
    limit: int = 100,
) -> Iterator[Deal]:
    """List the account's deals, entry by entry through all pages; `limit` is the size of a page."""
    return entries(
        lambda cursor: sync(
            client=client, from_=from_, to=to, symbol=symbol, order=order, limit=limit, cursor=cursor
        )
    )


def iterate_async(
    *,
    client: Connection,
    from_: datetime.datetime | None = None,
    to: datetime.datetime | None = None,
    symbol: str | None = None,
    order: SortOrder = SortOrder.ASC,
    limit: int = 100,
) -> AsyncIterator[Deal]:
    """List the account's deals. The same as `iterate`, for `async for`."""
    return entries_async(
        lambda cursor: asyncio(
            client=client, from_=from_, to=to, symbol=symbol, order=order, limit=limit, cursor=cursor
        )
    )
