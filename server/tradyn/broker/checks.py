"""The checks of a request, each answering a refusal or what it made of the input.

The order in which the decisions call them is fixed, and the first failure is the answer:
symbol known → trading allowed → session → quotes → order kind and expiration → volume → price
normalised → stops level and freeze level → number of orders → margin, last.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from tradyn.broker.accounts import Account
from tradyn.broker.calendar import is_open, moment, next_open, utc
from tradyn.broker.instruments import ExpirationMode, Instrument, OrderKind, TradeMode
from tradyn.broker.market import Market, Quote
from tradyn.broker.money import format_amount
from tradyn.broker.options import Options
from tradyn.broker.orders import Order, OrderType, Side
from tradyn.broker.positions import Position
from tradyn.broker.refusals import Refusal

__all__ = [
    "check_direction",
    "check_expiration",
    "check_kinds",
    "check_margin",
    "check_order_count",
    "check_order_freeze",
    "check_order_price",
    "check_position_freeze",
    "check_session",
    "check_stop_limit_price",
    "check_stops",
    "check_trailing_stop",
    "check_volume",
    "check_volume_limit",
    "find_instrument",
    "find_quote",
    "shown",
    "to_points",
    "to_steps",
    "to_stop",
]


# A member's name on its class costs more than a name of this module.
_SL, _TP, _FULL = OrderKind.SL, OrderKind.TP, TradeMode.FULL
_GTC, _SPECIFIED = ExpirationMode.GTC, ExpirationMode.SPECIFIED


def find_instrument(market: Market, symbol: str) -> Instrument | Refusal:
    """The symbol must be one of the catalogue; names are case-sensitive."""
    instrument = market.instruments.get(symbol)
    if instrument is None:
        hint = f"; did you mean {symbol.upper()}?" if symbol.upper() in market.instruments else ""
        return Refusal("UNKNOWN_SYMBOL", f"There is no symbol {symbol}{hint}", {"symbol": symbol})
    return instrument


def find_quote(market: Market, symbol: str, now: int, options: Options) -> Quote | Refusal:
    """There must be a quote to trade on that is not too old."""
    quote = market.quotes.get(symbol)
    if quote is None:
        return Refusal("NO_QUOTES", f"There is no quote for {symbol} yet", {"symbol": symbol})
    age, most = now - quote.time, options.max_quote_age_s
    if most and age > most * 1000:
        return Refusal(
            "NO_QUOTES",
            f"The last quote for {symbol} is of {moment(quote.time)}, "
            f"{Decimal(age).scaleb(-3).normalize():f} s ago; at most {most} s are allowed",
            {"symbol": symbol, "age_ms": str(age), "max_quote_age_s": str(most)},
        )
    return quote


def check_session(instrument: Instrument, now: int) -> Refusal | None:
    """The symbol must be in session at market time `now` (milliseconds since 1970)."""
    if is_open(instrument, now):
        return None
    opening = next_open(instrument, now)
    if opening is None:
        return Refusal("MARKET_CLOSED", f"Market closed: {instrument.symbol} has no session")
    begins = f"{utc(opening):%A, %Y-%m-%d %H:%M} UTC"
    return Refusal(
        "MARKET_CLOSED",
        f"Market closed: the next session of {instrument.symbol} begins on {begins}",
        {"next_open": begins},
    )


def check_kinds(
    instrument: Instrument, kind: OrderKind | None, sl: Decimal | int | None, tp: Decimal | int | None
) -> Refusal | None:
    """The symbol must take orders of this kind, and stops if there are any."""
    kinds = instrument.order_kinds
    if (kind is None or kind in kinds) and (not sl or _SL in kinds) and (not tp or _TP in kinds):
        return None
    refused = next(
        wanted
        for wanted, is_wanted in ((kind, True), (_SL, sl), (_TP, tp))
        if wanted is not None and is_wanted and wanted not in kinds
    )
    allowed = ", ".join(each.value for each in OrderKind if each in kinds)
    return Refusal(
        "INVALID_ORDER",
        f"{instrument.symbol} does not take {refused.value} orders, only: {allowed}",
        {"order_kinds": allowed},
    )


def check_direction(instrument: Instrument, side: Side | None) -> Refusal | None:
    """May a position be opened in this direction, or (side None) closed at all?"""
    mode, symbol = instrument.trade_mode, instrument.symbol
    if mode is _FULL:
        return None
    if mode is TradeMode.DISABLED:
        return Refusal("TRADE_DISABLED", f"Trading of {symbol} is disabled")
    if side is None:
        return None
    if mode is TradeMode.CLOSE_ONLY:
        return Refusal("CLOSE_ONLY", f"Positions of {symbol} can only be closed")
    if mode is TradeMode.LONG_ONLY and not side.is_buy:
        return Refusal("LONG_ONLY", f"{symbol} can only be bought")
    if mode is TradeMode.SHORT_ONLY and side.is_buy:
        return Refusal("SHORT_ONLY", f"{symbol} can only be sold")
    return None


def check_expiration(instrument: Instrument, expiration: int | None, now: int) -> Refusal | None:
    """The symbol must take this kind of expiration, and a time must lie in the future."""
    mode = _GTC if expiration is None else _SPECIFIED
    if mode not in instrument.expiration_modes:
        right = "must have an expiration" if expiration is None else "may not have an expiration"
        return Refusal("INVALID_EXPIRATION", f"Orders of {instrument.symbol} {right}")
    if expiration is not None and expiration <= now:
        return Refusal(
            "INVALID_EXPIRATION",
            f"The expiration {moment(expiration)} must be later than the market's time, {moment(now)}",
            {"expiration": moment(expiration), "now": moment(now)},
        )
    return None


def shown(number: Decimal) -> str:
    """A number of a request for people, without hundreds of zeros."""
    return f"{number:f}" if -12 < number.adjusted() < 15 else f"{number:.3e}"


def to_steps(instrument: Instrument, volume: Decimal) -> int | None:
    """Lots as a whole number of steps; None if they are not."""
    steps, rest = divmod(volume, instrument.volume_step)
    return None if rest else int(steps)


def check_volume(instrument: Instrument, volume: Decimal) -> int | Refusal:
    """Lots → steps: a multiple of the step, from the minimum to the maximum."""
    steps = to_steps(instrument, volume)
    if steps is not None and instrument.volume_min <= steps <= instrument.volume_max:
        return steps
    low, high = instrument.lots(instrument.volume_min), instrument.lots(instrument.volume_max)
    step = f"{instrument.volume_step.normalize():f}"
    return Refusal(
        "INVALID_VOLUME",
        f"Invalid volume {shown(volume)}: {instrument.symbol} takes {low} to {high} lots in steps of {step}",
        {"volume_min": low, "volume_max": high, "volume_step": step},
    )


def check_volume_limit(instrument: Instrument, account: Account, side: Side, volume: int) -> Refusal | None:
    """All positions and pending orders of one direction together stay within `volume_limit`."""
    limit = instrument.volume_limit
    if not limit:
        return None
    held = sum(
        each.volume
        for each in account.positions.values()
        if each.symbol == instrument.symbol and each.side is side
    ) + sum(
        each.volume
        for each in account.orders.values()
        if each.symbol == instrument.symbol and each.type.side is side
    )
    if held + volume <= limit:
        return None
    return Refusal(
        "LIMIT_VOLUME",
        f"Volume limit of {instrument.symbol}: {instrument.lots(volume)} lots beside the "
        f"{instrument.lots(held)} held and ordered on the {side} side, at most {instrument.lots(limit)} "
        "together",
        {
            "volume": instrument.lots(volume),
            "volume_held": instrument.lots(held),
            "volume_limit": instrument.lots(limit),
        },
    )


def to_points(instrument: Instrument, price: Decimal) -> int:
    """A price normalised to the symbol's digits, half away from zero, as a number of points."""
    return int((price * instrument.scale).to_integral_value(ROUND_HALF_UP))


