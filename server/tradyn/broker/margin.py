"""Margin: what a position, an order or a whole symbol ties up, in minor units of the account's currency.

Source: MetaTrader 5 help, "Margin calculation: retail forex, futures". Amount in the margin
currency × conversion rate × margin rate, one rounding at the end of each part.
"""

from __future__ import annotations

from tradyn.broker.accounts import Account
from tradyn.broker.exposure import Leg
from tradyn.broker.instruments import Instrument
from tradyn.broker.market import Market, Step
from tradyn.broker.money import Rate, divide
from tradyn.broker.options import HedgedMargin
from tradyn.broker.orders import Side
from tradyn.broker.positions import Position

__all__ = ["margin_path", "position_margin", "required_margin", "symbol_margin"]

_Ratio = tuple[int, int]


def margin_path(
    market: Market, instrument: Instrument, account: Account, side: Side, price: int
) -> tuple[Step, ...] | None:
    """The conversion from the symbol's margin currency at a deal of `price`: ask for buys, bid for sells."""
    return market.steps(
        instrument.currency_margin, account.currency, ask=side.is_buy, traded=(instrument.symbol, price)
    )


def required_margin(
    instrument: Instrument, account: Account, side: Side, volume: int, price: int, rate: Rate
) -> int:
    """What `volume` steps opened at `price` (points) tie up by themselves."""
    # Plain integers: a Fraction would reduce itself after every factor.
    numerator, denominator = instrument.margin_buy if side.is_buy else instrument.margin_sell
    numerator *= volume * rate.numerator * 10**account.digits
    denominator *= rate.denominator
    mode = instrument.calc_mode
    if mode.is_priced:
        numerator *= price
        denominator *= instrument.scale
    if mode.is_leveraged:
        denominator *= account.leverage
    return divide(numerator, denominator)


def position_margin(instrument: Instrument, account: Account, position: Position) -> int:
    """A position's own margin: what it would need if it were alone."""
    return required_margin(
        instrument, account, position.side, position.volume, position.price_open, position.margin_rate
    )


def symbol_margin(
    instrument: Instrument,
    account: Account,
    long: Leg,
    short: Leg,
    method: HedgedMargin = HedgedMargin.COVERED,
) -> int:
    """What both legs of one symbol tie up together, hedged volume counted once.

    By the larger leg: whichever leg alone needs more. By covered volume, with both directions held:
    the uncovered volume at the larger leg's weighted average price and rate, the covered volume with
    `margin_hedged` as contract size at the average price of all positions and the mean of both
    margin rates; each part rounded before the sum. With one direction held: the sum of what each
    position needs alone.
    """
    if not long.volume or not short.volume:
        return long.own_margin + short.own_margin
    if method is HedgedMargin.LARGER_LEG:
        return max(long.own_margin, short.own_margin)
    larger = long if long.volume >= short.volume else short
    covered, uncovered = min(long.volume, short.volume), abs(long.volume - short.volume)
    total = 0
    if uncovered:
        size, per = instrument.margin_buy if larger.side.is_buy else instrument.margin_sell
        above, below = larger.rate_volume()
        total += _amount(
            instrument,
            account,
            (size * uncovered, per),
            (larger.price_volume, larger.volume),
            (above, below * larger.volume),
        )
    volume = long.volume + short.volume
    size, per = instrument.margin_hedged_mean
    (above, below), (other_above, other_below) = long.rate_volume(), short.rate_volume()
    return total + _amount(
        instrument,
        account,
        (size * covered, per),
        (long.price_volume + short.price_volume, volume),
        (above * other_below + other_above * below, below * other_below * volume),
    )


def _amount(instrument: Instrument, account: Account, size: _Ratio, points: _Ratio, rate: _Ratio) -> int:
    """The margin of a size (with its margin rate in it) at a mean price in points and a mean conversion."""
    numerator = size[0] * rate[0] * 10**account.digits
    denominator = size[1] * rate[1]
    mode = instrument.calc_mode
    if mode.is_priced:
        numerator *= points[0]
        denominator *= points[1] * instrument.scale
    if mode.is_leveraged:
        denominator *= account.leverage
    return divide(numerator, denominator)
