"""Candles: quotes into minute bars, minute bars into any timeframe, and pushed quotes laid over them.

Always holds: a candle is made of bids, and every timeframe is the same aggregation of the same
minutes, so a day is exactly the sum of its hours. A period without a quote has no candle. D1 begins
at 00:00 UTC, W1 on Sunday 00:00 UTC, MN1 on the first of the month.

Not simulated: broker time zones, daylight saving, candles of the ask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tradyn.ports import Bar, Bars, Quotes

__all__ = [
    "MINUTE",
    "Timeframe",
    "aggregate",
    "back",
    "empty_bars",
    "following",
    "minute_bars",
    "opening",
    "overlay",
]

MINUTE: Final = 60_000
_HOUR: Final = 60 * MINUTE
_DAY: Final = 24 * _HOUR
_WEEK: Final = 7 * _DAY
# 1970 began on a Thursday: the first Sunday was the 4th of January.
_FIRST_SUNDAY: Final = 3 * _DAY

Column = NDArray[np.int64]


class Timeframe(StrEnum):
    """The length of a candle."""

    M1 = "M1"
    M5 = "M5"
    M15 = "M15"
    M30 = "M30"
    H1 = "H1"
    H4 = "H4"
    D1 = "D1"
    W1 = "W1"
    MN1 = "MN1"


# A month has no length in milliseconds; everything about it goes through the calendar.
_LENGTHS: Final = {
    Timeframe.M1: MINUTE,
    Timeframe.M5: 5 * MINUTE,
    Timeframe.M15: 15 * MINUTE,
    Timeframe.M30: 30 * MINUTE,
    Timeframe.H1: _HOUR,
    Timeframe.H4: 4 * _HOUR,
    Timeframe.D1: _DAY,
    Timeframe.W1: _WEEK,
}


def opening(time: int, timeframe: Timeframe) -> int:
    """When the candle that `time` falls into opens."""
    return back(time, timeframe, 0)


def following(time: int, timeframe: Timeframe) -> int:
    """When the next candle after the one that `time` falls into opens."""
    return back(time, timeframe, -1)


def back(time: int, timeframe: Timeframe, count: int) -> int:
    """When the candle `count` periods earlier opens, by the calendar, whether or not it has quotes."""
    length = _LENGTHS.get(timeframe)
    if length is None:
        return _month_time(_month(time) - count)
    return time - (time - _origin(timeframe)) % length - count * length


def empty_bars() -> Bars:
    """No bars."""
    return Bars(*(np.empty(0, np.int64) for _ in Bars._fields))


def minute_bars(quotes: Quotes) -> Bars:
    """The minute bars of quotes in time order."""
    time, bid, ask = quotes
    if not len(time):
        return empty_bars()
    minutes = time - time % MINUTE
    first, last = _groups(minutes)
    return Bars(
        time=minutes[first],
        open=bid[first],
        high=np.maximum.reduceat(bid, first),
        low=np.minimum.reduceat(bid, first),
        close=bid[last],
        tick_volume=last - first + 1,
        spread=ask[last] - bid[last],
    )


def aggregate(bars: Bars, timeframe: Timeframe) -> Bars:
    """Minute bars (or bars of any shorter timeframe) as candles of `timeframe`."""
    if not len(bars.time):
        return empty_bars()
    openings = _openings(bars.time, timeframe)
    first, last = _groups(openings)
    return Bars(
        time=openings[first],
        open=bars.open[first],
        high=np.maximum.reduceat(bars.high, first),
        low=np.minimum.reduceat(bars.low, first),
        close=bars.close[last],
        tick_volume=np.add.reduceat(bars.tick_volume, first),
        spread=bars.spread[last],
    )


def overlay(bars: Bars, pushed: Sequence[Bar], columns: Callable[[int, int], Quotes]) -> Bars:
    """A feed's minute bars with the bars of pushed quotes laid over them.

    In a minute that has both, the open is that of whichever quote came first and close and spread
    are those of whichever came last. At the same millisecond the feed's quote counts as the earlier.

    Args:
        bars: the feed's bars of one symbol; the last may be partial.
        pushed: bars of the same symbol, at most one for each minute.
        columns: the feed's quotes of the symbol with `after < time <= until`, asked for only the
            minutes that have both.
    """
    if not pushed:
        return bars
    made = Bars(*(column.copy() for column in bars))
    added: list[tuple[int, ...]] = []
    for bar in pushed:
        place = int(np.searchsorted(bars.time, bar.time))
        if place == len(bars.time) or bars.time[place] != bar.time:
            added.append(_row(bar))
            continue
        for column, value in zip(made, _merge(bars, place, bar, columns), strict=True):
            column[place] = value
    return _insert(made, added)


def _insert(bars: Bars, rows: Sequence[tuple[int, ...]]) -> Bars:
    if not rows:
        return bars
    columns = np.array(sorted(rows), np.int64).T
    places = np.searchsorted(bars.time, columns[0])
    return Bars(*(np.insert(bars[each], places, columns[each]) for each in range(len(bars))))


def _row(bar: Bar) -> tuple[int, ...]:
    return bar.time, bar.open, bar.high, bar.low, bar.close, bar.tick_volume, bar.spread


def _merge(bars: Bars, place: int, pushed: Bar, columns: Callable[[int, int], Quotes]) -> tuple[int, ...]:
    _, opened, high, low, close, tick_volume, spread = (int(column[place]) for column in bars)
    times = columns(pushed.time - 1, pushed.time + MINUTE - 1).time
    # A partial bar has only the first `tick_volume` of the minute's quotes; the rest is still to come.
    opens_earlier = pushed.first_time < int(times[0])
    closes_later = pushed.last_time >= int(times[tick_volume - 1])
    return (
        pushed.time,
        pushed.open if opens_earlier else opened,
        max(pushed.high, high),
        min(pushed.low, low),
        pushed.close if closes_later else close,
        pushed.tick_volume + tick_volume,
        pushed.spread if closes_later else spread,
    )


def _groups(openings: Column) -> tuple[Column, Column]:
    """The places of the first and of the last element of every run of equal openings."""
    ends = np.flatnonzero(openings[1:] != openings[:-1])
    return np.concatenate([[0], ends + 1]), np.concatenate([ends, [len(openings) - 1]])


def _openings(times: Column, timeframe: Timeframe) -> Column:
    length = _LENGTHS.get(timeframe)
    if length is None:
        months = times.astype("datetime64[ms]").astype("datetime64[M]")
        return months.astype("datetime64[ms]").astype(np.int64)
    return times - (times - _origin(timeframe)) % length


def _origin(timeframe: Timeframe) -> int:
    return _FIRST_SUNDAY if timeframe is Timeframe.W1 else 0


def _month(time: int) -> int:
    """Months since January 1970."""
    return int(np.datetime64(time, "ms").astype("datetime64[M]").astype(np.int64))


def _month_time(month: int) -> int:
    return int(np.datetime64(month, "M").astype("datetime64[ms]").astype(np.int64))
