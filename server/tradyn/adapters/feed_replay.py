"""Recorded quotes or candles from a CSV file, played again.

Read are the exports of MetaTrader 5 (ticks, bars) and 4 (bars), Dukascopy's ticks and candles, and any
CSV with a header that names a time and either bid and ask or open, high, low and close; separated by
tabs, semicolons or commas, plain or gzip (`.gz`), in UTF-8 or with a byte order mark.

Always holds: a price is read exactly, as the decimal it is written as, and rounded half away from zero
where it has more digits than the symbol. Quotes of a symbol are in time order. Times without a zone are
UTC. A candle becomes four quotes: open, low, high, close if close ≥ open, else open, high, low, close; at
0, ¼, ½ and ¾ of its length, the bid at the candle's prices and the ask a spread above. A file is read
completely or refused with one sentence that names the line, what is wrong, and what would be right.

Not simulated: last prices and volumes of the file (columns with other names are passed over), and
the way a price took inside a candle.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from tradyn.broker.instruments import Instrument
from tradyn.broker.market import Quote
from tradyn.candles import MINUTE, empty_bars, minute_bars
from tradyn.ports import Bars, Quotes

__all__ = ["ReplayError", "ReplayFeed"]

Column = NDArray[np.int64]

_SECOND: Final = 1_000
_DAY: Final = 86_400 * _SECOND
_MOST_POINTS: Final = 10**15
# A thousand milliseconds are few; microseconds would be too many to remember.
_MOST_RESTS: Final = 10_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

# What the columns may be called, in lower case and without < >. An unnamed one is pandas' index.
_TIME_NAMES: Final = (
    "time", "datetime", "date", "timestamp", "gmt time", "utc time", "date time", "open time", "open_time", ""
)  # fmt: skip
_SYMBOL_NAMES: Final = ("symbol", "ticker", "instrument")
_TICK: Final = ("bid", "ask")
_CANDLE: Final = ("open", "high", "low", "close")
# MetaTrader 4 writes bars without a header.
_HEADERLESS: Final = ("date", "time", *_CANDLE, "volume")

_DATE: Final = re.compile(
    r"(?P<y>\d{4})(?P<s>[-./])(?P<m>\d\d)(?P=s)(?P<d>\d\d)"
    r"|(?P<d2>\d\d)(?P<s2>[-.])(?P<m2>\d\d)(?P=s2)(?P<y2>\d{4})"
    r"|(?P<y3>\d{4})(?P<m3>\d\d)(?P<d3>\d\d)",
    re.ASCII,
)
_CLOCK: Final = re.compile(
    r"(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?: ?(?:Z|UTC|GMT)?(?:([+-])(\d\d):?(\d\d)?)?)?", re.ASCII
)
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_WHOLE: Final = re.compile(r"\d+", re.ASCII)
_PRICE: Final = re.compile(r"(\d+)(?:\.(\d*))?", re.ASCII)


class ReplayError(Exception):
    """A file that cannot be replayed; the message is one sentence for the person who has it."""


class ReplayFeed:
    """A `Feed` of the quotes or candles in one file, all of them in memory."""

    def __init__(
        self,
        path: Path,
        instruments: Mapping[str, Instrument],
        symbol: str | None = None,
        spread: int | None = None,
    ) -> None:
        """Read the file.

        Args:
            path: the CSV file; `.gz` at its end means gzip.
            instruments: the symbols there are.
            symbol: whose quotes these are, if the file has no column for it; if neither, the
                beginning of the file's name says it (`EURUSD_H1.csv`).
            spread: points between bid and ask of candles; if not given, that of the file's bars, else
                the symbol's.

        Raises:
            ReplayError: the file cannot be read or something in it is wrong.
        """
        if spread is not None and spread < 0:
            raise ReplayError(f"{path}: the spread is {spread}; it must be 0 or more points")
        with _rows(path) as rows:
            self._quotes = _read(path, rows, instruments, symbol, spread)
        self._bars: dict[str, Bars] = {}
        for quotes in self._quotes.values():
            for column in quotes:
                column.flags.writeable = False

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols of the file, in the order of their first appearance."""
        return tuple(self._quotes)

    @property
    def start(self) -> int:
        """The time of the first quote."""
        return min(int(quotes.time[0]) for quotes in self._quotes.values())

    @property
    def end(self) -> int:
        """The time of the last quote."""
        return max(int(quotes.time[-1]) for quotes in self._quotes.values())

    def quotes(self, after: int, until: int) -> Mapping[str, Quotes]:
        """Every quote with `after < time <= until`, by symbol; symbols without one are absent."""
        found = ((symbol, self.columns(symbol, after, until)) for symbol in self._quotes)
        return {symbol: quotes for symbol, quotes in found if len(quotes.time)}

    def columns(self, symbol: str, after: int, until: int) -> Quotes:
        """The quotes of one symbol with `after < time <= until`."""
        quotes = self._quotes.get(symbol)
        if quotes is None:
            return Quotes(*(np.empty(0, np.int64) for _ in Quotes._fields))
        begin, end = np.searchsorted(quotes.time, (after, until), "right")
        return Quotes(*(column[begin:end] for column in quotes))

    def last(self, symbol: str, at: int) -> Quote | None:
        """The latest quote of `symbol` with `time <= at`; of several at one time, the last in the file."""
        quotes = self._quotes.get(symbol)
        place = 0 if quotes is None else int(np.searchsorted(quotes.time, at, "right"))
        if quotes is None or place == 0:
            return None
        time, bid, ask = (int(column[place - 1]) for column in quotes)
        return Quote(symbol, bid, ask, time)

    def bars(self, symbol: str, since: int, until: int) -> Bars:
        """One-minute bars of the quotes with `since <= time < until`; the last may be partial.

        `since` must be the beginning of a minute.
        """
        quotes = self._quotes.get(symbol)
        if quotes is None or until <= since:
            return empty_bars()
        if symbol not in self._bars:
            self._bars[symbol] = minute_bars(quotes)
        bars = self._bars[symbol]
        whole = max(since, until - until % MINUTE)
        begin, end = np.searchsorted(bars.time, (since, whole))
        partial = minute_bars(self.columns(symbol, whole - 1, until - 1))
        return Bars(
            *(np.concatenate((column[begin:end], more)) for column, more in zip(bars, partial, strict=True))
        )


