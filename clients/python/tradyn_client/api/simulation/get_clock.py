# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Get the market's clock: `GET /api/simulation/clock`."""

from typing import Any

from ...connection import Connection
from ...models.clock import Clock
from ...request import Request


def _request() -> Request:
    return Request(
        "GET",
        "/api/simulation/clock",
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> Clock:
    return Clock.from_dict(answer["data"])


def sync(*, client: Connection) -> Clock:
    """Get the market's clock.

    How market time passes, and what time it is in the market.

    Example:
        ```
        get_clock.sync(client=client)
        ```

    Args:
        client: The client to ask with.

    Returns:
        The clock.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(), _result)


async def asyncio(*, client: Connection) -> Clock:
    """Get the market's clock. The same as `sync`, to be awaited."""
    return await client.send_async(_request(), _result)
