"""The equity curve: known curves on pushed quotes, and at its end the account as it stands."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from in_process import START, Terminal, terminal
from tradyn.equity import EquityPoint, Present, equity_curve, moments
from tradyn.wire import read_time, time_json

MINUTE = 60_000


def at(minutes: float) -> str:
    return time_json(START + int(minutes * MINUTE))


async def curve(desk: Terminal, **query: Any) -> list[dict[str, Any]]:
    points: list[dict[str, Any]] = await desk.ok("GET", "/api/account/equity", **query)
    return points


async def check_end(desk: Terminal) -> None:
    account = await desk.ok("GET", "/api/account")
    last = (await curve(desk))[-1]
    assert last == {name: account[name] for name in ("time", "balance", "equity", "profit")}


async def test_a_known_position_on_pushed_quotes() -> None:
    """Buy 1 EURUSD at 1.2000; 1.2010 after a minute, 1.1980 after two; closed at 1.2050 after three."""
    async with terminal() as desk:
        await desk.push("EURUSD", 1.1999, 1.2)
        ticket = (await desk.buy(1))["ticket"]
        await desk.push("EURUSD", 1.2010, 1.2011, at(1))
        await desk.push("EURUSD", 1.1980, 1.1981, at(2))
        await desk.push("EURUSD", 1.2050, 1.2051, at(3))
        await desk.ok("DELETE", f"/api/positions/{ticket}")
        await desk.push("EURUSD", 1.3, 1.3001, at(4))
        found = await curve(desk, from_=at(0), to=at(4), points=9)
    assert [each["time"] for each in found] == [at(half / 2) for half in range(9)]
    assert [each["profit"] for each in found] == [-10, -10, 100, 100, -200, -200, 0, 0, 0]
    assert [each["balance"] for each in found] == [10_000] * 6 + [10_500] * 3
    assert [each["equity"] for each in found] == [9_990, 9_990, 10_100, 10_100, 9_800, 9_800, *[10_500] * 3]


async def test_inside_a_minute_its_first_quote_stands() -> None:
    async with terminal() as desk:
        await desk.push("EURUSD", 1.2, 1.2)
        await desk.buy(1)
        await desk.push("EURUSD", 1.201, 1.201, at(1))
        await desk.push("EURUSD", 1.202, 1.202, at(1.5))
        await desk.push("EURUSD", 1.203, 1.203, at(3))
        found = await curve(desk, from_=at(1), to=at(2), points=5)
        assert [each["profit"] for each in found] == [100, 100, 200, 200, 200]
        # A minute that has not had its first quote yet is not looked into.
        (before, _) = await curve(desk, from_=at(0.5), to=at(1), points=2)
        assert before["profit"] == 0


async def test_profit_in_another_currency_is_converted_at_the_rate_of_the_moment() -> None:
    """Sell 1 USDJPY at 150.000: 100 points of 0.001 are 10,000 JPY."""
    async with terminal() as desk:
        await desk.push("USDJPY", 150, 150)
        await desk.ok("POST", "/api/trade", {"symbol": "USDJPY", "action": "sell", "volume": 1})
        await desk.push("USDJPY", 125, 125, at(1))
        await desk.push("USDJPY", 150, 150, at(2))
        found = await curve(desk, from_=at(0), to=at(2), points=3)
    # 25.000 × 100,000 / 125
    assert [each["profit"] for each in found] == [0, 20_000, 0]


async def test_money_that_comes_and_goes_is_in_the_balance() -> None:
    async with terminal() as desk:
        login = (await desk.ok("GET", "/api/account"))["login"]
        for minute, amount in ((1, 500), (2, -700.5)):
            await desk.ok("POST", "/api/simulation/clock/advance", {"to": at(minute)})
            await desk.ok("POST", f"/api/accounts/{login}/balance", {"amount": amount})
        found = await curve(desk, points=5)
    assert [each["balance"] for each in found] == [10_000, 10_000, 10_500, 10_500, 9_799.5]
    assert all(each["equity"] == each["balance"] and each["profit"] == 0 for each in found)


@pytest.mark.parametrize(
    ("query", "times"),
    [
        ({}, [0, 10, 20, 30, 40, 50, 60]),
        ({"from_": at(-5), "to": at(70)}, [0, 10, 20, 30, 40, 50, 60]),
        ({"from_": at(30)}, [30, 35, 40, 45, 50, 55, 60]),
        ({"to": at(6)}, [0, 1, 2, 3, 4, 5, 6]),
        ({"from_": at(60)}, [60]),
        ({"from_": at(61)}, []),
        ({"to": at(-1)}, []),
        ({"from_": at(9), "to": at(8)}, []),
    ],
)
async def test_the_range_is_cut_to_the_life_of_the_account(query: Any, times: list[int]) -> None:
    async with terminal() as desk:
        await desk.ok("POST", "/api/simulation/clock/advance", {"seconds": 3600})
        found = await curve(desk, points=7, **query)
    assert [each["time"] for each in found] == [at(each) for each in times]


async def test_the_default_is_a_hundred_points() -> None:
    async with terminal() as desk:
        await desk.ok("POST", "/api/simulation/clock/advance", {"seconds": 3600})
        assert len(await curve(desk)) == 100


def test_moments_are_even_and_have_both_ends() -> None:
    assert moments(0, 10, 3) == [0, 5, 10]
    assert moments(0, 2, 1000) == [0, 1, 2]
    assert moments(5, 5, 2) == [5]
    assert moments(6, 5, 2) == []


async def trade_at_random(desk: Terminal, seed: int) -> list[Any]:
    """Trades, closes, deposits and time; what the account said after each step."""
    dice, seen = random.Random(seed), []
    login = desk.server.credentials.login
    for _ in range(60):
        symbol = dice.choice(("EURUSD", "USDJPY", "EURGBP", "AUDCAD"))
        open_tickets = [each["ticket"] for each in await desk.ok("GET", "/api/positions")]
        match dice.randrange(5):
            case 0 | 1:
                body = {"symbol": symbol, "action": dice.choice(("buy", "sell")), "volume": 0.1}
                await desk.envelope("POST", "/api/trade", body)
            case 2 if open_tickets:
                volume = dice.choice((None, 0.03))
                await desk.envelope("DELETE", f"/api/positions/{dice.choice(open_tickets)}", volume=volume)
            case 3:
                await desk.ok("POST", f"/api/accounts/{login}/balance", {"amount": dice.choice((250, -10))})
        await check_end(desk)
        seen.append(await desk.ok("GET", "/api/account"))
        await desk.ok("POST", "/api/simulation/clock/advance", {"seconds": dice.randint(1, 20_000)})
    return seen


async def test_every_past_moment_is_what_the_account_said_then() -> None:
    """On a feed that is a function of time nothing is lost: the fold and the quotes give it all again."""
    async with terminal(feed="synthetic", seed=3) as desk:
        seen = await trade_at_random(desk, 7)
        broker = desk.server.desk.broker
        login = desk.server.credentials.login
        account = broker.accounts[login]
        present = Present(desk.server.desk.now, account.version, broker.market.quotes)
        times = [read_time(each["time"]) for each in seen]
        points = await equity_curve(
            desk.server.journal,
            broker.market.instruments,
            login,
            times,
            present,
            desk.server.market.quotes_at,
        )
    assert sum(each["profit"] != 0 for each in seen) > 20
    expected = [
        EquityPoint(
            read_time(each["time"]),
            round(each["balance"] * 100),
            round(each["equity"] * 100),
            round(each["profit"] * 100),
        )
        for each in seen
    ]
    assert points == expected


async def test_what_comes_later_than_the_question_is_not_in_the_answer() -> None:
    async with terminal() as desk:
        await desk.push("EURUSD", 1.2, 1.2)
        await desk.buy(1)
        broker, login = desk.server.desk.broker, desk.server.credentials.login
        present = Present(START, broker.accounts[login].version, dict(broker.market.quotes))
        await desk.ok("DELETE", "/api/positions/2")
        await desk.push("EURUSD", 1.3, 1.3)
        (point,) = await equity_curve(
            desk.server.journal,
            broker.market.instruments,
            login,
            [START],
            present,
            desk.server.market.quotes_at,
        )
        assert point == EquityPoint(START, 1_000_000, 1_000_000, 0)


async def test_without_its_feed_a_position_is_valued_at_the_quotes_it_was_traded_at(tmp_path: Any) -> None:
    async with terminal(feed="synthetic", data_dir=tmp_path / "data") as desk:
        await desk.buy(0.1, "EURUSD")
        await desk.ok("POST", "/api/simulation/clock/advance", {"seconds": 3600})
        (first, *_) = await curve(desk)
        await desk.ok("DELETE", "/api/positions/2")
        end = await desk.ok("GET", "/api/account")
    async with terminal(feed="push", data_dir=tmp_path / "data", start=None) as desk:
        found = await curve(desk, points=3)
        assert found[0] == first
        assert found[1]["profit"] == first["profit"] < 0
        assert found[-1]["balance"] == found[-1]["equity"] == end["balance"]
        await check_end(desk)


async def test_out_of_session_the_last_quote_of_the_session_stands(tmp_path: Path) -> None:
    catalogue = tmp_path / "mine.toml"
    catalogue.write_text('[symbol.EURUSD]\nsessions = ["monday 00:00-10:00"]\n')
    async with terminal(feed="synthetic", seed=2, instruments=catalogue) as desk:
        await desk.buy(1)
        await desk.ok("POST", "/api/simulation/clock/advance", {"to": at(90)})
        before, *closed = await curve(desk, from_=at(15), to=at(90), points=6)
        assert len({each["profit"] for each in closed}) == 1
        assert closed[0]["profit"] != before["profit"]
        await check_end(desk)


async def test_swap_is_in_the_equity_from_the_night_on(tmp_path: Path) -> None:
    """Long 1 EURUSD at −8.5 points: −8.50 USD at the end of Monday."""
    catalogue = tmp_path / "mine.toml"
    catalogue.write_text('[symbol.EURUSD]\nswap_mode = "points"\nswap_long = -8.5\n')
    async with terminal(instruments=catalogue) as desk:
        await desk.push("EURUSD", 1.2, 1.2)
        await desk.buy(1)
        await desk.ok("POST", "/api/simulation/clock/advance", {"to": "2026-03-03T12:00:00Z"})
        query = {"from_": "2026-03-02T12:00:00Z", "to": "2026-03-03T12:00:00Z"}
        found = await curve(desk, points=5, **query)
        assert [each["equity"] for each in found] == [10_000, 10_000, 9_991.5, 9_991.5, 9_991.5]
        assert {(each["balance"], each["profit"]) for each in found} == {(10_000, 0)}
        await check_end(desk)
        await desk.ok("DELETE", "/api/positions/2")
        figures = await desk.ok("GET", "/api/account/statistics")
    assert (figures["net_profit"], figures["swap"], figures["loss_trades"]) == (-8.5, -8.5, 1)


# ---------------------------------------------------------------------- statistics through the API


async def test_a_close_by_is_two_trades() -> None:
    async with terminal() as desk:
        await desk.push("EURUSD", 1.2, 1.2)
        await desk.buy(1)
        await desk.push("EURUSD", 1.21, 1.21, at(1))
        body = {"symbol": "EURUSD", "action": "sell", "volume": 0.4}
        sold = await desk.ok("POST", "/api/trade", body)
        await desk.ok("POST", "/api/positions/2/close-by", {"opposite": sold["ticket"]})
        await check_end(desk)
        found = await curve(desk, from_=at(1), points=2)
        assert (found[-1]["balance"], found[-1]["profit"]) == (10_400, 600)
        figures = await desk.ok("GET", "/api/account/statistics")
    assert (figures["net_profit"], figures["total_trades"], figures["total_deals"]) == (400, 2, 4)
    assert (figures["long_trades"], figures["short_trades"], figures["profit_trades"]) == (1, 1, 2)


async def test_statistics_are_those_of_the_history() -> None:
    async with terminal() as desk:
        for minute, close in ((1, 1.21), (2, 1.19), (3, 1.23)):
            await desk.push("EURUSD", 1.2, 1.2, at(minute))
            ticket = (await desk.buy(0.1))["ticket"]
            await desk.push("EURUSD", close, close, at(minute + 0.5))
            await desk.ok("DELETE", f"/api/positions/{ticket}")
        whole = await desk.ok("GET", "/api/account/statistics")
        part = await desk.ok("GET", "/api/account/statistics", from_=at(2), to=at(3))
        other = await desk.ok("GET", "/api/account/statistics", symbol="USDJPY")
        account = await desk.ok("GET", "/api/account")
        assert await desk.code("GET", "/api/account/statistics", symbol="NOPE") == "UNKNOWN_SYMBOL"
    assert (whole["deposits"], whole["net_profit"], whole["balance_end"]) == (10_000, 300, account["balance"])
    assert (whole["total_trades"], whole["total_deals"], whole["profit_factor"]) == (3, 6, 4)
    assert (whole["balance_drawdown_maximal"], whole["balance_drawdown_maximal_percent"]) == (100, 0.99)
    assert (part["balance_begin"], part["net_profit"], part["deposits"]) == (10_100, -100, 0)
    assert (part["total_trades"], part["profit_factor"]) == (1, 0)
    assert (other["total_trades"], other["net_profit"], other["profit_factor"]) == (0, 0, None)


async def test_statistics_go_on_over_the_pages_of_a_long_history(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tradyn.handlers.analysis._PAGE", 3)
    async with terminal() as desk:
        await desk.push("EURUSD", 1.2, 1.2)
        for _ in range(4):
            await desk.buy(0.1)
        await desk.ok("POST", "/api/trade/close-all", {})
        found = await desk.ok("GET", "/api/account/statistics")
        assert (found["total_deals"], found["total_trades"]) == (8, 4)
