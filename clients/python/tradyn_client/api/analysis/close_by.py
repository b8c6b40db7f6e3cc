# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Close a position by an opposite one: `POST /api/positions/{ticket}/close-by`."""

from typing import Any

from ...connection import Connection
from ...models.close_by_request import CloseByRequest
from ...models.close_by_result import CloseByResult
from ...request import Request


def _request(ticket: int, body: CloseByRequest) -> Request:
    return Request(
        "POST",
        f"/api/positions/{ticket}/close-by",
        json=body.to_dict(),
        names="json",
    )


def _result(answer: dict[str, Any]) -> CloseByResult:
    return CloseByResult.from_dict(answer["data"])


def sync(ticket: int, *, client: Connection, body: CloseByRequest) -> CloseByResult:
    """Close a position by an opposite one.

    Closes two opposite positions of one symbol against each other, without paying the spread: each at
    the opening price of the other. The smaller volume governs; what is left of the larger keeps its
    ticket. Two deals come of it, both with the entry `out_by`; the first has the whole profit.

    Refused with `POSITION_CLOSED` when either position is no longer open, `INVALID_ORDER` when they are
    not opposite positions of one symbol, `FROZEN` inside the freeze level of either, `TRADE_DISABLED`,
    `MARKET_CLOSED` or `NO_QUOTES` when the symbol cannot be traded now, `REJECTED` by a fault that was
    asked for.

    Example:
        ```
        close_by.sync(2, client=client, body=CloseByRequest(opposite=7))
        ```

    Args:
        ticket: Ticket of the position.
        client: The client to ask with.
        body: Which position to close by.

    Returns:
        The two deals, and the position that remains.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(ticket, body), _result)


async def asyncio(ticket: int, *, client: Connection, body: CloseByRequest) -> CloseByResult:
    """Close a position by an opposite one. The same as `sync`, to be awaited."""
    return await client.send_async(_request(ticket, body), _result)
