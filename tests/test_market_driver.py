"""The market driver: however it is stepped, restarted or asked, the market is the same."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from in_process import START, Terminal, terminal
from tradyn.broker.transactions import PositionReduced
from tradyn.clock import ClockMode
from tradyn.errors import ApiError
from tradyn.ports import Batch, Journal, JournalFailed
from tradyn.wire import read_time, time_json

HOUR = 3600


async def journal_of(journal: Journal, login: int) -> list[Any]:
    return await journal.read(login, limit=100_000)


async def busy_account(desk: Terminal) -> None:
    """Orders and positions near the market, on symbols that convert through others."""
    for symbol, volume in (("EURUSD", 0.2), ("EURJPY", 0.1), ("GBPCHF", 0.1)):
        quote = await desk.ok("GET", f"/api/quotes/{symbol}")
        bid, ask = quote["bid"], quote["ask"]
        digits = (await desk.ok("GET", f"/api/symbols/{symbol}"))["digits"]
        step = round(bid * 0.0008, digits)
        await desk.buy(volume, symbol, sl=round(bid - 2 * step, digits), tp=round(ask + 3 * step, digits))
        for number in range(4):
            distance = step * (number + 1) / 2
            await desk.ok(
                "POST",
                "/api/orders",
                {
                    "symbol": symbol,
                    "type": 2 + number,
                    "volume": volume,
                    "price": round(
                        [ask - distance, bid + distance, ask + distance, bid - distance][number], digits
                    ),
                    "expiration": time_json(START + (number + 1) * 7 * HOUR * 1000),
                },
            )


async def test_one_large_step_does_what_many_small_ones_do() -> None:
    async def run(steps: Sequence[float]) -> list[Any]:
        async with terminal(feed="synthetic", seed=5) as desk:
            await busy_account(desk)
            for seconds in steps:
                await desk.ok("POST", "/api/simulation/clock/advance", {"seconds": seconds})
            return await journal_of(desk.server.journal, desk.server.credentials.login)

    day = 24 * HOUR
    dice = random.Random(3)
    small = [dice.randint(1, 900) for _ in range(1000)]
    small = small[: next(i for i in range(1000) if sum(small[:i]) > day) - 1]
    small.append(day - sum(small))
    once, often, hourly = await run([day]), await run(small), await run([float(HOUR)] * 24)
    assert len(once) > 20
    assert once == often == hourly


async def test_a_jump_passes_over_no_stop_out_of_what_was_opened_just_before() -> None:
    async def run(steps: Sequence[float]) -> list[Any]:
        async with terminal(feed="synthetic", seed=5) as desk:
            login = desk.server.credentials.login
            # Nearly all of the balance is margin, and a few points are too many.
            desk.server.desk.account(login).stop_out_level = Decimal(99)
            await desk.buy(9)
            for seconds in steps:
                await desk.ok("POST", "/api/simulation/clock/advance", {"seconds": seconds})
            return await journal_of(desk.server.journal, login)

    once, often = await run([float(HOUR)]), await run([10.0] * 360)
    assert once == often
    assert [each.event.deal.reason for each in once if isinstance(each.event, PositionReduced)] == ["so"]


async def test_a_restart_in_the_middle_changes_nothing(tmp_path: Path) -> None:
    async def run(folder: Path | None, restarts: bool) -> list[Any]:
        hours = [2.5] * 8
        parts = [[each] for each in hours] if restarts else [hours]
        transactions: list[Any] = []
        for number, part in enumerate(parts):
            async with terminal(feed="synthetic", seed=5, data_dir=folder) as desk:
                if number == 0:
                    await busy_account(desk)
                for each in part:
                    await desk.ok("POST", "/api/simulation/clock/advance", {"seconds": each * HOUR})
                transactions = await journal_of(desk.server.journal, desk.server.credentials.login)
        return transactions

    straight = await run(None, restarts=False)
    assert len(straight) > 20
    assert straight == await run(tmp_path / "data", restarts=True)


async def test_time_goes_on_where_it_stopped_and_never_back(tmp_path: Path) -> None:
    async with terminal(data_dir=tmp_path) as desk:
        await desk.ok("POST", "/api/simulation/clock/advance", {"seconds": 90.5})
        for body in ({"to": "2026-03-02T09:30:00Z"}, {"to": "2026-03-20T00:00:00Z"}):
            assert await desk.code("POST", "/api/simulation/clock/advance", body) == "INVALID_TIME"
        body = {"now": "2026-03-02T09:30:00Z"}
        assert await desk.code("PATCH", "/api/simulation/clock", body) == "INVALID_TIME"
        await desk.ok("PATCH", "/api/simulation/clock", {"speed": 2.5})
    async with terminal(data_dir=tmp_path, start=None, clock=None) as desk:
        clock = await desk.ok("GET", "/api/simulation/clock")
        assert clock == {"mode": "manual", "speed": 2.5, "now": "2026-03-02T09:31:30.500Z"}


async def test_a_running_clock_keeps_a_time_in_reserve_that_a_crash_cannot_take_back(tmp_path: Path) -> None:
    seen = 0
    async with terminal(data_dir=tmp_path, clock=ClockMode.ACCELERATED, speed=1000) as desk:
        market = desk.server.market
        await market._follow(desk.server.desk.now + 40_000)
        seen = desk.server.desk.now
        marks = desk.server.journal.marks()
        assert int(marks["clock.played"]) <= seen <= int(marks["clock.reserved"])


async def test_pushed_quotes_are_all_taken_or_none() -> None:
    async with terminal() as desk:
        good = {"symbol": "EURUSD", "bid": 1.085, "ask": 1.0851}
        for bad, code in (
            ({**good, "symbol": "NOPE"}, "UNKNOWN_SYMBOL"),
            ({**good, "bid": 1.09}, "INVALID_PRICE"),
            ({**good, "bid": 0.000001}, "INVALID_PRICE"),
            ({**good, "time": "2026-03-02T09:29:59Z"}, "INVALID_TIME"),
            ({**good, "time": "2026-03-12T09:29:59Z"}, "INVALID_TIME"),
        ):
            body = {"quotes": [good, bad]}
            assert await desk.code("POST", "/api/simulation/quotes", body) == code
            assert await desk.code("GET", "/api/quotes/EURUSD") == "NO_QUOTES"


async def test_pushed_quotes_move_a_manual_clock_and_outlive_a_restart(tmp_path: Path) -> None:
    async with terminal(data_dir=tmp_path) as desk:
        for minute, bid in enumerate((1.0850, 1.0862, 1.0841, 1.0855)):
            await desk.push(
                "EURUSD", bid, bid + 0.0001, f"2026-03-02T09:{31 + minute // 2}:{minute % 2 * 30:02d}Z"
            )
        quote = await desk.ok("GET", "/api/quotes/EURUSD")
        assert quote["time"] == "2026-03-02T09:32:30.000Z"
        candles = await desk.ok("GET", "/api/candles/EURUSD", timeframe="M1")
        assert [(each["open"], each["high"], each["low"], each["close"]) for each in candles] == [
            (1.0850, 1.0862, 1.0850, 1.0862),
            (1.0841, 1.0855, 1.0841, 1.0855),
        ]
    async with terminal(data_dir=tmp_path, start=None) as desk:
        assert await desk.ok("GET", "/api/quotes/EURUSD") == quote
        assert await desk.ok("GET", "/api/candles/EURUSD", timeframe="M1") == candles
        # The minute that was forming goes on forming.
        await desk.push("EURUSD", 1.0900, 1.0901, "2026-03-02T09:32:59Z")
        last = (await desk.ok("GET", "/api/candles/EURUSD", timeframe="M1"))[-1]
        assert (last["open"], last["high"], last["close"], last["tick_volume"]) == (1.0841, 1.09, 1.09, 3)


async def test_candles_of_all_timeframes_agree_and_page_by_time() -> None:
    async with terminal(feed="synthetic") as desk:
        minutes = await desk.ok("GET", "/api/candles/EURUSD", timeframe="M1", count=1000)
        assert len(minutes) == 1000
        hours = await desk.ok("GET", "/api/candles/EURUSD", timeframe="H1", count=5)
        for hour in hours[:-1]:
            start = read_time(hour["time"])
            within = [each for each in minutes if start <= read_time(each["time"]) < start + HOUR * 1000]
            assert len(within) == 60
            assert hour["open"] == within[0]["open"]
            assert hour["close"] == within[-1]["close"]
            assert hour["high"] == max(each["high"] for each in within)
            assert hour["low"] == min(each["low"] for each in within)
        assert read_time(hours[-1]["time"]) <= START < read_time(hours[-1]["time"]) + HOUR * 1000
        before = await desk.ok("GET", "/api/candles/EURUSD", timeframe="H1", count=3, to=hours[2]["time"])
        assert before[-2:] == hours[:2]
        after = await desk.ok("GET", "/api/candles/EURUSD", timeframe="H1", count=2, from_=hours[1]["time"])
        assert after == hours[1:3]
        for timeframe, count in (
            ("M5", 7),
            ("M15", 7),
            ("M30", 7),
            ("H4", 7),
            ("D1", 1000),
            ("W1", 30),
            ("MN1", 12),
        ):
            found = await desk.ok("GET", "/api/candles/USDJPY", timeframe=timeframe, count=count)
            assert len(found) == count
            assert [each["time"] for each in found] == sorted(each["time"] for each in found)


async def test_a_pushed_quote_is_one_of_the_synthetic_market() -> None:
    async with terminal(feed="synthetic") as desk:
        ticket = (await desk.buy(sl=1.05))["ticket"]
        await desk.push("EURUSD", 1.0400, 1.0401)
        assert await desk.code("GET", f"/api/positions/{ticket}") == "NOT_FOUND"
        deal = (await desk.ok("GET", "/api/account/history", order="desc", limit=1))[0]
        assert (deal["reason"], deal["price"]) == ("sl", 1.04)
        assert (await desk.ok("GET", "/api/candles/EURUSD", timeframe="M1", count=1))[0]["low"] == 1.04
        await desk.ok("POST", "/api/simulation/clock/advance", {"seconds": 5})
        assert (await desk.ok("GET", "/api/quotes/EURUSD"))["bid"] > 1.05


async def test_a_jump_passes_over_quotes_but_not_over_expirations() -> None:
    async with terminal(feed="synthetic") as desk:
        order = {
            "symbol": "EURUSD",
            "type": 2,
            "volume": 0.1,
            "price": 0.9,
            "expiration": "2026-03-03T00:00:00Z",
        }
        ticket = (await desk.ok("POST", "/api/orders", order))["ticket"]
        await desk.ok("PATCH", "/api/simulation/clock", {"now": "2026-05-01T12:00:00Z"})
        ended = await desk.ok("GET", f"/api/orders/{ticket}")
        assert (ended["state"], ended["time_done"]) == ("expired", "2026-03-03T00:00:00.000Z")
        quote = await desk.ok("GET", "/api/quotes/EURUSD")
        assert "2026-05-01T11:59" < quote["time"] <= "2026-05-01T12:00:00.000Z"


async def test_the_same_seed_is_the_same_market_and_another_is_another() -> None:
    async def prices(seed: int | None) -> list[Any]:
        async with terminal(feed="synthetic", seed=seed) as desk:
            return [
                (await desk.ok("GET", f"/api/quotes/{symbol}"))["bid"]
                for symbol in ("EURUSD", "XAUUSD", "BTCUSD")
            ] + [each["close"] for each in await desk.ok("GET", "/api/candles/EURUSD", count=20)]

    assert await prices(None) == await prices(1) != await prices(2)


async def test_after_a_clean_stop_nothing_is_left_in_reserve(tmp_path: Path) -> None:
    async with terminal(data_dir=tmp_path, clock=ClockMode.ACCELERATED, speed=Decimal(3600)) as desk:
        await desk.server.market._follow(desk.server.desk.now + 10_000_000)
        stopped = await desk.ok("PATCH", "/api/simulation/clock", {"mode": "manual"})
        marks = desk.server.journal.marks()
        assert time_json(int(marks["clock.played"])) == stopped["now"]
        assert marks["clock.reserved"] == marks["clock.played"]
    async with terminal(data_dir=tmp_path, start=None, clock=None) as desk:
        assert (await desk.ok("GET", "/api/simulation/clock"))["now"] == stopped["now"]


async def test_what_can_be_seen_during_a_step_is_in_reserve_before() -> None:
    async with terminal(feed="synthetic") as desk:
        market, seen = desk.server.market, []
        play = market.play

        async def watch(until: int, **more: Any) -> None:
            seen.append((until, int(desk.server.journal.marks()["clock.reserved"])))
            await play(until, **more)

        market.play = watch  # type: ignore[method-assign]
        await desk.ok("POST", "/api/simulation/clock/advance", {"seconds": 604_800})
        await desk.push("EURUSD", 1.1, 1.1001, "2026-03-10T09:30:00Z")
        assert len(seen) == 2
        assert all(until <= reserved for until, reserved in seen)


async def test_a_jump_and_its_swap_are_kept_together(tmp_path: Path) -> None:
    """A crash as the jump is written leaves the jump with its swap, or neither."""
    settings: dict[str, Any] = {"feed": "synthetic", "profile": "mt5"}
    jump = {"now": "2026-03-07T09:30:00Z"}

    async def state(desk: Terminal) -> tuple[str, float]:
        (position,) = await desk.ok("GET", "/api/positions")
        return (await desk.ok("GET", "/api/simulation/clock"))["now"], position["swap"]

    async def live(folder: Path, commits: int | None) -> tuple[str, float]:
        # Where the disk goes only as the server is closed, that fails too.
        async with AsyncExitStack() as stack:
            stack.enter_context(suppress(ApiError))
            desk = await stack.enter_async_context(terminal(data_dir=folder, **settings))
            await desk.buy(1)
            if commits is not None:
                journal = desk.server.journal
                append, left = journal.append, [commits]

                def failing(batch: Batch) -> Any:
                    left[0] -= 1
                    if left[0] >= 0:
                        return append(batch)
                    failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                    journal.failed = JournalFailed("the disk is gone")
                    failed.set_exception(journal.failed)
                    return failed

                journal.append = failing  # type: ignore[method-assign]
            await desk.envelope("PATCH", "/api/simulation/clock", jump)
        async with terminal(data_dir=folder, **settings, start=None) as again:
            return await state(again)

    whole = await live(tmp_path / "whole", None)
    assert whole[0] == "2026-03-07T09:30:00.000Z" and whole[1] < -20
    found = [await live(tmp_path / str(commits), commits) for commits in range(4)]
    assert found[0] == ("2026-03-02T09:30:00.000Z", 0)
    assert set(found) <= {found[0], whole} and whole in found


async def test_a_restart_charges_no_swap_again(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"data_dir": tmp_path, "feed": "synthetic", "profile": "mt5"}
    found = []
    async with terminal(**settings) as desk:
        await desk.buy(1)
        await desk.ok("POST", "/api/simulation/clock/advance", {"seconds": 24 * HOUR})
        found += await desk.ok("GET", "/api/positions")
    for _ in range(2):
        async with terminal(**settings | {"start": None}) as desk:
            found += await desk.ok("GET", "/api/positions")
    assert found[0]["swap"] < 0
    assert [each["swap"] for each in found] == [found[0]["swap"]] * 3


async def test_steps_that_are_asked_for_at_once_are_all_taken() -> None:
    async with terminal(feed="synthetic") as desk:
        step = {"seconds": 60}
        await asyncio.gather(*(desk.ok("POST", "/api/simulation/clock/advance", step) for _ in range(3)))
        assert (await desk.ok("GET", "/api/simulation/clock"))["now"] == "2026-03-02T09:33:00.000Z"


async def test_a_pushed_quote_stands_until_the_feed_has_a_later_one(tmp_path: Path) -> None:
    bars = tmp_path / "EURUSD_H1.csv"
    bars.write_text(
        "time,open,high,low,close\n2026-03-02 09:00,1.1,1.11,1.09,1.1\n2026-03-02 10:00,1.1,1.11,1.09,1.1\n"
    )
    async with terminal(feed=f"replay:{bars}") as desk:
        await desk.push("EURUSD", 1.5, 1.5001)
        await desk.ok("POST", "/api/simulation/clock/advance", {"seconds": 2})
        assert (await desk.ok("GET", "/api/quotes/EURUSD"))["bid"] == 1.5
        await desk.ok("POST", "/api/simulation/clock/advance", {"seconds": 900})
        assert (await desk.ok("GET", "/api/quotes/EURUSD"))["bid"] < 1.2


async def test_candles_reach_over_gaps_of_any_length() -> None:
    async with terminal() as desk:
        times = ("2026-03-02T10:00:00Z", "2026-03-08T10:00:00Z", "2026-03-14T10:00:00Z")
        for time in times:
            await desk.push("EURUSD", 1.08, 1.0801, time)
        for count in (1, 2, 3, 4):
            candles = await desk.ok("GET", "/api/candles/EURUSD", timeframe="M1", count=count)
            assert [read_time(each["time"]) for each in candles] == [*map(read_time, times)][-count:]
