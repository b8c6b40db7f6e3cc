# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Get the faults: `GET /api/simulation/faults`."""

from typing import Any

from ...client import Client
from ...models.faults import Faults


def _request() -> dict[str, Any]:
    return {
        "method": "GET",
        "url": "/api/simulation/faults",
    }


def _result(answer: dict[str, Any]) -> Faults:
    return Faults.from_dict(answer["data"])


def sync(*, client: Client) -> Faults:
    """Get the faults.

    What goes wrong on purpose at present.

    Args:
        client: The client to ask with.

    Returns:
        The faults.

    Raises:
        errors.TradynError: The server said no; the class says why.
        httpx.TransportError: There was no answer.
    """
    return client.send(_request(), _result)


async def asyncio(*, client: Client) -> Faults:
    """Get the faults. The same as `sync`, to be awaited."""
    return await client.send_async(_request(), _result)
