# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Move a position's stops: `PATCH /api/positions/{ticket}`."""

from typing import Any

from ...connection import Connection
from ...models.modify_position_request import ModifyPositionRequest
from ...models.position import Position
from ...request import Request


def _request(ticket: int, body: ModifyPositionRequest) -> Request:
    return Request(
        "PATCH",
        f"/api/positions/{ticket}",
        json=body.to_dict(),
    )


def _result(answer: dict[str, Any]) -> Position:
    return Position.from_dict(answer["data"])


def sync(ticket: int, *, client: Connection, body: ModifyPositionRequest) -> Position:
    """Move a position's stops.

    Sets, moves or clears stop loss, take profit and trailing stop. What is absent stays as it is;
    `null` or 0 clears it.

    With a `trailing_stop` of so many points the stop loss follows the market: it waits until the profit
    has reached that distance, then keeps it behind the price (long: bid, short: ask), and never moves
    back.

    Refused with `POSITION_CLOSED` when the position is no longer open, `TRADE_DISABLED`,
    `MARKET_CLOSED` and `NO_QUOTES` when the symbol cannot be traded now, `INVALID_ORDER` when it takes
    no such stops, `NO_CHANGES` when everything already is as asked, `INVALID_STOPS` when a level is on
    the wrong side of the market or nearer than `stops_level`, `FROZEN` inside the freeze level,
    `REJECTED` by a fault that was asked for.

    Example:
        ```
        modify_position.sync(2, client=client, body=ModifyPositionRequest(sl=1.085, tp=1.098))
        ```

    Args:
        ticket: Ticket of the position.
        client: The client to ask with.
        body: New stops. What is absent stays as it is.

    Returns:
        The position with its new stops.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(ticket, body), _result)


async def asyncio(ticket: int, *, client: Connection, body: ModifyPositionRequest) -> Position:
    """Move a position's stops. The same as `sync`, to be awaited."""
    return await client.send_async(_request(ticket, body), _result)
