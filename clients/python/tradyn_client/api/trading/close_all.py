# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Close many positions: `POST /api/trade/close-all`."""

from typing import Any

from ...connection import Connection
from ...models.close_all_request import CloseAllRequest
from ...models.close_all_result import CloseAllResult
from ...request import Request


def _request(body: CloseAllRequest | None) -> Request:
    return Request(
        "POST",
        "/api/trade/close-all",
        json=None if body is None else body.to_dict(),
        names="json",
    )


def _result(answer: dict[str, Any]) -> CloseAllResult:
    return CloseAllResult.from_dict(answer["data"])


def sync(*, client: Connection, body: CloseAllRequest | None = None) -> CloseAllResult:
    """Close many positions.

    Closes every open position that fits all of `symbol`, `type` and `result`; without a body, every
    one. Each position is closed by itself, in the order of tickets, and one that cannot be closed does
    not stop the others: the answer is 200 and lists it under `failed`. Pending orders are not touched.

    Refused as a whole, with nothing closed, are an `UNKNOWN_SYMBOL` and, by a fault that was asked for,
    `REJECTED`.

    Example:
        ```
        close_all.sync(
            client=client,
            body=CloseAllRequest(
                symbol="EURUSD", result=PositionResult.WINNING, client_order_id="take-it"
            ),
        )
        ```

    Args:
        client: The client to ask with.
        body: Which positions to close: by symbol, long (`buy`) or short (`sell`), by result. What
            is absent does not narrow the choice.

    Returns:
        What was closed, and what was not.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(body), _result)


async def asyncio(*, client: Connection, body: CloseAllRequest | None = None) -> CloseAllResult:
    """Close many positions. The same as `sync`, to be awaited."""
    return await client.send_async(_request(body), _result)
