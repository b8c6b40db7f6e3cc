# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Get trading statistics: `GET /api/account/statistics`."""

import datetime
from typing import Any

from ...connection import Connection
from ...models.statistics import Statistics
from ...request import Request
from ...types import format_time


def _request(from_: datetime.datetime | None, to: datetime.datetime | None, symbol: str | None) -> Request:
    params = {
        "from": None if from_ is None else format_time(from_),
        "to": None if to is None else format_time(to),
        "symbol": symbol,
    }
    return Request(
        "GET",
        "/api/account/statistics",
        params={name: value for name, value in params.items() if value is not None},
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> Statistics:
    return Statistics.from_dict(answer["data"])


def sync(
    *,
    client: Connection,
    from_: datetime.datetime | None = None,
    to: datetime.datetime | None = None,
    symbol: str | None = None,
) -> Statistics:
    """Get trading statistics.

    The figures of MetaTrader 5's report, from the account's deals. A *trade* is a deal that closes a
    position or a part of it (`out`, `out_by`); its result is profit + swap + commission of that deal,
    and a result of zero counts as a profit. The commission of an opening deal is part of `gross_loss`,
    but of no trade. Deposits, withdrawals and corrections are neither profit nor drawdown.

    With `from` and `to` only that period counts, beginning with the balance it found. With `symbol`
    only its deals count; what other deals did to the balance is passed over. A figure that is not
    defined, such as a profit factor without a loss, is null.

    Example:
        ```
        get_statistics.sync(
            client=client,
            from_=datetime.fromisoformat("2026-03-02T00:00:00Z"),
            to=datetime.fromisoformat("2026-03-03T00:00:00Z"),
        )
        ```

    Args:
        client: The client to ask with.
        from_: Only deals at or after this market time. Absent, from the beginning.
        to: Only deals before this market time. Absent, up to now.
        symbol: Only what belongs to this symbol. An unknown one is answered 400 `UNKNOWN_SYMBOL`.

    Returns:
        The statistics.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(from_, to, symbol), _result)


async def asyncio(
    *,
    client: Connection,
    from_: datetime.datetime | None = None,
    to: datetime.datetime | None = None,
    symbol: str | None = None,
) -> Statistics:
    """Get trading statistics. The same as `sync`, to be awaited."""
    return await client.send_async(_request(from_, to, symbol), _result)
