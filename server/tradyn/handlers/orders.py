"""Tag Orders."""

from __future__ import annotations

from typing import Any

from tradyn import wire
from tradyn.broker.commands import UNCHANGED, CancelOrder, ModifyOrder, PlaceOrder
from tradyn.broker.market import Quote
from tradyn.broker.orders import Order, OrderState, OrderType
from tradyn.desk import Desk
from tradyn.errors import ApiError

__all__ = ["cancel_order", "get_order", "list_orders", "modify_order", "place_order", "read_order"]

Json = dict[str, Any]


async def list_orders(
    desk: Desk, token_info: Json, state: str, limit: int, symbol: str | None = None, cursor: str | None = None
) -> Json:
    """The orders of one state: placed by ticket, ended ones as they ended."""
    login = desk.account(token_info["login"]).login
    if symbol is not None:
        desk.instrument(symbol)
    listing = f"orders {state}"
    after = wire.read_cursor(listing, cursor) or 0
    if OrderState(state) is OrderState.PLACED:
        found = _placed(desk, login, symbol, after, limit + 1)
        views = [_view(desk, order) for _, order in found[:limit]]
        await desk.durable(login)
    else:
        found = await desk.journal.orders(
            login, (OrderState(state),), symbol=symbol, after=after, limit=limit + 1
        )
        views = [_view(desk, order) for _, order in found[:limit]]
    return wire.page(views, wire.cursor(listing, found[limit - 1][0]) if len(found) > limit else None)


async def place_order(desk: Desk, token_info: Json, body: Json) -> Json:
    """Place a pending order."""
    login = desk.account(token_info["login"]).login
    outcome = await desk.execute(login, read_order(body), "placeOrder", token_info["recheck"])
    event = outcome.transactions[0].event
    return wire.ok(_view(desk, event.order, event.quote))


async def get_order(desk: Desk, token_info: Json, ticket: int) -> Json:
    """One order in whatever state."""
    login = desk.account(token_info["login"]).login
    order = await desk.order(login, ticket)
    if order is None:
        raise ApiError("NOT_FOUND", f"There is no order {ticket}")
    view = _view(desk, order)
    await desk.durable(login)
    return wire.ok(view)


async def modify_order(desk: Desk, token_info: Json, ticket: int, body: Json) -> Json:
    """Change a pending order."""
    login = desk.account(token_info["login"]).login
    command = ModifyOrder(
        ticket=ticket,
        price=wire.decimal(body["price"]) if "price" in body else UNCHANGED,
        price_stop_limit=wire.decimal(body["price_stop_limit"]) if "price_stop_limit" in body else UNCHANGED,
        sl=wire.optional_decimal(body["sl"]) if "sl" in body else UNCHANGED,
        tp=wire.optional_decimal(body["tp"]) if "tp" in body else UNCHANGED,
        expiration=wire.optional_read_time(body["expiration"]) if "expiration" in body else UNCHANGED,
    )
    outcome = await desk.execute(login, command, "modifyOrder", token_info["recheck"])
    event = outcome.transactions[0].event
    return wire.ok(_view(desk, event.order, event.quote))


async def cancel_order(desk: Desk, token_info: Json, ticket: int) -> Json:
    """Delete a pending order."""
    login = desk.account(token_info["login"]).login
    outcome = await desk.execute(login, CancelOrder(ticket=ticket), "cancelOrder", token_info["recheck"])
    return wire.ok(_view(desk, outcome.transactions[0].event.order))


def read_order(body: Json) -> PlaceOrder:
    """OrderRequest."""
    return PlaceOrder(
        symbol=body["symbol"],
        type=OrderType(body["type"]),
        volume=wire.decimal(body["volume"]),
        price=wire.decimal(body["price"]),
        price_stop_limit=wire.optional_decimal(body.get("price_stop_limit")),
        sl=wire.optional_decimal(body.get("sl")),
        tp=wire.optional_decimal(body.get("tp")),
        expiration=wire.optional_read_time(body.get("expiration")),
        magic=body.get("magic", 0),
        comment=body.get("comment", ""),
        client_order_id=body.get("client_order_id"),
    )


def _placed(desk: Desk, login: int, symbol: str | None, after: int, limit: int) -> list[tuple[int, Order]]:
    orders = sorted(
        (each for each in desk.account(login).orders.values() if symbol is None or each.symbol == symbol),
        key=lambda each: each.ticket,
    )
    return [(each.ticket, each) for each in orders if each.ticket > after][:limit]


def _view(desk: Desk, order: Order, quote: Quote | None = None) -> Json:
    market = desk.broker.market
    return wire.order_json(market.instruments[order.symbol], order, quote or market.quotes.get(order.symbol))
