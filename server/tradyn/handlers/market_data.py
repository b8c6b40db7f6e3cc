"""Tag Market Data."""

from __future__ import annotations

from typing import Any

from tradyn import wire
from tradyn.broker.instruments import Instrument
from tradyn.candles import Timeframe
from tradyn.desk import Desk
from tradyn.errors import ApiError
from tradyn.views import Views

__all__ = ["get_candles", "get_quote", "get_symbol", "list_symbols"]

Json = dict[str, Any]


async def list_symbols(desk: Desk) -> Json:
    """Every symbol of the catalogue."""
    return wire.ok([wire.symbol_json(each) for each in desk.broker.market.instruments.values()])


async def get_symbol(desk: Desk, symbol: str) -> Json:
    """One symbol's specification."""
    return wire.ok(wire.symbol_json(_instrument(desk, symbol)))


async def get_quote(desk: Desk, symbol: str) -> Json:
    """The latest quote."""
    instrument = _instrument(desk, symbol)
    quote = desk.broker.market.quotes.get(symbol)
    if quote is None:
        raise ApiError("NO_QUOTES", f"There is no quote for {symbol} yet")
    return wire.ok(wire.quote_json(instrument, quote))


async def get_candles(
    desk: Desk,
    views: Views,
    symbol: str,
    timeframe: str,
    count: int,
    from_: str | None = None,
    to: str | None = None,
) -> Json:
    """Candles of one timeframe; the last one may still be forming."""
    _instrument(desk, symbol)
    return await views.candles(
        symbol, Timeframe(timeframe), count, wire.optional_read_time(from_), wire.optional_read_time(to)
    )


def _instrument(desk: Desk, symbol: str) -> Instrument:
    """The symbol that a path names; 404 if there is none."""
    instrument = desk.broker.market.instruments.get(symbol)
    if instrument is None:
        raise ApiError("NOT_FOUND", f"There is no symbol {symbol}")
    return instrument
