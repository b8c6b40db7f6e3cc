"""Rates, margin, profit, swap and commission, each as its rule reads: fractions, and nothing kept.

Amounts are whole minor units of the account's currency, prices points, volumes steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from broker import reference
from broker.reference import rounded
from tradyn.broker.accounts import Account
from tradyn.broker.instruments import WEEK, CommissionMode, Holiday, Instrument, SwapMode
from tradyn.broker.market import Quote
from tradyn.broker.money import Rate, currency_digits
from tradyn.broker.options import HedgedMargin, Options
from tradyn.broker.orders import Order, Side
from tradyn.broker.positions import Position

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_MS = 24 * 60 * 60 * 1000
WEEKDAYS = ("thursday", "friday", "saturday", "sunday", "monday", "tuesday", "wednesday")
"""The days from 1970-01-01 on, which was a Thursday."""

DealPrice = tuple[str, int] | None
"""The traded symbol and its price, where the conversion is for a deal."""


class NoRate(Exception):
    """A quote that the conversion needs is missing."""


@dataclass
class NaiveMarket:
    """What everybody can see: the specifications, the latest quotes, the broker's profile."""

    instruments: Mapping[str, Instrument]
    options: Options
    quotes: dict[str, Quote] = field(default_factory=dict)


# ---------------------------------------------------------------------- rates


def pair(market: NaiveMarket, base: str, profit: str) -> Instrument | None:
    for each in market.instruments.values():
        if each.calc_mode.is_forex and (each.currency_base, each.currency_profit) == (base, profit):
            return each
    return None


def leg(market: NaiveMarket, source: str, target: str) -> tuple[Instrument, bool] | None:
    """The pair that turns one currency into the other, and whether it stands the other way round."""
    if (direct := pair(market, source, target)) is not None:
        return direct, False
    if (inverse := pair(market, target, source)) is not None:
        return inverse, True
    return None


def path(market: NaiveMarket, source: str, target: str) -> list[tuple[Instrument, bool]]:
    if source == target:
        return []
    if (one := leg(market, source, target)) is not None:
        return [one]
    first, second = leg(market, source, "USD"), leg(market, "USD", target)
    if first is None or second is None:
        raise NoRate
    return [first, second]


def rate(market: NaiveMarket, source: str, target: str, *, ask: bool, deal: DealPrice = None) -> Fraction:
    result = Fraction(1)
    for each, inverse in path(market, source, target):
        if deal is not None and each.symbol == deal[0]:
            points = deal[1]
        elif each.symbol not in market.quotes:
            raise NoRate
        elif ask != inverse:
            points = market.quotes[each.symbol].ask
        else:
            points = market.quotes[each.symbol].bid
        price = Fraction(points, 10**each.digits)
        result = result / price if inverse else result * price
    return result


def minor(account: Account, value: Fraction) -> int:
    """An amount of the account's currency, rounded, in minor units."""
    digits = currency_digits(account.currency)
    return int(rounded(value, digits) * 10**digits)


def lots(instrument: Instrument, steps: int) -> Fraction:
    return steps * Fraction(instrument.volume_step)


def price_of(instrument: Instrument, points: int) -> Fraction:
    return Fraction(points, 10**instrument.digits)


# ---------------------------------------------------------------------- margin


def margin_rate(
    market: NaiveMarket, account: Account, instrument: Instrument, side: Side, price: int
) -> Fraction:
    """From the margin currency, at the ask for buys and the bid for sells; frozen in the position."""
    deal = (instrument.symbol, price)
    currency = instrument.currency_margin
    return rate(market, currency, account.currency, ask=side is Side.BUY, deal=deal)


def own_margin(market: NaiveMarket, account: Account, position: Position) -> int:
    """What the position would need if it were alone."""
    instrument = market.instruments[position.symbol]
    return minor(account, reference.symbol_margin(instrument, account, [position]))


def symbol_margin(market: NaiveMarket, account: Account, symbol: str, held: Iterable[Position]) -> int:
    held = [each for each in held if each.symbol == symbol]
    if market.options.hedged_margin is HedgedMargin.LARGER_LEG:
        legs = [sum(own_margin(market, account, each) for each in held if each.side is side) for side in Side]
        return max(legs)
    return minor(account, reference.symbol_margin(market.instruments[symbol], account, held))


