"""When a symbol trades, and for how many days a rollover charges swap.

A trading day is a day (UTC) on which the symbol has a session. Swap is charged when the day ends, at
00:00. A holiday charges nothing: its multiplier goes to the trading day before it, so that
whoever holds a position over a holiday pays for it just the same.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from tradyn.broker.instruments import WEEK, Holiday, Instrument

__all__ = [
    "DAY_MS",
    "is_open",
    "last_open",
    "moment",
    "next_open",
    "sessions_of",
    "swap_multiplier",
    "utc",
    "weekday_multiplier",
]

DAY_MS: Final = 86_400_000
_MINUTE_MS: Final = 60_000
_THURSDAY: Final = 4
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
# A symbol without a session in so many days has none at all.
_HORIZON_DAYS: Final = 400


def utc(milliseconds: int) -> datetime:
    """A market time (milliseconds since 1970) to the second."""
    return datetime.fromtimestamp(milliseconds // 1000, UTC)


def moment(milliseconds: int) -> str:
    """The same for people."""
    return f"{utc(milliseconds):%Y-%m-%d %H:%M:%S} UTC"


def sessions_of(instrument: Instrument, day: int) -> tuple[tuple[int, int], ...]:
    """The sessions of a day (counted from 1970-01-01) as openings and closings in minutes after midnight."""
    week = instrument.week[_weekday(day)]
    holiday = _holiday(instrument, day)
    if holiday is None:
        return week
    # A day of every year falls on weekends too, and must not open the market there.
    if holiday.open >= holiday.close or (holiday.year is None and not week):
        return ()
    return ((holiday.open, holiday.close),)


def is_open(instrument: Instrument, time: int) -> bool:
    """Whether the symbol is in session at `time` (milliseconds since 1970); a closing is not."""
    if instrument.always_open:
        return True
    day, rest = divmod(time, DAY_MS)
    minute = rest // _MINUTE_MS
    # A loop, because this is asked at every quote: `any` would make a generator each time.
    for opened, closed in sessions_of(instrument, day):  # noqa: SIM110
        if opened <= minute < closed:
            return True
    return False


def next_open(instrument: Instrument, time: int) -> int | None:
    """When the next session begins, or `time` itself in a session; None if none is in sight."""
    if is_open(instrument, time):
        return time
    first = time // DAY_MS
    for day in range(first, first + _HORIZON_DAYS):
        for opened, _ in sessions_of(instrument, day):
            if (begin := day * DAY_MS + opened * _MINUTE_MS) > time:
                return begin
    return None


def last_open(instrument: Instrument, time: int) -> int | None:
    """The last millisecond at or before `time` that is in session; None if none is in sight."""
    if is_open(instrument, time):
        return time
    last = time // DAY_MS
    for day in range(last, last - _HORIZON_DAYS, -1):
        for _, closed in reversed(sessions_of(instrument, day)):
            if (end := day * DAY_MS + closed * _MINUTE_MS) <= time:
                return end - 1
    return None


def swap_multiplier(instrument: Instrument, day: int) -> Decimal:
    """For how many days swap is charged at the end of a day (counted from 1970-01-01).

    Source: MetaTrader 5 help, "Contract specification": swap rates of the week's days; what falls on a
    holiday is charged on the trading day before.
    """
    if _is_closed_holiday(instrument, day):
        return Decimal(0)
    total = weekday_multiplier(instrument, _weekday(day))
    if instrument.holidays and sessions_of(instrument, day):
        for later in range(day + 1, day + _HORIZON_DAYS):
            if sessions_of(instrument, later):
                break
            if _is_closed_holiday(instrument, later):
                total += weekday_multiplier(instrument, _weekday(later))
    return total


def weekday_multiplier(instrument: Instrument, weekday: int) -> Decimal:
    """For how many days swap is charged at the end of a day of `WEEK` (0 is Sunday) without holidays."""
    if instrument.swap_multipliers:
        return instrument.swap_multipliers[weekday]
    if WEEK[weekday] == instrument.swap_rollover3days:
        return Decimal(3)
    return Decimal(0 if WEEK[weekday] in ("saturday", "sunday") else 1)


def _is_closed_holiday(instrument: Instrument, day: int) -> bool:
    return _holiday(instrument, day) is not None and not sessions_of(instrument, day)


def _holiday(instrument: Instrument, day: int) -> Holiday | None:
    """The holiday of a day; that of its year goes before that of every year."""
    if not instrument.holidays:
        return None
    today = _date(day)
    found = None
    for each in instrument.holidays:
        if each.month == today.month and each.day == today.day:
            if each.year == today.year:
                return each
            if each.year is None:
                found = each
    return found


@lru_cache(maxsize=1024)
def _date(day: int) -> date:
    return date.fromordinal(_EPOCH_ORDINAL + day)


def _weekday(day: int) -> int:
    """The day's place in `WEEK`."""
    return (day + _THURSDAY) % 7
