"""What a statement shows, asked of the API and of nothing else.

So a running server, a data folder at rest and a replay have the same. The deals sum to the balance.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Any, Final

from tradyn import wire

__all__ = [
    "Get",
    "Json",
    "Statement",
    "account_sum",
    "amount_of",
    "balances",
    "plain",
    "read_statement",
]

Json = dict[str, Any]
Get = Callable[[str, Mapping[str, Any]], Awaitable[Json]]
"""A GET request: path and query parameters → the envelope of a success."""

_POINTS: Final = 400
_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a statement shows, as the contract's objects, amounts as JSON numbers.

    Attributes:
        equity: the curve's points, oldest first.
        deals: all of them, oldest first.
        price_digits: symbol → decimal places of its prices.
    """

    account: Json
    statistics: Json
    equity: Sequence[Json]
    positions: Sequence[Json]
    orders: Sequence[Json]
    deals: Sequence[Json]
    price_digits: Mapping[str, int]


async def read_statement(get: Get) -> Statement:
    """Ask for everything; again if a deal was done meanwhile, so that all of it fits together."""
    symbols = (await get("/api/symbols", {}))["data"]
    for _ in range(_ATTEMPTS):
        statement = Statement(
            deals=await _read_pages(get, "/api/account/history"),
            orders=await _read_pages(get, "/api/orders"),
            statistics=(await get("/api/account/statistics", {}))["data"],
            equity=(await get("/api/account/equity", {"points": _POINTS}))["data"],
            positions=(await get("/api/positions", {}))["data"],
            account=(await get("/api/account", {}))["data"],
            price_digits={each["symbol"]: each["digits"] for each in symbols},
        )
        if sum(map(amount_of, statement.deals), Decimal(0)) == wire.decimal(statement.account["balance"]):
            break
    return statement


async def _read_pages(get: Get, path: str) -> list[Json]:
    items: list[Json] = []
    query: Json = {"limit": 1000}
    while True:
        page = await get(path, query)
        items += page["data"]
        if page["next_cursor"] is None:
            return items
        query["cursor"] = page["next_cursor"]


def amount_of(deal: Json) -> Decimal:
    """By how much a deal changed the balance."""
    return wire.decimal(deal["profit"]) + wire.decimal(deal["swap"]) + wire.decimal(deal["commission"])


def balances(deals: Iterable[Json]) -> Iterator[Decimal]:
    """The balance after each deal."""
    return accumulate(map(amount_of, deals))


def account_sum(account: Json) -> list[tuple[str, Decimal]]:
    """What an account's equity is made of, and at the end the equity itself: names and amounts.

    The credit is left out where there is none.
    """
    balance, credit, profit, equity = (
        wire.decimal(account[name]) for name in ("balance", "credit", "profit", "equity")
    )
    swap = equity - balance - credit - profit
    return [
        ("Balance", balance),
        *([("Credit", credit)] if credit else []),
        ("Floating profit", profit),
        ("Floating swap", swap),
        ("Equity", equity),
    ]


def plain(value: float | int | None, digits: int | None = None) -> str:
    """A number for programs; without `digits` as short as it is exact."""
    if value is None:
        return ""
    return f"{wire.decimal(value):f}" if digits is None else f"{wire.decimal(value):.{digits}f}"
