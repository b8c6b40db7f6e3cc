# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Close a position: `DELETE /api/positions/{ticket}`."""

from typing import Any

from ...connection import Connection
from ...models.close_result import CloseResult
from ...request import Request


def _request(
    ticket: int, volume: float | None, deviation: int | None, client_order_id: str | None
) -> Request:
    params = {
        "volume": volume,
        "deviation": deviation,
        "client_order_id": client_order_id,
    }
    return Request(
        "DELETE",
        f"/api/positions/{ticket}",
        params={name: value for name, value in params.items() if value is not None},
        names="params",
    )


def _result(answer: dict[str, Any]) -> CloseResult:
    return CloseResult.from_dict(answer["data"])


def sync(
    ticket: int,
    *,
    client: Connection,
    volume: float | None = None,
    deviation: int | None = None,
    client_order_id: str | None = None,
) -> CloseResult:
    """Close a position.

    Closes the position at the market: a long one at the bid, a short one at the ask. With `volume` only
    that part is closed; the rest keeps ticket and stops. Profit and swap of the closed part are booked
    to the balance.

    Half of 0.1 lots is `?volume=0.05&client_order_id=half-of-2`. After a timeout, send it again with
    the same `client_order_id`; without one, the repetition would close the other half, too.

    Refused with `POSITION_CLOSED` when it already is, `INVALID_CLOSE_VOLUME` when `volume` is more than
    is open or not a multiple of the volume step, `REQUOTE` beyond `deviation`, `FROZEN` inside the
    freeze level, `TRADE_DISABLED`, `MARKET_CLOSED` or `NO_QUOTES` when the symbol cannot be traded now,
    `REJECTED` by a fault that was asked for.

    Example:
        ```
        close_position.sync(2, client=client, volume=0.05)
        ```

    Args:
        ticket: Ticket of the position.
        client: The client to ask with.
        volume: How much to close, in lots. Absent, all of it.
        deviation: How many points worse than the quote at arrival the price may be. Absent, any
            price.
        client_order_id: Your own name for this request, so that it is done once: printable ASCII
            without spaces.

    Returns:
        What was closed, and what is left.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(ticket, volume, deviation, client_order_id), _result)


async def asyncio(
    ticket: int,
    *,
    client: Connection,
    volume: float | None = None,
    deviation: int | None = None,
    client_order_id: str | None = None,
) -> CloseResult:
    """Close a position. The same as `sync`, to be awaited."""
    return await client.send_async(_request(ticket, volume, deviation, client_order_id), _result)
