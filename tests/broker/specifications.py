"""Symbols with every kind of rule, and the times and profiles under which they are traded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from broker.scenery import instrument
from tradyn.broker.instruments import (
    WEEK,
    CalcMode,
    CommissionMode,
    ExpirationMode,
    Holiday,
    OrderKind,
    Session,
    SwapMode,
    TradeMode,
)

_WORKDAYS = WEEK[1:6]
_FOREX_WEEK = (
    Session("sunday", 22 * 60, 24 * 60),
    *(Session(day, 0, 24 * 60) for day in _WORKDAYS[:4]),
    Session("friday", 0, 22 * 60),
)
_CHRISTMAS = (
    Holiday(12, 24, None, 0, 17 * 60),
    Holiday(12, 25),
    Holiday(12, 26, 2025),
    Holiday(1, 1, 2026),
)


def _daily(*hours: tuple[int, int], days: Iterable[str] = _WORKDAYS) -> tuple[Session, ...]:
    return tuple(Session(day, begin * 60, end * 60) for day in days for begin, end in hours)


INSTRUMENTS = {
    each.symbol: each
    for each in (
        instrument(
            "EURUSD",
            stops_level=8,
            freeze_level=5,
            margin_hedged=Decimal(50_000),
            sessions=_FOREX_WEEK,
            holidays=_CHRISTMAS,
            swap_mode=SwapMode.POINTS,
            swap_long=Decimal("-7.13"),
            swap_short=Decimal("2.31"),
            commission_mode=CommissionMode.MONEY,
            commission=Decimal("3.5"),
            commission_currency="USD",
        ),
        instrument(
            "USDJPY",
            margin_rate_buy=Decimal("1.5"),
            swap_mode=SwapMode.CURRENCY_DEPOSIT,
            swap_long=Decimal("4.21"),
            swap_short=Decimal("-11.7"),
            commission_mode=CommissionMode.MONEY,
            commission=Decimal("2.25"),
        ),
        instrument(
            "EURJPY",
            margin_hedged=Decimal(0),
            sessions=_FOREX_WEEK,
            swap_mode=SwapMode.INTEREST_CURRENT,
            swap_long=Decimal("1.9"),
            swap_short=Decimal("-3.4"),
            commission_mode=CommissionMode.PERCENT,
            commission=Decimal("0.002"),
        ),
        instrument(
            "GBPUSD",
            calc_mode=CalcMode.FOREX_NO_LEVERAGE,
            volume_limit="0.5",
            expiration_modes=frozenset({ExpirationMode.GTC}),
            swap_mode=SwapMode.CURRENCY_SYMBOL,
            swap_long=Decimal("-3.2"),
            swap_short=Decimal("1.1"),
            commission_mode=CommissionMode.MONEY,
            commission=Decimal("3"),
            commission_currency="GBP",
        ),
        instrument(
            "EURGBP",
            margin_initial=Decimal(50_000),
            margin_rate_sell=Decimal("0.7"),
            order_kinds=frozenset(OrderKind) - {OrderKind.CLOSE_BY, OrderKind.TP, OrderKind.STOP},
            swap_mode=SwapMode.POINTS,
            swap_long=Decimal("0.83"),
            swap_short=Decimal("-2.9"),
            swap_multipliers=tuple(map(Decimal, ("0", "1", "1", "1.5", "3", "0.5", "1"))),
        ),
        instrument(
            "DE40",
            calc_mode=CalcMode.CFD,
            contract_size=Decimal(1),
            margin_hedged=Decimal(1),
            digits=1,
            currency_base="EUR",
            currency_profit="EUR",
            currency_margin="EUR",
            stops_level=20,
            sessions=_daily((7, 12), (13, 20)),
            holidays=_CHRISTMAS,
            swap_mode=SwapMode.INTEREST_OPEN,
            swap_long=Decimal("-6.5"),
            swap_short=Decimal("1.25"),
            swap_rollover3days="friday",
            commission_mode=CommissionMode.PERCENT,
            commission=Decimal("0.01"),
        ),
        instrument(
            "XAUUSD",
            calc_mode=CalcMode.CFD_LEVERAGE,
            contract_size=Decimal(100),
            margin_hedged=Decimal(100),
            digits=2,
            currency_margin="USD",
            volume_step="0.02",
            volume_min="0.04",
            volume_max="3",
            freeze_level=30,
            sessions=_daily((0, 21), (22, 24)),
            swap_mode=SwapMode.CURRENCY_MARGIN,
            swap_long=Decimal("-31.4"),
            swap_short=Decimal("12.8"),
            commission_mode=CommissionMode.MONEY,
            commission=Decimal("5"),
            commission_currency="EUR",
        ),
        instrument(
            "JP225",
            calc_mode=CalcMode.FUTURES,
            contract_size=Decimal(10),
            margin_initial=Decimal(9_000),
            margin_hedged=Decimal(4_000),
            digits=0,
            currency_base="JPY",
            currency_profit="JPY",
            currency_margin="JPY",
            sessions=_daily((0, 20), (23, 24), days=("sunday", *_WORKDAYS)),
            swap_mode=SwapMode.CURRENCY_PROFIT,
            swap_long=Decimal("-55"),
            swap_short=Decimal("-7"),
        ),
        instrument(
            "NVDA",
            calc_mode=CalcMode.CFD_LEVERAGE,
            contract_size=Decimal(1),
            margin_hedged=Decimal(1),
            digits=2,
            currency_base="USD",
            currency_profit="USD",
            currency_margin="USD",
            volume_step="1",
            volume_min="1",
            volume_max="5000",
            trade_mode=TradeMode.LONG_ONLY,
            expiration_modes=frozenset({ExpirationMode.SPECIFIED}),
            order_kinds=frozenset(OrderKind) - {OrderKind.STOP_LIMIT, OrderKind.SL},
            sessions=_daily((14, 21)),
            holidays=_CHRISTMAS,
            swap_mode=SwapMode.POINTS,
            swap_long=Decimal("-4"),
        ),
        instrument("USDCHF", trade_mode=TradeMode.SHORT_ONLY, stops_level=30, freeze_level=40),
    )
}

START = {
    "EURUSD": 110_000,
    "USDJPY": 150_000,
    "EURJPY": 165_000,
    "GBPUSD": 130_000,
    "EURGBP": 84_600,
    "DE40": 180_000,
    "XAUUSD": 200_000,
    "JP225": 38_000,
    "NVDA": 18_000,
    "USDCHF": 90_000,
}


def moment(text: str) -> int:
    """A time of day (UTC) in milliseconds since 1970."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


BEGINNINGS = (
    moment("2025-12-16 15:00"),  # a Tuesday, everything open
    moment("2025-12-19 19:30"),  # a Friday evening
    moment("2025-12-23 16:00"),  # before the holidays
    moment("2025-12-30 14:30"),  # before the new year
)
