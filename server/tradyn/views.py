"""What clients look at again and again, as whole answers, kept for as long as they are true.

Robots ask far more often than quotes come. What always holds: a view that is given again is the one that
would be made anew, because it is kept with what it was made of (the account's version, how often pushed bars
were saved, the quotes or how many there were) and given again only while those are the very same. What is
kept is bounded, and what was not asked for the longest goes first. Whoever is given a view must not change
it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from operator import is_
from typing import Any, Final

from tradyn import wire
from tradyn.broker.accounts import Account
from tradyn.broker.market import Quote
from tradyn.broker.positions import Position
from tradyn.candles import Timeframe
from tradyn.desk import Desk
from tradyn.lasting import Lasting
from tradyn.market_driver import MarketDriver

__all__ = ["Views", "position_view"]

_MOST_ROWS: Final = 20_000
"""Of positions that is some 25 MB, of candles some 12 MB."""

Json = dict[str, Any]


def position_view(desk: Desk, account: Account, position: Position) -> Json:
    """A position at the present quotes."""
    broker = desk.broker
    return wire.position_json(
        broker.market, account, position, broker.profit(account, position), broker.margin(account, position)
    )


class Views:
    """Accounts, their positions, and candles."""

    def __init__(self, desk: Desk, market: MarketDriver) -> None:
        self._desk = desk
        self._market = market
        self._accounts = _Kept(_MOST_ROWS)
        self._positions = _Kept(_MOST_ROWS)
        self._candles = _Kept(_MOST_ROWS)

    def account(self, account: Account) -> Lasting:
        """The account as it stands, in the envelope."""
        desk = self._desk
        # It has the time in it, and to tell which quotes it depends on would cost more than to make it.
        version = (account.version, desk.now, desk.quotes_taken)
        envelope = self._accounts.find(account.login, version, {})
        if envelope is None:
            envelope = Lasting(wire.ok(wire.account_json(account, desk.broker.figures(account), desk.now)))
            self._accounts.keep(account.login, _View(version, {}, envelope))
        return envelope

    def positions(self, account: Account) -> Lasting:
        """The open positions, by ticket, in the envelope."""
        quotes = self._desk.broker.market.quotes
        envelope = self._positions.find(account.login, account.version, quotes)
        if envelope is None:
            rows = [position_view(self._desk, account, each) for _, each in sorted(account.positions.items())]
            envelope = Lasting(wire.ok(rows))
            basis = _present(quotes, self._valued_by(account))
            self._positions.keep(account.login, _View(account.version, basis, envelope))
        return envelope

    def _valued_by(self, account: Account) -> set[str]:
        """The symbols whose quotes the positions are valued by."""
        market = self._desk.broker.market
        symbols = {each.symbol for each in account.positions.values()}
        for symbol in list(symbols):
            path = market.path(market.instruments[symbol].currency_profit, account.currency)
            symbols.update(leg.symbol for leg in path or ())
        return symbols

    async def candles(
        self, symbol: str, timeframe: Timeframe, count: int, since: int | None, until: int | None
    ) -> Lasting:
        """Candles of a symbol that there is, in the envelope; the arguments are `MarketDriver.candles`'."""
        broker_market = self._desk.broker.market
        # Taken before the candles are made: whatever changes meanwhile makes this view untrue.
        version = self._market.pushed_version
        key = (symbol, timeframe, count, since, until)
        envelope = self._candles.find(key, version, broker_market.quotes)
        if envelope is None:
            basis = _present(broker_market.quotes, {symbol})
            bars = await self._market.candles(symbol, timeframe, count, since, until)
            envelope = Lasting(wire.ok(wire.candles_json(broker_market.instruments[symbol], bars)))
            self._candles.keep(key, _View(version, basis, envelope))
        return envelope


_Basis = Mapping[str, Quote | None]


def _present(quotes: Mapping[str, Quote], symbols: set[str]) -> _Basis:
    return {symbol: quotes.get(symbol) for symbol in symbols}


@dataclass(frozen=True, slots=True)
class _View:
    """An envelope with rows, and what they were made of."""

    version: Hashable
    basis: _Basis
    envelope: Lasting


class _Kept:
    """The views that were asked for last, up to so many rows together."""

    def __init__(self, most_rows: int) -> None:
        self._most_rows = most_rows
        self._rows = 0
        self._views: OrderedDict[Hashable, _View] = OrderedDict()

    def find(self, key: Hashable, version: Hashable, quotes: Mapping[str, Quote]) -> Lasting | None:
        """The envelope of a view that is true."""
        view = self._views.get(key)
        if view is None or view.version != version:
            return None
        # The very same, not equal ones: a second quote like the first makes a candle of two.
        if not all(map(is_, map(quotes.get, view.basis), view.basis.values())):
            return None
        self._views.move_to_end(key)
        return view.envelope

    def keep(self, key: Hashable, view: _View) -> None:
        """Keep a view in place of what was kept of it."""
        former = self._views.pop(key, None)
        if former is not None:
            self._rows -= _size(former)
        self._views[key] = view
        self._rows += _size(view)
        while self._rows > self._most_rows:
            _, longest_unused = self._views.popitem(last=False)
            self._rows -= _size(longest_unused)


def _size(view: _View) -> int:
    # An empty one is not for nothing either.
    return len(view.envelope["data"]) + 1
