# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""List pending orders: `GET /api/orders`."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from ...connection import Connection
from ...models.order import Order
from ...models.order_page import OrderPage
from ...models.order_state import OrderState
from ...paging import entries, entries_async
from ...request import Request


def _request(symbol: str | None, state: OrderState, limit: int, cursor: str | None) -> Request:
    params = {
        "symbol": symbol,
        "state": state,
        "limit": limit,
        "cursor": cursor,
    }
    return Request(
        "GET",
        "/api/orders",
        params={name: value for name, value in params.items() if value is not None},
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> OrderPage:
    return OrderPage.from_dict(answer)


def sync(
    *,
    client: Connection,
    symbol: str | None = None,
    state: OrderState = OrderState.PLACED,
    limit: int = 100,
    cursor: str | None = None,
) -> OrderPage:
    """List pending orders.

    Orders in one state: those still waiting, in the order of their tickets, unless `state` says
    otherwise; orders that have ended come in the order in which they did. Market orders, to open or to
    close, are filled at once and are found among the `filled`.

    Example:
        ```
        list_orders.sync(client=client, symbol="EURUSD", state=OrderState.PLACED)
        ```

    Args:
        client: The client to ask with.
        symbol: Only what belongs to this symbol. An unknown one is answered 400 `UNKNOWN_SYMBOL`.
        state: `placed`: waits. `filled`: opened or closed a position. `canceled`: taken back by you
            or by a stop-out. `expired`: its time ran out. `rejected`: it triggered and could not be
            filled, mostly for want of margin. A stop-limit order whose stop was reached is `placed`
            until the limit order that it has become is done.
        limit: Most entries in a page.
        cursor: The `next_cursor` of the page before; the other parameters stay as they were.
            Absent, the first page.

    Returns:
        A page of orders.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(symbol, state, limit, cursor), _result)


async def asyncio(
    *,
    client: Connection,
    symbol: str | None = None,
    state: OrderState = OrderState.PLACED,
    limit: int = 100,
    cursor: str | None = None,
) -> OrderPage:
    """List pending orders. The same as `sync`, to be awaited."""
    return await client.send_async(_request(symbol, state, limit, cursor), _result)


def iterate(
    *, client: Connection, symbol: str | None = None, state: OrderState = OrderState.PLACED, limit: int = 100
) -> Iterator[Order]:
    """List pending orders, entry by entry through all pages; `limit` is the size of a page."""
    return entries(lambda cursor: sync(client=client, symbol=symbol, state=state, limit=limit, cursor=cursor))


def iterate_async(
    *, client: Connection, symbol: str | None = None, state: OrderState = OrderState.PLACED, limit: int = 100
) -> AsyncIterator[Order]:
    """List pending orders. The same as `iterate`, for `async for`."""
    return entries_async(
        lambda cursor: asyncio(client=client, symbol=symbol, state=state, limit=limit, cursor=cursor)
    )
