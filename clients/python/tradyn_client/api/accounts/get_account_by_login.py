# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Get any account: `GET /api/accounts/{login}`."""

from typing import Any

from ...connection import Connection
from ...models.account import Account
from ...request import Request


def _request(login: int) -> Request:
    return Request(
        "GET",
        f"/api/accounts/{login}",
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> Account:
    return Account.from_dict(answer["data"])


def sync(login: int, *, client: Connection) -> Account:
    """Get any account.

    What the owner of the account sees with `GET /api/account`.

    Example:
        ```
        get_account_by_login.sync(10001, client=client)
        ```

    Args:
        login: Login of the account.
        client: The client to ask with.

    Returns:
        The account.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(login), _result)


async def asyncio(login: int, *, client: Connection) -> Account:
    """Get any account. The same as `sync`, to be awaited."""
    return await client.send_async(_request(login), _result)
