# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Get a quote: `GET /api/quotes/{symbol}`."""

from typing import Any
from urllib.parse import quote

from ...connection import Connection
from ...models.quote import Quote
from ...request import Request


def _request(symbol: str) -> Request:
    return Request(
        "GET",
        f"/api/quotes/{quote(symbol, safe='')}",
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> Quote:
    return Quote.from_dict(answer["data"])


def sync(symbol: str, *, client: Connection) -> Quote:
    """Get a quote.

    The last bid and ask of a symbol. Out of session it stands still. Refused with 400 `NO_QUOTES` when
    the symbol has had no quote yet.

    Example:
        ```
        get_quote.sync("EURUSD", client=client)
        ```

    Args:
        symbol: Name of the symbol, in its exact spelling.
        client: The client to ask with.

    Returns:
        The quote.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(symbol), _result)


async def asyncio(symbol: str, *, client: Connection) -> Quote:
    """Get a quote. The same as `sync`, to be awaited."""
    return await client.send_async(_request(symbol), _result)
