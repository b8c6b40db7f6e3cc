"""What a transaction is to those who listen: at most one message for each channel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tradyn import wire
from tradyn.broker.accounts import Account
from tradyn.broker.deals import Deal, DealReason
from tradyn.broker.market import Market
from tradyn.broker.orders import Order, OrderState, Side
from tradyn.broker.positions import Position
from tradyn.broker.transactions import (
    BalanceChanged,
    OrderClosed,
    OrderModified,
    OrderPlaced,
    OrderTriggered,
    PositionModified,
    PositionOpened,
    PositionReduced,
    SwapCharged,
    Transaction,
)

__all__ = ["ACCOUNT_CHANNELS", "notification", "numbered_message"]

Json = dict[str, Any]

ACCOUNT_CHANNELS = ("positions", "orders", "deals", "notifications")
"""The channels whose messages are numbered by the account's transactions."""

_ABOUT_ORDERS = (OrderPlaced, OrderModified, OrderTriggered, OrderClosed, PositionOpened, PositionReduced)
_KINDS = {DealReason.SL: "stop_loss", DealReason.TP: "take_profit", DealReason.SO: "stop_out"}


def numbered_message(market: Market, account: Account, transaction: Transaction, channel: str) -> Json | None:
    """The message of a channel that tells of a transaction; None if it is nothing to that channel.

    Args:
        account: whose it is; only what never changes of it is looked at.
    """
    tell, event = _TELLERS[channel]
    data = tell(_Teller(market, account, transaction.time), transaction.event)
    return None if data is None else {"event": event, "version": transaction.version, "data": data}


def notification(kind: str, text: str, time: int, ticket: int | None = None) -> Json:
    """Notification; `time` in milliseconds since 1970."""
    return {"kind": kind, "text": text, "ticket": ticket, "time": wire.time_json(time)}


class _Teller:
    def __init__(self, market: Market, account: Account, time: int) -> None:
        self._market = market
        self._account = account
        self._time = time

    # ------------------------------------------------------------------ channels

    def deal(self, event: object) -> Json | None:
        """Deal, of what booked something."""
        if isinstance(event, PositionOpened | PositionReduced | BalanceChanged):
            return wire.deal_json(self._market, self._account, event.deal)
        return None

    def order(self, event: object) -> Json | None:
        """Order, as it stands after the event."""
        if not isinstance(event, _ABOUT_ORDERS):
            return None
        order, quote = event.order, event.quote or self._market.quotes.get(event.order.symbol)
        return wire.order_json(self._market.instruments[order.symbol], order, quote)

    def position(self, event: object) -> Json | None:
        """PositionChange."""
        match event:
            case PositionOpened():
                order, deal = event.order, event.deal
                change = self._change(order.symbol, order.type.side, "opened", order.ticket, order.volume)
                self._tell_deal(change, order.symbol, deal)
                self._tell_stops(change, order.symbol, event.sl, event.tp, None)
                change["price_open"] = change["price"]
            case PositionReduced():
                order, deal = event.order, event.deal
                assert deal.position is not None
                side = order.type.side.opposite
                kind = "reduced" if event.volume_remaining else "closed"
                change = self._change(order.symbol, side, kind, deal.position, event.volume_remaining)
                self._tell_deal(change, order.symbol, deal)
                change["price_open"] = self._price(order.symbol, event.price_open)
            case PositionModified(position=position):
                change = self._of_position(position, "modified")
            case SwapCharged():
                change = self._change(event.symbol, None, "swap", event.position, event.volume)
                change["swap"] = wire.number(event.amount, self._account.digits)
            case _:
                return None
        return change

    def notification(self, event: object) -> Json | None:
        """Notification, of what a person did not do just now."""
        match event:
            case PositionOpened(order=order) if not order.type.is_market:
                return self._about(
                    order, "order_filled", f"{self._name(order)} was filled at {self._at(event.deal)}"
                )
            case PositionReduced(deal=deal) if deal.reason in _KINDS:
                words = _KINDS[deal.reason].replace("_", " ")
                text = f"Position {deal.position} in {deal.symbol} was closed by {words} at {self._at(deal)}"
                return notification(_KINDS[deal.reason], text, self._time, deal.position)
            case OrderClosed(order=order) if event.cause == "stop-out":
                return self._about(order, "stop_out", f"{self._name(order)} was deleted by stop out")
            case OrderClosed(order=order) if order.state is OrderState.EXPIRED:
                return self._about(order, "order_expired", f"{self._name(order)} has expired")
            case OrderClosed(order=order) if order.state is OrderState.REJECTED:
                return self._about(
                    order, "order_rejected", f"{self._name(order)} was rejected: {event.cause}"
                )
        return None

    # ------------------------------------------------------------------ parts

    def _change(self, symbol: str, side: Side | None, kind: str, ticket: int, volume: int) -> Json:
        step = self._market.instruments[symbol].volume_step
        return {
            "ticket": ticket,
            "symbol": symbol,
            "type": None if side is None else side.value,
            "change": kind,
            "volume": wire.decimal_number(step * volume),
            "price_open": None,
            "sl": None,
            "tp": None,
            "trailing_stop": None,
            "price": None,
            "deal": None,
            "profit": 0,
            "swap": 0,
            "time": wire.time_json(self._time),
        }

    def _of_position(self, position: Position, kind: str) -> Json:
        change = self._change(position.symbol, position.side, kind, position.ticket, position.volume)
        change["price_open"] = self._price(position.symbol, position.price_open)
        self._tell_stops(change, position.symbol, position.sl, position.tp, position.trailing_stop)
        return change

    def _tell_stops(
        self, change: Json, symbol: str, sl: int | None, tp: int | None, trailing_stop: int | None
    ) -> None:
        change["sl"], change["tp"] = self._price(symbol, sl), self._price(symbol, tp)
        change["trailing_stop"] = trailing_stop

    def _tell_deal(self, change: Json, symbol: str, deal: Deal) -> None:
        digits = self._account.digits
        change["price"], change["deal"] = self._price(symbol, deal.price), deal.ticket
        change["profit"], change["swap"] = wire.number(deal.profit, digits), wire.number(deal.swap, digits)

    def _price(self, symbol: str, points: int | None) -> int | float | None:
        return None if points is None else wire.number(points, self._market.instruments[symbol].digits)

    def _about(self, order: Order, kind: str, text: str) -> Json:
        return notification(kind, text, self._time, order.ticket)

    def _name(self, order: Order) -> str:
        words = order.type.name.replace("_", " ").capitalize()
        return f"{words} order {order.ticket} in {order.symbol}"

    def _at(self, deal: Deal) -> str:
        assert deal.symbol is not None and deal.price is not None
        return str(self._market.instruments[deal.symbol].price(deal.price))


_TELLERS: dict[str, tuple[Callable[[_Teller, object], Json | None], str]] = {
    "positions": (_Teller.position, "position"),
    "orders": (_Teller.order, "order"),
    "deals": (_Teller.deal, "deal"),
    "notifications": (_Teller.notification, "notification"),
}
