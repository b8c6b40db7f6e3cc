"""The synthetic market: a seeded random walk that can be asked about any moment, in any order.

Always holds:

* Every answer is a pure function of the listings, seed, start, symbol and time. Asking twice, in
  another order or with other boundaries gives the same quotes, and a second process does too.
* A symbol's mid price at `start` is its listing's price. Prices are exp of a sum of paths, a currency's
  path entering every pair of it alike, so crosses agree with their majors to within rounding.
* Bars are the aggregation of the quotes, and a quote's ask is at least one point above its bid.

How: each currency (against USD), each metal, coin, index and share has a path, and all currencies
share one more, the dollar's. A path is a mean-reverting random walk over days, drawn in stretches
outward from the day of `start`; within a day 24 hours are a Brownian bridge between the day's ends,
and within an hour the quotes are one between the hour's ends. So any hour can be made by itself.

From the hour of `start` on there is a quote of each symbol every second; before it, in the history,
one every 15 seconds, back to 1,000 days before the day of `start`. No two symbols share a millisecond.

Not simulated: sessions, weekends, gaps, news, volatility that depends on the hour, fat tails,
correlation between anything but currencies, swap or carry in the drift.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from math import exp, log, sqrt
from threading import Lock
from typing import Any, Final, Generic, NamedTuple, TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tradyn.broker.instruments import Instrument
from tradyn.broker.market import Quote
from tradyn.candles import MINUTE, empty_bars, minute_bars
from tradyn.catalogue import DOLLAR_SHARE, Listing
from tradyn.ports import Bars, Quotes

__all__ = ["HISTORY_DAYS", "SyntheticFeed"]

HISTORY_DAYS: Final = 1_000

_SECOND: Final = 1_000
_HOUR: Final = 3_600 * _SECOND
_DAY: Final = 24 * _HOUR
_LIVE_STEP: Final = _SECOND
_HISTORY_STEP: Final = 15 * _SECOND
_PIVOT: Final = "USD"
_DOLLAR: Final = "dollar"

# How many days of a path are drawn at once.
_STRETCH: Final = 512
_YEAR: Final = 365
# Prices return slowly: with at most this standard deviation of their logarithm around the start's, four
# of them are a factor of e, however long the server runs.
_LARGEST_DEVIATION: Final = 0.25
_SLOWEST_RETURN: Final = 0.25

_CACHED_PATH_BYTES: Final = 12_000_000
_CACHED_QUOTE_BYTES: Final = 40_000_000
_CACHED_BAR_BYTES: Final = 40_000_000

Floats = NDArray[np.float64]
Column = NDArray[np.int64]
Value = TypeVar("Value")


class SyntheticFeed:
    """A `Feed` of seeded random walks."""

    def __init__(self, listings: Mapping[str, Listing], seed: int, start: int) -> None:
        """Prepare the feed; nothing is drawn yet.

        Args:
            listings: the symbols, with the price of each at `start` and its volatility.
            seed: any whole number; another seed is another market.
            start: market time at which the live quotes begin, milliseconds since 1970.
        """
        self._live_from = start - start % _HOUR
        self._history_from = start - start % _DAY - HISTORY_DAYS * _DAY
        self._seed = seed % 2**64
        phases, factors = _phases(listings), _factors(listings)
        self._symbols: dict[str, _Symbol] = {}
        self._paths: dict[str, _Path] = {}
        for name, listing in listings.items():
            symbol = _Symbol(listing, phases[name], _weights(listing, factors))
            self._symbols[name] = symbol
            for path, weight in symbol.weights.items():
                # The dollar is in every currency; none of their volatilities is its own.
                volatility = 0.0 if path == _DOLLAR else abs(weight)
                self._paths.setdefault(path, _Path(path, volatility, self._seed, start))
        # Held for one block at a time, so that a thread making a chart does not hold up the market.
        self._lock = Lock()
        self._walks: _Cache[Floats] = _Cache(_CACHED_PATH_BYTES)
        self._quotes: _Cache[_Prices] = _Cache(_CACHED_QUOTE_BYTES)
        self._bars: _Cache[_Packed] = _Cache(_CACHED_BAR_BYTES)

    @property
    def start(self) -> int | None:
        """None: it can start at any time."""
        return None

    @property
    def end(self) -> int | None:
        """None: it never ends."""
        return None

    def quotes(self, after: int, until: int) -> Mapping[str, Quotes]:
        """Every quote with `after < time <= until`, by symbol; symbols without one are absent."""
        found: dict[str, Quotes] = {}
        for name, symbol in self._symbols.items():
            # Most symbols have no quote in a step of some milliseconds: pass over them quickly.
            if (until - symbol.phase) // _SECOND > (after - symbol.phase) // _SECOND:
                quotes = self.columns(name, after, until)
                if len(quotes.time):
                    found[name] = quotes
        return found

    def columns(self, symbol: str, after: int, until: int) -> Quotes:
        """The quotes of one symbol with `after < time <= until`."""
        if symbol not in self._symbols:
            return _no_quotes()
        phase = self._symbols[symbol].phase
        parts: list[Quotes] = []
        for block in self._blocks(after - phase + 1, until - phase + 1):
            begin = max(0, -((block.begin + phase - after - 1) // block.step))
            end = min(block.size, (until - block.begin - phase) // block.step + 1)
            if begin < end:
                prices = self._prices(symbol, block)
                time = np.arange(begin, end) * block.step + (block.begin + phase)
                parts.append(Quotes(time, prices.bid[begin:end], prices.ask[begin:end]))
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return _no_quotes()
        return Quotes(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    def last(self, symbol: str, at: int) -> Quote | None:
        """The latest quote of `symbol` with `time <= at`."""
        if symbol not in self._symbols:
            return None
        phase = self._symbols[symbol].phase
        moment = at - phase
        if moment < self._history_from:
            return None
        block = self._block(moment)
        place = min((moment - block.begin) // block.step, block.size - 1)
        prices = self._prices(symbol, block)
        time = block.begin + place * block.step + phase
        return Quote(symbol, int(prices.bid[place]), int(prices.ask[place]), time)

    def bars(self, symbol: str, since: int, until: int) -> Bars:
        """One-minute bars of the quotes with `since <= time < until`; the last may be partial.

        `since` must be the beginning of a minute.
        """
        if symbol not in self._symbols:
            return empty_bars()
        since = max(since, self._history_from)
        whole = max(since, until - until % MINUTE)
        partial = minute_bars(self.columns(symbol, whole - 1, until - 1))
        # Every minute has a quote, so the places of the bars are known beforehand.
        count = (whole - since) // MINUTE
        table = np.empty((len(Bars._fields), count + len(partial.time)), np.int64)
        for block in self._blocks(since, whole):
            _unpack(self._block_bars(symbol, block), block, since, table[:, :count])
        table[:, count:] = partial
        return Bars(*table)

    # --- blocks: a day of history, an hour of live quotes -------------------------------------------------

    def _block(self, moment: int) -> _Block:
        """The block that a moment not before the history falls into."""
        if moment >= self._live_from:
            begin = moment - moment % _HOUR
            return _Block(begin, _LIVE_STEP, _HOUR // _LIVE_STEP)
        begin = moment - moment % _DAY
        end = min(begin + _DAY, self._live_from)
        return _Block(begin, _HISTORY_STEP, (end - begin) // _HISTORY_STEP)

    def _blocks(self, since: int, until: int) -> Iterator[_Block]:
        """The blocks that `since <= moment < until` touches."""
        moment = max(since, self._history_from)
        while moment < until:
            block = self._block(moment)
            yield block
            moment = block.begin + block.step * block.size

    def _prices(self, symbol: str, block: _Block) -> _Prices:
        key = (symbol, block.begin)
        with self._lock:
            prices = self._quotes.get(key)
            if prices is None:
                prices = self._make_prices(symbol, block)
                self._quotes.put(key, prices, prices.bid.nbytes + prices.ask.nbytes)
            return prices

    def _block_bars(self, symbol: str, block: _Block) -> _Packed:
        key = (symbol, block.begin)
        with self._lock:
            packed = self._bars.get(key)
            if packed is None:
                # Not kept as quotes: a thousand days of them would drive everything else out.
                prices = self._quotes.get(key) or self._make_prices(symbol, block)
                packed = _pack(prices, MINUTE // block.step)
                self._bars.put(key, packed, packed.offsets.nbytes + packed.spread.nbytes)
            return packed

    def _make_prices(self, name: str, block: _Block) -> _Prices:
        symbol = self._symbols[name]
        mid = np.full(block.size, symbol.level)
        for path, weight in symbol.weights.items():
            mid += weight * self._walk(path, block)
        np.exp(mid, out=mid)
        generator = _generator(self._seed, f"spread {name}", block.begin // _HOUR)
        drawn = np.frombuffer(generator.bytes(block.size), np.uint8)
        spread = symbol.spreads[drawn]
        mid -= spread * 0.5
        bid = np.maximum(np.rint(mid, out=mid).astype(np.int64), 1)
        ask = bid + spread
        # Slices are handed out: nobody may write to them.
        bid.flags.writeable = ask.flags.writeable = False
        return _Prices(bid, ask)

    def _walk(self, path: str, block: _Block) -> Floats:
        key = (path, block.begin)
        walk = self._walks.get(key)
        if walk is None:
            walk = self._paths[path].walk(block)
            self._walks.put(key, walk, walk.nbytes)
        return walk


class _Block(NamedTuple):
    """Quotes that are made together: `size` of them, `step` milliseconds apart."""

    begin: int
    step: int
    size: int


class _Prices(NamedTuple):
    bid: Column
    ask: Column


class _Packed(NamedTuple):
    """The minute bars of a block in little memory: prices are offsets from the lowest."""

    lowest: int
    tick_volume: int
    offsets: NDArray[Any]
    spread: NDArray[Any]


class _Symbol:
    """What the prices of a symbol are made of."""

    __slots__ = ("level", "phase", "spreads", "weights")

    def __init__(self, listing: Listing, phase: int, weights: Mapping[str, float]) -> None:
        instrument = listing.instrument
        self.phase = phase
        self.weights = weights
        # In points, so that exp gives points.
        self.level = log(float(listing.price)) + log(instrument.scale)
        # A quote draws one of 256: mostly a little below the typical spread, sometimes half above it.
        drawn = np.linspace(0.0, 1.0, 256)
        spreads = np.rint(instrument.spread * (0.8 + 0.7 * drawn**3))
        self.spreads = np.maximum(spreads, 1).astype(np.int64)


class _Path:
    """A standard walk (volatility 1 a year) that is 0 at `start`."""

    def __init__(self, name: str, volatility: float, seed: int, start: int) -> None:
        self._name = name
        self._seed = seed
        self._start = start
        self._first_day = start // _DAY
        pull = max(_SLOWEST_RETURN, (volatility / _LARGEST_DEVIATION) ** 2 / 2)
        self._keep = exp(-pull / _YEAR)
        # Level at the beginning of each day, from the first day on to either side.
        self._later = [0.0]
        self._earlier = [0.0]
        self._shift: float | None = None

    def walk(self, block: _Block) -> Floats:
        """The levels at the block's quotes."""
        if self._shift is None:
            self._shift = self._find_shift()
        walk = self._unshifted(block)
        walk -= self._shift
        return walk

    def _find_shift(self) -> float:
        begin = self._start - self._start % _HOUR
        levels = self._unshifted(_Block(begin, _LIVE_STEP, _HOUR // _LIVE_STEP))
        return float(levels[(self._start - begin) // _LIVE_STEP])

    def _unshifted(self, block: _Block) -> Floats:
        marks = self._hours(block.begin // _DAY)
        if block.step == _LIVE_STEP:
            hour = block.begin % _DAY // _HOUR
            marks = marks[hour : hour + 2]
        draws = _generator(self._seed, f"{self._name} {block.step}", block.begin // _HOUR)
        steps = draws.standard_normal((len(marks) - 1, _HOUR // block.step))
        return _bridge(steps, marks, block.step).reshape(-1)[: block.size]

    def _hours(self, day: int) -> Floats:
        """The levels at a day's 25 hour marks."""
        steps = _generator(self._seed, f"{self._name} hours", day).standard_normal((1, 24))
        ends = np.array([self._day(day), self._day(day + 1)])
        return np.append(_bridge(steps, ends, _HOUR), ends[1])

    def _day(self, day: int) -> float:
        """The level at the beginning of a day."""
        distance = day - self._first_day
        levels, direction = (self._later, "later") if distance >= 0 else (self._earlier, "earlier")
        while len(levels) <= abs(distance):
            self._draw(levels, direction)
        return levels[abs(distance)]

    def _draw(self, levels: list[float], direction: str) -> None:
        """Draw another stretch of days; backward in time the walk has the same law as forward."""
        draws = _generator(self._seed, f"{self._name} {direction}", len(levels) // _STRETCH)
        level = levels[-1]
        for step in (draws.standard_normal(_STRETCH) * _deviation(_DAY)).tolist():
            level = level * self._keep + step
            levels.append(level)


class _Cache(Generic[Value]):
    """The least recently used values, up to a number of bytes."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._size = 0
        self._values: OrderedDict[tuple[str, int], tuple[Value, int]] = OrderedDict()

    def get(self, key: tuple[str, int]) -> Value | None:
        held = self._values.get(key)
        if held is None:
            return None
        self._values.move_to_end(key)
        return held[0]

    def put(self, key: tuple[str, int], value: Value, size: int) -> None:
        self._values[key] = (value, size)
        self._size += size
        while self._size > self._capacity:
            self._size -= self._values.popitem(last=False)[1][1]


def _no_quotes() -> Quotes:
    return Quotes(*(np.empty(0, np.int64) for _ in Quotes._fields))


def _phases(symbols: Iterable[str]) -> dict[str, int]:
    """The millisecond of the second at which each symbol ticks; none twice, as long as there are enough."""
    phases: dict[str, int] = {}
    taken: set[int] = set()
    for symbol in sorted(symbols):
        phase = crc32(symbol.encode()) % _SECOND
        while phase in taken and len(taken) < _SECOND:
            phase = (phase + 1) % _SECOND
        taken.add(phase)
        phases[symbol] = phase
    return phases


class _Factor(NamedTuple):
    """What moves the price of a currency, metal or coin in USD."""

    volatility: float
    is_currency: bool


def _factors(listings: Mapping[str, Listing]) -> dict[str, _Factor]:
    """The factors by currency. One without a pair with USD is as volatile as its first symbol."""
    factors: dict[str, _Factor] = {}
    pairs = [each for each in listings.values() if not _is_own(each.instrument)]
    # Stable sort: pairs with USD first, each kind in the order of the catalogue.
    for listing in sorted(pairs, key=lambda each: _PIVOT not in _currencies(each.instrument)):
        factor = _Factor(listing.volatility, listing.instrument.calc_mode.is_forex)
        for currency in _currencies(listing.instrument):
            if currency != _PIVOT:
                factors.setdefault(currency, factor)
    return factors


def _is_own(instrument: Instrument) -> bool:
    """Whether its price moves by itself, as an index's or a share's, not as the ratio of two factors."""
    return instrument.currency_base == instrument.currency_profit


def _currencies(instrument: Instrument) -> tuple[str, str]:
    return instrument.currency_base, instrument.currency_profit


def _weights(listing: Listing, factors: Mapping[str, _Factor]) -> dict[str, float]:
    """How much each path moves the logarithm of the symbol's price."""
    instrument = listing.instrument
    if _is_own(instrument):
        return {f"symbol {instrument.symbol}": listing.volatility}
    weights: dict[str, float] = {}
    for currency, sign in zip(_currencies(instrument), (1.0, -1.0), strict=True):
        if currency == _PIVOT:
            continue
        factor = factors[currency]
        shared = DOLLAR_SHARE if factor.is_currency else 0.0
        weights[f"currency {currency}"] = sign * factor.volatility * sqrt(1 - shared)
        if shared:
            weights[_DOLLAR] = weights.get(_DOLLAR, 0.0) + sign * factor.volatility * sqrt(shared)
    return weights


def _generator(seed: int, name: str, number: int) -> np.random.Generator:
    """Chance for one purpose: crc32 and not hash(), which differs between processes."""
    return np.random.Generator(
        np.random.PCG64(np.random.SeedSequence((seed, crc32(name.encode()), number % 2**32)))
    )


def _deviation(milliseconds: int) -> float:
    """The standard deviation of a standard walk's step."""
    return sqrt(milliseconds / (_YEAR * _DAY))


def _bridge(steps: Floats, marks: Floats, step: int) -> Floats:
    """Brownian bridges between successive marks, one a row; the beginning is included, the end is not.

    Args:
        steps: standard normal draws, a row for each bridge.
        marks: one level more than there are rows.
        step: milliseconds between two levels of a row.
    """
    count = steps.shape[1]
    levels = np.cumsum(steps, axis=1)
    levels *= _deviation(step)
    slope = (marks[1:] - marks[:-1] - levels[:, -1]) / count
    levels += slope[:, None] * np.arange(1, count + 1)
    levels[:, 1:] = levels[:, :-1]
    levels[:, 0] = 0.0
    levels += marks[:-1, None]
    return levels


def _pack(prices: _Prices, per_minute: int) -> _Packed:
    bid = prices.bid.reshape(-1, per_minute)
    low, high = bid.min(axis=1), bid.max(axis=1)
    lowest = int(low.min())
    offsets = np.stack((bid[:, 0], high, low, bid[:, -1])) - lowest
    spread = prices.ask[per_minute - 1 :: per_minute] - bid[:, -1]
    return _Packed(lowest, per_minute, _narrow(offsets), _narrow(spread))


def _narrow(values: Column) -> NDArray[Any]:
    """The same values in the smallest type that holds them; none is below 0."""
    return values.astype(np.min_scalar_type(int(values.max())))


def _unpack(packed: _Packed, block: _Block, since: int, table: Column) -> None:
    """Write a block's bars into a table of which the first column is the minute `since`."""
    offset = (block.begin - since) // MINUTE
    begin = max(0, -offset)
    end = min(len(packed.spread), table.shape[1] - offset)
    part = table[:, offset + begin : offset + end]
    part[0] = np.arange(block.begin + begin * MINUTE, block.begin + end * MINUTE, MINUTE)
    part[1:5] = packed.offsets[:, begin:end]
    part[1:5] += packed.lowest
    part[5] = packed.tick_volume
    part[6] = packed.spread[begin:end]
