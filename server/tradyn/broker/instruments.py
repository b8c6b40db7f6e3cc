"""What can be traded: the contract specification of one symbol, in MetaTrader 5's terms.

An instrument never changes while a server runs. What a stored price or volume means
(`digits`, `volume_step`, `contract_size`, the currencies) may not change for the life
of a journal either; `meaning` names those fields, and the desk compares them at start.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from tradyn.broker.money import currency_digits

__all__ = [
    "WEEK",
    "CalcMode",
    "CommissionMode",
    "ExpirationMode",
    "Holiday",
    "Instrument",
    "OrderKind",
    "Session",
    "SwapMode",
    "TradeMode",
]

WEEK: Final = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
"""The days in MetaTrader's order (`ENUM_DAY_OF_WEEK`)."""


class CalcMode(StrEnum):
    """How margin and profit are calculated (MetaTrader: `SYMBOL_TRADE_CALC_MODE`).

    Attributes:
        is_forex: whether profit is the difference of two rounded values, converted by deal.
        is_leveraged: whether margin is a part of the value, by the account's leverage.
        is_priced: whether margin follows from the price.
    """

    FOREX = "forex"
    FOREX_NO_LEVERAGE = "forex_no_leverage"
    CFD = "cfd"
    CFD_LEVERAGE = "cfd_leverage"
    FUTURES = "futures"

    # Plain attributes, because every fill asks for them.
    is_forex: bool
    is_leveraged: bool
    is_priced: bool

    def __init__(self, value: str) -> None:
        self.is_forex = value in ("forex", "forex_no_leverage")
        self.is_leveraged = value in ("forex", "cfd_leverage")
        self.is_priced = value in ("cfd", "cfd_leverage")


class TradeMode(StrEnum):
    """Which trades are allowed (MetaTrader: `SYMBOL_TRADE_MODE`)."""

    DISABLED = "disabled"
    LONG_ONLY = "long_only"
    SHORT_ONLY = "short_only"
    CLOSE_ONLY = "close_only"
    FULL = "full"


class SwapMode(StrEnum):
    """What `swap_long` and `swap_short` mean (MetaTrader: `SYMBOL_SWAP_MODE`).

    Points of price; money for each lot in the base, margin, account or profit currency; percent a
    year of the position's value at the current or at its opening price (a year has 360 days).
    """

    DISABLED = "disabled"
    POINTS = "points"
    CURRENCY_SYMBOL = "currency_symbol"
    CURRENCY_MARGIN = "currency_margin"
    CURRENCY_DEPOSIT = "currency_deposit"
    CURRENCY_PROFIT = "currency_profit"
    INTEREST_CURRENT = "interest_current"
    INTEREST_OPEN = "interest_open"

    @property
    def is_interest(self) -> bool:
        """Whether swap is percent a year of a value."""
        return self in (SwapMode.INTEREST_CURRENT, SwapMode.INTEREST_OPEN)


class CommissionMode(StrEnum):
    """What `commission` means; it is charged on every deal, in and out, but not on a close-by.

    Money for each lot in `commission_currency` (empty: the account's), or percent of the deal's value
    (volume × contract size × price) in the profit currency.
    """

    DISABLED = "disabled"
    MONEY = "money"
    PERCENT = "percent"


class OrderKind(StrEnum):
    """What clients may do with a symbol (MetaTrader: `SYMBOL_ORDER_MODE`)."""

    MARKET = "market"
    LIMIT = "limit"
    STOP = "stop"
    STOP_LIMIT = "stop_limit"
    SL = "sl"
    TP = "tp"
    CLOSE_BY = "close_by"


class ExpirationMode(StrEnum):
    """Which expirations a pending order may have (MetaTrader: `SYMBOL_EXPIRATION_MODE`)."""

    GTC = "gtc"
    SPECIFIED = "specified"


