# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Preview a trade or an order: `POST /api/trade/preview`."""

from typing import Any

from ...connection import Connection
from ...models.order_request import OrderRequest
from ...models.preview import Preview
from ...models.trade_request import TradeRequest
from ...request import Request


def _request(body: TradeRequest | OrderRequest) -> Request:
    return Request(
        "POST",
        "/api/trade/preview",
        json=body.to_dict(),
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> Preview:
    return Preview.from_dict(answer["data"])


def sync(*, client: Connection, body: TradeRequest | OrderRequest) -> Preview:
    """Preview a trade or an order.

    Takes the body of `POST /api/trade` or `POST /api/orders` and says what would come of it now: the
    price, the margin, and the refusal it would get. Nothing is done, and the answer is 200 either way.
    A `client_order_id` in the body is not used up.

    Example:
        ```
        preview_trade.sync(
            client=client,
            body=TradeRequest(symbol="EURUSD", action=Side.BUY, volume=0.1, sl=1.08, tp=1.095),
        )
        ```

    Args:
        client: The client to ask with.
        body: The body of a trade or of an order.

    Returns:
        What would come of it.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(body), _result)


async def asyncio(*, client: Connection, body: TradeRequest | OrderRequest) -> Preview:
    """Preview a trade or an order. The same as `sync`, to be awaited."""
    return await client.send_async(_request(body), _result)
