# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Get any account: `GET /api/accounts/{login}`."""

from typing import Any

from ...client import Client
from ...models.account import Account


def _request(login: int) -> dict[str, Any]:
    return {
        "method": "GET",
        "url": f"/api/accounts/{login}",
    }


def _result(answer: dict[str, Any]) -> Account:
    return Account.from_dict(answer["data"])


def sync(login: int, *, client: Client) -> Account:
    """Get any account.

    What the owner of the account sees with `GET /api/account`.

    Args:
        login: Login of the account.
        client: The client to ask with.

    Returns:
        The account.

    Raises:
        errors.TradynError: The server said no; the class says why.
        httpx.TransportError: There was no answer.
    """
    return client.send(_request(login), _result)


async def asyncio(login: int, *, client: Client) -> Account:
    """Get any account. The same as `sync`, to be awaited."""
    return await client.send_async(_request(login), _result)
