# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Let market time pass: `POST /api/simulation/clock/advance`."""

from typing import Any

from ...connection import Connection
from ...models.advance_request import AdvanceRequest
from ...models.clock import Clock
from ...request import Request


def _request(body: AdvanceRequest) -> Request:
    return Request(
        "POST",
        "/api/simulation/clock/advance",
        json=body.to_dict(),
    )


def _result(answer: dict[str, Any]) -> Clock:
    return Clock.from_dict(answer["data"])


def sync(*, client: Connection, body: AdvanceRequest) -> Clock:
    """Let market time pass.

    Moves market time on by `seconds` or `to` a moment, at most seven days, with everything that happens
    on the way: the feed's quotes, stops and orders that trigger, expirations, swaps. The answer comes
    when it is done. A `to` that lies in the past or more than seven days ahead is refused with
    `INVALID_TIME`, more `seconds` than that with `INVALID_REQUEST`.

    Example:
        ```
        advance_clock.sync(client=client, body=AdvanceRequest(seconds=3600))
        ```

    Args:
        client: The client to ask with.
        body: How far market time shall move on: either `seconds` or `to`.

    Returns:
        The clock afterwards.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(body), _result)


async def asyncio(*, client: Connection, body: AdvanceRequest) -> Clock:
    """Let market time pass. The same as `sync`, to be awaited."""
    return await client.send_async(_request(body), _result)
