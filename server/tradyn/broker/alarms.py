"""Margin alarms: how far prices may move before an account has to be looked at again.

The account's slack (equity above its stop-out) is split evenly over all symbols that move
it, conversion pairs included. Each share gives a distance in points; while every quote
stays within its distance the account cannot have reached its stop-out, so nobody
needs to look. Once one leaves it: compute exactly, act or split anew.

A trade changes the slack, so the distances must be found anew after each; but alarms that ring soon enough
by these too may stay where they are. Whichever stand, they only ever lead to an exact look.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tradyn.broker.accounts import Account
from tradyn.broker.exposure import Exposure
from tradyn.broker.market import Leg, Market, Quote
from tradyn.broker.profit import Figures, leg_stake

__all__ = ["Alarm", "alarm_distances", "are_covered", "is_stopped_out", "sooner"]

# Profit is a product of prices, so its slope grows a little as prices move. Within a
# twentieth of the price three such factors (two legs of a conversion, one of them inverse and
# moving itself) grow it by less than (1 / 0.95)³ < 5 / 4.
_BOX = 20
_CURVATURE = (5, 4)

# An alarm is set by this part sooner than it must be, so that it may go on standing after a trade.
_SOONER = 8

_Ratio = tuple[int, int]


class Alarm(NamedTuple):
    """An alarm as it stands: it rings once bid or ask is `distance` points away from `quote`, either way."""

    quote: Quote
    distance: int


def is_stopped_out(account: Account, figures: Figures) -> bool:
    """Whether the margin level is below the account's stop-out level."""
    return figures.margin > 0 and figures.equity * 100 < account.stop_out_level * figures.margin


def alarm_distances(
    market: Market, account: Account, exposures: Mapping[str, Exposure], figures: Figures
) -> dict[str, int]:
    """Symbol → points that its bid and ask may move before the account must be looked at.

    Empty if no price can stop the account out.
    """
    if not figures.margin:
        return {}
    # Ratios are pairs of whole numbers: a Fraction would look for common factors at every step.
    slopes: dict[str, _Ratio] = {}
    rounding: _Ratio = (0, 1)
    for symbol, exposure in exposures.items():
        instrument = market.instruments[symbol]
        path: tuple[Leg, ...] = ()
        rate: _Ratio = (1, 1)
        if instrument.currency_profit != account.currency:
            path = market.path(instrument.currency_profit, account.currency) or ()
            rate = _rate(market, path, account.digits - instrument.profit_digits)
        held = len(exposure.long.tickets) + len(exposure.short.tickets)
        rounding = _sum(rounding, (2 * held * (rate[0] + rate[1]), rate[1]))
        # What one point of the symbol itself is worth, in minor units of the account.
        volume = exposure.long.volume + exposure.short.volume
        slope = rate[0] * instrument.value_numerator * volume, rate[1] * instrument.value_denominator
        slopes[symbol] = _sum(slopes[symbol], slope) if symbol in slopes else slope
        if not path:
            continue
        # The profit at stake on a conversion pair, as large as it may get within the box.
        profit = sum(leg_stake(market, account, instrument, leg) for leg in exposure.legs)
        stake = _sum((profit, 1), (slope[0] * market.quotes[symbol].ask, slope[1] * _BOX))
        for step in path:
            more = stake[0], stake[1] * market.quotes[step.symbol].bid
            slopes[step.symbol] = _sum(slopes.get(step.symbol, (0, 1)), more)
    # The slack is what equity there is above the stop-out, less what rounding may take of it.
    level, per = account.stop_out_level.as_integer_ratio()
    per *= 100
    over = (figures.equity * per - level * figures.margin) * rounding[1] - rounding[0] * per
    # Each symbol has its share of it, and moves it by its slope.
    share = max(over, 0) * _CURVATURE[1], per * rounding[1] * len(slopes) * _CURVATURE[0]
    distances = {}
    for symbol, (numerator, denominator) in slopes.items():
        box = market.quotes[symbol].bid // _BOX
        reach = share[0] * denominator // (share[1] * numerator) if numerator else box
        # 0 rings with the next quote, whatever it is.
        distances[symbol] = min(reach, box)
    return distances


def sooner(distance: int) -> int:
    """The distance at which to set an alarm where it must be set at `distance` at the latest."""
    return distance - distance // _SOONER


def are_covered(
    distances: Mapping[str, int], quotes: Mapping[str, Quote], standing: Mapping[str, Alarm]
) -> bool:
    """Whether the alarms that stand ring no later than alarms at these distances from `quotes` would.

    Where an alarm must ring with the next quote it does not count as covered: the account may be below its
    stop-out by a command of its own, and then no other alarm may ring for it.
    """
    for symbol, distance in distances.items():
        alarm = standing.get(symbol)
        if alarm is None or not distance:
            return False
        now, then = quotes[symbol], alarm.quote
        spare = distance - alarm.distance
        if abs(now.bid - then.bid) > spare or abs(now.ask - then.ask) > spare:
            return False
    return True


def _rate(market: Market, path: tuple[Leg, ...], digits: int) -> _Ratio:
    """What one minor unit of the profit currency is worth in those of the account, at most.

    A cent may be more than a yen, and profits are rounded in both. Each leg is taken at its higher side, so
    that a slope is never too small.
    """
    numerator, denominator = (10**digits, 1) if digits >= 0 else (1, 10**-digits)
    for leg in path:
        quote, scale = market.quotes[leg.symbol], market.instruments[leg.symbol].scale
        if leg.inverse:
            numerator *= scale
            denominator *= quote.bid
        else:
            numerator *= quote.ask
            denominator *= scale
    return numerator, denominator


def _sum(one: _Ratio, other: _Ratio) -> _Ratio:
    if one[1] == other[1]:
        return one[0] + other[0], one[1]
    return one[0] * other[1] + other[0] * one[1], one[1] * other[1]
