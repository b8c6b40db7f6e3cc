"""Buying and selling: market orders, and the deal by which any order opens a position."""

from __future__ import annotations

from tradyn.broker import checks
from tradyn.broker.commands import PlaceMarketOrder
from tradyn.broker.deals import TRADE_TYPES, Deal, DealEntry, DealReason
from tradyn.broker.decisions.charges import commission
from tradyn.broker.decisions.scene import Scene
from tradyn.broker.instruments import Instrument, OrderKind
from tradyn.broker.margin import margin_path
from tradyn.broker.market import Quote
from tradyn.broker.orders import Order
from tradyn.broker.profit import profit_path
from tradyn.broker.refusals import Refusal
from tradyn.broker.transactions import PositionOpened

__all__ = ["open_position", "place_market_order"]


# A member's name on its class costs more than a name of this module.
_MARKET, _IN, _CLIENT = OrderKind.MARKET, DealEntry.IN, DealReason.CLIENT


def place_market_order(scene: Scene, command: PlaceMarketOrder) -> PositionOpened | Refusal:
    """Buy at the ask or sell at the bid, now."""
    instrument = checks.find_instrument(scene.market, command.symbol)
    if isinstance(instrument, Refusal):
        return instrument
    side = command.side
    quote = scene.tradable(instrument, side)
    if isinstance(quote, Refusal):
        return quote
    if refusal := checks.check_kinds(instrument, _MARKET, command.sl, command.tp):
        return refusal
    volume = checks.check_volume(instrument, command.volume)
    if isinstance(volume, Refusal):
        return volume
    if refusal := checks.check_volume_limit(instrument, scene.account, side, volume):
        return refusal
    price = scene.slipped(quote.ask if side.is_buy else quote.bid, side)
    if command.deviation is not None and (
        refusal := scene.check_deviation(instrument, command.deviation, side, quote, price)
    ):
        return refusal
    sl, tp = checks.to_stop(instrument, command.sl), checks.to_stop(instrument, command.tp)
    reference = quote.bid if side.is_buy else quote.ask
    if refusal := checks.check_stops(instrument, side, sl, tp, reference, reference):
        return refusal
    ticket = scene.account.next_ticket
    order = scene.market_order(
        instrument,
        side,
        volume,
        price,
        ticket,
        sl=sl,
        tp=tp,
        magic=command.magic,
        comment=command.comment,
        client_order_id=command.client_order_id,
    )
    return open_position(scene, instrument, order, price, quote, deal_ticket=ticket + 1)


def open_position(
    scene: Scene, instrument: Instrument, order: Order, price: int, quote: Quote, *, deal_ticket: int
) -> PositionOpened | Refusal:
    """The deal that fills `order` at `price`, if there is margin for it."""
    market, account, side = scene.market, scene.account, order.type.side
    path = margin_path(market, instrument, account, side, price)
    if path is None:
        return scene.no_conversion(instrument.currency_margin)
    if profit_path(market, instrument, account, side, 0) is None:
        return scene.no_conversion(instrument.currency_profit)
    charged = commission(scene, instrument, order.volume, price)
    if isinstance(charged, Refusal):
        return charged
    rate = market.rate_of(path)
    needed, margin = scene.margin_change(instrument, side, order.volume, price, rate)
    if refusal := checks.check_margin(account, needed, margin, scene.figures(account).margin_free):
        return refusal
    return PositionOpened(
        deal=Deal(
            ticket=deal_ticket,
            order=order.ticket,
            position=order.ticket,
            symbol=instrument.symbol,
            type=TRADE_TYPES[side],
            entry=_IN,
            volume=order.volume,
            price=price,
            profit=0,
            swap=0,
            commission=charged.amount,
            reason=_CLIENT,
            time=scene.now,
            magic=order.magic,
            comment=order.comment,
            client_order_id=order.client_order_id,
        ),
        order=order,
        sl=order.sl,
        tp=order.tp,
        margin=margin,
        margin_rate=rate,
        quote=quote,
        margin_path=path,
        commission_rate=charged.rate,
        commission_path=charged.path,
    )
