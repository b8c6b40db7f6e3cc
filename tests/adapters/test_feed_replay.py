"""Every format a recording may have is read exactly, and every malformed one is refused with a sentence."""

# ruff: noqa: E501 - lines of files and sentences stay in one piece, so that they can be read and searched for

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tradyn.adapters.feed_replay import ReplayError, ReplayFeed
from tradyn.candles import MINUTE, Timeframe, aggregate, minute_bars
from tradyn.catalogue import load_catalogue
from tradyn.ports import Feed

INSTRUMENTS = {symbol: each.instrument for symbol, each in load_catalogue().items()}
HOUR = 60 * MINUTE
EVER = 2**62
NINE = int(datetime(2017, 4, 19, 9, tzinfo=UTC).timestamp() * 1000)


def write(tmp_path: Path, text: str, name: str = "EURUSD.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode())
    return path


def feed_of(tmp_path: Path, text: str, name: str = "EURUSD.csv", **options: object) -> ReplayFeed:
    return ReplayFeed(write(tmp_path, text, name), INSTRUMENTS, **options)  # type: ignore[arg-type]


def quotes_of(feed: ReplayFeed, symbol: str = "EURUSD") -> list[tuple[int, int, int]]:
    """Milliseconds since 2017-04-19 09:00, bid, ask."""
    columns = (column.tolist() for column in feed.columns(symbol, -EVER, EVER))
    return [(time - NINE, bid, ask) for time, bid, ask in zip(*columns, strict=True)]


TICKS = [(0, 107160, 107165), (250, 107161, 107165), (1_000, 107161, 107170)]
TICK_FILES = {
    "MetaTrader 5": (
        "<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>\n"
        "2017.04.19\t08:59:59.900\t1.07159\t\t\t\t2\n"
        "2017.04.19\t09:00:00.000\t1.07160\t1.07165\t\t\t6\n"
        "2017.04.19\t09:00:00.250\t1.07161\t\t\t\t2\n"
        "2017.04.19\t09:00:01.000\t\t1.07170\t\t\t4\n"
    ),
    "Dukascopy": (
        "Gmt time,Ask,Bid,AskVolume,BidVolume\n"
        "19.04.2017 09:00:00.000,1.07165,1.0716,1.5,0.75\n"
        "19.04.2017 09:00:00.250,1.07165,1.07161,1.5,0.75\n"
        "19.04.2017 09:00:01.000,1.0717,1.07161,1.5,0.75\n"
    ),
    "pandas": (
        ",bid,ask\n2017-04-19 09:00:00+00:00,1.0716,1.07165\n"
        "2017-04-19 09:00:00.250000+00:00,1.07161,1.07165\n2017-04-19 09:00:01+00:00,1.07161,1.0717\n"
    ),
    "ISO 8601 with zones": (
        'timestamp;"Bid";"Ask"\n\n2017-04-19T09:00:00Z;1.0716;1.07165\n'
        "2017-04-19T11:00:00.250+02:00;1.07161;1.07165\n2017-04-18T23:00:01.000-10:00;1.07161;1.0717\n"
    ),
    "seconds": "time,bid,ask\n1492592400,1.0716,1.07165\n1492592400.25,1.07161,1.07165\n1492592401,1.07161,1.0717\n",
    "milliseconds": (
        "Time\tBid\tAsk\n1492592400000\t1.0716\t1.07165\n1492592400250\t1.07161\t1.07165\n"
        "1492592401000\t1.07161\t1.0717\n"
    ),
    "nanoseconds": (
        "Time\tBid\tAsk\n1492592400000000000\t1.0716\t1.07165\n1492592400250999999\t1.07161\t1.07165\n"
        "1492592401000000000\t1.07161\t1.0717\n"
    ),
    "a date column and a time column": (
        "Date,Time,Bid,Ask\n20170419,09:00:00,1.0716,1.07165\n20170419,09:00:00.25,1.07161,1.07165\n"
        "2017/04/19,09:00:01,1.07161,1.0717\n"
    ),
    "Windows line ends": (
        "time,bid,ask\r\n2017.04.19 09:00,1.0716,1.07165\r\n2017-04-19 09:00:00.250,1.07161,1.07165\r\n"
        "19-04-2017 09:00:01,1.07161,1.0717"
    ),
}


@pytest.mark.parametrize("form", TICK_FILES)
def test_ticks(tmp_path: Path, form: str) -> None:
    assert quotes_of(feed_of(tmp_path, TICK_FILES[form])) == TICKS


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "EURUSD.csv"
    path.write_bytes(TICK_FILES["MetaTrader 5"].encode(encoding))
    assert quotes_of(ReplayFeed(path, INSTRUMENTS)) == TICKS


def test_gzip(tmp_path: Path) -> None:
    path = tmp_path / "EURUSD_ticks.csv.gz"
    path.write_bytes(gzip.compress(TICK_FILES["Dukascopy"].encode()))
    assert quotes_of(ReplayFeed(path, INSTRUMENTS)) == TICKS


CANDLES = [
    (0, 107160, 107170),
    (HOUR // 4, 107083, 107093),
    (HOUR // 2, 107220, 107230),
    (3 * HOUR // 4, 107219, 107229),
    (HOUR, 107214, 107224),
    (HOUR + HOUR // 4, 107296, 107306),
    (HOUR + HOUR // 2, 107190, 107200),
    (HOUR + 3 * HOUR // 4, 107213, 107223),
]
CANDLE_FILES = {
    "MetaTrader 5": (
        "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n"
        "2017.04.19\t09:00:00\t1.07160\t1.07220\t1.07083\t1.07219\t1413\t0\t0\n"
        "2017.04.19\t10:00:00\t1.07214\t1.07296\t1.07190\t1.07213\t1241\t0\t10\n"
    ),
    "MetaTrader 4": (
        "2017.04.19,09:00,1.0716,1.0722,1.07083,1.07219,1413\n2017.04.19,10:00,1.07214,1.07296,1.0719,1.07213,1241\n"
    ),
    "MetaTrader 4 without volumes": (
        "2017.04.19;09:00;1.0716;1.0722;1.07083;1.07219\n2017.04.19;10:00;1.07214;1.07296;1.0719;1.07213\n"
    ),
    "pandas": (
        ",Open,High,Low,Close,Volume\n2017-04-19 09:00:00,1.0716,1.0722,1.07083,1.07219,1413\n"
        "2017-04-19 10:00:00,1.07214,1.07296,1.0719,1.07213,1241\n"
    ),
    "Dukascopy": (
        "Gmt time,Open,High,Low,Close,Volume\n19.04.2017 09:00:00.000,1.0716,1.0722,1.07083,1.07219,1413\n"
        "19.04.2017 10:00:00.000,1.07214,1.07296,1.0719,1.07213,1241\n"
    ),
    "other names and order": (
        "close;low;open;high;Datetime\n1.07219;1.07083;1.0716;1.0722;2017-04-19T09:00\n"
        "1.07213;1.0719;1.07214;1.07296;2017-04-19T10:00\n"
    ),
}


@pytest.mark.parametrize("form", CANDLE_FILES)
def test_candles(tmp_path: Path, form: str) -> None:
    assert quotes_of(feed_of(tmp_path, CANDLE_FILES[form])) == CANDLES


def test_spread_is_the_argument_else_the_bars_own_else_the_symbols(tmp_path: Path) -> None:
    text = CANDLE_FILES["MetaTrader 5"].replace("\t10\n", "\t3\n")
    assert [ask - bid for _, bid, ask in quotes_of(feed_of(tmp_path, text))] == [10] * 4 + [3] * 4
    assert {ask - bid for _, bid, ask in quotes_of(feed_of(tmp_path, text, spread=0))} == {0}
    assert {ask - bid for _, bid, ask in quotes_of(feed_of(tmp_path, text, spread=25))} == {25}


def test_a_candles_length_is_the_most_common_distance(tmp_path: Path) -> None:
    days = ("2017-04-19", "2017-04-20", "2017-04-24", "2017-04-25", "2017-04-25 12:00", "2017-04-27")
    text = "date,open,high,low,close\n" + "".join(f"{day},1,1,1,1\n" for day in days)
    times = [time for time, _, _ in quotes_of(feed_of(tmp_path, text))]
    # A shorter distance ends a candle early; a longer one is a gap.
    quarters = (np.diff(times)[::4] // HOUR).tolist()
    assert quarters == [6, 6, 6, 3, 6, 6]


def test_one_candle_is_a_minute(tmp_path: Path) -> None:
    feed = feed_of(tmp_path, "time,open,high,low,close\n2017-04-19 09:00,1,2,1,2\n")
    assert [time for time, _, _ in quotes_of(feed)] == [0, 15_000, 30_000, 45_000]


# --- the real recording -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def frame() -> Any:
    return import_module("backtesting.test").EURUSD


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory, frame: Any) -> Path:
    path: Path = tmp_path_factory.mktemp("recording") / "EURUSD_H1.csv"
    frame.to_csv(path)
    return path


def test_the_recording_of_backtesting_is_read_exactly(recording: Path, frame: Any) -> None:
    feed = ReplayFeed(recording, INSTRUMENTS)
    quotes = feed.columns("EURUSD", -EVER, EVER)
    assert len(quotes.time) == 20_000
    assert feed.symbols == ("EURUSD",)
    assert feed.start == int(frame.index[0].value // 10**6) == int(quotes.time[0])
    assert feed.end == int(frame.index[-1].value // 10**6) + 3 * HOUR // 4 == int(quotes.time[-1])
    assert set((quotes.ask - quotes.bid).tolist()) == {10}
    candles = aggregate(feed.bars("EURUSD", feed.start, feed.end + 1), Timeframe.H1)
    assert candles.tick_volume.tolist() == [4] * 5_000
    for column, name in zip(candles[1:5], ("Open", "High", "Low", "Close"), strict=True):
        exact = [Decimal(str(price)).scaleb(5).to_integral_value(ROUND_HALF_UP) for price in frame[name]]
        assert column.tolist() == exact


def test_seeking(recording: Path) -> None:
    feed: Feed = ReplayFeed(recording, INSTRUMENTS)
    assert feed.start == NINE
    end = feed.end
    assert end is not None
    assert feed.last("EURUSD", NINE - 1) is None
    assert feed.last("EURUSD", NINE) == ("EURUSD", 107160, 107170, NINE)
    assert feed.last("EURUSD", NINE + HOUR // 4 - 1) == ("EURUSD", 107160, 107170, NINE)
    latest = feed.last("EURUSD", EVER)
    assert latest is not None and latest.time == end
    assert feed.last("USDJPY", EVER) is None
    assert feed.quotes(NINE - HOUR, NINE - 1) == {}
    assert feed.quotes(NINE - 1, NINE)["EURUSD"].bid.tolist() == [107160]
    assert feed.quotes(NINE, NINE + HOUR)["EURUSD"].time.tolist() == [
        NINE + HOUR // 4, NINE + HOUR // 2, NINE + 3 * HOUR // 4, NINE + HOUR,
    ]  # fmt: skip
    assert feed.quotes(end, EVER) == {}


def test_bars_of_any_span_are_those_of_the_quotes(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    times = NINE + np.cumsum(chance.integers(1, 40_000, 2_000))
    bids = 107_000 + np.cumsum(chance.integers(-3, 4, 2_000))
    text = "time,bid,ask\n" + "".join(
        f"{time},{bid / 1e5:.5f},{(bid + 7) / 1e5:.5f}\n" for time, bid in zip(times, bids, strict=True)
    )
    feed = feed_of(tmp_path, text)
    for _ in range(100):
        since = int(chance.integers(NINE - HOUR, times[-1] + HOUR))
        since -= since % MINUTE
        until = since + int(chance.choice([-3, 0, 1, 20_000, 60_000, 60_001, 7_200_000, 90_000_123]))
        ticks = minute_bars(feed.columns("EURUSD", since - 1, until - 1))
        bars = feed.bars("EURUSD", since, until)
        assert [column.tolist() for column in bars] == [column.tolist() for column in ticks]
        assert all(column.dtype == np.int64 for column in bars)
    assert len(feed.bars("USDJPY", 0, EVER).time) == 0


def test_what_is_handed_out_cannot_be_written_to(tmp_path: Path) -> None:
    quotes = feed_of(tmp_path, TICK_FILES["seconds"]).columns("EURUSD", 0, EVER)
    with pytest.raises(ValueError, match="read-only"):
        quotes.bid[0] = 1


# --- prices -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("1.08755", 108755),
        ("1.087555", 108756),
        ("1.0875549999999999999", 108755),
        ("1.08755" + "4" + "9" * 60, 108755),
        ("1.0875500", 108755),
        ("1", 100000),
        ("1.", 100000),
        (" 1.1 ", 110000),
        ("+1.1", 110000),
        (".5", 50000),
        ("1e-05", 1),
        ("0.000005", 1),
        ("10875.5E-4", 108755),
    ],
)
def test_prices_are_read_exactly(tmp_path: Path, text: str, points: int) -> None:
    feed = feed_of(tmp_path, f"time,bid,ask\n1492592400,{text},{text}\n")
    assert quotes_of(feed) == [(0, points, points)]


def test_no_price_is_off_by_a_binary_fraction(tmp_path: Path) -> None:
    prices = range(100_001, 110_001)
    text = "time,bid,ask\n" + "".join(f"1492592400,{p // 10**5}.{p % 10**5:05},1.2\n" for p in prices)
    assert [bid for _, bid, _ in quotes_of(feed_of(tmp_path, text))] == list(prices)


# --- symbols ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("EURUSD.csv", "EURUSD"),
        ("EURUSD_H1.csv", "EURUSD"),
        ("EURUSD-2017-04.csv", "EURUSD"),
        ("EURUSD60.csv", "EURUSD"),
        ("eurusd m1.TXT", "EURUSD"),
        ("EURUSD_Ticks_01.02.2017-02.02.2017.csv", "EURUSD"),
        ("US30_M5.csv", "US30"),
        ("US500.csv", "US500"),
    ],
)
def test_the_files_name_tells_the_symbol(tmp_path: Path, name: str, symbol: str) -> None:
    assert feed_of(tmp_path, TICK_FILES["seconds"], name).symbols == (symbol,)


def test_the_argument_tells_the_symbol(tmp_path: Path) -> None:
    feed = feed_of(tmp_path, TICK_FILES["seconds"], symbol="GBPUSD")
    assert feed.symbols == ("GBPUSD",)


def test_a_column_tells_the_symbol(tmp_path: Path) -> None:
    feed = feed_of(
        tmp_path,
        "symbol,time,bid,ask\nUSDJPY,1492592401,108.5,108.51\nEURUSD,1492592400,1.07,1.08\n"
        "USDJPY,1492592402,108.502,108.512\n",
        "prices.csv",
    )
    assert feed.symbols == ("USDJPY", "EURUSD")
    assert quotes_of(feed, "USDJPY") == [(1_000, 108500, 108510), (2_000, 108502, 108512)]
    assert (feed.start, feed.end) == (NINE, NINE + 2_000)
    assert list(feed.quotes(NINE, NINE + 1_500)) == ["USDJPY"]


# --- failures ---------------------------------------------------------------------------------------------

TICK = "time,bid,ask\n"
CANDLE = "time,open,high,low,close\n"
NOT_A_TIME = (
    "; it must be like 2017-04-19 09:00:00, 2017.04.19 09:00, 19.04.2017 09:00:00.000 or seconds or "
    "milliseconds since 1970"
)
NO_HEADER = (
    ", line 1: no header is understood; the first line must name a time and either bid and ask or open, high, "
    "low and close"
)
FAILURES = [
    ("", ": the file is empty; it must have a header and at least one line of prices"),
    ("\n \n", ": the file is empty; it must have a header and at least one line of prices"),
    (TICK, ": the file has no prices; it must have at least one line of them"),
    ("hello\n", NO_HEADER),
    ("1492592400,1.1,1.2\n", NO_HEADER),
    ("time,price\n1,2\n", NO_HEADER),
    ("time,bid\n", ", line 1: the header has no column ask; it must name bid and ask"),
    ("time,open,close\n", ", line 1: the header has no column high or low; it must name open, high, low and close"),
    ("bid,ask\n", ", line 1: the header has no column of times; name it time, date, datetime or timestamp"),
    (TICK + "1492592400,1.1\n", ", line 2: there are 2 cells; there must be at least 3"),
    (TICK + "\n1492592400,x,1.1\n", ', line 3: bid is "x"; it must be a number such as 1.08755'),
    (TICK + "1492592400,1.1,\n", ', line 2: ask is ""; it must be a number such as 1.08755'),
    (TICK + "1492592400,1_0,1.1\n", ', line 2: bid is "1_0"; it must be a number such as 1.08755'),
    (TICK + "1492592400,nan,1.1\n", ', line 2: bid is "nan"; it must be a number such as 1.08755'),
    (TICK + "1492592400,0,1.1\n", ", line 2: bid is 0; it must be above 0 when rounded to 5 digits"),
    (TICK + "1492592400,-1.1,1.1\n", ", line 2: bid is -1.1; it must be above 0 when rounded to 5 digits"),
    (TICK + "1492592400,0.000004,1.1\n", ", line 2: bid is 0.000004; it must be above 0 when rounded to 5 digits"),
    (TICK + "1492592400,1e15,1.1\n", ", line 2: bid is 1e15; it must be at most 1000000000000000 points"),
    (TICK + "1492592400,1e999,1.1\n", ", line 2: bid is 1e999; it must be at most 1000000000000000 points"),
    (TICK + "1492592400," + "9" * 40 + ",1.1\n", f", line 2: bid is {'9' * 40}; it must be at most 1000000000000000 points"),
    (TICK + "1492592400,1.1,1.09999\n", ", line 2: ask 1.09999 is below bid 1.10000; it must not be"),
    (TICK + "yesterday,1.1,1.1\n", f', line 2: "yesterday" is not a time{NOT_A_TIME}'),
    (TICK + "2017-02-29 09:00,1.1,1.1\n", f', line 2: "2017-02-29 09:00" is not a time{NOT_A_TIME}'),
    (TICK + "2017-02-28 24:00,1.1,1.1\n", f', line 2: "2017-02-28 24:00" is not a time{NOT_A_TIME}'),
    (TICK + ",1.1,1.1\n", f', line 2: "" is not a time{NOT_A_TIME}'),
    (
        TICK + "2017-04-19 09:00,1.1,1.1\n2017-04-19 08:59:59.5,1.1,1.1\n",
        ", line 3: 2017-04-19 08:59:59.500 is before 2017-04-19 09:00:00; times must not go backwards, so sort "
        "the file with the oldest first",
    ),
    (
        CANDLE + "2017-04-19 09:00,1,1,1,1\n2017-04-19 09:00,1,1,1,1\n",
        ", line 3: 2017-04-19 09:00:00 is not after 2017-04-19 09:00:00; times must not go backwards, so sort "
        "the file with the oldest first",
    ),
    (CANDLE + "1492592400,1,1,1.1,1\n", ", line 2: high 1.00000 is below low 1.10000; it must not be"),
    (CANDLE + "1492592400,2,1.2,1.1,1.1\n", ", line 2: open 2.00000 is outside low 1.10000 to high 1.20000; it must be within"),
    (CANDLE + "1492592400,1.1,1.2,1.1,1\n", ", line 2: close 1.00000 is outside low 1.10000 to high 1.20000; it must be within"),
    ("time,open,high,low,close,spread\n1492592400,1,1,1,1,1.5\n", ', line 2: spread is "1.5"; it must be a whole number of points'),
    ("symbol,time,bid,ask\nEURUSX,1492592400,1,1\n", ', line 2: there is no symbol "EURUSX"; it must be one of the catalogue, such as EURUSD'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FAILURES)
def test_every_failure_is_one_clear_sentence(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(ReplayError) as failure:
        feed_of(tmp_path, text)
    assert str(failure.value) == f"{tmp_path}/EURUSD.csv{expected}"


@pytest.mark.parametrize("name", ["prices.csv", "EUR.csv", "EURUSDX.csv", ".csv"])
def test_a_symbol_that_nothing_tells(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReplayError) as failure:
        feed_of(tmp_path, TICK_FILES["seconds"], name)
    assert str(failure.value) == (
        f"{tmp_path}/{name}: neither a column nor the file's name says whose prices these are; name the symbol, "
        "or rename the file to begin with it, such as EURUSD_H1.csv"
    )


def test_options_that_are_wrong(tmp_path: Path) -> None:
    with pytest.raises(ReplayError) as failure:
        feed_of(tmp_path, TICK_FILES["seconds"], symbol="EURUSX")
    assert str(failure.value) == (
        f"{tmp_path}/EURUSD.csv: there is no symbol EURUSX; name one of the catalogue, such as EURUSD"
    )
    with pytest.raises(ReplayError) as failure:
        feed_of(tmp_path, TICK_FILES["seconds"], spread=-1)
    assert str(failure.value) == f"{tmp_path}/EURUSD.csv: the spread is -1; it must be 0 or more points"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    packed = gzip.compress((TICK + "1492592400,1,1\n" * 5_000).encode())
    for name, content, expected in (
        (
            "EURUSD1.csv",
            None,
            "the file cannot be read (No such file or directory); name a readable CSV file",
        ),
        (
            "EURUSD2.csv",
            b"time,bid,ask\n\xff\xfe\xfa",
            "the file is not text in UTF-8; export it as CSV in UTF-8",
        ),
        (
            "EURUSD3.csv.gz",
            TICK.encode(),
            "the file is not a complete gzip file; compress it again, or rename it if it is plain",
        ),
        (
            "EURUSD4.csv.gz",
            packed[:-20],
            "the file is not a complete gzip file; compress it again, or rename it if it is plain",
        ),
    ):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(ReplayError) as failure:
            ReplayFeed(path, INSTRUMENTS)
        assert str(failure.value) == f"{path}: {expected}"


def test_a_line_that_is_not_cells(tmp_path: Path) -> None:
    with pytest.raises(ReplayError) as failure:
        feed_of(tmp_path, TICK + '1492592400,"' + "1" * 200_000)
    assert str(failure.value).startswith(f"{tmp_path}/EURUSD.csv, line 2: field larger than field limit")