# --- the file -----------------------------------------------------------------------------------------


class _Line(NamedTuple):
    """A row of the file and the number of its line."""

    number: int
    cells: list[str]


@contextmanager
def _rows(path: Path) -> Iterator[Iterator[_Line]]:
    """The file's rows that are not empty; every way a file cannot be read is a `ReplayError`."""
    try:
        with path.open("rb") as plain:
            is_packed = path.name.lower().endswith(".gz")
            binary = gzip.GzipFile(fileobj=plain) if is_packed else plain
            # MetaTrader's own programs write UTF-16 unless told otherwise.
            is_wide = binary.peek(2)[:2] in (b"\xff\xfe", b"\xfe\xff")
            text = io.TextIOWrapper(binary, "utf-16" if is_wide else "utf-8-sig", newline="")
            yield _split(path, text)
    except UnicodeDecodeError as error:
        raise ReplayError(f"{path}: the file is not text in UTF-8; export it as CSV in UTF-8") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ReplayError(
            f"{path}: the file is not a complete gzip file; compress it again, or rename it if it is plain"
        ) from error
    except OSError as error:
        raise ReplayError(
            f"{path}: the file cannot be read ({error.strerror or error}); name a readable CSV file"
        ) from error


def _split(path: Path, text: io.TextIOWrapper) -> Iterator[_Line]:
    first = ""
    skipped = 0
    for first in text:
        if first.strip():
            break
        skipped += 1
    delimiter = next((each for each in "\t;," if each in first), ",")
    reader = csv.reader(chain([first], text), delimiter=delimiter)
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield _Line(reader.line_num + skipped, cells)
    except csv.Error as error:
        raise ReplayError(
            f"{path}, line {reader.line_num + skipped}: {error}; a line must be cells of text"
        ) from error


