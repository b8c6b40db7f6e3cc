# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Get the account: `GET /api/account`."""

from typing import Any

from ...connection import Connection
from ...models.account import Account
from ...request import Request


def _request() -> Request:
    return Request(
        "GET",
        "/api/account",
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> Account:
    return Account.from_dict(answer["data"])


def sync(*, client: Connection) -> Account:
    """Get the account.

    Balance, equity, margin and settings of the account that the key belongs to, at the present quotes.

    Example:
        ```
        get_account.sync(client=client)
        ```

    Args:
        client: The client to ask with.

    Returns:
        The account.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(), _result)


async def asyncio(*, client: Connection) -> Account:
    """Get the account. The same as `sync`, to be awaited."""
    return await client.send_async(_request(), _result)
