"""In session a feed is as it was; out of session it has nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.scenery import instrument
from tradyn.adapters.feed_replay import ReplayFeed
from tradyn.adapters.feed_sessions import SessionFeed
from tradyn.adapters.feed_synthetic import SyntheticFeed
from tradyn.broker.calendar import DAY_MS, is_open
from tradyn.broker.instruments import WEEK, Holiday, Instrument, Session
from tradyn.broker.market import Quote
from tradyn.candles import MINUTE, empty_bars, minute_bars
from tradyn.catalogue import load_catalogue
from tradyn.ports import Bars, Feed, Quotes
from tradyn.profiles import load_profile
from tradyn.wire import read_time, time_json

HOUR = 60 * MINUTE
# A Monday; the first days of the random calendars.
MONDAY = read_time("2026-03-02T00:00:00Z")
LISTINGS = load_catalogue(None, load_profile("mt5").layers)
INSTRUMENTS = {symbol: each.instrument for symbol, each in LISTINGS.items()}

Row = tuple[int, ...]


def rows(columns: Quotes | Bars) -> list[Row]:
    return list(zip(*(column.tolist() for column in columns), strict=True))


@dataclass
class Recorded:
    """A feed of given quotes, as plain as can be; remembers what it was asked."""

    recorded: Mapping[str, list[Row]]
    start: int | None = None
    end: int | None = None
    asked: int = 0

    def columns(self, symbol: str, after: int, until: int) -> Quotes:
        self.asked += 1
        found = [row for row in self.recorded.get(symbol, []) if after < row[0] <= until]
        return Quotes(*np.array(found, np.int64).reshape(-1, 3).T)

    def quotes(self, after: int, until: int) -> Mapping[str, Quotes]:
        found = ((symbol, self.columns(symbol, after, until)) for symbol in self.recorded)
        return {symbol: quotes for symbol, quotes in found if len(quotes.time)}

    def last(self, symbol: str, at: int) -> Quote | None:
        found = [row for row in self.recorded.get(symbol, []) if row[0] <= at]
        return Quote(symbol, found[-1][1], found[-1][2], found[-1][0]) if found else None

    def bars(self, symbol: str, since: int, until: int) -> Bars:
        return minute_bars(self.columns(symbol, since - 1, until - 1)) if since < until else empty_bars()


# ---------------------------------------------------------------------- random calendars


@st.composite
def calendars(draw: st.DrawFn) -> Instrument:
    """Up to three sessions on each weekday, which may touch, and holidays with and without a session."""
    sessions = []
    for day in WEEK:
        edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=4)))
        pairs = list(zip(edges[::2], edges[1::2], strict=False))
        touching = draw(st.booleans())
        if touching:
            pairs = list(pairwise(edges))
        sessions += [Session(day, opened, closed) for opened, closed in pairs]
    sessions = draw(st.permutations(sessions))
    days = st.sampled_from([(2, 27), (2, 28), (3, 1), (3, 3), (3, 4), (3, 7), (3, 9)])
    holidays = []
    for month, day_of_month in draw(st.sets(days, max_size=4)):
        opened = draw(st.integers(0, 1439))
        hours = draw(st.sampled_from([(0, 0), (opened, min(opened + 300, 1440)), (0, 1440)]))
        year = 2026 if draw(st.booleans()) else None
        holidays.append(Holiday(month, day_of_month, year, *hours))
    # In any order: what they mean does not depend on it.
    return instrument("EURUSD", sessions=tuple(sessions), holidays=tuple(holidays))


# Two weeks, which cross a block of days that is kept together; many quotes at the very edges of minutes.
moments = st.one_of(
    st.integers(-5 * DAY_MS, 9 * DAY_MS),
    st.builds(
        lambda minute, rest: minute * MINUTE + rest,
        st.integers(-5 * 1440, 9 * 1440),
        st.sampled_from([-1, 0, 1]),
    ),
).map(lambda each: MONDAY + each)


@st.composite
def recordings(draw: st.DrawFn) -> list[Row]:
    times = sorted(draw(st.lists(moments, max_size=60)))
    bids = draw(st.lists(st.integers(1, 9), min_size=len(times), max_size=len(times)))
    return [(time, bid, bid + 1) for time, bid in zip(times, bids, strict=True)]


@settings(max_examples=300, deadline=None)
@given(calendars(), recordings(), st.lists(moments, min_size=2, max_size=6))
def test_it_is_the_naive_filter_asked_at_once_and_in_pieces(
    symbol: Instrument, recorded: list[Row], edges: list[int]
) -> None:
    below = Recorded({"EURUSD": recorded, "OTHER": recorded})
    feed: Feed = SessionFeed(below, {"EURUSD": symbol})
    kept = [row for row in recorded if is_open(symbol, row[0])]
    edges = sorted(edges)
    first, last = edges[0], edges[-1]
    expected = [row for row in kept if first < row[0] <= last]
    assert rows(feed.columns("EURUSD", first, last)) == expected
    pieces = [feed.columns("EURUSD", one, other) for one, other in pairwise(edges)]
    assert [row for piece in pieces for row in rows(piece)] == expected
    all_quotes = feed.quotes(first, last)
    assert ("EURUSD" in all_quotes) == bool(expected)
    assert not expected or rows(all_quotes["EURUSD"]) == expected
    # Of a symbol that it does not know nothing is kept back.
    assert rows(feed.columns("OTHER", first, last)) == [row for row in recorded if first < row[0] <= last]
    since = first - first % MINUTE
    assert rows(feed.bars("EURUSD", since, last)) == rows(
        minute_bars(Quotes(*np.array([r for r in kept if since <= r[0] < last], np.int64).reshape(-1, 3).T))
    )
    for at in edges:
        earlier = [row for row in kept if row[0] <= at]
        quote = feed.last("EURUSD", at)
        assert (quote and (quote.time, quote.bid, quote.ask)) == (earlier[-1] if earlier else None)


# ---------------------------------------------------------------------- what it asks for


def test_it_passes_start_and_end_through() -> None:
    feed = SessionFeed(Recorded({}, start=5, end=7), INSTRUMENTS)
    assert (feed.start, feed.end) == (5, 7)


def test_what_is_always_open_is_handed_on_as_it_is() -> None:
    below = Recorded({"EURUSD": [(MONDAY, 1, 2)]})
    feed = SessionFeed(below, {"EURUSD": instrument("EURUSD")})
    made: dict[str, Quotes] = {"EURUSD": below.columns("EURUSD", 0, MONDAY)}
    below.quotes = lambda after, until: made  # type: ignore[method-assign]
    below.columns = lambda symbol, after, until: made[symbol]  # type: ignore[method-assign]
    assert feed.quotes(0, MONDAY) is made
    assert feed.columns("EURUSD", 0, MONDAY) is made["EURUSD"]


def test_a_closed_stretch_is_not_even_asked_for() -> None:
    saturday = read_time("2026-03-07T00:00:00Z")
    below = Recorded({"EURUSD": [(saturday + each, 1, 2) for each in range(0, DAY_MS, HOUR)]})
    feed = SessionFeed(below, INSTRUMENTS)
    assert rows(feed.columns("EURUSD", saturday, saturday + DAY_MS)) == []
    assert below.asked == 0
    assert rows(feed.columns("EURUSD", saturday + DAY_MS, saturday)) == []


def test_the_last_quote_in_session_may_be_many_closed_ones_ago() -> None:
    friday = read_time("2026-02-27T10:00:00Z")
    closed = [read_time(f"2026-{day}T12:00:00Z") for day in ("02-28", "03-07", "03-14", "03-21")]
    feed = SessionFeed(
        Recorded({"EURUSD": [(friday, 7, 8), *((each, 1, 2) for each in closed)]}), INSTRUMENTS
    )
    assert feed.last("EURUSD", closed[-1] + DAY_MS) == Quote("EURUSD", 7, 8, friday)
    assert feed.last("EURUSD", friday - 1) is None


def test_a_symbol_without_sessions_has_no_quotes() -> None:
    feed = SessionFeed(Recorded({"EURUSD": [(MONDAY, 1, 2)]}), {"EURUSD": instrument("EURUSD", sessions=())})
    assert feed.quotes(0, 2 * MONDAY) == {}
    assert feed.last("EURUSD", MONDAY) is None
    assert rows(feed.bars("EURUSD", 0, 2 * MONDAY)) == []


# ---------------------------------------------------------------------- over real feeds


@pytest.fixture(scope="module")
def synthetic() -> SyntheticFeed:
    return SyntheticFeed(LISTINGS, seed=3, start=read_time("2026-04-06T00:00:00Z"))


@pytest.mark.parametrize("symbol", ["EURUSD", "XAUUSD", "US500", "AUS200", "AAPL", "BTCUSD"])
def test_over_the_synthetic_market_bars_agree_with_quotes(synthetic: SyntheticFeed, symbol: str) -> None:
    feed = SessionFeed(synthetic, INSTRUMENTS)
    # From Wednesday before Good Friday to Tuesday after it: history and live quotes.
    since, until = read_time("2026-04-01T00:00:00Z"), read_time("2026-04-07T00:00:30Z")
    quotes = feed.columns(symbol, since - 1, until - 1)
    everything = rows(synthetic.columns(symbol, since - 1, until - 1))
    assert rows(quotes) == [row for row in everything if is_open(INSTRUMENTS[symbol], row[0])]
    assert 0 < len(quotes.time) <= len(everything)
    assert rows(feed.bars(symbol, since, until)) == rows(minute_bars(quotes))


def test_over_the_synthetic_market_a_monday_opens_where_the_walk_has_come_to(
    synthetic: SyntheticFeed,
) -> None:
    feed = SessionFeed(synthetic, INSTRUMENTS)
    opening = read_time("2026-04-05T22:00:00Z")
    before, after = feed.last("EURUSD", opening - 1), feed.last("EURUSD", opening + MINUTE)
    assert before is not None and after is not None
    assert time_json(before.time).startswith("2026-04-03T21:59:")
    assert time_json(after.time).startswith("2026-04-05T22:00:")
    assert after == synthetic.last("EURUSD", opening + MINUTE)
    assert abs(after.bid - before.bid) > 10 * (after.ask - after.bid)


@pytest.mark.parametrize(("symbol", "is_closed"), [("AAPL", True), ("US500", True), ("EURUSD", False)])
def test_good_friday(synthetic: SyntheticFeed, symbol: str, is_closed: bool) -> None:
    feed = SessionFeed(synthetic, INSTRUMENTS)
    friday = read_time("2026-04-03T00:00:00Z")
    assert (len(feed.columns(symbol, friday, friday + DAY_MS - 1).time) == 0) == is_closed


def test_over_a_replay(tmp_path: Path) -> None:
    path = tmp_path / "EURUSD.csv"
    # Hourly ticks over a weekend and over Christmas.
    first = read_time("2026-12-24T00:00:00Z")
    lines = [f"{time_json(first + each * HOUR)},{1.1 + each / 10_000:.5f},1.2" for each in range(24 * 5)]
    path.write_text("\n".join(["time,bid,ask", *lines]))
    replay = ReplayFeed(path, INSTRUMENTS)
    feed = SessionFeed(replay, INSTRUMENTS)
    assert (feed.start, feed.end) == (replay.start, replay.end) == (first, first + 119 * HOUR)
    kept = feed.columns("EURUSD", first - 1, first + 5 * DAY_MS)
    # The 24th is a Thursday, the 25th a holiday, the 27th a Sunday.
    hours = [*range(24), *range(3 * 24 + 22, 5 * 24)]
    assert kept.time.tolist() == [first + each * HOUR for each in hours]
    assert feed.last("EURUSD", first + 3 * DAY_MS) == replay.last("EURUSD", first + 23 * HOUR)
    assert rows(feed.bars("EURUSD", first, first + 5 * DAY_MS)) == rows(minute_bars(kept))
    assert list(feed.quotes(first + DAY_MS, first + 3 * DAY_MS)) == []
