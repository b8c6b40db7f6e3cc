# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Cancel a pending order: `DELETE /api/orders/{ticket}`."""

from typing import Any

from ...connection import Connection
from ...models.order import Order
from ...request import Request


def _request(ticket: int) -> Request:
    return Request(
        "DELETE",
        f"/api/orders/{ticket}",
    )


def _result(answer: dict[str, Any]) -> Order:
    return Order.from_dict(answer["data"])


def sync(ticket: int, *, client: Connection) -> Order:
    """Cancel a pending order.

    Takes back an order that still waits. It can be read afterwards, as `canceled`.

    Refused with `INVALID_ORDER` when the order no longer waits, `TRADE_DISABLED` and `MARKET_CLOSED`
    when the symbol cannot be traded now, `FROZEN` inside the freeze level, `REJECTED` by a fault that
    was asked for.

    Example:
        ```
        cancel_order.sync(4, client=client)
        ```

    Args:
        ticket: Ticket of the order.
        client: The client to ask with.

    Returns:
        The order, now cancelled.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(ticket), _result)


async def asyncio(ticket: int, *, client: Connection) -> Order:
    """Cancel a pending order. The same as `sync`, to be awaited."""
    return await client.send_async(_request(ticket), _result)
