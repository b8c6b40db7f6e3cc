"""The fields of a catalogue's tables: what each may be, and its value for the broker."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final, NamedTuple, NoReturn, TypeVar

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

__all__ = ["CHECKS", "OPTIONAL", "CatalogueError", "Entry", "did_you_mean", "fail", "show", "text_of"]

Mode = TypeVar("Mode", bound=StrEnum)

_MIDNIGHT: Final = 24 * 60
_LEAP_YEAR: Final = 2024
_CURRENCY: Final = re.compile(r"[A-Z]{3,5}")
_HOURS: Final = r"([0-2]\d):([0-5]\d)-([0-2]\d):([0-5]\d)"
_SESSION: Final = re.compile(rf"([a-z]+)(?:-([a-z]+))? {_HOURS}", re.ASCII)
_HOLIDAY: Final = re.compile(rf"(?:(\d{{4}})-)?(\d\d)-(\d\d)(?: {_HOURS})?", re.ASCII)


class CatalogueError(Exception):
    """A catalogue that cannot be used; the message is one sentence for the person who wrote it."""


class Entry(NamedTuple):
    """A field's value and the table it was read from."""

    value: Any
    file: str
    table: str


def fail(entry: Entry, field: str, right: str) -> NoReturn:
    """Say what the field is and what it must be."""
    raise CatalogueError(f"{entry.file}: [{entry.table}] {field} is {show(entry.value)}; it must be {right}")


