"""The hub by itself, with sockets that are clear or not as a test says, and a journal that can be held up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from contract.served import World, open_world
from tradyn.adapters.journal_sqlite import SqliteJournal
from tradyn.broker.commands import ChangeBalance
from tradyn.broker.market import Quote
from tradyn.candles import Timeframe
from tradyn.delivery.hub import Hub
from tradyn.delivery.reader import Reader
from tradyn.errors import ApiError
from tradyn.ports import Batch, Commit, JournalFailed

Json = dict[str, Any]


class Socket:
    """Keeps what is written; takes it only while it is clear."""

    def __init__(self) -> None:
        self.written: list[Json] = []
        self.writings = 0
        self.is_clear = True
        self.closed: str | None = None

    @staticmethod
    def frame(payload: bytes) -> bytes:
        return payload + b"\n"

    def write(self, frames: bytes) -> None:
        self.writings += 1
        self.written += [json.loads(each) for each in frames.splitlines()]

    async def cleared(self) -> None:
        while not self.is_clear:
            await asyncio.sleep(0.001)

    def close(self, code: int, reason: str, linger: float) -> None:
        self.closed = reason

    def heard(self, event: str) -> list[Json]:
        return [each for each in self.written if each["event"] == event]


class HeldJournal:
    """A journal whose commits wait while it is held."""

    def __init__(self, inner: SqliteJournal) -> None:
        self._inner = inner
        self.is_held = False
        self.failed: JournalFailed | None = None
        self._waiting: list[tuple[Batch, Commit]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def append(self, batch: Batch) -> Commit:
        if not self.is_held:
            return self._inner.append(batch)
        commit = Commit(loop=asyncio.get_running_loop())
        self._waiting.append((batch, commit))
        return commit

    async def release(self) -> None:
        self.is_held = False
        for batch, commit in self._waiting:
            await self._inner.append(batch)
            commit.end(None)
        self._waiting.clear()

    def fail(self) -> None:
        for _, commit in self._waiting:
            commit.end(JournalFailed("the disk is gone"))
        self._waiting.clear()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as world:
        yield world


def reader_of(world: World, socket: Socket, scope: str = "full") -> Reader:
    key = world.server.access.find(world.keys[scope])
    assert key is not None
    hub = world.server.hub
    reader = Reader(socket, key, hub.schedule, hub.farewell)
    hub.add(socket, reader)
    return reader


async def deposit(world: World) -> None:
    command = ChangeBalance(amount=Decimal("0.01"), comment="", client_order_id=None)
    await world.server.desk.execute(world.login, command, "test")


async def until(condition: Any) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


def tick(hub: Hub, world: World, number: int, symbol: str = "EURUSD") -> None:
    hub.quoted(Quote(symbol, 100_000 + number, 100_010 + number, world.server.desk.now + number))


# ---------------------------------------------------------------------- durability


async def test_nothing_is_heard_before_it_is_durable_and_nothing_that_never_is() -> None:
    journal = HeldJournal(SqliteJournal.open(None))
    async with open_world(journal=journal) as world:
        hub, socket = world.server.hub, Socket()
        reader = reader_of(world, socket)
        version, _ = await hub.hear_numbered(reader, "deals", None)
        hub.bring_up(reader, "deals", version)
        await until(lambda: "deals" in reader.numbered)

        journal.is_held = True
        opening = asyncio.create_task(world.open_position(world.login))
        await asyncio.sleep(0.3)
        assert socket.heard("deal") == [] and hub.version(world.login) == version
        await journal.release()
        await opening
        await until(lambda: socket.heard("deal"))
        assert [each["version"] for each in socket.heard("deal")] == [version + 1]

        journal.is_held = True
        opening = asyncio.create_task(world.open_position(world.login))
        await asyncio.sleep(0.05)
        journal.fail()
        with pytest.raises(ApiError, match="cannot use its journal"):
            await opening
        await asyncio.sleep(0.3)
        assert len(socket.heard("deal")) == 1
        # As after a real failure: nothing is written any more, not at the end either.
        journal.failed = JournalFailed("the disk is gone")


# ---------------------------------------------------------------------- slow readers


async def test_ticks_of_a_slow_reader_are_the_latest_of_each_symbol(world: World) -> None:
    hub, fast, slow = world.server.hub, Socket(), Socket()
    for socket in (fast, slow):
        hub.hear_ticks(reader_of(world, socket), ["EURUSD", "GBPUSD"])
    await asyncio.sleep(0)
    begun = len(fast.written)
    slow.is_clear = False
    for number in range(1, 101):
        tick(hub, world, number)
        tick(hub, world, number, "GBPUSD")
        await asyncio.sleep(0)
    assert len(fast.heard("tick")) == begun + 200
    assert len(slow.written) == begun
    slow.is_clear = True
    await until(lambda: len(slow.written) > begun)
    assert {each["data"]["symbol"]: each["data"] for each in slow.written[begun:]} == {
        each["data"]["symbol"]: each["data"] for each in fast.written[-2:]
    }
    assert len(slow.written) == begun + 2


async def test_what_comes_at_once_is_written_at_once_and_not_without_bound(world: World) -> None:
    hub, socket = world.server.hub, Socket()
    hub.hear_ticks(reader_of(world, socket), ["EURUSD"])
    await asyncio.sleep(0)
    socket.written.clear()
    socket.writings = 0
    for number in range(1, 10_001):
        tick(hub, world, number)
    await asyncio.sleep(0)
    assert socket.writings == 1
    assert len(socket.written) < 1000
    assert socket.written[-1]["data"]["bid"] == 1.1


async def test_numbered_messages_wait_for_a_slow_reader_in_the_journal(world: World) -> None:
    hub, socket = world.server.hub, Socket()
    reader = reader_of(world, socket)
    version, _ = await hub.hear_numbered(reader, "deals", None)
    hub.bring_up(reader, "deals", version)
    await until(lambda: "deals" in reader.numbered)
    socket.is_clear = False
    for _ in range(50):
        await deposit(world)
    assert "deals" not in reader.numbered and socket.heard("deal") == []
    socket.is_clear = True
    await until(lambda: len(socket.heard("deal")) == 50)
    assert [each["version"] for each in socket.heard("deal")] == list(range(version + 1, version + 51))
    await until(lambda: "deals" in reader.numbered)


async def test_a_long_way_to_the_present_leaves_others_their_turn(world: World) -> None:
    hub, socket = world.server.hub, Socket()
    for _ in range(600):
        await world.open_position(world.stranger)
    assert hub.version(world.stranger) > 600
    key, _ = await world.server.access.issue(world.stranger, world.server.access.keys()[0].scope)
    reader = Reader(socket, key, hub.schedule, hub.farewell)
    hub.add(socket, reader)
    hub.bring_up(reader, "notifications", 0)
    turns = 0
    while "notifications" not in reader.numbered:
        turns += 1
        await asyncio.sleep(0)
    assert turns >= 4


# ---------------------------------------------------------------------- order and rates


async def test_ticks_never_go_back(world: World) -> None:
    hub, socket = world.server.hub, Socket()
    hub.hear_ticks(reader_of(world, socket), ["EURUSD"])
    for number in (5, 3, 9):
        tick(hub, world, number)
    await asyncio.sleep(0)
    assert [each["data"]["bid"] for each in socket.heard("tick")[1:]] == [1.00005, 1.00009]


async def test_at_most_ten_summaries_a_second(world: World) -> None:
    hub, socket = world.server.hub, Socket()
    await hub.hear_account(reader_of(world, socket))
    loop = asyncio.get_running_loop()
    began = loop.time()
    number = 0
    while loop.time() - began < 1:
        number += 1
        bid = 108_000 + number % 100
        world.server.desk.take_quote(Quote("EURUSD", bid, bid + 10, world.server.desk.now + 1))
        await asyncio.sleep(0.002)
    # The first answers the subscription.
    assert 2 < len(socket.heard("account")) <= (loop.time() - began) * 10 + 2


async def test_a_message_that_cannot_be_made_sends_its_readers_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, socket = world.server.hub, Socket()
    reader = reader_of(world, socket)
    hub.bring_up(reader, "deals", hub.version(world.login))
    await until(lambda: "deals" in reader.numbered)

    def broken(*_: object) -> None:
        raise ValueError("a fault of this program")

    monkeypatch.setattr(hub, "_numbered", broken)
    await world.open_position(world.login)
    await until(lambda: socket.closed is not None)
    assert socket.written[-1]["code"] == "INTERNAL_ERROR"
    assert reader not in hub.readers


async def test_every_candle_that_closed_is_told(world: World) -> None:
    hub, socket = world.server.hub, Socket()
    hub.hear_candles(reader_of(world, socket), [("EURUSD", Timeframe.M1)])
    await until(lambda: socket.heard("candle"))
    await world.server.market.advance(None, 600_000)
    await until(lambda: len([each for each in socket.heard("candle") if each["is_closed"]]) >= 10)
    closed = [each["data"]["time"] for each in socket.heard("candle") if each["is_closed"]]
    assert closed == sorted(set(closed))
    assert closed[-1] < socket.heard("candle")[-1]["data"]["time"]


async def test_a_key_about_to_expire_is_told_to_whoever_listens_later(world: World) -> None:
    access = world.server.access
    key, _ = await access.issue(world.login, access.keys(world.login)[0].scope, "", access.now() + 60_000)
    hub, socket = world.server.hub, Socket()
    reader = Reader(socket, key, hub.schedule, hub.farewell)
    hub.add(socket, reader)
    await asyncio.sleep(1.2)
    assert socket.written == []
    hub.bring_up(reader, "notifications", hub.version(world.login))
    await until(lambda: socket.heard("notification"))
    await asyncio.sleep(1.2)
    assert [each["data"]["kind"] for each in socket.heard("notification")] == ["key_expiring"]
