# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Get a position: `GET /api/positions/{ticket}`."""

from typing import Any

from ...client import Client
from ...models.position import Position


def _request(ticket: int) -> dict[str, Any]:
    return {
        "method": "GET",
        "url": f"/api/positions/{ticket}",
    }


def _result(answer: dict[str, Any]) -> Position:
    return Position.from_dict(answer["data"])


def sync(ticket: int, *, client: Client) -> Position:
    """Get a position.

    One open position at the present quote. A closed one answers 404; look for its deals in the history.

    Args:
        ticket: Ticket of the position.
        client: The client to ask with.

    Returns:
        The position.

    Raises:
        errors.TradynError: The server said no; the class says why.
        httpx.TransportError: There was no answer.
    """
    return client.send(_request(ticket), _result)


async def asyncio(ticket: int, *, client: Client) -> Position:
    """Get a position. The same as `sync`, to be awaited."""
    return await client.send_async(_request(ticket), _result)
