# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""List the symbols: `GET /api/symbols`."""

from typing import Any

from ...connection import Connection
from ...models.symbol import Symbol
from ...request import Request


def _request() -> Request:
    return Request(
        "GET",
        "/api/symbols",
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> list[Symbol]:
    return [Symbol.from_dict(each) for each in answer["data"]]


def sync(*, client: Connection) -> list[Symbol]:
    """List the symbols.

    Every symbol of the server with its specification, in the order of their names. The list is never
    paged.

    Example:
        ```
        list_symbols.sync(client=client)
        ```

    Args:
        client: The client to ask with.

    Returns:
        The symbols.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(), _result)


async def asyncio(*, client: Connection) -> list[Symbol]:
    """List the symbols. The same as `sync`, to be awaited."""
    return await client.send_async(_request(), _result)
