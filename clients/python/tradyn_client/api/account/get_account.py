# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Get the account: `GET /api/account`."""

from typing import Any

from ...client import Client
from ...models.account import Account


def _request() -> dict[str, Any]:
    return {
        "method": "GET",
        "url": "/api/account",
    }


def _result(answer: dict[str, Any]) -> Account:
    return Account.from_dict(answer["data"])


def sync(*, client: Client) -> Account:
    """Get the account.

    Balance, equity, margin and settings of the account that the key belongs to, at the present quotes.

    Args:
        client: The client to ask with.

    Returns:
        The account.

    Raises:
        errors.TradynError: The server said no; the class says why.
        httpx.TransportError: There was no answer.
    """
    return client.send(_request(), _result)


async def asyncio(*, client: Client) -> Account:
    """Get the account. The same as `sync`, to be awaited."""
    return await client.send_async(_request(), _result)
