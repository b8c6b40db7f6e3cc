# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Get a position: `GET /api/positions/{ticket}`."""

from typing import Any

from ...connection import Connection
from ...models.position import Position
from ...request import Request


def _request(ticket: int) -> Request:
    return Request(
        "GET",
        f"/api/positions/{ticket}",
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> Position:
    return Position.from_dict(answer["data"])


def sync(ticket: int, *, client: Connection) -> Position:
    """Get a position.

    One open position at the present quote. A closed one answers 404; look for its deals in the history.

    Example:
        ```
        get_position.sync(2, client=client)
        ```

    Args:
        ticket: Ticket of the position.
        client: The client to ask with.

    Returns:
        The position.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(ticket), _result)


async def asyncio(ticket: int, *, client: Connection) -> Position:
    """Get a position. The same as `sync`, to be awaited."""
    return await client.send_async(_request(ticket), _result)