# --- columns ------------------------------------------------------------------------------------------


class _Layout(NamedTuple):
    """Which column is what; -1 where there is none."""

    date: int
    time: int
    prices: tuple[int, ...]
    spread: int
    symbol: int
    # MetaTrader leaves what did not change empty.
    unchanged_is_empty: bool

    @property
    def is_candles(self) -> bool:
        return len(self.prices) == len(_CANDLE)

    @property
    def width(self) -> int:
        """The fewest cells a row can have."""
        return max(self.date, self.time, self.symbol, *self.prices) + 1


def _layout(path: Path, line: _Line) -> tuple[_Layout, bool]:
    """The layout that the first row tells, and whether that row is a header."""
    names = [cell.strip().strip("<>").strip().lower() for cell in line.cells]
    if not any(name in names for name in (*_TICK, *_CANDLE)):
        if _is_metatrader_4(line.cells):
            return _find_columns(path, line, list(_HEADERLESS)), False
        raise ReplayError(
            f"{path}, line {line.number}: no header is understood; the first line must name a time and "
            "either bid and ask or open, high, low and close"
        )
    return _find_columns(path, line, names), True


def _is_metatrader_4(cells: Sequence[str]) -> bool:
    return (
        len(cells) in (len(_HEADERLESS) - 1, len(_HEADERLESS))
        and _DATE.fullmatch(cells[0].strip()) is not None
        and _CLOCK.fullmatch(cells[1].strip()) is not None
    )


def _find_columns(path: Path, line: _Line, names: list[str]) -> _Layout:
    wanted = _TICK if "bid" in names or "ask" in names else _CANDLE
    missing = [name for name in wanted if name not in names]
    if missing:
        raise ReplayError(
            f"{path}, line {line.number}: the header has no column {' or '.join(missing)}; it must name "
            f"{', '.join(wanted[:-1])} and {wanted[-1]}"
        )
    date, time = _find_time(path, line, names)
    return _Layout(
        date=date,
        time=time,
        prices=tuple(names.index(name) for name in wanted),
        spread=names.index("spread") if "spread" in names else -1,
        symbol=next((names.index(name) for name in _SYMBOL_NAMES if name in names), -1),
        unchanged_is_empty="flags" in names or "last" in names,
    )


def _find_time(path: Path, line: _Line, names: list[str]) -> tuple[int, int]:
    """The places of a date (or -1) and of the time."""
    if "date" in names and "time" in names:
        return names.index("date"), names.index("time")
    for name in _TIME_NAMES:
        # Only the first column may be without a name.
        if name in names[: None if name else 1]:
            return -1, names.index(name)
    raise ReplayError(
        f"{path}, line {line.number}: the header has no column of times; "
        "name it time, date, datetime or timestamp"
    )


# --- cells --------------------------------------------------------------------------------------------


