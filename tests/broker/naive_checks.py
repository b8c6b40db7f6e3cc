"""What a request must satisfy, in the order in which it is asked; the first failure is the answer."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from broker.naive_money import NaiveMarket, in_session
from broker.reference import rounded
from tradyn.broker.accounts import Account
from tradyn.broker.instruments import ExpirationMode, Instrument, OrderKind, TradeMode
from tradyn.broker.market import Quote
from tradyn.broker.orders import Order, OrderType, Side
from tradyn.broker.positions import Position


class Refused(Exception):
    """The request is not carried out; its code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def demand(true: bool, code: str) -> None:
    if not true:
        raise Refused(code)


def points_of(instrument: Instrument, price: Decimal) -> int:
    return int(rounded(Fraction(price) * 10**instrument.digits, 0))


def stop_of(instrument: Instrument, price: Decimal | None) -> int | None:
    """A stop in points; nothing and zero are none."""
    return None if price is None or price == 0 else points_of(instrument, price)


# ---------------------------------------------------------------------- may it be traded now


def check_direction(instrument: Instrument, side: Side) -> None:
    mode = instrument.trade_mode
    demand(mode is not TradeMode.DISABLED, "TRADE_DISABLED")
    demand(mode is not TradeMode.CLOSE_ONLY, "CLOSE_ONLY")
    demand(mode is not TradeMode.LONG_ONLY or side is Side.BUY, "LONG_ONLY")
    demand(mode is not TradeMode.SHORT_ONLY or side is Side.SELL, "SHORT_ONLY")


def check_changeable(instrument: Instrument) -> None:
    demand(instrument.trade_mode is not TradeMode.DISABLED, "TRADE_DISABLED")


def check_session(instrument: Instrument, now: int) -> None:
    demand(in_session(instrument, now), "MARKET_CLOSED")


def check_quote(market: NaiveMarket, instrument: Instrument, now: int) -> Quote:
    quote = market.quotes.get(instrument.symbol)
    if quote is None:
        raise Refused("NO_QUOTES")
    oldest = market.options.max_quote_age_s
    demand(not oldest or now - quote.time <= oldest * 1000, "NO_QUOTES")
    return quote


# ---------------------------------------------------------------------- kind, expiration, volume


def kind_of(type_: OrderType) -> OrderKind:
    if type_ in (OrderType.BUY_LIMIT, OrderType.SELL_LIMIT):
        return OrderKind.LIMIT
    if type_ in (OrderType.BUY_STOP, OrderType.SELL_STOP):
        return OrderKind.STOP
    demand(type_ in (OrderType.BUY_STOP_LIMIT, OrderType.SELL_STOP_LIMIT), "INVALID_ORDER")
    return OrderKind.STOP_LIMIT


def check_kinds(instrument: Instrument, *kinds: OrderKind) -> None:
    demand(all(each in instrument.order_kinds for each in kinds), "INVALID_ORDER")


def check_expiration(instrument: Instrument, expiration: int | None, now: int) -> None:
    mode = ExpirationMode.GTC if expiration is None else ExpirationMode.SPECIFIED
    demand(mode in instrument.expiration_modes, "INVALID_EXPIRATION")
    demand(expiration is None or expiration > now, "INVALID_EXPIRATION")


def check_volume(instrument: Instrument, account: Account, side: Side, volume: Decimal) -> int:
    """In steps; the limit counts everything of one direction, waiting or open."""
    steps = Fraction(volume) / Fraction(instrument.volume_step)
    demand(steps.denominator == 1, "INVALID_VOLUME")
    demand(instrument.volume_min <= steps <= instrument.volume_max, "INVALID_VOLUME")
    taken = sum(
        each.volume
        for each in account.positions.values()
        if (each.symbol, each.side) == (instrument.symbol, side)
    )
    taken += sum(
        each.volume
        for each in account.orders.values()
        if (each.symbol, each.type.side) == (instrument.symbol, side)
    )
    limit = instrument.volume_limit
    demand(not limit or taken + steps <= limit, "LIMIT_VOLUME")
    return int(steps)


