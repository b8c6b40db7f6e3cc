# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Change the market's clock: `PATCH /api/simulation/clock`."""

from typing import Any

from ...connection import Connection
from ...models.clock import Clock
from ...models.clock_update import ClockUpdate
from ...request import Request


def _request(body: ClockUpdate) -> Request:
    return Request(
        "PATCH",
        "/api/simulation/clock",
        json=body.to_dict(),
    )


def _result(answer: dict[str, Any]) -> Clock:
    return Clock.from_dict(answer["data"])


def sync(*, client: Connection, body: ClockUpdate) -> Clock:
    """Change the market's clock.

    Stops, starts or speeds up market time, or sets it. What is absent stays as it is.

    Setting `now` jumps: orders whose time has come expire and swaps are charged, but no quotes are made
    on the way (`POST /api/simulation/clock/advance` makes them). Setting it back, or more than 366 days
    ahead, is refused with `INVALID_TIME`.

    Example:
        ```
        update_clock.sync(client=client, body=ClockUpdate(mode=ClockMode.MANUAL))
        ```

    Args:
        client: The client to ask with.
        body: Changes to the clock. What is absent stays as it is.

    Returns:
        The clock as it is now.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(body), _result)


async def asyncio(*, client: Connection, body: ClockUpdate) -> Clock:
    """Change the market's clock. The same as `sync`, to be awaited."""
    return await client.send_async(_request(body), _result)