def margin(market: NaiveMarket, account: Account) -> int:
    return sum(
        symbol_margin(market, account, symbol, account.positions.values()) for symbol in market.instruments
    )


def added_margin(market: NaiveMarket, account: Account, new: Position) -> int:
    """By how much the account's margin would grow with one more position."""
    held = account.positions.values()
    with_it = symbol_margin(market, account, new.symbol, [*held, new])
    return with_it - symbol_margin(market, account, new.symbol, held)


def reserved(market: NaiveMarket, account: Account, order: Order) -> int:
    """By how much the margin would grow if the pending order were filled at its price now."""
    instrument, side, price = market.instruments[order.symbol], order.type.side, order.price_fill
    conversion = margin_rate(market, account, instrument, side, price)
    return added_margin(market, account, position_of(order, price, conversion, time=0, commission=0))


def position_of(order: Order, price: int, conversion: Fraction, *, time: int, commission: int) -> Position:
    """The position that an order becomes when it is filled at `price`."""
    return Position(
        ticket=order.ticket,
        symbol=order.symbol,
        side=order.type.side,
        volume=order.volume,
        price_open=price,
        sl=order.sl,
        tp=order.tp,
        margin_rate=Rate(conversion.numerator, conversion.denominator),
        swap=0,
        commission=commission,
        time_open=time,
        time_update=time,
        magic=order.magic,
        comment=order.comment,
        client_order_id=order.client_order_id,
    )


# ---------------------------------------------------------------------- profit


def closing_price(market: NaiveMarket, position: Position) -> int:
    quote = market.quotes[position.symbol]
    return quote.bid if position.side is Side.BUY else quote.ask


def profit(market: NaiveMarket, account: Account, position: Position, volume: int, price: int) -> int:
    """Of `volume` closed at `price`; where the traded pair itself converts, that is the rate."""
    instrument = market.instruments[position.symbol]
    digits = currency_digits(instrument.currency_profit)
    size = lots(instrument, volume) * Fraction(instrument.contract_size)
    opened, closed = price_of(instrument, position.price_open), price_of(instrument, price)
    long = position.side is Side.BUY
    if instrument.calc_mode.is_forex:
        difference = rounded(closed * size, digits) - rounded(opened * size, digits)
    else:
        difference = rounded((closed - opened) * size, digits)
    raw = difference if long else -difference
    # By deal for forex; the side that is worse for the client for everything else.
    ask = long if instrument.calc_mode.is_forex else raw < 0
    deal = (position.symbol, price)
    return minor(
        account, raw * rate(market, instrument.currency_profit, account.currency, ask=ask, deal=deal)
    )


def floating(market: NaiveMarket, account: Account, position: Position) -> int:
    return profit(market, account, position, position.volume, closing_price(market, position))


@dataclass(frozen=True)
class NaiveFigures:
    profit: int
    equity: int
    margin: int
    margin_free: int
    margin_level: Fraction | None


def figures(market: NaiveMarket, account: Account) -> NaiveFigures:
    gained = sum(floating(market, account, each) for each in account.positions.values())
    swap = sum(each.swap for each in account.positions.values())
    equity = account.balance + account.credit + gained + swap
    tied = margin(market, account)
    level = Fraction(equity * 100, tied) if tied else None
    return NaiveFigures(gained, equity, tied, equity - tied, level)


# ---------------------------------------------------------------------- sessions and swap


def holiday_of(instrument: Instrument, day: int) -> Holiday | None:
    """That of its year goes before that of every year."""
    date = EPOCH + timedelta(days=day)
    found = [each for each in instrument.holidays if (each.month, each.day) == (date.month, date.day)]
    for each in found:
        if each.year == date.year:
            return each
    return next((each for each in found if each.year is None), None)


def sessions_of(instrument: Instrument, day: int) -> list[tuple[int, int]]:
    """The sessions of a day since 1970, in minutes: its holiday's one, or its weekday's."""
    usual = [(each.open, each.close) for each in instrument.sessions if each.day == WEEKDAYS[day % 7]]
    holiday = holiday_of(instrument, day)
    if holiday is None:
        return usual
    # A day of every year opens no market on a weekend.
    closed = (holiday.open, holiday.close) == (0, 0) or (holiday.year is None and not usual)
    return [] if closed else [(holiday.open, holiday.close)]


