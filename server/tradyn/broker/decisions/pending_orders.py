"""Pending orders: placed, changed, deleted, triggered and filled."""

from __future__ import annotations

from dataclasses import replace

from tradyn.broker import checks
from tradyn.broker.commands import UNCHANGED, CancelOrder, ModifyOrder, PlaceOrder
from tradyn.broker.decisions.charges import commission
from tradyn.broker.decisions.market_orders import open_position
from tradyn.broker.decisions.scene import Scene, no_such
from tradyn.broker.instruments import Instrument, OrderKind
from tradyn.broker.margin import margin_path
from tradyn.broker.market import Quote
from tradyn.broker.options import LimitFill
from tradyn.broker.orders import Order, OrderState, OrderType
from tradyn.broker.profit import profit_path
from tradyn.broker.refusals import Refusal
from tradyn.broker.transactions import OrderClosed, OrderModified, OrderPlaced, OrderTriggered, PositionOpened

__all__ = [
    "cancel_order",
    "end_order",
    "fill_order",
    "is_reached",
    "modify_order",
    "order_margin",
    "place_order",
    "trigger_order",
]


# A member's name on its class costs more than a name of this module.
_PLACED, _FILLED = OrderState.PLACED, OrderState.FILLED
_LIMIT, _STOP, _STOP_LIMIT = OrderKind.LIMIT, OrderKind.STOP, OrderKind.STOP_LIMIT
_BETTER = LimitFill.BETTER


def place_order(scene: Scene, command: PlaceOrder) -> OrderPlaced | Refusal:
    """A pending order comes to rest."""
    instrument = checks.find_instrument(scene.market, command.symbol)
    if isinstance(instrument, Refusal):
        return instrument
    kind = command.type
    quote = scene.tradable(instrument, kind.side)
    if isinstance(quote, Refusal):
        return quote
    if kind.is_market:
        return Refusal(
            "INVALID_ORDER",
            f"Order type {kind.value} ({kind.name}) is executed at once: send it to POST /api/trade",
        )
    if refusal := checks.check_kinds(instrument, _kind(kind), command.sl, command.tp):
        return refusal
    if refusal := checks.check_expiration(instrument, command.expiration, scene.now):
        return refusal
    volume = checks.check_volume(instrument, command.volume)
    if isinstance(volume, Refusal):
        return volume
    if refusal := checks.check_volume_limit(instrument, scene.account, kind.side, volume):
        return refusal
    limit = command.price_stop_limit
    order = Order(
        ticket=scene.account.next_ticket,
        symbol=instrument.symbol,
        type=kind,
        state=_PLACED,
        volume=volume,
        price=checks.to_points(instrument, command.price),
        price_stop_limit=None if limit is None else checks.to_points(instrument, limit),
        sl=checks.to_stop(instrument, command.sl),
        tp=checks.to_stop(instrument, command.tp),
        expiration=command.expiration,
        time_setup=scene.now,
        time_done=None,
        position=None,
        magic=command.magic,
        comment=command.comment,
        client_order_id=command.client_order_id,
    )
    if refusal := checks.check_order_price(instrument, kind, order.price, quote):
        return refusal
    if refusal := checks.check_stop_limit_price(instrument, order):
        return refusal
    if refusal := _check_stops(instrument, order):
        return refusal
    if refusal := checks.check_order_count(scene.account, scene.options):
        return refusal
    margin = order_margin(scene, order)
    if isinstance(margin, Refusal):
        return margin
    if refusal := _check_conversions(scene, instrument, order):
        return refusal
    if refusal := checks.check_margin(scene.account, *margin, scene.figures(scene.account).margin_free):
        return refusal
    return OrderPlaced(order=order, quote=quote)


def order_margin(scene: Scene, order: Order) -> tuple[int, int] | Refusal:
    """By how much margin would grow if `order` were filled at its price, and what it would need alone."""
    instrument = scene.market.instruments[order.symbol]
    side, price = order.type.side, order.price_fill
    path = margin_path(scene.market, instrument, scene.account, side, price)
    if path is None:
        return scene.no_conversion(instrument.currency_margin)
    return scene.margin_change(instrument, side, order.volume, price, scene.market.rate_of(path))


def _check_conversions(scene: Scene, instrument: Instrument, order: Order) -> Refusal | None:
    """What could not be filled for want of a quote must not wait."""
    charged = commission(scene, instrument, order.volume, order.price_fill)
    if isinstance(charged, Refusal):
        return charged
    if profit_path(scene.market, instrument, scene.account, order.type.side, 0) is None:
        return scene.no_conversion(instrument.currency_profit)
    return None