def show(value: object) -> str:
    """A value as the user wrote it, more or less."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Decimal):
        # Without exponents, except where the number would fill the screen.
        return f"{value:f}" if not value.is_finite() or -20 < value.adjusted() < 20 else str(value)
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return str(value)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """` (did you mean EURUSD?)`, or nothing if none of the known names is similar."""
    # Only a file with a mistake pays for the import.
    from difflib import get_close_matches

    by_letters = {each.lower(): each for each in known}
    similar = get_close_matches(name.lower(), by_letters, n=1, cutoff=0.55)
    return f" (did you mean {by_letters[similar[0]]}?)" if similar else ""


def text_of(entry: Entry, field: str) -> str:
    """Text that is not blank."""
    if not isinstance(entry.value, str) or not entry.value.strip():
        fail(entry, field, "text")
    return entry.value


def _flag(entry: Entry, field: str) -> bool:
    if not isinstance(entry.value, bool):
        fail(entry, field, "true or false")
    return entry.value


def _currency(entry: Entry, field: str) -> str:
    if not isinstance(entry.value, str) or not _CURRENCY.fullmatch(entry.value):
        fail(entry, field, "3 to 5 capital letters")
    return entry.value


def _whole(most: int) -> Callable[[Entry, str], int]:
    def check(entry: Entry, field: str) -> int:
        value = entry.value
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            fail(entry, field, f"a whole number from 0 to {most}")
        return value

    return check


def _number(right: str, fits: Callable[[Decimal], bool]) -> Callable[[Entry, str], Decimal]:
    def check(entry: Entry, field: str) -> Decimal:
        value = entry.value
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            fail(entry, field, right)
        number = Decimal(value)
        if not number.is_finite() or abs(number) >= 10**15 or not fits(number):
            fail(entry, field, right)
        return number

    return check


def _mode(modes: type[Mode]) -> Callable[[Entry, str], Mode]:
    def check(entry: Entry, field: str) -> Mode:
        values = [each.value for each in modes]
        if entry.value not in values:
            fail(entry, field, f"one of {', '.join(values)}")
        return modes(entry.value)

    return check


def _day(entry: Entry, field: str) -> str:
    if entry.value not in WEEK:
        fail(entry, field, f"one of {', '.join(WEEK)}")
    return str(entry.value)


def _sessions(entry: Entry, field: str) -> tuple[Session, ...]:
    """`["sunday-friday 22:00-24:00", "monday 00:00-12:00"]` as sessions, in the order of the week."""
    right = 'a list such as ["monday-friday 09:00-17:30"]'
    if not isinstance(entry.value, list):
        fail(entry, field, right)
    sessions: list[tuple[Session, str]] = []
    for text in entry.value:
        part = Entry(text, entry.file, entry.table)
        match = _SESSION.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            fail(part, field, right)
        first, last, *clock = match.groups()
        begin, end = _minutes(clock)
        if first not in WEEK or (last or first) not in WEEK or not begin < end <= _MIDNIGHT:
            fail(part, field, right)
        from_day, to_day = WEEK.index(first), WEEK.index(last or first)
        # A range may run over the end of the week: friday-monday is four days.
        sessions += [
            (Session(WEEK[(from_day + each) % 7], begin, end), text)
            for each in range((to_day - from_day) % 7 + 1)
        ]
    sessions.sort(key=lambda each: (WEEK.index(each[0].day), each[0].open))
    for (one, text), (other, other_text) in pairwise(sessions):
        if one.day == other.day and other.open < one.close:
            raise CatalogueError(
                f"{entry.file}: [{entry.table}] {field}: {show(text)} and {show(other_text)} overlap on "
                f"{one.day}; each must end before the next begins"
            )
    return tuple(each for each, _ in sessions)


def _minutes(clock: Sequence[str]) -> tuple[int, int]:
    """Hour, minute, hour and minute as two moments in minutes after midnight."""
    return int(clock[0]) * 60 + int(clock[1]), int(clock[2]) * 60 + int(clock[3])


def _holidays(entry: Entry, field: str) -> tuple[Holiday, ...]:
    """`["12-25", "2026-12-24 00:00-18:00"]` as holidays, in the order they are given."""
    right = 'a list such as ["12-25", "2026-04-03", "2026-12-24 00:00-18:00"]'
    if not isinstance(entry.value, list):
        fail(entry, field, right)
    holidays: dict[tuple[int | None, int, int], Holiday] = {}
    for text in entry.value:
        part = Entry(text, entry.file, entry.table)
        match = _HOLIDAY.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            fail(part, field, right)
        year = None if match[1] is None else int(match[1])
        month, day = int(match[2]), int(match[3])
        try:
            # Every year's may be the leap day.
            date(_LEAP_YEAR if year is None else year, month, day)
        except ValueError:
            fail(part, field, "a day that the calendar has, such as 12-25 or 2026-04-03")
        begin, end = (0, 0) if match[4] is None else _minutes(match.groups()[3:])
        if match[4] is not None and not begin < end <= _MIDNIGHT:
            fail(part, field, "with a session that ends after it begins, such as 2026-12-24 00:00-18:00")
        if (year, month, day) in holidays:
            fail(part, field, "given once; it stands twice in the list")
        holidays[year, month, day] = Holiday(month, day, year, begin, end)
    return tuple(holidays.values())


def _multipliers(entry: Entry, field: str) -> tuple[Decimal, ...]:
    """Seven numbers from Sunday on, or a table of the seven days."""
    right = "7 numbers from sunday on, or a table of all 7 days such as { sunday = 0, monday = 1, … }"
    value = entry.value
    if isinstance(value, dict):
        if set(value) != set(WEEK):
            fail(entry, field, right)
        value = [value[day] for day in WEEK]
    if not isinstance(value, list) or len(value) != len(WEEK):
        fail(entry, field, right)
    return tuple(_not_negative(Entry(each, entry.file, entry.table), field) for each in value)


def _set_of(modes: type[Mode]) -> Callable[[Entry, str], frozenset[Mode]]:
    def check(entry: Entry, field: str) -> frozenset[Mode]:
        values = [each.value for each in modes]
        right = f"a list of one or more of {', '.join(values)}"
        if not isinstance(entry.value, list) or not entry.value:
            fail(entry, field, right)
        for each in entry.value:
            if each not in values:
                fail(Entry(each, entry.file, entry.table), field, right)
        return frozenset(map(modes, entry.value))

    return check


def _account_currency(entry: Entry, field: str) -> str:
    """A currency, or empty for that of the account."""
    if entry.value != "" and not (isinstance(entry.value, str) and _CURRENCY.fullmatch(entry.value)):
        fail(entry, field, "3 to 5 capital letters, or empty for the account's currency")
    return str(entry.value)


_positive = _number("a number above 0", lambda value: value > 0)
_not_negative = _number("a number not below 0", lambda value: value >= 0)
_points = _whole(1_000_000)

CHECKS: Final[dict[str, Callable[[Entry, str], Any]]] = {
    "group": text_of,
    "enabled": _flag,
    "description": text_of,
    "currency_base": _currency,
    "currency_profit": _currency,
    "currency_margin": _currency,
    "digits": _whole(8),
    "contract_size": _positive,
    "volume_min": _positive,
    "volume_max": _positive,
    "volume_step": _number("a number from 0.00000001", lambda value: value >= Decimal("0.00000001")),
    "volume_limit": _not_negative,
    "stops_level": _points,
    "freeze_level": _points,
    "spread": _points,
    "calc_mode": _mode(CalcMode),
    "trade_mode": _mode(TradeMode),
    "swap_mode": _mode(SwapMode),
    "swap_long": _number("a number", lambda value: True),
    "swap_short": _number("a number", lambda value: True),
    "swap_rollover3days": _day,
    "margin_initial": _not_negative,
    "margin_hedged": _not_negative,
    "margin_rate_buy": _not_negative,
    "margin_rate_sell": _not_negative,
    "sessions": _sessions,
    "holidays": _holidays,
    "swap_multipliers": _multipliers,
    "commission_mode": _mode(CommissionMode),
    "commission": _not_negative,
    "commission_currency": _account_currency,
    "order_kinds": _set_of(OrderKind),
    "expiration_modes": _set_of(ExpirationMode),
    "price": _positive,
    "volatility": _number("a number above 0 and not above 5", lambda value: 0 < value <= 5),
}
# What may be left out, because it follows from something else or the broker has a default for it.
OPTIONAL: Final = (
    "group",
    "enabled",
    "currency_margin",
    "margin_hedged",
    "price",
    "volatility",
    "holidays",
    "swap_multipliers",
    "commission_mode",
    "commission",
    "commission_currency",
    "order_kinds",
    "expiration_modes",
)
