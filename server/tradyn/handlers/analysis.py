"""Tag Analysis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from tradyn import wire
from tradyn.broker.deals import Deal
from tradyn.costly_reads import CostlyReads
from tradyn.desk import Desk
from tradyn.equity import Present, equity_curve, moments
from tradyn.errors import ApiError
from tradyn.explain import explain as explain_story
from tradyn.explanation_json import explanation_json
from tradyn.handlers.orders import read_order
from tradyn.handlers.trading import read_trade
from tradyn.market_driver import MarketDriver
from tradyn.statistics import Tally

__all__ = ["explain", "get_equity", "get_statistics", "preview_trade"]

Json = dict[str, Any]

_PAGE = 500


async def preview_trade(desk: Desk, token_info: Json, body: Json) -> Json:
    """What a trade or an order would need, and the refusal it would get; nothing is done."""
    account = desk.account(token_info["login"])
    command = read_trade(body) if "action" in body else read_order(body)
    preview = desk.broker.preview(account, command, desk.now)
    view = wire.preview_json(desk.broker.market, account, body["symbol"], preview)
    await desk.durable(account.login)
    return wire.ok(view)


async def explain(desk: Desk, costly: CostlyReads, token_info: Json, ticket: int) -> Json:
    """What happened to an order, a position or a deal, and why."""
    account = desk.account(token_info["login"])
    await desk.durable(account.login)
    async with costly:
        story = await desk.journal.story(account.login, ticket)
        if not story:
            raise ApiError("NOT_FOUND", f"There is no order, position or deal {ticket}")
        market = desk.broker.market
        return wire.ok(
            explanation_json(market.instruments, explain_story(market, account, story, ticket, desk.now))
        )


async def get_statistics(
    desk: Desk,
    costly: CostlyReads,
    token_info: Json,
    from_: str | None = None,
    to: str | None = None,
    symbol: str | None = None,
) -> Json:
    """The figures of a trading report, from the account's deals."""
    account = desk.account(token_info["login"])
    if symbol is not None:
        desk.instrument(symbol)
    tally = Tally(since=wire.optional_read_time(from_), symbol=symbol)
    await desk.durable(account.login)
    async with costly:
        async for deal in _deals(desk, account.login, until=wire.optional_read_time(to)):
            tally.add(deal)
    return wire.ok(wire.statistics_json(account, tally.result()))


async def _deals(desk: Desk, login: int, until: int | None) -> AsyncIterator[Deal]:
    after = 0
    while True:
        found = await desk.journal.deals(
            login, symbol=None, since=None, until=until, after=after, limit=_PAGE, descending=False
        )
        for _, deal in found:
            yield deal
        if len(found) < _PAGE:
            return
        after = found[-1][0]
        # A long history is not to keep others waiting.
        await asyncio.sleep(0)


async def get_equity(
    desk: Desk,
    market: MarketDriver,
    costly: CostlyReads,
    token_info: Json,
    points: int,
    from_: str | None = None,
    to: str | None = None,
) -> Json:
    """Balance and equity over time."""
    account = desk.account(token_info["login"])
    broker = desk.broker.market
    present = Present(desk.now, account.version, dict(broker.quotes))
    await desk.durable(account.login)
    since, until = wire.optional_read_time(from_), wire.optional_read_time(to)
    (opened,) = await desk.journal.read(account.login, 0, 1)
    times = moments(
        opened.time if since is None else max(since, opened.time),
        present.now if until is None else min(until, present.now),
        points,
    )
    async with costly:
        curve = await equity_curve(
            desk.journal, broker.instruments, account.login, times, present, market.quotes_at
        )
    return wire.ok(wire.equity_json(account, curve))
