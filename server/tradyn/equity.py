"""The equity curve: balance and equity of an account at moments of market time.

State at a moment is the fold of the account's transactions up to it, as at a start; its open
positions are valued with the market's quotes of that moment. So the curve needs nothing
that was written down for it, and its last point, at the present, is the account as it stands.

A position is valued with the latest quote not after the moment that either the market knows or
one of the account's own transactions carries. Known limitations: a past quote that was pushed is
known to the minute (see `MarketDriver.quotes_at`). What the market can no longer convert to the
account's currency, because it runs on another feed now, is converted at the present quotes,
and counts with no profit if there are none.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tradyn.broker.accounts import Account, evolve
from tradyn.broker.instruments import Instrument
from tradyn.broker.market import Leg, Market, Quote
from tradyn.broker.positions import Position
from tradyn.broker.profit import account_figures, position_profit
from tradyn.broker.transactions import Transaction
from tradyn.ports import Journal

__all__ = ["EquityPoint", "Present", "QuotesAt", "equity_curve", "moments"]

QuotesAt = Callable[[Collection[str], int], Awaitable[Mapping[str, Quote]]]
"""The latest quotes of some symbols at a past market time; symbols without one are absent."""

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class EquityPoint:
    """An account at `time` (milliseconds since 1970), in minor units; `profit` is that of open positions."""

    time: int
    balance: int
    equity: int
    profit: int


@dataclass(frozen=True, slots=True)
class Present:
    """What the curve ends with: the market and the account's version at one moment.

    Attributes:
        now: market time in milliseconds since 1970.
        version: of the account's last transaction; what comes later is not looked at.
        quotes: the market's latest quotes, of which no later change may be seen.
    """

    now: int
    version: int
    quotes: Mapping[str, Quote]


def moments(since: int, until: int, count: int) -> list[int]:
    """At most `count` moments (2 or more) from `since` to `until`, both among them, at even distances."""
    if since > until:
        return []
    span = until - since
    return sorted({since + span * index // (count - 1) for index in range(count)})


async def equity_curve(
    journal: Journal,
    instruments: Mapping[str, Instrument],
    login: int,
    times: list[int],
    present: Present,
    quotes_at: QuotesAt,
) -> list[EquityPoint]:
    """The points of an account at `times`, ascending and none later than the present.

    Moments before the account was opened have no point. Others may work in between.
    """
    past = _Past(instruments, login, present, quotes_at)
    points = []
    history = _history(journal, login, present.version)
    following = await anext(history, None)
    for time in times:
        while following is not None and following.time <= time:
            past.take(following)
            following = await anext(history, None)
        if past.account.version:
            points.append(await past.point(time))
            # Quotes of long ago may have to be made anew.
            await asyncio.sleep(0)
    return points


async def _history(journal: Journal, login: int, version: int) -> AsyncIterator[Transaction]:
    """An account's transactions in order, up to `version`."""
    after = 0
    while after < version:
        for transaction in await journal.read(login, after, min(_PAGE, version - after)):
            after = transaction.version
            yield transaction
        await asyncio.sleep(0)


class _Past:
    """An account as it was, and how it was valued."""

    def __init__(
        self, instruments: Mapping[str, Instrument], login: int, present: Present, quotes_at: QuotesAt
    ) -> None:
        self.account = Account(login=login)
        self._market = Market(instruments)
        self._present = present
        self._quotes_at = quotes_at
        self._traded: dict[str, Quote] = {}

    def take(self, transaction: Transaction) -> None:
        """The next transaction."""
        evolve(self.account, transaction)
        quote: Any = getattr(transaction.event, "quote", None)
        if quote is not None:
            self._traded[quote.symbol] = quote

    async def point(self, time: int) -> EquityPoint:
        """The account as it stands, valued at `time`."""
        account = self.account
        held = [each for each in account.positions.values() if each.symbol in self._market.instruments]
        if held:
            await self._take_quotes(held, time)
        profit = sum(position_profit(self._market, account, each) for each in held if self._is_valued(each))
        swap = sum(each.swap for each in account.positions.values())
        figures = account_figures(account, profit, swap, 0)
        return EquityPoint(time, account.balance, figures.equity, profit)

    async def _take_quotes(self, held: list[Position], time: int) -> None:
        """The quotes of this moment, for the symbols held and all that convert their profit."""
        symbols = {each.symbol for each in held}
        for each in held:
            symbols.update(self._conversion(each))
        if time == self._present.now:
            quotes = dict(self._present.quotes)
        else:
            quotes = dict(await self._quotes_at(symbols, time))
            for symbol in symbols & self._traded.keys():
                known = quotes.get(symbol)
                if known is None or known.time < self._traded[symbol].time:
                    quotes[symbol] = self._traded[symbol]
        for symbol in symbols - quotes.keys():
            if symbol in self._present.quotes:
                quotes[symbol] = self._present.quotes[symbol]
        self._market.quotes = quotes

    def _conversion(self, position: Position) -> set[str]:
        """The symbols through which its profit becomes the account's currency."""
        return {each.symbol for each in self._path(position) or ()}

    def _is_valued(self, position: Position) -> bool:
        needed = {position.symbol, *self._conversion(position)}
        return self._path(position) is not None and needed <= self._market.quotes.keys()

    def _path(self, position: Position) -> tuple[Leg, ...] | None:
        instrument = self._market.instruments[position.symbol]
        return self._market.path(instrument.currency_profit, self.account.currency)
