"""Margin alarms: how far prices may move before an account has to be looked at again.

The account's slack (equity above its stop-out) is split evenly over all symbols that move
it, conversion pairs included. Each share gives a distance in points; while every quote
stays within its distance the account cannot have reached its stop-out, so nobody
needs to look. Once one leaves it: compute exactly, act or split anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from tradyn.broker.accounts import Account
from tradyn.broker.exposure import Exposure
from tradyn.broker.market import Leg, Market
from tradyn.broker.profit import Figures, position_profit

__all__ = ["alarm_distances", "is_stopped_out"]

# Profit is a product of prices, so its slope grows a little as prices move. Within a
# twentieth of the price three such factors (two legs of a conversion, one of them inverse and
# moving itself) grow it by less than (1 / 0.95)³ < 5 / 4.
_BOX = 20
_CURVATURE = Fraction(5, 4)


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
    slopes: dict[str, Fraction] = {}
    rounding = Fraction(0)
    for symbol, exposure in exposures.items():
        instrument = market.instruments[symbol]
        path = market.path(instrument.currency_profit, account.currency) or ()
        # What one minor unit of the profit currency is worth in those of the account: a cent may be
        # more than a yen, and profits are rounded in both.
        rate = Fraction(10) ** (account.digits - instrument.profit_digits)
        for leg in path:
            rate *= _leg_rate(market, leg)
        tickets = [*exposure.long.tickets, *exposure.short.tickets]
        rounding += 2 * (1 + rate) * len(tickets)
        # What one point of the symbol itself is worth, in minor units of the account.
        volume = exposure.long.volume + exposure.short.volume
        slope = rate * Fraction(instrument.value_numerator * volume, instrument.value_denominator)
        slopes[symbol] = slopes.get(symbol, Fraction(0)) + slope
        stake = Fraction(0)
        if path:
            # The profit at stake on a conversion pair, as large as it may get within the box.
            held = (account.positions[each] for each in tickets)
            stake += sum(abs(position_profit(market, account, each)) for each in held)
            stake += slope * Fraction(market.quotes[symbol].ask, _BOX)
        for leg in path:
            slopes[leg.symbol] = slopes.get(leg.symbol, Fraction(0)) + stake / market.quotes[leg.symbol].bid
    needed = Decimal(account.stop_out_level) * figures.margin / 100
    slack = Fraction(figures.equity) - Fraction(needed) - rounding
    share = max(slack, Fraction(0)) / len(slopes)
    distances = {}
    for symbol, slope in slopes.items():
        box = market.quotes[symbol].bid // _BOX
        reach = int(share / (slope * _CURVATURE)) if slope else box
        # 0 rings with the next quote, whatever it is.
        distances[symbol] = min(reach, box)
    return distances


def _leg_rate(market: Market, leg: Leg) -> Fraction:
    """The higher side of a conversion, so that a slope is never too small."""
    quote, scale = market.quotes[leg.symbol], market.instruments[leg.symbol].scale
    return Fraction(scale, quote.bid) if leg.inverse else Fraction(quote.ask, scale)