class _Place:
    """Where in the file something is wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.number = 0

    def fail(self, sentence: str) -> NoReturn:
        raise ReplayError(f"{self.path}, line {self.number}: {sentence}")


class _Times:
    """Texts to milliseconds since 1970. Dates, seconds and what follows repeat: each is understood once."""

    def __init__(self, place: _Place) -> None:
        self._place = place
        self._dates: dict[str, int] = {}
        self._seconds: dict[str, int] = {}
        self._rests: dict[str, int] = {}

    def read(self, text: str) -> int:
        """One cell: date and clock time, a date alone, or seconds or milliseconds since 1970."""
        if text[10:11] in (" ", "T") and text[:10] in self._dates:
            return self.join(text[:10], text[11:])
        text = text.strip()
        if (moment := _epoch(text)) is not None:
            return moment
        date, _, clock = text.replace("T", " ", 1).partition(" ")
        return self.join(date, clock)

    def join(self, date: str, clock: str) -> int:
        """Date and clock time from a cell each."""
        day = self._dates.get(date)
        second = self._seconds.get(clock[:8])
        rest = self._rests.get(clock[8:])
        if day is None or second is None or rest is None:
            return self._understand(date.strip(), clock.strip())
        return day + second + rest

    def _understand(self, date: str, clock: str) -> int:
        day = _day(date)
        moment = _clock(clock) if clock else 0
        if day is None or moment is None:
            self._fail(f"{date} {clock}".strip())
        self._dates[date] = day
        second = _clock(clock[:8]) if clock[5:6] == ":" else None
        if second is not None and len(self._rests) < _MOST_RESTS:
            self._seconds[clock[:8]] = second
            self._rests[clock[8:]] = moment - second
        return day + moment

    def _fail(self, text: str) -> NoReturn:
        self._place.fail(
            f'"{text}" is not a time; it must be like 2017-04-19 09:00:00, 2017.04.19 09:00, '
            "19.04.2017 09:00:00.000 or seconds or milliseconds since 1970"
        )


def _epoch(text: str) -> int | None:
    """Seconds, milli-, micro- or nanoseconds since 1970, told apart by how many digits there are."""
    whole, point, fraction = text.partition(".")
    # Eight digits are a date, and fewer never were a market's time.
    if not _WHOLE.fullmatch(whole) or not 9 <= len(whole) <= 19 or (point and not _WHOLE.fullmatch(fraction)):
        return None
    if len(whole) <= 11:
        return int(whole) * _SECOND + int((fraction + "000")[:3])
    return int(whole) // (1 if len(whole) <= 14 else 1_000 if len(whole) <= 17 else 1_000_000)


def _day(text: str) -> int | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (
        int(next(filter(None, (match[f"{unit}{form}"] for form in ("", "2", "3"))))) for unit in "ymd"
    )
    try:
        return (datetime(year, month, day, tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)
    except ValueError:
        return None


def _clock(text: str) -> int | None:
    """Milliseconds since midnight UTC; below 0 or above a day where the zone shifts the date."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    zone = (int(match[6]) * 60 + int(match[7] or 0)) * MINUTE if match[5] else 0
    moment = ((hour * 60 + minute) * 60 + second) * _SECOND + int(((match[4] or "") + "000")[:3])
    return moment - (zone if match[5] == "+" else -zone)


class _Prices:
    """Texts to points of one symbol, without a binary float between. Prices repeat, too."""

    def __init__(self, place: _Place, instrument: Instrument) -> None:
        self._place = place
        self._digits = instrument.digits
        self._known: dict[str, int] = {}

    def read(self, text: str, name: str) -> int:
        points = self._known.get(text)
        if points is None:
            points = self._known[text] = self._parse(text.strip(), name)
        return points

    def _parse(self, text: str, name: str) -> int:
        match = _PRICE.fullmatch(text)
        if match is not None and len(match[2] or "") <= self._digits and len(text) < 30:
            points = int(match[1] + (match[2] or "").ljust(self._digits, "0"))
        else:
            points = self._parse_decimal(text, name)
        if points <= 0:
            self._place.fail(f"{name} is {text}; it must be above 0 when rounded to {self._digits} digits")
        if points > _MOST_POINTS:
            self._place.fail(f"{name} is {text}; it must be at most {_MOST_POINTS} points")
        return points

    def _parse_decimal(self, text: str, name: str) -> int:
        if not _NUMBER.fullmatch(text):
            self._place.fail(f'{name} is "{text}"; it must be a number such as 1.08755')
        # With as many digits as there are, so that nothing is rounded before the one rounding.
        exact = Context(prec=len(text))
        return int(Decimal(text).scaleb(self._digits, exact).to_integral_value(ROUND_HALF_UP, exact))


# --- rows ---------------------------------------------------------------------------------------------


