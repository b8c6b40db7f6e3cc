"""What is kept of answers is what would be made anew, and no more of it than there is room for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import numpy as np
import pytest

from in_process import START, Terminal, terminal
from tradyn import views as module
from tradyn import wire
from tradyn.candles import Timeframe
from tradyn.lasting import Lasting
from tradyn.ports import Bars
from tradyn.views import Views

PRICES = {
    "EURUSD": (1.1, 1.1001),
    "GBPUSD": (1.25, 1.2502),
    "USDJPY": (150.0, 150.02),
    "EURGBP": (0.88, 0.8801),
}


async def push_all(world: Terminal, shift: int = 0) -> None:
    for symbol, (bid, ask) in PRICES.items():
        await world.push(
            symbol, round(bid * (1 + shift / 1000), 3), round(ask * (1 + shift / 1000), 3) + 0.01
        )


async def anew(world: Terminal) -> list[Any]:
    """The positions as one by one, which are never kept."""
    rows = await world.ok("GET", "/api/positions")
    return [await world.ok("GET", f"/api/positions/{each['ticket']}") for each in rows]


async def test_an_account_is_given_again_until_something_changes_it() -> None:
    async with terminal() as world:
        await push_all(world)
        desk = world.server.desk
        kept = Views(desk, world.server.market)
        account = desk.account(world.server.credentials.login)

        async def changes(work: Awaitable[Any]) -> None:
            before = kept.account(account)
            assert kept.account(account) is before
            await work
            figures = desk.broker.figures(account)
            assert kept.account(account)["data"] == wire.account_json(account, figures, desk.now)
            assert kept.account(account) is not before

        await changes(world.buy(symbol="EURGBP"))
        now = desk.now
        await changes(world.push("EURGBP", 0.9, 0.9001))
        await changes(world.push("GBPUSD", 1.3, 1.3002))
        assert desk.now == now
        assert kept.account(account)["data"]["profit"] == 130.02  # 10,000 × (0.9 − 0.89) × 1.3002
        await changes(world.ok("POST", "/api/simulation/clock/advance", {"seconds": 1}))


async def test_positions_are_given_again_until_something_changes_them() -> None:
    async with terminal() as world:
        await push_all(world)
        desk = world.server.desk
        kept = Views(desk, world.server.market)
        account = desk.account(world.server.credentials.login)
        assert kept.positions(account)["data"] == []
        for symbol in PRICES:
            before = kept.positions(account)
            await world.buy(symbol=symbol)
            assert kept.positions(account) is not before
        before = kept.positions(account)
        assert kept.positions(account) is before
        # Of EURGBP the profit is in pounds, so the quote of GBPUSD counts even without a position in it.
        await world.ok("DELETE", f"/api/positions/{before['data'][1]['ticket']}")
        for symbol, (bid, ask) in PRICES.items():
            before = kept.positions(account)
            assert kept.positions(account) is before
            await world.push(symbol, bid, round(ask + 0.01, 5))
            assert kept.positions(account) is not before
            assert kept.positions(account)["data"] == await anew(world)
        before = kept.positions(account)
        await world.push("AUDUSD", 0.65, 0.6501)
        assert kept.positions(account) is before
        ticket = before["data"][0]["ticket"]
        await world.ok("PATCH", f"/api/positions/{ticket}", {"sl": 0.9})
        assert kept.positions(account)["data"][0]["sl"] == 0.9


async def test_every_list_of_positions_is_what_they_are_one_by_one() -> None:
    async with terminal() as world:
        await push_all(world)
        for symbol in (*PRICES, *PRICES):
            await world.buy(symbol=symbol)
        for shift in range(4):
            await push_all(world, shift)
            for _ in range(2):
                assert await world.ok("GET", "/api/positions") == await anew(world)
            some = await world.ok("GET", "/api/positions", symbol="EURGBP")
            assert [each["symbol"] for each in some] == ["EURGBP"] * 2


async def test_candles_count_a_quote_that_is_like_the_one_before() -> None:
    async with terminal() as world:
        for count in (1, 2, 3):
            await world.push("EURUSD", 1.1, 1.1001)
            for _ in range(2):
                (candle,) = await world.ok("GET", "/api/candles/EURUSD", timeframe="M1")
                assert candle["tick_volume"] == count
        (hour,) = await world.ok("GET", "/api/candles/EURUSD", timeframe="H1")
        assert hour["tick_volume"] == 3
        assert (
            await world.ok("GET", "/api/candles/EURUSD", timeframe="M1", to=wire.time_json(START - 1)) == []
        )


async def test_candles_that_were_made_before_a_bar_was_saved_are_made_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with terminal() as world:
        await world.push("EURUSD", 1.1, 1.1001)
        desk, seen = world.server.desk, []
        save = desk.save

        async def save_late(**what: Any) -> None:
            # The quote is there already, and its bar not yet.
            seen.extend(await world.ok("GET", "/api/candles/EURUSD", timeframe="M1"))
            await save(**what)

        with monkeypatch.context() as changed:
            changed.setattr(desk, "save", save_late)
            await world.push("EURUSD", 1.2, 1.2001)
        assert [each["close"] for each in seen] == [1.1]
        (candle,) = await world.ok("GET", "/api/candles/EURUSD", timeframe="M1")
        assert (candle["close"], candle["tick_volume"]) == (1.2, 2)


async def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_ROWS", 25)
    async with terminal(feed="synthetic") as world:
        kept = Views(world.server.desk, world.server.market)

        async def candles(count: int) -> Lasting:
            return await kept.candles("EURUSD", Timeframe.M1, count, None, None)

        five, ten, four = [await candles(count) for count in (5, 10, 4)]
        assert [len(each["data"]) for each in (five, ten, four)] == [5, 10, 4]
        # 22 of 25 rows, each answer counted as one more. Five was asked for last, so ten goes first.
        assert await candles(5) is five
        await candles(3)
        assert await candles(5) is five
        assert await candles(4) is four
        assert await candles(10) is not ten
        # What does not fit at all is made each time.
        assert await candles(30) is not await candles(30)


def test_candles_are_written_as_numbers_are() -> None:
    values = np.array([0, 1, 99_999, 100_000, 110_000, 123_456, 300_000, 2**40 + 1], np.int64)
    times = START + 60_000 * np.arange(len(values))
    bars = Bars(times, values, values + 1, values + 2, values + 3, values, values)
    instrument = asyncio.run(_eurusd())
    for index, candle in enumerate(wire.candles_json(instrument, bars)):
        row = [int(column[index]) for column in bars]
        prices = [wire.number(each, instrument.digits) for each in row[1:5]]
        assert list(candle.values()) == [wire.time_json(row[0]), *prices, row[5], row[6]]
        assert [type(each) for each in candle.values()] == [str, *map(type, prices), int, int]


async def _eurusd() -> Any:
    async with terminal() as world:
        return world.server.desk.broker.market.instruments["EURUSD"]
