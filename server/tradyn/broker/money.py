"""Exact money: whole minor units, rational rates, and the one way to round.

A rate is a pair of integers (numerator, denominator); it is never a float. Rounding is
half away from zero everywhere, as MetaTrader's `NormalizeDouble` does it.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

__all__ = [
    "ACCOUNT_CURRENCIES",
    "UNITY",
    "Rate",
    "convert",
    "currency_digits",
    "divide",
    "format_amount",
    "to_minor_units",
]


class Rate(NamedTuple):
    """An exact exchange rate: units of the target currency for one unit of the source."""

    numerator: int
    denominator: int


UNITY: Final = Rate(1, 1)

ACCOUNT_CURRENCIES: Final = ("USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD", "NZD")

_DIGITS: Final = {"JPY": 0, "KRW": 0, "HUF": 2, "BTC": 8, "ETH": 8}


def currency_digits(currency: str) -> int:
    """How many decimal places an amount in `currency` has (ISO 4217; 8 for crypto coins)."""
    return _DIGITS.get(currency, 2)


def divide(numerator: int, denominator: int) -> int:
    """`numerator / denominator`, rounded half away from zero; `denominator` must be positive."""
    if numerator >= 0:
        return (2 * numerator + denominator) // (2 * denominator)
    return -((denominator - 2 * numerator) // (2 * denominator))


def convert(amount: int, rate: Rate, digits: int, target_digits: int) -> int:
    """Turn `amount` minor units (of `digits` places) into minor units of `target_digits` places."""
    if rate is UNITY and digits == target_digits:
        return amount
    return divide(
        amount * rate.numerator * 10**target_digits,
        rate.denominator * 10**digits,
    )


def to_minor_units(amount: Decimal, digits: int) -> int:
    """An amount normalised to a currency's digits, half away from zero."""
    return int(amount.scaleb(digits).to_integral_value(ROUND_HALF_UP))


def format_amount(amount: int, digits: int) -> str:
    """An amount for a person: `1234567` with 2 digits is `12,345.67`."""
    return f"{Decimal(amount).scaleb(-digits):,.{digits}f}"
