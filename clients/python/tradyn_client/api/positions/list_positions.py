# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""List the open positions: `GET /api/positions`."""

from typing import Any

from ...connection import Connection
from ...models.position import Position
from ...request import Request


def _request(symbol: str | None) -> Request:
    params = {
        "symbol": symbol,
    }
    return Request(
        "GET",
        "/api/positions",
        params={name: value for name, value in params.items() if value is not None},
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> list[Position]:
    return [Position.from_dict(each) for each in answer["data"]]


def sync(*, client: Connection, symbol: str | None = None) -> list[Position]:
    """List the open positions.

    All open positions at the present quotes, in the order of their tickets. The list is never paged.

    Example:
        ```
        list_positions.sync(client=client, symbol="EURUSD")
        ```

    Args:
        client: The client to ask with.
        symbol: Only what belongs to this symbol. An unknown one is answered 400 `UNKNOWN_SYMBOL`.

    Returns:
        The open positions.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(symbol), _result)


async def asyncio(*, client: Connection, symbol: str | None = None) -> list[Position]:
    """List the open positions. The same as `sync`, to be awaited."""
    return await client.send_async(_request(symbol), _result)
