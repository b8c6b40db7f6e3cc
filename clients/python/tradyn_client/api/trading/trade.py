# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Buy or sell at the market: `POST /api/trade`."""

from typing import Any

from ...connection import Connection
from ...models.trade_request import TradeRequest
from ...models.trade_result import TradeResult
from ...request import Request


def _request(body: TradeRequest) -> Request:
    return Request(
        "POST",
        "/api/trade",
        json=body.to_dict(),
        names="json",
    )


def _result(answer: dict[str, Any]) -> TradeResult:
    return TradeResult.from_dict(answer["data"])


def sync(*, client: Connection, body: TradeRequest) -> TradeResult:
    """Buy or sell at the market.

    Opens a position at once: a purchase at the ask, a sale at the bid. `ticket` in the answer is the
    position's. After a timeout, send it again with the same `client_order_id`: it is done once.

    Refused with `UNKNOWN_SYMBOL`, `TRADE_DISABLED`, `LONG_ONLY`, `SHORT_ONLY`, `CLOSE_ONLY`,
    `MARKET_CLOSED`, `NO_QUOTES`, `INVALID_ORDER`, `INVALID_VOLUME`, `LIMIT_VOLUME`, `REQUOTE`,
    `INVALID_STOPS`, `INSUFFICIENT_MARGIN` or, by a fault that was asked for, `REJECTED`.

    Example:
        ```
        trade.sync(
            client=client,
            body=TradeRequest(symbol="EURUSD", action=Side.BUY, volume=0.1, sl=1.08, tp=1.095),
        )
        ```

    Args:
        client: The client to ask with.
        body: A market order.

    Returns:
        Filled.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(body), _result)


async def asyncio(*, client: Connection, body: TradeRequest) -> TradeResult:
    """Buy or sell at the market. The same as `sync`, to be awaited."""
    return await client.send_async(_request(body), _result)
