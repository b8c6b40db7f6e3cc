# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Get the faults: `GET /api/simulation/faults`."""

from typing import Any

from ...client import Client, Request
from ...models.faults import Faults


def _request() -> Request:
    return Request(
        "GET",
        "/api/simulation/faults",
    )


def _result(answer: dict[str, Any]) -> Faults:
    return Faults.from_dict(answer["data"])


def sync(*, client: Client) -> Faults:
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


async def asyncio(*, client: Client) -> Faults:
    """Get the faults. The same as `sync`, to be awaited."""
    return await client.send_async(_request(), _result)