def in_session(instrument: Instrument, time: int) -> bool:
    day, rest = divmod(time, DAY_MS)
    return any(begin * 60_000 <= rest < end * 60_000 for begin, end in sessions_of(instrument, day))


def is_day_off(instrument: Instrument, day: int) -> bool:
    return holiday_of(instrument, day) is not None and not sessions_of(instrument, day)


def days_of_swap(instrument: Instrument, day: int) -> Fraction:
    """A day's own multiplier, and those of the holidays whose last trading day before it is."""
    if is_day_off(instrument, day):
        return Fraction(0)
    total = plain_multiplier(instrument, day)
    for later in range(day + 1, day + 30):
        if is_day_off(instrument, later) and last_trading_day(instrument, later) == day:
            total += plain_multiplier(instrument, later)
    return total


def last_trading_day(instrument: Instrument, before: int) -> int | None:
    for day in range(before - 1, before - 30, -1):
        if sessions_of(instrument, day):
            return day
    return None


def plain_multiplier(instrument: Instrument, day: int) -> Fraction:
    weekday = WEEKDAYS[day % 7]
    if instrument.swap_multipliers:
        return Fraction(instrument.swap_multipliers[WEEK.index(weekday)])
    if weekday == instrument.swap_rollover3days:
        return Fraction(3)
    return Fraction(0 if weekday in ("saturday", "sunday") else 1)


def swap_of_day(market: NaiveMarket, account: Account, position: Position, day: int) -> int:
    """What the end of `day` charges (negative) or pays."""
    instrument = market.instruments[position.symbol]
    long = position.side is Side.BUY
    swap = Fraction(instrument.swap_long if long else instrument.swap_short)
    days = days_of_swap(instrument, day)
    mode = instrument.swap_mode
    if mode is SwapMode.DISABLED or not swap or not days:
        return 0
    volume = lots(instrument, position.volume)
    charge = swap < 0
    currency = {
        SwapMode.CURRENCY_SYMBOL: instrument.currency_base,
        SwapMode.CURRENCY_MARGIN: instrument.currency_margin,
        SwapMode.CURRENCY_DEPOSIT: account.currency,
    }.get(mode, instrument.currency_profit)
    if mode in (SwapMode.POINTS, SwapMode.INTEREST_CURRENT, SwapMode.INTEREST_OPEN):
        ask = long if instrument.calc_mode.is_forex else charge
    else:
        ask = charge
    conversion = rate(market, currency, account.currency, ask=ask)
    value = volume * Fraction(instrument.contract_size)
    if mode is SwapMode.POINTS:
        point = Fraction(1, 10**instrument.digits)
        one_point = rounded(value * point * conversion, currency_digits(account.currency))
        return minor(account, one_point * swap * days)
    if mode in (SwapMode.INTEREST_CURRENT, SwapMode.INTEREST_OPEN):
        points = closing_price(market, position) if mode is SwapMode.INTEREST_CURRENT else position.price_open
        yearly = value * price_of(instrument, points) * swap / 100
        return minor(account, yearly / 360 * days * conversion)
    return minor(account, volume * swap * days * conversion)


# ---------------------------------------------------------------------- commission


def commission(market: NaiveMarket, account: Account, instrument: Instrument, volume: int, price: int) -> int:
    """What a deal costs, as a negative amount."""
    size, deal = lots(instrument, volume), (instrument.symbol, price)
    if instrument.commission_mode is CommissionMode.DISABLED or not instrument.commission:
        return 0
    if instrument.commission_mode is CommissionMode.MONEY:
        currency = instrument.commission_currency or account.currency
        cost = size * Fraction(instrument.commission)
    else:
        currency = instrument.currency_profit
        cost = size * Fraction(instrument.contract_size) * price_of(instrument, price)
        cost *= Fraction(instrument.commission) / 100
    return -minor(account, cost * rate(market, currency, account.currency, ask=True, deal=deal))
