"""The market driver: takes the market from quote to quote to where the clock says it should be.

Quotes come from the feed, which is a function of time, or are pushed by a client. However large
the step, every quote that something waits for is handled one by one in time order; a
stretch in which nothing can fire is passed over in one look at each trigger book.

What a restart needs is kept in two marks: `played`, up to where every quote has been
handled, and `reserved`, a time that nobody has seen yet. After a crash the market is played
on from the one to the other, so that time never goes backwards and no quote is missed.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

from tradyn import wire
from tradyn.broker.checks import check_session
from tradyn.broker.market import Quote
from tradyn.candles import Timeframe, aggregate, back, empty_bars, following, opening, overlay
from tradyn.clock import ClockMode, ClockSet, MarketClock
from tradyn.desk import Desk, Recheck
from tradyn.errors import ApiError
from tradyn.ports import Bar, Bars, Feed, Quotes

__all__ = ["PLAYED", "RESERVED", "MarketDriver"]

PLAYED, RESERVED = "clock.played", "clock.reserved"

_STEP_SECONDS = 0.05
_SHOWN_AT_ONCE = 100
_RESERVE_MS = 5_000
_STRETCH_MS = 3_600_000
_SHORT_MS = 1_000
_MINUTE_MS = 60_000
_DAY_MS = 86_400_000
# Longer stretches of bars are gathered beside the event loop.
_LONG_MS = 2 * _DAY_MS
MAX_ADVANCE_MS = 7 * _DAY_MS
MAX_JUMP_MS = 366 * _DAY_MS
_LONGEST_MS = {
    Timeframe.M1: _MINUTE_MS,
    Timeframe.M5: 5 * _MINUTE_MS,
    Timeframe.M15: 15 * _MINUTE_MS,
    Timeframe.M30: 30 * _MINUTE_MS,
    Timeframe.H1: 60 * _MINUTE_MS,
    Timeframe.H4: 240 * _MINUTE_MS,
    Timeframe.D1: _DAY_MS,
    Timeframe.W1: 7 * _DAY_MS,
    Timeframe.MN1: 31 * _DAY_MS,
}


class MarketDriver:
    """The market at work: its feed, its clock, and the desk that every quote goes to.

    Attributes:
        pushed_version: how often bars of pushed quotes were saved; while it and the last quote of a symbol
            stand, so do the symbol's candles.
    """

    def __init__(self, desk: Desk, feed: Feed, clock: MarketClock, *, reserved: int) -> None:
        self.desk = desk
        self.feed = feed
        self.clock = clock
        self.pushed_version = 0
        self._reserved = reserved
        self._moving = asyncio.Lock()
        self._pushed: dict[tuple[str, int], Bar] = {}

    # ------------------------------------------------------------------ passing of time

    async def run(self) -> None:
        """Follow the clock for ever."""
        while True:
            await asyncio.sleep(_STEP_SECONDS)
            async with self._moving:
                await self._follow(self.clock.target())

    async def _follow(self, target: int) -> None:
        if self.feed.end is not None:
            target = min(target, max(self.feed.end, self.desk.now))
            if self.desk.now >= self.feed.end:
                self.desk.stand_still()
        if target <= self.desk.now:
            return
        if target > self._reserved:
            await self._reserve(target + int(_RESERVE_MS * max(self.clock.rate, Decimal(1))))
        await self.play(target)

    async def play(self, until: int, *, ends_with_arrivals: bool = True) -> None:
        """Handle every quote of the feed up to `until`, giving way to requests in between.

        Args:
            ends_with_arrivals: False if there is more to come at `until` that requests shall see.
        """
        while self.desk.now < until:
            # A request that is on its way is carried out when it arrives, not at the end of the stretch.
            due = self.desk.next_arrival() or until
            step = min(until, self.desk.now + _STRETCH_MS, due)
            self._play_stretch(self.desk.now, step)
            if step < until or ends_with_arrivals:
                await self.desk.let_arrive()
            if step < until:
                await asyncio.sleep(0)

    def _play_stretch(self, after: int, until: int) -> None:
        """Pass over the stretch if nothing can fire in it; else halve it, down to single quotes."""
        if until - after > _SHORT_MS and self._is_quiet(after, until):
            self.desk.take_time(until)
            self._take_last_quotes()
        elif until - after <= _MINUTE_MS:
            block = self.feed.quotes(after, until)
            quotes = [_each(symbol, columns) for symbol, columns in block.items()]
            for quote in heapq.merge(*quotes, key=_time):
                self.desk.take_quote(quote)
            self.desk.take_time(until)
        else:
            middle = (after + until) // 2
            self._play_stretch(after, middle)
            self._play_stretch(middle, until)

    def _is_quiet(self, after: int, until: int) -> bool:
        """Whether no quote in `after < time <= until` fires anything; only watched symbols can."""
        broker = self.desk.broker
        due = broker.next_due()
        if due is not None and due <= until:
            return False
        for symbol in broker.watched():
            _, bid, ask = self.feed.columns(symbol, after, until)
            if len(bid) and not broker.is_quiet(
                symbol, int(bid.min()), int(bid.max()), int(ask.min()), int(ask.max())
            ):
                return False
        return True

    # ------------------------------------------------------------------ steering

    @contextlib.asynccontextmanager
    async def _turn(self, recheck: Recheck | None) -> AsyncIterator[None]:
        """The turn of one request to move the market, if it still may when its turn comes."""
        async with self._moving:
            if recheck is not None:
                recheck()
            yield

    async def advance(self, until: int | None, by: int = 0, *, recheck: Recheck | None = None) -> None:
        """Play on to `until`, or by `by` milliseconds, at once; the clock goes on from there."""
        async with self._turn(recheck):
            # Others may have moved the market while this waited for its turn.
            target = self.desk.now + by if until is None else until
            self._check_forward(target, MAX_ADVANCE_MS, "advance takes at most 7 days a call")
            await self._reserve(target)
            await self.play(target)
            await self._arrive()

    async def set_clock(
        self,
        mode: ClockMode | None = None,
        speed: Decimal | None = None,
        now: int | None = None,
        *,
        recheck: Recheck | None = None,
    ) -> None:
        """Change how time passes (None: as it is), and jump to `now` without the quotes in between."""
        async with self._turn(recheck):
            mode, speed = mode or self.clock.mode, speed or self.clock.speed
            if now is not None:
                self._check_forward(now, MAX_JUMP_MS, "now can be set at most 366 days ahead")
            if (mode, speed) != (self.clock.mode, self.clock.speed):
                await self.desk.record(ClockSet(mode=mode, speed=speed))
            if now is not None:
                # Both marks: what lies between is not to be played, not even after a crash. They are in one
                # batch with what the jump does, so that a crash leaves all of it or nothing.
                self._reserved = now
                self.desk.take_time(now, {PLAYED: str(now), RESERVED: str(now)})
                self._take_last_quotes(is_shown=False)
                await self.desk.save()
                for quote in self.desk.broker.market.quotes.values():
                    self.desk.show(quote)
            self.clock.run(self.desk.now, mode, speed)
            await self._arrive()

    async def push(
        self, quotes: Sequence[tuple[str, int, int, int | None]], *, recheck: Recheck | None = None
    ) -> None:
        """Take quotes from a client: symbol, bid, ask (points) and time (None: the present).

        All are checked before the first is taken. With a manual clock the market is played on
        to each time.
        """
        async with self._turn(recheck):
            timed = self._check_pushed(quotes)
            touched: dict[tuple[str, int], Bar] = {}
            last: dict[str, Quote] = {}
            unseen: list[Quote] = []
            for quote in timed:
                gives_way = self._gives_way(quote.time)
                if gives_way:
                    # Others may see and trade on what was taken so far: it is kept before they can.
                    self._reserved = max(self._reserved, quote.time)
                    await self._save_pushed(last, touched)
                    touched.clear()
                await self.play(quote.time, ends_with_arrivals=False)
                self.desk.take_quote(quote, is_kept=False)
                unseen.append(quote)
                last[quote.symbol] = quote
                bar = await self._pushed_bar(quote)
                touched[bar.symbol, bar.time] = bar
                if gives_way:
                    await self._save_pushed(last, touched)
                    touched.clear()
                    await self.desk.let_arrive()
            self.desk.take_time(self.desk.now)
            self.clock.move(self.desk.now)
            await self._save_pushed(last, touched)
            for index, quote in enumerate(unseen):
                self.desk.show(quote)
                if index % _SHOWN_AT_ONCE == _SHOWN_AT_ONCE - 1:
                    await asyncio.sleep(0)  # There may be many to hear of many.

    async def _save_pushed(self, last: Mapping[str, Quote], touched: Mapping[tuple[str, int], Bar]) -> None:
        # The bar of the present minute goes on changing: the journal gets copies.
        bars = [replace(each) for each in touched.values()]
        await self.desk.save(marks=self._marks(), quotes=list(last.values()), bars=bars)
        self.pushed_version += 1

    def _gives_way(self, until: int) -> bool:
        """Whether playing on to `until` lets requests in between."""
        due = self.desk.next_arrival()
        return until - self.desk.now > _STRETCH_MS or (due is not None and due <= until)

    def _check_pushed(self, quotes: Sequence[tuple[str, int, int, int | None]]) -> list[Quote]:
        now = self.desk.now
        manual = self.clock.mode is ClockMode.MANUAL
        timed = []
        for index, (symbol, bid, ask, time) in enumerate(quotes):
            at = f"quotes[{index}]"
            instrument = self.desk.broker.market.instruments.get(symbol)
            if instrument is None:
                raise ApiError("UNKNOWN_SYMBOL", f"{at}: there is no symbol {symbol}")
            if not 0 < bid <= ask:
                shown = f"bid {instrument.price(bid)}, ask {instrument.price(ask)}"
                raise ApiError("INVALID_PRICE", f"{at}: bid must be above 0 and not above ask, not {shown}")
            if time is None:
                time = now
            elif time < now:
                raise ApiError(
                    "INVALID_TIME",
                    f"{at}: time {wire.time_json(time)} is earlier than the market's, {wire.time_json(now)}, "
                    "which never goes back",
                )
            elif time > now and not manual:
                raise ApiError(
                    "INVALID_TIME",
                    f"{at}: time lies in the future, and the clock is {self.clock.mode}; leave time out, "
                    "or set the clock to manual",
                )
            elif time > now + MAX_ADVANCE_MS:
                raise ApiError("INVALID_TIME", f"{at}: time is more than 7 days after the quote before it")
            # Out of session quotes stand still, whoever has them.
            if (closed := check_session(instrument, time)) is not None:
                raise ApiError(closed.code, f"{at}: {closed.message}")
            now = time
            timed.append(Quote(symbol, bid, ask, time))
        return timed

    def _check_forward(self, until: int, most: int, sentence: str) -> None:
        if until < self.desk.now:
            raise ApiError(
                "INVALID_TIME",
                f"Market time never goes backwards: it is {wire.time_json(self.desk.now)}, and "
                f"{wire.time_json(until)} is earlier",
            )
        if until > self.desk.now + most:
            raise ApiError("INVALID_TIME", sentence[0].upper() + sentence[1:])

    async def _arrive(self) -> None:
        """The market stands exactly here: nobody has seen a later time, so none is kept in reserve."""
        self.clock.move(self.desk.now)
        self._reserved = self.desk.now
        await self.desk.save(marks=self._marks())

    async def save(self) -> None:
        """Keep where the market stands, exactly: for a clean end."""
        async with self._moving:
            await self._arrive()

    async def _reserve(self, until: int) -> None:
        """Keep a time in reserve before anybody can see it."""
        if until > self._reserved:
            self._reserved = until
            await self.desk.save(marks=self._marks())

    def _marks(self) -> dict[str, str]:
        return {PLAYED: str(self.desk.now), RESERVED: str(max(self.desk.now, self._reserved))}

    def take_last_quotes(self, saved: Sequence[Quote]) -> None:
        """At start: the latest quote of each symbol, from the feed or (if later) as it was pushed."""
        self._take_last_quotes()
        latest = self.desk.broker.market.quotes
        for quote in saved:
            known = latest.get(quote.symbol)
            if quote.symbol in self.desk.broker.market.instruments and (
                known is None or known.time <= quote.time
            ):
                latest[quote.symbol] = quote

    def _take_last_quotes(self, *, is_shown: bool = True) -> None:
        for symbol in self.desk.broker.market.instruments:
            quote = self.feed.last(symbol, self.desk.now)
            known = self.desk.broker.market.quotes.get(symbol)
            # A quote that was pushed stands until the feed has a later one.
            if quote is not None and (known is None or known.time < quote.time):
                self.desk.broker.market.quotes[symbol] = quote
                if is_shown:
                    self.desk.show(quote)

    async def quotes_at(self, symbols: Collection[str], time: int) -> dict[str, Quote]:
        """The latest quote of each symbol at a market time not after the present.

        A symbol that had none by then is absent. Pushed quotes are kept as bars of a minute: inside
        a minute in which more were to come, it is the minute's first bid, with the spread of its last.
        """
        found = {}
        for symbol in symbols:
            pushed = await self._pushed_at(symbol, time)
            quote = self.feed.last(symbol, time)
            # As in the present: a quote that was pushed stands until the feed has a later one.
            if pushed is not None and (quote is None or quote.time <= pushed.time):
                quote = pushed
            if quote is not None:
                found[symbol] = quote
        return found

    async def _pushed_at(self, symbol: str, time: int) -> Quote | None:
        bar = await self.desk.journal.last_bar(symbol, time)
        if bar is not None and bar.first_time > time:
            bar = await self.desk.journal.last_bar(symbol, bar.time - 1)
        if bar is None:
            return None
        if bar.last_time <= time:
            return Quote(symbol, bar.close, bar.close + bar.spread, bar.last_time)
        return Quote(symbol, bar.open, bar.open + bar.spread, bar.first_time)

    # ------------------------------------------------------------------ candles

    async def candles(
        self, symbol: str, timeframe: Timeframe, count: int, since: int | None, until: int | None
    ) -> Bars:
        """The first `count` candles from `since`, or without it the last `count` before `until`.

        A candle belongs to the answer if its opening time is in `since <= time < until`.
        """
        end = self.desk.now + 1 if until is None else min(until, self.desk.now + 1)
        span, bars = count, empty_bars()
        if since is not None:
            start = opening(since, timeframe)
            if start < since:
                start = following(since, timeframe)
            reach = start
            while len(bars.time) < count and reach < end:
                reach = min(start + span * _LONGEST_MS[timeframe], end)
                bars = await self._gather(symbol, timeframe, start, reach)
                span *= 4
            return _slice(bars, 0, count)
        start, previous = end, -1
        while len(bars.time) < count:
            if len(bars.time) == previous:
                # Nothing more so near: over a weekend or a longer gap to whatever was before it.
                earlier = await self._last_before(symbol, start)
                if earlier is None:
                    break
                start = earlier + 1
            previous = len(bars.time)
            start = back(start - 1, timeframe, span)
            bars = await self._gather(symbol, timeframe, start, end)
            span *= 4
        return _slice(bars, max(len(bars.time) - count, 0), len(bars.time))

    async def _last_before(self, symbol: str, time: int) -> int | None:
        """When there was a quote before `time`, of the feed or pushed, to the minute."""
        quote = self.feed.last(symbol, time - 1)
        pushed = await self.desk.journal.bars(symbol, 0, time)
        times = [bar.time for bar in pushed[-1:]]
        if quote is not None:
            times.append(quote.time)
        return max(times, default=None)

    async def _gather(self, symbol: str, timeframe: Timeframe, start: int, end: int) -> Bars:
        """Candles that open in `start <= time < end`, the last one whole as far as it has formed."""
        if start >= end:
            return empty_bars()
        last = min(following(end - 1, timeframe), self.desk.now + 1)
        if last - start > _LONG_MS:
            minutes = await asyncio.to_thread(self.feed.bars, symbol, start, last)
        else:
            minutes = self.feed.bars(symbol, start, last)
        pushed = await self.desk.journal.bars(symbol, start, last)
        if pushed:
            minutes = overlay(minutes, pushed, partial(self.feed.columns, symbol))
        return aggregate(minutes, timeframe)

    async def _pushed_bar(self, quote: Quote) -> Bar:
        """The bar of pushed quotes for this minute, with `quote` in it."""
        minute = quote.time - quote.time % _MINUTE_MS
        key = (quote.symbol, minute)
        bar = self._pushed.get(key)
        if bar is None:
            saved = await self.desk.journal.bars(quote.symbol, minute, minute + 1)
            bar = saved[0] if saved else _new_bar(quote, minute)
            # Only the present minute of a symbol can still change.
            self._pushed = {each: kept for each, kept in self._pushed.items() if each[0] != quote.symbol}
            self._pushed[key] = bar
            if not saved:
                return bar
        bar.last_time = quote.time
        bar.high, bar.low = max(bar.high, quote.bid), min(bar.low, quote.bid)
        bar.close, bar.spread = quote.bid, quote.ask - quote.bid
        bar.tick_volume += 1
        return bar


def _new_bar(quote: Quote, minute: int) -> Bar:
    return Bar(
        symbol=quote.symbol,
        time=minute,
        first_time=quote.time,
        last_time=quote.time,
        open=quote.bid,
        high=quote.bid,
        low=quote.bid,
        close=quote.bid,
        tick_volume=1,
        spread=quote.ask - quote.bid,
    )


def _each(symbol: str, columns: Quotes) -> Iterator[Quote]:
    for time, bid, ask in zip(columns.time.tolist(), columns.bid.tolist(), columns.ask.tolist(), strict=True):
        yield Quote(symbol, bid, ask, time)


def _time(quote: Quote) -> int:
    return quote.time


def _slice(bars: Bars, first: int, last: int) -> Bars:
    return Bars(*(column[first:last] for column in bars))
