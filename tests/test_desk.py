"""The desk: idempotency, what readers may see, what a closed ticket answers, and latency."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import apsw
import pytest

from in_process import Terminal, terminal
from tradyn.adapters.journal_sqlite import SqliteJournal
from tradyn.broker.commands import PlaceMarketOrder
from tradyn.broker.orders import Side
from tradyn.broker.transactions import RequestSettled
from tradyn.desk import _fingerprint
from tradyn.ports import Batch, Commit, JournalFailed


async def quoted(desk: Terminal) -> None:
    await desk.push("EURUSD", 1.0850, 1.0851)


def trade(**more: Any) -> dict[str, Any]:
    body = {"symbol": "EURUSD", "action": "buy", "volume": 0.1, "client_order_id": "first", **more}
    return {name: value for name, value in body.items() if name != "client_order_id" or value}


async def test_the_same_request_gives_the_first_outcome_again() -> None:
    async with terminal() as desk:
        await quoted(desk)
        first = await desk.envelope("POST", "/api/trade", trade())
        await desk.push("EURUSD", 1.0950, 1.0951)
        # 0.10 is 0.1, and a default that is written out is the default.
        again = await desk.envelope("POST", "/api/trade", trade(volume=0.10, magic=0, sl=None))
        assert first == again
        assert len(await desk.ok("GET", "/api/positions")) == 1


async def test_a_request_that_an_older_program_settled_gives_its_outcome_again() -> None:
    """There it was settled by an event of its own, after its transactions."""
    async with terminal() as desk:
        await quoted(desk)
        bought = await desk.buy(0.1)
        inner, login = desk.server.desk, desk.server.credentials.login
        command = PlaceMarketOrder(
            symbol="EURUSD", side=Side.BUY, volume=Decimal("0.1"), client_order_id="first"
        )
        settled = RequestSettled(
            client_order_id="first",
            operation="trade",
            fingerprint=_fingerprint("trade", command),
            first_version=inner.account(login).version,
        )
        await desk.server.journal.append(Batch((inner.broker.record(login, settled, inner.now),)))
        assert await desk.ok("POST", "/api/trade", trade()) == bought
        assert await desk.code("POST", "/api/trade", trade(volume=0.2)) == "CLIENT_ORDER_ID_REUSED"
        assert len(await desk.ok("GET", "/api/positions")) == 1


async def test_twins_in_flight_do_it_once() -> None:
    async with terminal() as desk:
        await quoted(desk)
        answers = await asyncio.gather(*(desk.envelope("POST", "/api/trade", trade()) for _ in range(20)))
        assert all(each["data"] == answers[0]["data"] for each in answers)
        assert len(await desk.ok("GET", "/api/positions")) == 1


async def test_the_twin_of_a_request_that_was_given_up_waits_for_what_that_did(tmp_path: Path) -> None:
    async with terminal(data_dir=tmp_path) as desk:
        await quoted(desk)
        account = desk.server.desk.account(desk.server.credentials.login)
        other = apsw.Connection(str(tmp_path / "journal.sqlite"))
        try:
            # Nothing becomes durable meanwhile.
            other.execute("BEGIN IMMEDIATE")
            first = asyncio.create_task(desk.buy(client_order_id="first"))
            while not account.positions:
                await asyncio.sleep(0.001)
            first.cancel()
            twin = asyncio.create_task(desk.buy(client_order_id="first"))
            await asyncio.sleep(0.05)
        finally:
            other.close()
        assert (await twin)["ticket"] == 2
        with pytest.raises(asyncio.CancelledError):
            await first
        assert len(await desk.ok("GET", "/api/positions")) == 1


async def test_an_id_belongs_to_one_request_across_operations() -> None:
    async with terminal() as desk:
        await quoted(desk)
        ticket = (await desk.buy(client_order_id="first"))["ticket"]
        for method, path, body, parameters in (
            ("POST", "/api/trade", trade(volume=0.2), {}),
            ("POST", "/api/trade", trade(sl=1.08), {}),
            ("POST", "/api/trade/close-all", {"client_order_id": "first"}, {}),
            ("DELETE", f"/api/positions/{ticket}", None, {"client_order_id": "first"}),
        ):
            assert await desk.code(method, path, body, **parameters) == "CLIENT_ORDER_ID_REUSED"


async def test_a_refusal_is_given_again_too_and_nothing_else_uses_up_an_id() -> None:
    async with terminal() as desk:
        # No quote yet: a refusal of the broker, remembered.
        assert await desk.code("POST", "/api/trade", trade()) == "NO_QUOTES"
        await quoted(desk)
        assert await desk.code("POST", "/api/trade", trade()) == "NO_QUOTES"
        # A shape that is wrong, an object that is not there, a fault: not remembered.
        other = trade(client_order_id="other")
        assert await desk.code("POST", "/api/trade", {**other, "volume": "0.1"}) == "INVALID_REQUEST"
        assert await desk.code("DELETE", "/api/positions/999", client_order_id="other") == "NOT_FOUND"
        await desk.ok("PUT", "/api/simulation/faults", {"connected": False})
        assert await desk.code("POST", "/api/trade", other) == "NOT_CONNECTED"
        await desk.ok("PUT", "/api/simulation/faults", {})
        assert (await desk.ok("POST", "/api/trade", other))["volume"] == 0.1


async def test_outcomes_outlive_a_restart_and_a_reset(tmp_path: Path) -> None:
    requests: list[tuple[str, str, Any, dict[str, Any]]] = [
        ("POST", "/api/trade", trade(client_order_id="a"), {}),
        ("POST", "/api/trade", trade(client_order_id="b", volume=5000), {}),
        (
            "POST",
            "/api/orders",
            {"symbol": "EURUSD", "type": 2, "volume": 1, "price": 1.08, "client_order_id": "c"},
            {},
        ),
        ("DELETE", "/api/positions/2", None, {"volume": 0.05, "client_order_id": "d"}),
        ("POST", "/api/trade/close-all", {"client_order_id": "e"}, {}),
    ]
    async with terminal(data_dir=tmp_path) as desk:
        await quoted(desk)
        first = [await desk.envelope(m, path, body, **more) for m, path, body, more in requests]
        login = desk.server.credentials.login
        deposit = {"amount": 50, "client_order_id": "f"}
        deposited = await desk.ok("POST", f"/api/accounts/{login}/balance", deposit)
        await desk.ok("POST", f"/api/accounts/{login}/reset")
    assert [each["success"] for each in first] == [True, False, True, True, True]
    async with terminal(data_dir=tmp_path) as desk:
        again = [await desk.envelope(m, path, body, **more) for m, path, body, more in requests]
        for one, other in zip(first, again, strict=True):
            one.pop("request_id", None), other.pop("request_id", None)
            assert one == other
        assert await desk.ok("POST", f"/api/accounts/{login}/balance", deposit) == deposited
        assert (await desk.ok("GET", "/api/account"))["balance"] == 10_000


async def test_a_ticket_that_is_closed_is_told_from_one_that_never_was() -> None:
    async with terminal() as desk:
        await quoted(desk)
        position = (await desk.buy())["ticket"]
        await desk.ok("DELETE", f"/api/positions/{position}")
        order = {"symbol": "EURUSD", "type": 2, "volume": 1, "price": 1.08}
        ticket = (await desk.ok("POST", "/api/orders", order))["ticket"]
        await desk.ok("DELETE", f"/api/orders/{ticket}")
        assert await desk.code("GET", f"/api/positions/{position}") == "NOT_FOUND"
        assert await desk.code("DELETE", f"/api/positions/{position}") == "POSITION_CLOSED"
        assert await desk.code("PATCH", f"/api/positions/{position}", {"sl": 1.0}) == "POSITION_CLOSED"
        assert await desk.code("DELETE", f"/api/orders/{ticket}") == "INVALID_ORDER"
        assert await desk.code("PATCH", f"/api/orders/{ticket}", {"price": 1.07}) == "INVALID_ORDER"
        assert (await desk.ok("GET", f"/api/orders/{ticket}"))["state"] == "canceled"
        for path in ("/api/positions/999", "/api/orders/999", f"/api/positions/{ticket}"):
            assert await desk.code("DELETE", path) == "NOT_FOUND"
        assert [each["ticket"] for each in await desk.ok("GET", "/api/orders", state="canceled")] == [ticket]


class SlowJournal:
    """A journal whose commits wait to be let go, over a real one."""

    def __init__(self, real: SqliteJournal) -> None:
        self._real = real
        self._passing: list[asyncio.Task[None]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Commits wait meanwhile; not for ever if a test fails, or its server could never be closed."""
        self.gate.clear()
        try:
            yield
        finally:
            self.gate.set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def append(self, batch: Batch) -> Commit:
        async def pass_on() -> None:
            await self.gate.wait()
            await self._real.append(batch)
            commit.end(None)

        commit = Commit(loop=asyncio.get_running_loop())
        self._passing.append(asyncio.create_task(pass_on()))
        return commit


