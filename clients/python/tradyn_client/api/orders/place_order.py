# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Place a pending order: `POST /api/orders`."""

from typing import Any

from ...connection import Connection
from ...models.order import Order
from ...models.order_request import OrderRequest
from ...request import Request


def _request(body: OrderRequest) -> Request:
    return Request(
        "POST",
        "/api/orders",
        json=body.to_dict(),
        names="json",
    )


def _result(answer: dict[str, Any]) -> Order:
    return Order.from_dict(answer["data"])


def sync(*, client: Connection, body: OrderRequest) -> Order:
    """Place a pending order.

    Places a limit, stop or stop-limit order (`type` 2 to 7). It waits until the market reaches its
    price, until it expires, or until you cancel it. With an `expiration` it ends as `expired` at that
    market time, unless it has been filled by then; without one it is good till cancelled. After a
    timeout, send it again with the same `client_order_id`.

    Refused with `UNKNOWN_SYMBOL`, `TRADE_DISABLED`, `LONG_ONLY`, `SHORT_ONLY`, `CLOSE_ONLY`,
    `MARKET_CLOSED`, `NO_QUOTES`, `INVALID_ORDER` for the types 0 and 1 (market orders go to `POST
    /api/trade`) and for what the symbol does not take, `INVALID_EXPIRATION`, `INVALID_VOLUME`,
    `LIMIT_VOLUME`, `INVALID_PRICE`, `INVALID_STOPS`, `LIMIT_ORDERS`, `INSUFFICIENT_MARGIN` or, by a
    fault that was asked for, `REJECTED`.

    Example:
        ```
        place_order.sync(
            client=client,
            body=OrderRequest(
                symbol="EURUSD",
                type_=OrderType.BUY_LIMIT,
                volume=0.2,
                price=1.08,
                sl=1.075,
                tp=1.09,
                expiration=datetime.fromisoformat("2026-03-06T20:00:00Z"),
                client_order_id="dip-1",
            ),
        )
        ```

    Args:
        client: The client to ask with.
        body: A pending order.

    Returns:
        The order, now waiting.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(body), _result)


async def asyncio(*, client: Connection, body: OrderRequest) -> Order:
    """Place a pending order. The same as `sync`, to be awaited."""
    return await client.send_async(_request(body), _result)
