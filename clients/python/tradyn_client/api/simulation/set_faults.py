# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Set the faults: `PUT /api/simulation/faults`."""

from typing import Any

from ...connection import Connection
from ...models.faults import Faults
from ...models.faults_request import FaultsRequest
from ...request import Request


def _request(body: FaultsRequest) -> Request:
    return Request(
        "PUT",
        "/api/simulation/faults",
        json=body.to_dict(),
    )


def _result(answer: dict[str, Any]) -> Faults:
    return Faults.from_dict(answer["data"])


def sync(*, client: Connection, body: FaultsRequest) -> Faults:
    """Set the faults.

    Replaces all faults. What is absent takes its default, so an empty object `{}` clears them all.
    Faults touch the operations of the Tradyn Terminal and Analysis, never API Keys, Accounts,
    Simulation and Service.

    To have one request fail and no other, set a rate of 1, send it, and clear the faults before you
    send it again.

    Example:
        ```
        set_faults.sync(
            client=client,
            body=FaultsRequest(
                latency_ms=250,
                lost_reply_rate=0.01,
                disconnects=[
                    Disconnect(
                        from_=datetime.fromisoformat("2026-03-02T12:00:00.000Z"),
                        to=datetime.fromisoformat("2026-03-02T12:05:00.000Z"),
                    )
                ],
                seed=7,
            ),
        )
        ```

    Args:
        client: The client to ask with.
        body: What shall go wrong on purpose. What is absent takes its default.

    Returns:
        The faults as they are now.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(body), _result)


async def asyncio(*, client: Connection, body: FaultsRequest) -> Faults:
    """Set the faults. The same as `sync`, to be awaited."""
    return await client.send_async(_request(body), _result)
