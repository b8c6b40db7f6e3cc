# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Open an account: `POST /api/accounts`."""

from typing import Any

from ...connection import Connection
from ...models.create_account_request import CreateAccountRequest
from ...models.created_account import CreatedAccount
from ...request import Request


def _request(body: CreateAccountRequest) -> Request:
    return Request(
        "POST",
        "/api/accounts",
        json=body.to_dict(),
    )


def _result(answer: dict[str, Any]) -> CreatedAccount:
    return CreatedAccount.from_dict(answer["data"])


def sync(*, client: Connection, body: CreateAccountRequest) -> CreatedAccount:
    """Open an account.

    Opens an account and books its initial balance as its first deal. The answer carries a first `full`
    key in `api_key`, this once; its `key_id` stands in `GET /api/keys?login=…`. An empty object opens
    an account with the defaults.

    Example:
        ```
        create_account.sync(
            client=client,
            body=CreateAccountRequest(
                currency=AccountCurrency.EUR, leverage=30, balance=5000, name="Breakout bot"
            ),
        )
        ```

    Args:
        client: The client to ask with.
        body: An account to be opened.

    Returns:
        The new account and its first key.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(body), _result)


async def asyncio(*, client: Connection, body: CreateAccountRequest) -> CreatedAccount:
    """Open an account. The same as `sync`, to be awaited."""
    return await client.send_async(_request(body), _result)