async def test_nothing_is_shown_before_it_is_durable() -> None:
    journal: Any = SlowJournal(SqliteJournal.open(None))
    async with terminal(journal=journal) as desk:
        await quoted(desk)
        with journal.held():
            trading = asyncio.create_task(desk.buy())
            await asyncio.sleep(0.05)
            reads = {
                path: asyncio.create_task(desk.ok("GET", path))
                for path in ("/api/positions", "/api/account", "/api/positions/2", "/api/orders/2")
            }
            quote = asyncio.create_task(desk.ok("GET", "/api/quotes/EURUSD"))
            await asyncio.sleep(0.1)
            assert not trading.done()
            assert not [path for path, read in reads.items() if read.done()]
            assert quote.done()
        assert (await trading)["ticket"] == 2
        assert [each["ticket"] for each in await reads["/api/positions"]] == [2]
        for read in reads.values():
            await read


async def test_a_journal_that_fails_is_503_for_everyone_and_shows_nothing() -> None:
    class FailingJournal(SlowJournal):
        failed: JournalFailed | None = None

        def append(self, batch: Batch) -> Commit:
            if self.failed is None:
                return self._real.append(batch)
            commit = Commit(loop=asyncio.get_running_loop())
            commit.end(self.failed)
            return commit

    journal: Any = FailingJournal(SqliteJournal.open(None))
    async with terminal(journal=journal) as desk:
        await quoted(desk)
        journal.failed = JournalFailed("The disk is full")
        assert await desk.code("POST", "/api/trade", trade()) == "NOT_CONNECTED"
        assert await desk.code("GET", "/api/account") == "NOT_CONNECTED"
        assert await desk.code("GET", "/api/keys") == "NOT_CONNECTED"
        assert await desk.code("GET", "/health/ready") == "NOT_CONNECTED"
        assert (await desk.ok("GET", "/health/live"))["status"] == "ok"


