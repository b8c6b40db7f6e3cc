"""The synthetic market is one function of seed, start, symbol and time, and a plausible one."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
from itertools import pairwise
from math import exp, log, sqrt

import numpy as np
import pytest

from tradyn.adapters.feed_synthetic import HISTORY_DAYS, SyntheticFeed
from tradyn.broker.market import Market
from tradyn.candles import MINUTE, Timeframe, aggregate, minute_bars
from tradyn.catalogue import load_catalogue
from tradyn.ports import Feed, Quotes

LISTINGS = load_catalogue()
# A Saturday, in the middle of an hour, a minute and a second.
START = 1_781_954_719_123
DAY = 86_400_000
HOUR = 3_600_000


@pytest.fixture(scope="module")
def feed() -> SyntheticFeed:
    return SyntheticFeed(LISTINGS, seed=42, start=START)


def rows(quotes: Quotes) -> list[tuple[int, ...]]:
    return list(zip(*(column.tolist() for column in quotes), strict=True))


def joined(parts: list[Quotes]) -> list[tuple[int, ...]]:
    return [row for part in parts for row in rows(part)]


def test_it_is_a_feed_that_never_ends() -> None:
    feed: Feed = SyntheticFeed(LISTINGS, seed=1, start=START)
    assert (feed.start, feed.end) == (None, None)


@pytest.mark.parametrize("symbol", LISTINGS)
def test_it_starts_at_the_catalogues_price(feed: SyntheticFeed, symbol: str) -> None:
    listing = LISTINGS[symbol]
    quote = feed.last(symbol, START)
    assert quote is not None
    assert START - 1_000 < quote.time <= START
    price = float(listing.price) * listing.instrument.scale
    # At most a second of the walk is between the quote and the start.
    second = price * listing.volatility * sqrt(1 / 31_536_000)
    assert abs((quote.bid + quote.ask) / 2 - price) <= 1 + 5 * second
    assert 1 <= quote.ask - quote.bid <= 1.5 * listing.instrument.spread + 1


@pytest.mark.parametrize("seed", range(20))
def test_a_strangers_first_stops_are_valid_for_hours(seed: int) -> None:
    feed = SyntheticFeed(LISTINGS, seed, START)
    quotes = feed.columns("EURUSD", START, START + 3 * HOUR)
    assert int(quotes.bid.min()) > 108_000
    assert int(quotes.ask.max()) < 109_500


def test_live_quotes_come_every_second_and_history_every_fifteen(feed: SyntheticFeed) -> None:
    for symbol in LISTINGS:
        live = feed.columns(symbol, START, START + 2 * HOUR).time
        assert len(live) == 7_200
        assert set(np.diff(live).tolist()) == {1_000}
        history = feed.columns(symbol, START - 2 * DAY, START - HOUR).time
        assert set(np.diff(history).tolist()) == {15_000}


def test_no_two_symbols_share_a_millisecond(feed: SyntheticFeed) -> None:
    quotes = feed.quotes(START, START + 1_000)
    assert list(quotes) == list(LISTINGS)
    times = [int(each.time[0]) for each in quotes.values()]
    assert len(set(times)) == len(LISTINGS)


def test_history_reaches_back_a_thousand_days(feed: SyntheticFeed) -> None:
    first = START - START % DAY - HISTORY_DAYS * DAY
    assert feed.last("EURUSD", first - 1) is None
    assert feed.quotes(first - DAY, first - 1) == {}
    time = feed.columns("EURUSD", 0, first + DAY).time
    assert first <= int(time[0]) < first + 1_000
    assert len(time) == 86_400 // 15 + (int(time[0]) == first)
    assert feed.bars("EURUSD", 0, first + DAY).time.tolist() == list(range(first, first + DAY, MINUTE))


def test_edges_are_after_and_until(feed: SyntheticFeed) -> None:
    for begin in (START, START - 3 * DAY):
        time = feed.columns("EURUSD", begin, begin + HOUR).time
        for place in (5, 17):
            one, other = int(time[place]), int(time[place + 3])
            assert feed.columns("EURUSD", one, other).time.tolist() == time[place + 1 : place + 4].tolist()
            assert feed.columns("EURUSD", one - 1, one).time.tolist() == [one]
            assert len(feed.columns("EURUSD", one, one).time) == 0
            assert len(feed.columns("EURUSD", other, one).time) == 0
            quote, before = feed.last("EURUSD", one), feed.last("EURUSD", one - 1)
            assert quote is not None and before is not None
            assert (quote.time, before.time) == (one, int(time[place - 1]))


def test_unknown_symbols_have_nothing(feed: SyntheticFeed) -> None:
    assert feed.last("NOPE", START) is None
    assert len(feed.columns("NOPE", START, START + HOUR).time) == 0
    assert len(feed.bars("NOPE", 0, START).time) == 0


@pytest.mark.parametrize("symbol", ["EURUSD", "EURGBP", "AAPL"])
def test_random_access_equals_sequential_access(symbol: str) -> None:
    begin, end = START - 2 * DAY, START + DAY
    whole = rows(SyntheticFeed(LISTINGS, 7, START).columns(symbol, begin, end))
    chance = random.Random(symbol)
    edges = sorted({begin, end, *(chance.randrange(begin, end) for _ in range(60))})
    spans = list(pairwise(edges))
    shuffled = chance.sample(spans, len(spans))
    feed = SyntheticFeed(LISTINGS, 7, START)
    parts = {span: feed.quotes(*span).get(symbol) for span in shuffled}
    assert joined([each for span in spans if (each := parts[span]) is not None]) == whole
    for time, bid, ask in chance.sample(whole, 50):
        assert feed.last(symbol, time) == (symbol, bid, ask, time)


def test_small_steps_equal_one_large_step(feed: SyntheticFeed) -> None:
    steps = [feed.quotes(START + 50 * each, START + 50 * each + 50) for each in range(200)]
    for symbol, quotes in feed.quotes(START, START + 10_000).items():
        assert joined([step[symbol] for step in steps if symbol in step]) == rows(quotes)


def digest() -> str:
    """Quotes, bars and last quotes from all over the market."""
    feed = SyntheticFeed(LISTINGS, 99, START)
    made = hashlib.sha256()
    for symbol in ("NVDA", "EURUSD", "GBPJPY", "XAUUSD"):
        for columns in (
            feed.columns(symbol, START - 400 * DAY, START - 399 * DAY),
            feed.columns(symbol, START, START + 5_000_000),
            feed.bars(symbol, START - START % MINUTE - 3 * DAY, START + HOUR),
        ):
            for column in columns:
                made.update(column.tobytes())
        made.update(repr(feed.last(symbol, START + 900 * DAY)).encode())
    return made.hexdigest()


def test_another_process_sees_the_same_market() -> None:
    program = f"import sys; sys.path[:0] = {sys.path!r}; import runpy; " + (
        f"print(runpy.run_path({__file__!r})['digest']())"
    )
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == digest()


def test_another_seed_or_start_is_another_market() -> None:
    def path(seed: int, start: int) -> list[tuple[int, ...]]:
        return rows(SyntheticFeed(LISTINGS, seed, start).columns("EURUSD", START, START + HOUR))

    assert path(1, START) != path(2, START)
    assert path(1, START) != path(-1, START)
    assert path(1, START) != path(1, START - 40 * DAY)


def test_other_symbols_do_not_change_a_symbol() -> None:
    few = {symbol: LISTINGS[symbol] for symbol in ("USDJPY", "EURUSD")}
    lone = SyntheticFeed(few, 42, START).columns("EURUSD", START - DAY, START + HOUR)
    among = SyntheticFeed(LISTINGS, 42, START).columns("EURUSD", START - DAY, START + HOUR)
    assert rows(lone) == rows(among)


@pytest.mark.parametrize("timeframe", Timeframe)
def test_candles_are_those_of_the_quotes(feed: SyntheticFeed, timeframe: Timeframe) -> None:
    since, until = START - START % MINUTE - 2 * DAY, START + 5 * HOUR + 21_500
    for symbol in ("EURGBP", "BTCUSD"):
        bars = aggregate(feed.bars(symbol, since, until), timeframe)
        ticks = aggregate(minute_bars(feed.columns(symbol, since - 1, until - 1)), timeframe)
        for column, expected in zip(bars, ticks, strict=True):
            assert column.dtype == np.int64
            assert column.tolist() == expected.tolist()


def test_bars_of_any_span_are_those_of_the_quotes(feed: SyntheticFeed) -> None:
    chance = random.Random(5)
    for _ in range(60):
        since = START + chance.randrange(-DAY, DAY)
        since -= since % MINUTE
        until = since + chance.choice([-5, 0, 1, 59_999, 60_000, 60_001, chance.randrange(2 * HOUR)])
        bars = feed.bars("USDJPY", since, until)
        ticks = minute_bars(feed.columns("USDJPY", since - 1, until - 1))
        assert [column.tolist() for column in bars] == [column.tolist() for column in ticks]


def test_bars_do_not_know_the_future(feed: SyntheticFeed) -> None:
    minute = START - START % MINUTE + 10 * MINUTE
    partial = feed.bars("EURUSD", minute, minute + 30_000)
    assert partial.time.tolist() == [minute]
    assert partial.tick_volume.tolist() == [30]


def test_prices_above_32_bits_survive_the_cache() -> None:
    listing = load_catalogue()["BTCUSD"]
    dear = {"BTCUSD": type(listing)(listing.instrument, listing.price * 10**6, listing.volatility)}
    feed = SyntheticFeed(dear, 1, START)
    since = START - START % DAY - DAY
    ticks = minute_bars(feed.columns("BTCUSD", since - 1, since + DAY - 1))
    assert feed.bars("BTCUSD", since, since + DAY).high.tolist() == ticks.high.tolist()


CROSSES = [
    symbol
    for symbol, each in LISTINGS.items()
    if "USD" not in (each.instrument.currency_base, each.instrument.currency_profit)
    and each.instrument.currency_base != each.instrument.currency_profit
]


@pytest.mark.parametrize("symbol", CROSSES)
def test_crosses_agree_with_their_majors_within_a_spread(feed: SyntheticFeed, symbol: str) -> None:
    instrument = LISTINGS[symbol].instrument
    market = Market({name: each.instrument for name, each in LISTINGS.items()})

    def mids(name: str, begin: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        quotes = feed.columns(name, begin - 1, begin + HOUR)
        return (quotes.bid + quotes.ask)[:200] / (2 * market.instruments[name].scale)

    for begin in (START - START % DAY - 700 * DAY, START - START % HOUR + 50 * HOUR):
        in_dollars = {}
        for currency in (instrument.currency_base, instrument.currency_profit):
            (leg,) = market.path(currency, "USD") or ()
            in_dollars[currency] = mids(leg.symbol, begin) ** (-1 if leg.inverse else 1)
        implied = in_dollars[instrument.currency_base] / in_dollars[instrument.currency_profit]
        apart = np.abs(mids(symbol, begin) - implied) * instrument.scale
        assert apart.max() <= instrument.spread


@pytest.mark.parametrize("symbol", LISTINGS)
def test_the_volatility_of_history_is_the_parameter(feed: SyntheticFeed, symbol: str) -> None:
    midnight = START - START % DAY
    closes = [feed.last(symbol, midnight - each * DAY) for each in range(200)]
    returns = np.diff(np.log([each.bid for each in closes if each is not None]))
    measured = float(np.std(returns)) * sqrt(365)
    assert LISTINGS[symbol].volatility / 2 < measured < LISTINGS[symbol].volatility * 2


@pytest.mark.parametrize("symbol", ["EURUSD", "GBPJPY", "XAGUSD", "TSLA"])
@pytest.mark.parametrize(("begin", "step"), [(START - 30 * DAY, MINUTE), (START, MINUTE), (START, HOUR)])
def test_the_volatility_within_days_is_the_parameter(
    feed: SyntheticFeed, symbol: str, begin: int, step: int
) -> None:
    quotes = feed.columns(symbol, begin, begin + 5 * DAY)
    logs = np.log((quotes.bid + quotes.ask) / 2)
    every = step // int(quotes.time[1] - quotes.time[0])
    measured = float(np.std(np.diff(logs[::every]))) * sqrt(365 * DAY / step)
    volatility = LISTINGS[symbol].volatility
    assert volatility / 2 < measured < volatility * 2


@pytest.mark.parametrize("symbol", LISTINGS)
def test_spreads_are_near_the_typical_one(feed: SyntheticFeed, symbol: str) -> None:
    quotes = feed.columns(symbol, START, START + HOUR)
    spreads = quotes.ask - quotes.bid
    typical = LISTINGS[symbol].instrument.spread
    assert spreads.min() >= 1
    assert spreads.max() <= 1.5 * typical + 1
    assert 0.7 * typical <= float(spreads.mean()) <= 1.3 * typical


def test_a_spread_is_never_below_one_point() -> None:
    listing = load_catalogue()["EURUSD"]
    fields = {
        name: getattr(listing.instrument, name)
        for name, each in type(listing.instrument).__dataclass_fields__.items()
        if each.init
    }
    tight = type(listing)(type(listing.instrument)(**{**fields, "spread": 0}), listing.price, 0.07)
    quotes = SyntheticFeed({"EURUSD": tight}, 1, START).columns("EURUSD", START, START + HOUR)
    assert set((quotes.ask - quotes.bid).tolist()) == {1}


def largest_move(feed: SyntheticFeed, symbol: str, step: int) -> float:
    """Of the price, within five years to either side (as far as the history goes)."""
    listing = LISTINGS[symbol]
    price = float(listing.price) * listing.instrument.scale
    quotes = (
        feed.last(symbol, START + each * step)
        for each in range(-5 * 365 * DAY // step, 5 * 365 * DAY // step)
    )
    return max(abs(log(quote.bid / price)) for quote in quotes if quote is not None)


@pytest.mark.parametrize("symbol", LISTINGS)
def test_prices_stay_plausible_for_five_years(feed: SyntheticFeed, symbol: str) -> None:
    assert largest_move(feed, symbol, 10 * DAY) < log(3)


@pytest.mark.parametrize("symbol", ["EURUSD", "USDZAR", "ETHUSD", "TSLA"])
@pytest.mark.parametrize("seed", [1, 2])
def test_prices_stay_plausible_every_day_of_five_years(seed: int, symbol: str) -> None:
    assert largest_move(SyntheticFeed(LISTINGS, seed, START), symbol, DAY) < log(3)


def test_days_and_hours_join_without_a_jump(feed: SyntheticFeed) -> None:
    midnight = START - START % DAY
    hour = START - START % HOUR
    for symbol in ("EURUSD", "AAPL", "EURNOK"):
        listing = LISTINGS[symbol]
        for edge in (midnight - 5 * DAY, midnight, hour, hour + HOUR, midnight + DAY, midnight + 9 * DAY):
            before, after = feed.last(symbol, edge - 1), feed.last(symbol, edge + 15_000)
            assert before is not None and after is not None
            deviation = listing.volatility * sqrt((after.time - before.time) / (365 * DAY))
            change = abs(log((after.bid + after.ask) / (before.bid + before.ask)))
            assert change < 6 * deviation + 2 * listing.instrument.spread / before.bid


def test_the_market_is_not_a_straight_line(feed: SyntheticFeed) -> None:
    month = feed.bars("EURUSD", START - START % MINUTE - 30 * DAY, START)
    assert exp(0.005) < month.high.max() / month.low.min() < exp(0.15)


def test_what_is_handed_out_cannot_be_written_to(feed: SyntheticFeed) -> None:
    quotes = feed.columns("EURUSD", START, START + 10_000)
    with pytest.raises(ValueError, match="read-only"):
        quotes.bid[0] = 1