def modify_order(scene: Scene, command: ModifyOrder) -> OrderModified | Refusal:
    """A pending order gets another price, other stops or another expiration."""
    order = scene.account.orders.get(command.ticket)
    if order is None:
        return no_such("order", command.ticket)
    instrument = scene.market.instruments[order.symbol]
    quote = scene.tradable(instrument, None)
    if isinstance(quote, Refusal):
        return quote
    changed = _changed(instrument, order, command)
    new_sl = command.sl if changed.sl != order.sl and command.sl is not UNCHANGED else None
    new_tp = command.tp if changed.tp != order.tp and command.tp is not UNCHANGED else None
    if refusal := checks.check_kinds(instrument, None, new_sl, new_tp):
        return refusal
    if changed.expiration != order.expiration and (
        refusal := checks.check_expiration(instrument, changed.expiration, scene.now)
    ):
        return refusal
    if changed == order:
        return Refusal("NO_CHANGES", f"Order {order.ticket} has these values already")
    # A price that stays as it is was valid when it was set, however near the market is by now.
    if changed.price != order.price and (
        refusal := checks.check_order_price(instrument, order.type, changed.price, quote)
    ):
        return refusal
    if refusal := checks.check_stop_limit_price(instrument, changed):
        return refusal
    if refusal := _check_stops(instrument, changed):
        return refusal
    if refusal := checks.check_order_freeze(instrument, order, _market_price(order.type, quote)):
        return refusal
    return OrderModified(order=changed, quote=quote)


def _changed(instrument: Instrument, order: Order, command: ModifyOrder) -> Order:
    limit = command.price_stop_limit
    return replace(
        order,
        price=order.price if command.price is UNCHANGED else checks.to_points(instrument, command.price),
        price_stop_limit=(
            order.price_stop_limit if limit is UNCHANGED else checks.to_points(instrument, limit)
        ),
        sl=order.sl if command.sl is UNCHANGED else checks.to_stop(instrument, command.sl),
        tp=order.tp if command.tp is UNCHANGED else checks.to_stop(instrument, command.tp),
        expiration=order.expiration if command.expiration is UNCHANGED else command.expiration,
    )


def cancel_order(scene: Scene, command: CancelOrder) -> OrderClosed | Refusal:
    """A pending order is deleted by the client."""
    order = scene.account.orders.get(command.ticket)
    if order is None:
        return no_such("order", command.ticket)
    instrument = scene.market.instruments[order.symbol]
    if refusal := checks.check_direction(instrument, None) or checks.check_session(instrument, scene.now):
        return refusal
    quote = scene.market.quotes.get(order.symbol)
    if quote is not None and (
        refusal := checks.check_order_freeze(instrument, order, _market_price(order.type, quote))
    ):
        return refusal
    return end_order(scene, order, OrderState.CANCELED, "client", quote)


def end_order(
    scene: Scene, order: Order, state: OrderState, cause: str, quote: Quote | None, *, at: int | None = None
) -> OrderClosed:
    """The order ends without a deal, now or `at` its expiration."""
    done = scene.now if at is None else at
    return OrderClosed(order=order.ended(state, done), cause=cause, quote=quote)


def is_reached(order: Order, quote: Quote) -> bool:
    """Whether the market has come to the order's price."""
    price = _market_price(order.type, quote)
    return price <= order.price if order.type.falls else price >= order.price


def trigger_order(order: Order, quote: Quote) -> OrderTriggered:
    """The stop of a stop-limit order is reached: from here on it is the limit order."""
    limit = replace(order, type=order.type.limit, price=order.price_fill, price_stop_limit=None)
    return OrderTriggered(order=limit, stop=order.price, quote=quote)


def fill_order(scene: Scene, order: Order, quote: Quote) -> PositionOpened | OrderClosed:
    """A triggered order: limits fill at their price, stops at the tick; without margin it is rejected."""
    instrument = scene.market.instruments[order.symbol]
    side, market_price = order.type.side, _market_price(order.type, quote)
    if not order.type.is_limit:
        price = scene.slipped(market_price, side)
    elif scene.options.limit_fill is _BETTER:
        price = min(order.price, market_price) if side.is_buy else max(order.price, market_price)
    else:
        price = order.price
    filled = order.ended(_FILLED, scene.now, order.ticket)
    outcome = open_position(scene, instrument, filled, price, quote, deal_ticket=scene.account.next_ticket)
    if isinstance(outcome, Refusal):
        return end_order(scene, order, OrderState.REJECTED, outcome.message, quote)
    return outcome


def _kind(kind: OrderType) -> OrderKind:
    if kind.is_limit:
        return _LIMIT
    return _STOP_LIMIT if kind.is_stop_limit else _STOP


def _check_stops(instrument: Instrument, order: Order) -> Refusal | None:
    """A pending order's stops are measured from its price, not from the market."""
    price = order.price_fill
    return checks.check_stops(instrument, order.type.side, order.sl, order.tp, price, price)


def _market_price(kind: OrderType, quote: Quote) -> int:
    """The side of the quote that triggers an order of this kind."""
    return quote.ask if kind.side.is_buy else quote.bid