async def test_latency_executes_at_the_quote_of_arrival_plus_latency() -> None:
    async with terminal() as desk:
        await quoted(desk)
        await desk.ok("PUT", "/api/simulation/faults", {"latency_ms": 500})
        slow = asyncio.create_task(desk.buy())
        bounded = asyncio.create_task(
            desk.envelope("POST", "/api/trade", trade(client_order_id=None, deviation=5))
        )
        await asyncio.sleep(0.05)
        await desk.push("EURUSD", 1.0855, 1.0856, "2026-03-02T09:30:00.400Z")
        await asyncio.sleep(0.05)
        assert not slow.done()
        await desk.push("EURUSD", 1.0860, 1.0861, "2026-03-02T09:30:00.500Z")
        assert (await slow)["price"] == 1.0861
        refused = await bounded
        assert (refused["code"], refused["retcode"]) == ("REQUOTE", 10004)


@pytest.mark.parametrize(("fault", "code"), [("reject_rate", "REJECTED"), ("error_rate", "INTERNAL_ERROR")])
async def test_failures_on_demand_do_nothing(fault: str, code: str) -> None:
    async with terminal() as desk:
        await quoted(desk)
        await desk.ok("PUT", "/api/simulation/faults", {fault: 1})
        assert await desk.code("POST", "/api/trade", trade()) == code
        await desk.ok("PUT", "/api/simulation/faults", {})
        assert await desk.ok("GET", "/api/positions") == []


