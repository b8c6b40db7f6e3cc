# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Get a symbol: `GET /api/symbols/{symbol}`."""

from typing import Any
from urllib.parse import quote

from ...connection import Connection
from ...models.symbol import Symbol
from ...request import Request


def _request(symbol: str) -> Request:
    return Request(
        "GET",
        f"/api/symbols/{quote(symbol, safe='')}",
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> Symbol:
    return Symbol.from_dict(answer["data"])


def sync(symbol: str, *, client: Connection) -> Symbol:
    """Get a symbol.

    The specification of one symbol: digits, contract, volumes, margin, swap and sessions.

    Example:
        ```
        get_symbol.sync("EURUSD", client=client)
        ```

    Args:
        symbol: Name of the symbol, in its exact spelling.
        client: The client to ask with.

    Returns:
        The symbol.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(symbol), _result)


async def asyncio(symbol: str, *, client: Connection) -> Symbol:
    """Get a symbol. The same as `sync`, to be awaited."""
    return await client.send_async(_request(symbol), _result)
