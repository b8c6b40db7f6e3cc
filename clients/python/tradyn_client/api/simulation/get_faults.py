# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Get the faults: `GET /api/simulation/faults`."""

from typing import Any

from ...connection import Connection
from ...models.faults import Faults
from ...request import Request


def _request() -> Request:
    return Request(
        "GET",
        "/api/simulation/faults",
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> Faults:
    return Faults.from_dict(answer["data"])


def sync(*, client: Connection) -> Faults:
    """Get the faults.

    What goes wrong on purpose at present.

    Example:
        ```
        get_faults.sync(client=client)
        ```

    Args:
        client: The client to ask with.

    Returns:
        The faults.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(), _result)


async def asyncio(*, client: Connection) -> Faults:
    """Get the faults. The same as `sync`, to be awaited."""
    return await client.send_async(_request(), _result)