async def test_failures_are_drawn_from_the_seed() -> None:
    async def draw(seed: int) -> list[bool]:
        async with terminal() as desk:
            await quoted(desk)
            await desk.ok("PUT", "/api/simulation/faults", {"reject_rate": 0.5, "seed": seed})
            answers = [
                await desk.envelope("POST", "/api/trade", trade(client_order_id=None, volume=0.01))
                for _ in range(20)
            ]
            return [each["success"] for each in answers]

    assert await draw(1) == await draw(1) != await draw(2)


async def test_slippage_moves_fills_against_the_client() -> None:
    async with terminal() as desk:
        await quoted(desk)
        await desk.ok("PUT", "/api/simulation/faults", {"slippage_points": 50, "seed": 7})
        prices = {(await desk.buy(0.01))["price"] for _ in range(20)}
        assert len(prices) > 3
        assert all(1.0851 <= each <= 1.0856 for each in prices)


async def test_disconnects_are_a_schedule_in_market_time() -> None:
    async with terminal() as desk:
        await quoted(desk)
        stretch = {"from": "2026-03-02T09:31:00Z", "to": "2026-03-02T09:32:00Z"}
        await desk.ok("PUT", "/api/simulation/faults", {"disconnects": [stretch]})
        seen = []
        for _ in range(4):
            seen.append((await desk.envelope("GET", "/api/account")).get("code", "OK"))
            await desk.ok("POST", "/api/simulation/clock/advance", {"seconds": 30})
        assert seen == ["OK", "OK", "NOT_CONNECTED", "NOT_CONNECTED"]
        assert (await desk.envelope("GET", "/api/account"))["success"]


