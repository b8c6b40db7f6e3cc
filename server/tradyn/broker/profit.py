"""Profit of a position, and the figures of an account that follow from it.

Source: MetaTrader 5 help, "Profit calculation" and "Trading accounts". Forex rounds the value
at each of the two prices to the profit currency before the difference, CFDs round the
difference; the conversion to the account's currency is rounded once more.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from tradyn.broker.accounts import Account
from tradyn.broker.exposure import Leg
from tradyn.broker.instruments import Instrument
from tradyn.broker.market import Market, Quote, Step
from tradyn.broker.money import Rate, convert, divide
from tradyn.broker.orders import Side
from tradyn.broker.positions import Position

__all__ = [
    "Figures",
    "account_figures",
    "closing_price",
    "leg_profit",
    "leg_stake",
    "position_profit",
    "profit_path",
    "profit_rate",
    "raw_profit",
]


class Figures(NamedTuple):
    """The moving figures of an account, in minor units."""

    profit: int
    equity: int
    margin: int
    margin_free: int

    @property
    def margin_level(self) -> Decimal | None:
        """In percent, to two digits; None without margin."""
        if not self.margin:
            return None
        return Decimal(divide(self.equity * 10_000, self.margin)).scaleb(-2)


def closing_price(position: Position, quote: Quote) -> int:
    """Longs close at the bid, shorts at the ask."""
    return quote.bid if position.side.is_buy else quote.ask


def raw_profit(instrument: Instrument, side: Side, volume: int, price_open: int, price_close: int) -> int:
    """Profit in minor units of the symbol's profit currency."""
    unit, per = instrument.value_numerator * volume, instrument.value_denominator
    if instrument.calc_mode.is_forex:
        return side.sign * (divide(price_close * unit, per) - divide(price_open * unit, per))
    return side.sign * divide((price_close - price_open) * unit, per)


def profit_rate(
    market: Market, instrument: Instrument, account: Account, side: Side, profit: int
) -> Rate | None:
    """The conversion of a floating profit to the account's currency.

    Forex: by deal, ask when a buy is closed and bid when a sell is closed. CFDs: the side that
    is worse for the client.
    """
    ask = _is_ask(instrument, side, profit)
    return market.rate(instrument.currency_profit, account.currency, ask=ask)


def profit_path(
    market: Market,
    instrument: Instrument,
    account: Account,
    side: Side,
    profit: int,
    *,
    traded: tuple[str, int] | None = None,
) -> tuple[Step, ...] | None:
    """The same conversion step by step, for a profit that is taken.

    Args:
        traded: symbol and price of the deal that closes, see `Market.rate`.
    """
    ask = _is_ask(instrument, side, profit)
    return market.steps(instrument.currency_profit, account.currency, ask=ask, traded=traded)


def _is_ask(instrument: Instrument, side: Side, profit: int) -> bool:
    return side.is_buy if instrument.calc_mode.is_forex else profit < 0


def position_profit(market: Market, account: Account, position: Position) -> int:
    """The floating profit of a position at the current quotes, without swap, in minor units."""
    instrument = market.instruments[position.symbol]
    price = closing_price(position, market.quotes[position.symbol])
    raw = raw_profit(instrument, position.side, position.volume, position.price_open, price)
    if instrument.currency_profit == account.currency:
        return raw
    rate = profit_rate(market, instrument, account, position.side, raw)
    if rate is None:
        raise AssertionError(f"position {position.ticket} lost the conversion rate it was opened with")
    return convert(raw, rate, instrument.profit_digits, account.digits)


def leg_profit(market: Market, account: Account, instrument: Instrument, leg: Leg) -> int:
    """The floating profit of all positions of a leg: the sum of each one's, in minor units."""
    if not leg.tickets:
        return 0
    if instrument.currency_profit == account.currency and instrument.value_denominator == 1:
        # Every value is a whole number of minor units, so the sum needs no rounding.
        quote = market.quotes[instrument.symbol]
        price = quote.bid if leg.side.is_buy else quote.ask
        return leg.side.sign * (price * leg.volume - leg.price_volume) * instrument.value_numerator
    return _leg_profits(market, account, instrument, leg)[0]


def leg_stake(market: Market, account: Account, instrument: Instrument, leg: Leg) -> int:
    """What all positions of a leg have gained and lost, without regard to the sign, in minor units."""
    return _leg_profits(market, account, instrument, leg)[1] if leg.tickets else 0


def _leg_profits(market: Market, account: Account, instrument: Instrument, leg: Leg) -> tuple[int, int]:
    """Sum of the floating profits of a leg, and of their sizes.

    Each is rounded, so all must be looked at; but only once while prices stand and no position comes or goes.
    """
    quote = market.quotes[instrument.symbol]
    price = quote.bid if leg.side.is_buy else quote.ask
    gain = profit_rate(market, instrument, account, leg.side, 1)
    loss = profit_rate(market, instrument, account, leg.side, -1)
    if gain is None or loss is None:
        raise AssertionError(
            f"positions of {instrument.symbol} lost the conversion rate they were opened with"
        )
    if leg.profits is not None and leg.profits[0] == (price, gain, loss):
        return leg.profits[1]
    total = size = 0
    for ticket in leg.tickets:
        position = account.positions[ticket]
        raw = raw_profit(instrument, leg.side, position.volume, position.price_open, price)
        profit = convert(raw, loss if raw < 0 else gain, instrument.profit_digits, account.digits)
        total += profit
        size += abs(profit)
    leg.profits = (price, gain, loss), (total, size)
    return total, size


def account_figures(account: Account, profit: int, swap: int, margin: int) -> Figures:
    """equity = balance + credit + Σ(profit + swap); margin_free = equity − margin."""
    equity = account.balance + account.credit + profit + swap
    return Figures(profit, equity, margin, equity - margin)
