"""Sessions, holidays and the days that swap is charged for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from broker.scenery import instrument
from tradyn.broker.calendar import (
    DAY_MS,
    is_open,
    last_open,
    next_open,
    sessions_of,
    swap_multiplier,
    weekday_multiplier,
)
from tradyn.broker.instruments import WEEK, Holiday, Instrument, Session

MINUTE_MS = 60_000
CHRISTMAS = Holiday(12, 25)


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def day(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def weekdays(*holidays: Holiday, **changes: object) -> Instrument:
    """Monday to Friday 00:00 to 24:00."""
    sessions = tuple(Session(each, 0, 1440) for each in WEEK[1:6])
    return instrument("EURUSD", sessions=sessions, holidays=holidays, **changes)


def forex(*holidays: Holiday) -> Instrument:
    """Sunday 22:00 to Friday 22:00."""
    sessions = (
        Session("sunday", 1320, 1440),
        *(Session(each, 0, 1440) for each in WEEK[1:5]),
        Session("friday", 0, 1320),
    )
    return instrument("EURUSD", sessions=sessions, holidays=holidays)


def split_day() -> Instrument:
    """Every weekday 09:00 to 12:00 and 13:00 to 17:00, not given in that order."""
    sessions = tuple(Session(each, *hours) for hours in ((780, 1020), (540, 720)) for each in WEEK[1:6])
    return instrument("EURUSD", sessions=sessions)


def multipliers(symbol: Instrument, first: str, days: int = 7) -> list[int]:
    return [int(swap_multiplier(symbol, day(first) + each)) for each in range(days)]


# ---------------------------------------------------------------------- sessions


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2026-03-01T21:59:59.999", False),
        ("2026-03-01T22:00:00", True),
        ("2026-03-02T00:00:00", True),
        ("2026-03-06T21:59:59.999", True),
        ("2026-03-06T22:00:00", False),
        ("2026-03-07T12:00:00", False),
    ],
)
def test_an_opening_is_in_session_and_a_closing_is_not(time: str, expected: bool) -> None:
    assert is_open(forex(), ms(time)) is expected


def test_a_market_without_sessions_or_holidays_of_its_own_is_always_open() -> None:
    symbol = instrument("BTCUSD")
    assert symbol.always_open
    assert is_open(symbol, ms("2026-12-25T03:00:00"))
    closed = instrument("BTCUSD", holidays=(CHRISTMAS,))
    assert not closed.always_open
    assert not is_open(closed, ms("2026-12-25T03:00:00"))


def test_next_open_is_now_or_the_beginning_of_a_session() -> None:
    assert next_open(forex(), ms("2026-03-02T09:30:00.123")) == ms("2026-03-02T09:30:00.123")
    assert next_open(forex(), ms("2026-03-06T22:00:00")) == ms("2026-03-08T22:00:00")
    assert next_open(split_day(), ms("2026-03-02T12:00:00")) == ms("2026-03-02T13:00:00")
    assert next_open(split_day(), ms("2026-03-02T03:00:00")) == ms("2026-03-02T09:00:00")
    assert next_open(split_day(), ms("2026-03-06T17:00:00")) == ms("2026-03-09T09:00:00")


def test_last_open_is_now_or_the_last_millisecond_of_a_session() -> None:
    assert last_open(forex(), ms("2026-03-02T09:30:00.123")) == ms("2026-03-02T09:30:00.123")
    assert last_open(forex(), ms("2026-03-08T21:59:59.999")) == ms("2026-03-06T21:59:59.999")
    assert last_open(split_day(), ms("2026-03-02T12:30:00")) == ms("2026-03-02T11:59:59.999")
    assert last_open(split_day(), ms("2026-03-02T17:00:00")) == ms("2026-03-02T16:59:59.999")
    assert last_open(split_day(), ms("2026-03-02T08:59:59.999")) == ms("2026-02-27T16:59:59.999")


def test_a_symbol_without_sessions_never_opens() -> None:
    never = instrument("EURUSD", sessions=())
    assert next_open(never, ms("2026-03-02T00:00:00")) is None
    assert last_open(never, ms("2026-03-02T00:00:00")) is None


# ---------------------------------------------------------------------- holidays


def test_a_holiday_of_every_year_closes_its_day_and_no_other() -> None:
    symbol = weekdays(CHRISTMAS)
    assert not is_open(symbol, ms("2025-12-25T12:00:00"))
    assert not is_open(symbol, ms("2026-12-25T12:00:00"))
    assert is_open(symbol, ms("2026-12-24T23:59:59.999"))
    # The 25th of another month, and the 12th of none.
    assert is_open(symbol, ms("2026-11-25T12:00:00"))
    assert next_open(symbol, ms("2025-12-25T00:00:00")) == ms("2025-12-26T00:00:00")
    assert last_open(symbol, ms("2025-12-25T10:00:00")) == ms("2025-12-24T23:59:59.999")


def test_a_holiday_of_one_year_is_none_in_the_next() -> None:
    symbol = weekdays(Holiday(4, 3, 2026))
    assert sessions_of(symbol, day("2026-04-03")) == ()
    assert sessions_of(symbol, day("2028-04-03")) == ((0, 1440),)


def test_a_shortened_day_has_the_one_session_it_names() -> None:
    symbol = weekdays(Holiday(12, 24, None, 480, 1080))
    assert sessions_of(symbol, day("2026-12-24")) == ((480, 1080),)
    assert next_open(symbol, ms("2026-12-24T00:00:00")) == ms("2026-12-24T08:00:00")
    assert last_open(symbol, ms("2026-12-24T18:00:00")) == ms("2026-12-24T17:59:59.999")


def test_a_shortened_day_of_every_year_does_not_open_a_weekend() -> None:
    symbol = weekdays(Holiday(12, 24, None, 480, 1080))
    # A Saturday and a Sunday.
    for year in (2022, 2023):
        assert sessions_of(symbol, day(f"{year}-12-24")) == ()
    # One day of one year was meant.
    assert sessions_of(weekdays(Holiday(3, 7, 2026, 60, 120)), day("2026-03-07")) == ((60, 120),)


@pytest.mark.parametrize("turned", [False, True])
def test_the_holiday_of_a_year_goes_before_that_of_every_year(turned: bool) -> None:
    holidays = (CHRISTMAS, Holiday(12, 25, 2026, 600, 720))
    symbol = weekdays(*(holidays[::-1] if turned else holidays))
    assert sessions_of(symbol, day("2026-12-25")) == ((600, 720),)
    assert sessions_of(symbol, day("2025-12-25")) == ()


def test_leap_days_and_times_before_1970() -> None:
    symbol = weekdays(Holiday(2, 29), CHRISTMAS)
    assert sessions_of(symbol, day("2024-02-29")) == ()
    assert sessions_of(symbol, day("2024-03-01")) == ((0, 1440),)
    assert sessions_of(symbol, day("1969-12-25")) == ()
    assert is_open(symbol, -DAY_MS) and not is_open(symbol, -5 * DAY_MS)


# ---------------------------------------------------------------------- swap


def test_a_week_without_holidays() -> None:
    # From Sunday on.
    assert multipliers(weekdays(), "2026-03-01") == [0, 1, 1, 3, 1, 1, 0]
    assert multipliers(weekdays(swap_rollover3days="friday"), "2026-03-01") == [0, 1, 1, 1, 1, 3, 0]
    daily = instrument("BTCUSD", swap_multipliers=(Decimal(1),) * 7)
    assert multipliers(daily, "2026-03-01") == [1, 1, 1, 1, 1, 1, 1]


def test_multipliers_of_the_symbol_go_before_the_rollover_day() -> None:
    given = tuple(map(Decimal, ("0", "0.5", "2", "0", "4", "1.5", "0")))
    symbol = weekdays(swap_multipliers=given, swap_rollover3days="monday")
    assert tuple(weekday_multiplier(symbol, each) for each in range(7)) == given
    assert swap_multiplier(symbol, day("2026-03-02")) == Decimal("0.5")


def test_known_answer_11_a_holiday_on_the_day_of_three() -> None:
    symbol = weekdays(Holiday(3, 4, 2026))
    assert multipliers(symbol, "2026-03-01") == [0, 1, 4, 0, 1, 1, 0]


def test_what_falls_on_a_monday_is_charged_on_friday() -> None:
    symbol = weekdays(Holiday(3, 9, 2026))
    assert multipliers(symbol, "2026-03-06", 5) == [2, 0, 0, 0, 1]


def test_where_sunday_trades_what_falls_on_a_monday_is_charged_on_sunday() -> None:
    symbol = forex(Holiday(3, 9, 2026))
    assert multipliers(symbol, "2026-03-06", 5) == [1, 0, 1, 0, 1]


def test_two_holidays_in_a_row_go_to_the_day_before_both() -> None:
    symbol = weekdays(Holiday(3, 4, 2026), Holiday(3, 5, 2026))
    assert multipliers(symbol, "2026-03-01") == [0, 1, 5, 0, 0, 1, 0]


def test_two_holidays_around_a_weekend() -> None:
    symbol = weekdays(Holiday(3, 6, 2026), Holiday(3, 9, 2026))
    assert multipliers(symbol, "2026-03-05", 6) == [3, 0, 0, 0, 0, 1]


def test_a_holiday_on_a_weekend_moves_nothing() -> None:
    symbol = weekdays(Holiday(3, 7, 2026), Holiday(3, 8, 2026))
    assert multipliers(symbol, "2026-03-05", 6) == [1, 1, 0, 0, 1, 1]


def test_a_shortened_day_charges_its_own() -> None:
    symbol = weekdays(Holiday(3, 4, 2026, 0, 1080))
    assert multipliers(symbol, "2026-03-01") == [0, 1, 1, 3, 1, 1, 0]


@pytest.mark.parametrize("year", range(2020, 2032))
def test_a_year_charges_for_the_same_days_with_holidays_as_without(year: int) -> None:
    """Holidays only move charges; from a Sunday over whole weeks nothing is lost at the edges."""
    symbol = weekdays(CHRISTMAS, Holiday(1, 1), Holiday(12, 26), Holiday(12, 24, None, 0, 1080))
    first = day(f"{year}-06-01")
    total = sum(swap_multiplier(symbol, first + each) for each in range(364))
    assert total == 52 * 7