class _Recording:
    """What was read of one symbol so far."""

    def __init__(self, place: _Place, instrument: Instrument) -> None:
        self.instrument = instrument
        self.prices = _Prices(place, instrument)
        self.times = array("q")
        self.columns: tuple[array[int], ...] = ()
        self.spreads = array("q")
        self.latest: int | None = None
        # The sides of a tick as far as they are known.
        self.bid: int | None = None
        self.ask: int | None = None


def _read(
    path: Path,
    rows: Iterator[_Line],
    instruments: Mapping[str, Instrument],
    symbol: str | None,
    spread: int | None,
) -> dict[str, Quotes]:
    first = next(rows, None)
    if first is None:
        raise ReplayError(f"{path}: the file is empty; it must have a header and at least one line of prices")
    layout, has_header = _layout(path, first)
    place = _Place(path)
    recordings: dict[str, _Recording] = {}
    single = None
    if layout.symbol < 0:
        instrument = _find_symbol(path, instruments, symbol)
        single = recordings[instrument.symbol] = _Recording(place, instrument)
    reader = _Reader(place, layout)
    add = reader.add_candle if layout.is_candles else reader.add_tick
    for line in rows if has_header else chain([first], rows):
        place.number = line.number
        if len(line.cells) < layout.width:
            place.fail(f"there are {len(line.cells)} cells; there must be at least {layout.width}")
        recording = single or _find_recording(
            place, recordings, instruments, line.cells[layout.symbol].strip()
        )
        add(recording, line.cells)
    quotes = {
        name: _candle_quotes(each, spread) if layout.is_candles else _tick_quotes(each)
        for name, each in recordings.items()
        if each.times
    }
    if not quotes:
        raise ReplayError(f"{path}: the file has no prices; it must have at least one line of them")
    return quotes


def _find_symbol(path: Path, instruments: Mapping[str, Instrument], symbol: str | None) -> Instrument:
    if symbol is not None:
        if symbol not in instruments:
            raise ReplayError(
                f"{path}: there is no symbol {symbol}; name one of the catalogue, such as EURUSD"
            )
        return instruments[symbol]
    by_name = {name.casefold(): instrument for name, instrument in instruments.items()}
    stem = re.sub(r"(\.(csv|txt|tsv|gz))+$", "", path.name, flags=re.IGNORECASE).casefold()
    for length in range(len(stem), 0, -1):
        # EURUSD_H1, EURUSD-2017-04 and MetaTrader 4's EURUSD60, but not EUR for EURUSDX.
        if stem[:length] in by_name and not stem[length : length + 1].isalpha():
            return by_name[stem[:length]]
    raise ReplayError(
        f"{path}: neither a column nor the file's name says whose prices these are; "
        "name the symbol, or rename the file to begin with it, such as EURUSD_H1.csv"
    )


def _find_recording(
    place: _Place, recordings: dict[str, _Recording], instruments: Mapping[str, Instrument], symbol: str
) -> _Recording:
    if symbol not in recordings:
        if symbol not in instruments:
            place.fail(f'there is no symbol "{symbol}"; it must be one of the catalogue, such as EURUSD')
        recordings[symbol] = _Recording(place, instruments[symbol])
    return recordings[symbol]


