"""Tag Analysis."""

from __future__ import annotations

from typing import Any

from tradyn import wire
from tradyn.desk import Desk
from tradyn.handlers.orders import read_order
from tradyn.handlers.trading import read_trade

__all__ = ["preview_trade"]

Json = dict[str, Any]


async def preview_trade(desk: Desk, token_info: Json, body: Json) -> Json:
    """What a trade or an order would need, and the refusal it would get; nothing is done."""
    account = desk.account(token_info["login"])
    command = read_trade(body) if "action" in body else read_order(body)
    preview = desk.broker.preview(account, command, desk.now)
    view = wire.preview_json(desk.broker.market, account, body["symbol"], preview)
    await desk.durable(account.login)
    return wire.ok(view)