def check_close_volume(instrument: Instrument, position: Position, volume: Decimal | None) -> int:
    if volume is None:
        return position.volume
    steps = Fraction(volume) / Fraction(instrument.volume_step)
    demand(steps.denominator == 1 and 0 < steps <= position.volume, "INVALID_CLOSE_VOLUME")
    return int(steps)


def check_deviation(side: Side, asked: Quote, price: int, deviation: int | None) -> None:
    """The deal's price is by `deviation` points at most worse than the quote at arrival was."""
    if deviation is not None:
        worse = price - asked.ask if side is Side.BUY else asked.bid - price
        demand(worse <= deviation, "REQUOTE")


# ---------------------------------------------------------------------- price, stops, freeze


def check_price(instrument: Instrument, type_: OrderType, price: int, quote: Quote) -> None:
    """A pending order's price lies on its side of the market, at least the stops level away."""
    distance = {
        OrderType.BUY_LIMIT: quote.ask - price,
        OrderType.SELL_LIMIT: price - quote.bid,
        OrderType.BUY_STOP: price - quote.ask,
        OrderType.SELL_STOP: quote.bid - price,
        OrderType.BUY_STOP_LIMIT: price - quote.ask,
        OrderType.SELL_STOP_LIMIT: quote.bid - price,
    }[type_]
    demand(price > 0 and distance >= instrument.stops_level, "INVALID_PRICE")


def check_stop_limit(type_: OrderType, price: int, price_stop_limit: int | None) -> None:
    """A stop-limit order has a limit, below its stop if it buys, above if it sells; no other has one."""
    if type_ not in (OrderType.BUY_STOP_LIMIT, OrderType.SELL_STOP_LIMIT):
        demand(price_stop_limit is None, "INVALID_PRICE")
        return
    if price_stop_limit is None or price_stop_limit <= 0:
        raise Refused("INVALID_PRICE")
    below = price - price_stop_limit if type_.side is Side.BUY else price_stop_limit - price
    demand(below > 0, "INVALID_PRICE")


def check_sl(instrument: Instrument, side: Side, sl: int | None, bid: int, ask: int) -> None:
    if sl is not None:
        distance = bid - sl if side is Side.BUY else sl - ask
        demand(sl > 0 and distance >= instrument.stops_level, "INVALID_STOPS")


def check_tp(instrument: Instrument, side: Side, tp: int | None, bid: int, ask: int) -> None:
    if tp is not None:
        distance = tp - bid if side is Side.BUY else ask - tp
        demand(tp > 0 and distance >= instrument.stops_level, "INVALID_STOPS")


def check_trailing_stop(instrument: Instrument, distance: int | None) -> None:
    if distance is not None:
        demand(distance >= max(instrument.stops_level, 1), "INVALID_STOPS")


def check_order_not_frozen(instrument: Instrument, order: Order, quote: Quote) -> None:
    """Its price is further from the market than the freeze level."""
    distance = {
        OrderType.BUY_LIMIT: quote.ask - order.price,
        OrderType.SELL_LIMIT: order.price - quote.bid,
        OrderType.BUY_STOP: order.price - quote.ask,
        OrderType.SELL_STOP: quote.bid - order.price,
        OrderType.BUY_STOP_LIMIT: order.price - quote.ask,
        OrderType.SELL_STOP_LIMIT: quote.bid - order.price,
    }[order.type]
    demand(not instrument.freeze_level or distance > instrument.freeze_level, "FROZEN")


def check_position_not_frozen(instrument: Instrument, position: Position, quote: Quote) -> None:
    """Both its stops are further from the market than the freeze level."""
    long = position.side is Side.BUY
    if not instrument.freeze_level:
        return
    if position.sl is not None:
        distance = quote.bid - position.sl if long else position.sl - quote.ask
        demand(distance > instrument.freeze_level, "FROZEN")
    if position.tp is not None:
        distance = position.tp - quote.bid if long else quote.ask - position.tp
        demand(distance > instrument.freeze_level, "FROZEN")


def check_margin(needed: int, free: int) -> None:
    """What needs no margin, as a hedge that releases some, needs no free one either."""
    demand(needed <= 0 or needed <= free, "INSUFFICIENT_MARGIN")
