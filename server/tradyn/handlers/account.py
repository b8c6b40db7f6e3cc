"""Tag Account."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from tradyn import wire
from tradyn.costly_reads import LONG_PAGE, CostlyReads
from tradyn.desk import Desk
from tradyn.views import Views

__all__ = ["get_account", "get_account_history"]

Json = dict[str, Any]


async def get_account(desk: Desk, views: Views, token_info: Json) -> Json:
    """The account as it stands."""
    account = desk.account(token_info["login"])
    envelope = views.account(account)
    await desk.durable(account.login)
    return envelope


async def get_account_history(
    desk: Desk,
    costly: CostlyReads,
    token_info: Json,
    limit: int,
    order: str,
    from_: str | None = None,
    to: str | None = None,
    symbol: str | None = None,
    cursor: str | None = None,
) -> Json:
    """The account's deals, page by page."""
    account = desk.account(token_info["login"])
    if symbol is not None:
        desk.instrument(symbol)
    listing = f"deals {order}"
    async with costly if limit > LONG_PAGE else nullcontext():
        found = await desk.journal.deals(
            account.login,
            symbol=symbol,
            since=wire.optional_read_time(from_),
            until=wire.optional_read_time(to),
            after=wire.read_cursor(listing, cursor),
            limit=limit + 1,
            descending=order == "desc",
        )
        data = [wire.deal_json(desk.broker.market, account, deal) for _, deal in found[:limit]]
    return wire.page(data, wire.cursor(listing, found[limit - 1][0]) if len(found) > limit else None)
