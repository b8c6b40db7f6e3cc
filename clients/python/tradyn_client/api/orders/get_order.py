# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Get an order: `GET /api/orders/{ticket}`."""

from typing import Any

from ...connection import Connection
from ...models.order import Order
from ...request import Request


def _request(ticket: int) -> Request:
    return Request(
        "GET",
        f"/api/orders/{ticket}",
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> Order:
    return Order.from_dict(answer["data"])


def sync(ticket: int, *, client: Connection) -> Order:
    """Get an order.

    One order, also one that was filled, cancelled, rejected or has expired.

    Example:
        ```
        get_order.sync(4, client=client)
        ```

    Args:
        ticket: Ticket of the order.
        client: The client to ask with.

    Returns:
        The order.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(ticket), _result)


async def asyncio(ticket: int, *, client: Connection) -> Order:
    """Get an order. The same as `sync`, to be awaited."""
    return await client.send_async(_request(ticket), _result)
