# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Change a pending order: `PATCH /api/orders/{ticket}`."""

from typing import Any

from ...connection import Connection
from ...models.modify_order_request import ModifyOrderRequest
from ...models.order import Order
from ...request import Request


def _request(ticket: int, body: ModifyOrderRequest) -> Request:
    return Request(
        "PATCH",
        f"/api/orders/{ticket}",
        json=body.to_dict(),
    )


def _result(answer: dict[str, Any]) -> Order:
    return Order.from_dict(answer["data"])


def sync(ticket: int, *, client: Connection, body: ModifyOrderRequest) -> Order:
    """Change a pending order.

    Changes prices, stops or expiration of an order that still waits. What is absent stays as it is;
    `null` clears `sl`, `tp` and `expiration` (then the order is good till cancelled). Volume and type
    cannot change; `price_stop_limit` is for stop-limit orders whose stop has not been reached.

    Refused with `INVALID_ORDER` when the order no longer waits or the symbol takes no such stops,
    `TRADE_DISABLED`, `MARKET_CLOSED` and `NO_QUOTES` when the symbol cannot be traded now,
    `INVALID_EXPIRATION`, `NO_CHANGES`, `INVALID_PRICE`, `INVALID_STOPS`, `FROZEN` inside the freeze
    level, `REJECTED` by a fault that was asked for.

    Example:
        ```
        modify_order.sync(4, client=client, body=ModifyOrderRequest(price=1.081))
        ```

    Args:
        ticket: Ticket of the order.
        client: The client to ask with.
        body: Changes to a pending order. What is absent stays as it is.

    Returns:
        The order as it is now.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(ticket, body), _result)


async def asyncio(ticket: int, *, client: Connection, body: ModifyOrderRequest) -> Order:
    """Change a pending order. The same as `sync`, to be awaited."""
    return await client.send_async(_request(ticket, body), _result)
