"""Requests that are begun in the same turn of the loop, and wait for the same thing or for nothing."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import apsw
import httpx
import pytest
import uvloop

from reliability.at_the_door import PATIENCE, Client, Held, Place, serving_at
from tradyn.door import Door, Limits
from tradyn.http_server import EnvelopeProtocol

MANY = 24
ORIGIN = "https://charts.example"


@pytest.fixture(scope="session")
def event_loop_policy() -> asyncio.AbstractEventLoopPolicy:
    """The loop that `tradyn serve` has."""
    policy: asyncio.AbstractEventLoopPolicy = uvloop.EventLoopPolicy()
    return policy


async def test_they_wait_for_the_same_as_others() -> None:
    """As reads of an account do, and the stream beside them, for the commit of what they saw."""
    durable: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    begun = asyncio.Semaphore(0)

    def rewire(handlers: dict[str, Any]) -> dict[str, Any]:
        handler: Callable[..., Awaitable[Any]] = handlers["getAccount"]

        async def wait(**arguments: Any) -> Any:
            others.append(asyncio.ensure_future(other()))
            begun.release()
            await durable
            return await handler(**arguments)

        return {**handlers, "getAccount": wait}

    async def other() -> None:
        await durable

    others: list[asyncio.Future[None]] = []
    async with serving_at(Limits(), rewire) as place:
        clients = [await place.connect() for _ in range(MANY)]
        for client in clients:
            client.send(place.request("GET", "/api/account"))
        for _ in clients:
            await begun.acquire()
        durable.set_result(None)
        assert [(await client.answer()).status for client in clients] == [200] * MANY
        await asyncio.gather(*others)


async def test_one_that_waits_holds_up_no_other() -> None:
    held = Held("getAccount")
    async with serving_at(Limits(), held.rewire) as place:
        first, second = await place.connect(), await place.connect()
        first.send(place.request("GET", "/api/account"))
        second.send(place.request("GET", "/api/symbols"))
        assert (await second.answer()).status == 200
        await held.begun(1)
        held.go_on()
        assert (await first.answer()).status == 200


async def test_a_body_in_pieces_is_waited_for() -> None:
    async with serving_at(Limits()) as place:
        client = await place.connect()
        quote = {"symbol": "EURUSD", "bid": 1.1, "ask": 1.1001, "time": "2026-03-02T10:00:00Z"}
        admin = {"Authorization": f"Bearer {place.server.credentials.admin_key}"}
        request = place.request("POST", "/api/simulation/quotes", {"quotes": [quote]}, **admin)
        for begin in range(0, len(request), 40):
            client.send(request[begin : begin + 40])
            await asyncio.sleep(0.01)
        assert (await client.answer()).status == 200


async def test_who_goes_away_is_waited_for_by_nobody() -> None:
    held = Held("getAccount")
    async with serving_at(Limits(), held.rewire) as place:
        client = await place.connect()
        client.send(place.request("GET", "/api/account"))
        await held.begun(1)
        await client.close()
        held.go_on()
        assert (await place.ask(place.request("GET", "/api/symbols"))).status == 200


async def test_a_page_gets_the_headers_that_its_browser_asks_for() -> None:
    """They are added to the messages of an answer, so that it must not pass them by."""
    async with serving_at(Limits(), cors_origins=(ORIGIN,)) as place:
        headers = {"Authorization": f"Bearer {place.key}", "Origin": ORIGIN}
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"http://127.0.0.1:{place.port}/v1/api/account", headers=headers)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, ORIGIN)


async def test_the_end_comes_though_one_waits() -> None:
    held = Held("getAccount")
    async with serving_at(Limits(), held.rewire) as place:
        client = await place.connect()
        client.send(place.request("GET", "/api/account"))
        await held.begun(1)
    with suppress(ConnectionError):
        assert await client.rest() == b""


async def test_who_gives_way_lets_everything_else_go_on() -> None:
    """As a long read does, and an advance of the clock until what is on its way has arrived."""
    seen: list[str] = []

    def rewire(handlers: dict[str, Any]) -> dict[str, Any]:
        read, other = handlers["getAccount"], handlers["listPositions"]

        async def give_way(**arguments: Any) -> Any:
            seen.append("begun")
            end = monotonic() + PATIENCE / 4
            while "other" not in seen and monotonic() < end:
                await asyncio.sleep(0)
            seen.append("done")
            return await read(**arguments)

        async def see(**arguments: Any) -> Any:
            seen.append("other")
            return await other(**arguments)

        return {**handlers, "getAccount": give_way, "listPositions": see}

    async with serving_at(Limits(), rewire) as place:
        first, second = await place.connect(), await place.connect()
        first.send(place.request("GET", "/api/account"))
        while not seen:
            await asyncio.sleep(0.001)
        second.send(place.request("GET", "/api/positions"))
        assert (await second.answer()).status == 200
        assert (await first.answer()).status == 200
        assert seen == ["begun", "other", "done"]


async def test_the_end_comes_though_one_gives_way_for_ever() -> None:
    seen: list[str] = []

    def rewire(handlers: dict[str, Any]) -> dict[str, Any]:
        async def give_way(**_: Any) -> Any:
            seen.append("begun")
            try:
                while len(seen) < 2:
                    await asyncio.sleep(0)
            except asyncio.CancelledError:
                seen.append("cancelled")
                raise

        return {**handlers, "getAccount": give_way}

    async with serving_at(Limits(), rewire) as place:
        client = await place.connect()
        client.send(place.request("GET", "/api/account"))
        while not seen:
            await asyncio.sleep(0.001)
    with suppress(ConnectionError):
        assert await client.rest() == b""
    ended, seen[1:] = seen[1:], ["else it would go on for ever"]
    assert ended == ["cancelled"]


async def test_who_sends_ahead_is_served_once_a_turn() -> None:
    """Else the requests of one connection would all go before the first of another."""
    turns = 0
    begun: list[int] = []

    def rewire(handlers: dict[str, Any]) -> dict[str, Any]:
        handler: Callable[..., Awaitable[Any]] = handlers["getAccount"]

        async def see(**arguments: Any) -> Any:
            begun.append(turns)
            return await handler(**arguments)

        return {**handlers, "getAccount": see}

    def count() -> None:
        nonlocal turns
        turns += 1
        counting[0] = asyncio.get_running_loop().call_soon(count)

    async with serving_at(Limits(), rewire) as place:
        client = await place.connect()
        counting = [asyncio.get_running_loop().call_soon(count)]
        client.send(place.request("GET", "/api/account") * 8)
        assert [(await client.answer()).status for _ in range(8)] == [200] * 8
        counting[0].cancel()
    assert sorted(set(begun)) == begun
    assert len(begun) == 8


async def test_those_that_change_something_follow_those_that_are_read() -> None:
    order: list[str] = []
    door = Door(Limits())

    def first() -> None:
        order.append("read")
        door.go_on_soon(lambda: order.append("changed"))

    for _ in range(3):
        door.begin_soon(first)
    await asyncio.sleep(0.01)
    assert order == ["read"] * 3 + ["changed"] * 3


async def test_the_failure_of_one_begins_the_others_all_the_same() -> None:
    done: list[int] = []
    door = Door(Limits())
    loop = asyncio.get_running_loop()
    told: list[dict[str, Any]] = []

    def fail() -> None:
        raise RuntimeError("this one")

    loop.set_exception_handler(lambda _, context: told.append(context))
    try:
        door.begin_soon(lambda: done.append(1))
        door.begin_soon(fail)
        door.begin_soon(lambda: done.append(2))
        door.go_on_soon(fail)
        door.go_on_soon(lambda: done.append(3))
        await asyncio.sleep(0.01)
        door.begin_soon(lambda: done.append(4))
        await asyncio.sleep(0.01)
    finally:
        loop.set_exception_handler(None)
    assert (sorted(done), len(told)) == ([1, 2, 3, 4], 2)


@asynccontextmanager
async def _disk_that_waits(place: Place, folder: Path) -> AsyncIterator[Callable[[], None]]:
    """Nothing becomes durable until the function is called, or the block is left."""
    admin = {"Authorization": f"Bearer {place.server.credentials.admin_key}"}
    quote = {"symbol": "EURUSD", "bid": 1.1, "ask": 1.1001, "time": "2026-03-02T10:00:00Z"}
    pushed = place.request("POST", "/api/simulation/quotes", {"quotes": [quote]}, **admin)
    assert (await place.ask(pushed)).status == 200
    with closing(apsw.Connection(str(folder / "journal.sqlite"))) as other:
        other.execute("BEGIN IMMEDIATE")

        def go_on() -> None:
            if other.in_transaction:
                other.execute("ROLLBACK")

        try:
            yield go_on
        finally:
            go_on()


async def _trade(place: Place, name: str) -> Client:
    """A client whose trade has been carried out, and waits for the disk."""
    positions = place.server.desk.account(place.server.credentials.login).positions
    before = len(positions)
    client = await place.connect()
    body = {"symbol": "EURUSD", "action": "buy", "volume": 0.01, "client_order_id": name}
    client.send(place.request("POST", "/api/trade", body))
    async with asyncio.timeout(PATIENCE):
        while len(positions) == before:
            await asyncio.sleep(0.001)
    return client


async def test_those_that_wait_for_the_disk_are_in_hand_but_no_tasks(tmp_path: Path) -> None:
    limits = Limits(requests_in_hand=2, fresh_seconds=math.inf)
    async with serving_at(limits, data_dir=tmp_path) as place, _disk_that_waits(place, tmp_path) as go_on:
        before = len(asyncio.all_tasks())
        waiting = [await _trade(place, "first"), await _trade(place, "second")]
        assert len(asyncio.all_tasks()) == before
        assert (await place.ask(place.request("GET", "/api/symbols"))).status == 429
        go_on()
        assert [(await client.answer()).status for client in waiting] == [200, 200]
        assert (await place.ask(place.request("GET", "/api/symbols"))).status == 200


async def test_what_is_in_force_is_the_last_of_the_journal(tmp_path: Path) -> None:
    """Though one that waits for the disk in a task (its body came late) goes on after one that needs none."""
    async with serving_at(Limits(), data_dir=tmp_path) as place:
        desk = place.server.desk
        admin = {"Authorization": f"Bearer {place.server.credentials.admin_key}"}

        def faults(seed: int) -> bytes:
            return place.request("PUT", "/api/simulation/faults", {"seed": seed}, **admin)

        async def written(version: int) -> None:
            async with asyncio.timeout(PATIENCE):
                while desk.server_version < version:
                    await asyncio.sleep(0.001)

        async with _disk_that_waits(place, tmp_path) as go_on:
            before = desk.server_version
            clients = [await place.connect() for _ in range(3)]
            clients[0].send(faults(9))  # keeps the disk busy, so that the others share a commit
            await written(before + 1)
            await asyncio.sleep(0.1)
            head, _, body = faults(1).partition(b"\r\n\r\n")
            clients[1].send(head + b"\r\n\r\n")
            await asyncio.sleep(0.05)
            clients[1].send(body)
            await written(before + 2)
            clients[2].send(faults(2))
            await written(before + 3)
            go_on()
            assert [(await client.answer()).status for client in clients] == [200] * 3
        rows = await place.server.journal.read(0, before)
        assert [row.event.settings.seed for row in rows] == [9, 1, 2]
        assert desk.faults.settings.seed == 2


async def test_who_goes_away_while_the_disk_is_waited_for_is_no_obstacle(tmp_path: Path) -> None:
    async with serving_at(Limits(), data_dir=tmp_path) as place, _disk_that_waits(place, tmp_path) as go_on:
        gone, waiting = await _trade(place, "first"), await _trade(place, "second")
        await gone.close()
        await asyncio.sleep(0.05)
        go_on()
        assert (await waiting.answer()).status == 200
        positions = (await place.ask(place.request("GET", "/api/positions"))).envelope["data"]
        assert len(positions) == 2


async def test_the_end_waits_for_those_that_wait_for_the_disk(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        async with serving_at(Limits(), data_dir=tmp_path) as place:
            go_on = await stack.enter_async_context(_disk_that_waits(place, tmp_path))
            waiting = await _trade(place, "first")
            asyncio.get_running_loop().call_later(0.5, go_on)
        assert (await waiting.answer()).status == 200


async def test_a_disk_that_fails_is_told_to_all_that_wait_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = Event()

    def fail(_: Any) -> None:
        fails.wait(PATIENCE)
        raise apsw.FullError("no space left")

    async with serving_at(Limits(), data_dir=tmp_path) as place:
        async with _disk_that_waits(place, tmp_path):
            monkeypatch.setattr(place.server.journal, "_write", fail)
            waiting = [await _trade(place, name) for name in ("first", "second", "third")]
            fails.set()
            answers = [await client.answer() for client in waiting]
        assert [each.status for each in answers] == [503] * 3
        assert {each.envelope["code"] for each in answers} == {"NOT_CONNECTED"}


async def test_one_that_is_cancelled_as_it_begins_to_wait_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As the end of the server may cancel it: nobody gets an answer, and nothing has gone wrong."""
    held = Held("getAccount")
    begin_task = EnvelopeProtocol._begin_task

    def begin_and_cancel(self: EnvelopeProtocol, work: Any, **options: Any) -> None:
        begin_task(self, work, **options)
        for task in self.tasks:
            task.cancel()

    monkeypatch.setattr(EnvelopeProtocol, "_begin_task", begin_and_cancel)
    async with serving_at(Limits(), held.rewire) as place:
        client = await place.connect()
        client.send(place.request("GET", "/api/account"))
        with suppress(ConnectionError):
            assert await client.rest() == b""
    assert not [each for each in caplog.records if each.levelname == "ERROR"]
