# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Push quotes into the market: `POST /api/simulation/quotes`."""

from typing import Any

from ...client import Client
from ...models.push_quotes_request import PushQuotesRequest
from ...models.pushed_quotes import PushedQuotes


def _request(body: PushQuotesRequest) -> dict[str, Any]:
    return {
        "method": "POST",
        "url": "/api/simulation/quotes",
        "json": body.to_dict(),
    }


def _result(answer: dict[str, Any]) -> PushedQuotes:
    return PushedQuotes.from_dict(answer["data"])


def sync(*, client: Client, body: PushQuotesRequest) -> PushedQuotes:
    """Push quotes into the market.

    Puts quotes into the market, one after the other; after each one everything that it triggers is
    done. In manual mode the clock moves to each quote's `time`.

    All or none: when one of them is refused, none is taken. Refused are an unknown symbol
    (`UNKNOWN_SYMBOL`), a bid above the ask (`INVALID_PRICE`), a time that goes backwards
    (`INVALID_TIME`), and a time at which the symbol is out of session (`MARKET_CLOSED`): there quotes
    stand still, whoever has them. The body may have 2 MiB.

    Args:
        client: The client to ask with.
        body: Quotes to be taken in this order.

    Returns:
        How many were taken.

    Raises:
        errors.TradynError: The server said no; the class says why.
        httpx.TransportError: There was no answer.
    """
    return client.send(_request(body), _result)


async def asyncio(*, client: Client, body: PushQuotesRequest) -> PushedQuotes:
    """Push quotes into the market. The same as `sync`, to be awaited."""
    return await client.send_async(_request(body), _result)
