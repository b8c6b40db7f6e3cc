# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""List the accounts: `GET /api/accounts`."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from ...connection import Connection
from ...models.account import Account
from ...models.account_page import AccountPage
from ...paging import entries, entries_async
from ...request import Request


def _request(limit: int, cursor: str | None) -> Request:
    params = {
        "limit": limit,
        "cursor": cursor,
    }
    return Request(
        "GET",
        "/api/accounts",
        params={name: value for name, value in params.items() if value is not None},
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> AccountPage:
    return AccountPage.from_dict(answer)


def sync(*, client: Connection, limit: int = 100, cursor: str | None = None) -> AccountPage:
    """List the accounts.

    All accounts of the server at the present quotes, in the order of their logins.

    Example:
        ```
        list_accounts.sync(client=client)
        ```

    Args:
        client: The client to ask with.
        limit: Most entries in a page.
        cursor: The `next_cursor` of the page before; the other parameters stay as they were.
            Absent, the first page.

    Returns:
        A page of accounts.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(limit, cursor), _result)


async def asyncio(*, client: Connection, limit: int = 100, cursor: str | None = None) -> AccountPage:
    """List the accounts. The same as `sync`, to be awaited."""
    return await client.send_async(_request(limit, cursor), _result)


def iterate(*, client: Connection, limit: int = 100) -> Iterator[Account]:
    """List the accounts, entry by entry through all pages; `limit` is the size of a page."""
    return entries(lambda cursor: sync(client=client, limit=limit, cursor=cursor))


def iterate_async(*, client: Connection, limit: int = 100) -> AsyncIterator[Account]:
    """List the accounts. The same as `iterate`, for `async for`."""
    return entries_async(lambda cursor: asyncio(client=client, limit=limit, cursor=cursor))
