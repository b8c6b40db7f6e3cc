# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""Get the equity curve: `GET /api/account/equity`."""

import datetime
from typing import Any

from ...connection import Connection
from ...models.equity_point import EquityPoint
from ...request import Request
from ...types import format_time


def _request(from_: datetime.datetime | None, to: datetime.datetime | None, points: int) -> Request:
    params = {
        "from": None if from_ is None else format_time(from_),
        "to": None if to is None else format_time(to),
        "points": points,
    }
    return Request(
        "GET",
        "/api/account/equity",
        params={name: value for name, value in params.items() if value is not None},
        is_read=True,
    )


def _result(answer: dict[str, Any]) -> list[EquityPoint]:
    return [EquityPoint.from_dict(each) for each in answer["data"]]


def sync(
    *,
    client: Connection,
    from_: datetime.datetime | None = None,
    to: datetime.datetime | None = None,
    points: int = 100,
) -> list[EquityPoint]:
    """Get the equity curve.

    Balance and equity at `points` moments at even distances, the first and the last of which are `from`
    and `to`. What is open at a moment is valued with the quotes of that moment; the last point, up to
    now, is the account as it stands. There are no points before the account was opened and none in the
    future. Of quotes that were pushed, past ones are known to the minute.

    Example:
        ```
        get_equity.sync(
            client=client,
            from_=datetime.fromisoformat("2026-03-02T09:00:00Z"),
            to=datetime.fromisoformat("2026-03-02T10:00:00Z"),
        )
        ```

    Args:
        client: The client to ask with.
        from_: Market time of the first point. Absent or earlier, when the account was opened.
        to: Market time of the last point. Absent or in the future, now.
        points: Most points in the answer.

    Returns:
        The points of the curve.

    Raises:
        errors.TradynError: It was not done; the class says why.
    """
    return client.send(_request(from_, to, points), _result)


async def asyncio(
    *,
    client: Connection,
    from_: datetime.datetime | None = None,
    to: datetime.datetime | None = None,
    points: int = 100,
) -> list[EquityPoint]:
    """Get the equity curve. The same as `sync`, to be awaited."""
    return await client.send_async(_request(from_, to, points), _result)
