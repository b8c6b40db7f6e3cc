# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Deposit or withdraw: `POST /api/accounts/{login}/balance`."""

from typing import Any

from ...connection import Connection
from ...models.balance_request import BalanceRequest
from ...models.deal import Deal
from ...request import Request


def _request(login: int, body: BalanceRequest) -> Request:
    return Request(
        "POST",
        f"/api/accounts/{login}/balance",
        json=body.to_dict(),
        names="json",
    )


def _result(answer: dict[str, Any]) -> Deal:
    return Deal.from_dict(answer["data"])


def sync(login: int, *, client: Connection, body: BalanceRequest) -> Deal:
    """Deposit or withdraw.

    Books a positive `amount` as a deposit, a negative one as a withdrawal. A withdrawal of more than
    the free margin is refused with `INSUFFICIENT_MARGIN`, an amount of 0, or one that rounds to 0, with
    `NO_CHANGES`.

    Example:
        ```
        change_balance.sync(
            10001,
            client=client,
            body=BalanceRequest(amount=500, comment="Top up", client_order_id="top-up-1"),
        )
        ```

    Args:
        login: Login of the account.
        client: The client to ask with.
        body: A deposit or a withdrawal.

    Returns:
        The deal that changed the balance.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(login, body), _result)


async def asyncio(login: int, *, client: Connection, body: BalanceRequest) -> Deal:
    """Deposit or withdraw. The same as `sync`, to be awaited."""
    return await client.send_async(_request(login, body), _result)
