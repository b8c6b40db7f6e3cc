# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Get candles: `GET /api/candles/{symbol}`."""

import datetime
from typing import Any
from urllib.parse import quote

from ...connection import Connection
from ...models.candle import Candle
from ...models.timeframe import Timeframe
from ...request import Request
from ...types import format_time


def _request(
    symbol: str,
    timeframe: Timeframe,
    count: int,
    from_: datetime.datetime | None,
    to: datetime.datetime | None,
) -> Request:
    params = {
        "timeframe": timeframe,
        "count": count,
        "from": None if from_ is None else format_time(from_),
        "to": None if to is None else format_time(to),
    }
    return Request(
        "GET",
        f"/api/candles/{quote(symbol, safe='')}",
        params={name: value for name, value in params.items() if value is not None},
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> list[Candle]:
    return [Candle.from_dict(each) for each in answer["data"]]


def sync(
    symbol: str,
    *,
    client: Connection,
    timeframe: Timeframe = Timeframe.H1,
    count: int = 100,
    from_: datetime.datetime | None = None,
    to: datetime.datetime | None = None,
) -> list[Candle]:
    """Get candles.

    Candles of bid prices, oldest first, at most `count`. With `from` they are the first ones that open
    at or after it; without, the last ones before `to` or up to now. The candle of the present is still
    forming. Periods without a quote have no candle.

    Example:
        ```
        get_candles.sync("EURUSD", client=client, timeframe=Timeframe.H1, count=2)
        ```

    Args:
        symbol: Name of the symbol, in its exact spelling.
        client: The client to ask with.
        timeframe: Length of a candle: minutes (M), hours (H), a day from 00:00 UTC (D1), a week
            (W1), a calendar month (MN1).
        count: Most candles in the answer.
        from_: Only candles that open at or after this market time.
        to: Only candles that open before this market time. Absent, up to now.

    Returns:
        The candles.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(symbol, timeframe, count, from_, to), _result)


async def asyncio(
    symbol: str,
    *,
    client: Connection,
    timeframe: Timeframe = Timeframe.H1,
    count: int = 100,
    from_: datetime.datetime | None = None,
    to: datetime.datetime | None = None,
) -> list[Candle]:
    """Get candles. The same as `sync`, to be awaited."""
    return await client.send_async(_request(symbol, timeframe, count, from_, to), _result)
