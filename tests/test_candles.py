"""Candles in all nine timeframes are the same quotes, grouped by the calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest

from tradyn.candles import (
    MINUTE,
    Timeframe,
    aggregate,
    back,
    empty_bars,
    following,
    minute_bars,
    opening,
    overlay,
)
from tradyn.ports import Bar, Bars, Quotes


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def some_quotes(seed: int, count: int, longest_gap: int) -> Quotes:
    chance = np.random.default_rng(seed)
    time = at("2024-01-30T22:11:12") + np.cumsum(chance.integers(0, longest_gap, count))
    bid = 100_000 + np.cumsum(chance.integers(-5, 6, count))
    return Quotes(time, bid, bid + chance.integers(1, 9, count))


def naive_candles(quotes: Quotes, timeframe: Timeframe) -> list[tuple[int, ...]]:
    candles: dict[int, list[tuple[int, int]]] = {}
    for time, bid, ask in zip(*(column.tolist() for column in quotes), strict=True):
        candles.setdefault(naive_opening(time, timeframe), []).append((bid, ask))
    return [
        (
            time,
            held[0][0],
            max(bid for bid, _ in held),
            min(bid for bid, _ in held),
            held[-1][0],
            len(held),
            held[-1][1] - held[-1][0],
        )
        for time, held in candles.items()
    ]


def naive_opening(time: int, timeframe: Timeframe) -> int:
    moment = datetime.fromtimestamp(time // 1000, UTC).replace(second=0)
    midnight = moment.replace(hour=0, minute=0)
    if timeframe is Timeframe.MN1:
        moment = midnight.replace(day=1)
    elif timeframe is Timeframe.W1:
        ordinal = midnight.toordinal() - midnight.isoweekday() % 7
        moment = datetime.fromordinal(ordinal).replace(tzinfo=UTC)
    elif timeframe is Timeframe.D1:
        moment = midnight
    elif timeframe.startswith("H"):
        moment = moment.replace(minute=0, hour=moment.hour - moment.hour % int(timeframe[1:]))
    else:
        moment = moment.replace(minute=moment.minute - moment.minute % int(timeframe[1:]))
    return int(moment.timestamp()) * 1000


def rows(bars: Bars) -> list[tuple[int, ...]]:
    return list(zip(*(column.tolist() for column in bars), strict=True))


@pytest.mark.parametrize("timeframe", Timeframe)
@pytest.mark.parametrize("longest_gap", [7_000, 2_000_000, 80_000_000])
def test_candles_are_the_quotes_of_their_period(timeframe: Timeframe, longest_gap: int) -> None:
    quotes = some_quotes(1, 3_000, longest_gap)
    bars = aggregate(minute_bars(quotes), timeframe)
    assert rows(bars) == naive_candles(quotes, timeframe)
    assert all(column.dtype == np.int64 for column in bars)


@pytest.mark.parametrize("timeframe", Timeframe)
def test_candles_of_candles_are_the_same(timeframe: Timeframe) -> None:
    minutes = minute_bars(some_quotes(2, 3_000, 500_000))
    for shorter in Timeframe:
        # A week does not fit into a month; everything else fits into everything longer.
        if (shorter, timeframe) != (Timeframe.W1, Timeframe.MN1):
            through = aggregate(aggregate(minutes, shorter), timeframe)
            longer = max(shorter, timeframe, key=list(Timeframe).index)
            if longer is timeframe:
                assert rows(through) == rows(aggregate(minutes, timeframe))


def test_nothing_in_nothing_out() -> None:
    assert rows(aggregate(empty_bars(), Timeframe.H4)) == []
    assert rows(minute_bars(Quotes(*(np.empty(0, np.int64),) * 3))) == []
    assert rows(overlay(empty_bars(), [], lambda after, until: pytest.fail("asked"))) == []


@pytest.mark.parametrize(
    ("timeframe", "expected", "after"),
    [
        (Timeframe.M1, "2024-02-29T23:59", "2024-03-01T00:00"),
        (Timeframe.M5, "2024-02-29T23:55", "2024-03-01T00:00"),
        (Timeframe.M15, "2024-02-29T23:45", "2024-03-01T00:00"),
        (Timeframe.M30, "2024-02-29T23:30", "2024-03-01T00:00"),
        (Timeframe.H1, "2024-02-29T23:00", "2024-03-01T00:00"),
        (Timeframe.H4, "2024-02-29T20:00", "2024-03-01T00:00"),
        (Timeframe.D1, "2024-02-29T00:00", "2024-03-01T00:00"),
        (Timeframe.W1, "2024-02-25T00:00", "2024-03-03T00:00"),
        (Timeframe.MN1, "2024-02-01T00:00", "2024-03-01T00:00"),
    ],
)
def test_openings(timeframe: Timeframe, expected: str, after: str) -> None:
    moment = at("2024-02-29T23:59:59")
    assert opening(moment, timeframe) == at(expected)
    assert following(moment, timeframe) == at(after)
    assert opening(at(after) - 1, timeframe) == at(expected)
    assert opening(at(after), timeframe) == at(after)
    assert back(at(after), timeframe, 1) == at(expected)
    assert back(moment, timeframe, 0) == at(expected)


def test_back_goes_by_the_calendar() -> None:
    assert back(at("2024-03-31T12:00"), Timeframe.MN1, 1) == at("2024-02-01T00:00")
    assert back(at("2024-03-31T12:00"), Timeframe.MN1, 15) == at("2022-12-01T00:00")
    assert back(at("1970-01-01T00:00"), Timeframe.MN1, 1) == at("1969-12-01T00:00")
    assert back(at("2024-03-31T12:00"), Timeframe.W1, 2) == at("2024-03-17T00:00")
    assert back(at("2024-03-31T12:34"), Timeframe.H4, 3) == at("2024-03-31T00:00")


@pytest.mark.parametrize("timeframe", Timeframe)
def test_time_before_1970_is_grouped_alike(timeframe: Timeframe) -> None:
    time = np.arange(-90 * 1440, 90 * 1440, 7) * MINUTE
    bars = Bars(time, *(np.ones(len(time), np.int64) for _ in range(6)))
    openings = sorted({opening(int(each), timeframe) for each in time})
    assert aggregate(bars, timeframe).time.tolist() == openings


# --- pushed quotes over the feed's ------------------------------------------------------------------------

Pushes = list[tuple[int, int, int]]


def pushed_bars(quotes: Pushes) -> list[Bar]:
    bars: dict[int, Bar] = {}
    for time, bid, ask in quotes:
        minute = time - time % MINUTE
        bar = bars.get(minute)
        if bar is None:
            bars[minute] = Bar("EURUSD", minute, time, time, bid, bid, bid, bid, 1, ask - bid)
            continue
        bar.last_time, bar.close, bar.spread = time, bid, ask - bid
        bar.high, bar.low, bar.tick_volume = max(bar.high, bid), min(bar.low, bid), bar.tick_volume + 1
    return list(bars.values())


def columns_of(quotes: Quotes, asked: list[tuple[int, int]]) -> Callable[[int, int], Quotes]:
    def columns(after: int, until: int) -> Quotes:
        asked.append((after, until))
        held = (quotes.time > after) & (quotes.time <= until)
        return Quotes(*(column[held] for column in quotes))

    return columns


@pytest.mark.parametrize("seed", range(20))
def test_an_overlay_is_as_if_all_quotes_were_of_one_feed(seed: int) -> None:
    quotes = some_quotes(seed, 400, 60_000)
    chance = np.random.default_rng(1000 + seed)
    times = np.unique(chance.integers(quotes.time[0] - 900_000, quotes.time[-1] + 900_000, 150))
    pushes: Pushes = [(int(time), int(chance.integers(99_900, 100_100)), 100_200) for time in times]
    # The last bar of the feed is cut in the middle of its minute.
    now = int(quotes.time[300])
    seen = Quotes(*(column[:301] for column in quotes))
    pushes = [push for push in pushes if push[0] <= now]
    asked: list[tuple[int, int]] = []
    made = overlay(minute_bars(seen), pushed_bars(pushes), columns_of(quotes, asked))

    merged = [(*row, 0) for row in zip(*(column.tolist() for column in seen), strict=True)]
    merged += [(*push, 1) for push in pushes]
    merged.sort(key=lambda row: (row[0], row[3]))
    expected = minute_bars(Quotes(*(np.array(column) for column in list(zip(*merged, strict=True))[:3])))
    assert rows(made) == rows(expected)
    both = set(minute_bars(seen).time.tolist()) & {bar.time for bar in pushed_bars(pushes)}
    assert {after + 1 for after, _ in asked} == both


def test_an_overlay_leaves_the_feeds_bars_alone() -> None:
    quotes = some_quotes(3, 50, 60_000)
    bars = minute_bars(quotes)
    before = rows(bars)
    push = (int(quotes.time[0]) + 1, 1, 2)
    assert rows(overlay(bars, pushed_bars([push]), columns_of(quotes, []))) != before
    assert rows(bars) == before
