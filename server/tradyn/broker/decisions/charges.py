"""What a broker charges beside the spread: commission on deals, and swap at the end of a trading day.

Source: MetaTrader 5 help, "Contract specification" (swap modes, `ENUM_SYMBOL_SWAP_MODE`) and "Trading
accounts" (commissions). Amounts are from the account's view: negative is a charge.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from tradyn.broker.calendar import DAY_MS, swap_multiplier
from tradyn.broker.decisions.scene import Scene
from tradyn.broker.instruments import CommissionMode, Instrument, SwapMode
from tradyn.broker.market import Step
from tradyn.broker.money import UNITY, Rate, divide
from tradyn.broker.positions import Position
from tradyn.broker.profit import closing_price, profit_path
from tradyn.broker.refusals import Refusal
from tradyn.broker.transactions import SwapCharged

__all__ = ["NO_COMMISSION", "Commission", "commission", "swap_charge"]

_YEAR_DAYS = 360


class Commission(NamedTuple):
    """What a deal costs (minor units, not positive), and the conversion that it was computed with."""

    amount: int = 0
    rate: Rate = UNITY
    path: tuple[Step, ...] = ()


NO_COMMISSION: Final = Commission()


def commission(scene: Scene, instrument: Instrument, volume: int, price: int) -> Commission | Refusal:
    """The commission of a deal of `volume` steps at `price` points.

    Money: lots × commission; percent: volume × contract size × price × commission / 100. Converted
    on the ask side, as whatever a client pays for; where the traded pair converts, at the deal's price.
    """
    numerator, denominator = instrument.commission_ratio
    if not numerator:
        return NO_COMMISSION
    account = scene.account
    numerator *= volume
    if instrument.commission_mode is CommissionMode.MONEY:
        currency = instrument.commission_currency or account.currency
    else:
        currency = instrument.currency_profit
        numerator *= price
    path = scene.market.steps(currency, account.currency, ask=True, traded=(instrument.symbol, price))
    if path is None:
        return scene.no_conversion(currency)
    rate = scene.market.rate_of(path)
    amount = divide(numerator * rate.numerator * 10**account.digits, denominator * rate.denominator)
    return Commission(-amount, rate, path)


def swap_charge(scene: Scene, position: Position) -> SwapCharged | None:
    """What a position is charged (or paid) as the day ends that `scene.now` is the end of; None if nothing.

    Points: the value of one point in the account's currency is rounded first, then × swap ×
    multiplier. Money: lots × swap. Percent: value of the position × swap / 100 / 360.
    """
    market, account = scene.market, scene.account
    instrument = market.instruments[position.symbol]
    swap = instrument.swap_long if position.side.sign > 0 else instrument.swap_short
    mode = instrument.swap_mode
    if mode is SwapMode.DISABLED or not swap:
        return None
    multiplier = swap_multiplier(instrument, scene.now // DAY_MS - 1)
    if not multiplier:
        return None
    path = _swap_path(scene, instrument, position, is_charge=swap < 0)
    if path is None:
        # The catalogue has come to name a currency that nothing converts: as long as it does, no swap.
        return None
    rate = market.rate_of(path)
    quote = market.quotes[position.symbol]
    lots = position.volume * Fraction(instrument.volume_step)
    size = lots * Fraction(instrument.contract_size)
    price: int | None = None
    factor = Fraction(swap) * Fraction(multiplier)
    if mode is SwapMode.POINTS:
        point_value = _minor(size * Fraction(instrument.point) * Fraction(*rate), account.digits)
        amount = divide((point_value * factor).numerator, (point_value * factor).denominator)
    elif mode.is_interest:
        price = position.price_open if mode is SwapMode.INTEREST_OPEN else closing_price(position, quote)
        interest = size * Fraction(price, instrument.scale) * factor / 100 / _YEAR_DAYS
        amount = _minor(interest * Fraction(*rate), account.digits)
    else:
        amount = _minor(lots * factor * Fraction(*rate), account.digits)
    if not amount:
        return None
    return SwapCharged(
        position=position.ticket,
        symbol=position.symbol,
        amount=amount,
        mode=mode,
        swap=swap,
        multiplier=multiplier,
        volume=position.volume,
        price=price,
        rate=rate,
        path=path,
        quote=quote,
    )


def _swap_path(
    scene: Scene, instrument: Instrument, position: Position, *, is_charge: bool
) -> tuple[Step, ...] | None:
    """Swap that is measured by the price converts as profit does; money as what is paid or received."""
    mode = instrument.swap_mode
    if mode is SwapMode.POINTS or mode.is_interest:
        return profit_path(scene.market, instrument, scene.account, position.side, -1 if is_charge else 1)
    currency = {
        SwapMode.CURRENCY_SYMBOL: instrument.currency_base,
        SwapMode.CURRENCY_MARGIN: instrument.currency_margin,
        SwapMode.CURRENCY_PROFIT: instrument.currency_profit,
    }.get(mode, scene.account.currency)
    return scene.market.steps(currency, scene.account.currency, ask=is_charge)


def _minor(amount: Fraction, digits: int) -> int:
    """An amount of a currency in its minor units."""
    return divide(amount.numerator * 10**digits, amount.denominator)
