# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Is the server ready?: `GET /health/ready`."""

from typing import Any

from ...connection import Connection
from ...models.health import Health
from ...request import Request


def _request() -> Request:
    return Request(
        "GET",
        "/health/ready",
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> Health:
    return Health.from_dict(answer["data"])


def sync(*, client: Connection) -> Health:
    """Is the server ready?

    Answers 200 when requests can be served, and 503 while the server is starting, stopping, or cannot
    write its journal.

    Example:
        ```
        get_readiness.sync(client=client)
        ```

    Args:
        client: The client to ask with.

    Returns:
        It is ready.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(), _result)


async def asyncio(*, client: Connection) -> Health:
    """Is the server ready? The same as `sync`, to be awaited."""
    return await client.send_async(_request(), _result)
