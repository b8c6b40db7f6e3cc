# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""List the open positions: `GET /api/positions`."""

from typing import Any

from ...client import Client
from ...models.position import Position


def _request(symbol: str | None) -> dict[str, Any]:
    params = {
        "symbol": symbol,
    }
    return {
        "method": "GET",
        "url": "/api/positions",
        "params": {name: value for name, value in params.items() if value is not None},
    }


def _result(answer: dict[str, Any]) -> list[Position]:
    return [Position.from_dict(each) for each in answer["data"]]


def sync(*, client: Client, symbol: str | None = None) -> list[Position]:
    """List the open positions.

    All open positions at the present quotes, in the order of their tickets. The list is never paged.

    Args:
        client: The client to ask with.
        symbol: Only what belongs to this symbol. An unknown one is answered 400 `UNKNOWN_SYMBOL`.

    Returns:
        The open positions.

    Raises:
        errors.TradynError: The server said no; the class says why.
        httpx.TransportError: There was no answer.
    """
    return client.send(_request(symbol), _result)


async def asyncio(*, client: Client, symbol: str | None = None) -> list[Position]:
    """List the open positions. The same as `sync`, to be awaited."""
    return await client.send_async(_request(symbol), _result)
