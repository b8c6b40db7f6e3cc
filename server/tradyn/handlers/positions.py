"""Tag Positions."""

from __future__ import annotations

from typing import Any

from tradyn import wire
from tradyn.broker.commands import UNCHANGED, CloseBy, ClosePosition, ModifyPosition
from tradyn.broker.transactions import PositionReduced
from tradyn.desk import Desk
from tradyn.errors import ApiError
from tradyn.views import Views, position_view

__all__ = ["close_by", "close_position", "get_position", "list_positions", "modify_position"]

Json = dict[str, Any]


async def list_positions(desk: Desk, views: Views, token_info: Json, symbol: str | None = None) -> Json:
    """The open positions."""
    account = desk.account(token_info["login"])
    if symbol is not None:
        desk.instrument(symbol)
    envelope: Json = views.positions(account)
    if symbol is not None:
        envelope = wire.ok([each for each in envelope["data"] if each["symbol"] == symbol])
    await desk.durable(account.login)
    return envelope


async def get_position(desk: Desk, token_info: Json, ticket: int) -> Json:
    """One open position."""
    account = desk.account(token_info["login"])
    position = account.positions.get(ticket)
    if position is None:
        await desk.durable(account.login)
        raise ApiError("NOT_FOUND", f"There is no open position {ticket}")
    view = position_view(desk, account, position)
    await desk.durable(account.login)
    return wire.ok(view)


async def modify_position(desk: Desk, token_info: Json, ticket: int, body: Json) -> Json:
    """Change the stops of a position."""
    account = desk.account(token_info["login"])
    command = ModifyPosition(
        ticket=ticket,
        sl=wire.optional_decimal(body["sl"]) if "sl" in body else UNCHANGED,
        tp=wire.optional_decimal(body["tp"]) if "tp" in body else UNCHANGED,
        trailing_stop=body.get("trailing_stop", UNCHANGED),
    )
    outcome = await desk.execute(account.login, command, "modifyPosition", token_info["recheck"])
    return wire.ok(position_view(desk, account, outcome.transactions[0].event.position))


async def close_position(
    desk: Desk,
    token_info: Json,
    ticket: int,
    volume: float | None = None,
    deviation: int | None = None,
    client_order_id: str | None = None,
) -> Json:
    """Close a position, or a part of it."""
    account = desk.account(token_info["login"])
    command = ClosePosition(
        ticket=ticket,
        volume=wire.optional_decimal(volume),
        deviation=deviation,
        client_order_id=client_order_id,
    )
    outcome = await desk.execute(account.login, command, "closePosition", token_info["recheck"])
    return wire.ok(wire.close_result_json(desk.broker.market, account, outcome.transactions[0].event))


async def close_by(desk: Desk, token_info: Json, ticket: int, body: Json) -> Json:
    """Close a position and an opposite one against each other."""
    account = desk.account(token_info["login"])
    command = CloseBy(ticket=ticket, opposite=body["opposite"], client_order_id=body.get("client_order_id"))
    outcome = await desk.execute(account.login, command, "closeBy", token_info["recheck"])
    events = [each.event for each in outcome.transactions if isinstance(each.event, PositionReduced)]
    return wire.ok(wire.close_by_result_json(desk.broker.market, account, events))
