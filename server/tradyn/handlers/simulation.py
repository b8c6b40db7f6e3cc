"""Tag Simulation: the market's clock, quotes and faults, for admin keys."""

from __future__ import annotations

from typing import Any

from tradyn import wire
from tradyn.broker.checks import to_points
from tradyn.clock import ClockMode, MarketClock
from tradyn.desk import Desk
from tradyn.errors import ApiError
from tradyn.faults import Faults, FaultsSet
from tradyn.market_driver import MarketDriver

__all__ = ["advance_clock", "get_clock", "get_faults", "push_quotes", "set_faults", "update_clock"]

Json = dict[str, Any]


async def get_clock(desk: Desk, clock: MarketClock) -> Json:
    """How the market's time passes."""
    return wire.ok(wire.clock_json(clock, desk.now))


async def update_clock(
    desk: Desk, clock: MarketClock, market: MarketDriver, token_info: Json, body: Json
) -> Json:
    """Change how the market's time passes."""
    await market.set_clock(
        ClockMode(body["mode"]) if "mode" in body else None,
        wire.decimal(body["speed"]) if "speed" in body else None,
        wire.optional_read_time(body.get("now")),
        recheck=token_info["recheck"],
    )
    return wire.ok(wire.clock_json(clock, desk.now))


async def advance_clock(
    desk: Desk, clock: MarketClock, market: MarketDriver, token_info: Json, body: Json
) -> Json:
    """Play the market on at once."""
    recheck = token_info["recheck"]
    if "to" in body:
        await market.advance(wire.read_time(body["to"]), recheck=recheck)
    else:
        await market.advance(None, by=int(wire.decimal(body["seconds"]) * 1000), recheck=recheck)
    return wire.ok(wire.clock_json(clock, desk.now))


async def push_quotes(desk: Desk, market: MarketDriver, token_info: Json, body: Json) -> Json:
    """Take quotes in order; triggers run after each."""
    instruments = desk.broker.market.instruments
    quotes = []
    for index, each in enumerate(body["quotes"]):
        instrument = instruments.get(each["symbol"])
        if instrument is None:
            raise ApiError("UNKNOWN_SYMBOL", f"quotes[{index}]: there is no symbol {each['symbol']}")
        bid = to_points(instrument, wire.decimal(each["bid"]))
        ask = to_points(instrument, wire.decimal(each["ask"]))
        quotes.append((instrument.symbol, bid, ask, wire.optional_read_time(each.get("time"))))
    await market.push(quotes, recheck=token_info["recheck"])
    return wire.ok({"accepted": len(quotes), "time": wire.time_json(desk.now)})


async def get_faults(faults: Faults) -> Json:
    """The faults in force."""
    return wire.ok(wire.faults_json(faults.settings))


async def set_faults(desk: Desk, faults: Faults, body: Json) -> Json:
    """Replace all faults."""
    settings = wire.read_faults(body)
    # In force at once, in the order of the journal, and answered only when durable.
    faults.set(settings)
    desk.wake_arrivals()
    await desk.record(FaultsSet(settings=settings))
    return wire.ok(wire.faults_json(settings))
