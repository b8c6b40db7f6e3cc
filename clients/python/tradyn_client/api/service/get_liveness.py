# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Is the server alive?: `GET /health/live`."""

from typing import Any

from ...connection import Connection
from ...models.health import Health
from ...request import Request


def _request() -> Request:
    return Request(
        "GET",
        "/health/live",
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> Health:
    return Health.from_dict(answer["data"])


def sync(*, client: Connection) -> Health:
    """Is the server alive?

    Answers as long as the process does its work. If it does not answer, start the server again.

    Example:
        ```
        get_liveness.sync(client=client)
        ```

    Args:
        client: The client to ask with.

    Returns:
        It is alive.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(), _result)


async def asyncio(*, client: Connection) -> Health:
    """Is the server alive? The same as `sync`, to be awaited."""
    return await client.send_async(_request(), _result)