def to_stop(instrument: Instrument, price: Decimal | None) -> int | None:
    """A stop in points; None and 0 both mean none, as in MetaTrader."""
    return None if price is None or not price else to_points(instrument, price)


def check_order_price(instrument: Instrument, kind: OrderType, price: int, quote: Quote) -> Refusal | None:
    """A pending order's price lies on its side of the market, `stops_level` points or more away."""
    level = instrument.stops_level
    market, below = quote.ask if kind.side.is_buy else quote.bid, kind.falls
    distance = market - price if below else price - market
    if price > 0 and distance >= level:
        return None
    name = "ask" if kind.side.is_buy else "bid"
    bound = market - level if below else market + level
    return Refusal(
        "INVALID_PRICE",
        f"Invalid price {instrument.price(price)}: a {kind.name.lower().replace('_', ' ')} of "
        f"{instrument.symbol} must be at or {'below' if below else 'above'} {instrument.price(bound)} "
        f"({name} {instrument.price(market)}, stops level {level} points)",
        {"price": instrument.price(price), name: instrument.price(market), "stops_level": str(level)},
    )


def check_stop_limit_price(instrument: Instrument, order: Order) -> Refusal | None:
    """Of a stop-limit order the limit lies below the stop of a buy, above that of a sell."""
    limit, kind = order.price_stop_limit, order.type
    if limit is None and not kind.is_stop_limit:
        return None
    name = kind.name.lower().replace("_", " ")
    if not kind.is_stop_limit:
        return Refusal(
            "INVALID_PRICE",
            f"price_stop_limit belongs to stop-limit orders (types 6 and 7), not to a {name}: leave it out",
        )
    if limit is None:
        return Refusal(
            "INVALID_PRICE", f"A {name} needs price_stop_limit, the price of the limit order it becomes"
        )
    if limit > 0 and (limit < order.price if kind.side.is_buy else limit > order.price):
        return None
    return Refusal(
        "INVALID_PRICE",
        f"Invalid price_stop_limit {instrument.price(limit)}: of a {name} it must be "
        f"{'below' if kind.side.is_buy else 'above'} the stop, {instrument.price(order.price)}",
        {"price_stop_limit": instrument.price(limit), "price": instrument.price(order.price)},
    )