class _Reader:
    """Rows into recordings, with every check that needs only the row and the one before."""

    def __init__(self, place: _Place, layout: _Layout) -> None:
        self._place = place
        self._layout = layout
        self._times = _Times(place)
        self._read_time: Callable[[list[str]], int] = self._one_cell if layout.date < 0 else self._two_cells

    def add_tick(self, recording: _Recording, cells: list[str]) -> None:
        layout, prices = self._layout, recording.prices
        time = self._read_time(cells)
        if recording.latest is not None and time < recording.latest:
            self._place.fail(f"{_stamp(time)} is before {_stamp(recording.latest)}; {_ORDER}")
        recording.latest = time
        bid, ask = cells[layout.prices[0]], cells[layout.prices[1]]
        if bid or not layout.unchanged_is_empty:
            recording.bid = prices.read(bid, "bid")
        if ask or not layout.unchanged_is_empty:
            recording.ask = prices.read(ask, "ask")
        if recording.bid is None or recording.ask is None:
            # Not a quote yet: the export begins with a change of one side.
            return
        if recording.ask < recording.bid:
            show = recording.instrument.price
            self._place.fail(f"ask {show(recording.ask)} is below bid {show(recording.bid)}; it must not be")
        recording.times.append(time)
        if not recording.columns:
            recording.columns = (array("q"), array("q"))
        recording.columns[0].append(recording.bid)
        recording.columns[1].append(recording.ask)

    def add_candle(self, recording: _Recording, cells: list[str]) -> None:
        layout, prices = self._layout, recording.prices
        time = self._read_time(cells)
        if recording.latest is not None and time <= recording.latest:
            self._place.fail(f"{_stamp(time)} is not after {_stamp(recording.latest)}; {_ORDER}")
        recording.latest = time
        values = [prices.read(cells[place], name) for place, name in zip(layout.prices, _CANDLE, strict=True)]
        self._check_candle(recording.instrument, *values)
        recording.times.append(time)
        if not recording.columns:
            recording.columns = tuple(array("q") for _ in _CANDLE)
        for column, value in zip(recording.columns, values, strict=True):
            column.append(value)
        recording.spreads.append(self._read_spread(cells))

    def _check_candle(self, instrument: Instrument, opened: int, high: int, low: int, close: int) -> None:
        show = instrument.price
        if high < low:
            self._place.fail(f"high {show(high)} is below low {show(low)}; it must not be")
        for name, value in (("open", opened), ("close", close)):
            if not low <= value <= high:
                self._place.fail(
                    f"{name} {show(value)} is outside low {show(low)} to high {show(high)}; it must be within"
                )

    def _read_spread(self, cells: list[str]) -> int:
        if not 0 <= self._layout.spread < len(cells):
            return 0
        text = cells[self._layout.spread].strip()
        if not _WHOLE.fullmatch(text) or len(text) > 9:
            self._place.fail(f'spread is "{text}"; it must be a whole number of points')
        return int(text)

    def _one_cell(self, cells: list[str]) -> int:
        return self._times.read(cells[self._layout.time])

    def _two_cells(self, cells: list[str]) -> int:
        return self._times.join(cells[self._layout.date], cells[self._layout.time])


_ORDER: Final = "times must not go backwards, so sort the file with the oldest first"


def _stamp(time: int) -> str:
    moment = _EPOCH + timedelta(milliseconds=time)
    return moment.strftime("%Y-%m-%d %H:%M:%S") + (f".{time % _SECOND:03}" if time % _SECOND else "")


def _column(values: array[int]) -> Column:
    return np.array(values, np.int64)


def _tick_quotes(recording: _Recording) -> Quotes:
    bid, ask = recording.columns
    return Quotes(_column(recording.times), _column(bid), _column(ask))


def _candle_quotes(recording: _Recording, spread: int | None) -> Quotes:
    """Four quotes for each candle."""
    opening = _column(recording.times)
    opened, high, low, close = (_column(each) for each in recording.columns)
    quarter = _lengths(opening) // 4
    rises = close >= opened
    bids = np.stack((opened, np.where(rises, low, high), np.where(rises, high, low), close), axis=1)
    times = opening[:, None] + quarter[:, None] * np.arange(4)
    if spread is None:
        own = _column(recording.spreads)
        spreads = np.where(own > 0, own, recording.instrument.spread)
    else:
        spreads = np.full(len(opening), spread)
    asks = bids + spreads[:, None]
    return Quotes(times.reshape(-1), bids.reshape(-1), asks.reshape(-1))


def _lengths(opening: Column) -> Column:
    """The length of each candle: the most common distance, or less where the next one opens sooner."""
    if len(opening) == 1:
        return np.array([MINUTE])
    distances = np.diff(opening)
    values, counts = np.unique(distances, return_counts=True)
    common = int(values[np.argmax(counts)])
    lengths: Column = np.minimum(np.append(distances, common), common)
    return lengths
