"""A feed in session: what any other feed has while its symbols trade, and nothing in between.

Always holds: a quote is in this feed if and only if it is in the one below and its symbol is in session
at its time (`broker.calendar`). A session begins and ends with a minute, so a bar is in it or not as a whole,
and bars agree with quotes. Below the market goes on, so an opening gaps as a real one does.

Symbols that are always open are passed through as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tradyn.broker.calendar import DAY_MS, is_open, last_open, sessions_of
from tradyn.broker.instruments import Instrument
from tradyn.broker.market import Quote
from tradyn.candles import MINUTE
from tradyn.ports import Bars, Feed, Quotes

__all__ = ["SessionFeed"]

Column = NDArray[np.int64]

# Openings and closings are made and kept for so many days together.
_BLOCK_DAYS: Final = 16
_BLOCK_MS: Final = _BLOCK_DAYS * DAY_MS
_CACHED_BLOCKS: Final = 8_192


class SessionFeed:
    """A `Feed` that has the quotes of another one in session."""

    def __init__(self, feed: Feed, instruments: Mapping[str, Instrument]) -> None:
        """Wrap a feed.

        Args:
            feed: where the quotes come from.
            instruments: the symbols, each with its sessions and holidays.
        """
        self._feed = feed
        self._closing = {symbol: each for symbol, each in instruments.items() if not each.always_open}
        self._block = lru_cache(maxsize=_CACHED_BLOCKS)(self._make_block)

    @property
    def start(self) -> int | None:
        """As of the feed below, in session or not."""
        return self._feed.start

    @property
    def end(self) -> int | None:
        """As of the feed below, in session or not."""
        return self._feed.end

    def quotes(self, after: int, until: int) -> Mapping[str, Quotes]:
        """Every quote with `after < time <= until`, by symbol; symbols without one are absent."""
        found = self._feed.quotes(after, until)
        if not self._closing:
            return found
        kept = ((symbol, self._in_session(symbol, quotes)) for symbol, quotes in found.items())
        return {symbol: quotes for symbol, quotes in kept if len(quotes.time)}

    def columns(self, symbol: str, after: int, until: int) -> Quotes:
        """The quotes of one symbol with `after < time <= until`."""
        # Over a weekend nothing need be made only to be thrown away.
        if (
            symbol in self._closing
            and 0 < until - after <= _BLOCK_MS
            and self._is_closed(symbol, after, until)
        ):
            return Quotes(*(np.empty(0, np.int64) for _ in Quotes._fields))
        return self._in_session(symbol, self._feed.columns(symbol, after, until))

    def last(self, symbol: str, at: int) -> Quote | None:
        """The latest quote of `symbol` with `time <= at`."""
        instrument = self._closing.get(symbol)
        if instrument is None:
            return self._feed.last(symbol, at)
        while (moment := last_open(instrument, at)) is not None:
            quote = self._feed.last(symbol, moment)
            if quote is None or is_open(instrument, quote.time):
                return quote
            # The session had none, and what came before it was out of session.
            at = quote.time
        return None

    def bars(self, symbol: str, since: int, until: int) -> Bars:
        """One-minute bars of the quotes with `since <= time < until`; the last may be partial.

        `since` must be the beginning of a minute.
        """
        bars = self._feed.bars(symbol, since, until)
        kept = self._kept(symbol, bars.time)
        return bars if kept is None else Bars(*(column[kept] for column in bars))

    # --- sessions -----------------------------------------------------------------------------------------

    def _in_session(self, symbol: str, quotes: Quotes) -> Quotes:
        kept = self._kept(symbol, quotes.time)
        return quotes if kept is None else Quotes(*(column[kept] for column in quotes))

    def _kept(self, symbol: str, times: Column) -> NDArray[np.bool_] | None:
        """Which of the times, in their order, are in session; None where all are."""
        if symbol not in self._closing or not len(times):
            return None
        edges = self._edges(symbol, int(times[0]), int(times[-1]))
        # Openings and closings take turns: in session an odd number of them is past.
        first, last = np.searchsorted(edges, (times[0], times[-1]), "right")
        if first == last:
            return None if first % 2 else np.zeros(len(times), np.bool_)
        kept: NDArray[np.bool_] = np.searchsorted(edges, times, "right") % 2 == 1
        return kept

    def _is_closed(self, symbol: str, after: int, until: int) -> bool:
        """Whether nothing of `after < time <= until` is in session."""
        edges = self._edges(symbol, after + 1, until)
        first, last = np.searchsorted(edges, (after + 1, until), "right")
        return bool(first == last and first % 2 == 0)

    def _edges(self, symbol: str, first: int, last: int) -> Column:
        """Opening, closing, opening, closing … around `first <= time <= last`, in milliseconds since 1970."""
        blocks = range(first // _BLOCK_MS, last // _BLOCK_MS + 1)
        if len(blocks) == 1:
            return self._block(symbol, blocks[0])
        return np.concatenate([self._block(symbol, each) for each in blocks])

    def _make_block(self, symbol: str, block: int) -> Column:
        instrument = self._closing[symbol]
        edges: list[int] = []
        for day in range(block * _BLOCK_DAYS, (block + 1) * _BLOCK_DAYS):
            for opened, closed in sessions_of(instrument, day):
                opening, closing = day * DAY_MS + opened * MINUTE, day * DAY_MS + closed * MINUTE
                if edges and opening <= edges[-1]:
                    edges[-1] = max(edges[-1], closing)
                else:
                    edges += (opening, closing)
        return np.array(edges, np.int64)
