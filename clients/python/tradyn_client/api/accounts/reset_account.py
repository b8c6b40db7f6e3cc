# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Reset an account: `POST /api/accounts/{login}/reset`."""

from typing import Any

from ...connection import Connection
from ...models.account import Account
from ...request import Request


def _request(login: int) -> Request:
    return Request(
        "POST",
        f"/api/accounts/{login}/reset",
    )


def _result(answer: dict[str, Any]) -> Account:
    return Account.from_dict(answer["data"])


def sync(login: int, *, client: Connection) -> Account:
    """Reset an account.

    Closes all positions, cancels all orders and brings the balance back to the initial one with a
    single balance deal. The history stays, tickets go on counting, and used `client_order_id`s stay
    used.

    Example:
        ```
        reset_account.sync(10001, client=client)
        ```

    Args:
        login: Login of the account.
        client: The client to ask with.

    Returns:
        The account, as at its beginning.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(login), _result)


async def asyncio(login: int, *, client: Connection) -> Account:
    """Reset an account. The same as `sync`, to be awaited."""
    return await client.send_async(_request(login), _result)
