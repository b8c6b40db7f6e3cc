"""The rules once more, naively: fractions throughout, nothing kept between two questions.

Written from the tables of the rules, not from the broker; only the shapes are shared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from tradyn.broker.accounts import Account
from tradyn.broker.instruments import CalcMode, Instrument
from tradyn.broker.market import Quote
from tradyn.broker.money import Rate, currency_digits
from tradyn.broker.orders import Order, Side
from tradyn.broker.positions import Position

Instruments = Mapping[str, Instrument]
Quotes = Mapping[str, Quote]


def rounded(value: Fraction, digits: int) -> Fraction:
    """Half away from zero."""
    whole, rest = divmod(abs(value) * 10**digits, 1)
    whole += 1 if rest >= Fraction(1, 2) else 0
    return Fraction(whole if value >= 0 else -whole, 10**digits)


def rate(instruments: Instruments, quotes: Quotes, source: str, target: str, *, ask: bool) -> Fraction:
    if source == target:
        return Fraction(1)
    for each in instruments.values():
        if not each.calc_mode.is_forex or each.symbol not in quotes:
            continue
        quote, scale = quotes[each.symbol], 10**each.digits
        if (each.currency_base, each.currency_profit) == (source, target):
            return Fraction(quote.ask if ask else quote.bid, scale)
        if (each.currency_base, each.currency_profit) == (target, source):
            return 1 / Fraction(quote.bid if ask else quote.ask, scale)
    assert "USD" not in (source, target), f"no rate from {source} to {target}"
    return rate(instruments, quotes, source, "USD", ask=ask) * rate(
        instruments, quotes, "USD", target, ask=ask
    )


def profit(instruments: Instruments, quotes: Quotes, account: Account, position: Position) -> Fraction:
    each, quote = instruments[position.symbol], quotes[position.symbol]
    digits = currency_digits(each.currency_profit)
    size = Fraction(each.contract_size) * position.volume * Fraction(each.volume_step)
    opened = Fraction(position.price_open, 10**each.digits)
    long = position.side is Side.BUY
    closed = Fraction(quote.bid if long else quote.ask, 10**each.digits)
    if each.calc_mode in (CalcMode.FOREX, CalcMode.FOREX_NO_LEVERAGE):
        raw = rounded(closed * size, digits) - rounded(opened * size, digits)
        ask = long
    else:
        raw = rounded((closed - opened) * size, digits)
        ask = raw < 0 if long else raw > 0
    raw = raw if long else -raw
    converted = raw * rate(instruments, quotes, each.currency_profit, account.currency, ask=ask)
    return rounded(converted, currency_digits(account.currency))


def margin_part(
    each: Instrument,
    account: Account,
    lots: Fraction,
    size: Decimal,
    price: Fraction,
    conversion: Fraction,
    side_rate: Fraction,
) -> Fraction:
    amount = lots * Fraction(size)
    if each.calc_mode in (CalcMode.CFD, CalcMode.CFD_LEVERAGE):
        amount *= price
    if each.calc_mode in (CalcMode.FOREX, CalcMode.CFD_LEVERAGE):
        amount /= account.leverage
    return rounded(amount * conversion * side_rate, currency_digits(account.currency))


def margin_size(each: Instrument) -> Decimal:
    if each.calc_mode is CalcMode.FUTURES or each.margin_initial:
        return each.margin_initial
    return each.contract_size


def margin(instruments: Instruments, account: Account) -> Fraction:
    total = Fraction(0)
    for each in instruments.values():
        held = [one for one in account.positions.values() if one.symbol == each.symbol]
        total += symbol_margin(each, account, held)
    return total


def symbol_margin(each: Instrument, account: Account, held: list[Position]) -> Fraction:
    rates = {Side.BUY: Fraction(each.margin_rate_buy), Side.SELL: Fraction(each.margin_rate_sell)}
    step, scale = Fraction(each.volume_step), 10**each.digits

    def average(positions: Iterable[Position], conversion: bool) -> Fraction:
        parts = [
            (Fraction(*one.margin_rate) if conversion else Fraction(one.price_open, scale), one.volume)
            for one in positions
        ]
        return sum((value * volume for value, volume in parts), Fraction(0)) / sum(v for _, v in parts)

    def part(positions: list[Position], volume: int, size: Decimal, side_rate: Fraction) -> Fraction:
        price, conversion = average(positions, False), average(positions, True)
        return margin_part(each, account, volume * step, size, price, conversion, side_rate)

    legs = {side: [one for one in held if one.side is side] for side in Side}
    if not legs[Side.BUY] or not legs[Side.SELL]:
        alone = (part([one], one.volume, margin_size(each), rates[one.side]) for one in held)
        return sum(alone, Fraction(0))
    volumes = {side: sum(one.volume for one in legs[side]) for side in Side}
    larger = max(Side, key=lambda side: volumes[side])
    covered = min(volumes.values())
    total = part(held, covered, each.margin_hedged, (rates[Side.BUY] + rates[Side.SELL]) / 2)
    if uncovered := volumes[larger] - covered:
        total += part(legs[larger], uncovered, margin_size(each), rates[larger])
    return total


def equity(instruments: Instruments, quotes: Quotes, account: Account) -> Fraction:
    floating = sum(
        (profit(instruments, quotes, account, each) for each in account.positions.values()), Fraction(0)
    )
    swap = sum(each.swap for each in account.positions.values())
    return floating + Fraction(
        account.balance + account.credit + swap, 10 ** currency_digits(account.currency)
    )


def is_below_stop_out(instruments: Instruments, quotes: Quotes, account: Account) -> bool:
    tied = margin(instruments, account)
    if not tied:
        return False
    return equity(instruments, quotes, account) / tied * 100 < Fraction(account.stop_out_level)


def reserved(instruments: Instruments, quotes: Quotes, account: Account, order: Order) -> Fraction:
    """By how much the margin would grow if `order` were filled at its price now."""
    each = instruments[order.symbol]
    side = order.type.side
    at = {**quotes, order.symbol: Quote(order.symbol, order.price, order.price, 0)}
    conversion = rate(instruments, at, each.currency_margin, account.currency, ask=side is Side.BUY)
    held = [one for one in account.positions.values() if one.symbol == order.symbol]
    new = Position(
        ticket=order.ticket,
        symbol=order.symbol,
        side=side,
        volume=order.volume,
        price_open=order.price,
        sl=None,
        tp=None,
        margin_rate=Rate(conversion.numerator, conversion.denominator),
        swap=0,
        commission=0,
        time_open=0,
        time_update=0,
        magic=0,
        comment="",
        client_order_id=None,
    )
    return symbol_margin(each, account, [*held, new]) - symbol_margin(each, account, held)
