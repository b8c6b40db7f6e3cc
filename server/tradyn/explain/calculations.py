"""How recorded amounts come about: formula, numbers, result, and the path of every conversion.

The rules are those of `broker.margin`, `broker.profit` and `broker.decisions.charges`, told instead
of computed. What was recorded is the truth: a formula is given only if it leads there exactly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from tradyn.broker.accounts import Account
from tradyn.broker.instruments import CalcMode, CommissionMode, Instrument, SwapMode
from tradyn.broker.market import Market, Step
from tradyn.broker.money import Rate, divide, format_amount
from tradyn.broker.orders import Side
from tradyn.broker.profit import raw_profit
from tradyn.broker.transactions import SwapCharged
from tradyn.explain.explanation import Amount, Calculation, ConversionLeg, Input, PriceSide
from tradyn.explain.formulas import evaluate, expand

__all__ = ["MOST_CHARGES", "Calculations", "Conversion", "Explained"]

MOST_CHARGES: Final = 50
"""Of a swap that came together in more parts only the sum is shown."""

_RATE_DIGITS: Final = 12
"""Significant digits of a rate that is shown by itself; amounts are calculated with the exact one."""


class Conversion(NamedTuple):
    """A rate as an expression (empty: nothing to convert), and the pairs it was made of."""

    rate: str = ""
    path: tuple[ConversionLeg, ...] = ()


class Explained(NamedTuple):
    """Calculations of one amount, and what is to be said about them."""

    calculations: tuple[Calculation, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Calculations:
    """Explains the amounts of one account. Prices are points, volumes steps, amounts minor units."""

    market: Market
    account: Account

    # ------------------------------------------------------------------ amounts

    def margin(
        self,
        instrument: Instrument,
        side: Side,
        volume: int,
        price: int,
        rate: Rate,
        path: tuple[Step, ...],
        recorded: int,
    ) -> Explained:
        """What a position of `volume` ties up by itself; `rate` was frozen when it was opened."""
        conversion = self._conversion(rate, path, ask=side is Side.BUY, traded=instrument.symbol)
        mode = instrument.calc_mode
        size = instrument.margin_initial
        inputs = {"lots": instrument.lots(volume)}
        formula = "lots * contract_size"
        if size or mode is CalcMode.FUTURES:
            formula = "lots * margin_initial"
            inputs["margin_initial"] = _plain(size)
        else:
            inputs["contract_size"] = _plain(instrument.contract_size)
        if mode.is_priced:
            formula += " * price_open"
            inputs["price_open"] = instrument.price(price)
        if mode.is_leveraged:
            formula += " / leverage"
            inputs["leverage"] = str(self.account.leverage)
        factor = instrument.margin_rate_buy if side is Side.BUY else instrument.margin_rate_sell
        if factor != 1:
            formula += " * margin_rate"
            inputs["margin_rate"] = _plain(factor)
        return self._amount(Amount.MARGIN, f"{formula}{{rate}}", inputs, conversion, recorded, instrument)

    def profit(
        self,
        instrument: Instrument,
        side: Side,
        volume: int,
        price_open: int,
        price_close: int,
        rate: Rate,
        path: tuple[Step, ...],
        recorded: int,
        *,
        is_deal: bool = True,
    ) -> Explained:
        """The profit of a deal that closes, or (not `is_deal`) of a position at the market's price."""
        is_forex, digits = instrument.calc_mode.is_forex, instrument.profit_digits
        # By the rounded profit: a loss of less than a cent is none.
        ask = (
            side is Side.BUY
            if is_forex
            else raw_profit(instrument, side, volume, price_open, price_close) < 0
        )
        traded = instrument.symbol if is_deal else None
        conversion = self._conversion(rate, path, ask=ask, traded=traded)
        inputs = {
            "price_open": instrument.price(price_open),
            "price_close": instrument.price(price_close),
            "contract_size": _plain(instrument.contract_size),
            "lots": instrument.lots(volume),
        }
        first, second = ("price_close", "price_open")[:: side.sign]
        if is_forex:
            value = " * contract_size * lots"
            formula = f"round({first}{value}, {digits}) - round({second}{value}, {digits})"
            if conversion.rate:
                formula = f"({formula})"
        else:
            formula = f"round(({first} - {second}) * contract_size * lots, {digits})"
        if conversion.rate:
            formula = f"{formula}{{rate}}"
            return self._amount(Amount.PROFIT, formula, inputs, conversion, recorded, instrument)
        return self._checked(Amount.PROFIT, formula, inputs, conversion, recorded, instrument)

    def commission(
        self,
        instrument: Instrument,
        volume: int,
        price: int,
        rate: Rate,
        path: tuple[Step, ...],
        recorded: int,
    ) -> Explained:
        """What a deal cost; nothing to explain where nothing was charged."""
        if not recorded:
            return Explained()
        conversion = self._conversion(rate, path, ask=True, traded=instrument.symbol)
        inputs = {"lots": instrument.lots(volume)}
        if instrument.commission_mode is CommissionMode.PERCENT:
            formula = "lots * contract_size * price * commission / 100"
            inputs["contract_size"] = _plain(instrument.contract_size)
            inputs["price"] = instrument.price(price)
        else:
            formula = "lots * commission"
        inputs["commission"] = _plain(instrument.commission)
        return self._amount(
            Amount.COMMISSION, f"{formula}{{rate}}", inputs, conversion, recorded, instrument, sign="-"
        )

    def charged_swap(self, instrument: Instrument, side: Side | None, event: SwapCharged) -> Explained:
        """What a position was charged, or earned, as a trading day ended."""
        mode, digits = event.mode, self.account.digits
        is_charge = event.swap < 0
        by_price = mode is SwapMode.POINTS or mode.is_interest
        ask = side is Side.BUY if by_price and instrument.calc_mode.is_forex else is_charge
        conversion = self._conversion(event.rate, event.path, ask=ask, traded=None)
        inputs = {"lots": instrument.lots(event.volume)}
        if by_price:
            inputs["contract_size"] = _plain(instrument.contract_size)
        if mode is SwapMode.POINTS:
            inputs["point"] = _plain(instrument.point)
            formula = f"round(lots * contract_size * point{{rate}}, {digits}) * swap * multiplier"
        elif mode.is_interest:
            inputs["price"] = instrument.price(event.price or 0)
            formula = "lots * contract_size * price * swap / 100 / 360 * multiplier{rate}"
        else:
            formula = "lots * swap * multiplier{rate}"
        inputs["swap"] = _plain(event.swap)
        inputs["multiplier"] = _plain(event.multiplier)
        return self._amount(Amount.SWAP, formula, inputs, conversion, event.amount, instrument)

    def swap_share(
        self,
        instrument: Instrument,
        swap: int,
        charges: Sequence[int],
        booked: Sequence[int],
        volume: int,
        whole: int,
        recorded: int,
    ) -> Explained:
        """The share of a position's swap that a deal books: all of it, or that of the closed volume.

        Args:
            swap: what the position had gathered and not booked yet.
            charges: every charge of the position before the deal.
            booked: what earlier deals have booked of them.
        """
        if not swap and not recorded:
            return Explained()
        notes: tuple[str, ...] = ()
        if len(charges) + len(booked) > MOST_CHARGES or sum(charges) - sum(booked) != swap:
            formula, inputs = "swap", {"swap": self._decimal(swap)}
            notes = (
                f"The swap of {inputs['swap']} {self.account.currency} is what the position had gathered by "
                f"then ({len(charges)} charges, each a step of its own, less {len(booked)} shares booked).",
            )
        else:
            added = {f"swap_{index}": self._decimal(each) for index, each in enumerate(charges, 1)}
            taken = {f"booked_{index}": self._decimal(each) for index, each in enumerate(booked, 1)}
            inputs = added | taken
            formula = " + ".join(added) + "".join(f" - {each}" for each in taken)
        if volume != whole:
            total = f"({formula})" if len(inputs) > 1 else formula
            formula = f"round({total} * lots_closed / lots, {self.account.digits})"
            inputs |= {"lots_closed": instrument.lots(volume), "lots": instrument.lots(whole)}
        share = self._checked(Amount.SWAP, formula, inputs, Conversion(), recorded, instrument)
        return Explained(share.calculations, (*notes, *share.notes))

    def margin_level(self, equity: int, margin: int) -> Calculation:
        """Equity in percent of the margin (which is not 0), for comparing it with the stop-out level.

        It has as many decimal places more than 2 as it takes not to be rounded up to that level.
        """
        inputs = {"equity": self._decimal(equity), "margin": self._decimal(margin)}
        for digits in range(2, _RATE_DIGITS):
            formula = f"round(equity / margin * 100, {digits})"
            value = Decimal(int(evaluate(expand(formula, inputs)) * 10**digits)).scaleb(-digits)
            if value < self.account.stop_out_level:
                break
        return Calculation(
            name=Amount.MARGIN_LEVEL,
            formula=formula,
            expression=expand(formula, inputs),
            inputs=tuple(Input(*each) for each in inputs.items()),
            result=value,
            currency="%",
        )

    # ------------------------------------------------------------------ the parts

    def _amount(
        self,
        name: Amount,
        formula: str,
        inputs: Mapping[str, str],
        conversion: Conversion,
        recorded: int,
        instrument: Instrument,
        *,
        sign: str = "",
    ) -> Explained:
        """An amount that is converted at `{rate}` of its formula and rounded at the end."""
        rate = " * rate" if conversion.rate else ""
        whole = f"{sign}round({formula.format(rate=rate)}, {self.account.digits})"
        return self._checked(name, whole, inputs, conversion, recorded, instrument)

    def _checked(
        self,
        name: Amount,
        formula: str,
        inputs: Mapping[str, str],
        conversion: Conversion,
        recorded: int,
        instrument: Instrument,
    ) -> Explained:
        """The calculation, if it leads to what was recorded; else what was recorded, and why no formula."""
        account = self.account
        values = {**inputs, **({"rate": conversion.rate} if conversion.rate else {})}
        computed = evaluate(formula, {each: _value(text) for each, text in values.items()})
        result = Decimal(recorded).scaleb(-account.digits)
        is_same = computed == Fraction(result)
        shown = Calculation(
            name=name,
            formula=formula if is_same else None,
            expression=expand(formula, values) if is_same else None,
            inputs=tuple(Input(*each) for each in values.items()) if is_same else (),
            result=result,
            currency=account.currency,
            path=conversion.path,
        )
        notes: tuple[str, ...] = ()
        if not is_same:
            scaled = computed * 10**account.digits
            today = format_amount(divide(scaled.numerator, scaled.denominator), account.digits)
            notes = (
                f"The {name} was recorded as {format_amount(recorded, account.digits)} {account.currency}. "
                f"The specification of {instrument.symbol} as it is today would give {today}, "
                "so it was changed since, and no formula is given.",
            )
        return Explained((*self._shown_rate(conversion), shown), notes)

    def _shown_rate(self, conversion: Conversion) -> tuple[Calculation, ...]:
        """The rate by itself, rounded for the eye."""
        if not conversion.rate:
            return ()
        rate = _value(conversion.rate)
        digits = max(_RATE_DIGITS - len(str(int(rate))), 0)
        if conversion.path:
            inputs = {f"leg_{index}": f"{leg.price:f}" for index, leg in enumerate(conversion.path, 1)}
            product = _product(
                [(name, leg.inverse) for name, leg in zip(inputs, conversion.path, strict=True)]
            )
        else:
            inputs, product = {"rate": conversion.rate}, "rate"
        formula = f"round({product}, {digits})"
        expression = expand(formula, inputs)
        value = evaluate(expression)
        return (
            Calculation(
                name=Amount.CONVERSION,
                formula=formula,
                expression=expression,
                inputs=tuple(Input(*each) for each in inputs.items()),
                result=(Decimal(value.numerator) / Decimal(value.denominator)).normalize(),
                currency=self.account.currency,
                path=conversion.path,
            ),
        )

    def _conversion(self, rate: Rate, path: tuple[Step, ...], *, ask: bool, traded: str | None) -> Conversion:
        """A recorded rate with its path; without one (in journals from before) the rate as a ratio."""
        if path and Fraction(*self.market.rate_of(path)) == Fraction(*rate):
            instruments = self.market.instruments
            legs = []
            for symbol, inverse, points in path:
                side = PriceSide.ASK if ask is not inverse else PriceSide.BID
                price = instruments[symbol].price(points)
                legs.append(
                    ConversionLeg(
                        symbol=symbol,
                        side=PriceSide.DEAL if symbol == traded else side,
                        inverse=inverse,
                        price=Decimal(price),
                        rate=f"1 / {price}" if inverse else price,
                    )
                )
            return Conversion(_product([(f"{each.price:f}", each.inverse) for each in legs]), tuple(legs))
        if rate.numerator == rate.denominator:
            return Conversion()
        return Conversion(f"{rate.numerator} / {rate.denominator}")

    def _decimal(self, amount: int) -> str:
        return f"{Decimal(amount).scaleb(-self.account.digits):.{self.account.digits}f}"


def _product(factors: list[tuple[str, bool]]) -> str:
    """`a * b`, where an inverse factor divides."""
    text = ""
    for factor, inverse in factors:
        if text:
            text += f" {'/' if inverse else '*'} {factor}"
        else:
            text = f"1 / {factor}" if inverse else factor
    return text


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


@lru_cache(maxsize=4096)
def _value(text: str) -> Fraction:
    return Fraction(text) if _NUMBER.fullmatch(text) else evaluate(text)