@dataclass(frozen=True, slots=True)
class Session:
    """A stretch of one weekday (UTC) in which the symbol trades; minutes after midnight."""

    day: str
    open: int
    close: int


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day (UTC) that does not follow its weekday's sessions.

    Attributes:
        month, day: of the calendar.
        year: None for every year.
        open, close: the one session of that day, in minutes after midnight; both 0 if it has none.
    """

    month: int
    day: int
    year: int | None = None
    open: int = 0
    close: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """The contract specification of one symbol. Levels and spread are in points, volumes in steps."""

    symbol: str
    description: str
    currency_base: str
    currency_profit: str
    currency_margin: str
    digits: int
    contract_size: Decimal
    volume_min: int
    volume_max: int
    volume_step: Decimal
    volume_limit: int
    stops_level: int
    freeze_level: int
    spread: int
    calc_mode: CalcMode
    trade_mode: TradeMode
    swap_mode: SwapMode
    swap_long: Decimal
    swap_short: Decimal
    swap_rollover3days: str
    margin_initial: Decimal
    margin_hedged: Decimal
    margin_rate_buy: Decimal
    margin_rate_sell: Decimal
    sessions: tuple[Session, ...]
    holidays: tuple[Holiday, ...] = ()
    swap_multipliers: tuple[Decimal, ...] = ()
    """For each day of `WEEK`; empty: 1 from Monday to Friday, but 3 on `swap_rollover3days`."""
    commission_mode: CommissionMode = CommissionMode.DISABLED
    commission: Decimal = Decimal(0)
    commission_currency: str = ""
    order_kinds: frozenset[OrderKind] = frozenset(OrderKind)
    expiration_modes: frozenset[ExpirationMode] = frozenset(ExpirationMode)

    # Ratios that every calculation needs, made once.
    scale: int = field(init=False)
    profit_digits: int = field(init=False)
    margin_buy: tuple[int, int] = field(init=False)
    """Contract size of a step times the margin rate of buys, as numerator and denominator."""
    margin_sell: tuple[int, int] = field(init=False)
    margin_hedged_mean: tuple[int, int] = field(init=False)
    """`margin_hedged` of a step times the mean of both margin rates."""
    value_numerator: int = field(init=False)
    value_denominator: int = field(init=False)
    commission_ratio: tuple[int, int] = field(init=False)
    """Commission of a step, by money or (percent) for each point of price, as numerator and denominator."""
    week: tuple[tuple[tuple[int, int], ...], ...] = field(init=False)
    always_open: bool = field(init=False)

    def __post_init__(self) -> None:
        step = Fraction(self.volume_step)
        profit_digits = currency_digits(self.currency_profit)
        rate_buy, rate_sell = Fraction(self.margin_rate_buy), Fraction(self.margin_rate_sell)
        value = step * Fraction(self.contract_size) * Fraction(10) ** (profit_digits - self.digits)
        # Futures know nothing but `margin_initial`; elsewhere it takes the place of the contract size.
        size = self.margin_initial
        if not size and self.calc_mode is not CalcMode.FUTURES:
            size = self.contract_size
        hedged = step * Fraction(self.margin_hedged) * (rate_buy + rate_sell) / 2
        charge = step * Fraction(self.commission)
        if self.commission_mode is CommissionMode.DISABLED:
            charge = Fraction(0)
        elif self.commission_mode is CommissionMode.PERCENT:
            charge *= Fraction(self.contract_size) / 100 / 10**self.digits
        week = tuple(
            tuple(sorted((each.open, each.close) for each in self.sessions if each.day == day))
            for day in WEEK
        )
        for name, made in (
            ("scale", 10**self.digits),
            ("profit_digits", profit_digits),
            ("margin_buy", (step * Fraction(size) * rate_buy).as_integer_ratio()),
            ("margin_sell", (step * Fraction(size) * rate_sell).as_integer_ratio()),
            ("margin_hedged_mean", hedged.as_integer_ratio()),
            ("value_numerator", value.numerator),
            ("value_denominator", value.denominator),
            ("commission_ratio", charge.as_integer_ratio()),
            ("week", week),
            ("always_open", not self.holidays and all(day == ((0, 24 * 60),) for day in week)),
        ):
            object.__setattr__(self, name, made)

    @property
    def point(self) -> Decimal:
        """The smallest price change."""
        return Decimal(1).scaleb(-self.digits)

    def meaning(self) -> dict[str, str]:
        """What a stored price, volume or amount of this symbol depends on."""
        return {
            "digits": str(self.digits),
            "volume_step": str(self.volume_step.normalize()),
            "contract_size": str(self.contract_size.normalize()),
            "currency_base": self.currency_base,
            "currency_profit": self.currency_profit,
            "currency_margin": self.currency_margin,
            "calc_mode": self.calc_mode.value,
        }

    def price(self, points: int) -> str:
        """A price for a person, with all its digits."""
        return f"{Decimal(points).scaleb(-self.digits):.{self.digits}f}"

    def lots(self, steps: int) -> str:
        """A volume for a person, in lots."""
        return f"{(steps * self.volume_step).normalize():f}"
