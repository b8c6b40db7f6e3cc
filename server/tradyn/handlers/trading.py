"""Tag Trading."""

from __future__ import annotations

from typing import Any, Final

from tradyn import wire
from tradyn.broker.commands import CloseAll, CloseResultFilter, PlaceMarketOrder
from tradyn.broker.orders import Side
from tradyn.broker.transactions import PositionReduced
from tradyn.desk import Desk

__all__ = ["close_all", "read_trade", "trade"]

Json = dict[str, Any]

# To ask the class for its member takes several times as long.
_SIDES: Final = {side.value: side for side in Side}


async def trade(desk: Desk, token_info: Json, body: Json) -> Json:
    """Buy or sell at the market."""
    account = desk.account(token_info["login"])
    outcome = await desk.execute(account.login, read_trade(body), "trade", token_info["recheck"])
    return wire.ok(wire.trade_result_json(desk.broker.market, account, outcome.transactions[0].event))


async def close_all(desk: Desk, token_info: Json, body: Json | None = None) -> Json:
    """Close every position that matches."""
    account = desk.account(token_info["login"])
    wanted = body or {}
    side = wanted.get("type")
    command = CloseAll(
        symbol=wanted.get("symbol"),
        side=None if side is None else Side(side),
        result=CloseResultFilter(wanted.get("result", "all")),
        client_order_id=wanted.get("client_order_id"),
    )
    outcome = await desk.execute(account.login, command, "closeAll", token_info["recheck"])
    return wire.ok(
        {
            "closed": [
                wire.close_result_json(desk.broker.market, account, each.event)
                for each in outcome.transactions
                if isinstance(each.event, PositionReduced)
            ],
            "failed": [wire.close_failure_json(each) for each in outcome.failures],
        }
    )


def read_trade(body: Json) -> PlaceMarketOrder:
    """TradeRequest."""
    return PlaceMarketOrder(
        symbol=body["symbol"],
        side=_SIDES[body["action"]],
        volume=wire.decimal(body["volume"]),
        sl=wire.optional_decimal(body.get("sl")),
        tp=wire.optional_decimal(body.get("tp")),
        deviation=body.get("deviation"),
        magic=body.get("magic", 0),
        comment=body.get("comment", ""),
        client_order_id=body.get("client_order_id"),
    )