def check_trailing_stop(instrument: Instrument, distance: int | None) -> Refusal | None:
    """A trailing stop keeps a distance of `stops_level` points or more, and of one at least."""
    least = max(instrument.stops_level, 1)
    if distance is None or distance >= least:
        return None
    return Refusal(
        "INVALID_STOPS",
        f"Invalid trailing_stop {distance}: on {instrument.symbol} it must be at least {least} points",
        {"trailing_stop": str(distance), "stops_level": str(instrument.stops_level)},
    )


def check_stops(
    instrument: Instrument, side: Side, sl: int | None, tp: int | None, floor: int, ceiling: int
) -> Refusal | None:
    """SL and TP lie on their sides of the reference, `stops_level` points or more away.

    Args:
        floor: what the lower stop is measured from (bid of a long, ask of a short, or the
            price of a pending order).
        ceiling: what the upper stop is measured from.
    """
    if sl is None and tp is None:
        return None
    level = instrument.stops_level
    lower, upper = (sl, tp) if side.is_buy else (tp, sl)
    names = ("sl", "tp") if side.is_buy else ("tp", "sl")
    if lower is not None and not 0 < lower <= floor - level:
        return _invalid_stop(instrument, side, names[0], lower, "below", floor - level)
    if upper is not None and not upper >= ceiling + level:
        return _invalid_stop(instrument, side, names[1], upper, "above", ceiling + level)
    return None


def _invalid_stop(
    instrument: Instrument, side: Side, name: str, price: int, where: str, bound: int
) -> Refusal:
    level = instrument.stops_level
    return Refusal(
        "INVALID_STOPS",
        f"Invalid {name} {instrument.price(price)}: on a {side} of {instrument.symbol} it must be at or "
        f"{where} {instrument.price(bound)} (stops level {level} points)",
        {name: instrument.price(price), "bound": instrument.price(bound), "stops_level": str(level)},
    )


def check_position_freeze(instrument: Instrument, position: Position, market_price: int) -> Refusal | None:
    """A position whose stop is about to fire, or will with the next tick, may not be changed or closed."""
    if not instrument.freeze_level:
        return None
    sign = position.side.sign
    return _check_freeze(instrument, market_price, [(position.sl, -sign), (position.tp, sign)])


def check_order_freeze(instrument: Instrument, order: Order, market_price: int) -> Refusal | None:
    """An order that is about to trigger, or will with the next tick, may not be changed or deleted."""
    if not instrument.freeze_level:
        return None
    return _check_freeze(instrument, market_price, [(order.price, -1 if order.type.falls else 1)])


def _check_freeze(
    instrument: Instrument, market_price: int, prices: Iterable[tuple[int | None, int]]
) -> Refusal | None:
    """Each price comes with the direction in which the market must go to reach it: +1 is up."""
    level = instrument.freeze_level
    for price, sign in prices:
        if price is not None and sign * (price - market_price) <= level:
            return Refusal(
                "FROZEN",
                f"{instrument.price(price)} is within the freeze level of {level} points "
                f"of the market ({instrument.price(market_price)})",
                {"freeze_level": str(level), "price": instrument.price(price)},
            )
    return None


def check_order_count(account: Account, options: Options) -> Refusal | None:
    """An account may have so many pending orders and no more."""
    if options.max_orders and len(account.orders) >= options.max_orders:
        return Refusal(
            "LIMIT_ORDERS",
            f"The account has {len(account.orders)} pending orders, at most {options.max_orders} are allowed",
            {"orders": str(len(account.orders)), "max_orders": str(options.max_orders)},
        )
    return None


def check_margin(account: Account, needed: int, own: int, free: int) -> Refusal | None:
    """`needed` more margin must not exceed the free margin; releasing margin is always allowed.

    Args:
        own: what the position would need alone, without what it is hedged against.
    """
    if needed <= 0 or needed <= free:
        return None
    alone = format_amount(own, account.digits)
    more = "" if own == needed else f" more ({alone} alone, less what hedges it)"
    needs, has = format_amount(needed, account.digits), format_amount(free, account.digits)
    return Refusal(
        "INSUFFICIENT_MARGIN",
        f"Insufficient margin: needs {needs} {account.currency}{more}, {has} free",
        {"margin": needs, "margin_free": has},
    )
