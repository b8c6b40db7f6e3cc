# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Push quotes into the market: `POST /api/simulation/quotes`."""

from typing import Any

from ...connection import Connection
from ...models.push_quotes_request import PushQuotesRequest
from ...models.pushed_quotes import PushedQuotes
from ...request import Request


def _request(body: PushQuotesRequest) -> Request:
    return Request(
        "POST",
        "/api/simulation/quotes",
        json=body.to_dict(),
    )


def _result(answer: dict[str, Any]) -> PushedQuotes:
    return PushedQuotes.from_dict(answer["data"])


def sync(*, client: Connection, body: PushQuotesRequest) -> PushedQuotes:
    """Push quotes into the market.

    Puts quotes into the market, one after the other; after each one everything that it triggers is
    done. In manual mode the clock moves to each quote's `time`. The feed goes on afterwards: its next
    quote takes the place of yours. In manual mode it makes quotes only when the clock is moved.

    All or none: when one of them is refused, none is taken. Refused are an unknown symbol
    (`UNKNOWN_SYMBOL`), a bid above the ask (`INVALID_PRICE`), a time that goes backwards
    (`INVALID_TIME`), and a time at which the symbol is out of session (`MARKET_CLOSED`): there quotes
    stand still, whoever has them. The body may have 2 MiB.

    Example:
        ```
        push_quotes.sync(
            client=client,
            body=PushQuotesRequest(
                quotes=[
                    PushedQuote(
                        symbol="EURUSD",
                        bid=1.0885,
                        ask=1.08858,
                        time=datetime.fromisoformat("2026-03-02T10:00:00Z"),
                    ),
                    PushedQuote(
                        symbol="EURUSD",
                        bid=1.08847,
                        ask=1.08855,
                        time=datetime.fromisoformat("2026-03-02T10:00:01Z"),
                    ),
                ]
            ),
        )
        ```

    Args:
        client: The client to ask with.
        body: Quotes to be taken in this order.

    Returns:
        How many were taken.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(body), _result)


async def asyncio(*, client: Connection, body: PushQuotesRequest) -> PushedQuotes:
    """Push quotes into the market. The same as `sync`, to be awaited."""
    return await client.send_async(_request(body), _result)