async def test_balance_is_the_sum_of_the_deals() -> None:
    async with terminal() as desk:
        await quoted(desk)
        for step in range(30):
            await desk.buy(0.03)
            await desk.push("EURUSD", round(1.085 + step * 0.00013, 5), round(1.0851 + step * 0.00013, 5))
        await desk.ok("POST", "/api/trade/close-all", {"result": "winning"})
        await desk.ok("POST", "/api/trade/close-all")
        deals, cursor = [], None
        while True:
            page = await desk.envelope("GET", "/api/account/history", limit=7, cursor=cursor)
            deals += page["data"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert len(deals) == 61
        total = sum(round(100 * (each["profit"] + each["swap"] + each["commission"])) for each in deals)
        assert total == round(100 * (await desk.ok("GET", "/api/account"))["balance"])


@pytest.mark.parametrize(
    ("times", "price"),
    [(("09:30:01", "09:30:02", "09:30:03"), 1.2), (("09:30:00.5", "09:30:02", "09:30:03"), 1.2)],
)
async def test_a_request_that_is_due_with_a_pushed_quote_is_carried_out_at_it(
    times: tuple[str, ...], price: float
) -> None:
    async with terminal() as desk:
        await desk.push("EURUSD", 1.1, 1.1001, "2026-03-02T09:30:00Z")
        await desk.ok("PUT", "/api/simulation/faults", {"latency_ms": 1000})
        buying = asyncio.create_task(desk.buy())
        await asyncio.sleep(0.05)
        quotes = [
            {"symbol": "EURUSD", "bid": ask, "ask": ask, "time": f"2026-03-02T{time}Z"}
            for time, ask in zip(times, (1.2, 1.3, 1.4), strict=True)
        ]
        await desk.ok("POST", "/api/simulation/quotes", {"quotes": quotes})
        bought = await buying
        assert (bought["price"], bought["time"]) == (price, "2026-03-02T09:30:01.000Z")


async def test_slippage_beyond_the_deviation_is_a_requote() -> None:
    async with terminal() as desk:
        await desk.push("EURUSD", 1.1, 1.1001)
        await desk.ok("PUT", "/api/simulation/faults", {"slippage_points": 20, "seed": 3})
        prices, refused = [], 0
        for _ in range(40):
            body = {"symbol": "EURUSD", "action": "buy", "volume": 0.01, "deviation": 8}
            answer = await desk.envelope("POST", "/api/trade", body)
            if answer["success"]:
                prices.append(answer["data"]["price"])
            else:
                assert (answer["code"], answer["retcode"]) == ("REQUOTE", 10004)
                refused += 1
        assert refused > 10 and len(prices) > 5
        assert 1.1001 <= min(prices) < max(prices) <= 1.10018


async def test_a_close_within_its_deviation_or_a_requote() -> None:
    async with terminal() as desk:
        await quoted(desk)
        ticket = (await desk.buy())["ticket"]
        await desk.ok("PUT", "/api/simulation/faults", {"latency_ms": 500})
        closing = asyncio.create_task(desk.envelope("DELETE", f"/api/positions/{ticket}", deviation=5))
        await asyncio.sleep(0.05)
        await desk.push("EURUSD", 1.0800, 1.0801, "2026-03-02T09:30:00.500Z")
        assert (await closing)["code"] == "REQUOTE"


async def test_a_request_on_its_way_arrives_in_the_middle_of_a_large_step() -> None:
    async with terminal(feed="synthetic") as desk:
        await desk.ok("PUT", "/api/simulation/faults", {"latency_ms": 1500})
        trading = asyncio.create_task(desk.buy())
        await asyncio.sleep(0.05)
        await desk.ok("POST", "/api/simulation/clock/advance", {"seconds": 86_400})
        assert (await trading)["time"] == "2026-03-02T09:30:01.500Z"


async def test_clearing_the_faults_lets_what_is_on_its_way_arrive() -> None:
    async with terminal() as desk:
        await quoted(desk)
        await desk.ok("PUT", "/api/simulation/faults", {"latency_ms": 60_000})
        trading = asyncio.create_task(desk.buy())
        await asyncio.sleep(0.05)
        assert not trading.done()
        await desk.ok("PUT", "/api/simulation/faults", {})
        assert (await trading)["price"] == 1.0851


async def test_a_number_is_the_same_however_it_is_written() -> None:
    async with terminal() as desk:
        path = f"/api/accounts/{desk.server.credentials.login}/balance"
        first = await desk.ok("POST", path, {"amount": 100, "client_order_id": "n"})
        assert await desk.ok("POST", path, {"amount": 100.0, "client_order_id": "n"}) == first


async def test_a_ticket_that_is_not_there_is_told_before_a_rejection() -> None:
    async with terminal() as desk:
        await desk.ok("PUT", "/api/simulation/faults", {"reject_rate": 1})
        assert await desk.code("DELETE", "/api/positions/999") == "NOT_FOUND"
        assert await desk.code("PATCH", "/api/orders/999", {"price": 1}) == "NOT_FOUND"


async def test_a_position_that_is_being_closed_is_gone_only_when_that_is_durable() -> None:
    journal: Any = SlowJournal(SqliteJournal.open(None))
    async with terminal(journal=journal) as desk:
        await quoted(desk)
        ticket = (await desk.buy())["ticket"]
        with journal.held():
            closing = asyncio.create_task(desk.ok("DELETE", f"/api/positions/{ticket}"))
            await asyncio.sleep(0.05)
            reading = asyncio.create_task(desk.code("GET", f"/api/positions/{ticket}"))
            again = asyncio.create_task(desk.code("PATCH", f"/api/positions/{ticket}", {"sl": 1.0}))
            await asyncio.sleep(0.1)
            assert not reading.done()
            assert not again.done()
        await closing
        assert (await reading, await again) == ("NOT_FOUND", "POSITION_CLOSED")


async def test_a_key_is_rotated_once_however_many_ask_at_once() -> None:
    async with terminal() as desk:
        key = await desk.ok("POST", "/api/keys", {"scope": "read"})
        path = f"/api/keys/{key['key_id']}/rotate"
        answers = await asyncio.gather(*(desk.envelope("POST", path) for _ in range(3)))
        assert sorted(each.get("code", "OK") for each in answers) == ["OK", "REJECTED", "REJECTED"]
