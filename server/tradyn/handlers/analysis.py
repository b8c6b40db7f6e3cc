"""Tag Analysis."""

from __future__ import annotations

from typing import Any

from tradyn import wire
from tradyn.desk import Desk
from tradyn.errors import ApiError
from tradyn.explain import explain as explain_story
from tradyn.explanation_json import explanation_json
from tradyn.handlers.orders import read_order
from tradyn.handlers.trading import read_trade

__all__ = ["explain", "preview_trade"]

Json = dict[str, Any]


async def preview_trade(desk: Desk, token_info: Json, body: Json) -> Json:
    """What a trade or an order would need, and the refusal it would get; nothing is done."""
    account = desk.account(token_info["login"])
    command = read_trade(body) if "action" in body else read_order(body)
    preview = desk.broker.preview(account, command, desk.now)
    view = wire.preview_json(desk.broker.market, account, body["symbol"], preview)
    await desk.durable(account.login)
    return wire.ok(view)


async def explain(desk: Desk, token_info: Json, ticket: int) -> Json:
    """What happened to an order, a position or a deal, and why."""
    account = desk.account(token_info["login"])
    await desk.durable(account.login)
    story = await desk.journal.story(account.login, ticket)
    if not story:
        raise ApiError("NOT_FOUND", f"There is no order, position or deal {ticket}")
    market = desk.broker.market
    return wire.ok(
        explanation_json(market.instruments, explain_story(market, account, story, ticket, desk.now))
    )
