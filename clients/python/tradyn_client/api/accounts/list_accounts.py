# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""List the accounts: `GET /api/accounts`."""

from typing import Any

from ...client import Client
from ...models.account_page import AccountPage


def _request(limit: int, cursor: str | None) -> dict[str, Any]:
    params = {
        "limit": limit,
        "cursor": cursor,
    }
    return {
        "method": "GET",
        "url": "/api/accounts",
        "params": {name: value for name, value in params.items() if value is not None},
    }


def _result(answer: dict[str, Any]) -> AccountPage:
    return AccountPage.from_dict(answer)


def sync(*, client: Client, limit: int = 100, cursor: str | None = None) -> AccountPage:
    """List the accounts.

    All accounts of the server at the present quotes, in the order of their logins.

    Args:
        client: The client to ask with.
        limit: Most entries in a page.
        cursor: The `next_cursor` of the page before; the other parameters stay as they were.
            Absent, the first page.

    Returns:
        A page of accounts.

    Raises:
        errors.TradynError: The server said no; the class says why.
        httpx.TransportError: There was no answer.
    """
    return client.send(_request(limit, cursor), _result)


async def asyncio(*, client: Client, limit: int = 100, cursor: str | None = None) -> AccountPage:
    """List the accounts. The same as `sync`, to be awaited."""
    return await client.send_async(_request(limit, cursor), _result)
