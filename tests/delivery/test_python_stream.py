"""The stream through the Python client: typed events, and no break that anybody would notice."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tradyn_client import errors
from tradyn_client.models import (
    AccountEvent,
    CandleEvent,
    DealEvent,
    DealsEvent,
    NotificationEvent,
    OrderEvent,
    OrdersEvent,
    PositionEvent,
    PositionsEvent,
    TickEvent,
)
from tradyn_client.stream import Event, Stream, Subscription

from contract.served import Served, served
from delivery.test_stream import close
from serving import free_port, serving
from tradyn.faults import FaultSettings

TIMEOUT = 30


@pytest.fixture(scope="module")
def broker() -> Iterator[Served]:
    # The way that is cut has a port of its own.
    with served(allowed_hosts=("127.0.0.1:*",)) as broker:
        yield broker


def stream(broker: Served, scope: str = "full", base_url: str | None = None, **wanted: Any) -> Stream:
    return Stream(base_url or broker.base_url, broker.world.keys[scope], Subscription(**wanted))


async def take(events: Any, count: int) -> list[Event]:
    async with asyncio.timeout(TIMEOUT):
        return [await anext(events) for _ in range(count)]


async def trade(broker: Served) -> int:
    def work() -> int:
        ticket = broker.run(broker.world.open_position(broker.world.login))
        close(broker, ticket)
        return ticket

    return await asyncio.to_thread(work)


async def test_every_kind_of_event_is_typed(broker: Served) -> None:
    wanted: dict[str, Any] = dict.fromkeys(("account", "positions", "orders", "deals"), True)
    events = aiter(stream(broker, ticks=["EURUSD"], candles={"M1": ["EURUSD"]}, **wanted))
    seen: set[type] = set()
    kinds = {AccountEvent, CandleEvent, DealsEvent, OrdersEvent, PositionsEvent, TickEvent}
    while not kinds <= seen:
        seen |= {type(each) for each in await take(events, 1)}
    ticket = await trade(broker)
    while not {DealEvent, OrderEvent, PositionEvent} <= seen:
        for each in await take(events, 1):
            seen.add(type(each))
            if isinstance(each, PositionEvent):
                assert each.data.ticket == ticket
    await events.aclose()


async def test_notifications(broker: Served) -> None:
    events = aiter(stream(broker, notifications=True))
    listening = asyncio.create_task(take(events, 2))
    while not broker.world.server.hub.readers:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    faults = broker.world.server.desk.faults
    for is_connected in (False, True):
        faults.set(FaultSettings(connected=is_connected))
        await asyncio.sleep(0.3)
    told = [each.data.kind for each in await listening if isinstance(each, NotificationEvent)]
    assert told == ["connection_lost", "connection_restored"]
    await events.aclose()


async def test_it_goes_on_from_where_another_run_ended(broker: Served) -> None:
    first = stream(broker, deals=True)
    events = aiter(first)
    (snapshot,) = await take(events, 1)
    assert isinstance(snapshot, DealsEvent) and first.versions == {"deals": snapshot.version}
    await events.aclose()
    for _ in range(3):
        await trade(broker)
    events = aiter(stream(broker, "read", deals=first.versions["deals"]))
    missed = await take(events, 6)
    assert [each.data.entry for each in missed if isinstance(each, DealEvent)] == ["in", "out"] * 3
    await events.aclose()


@pytest.mark.parametrize(
    ("scope", "wanted", "error"),
    [
        ("admin", {"ticks": True}, errors.InsufficientScope),
        ("trade", {"deals": True}, errors.InsufficientScope),
        ("read", {"ticks": ["NONE"]}, errors.UnknownSymbol),
        ("read", {"deals": 10**9}, errors.InvalidCursor),
    ],
)
async def test_what_no_new_try_can_mend_ends_it(
    broker: Served, scope: str, wanted: dict[str, Any], error: type[errors.TradynError]
) -> None:
    with pytest.raises(error):
        await take(aiter(stream(broker, scope, **wanted)), 1)


async def test_a_key_that_is_nobodys_and_one_that_is_revoked(broker: Served) -> None:
    with pytest.raises(errors.InvalidApiKey):
        await take(aiter(Stream(broker.base_url, "tk_live_nobodys", Subscription(ticks=True))), 1)
    with pytest.raises(errors.Unauthorized):
        await take(aiter(Stream(broker.base_url, None, Subscription(ticks=True))), 1)
    key_id, key = await asyncio.to_thread(broker.run, broker.world.issue("read", broker.world.login))
    events = aiter(Stream(broker.base_url, key, Subscription(account=True)))
    await take(events, 1)
    access = broker.world.server.access
    await asyncio.to_thread(broker.run, access.revoke(access.get(key_id, None)))
    with pytest.raises(errors.InvalidApiKey):
        await take(events, 2)


class Cutter:
    """A way to the server that is cut when it is told to."""

    def __init__(self, port: int) -> None:
        self.port = free_port()
        self._to = port
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Cutter:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        self._server.close()

    def cut(self) -> None:
        for each in self._writers:
            each.transport.abort()
        self._writers.clear()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        self._writers |= {writer, far_writer}
        await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))

    @staticmethod
    async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await reader.read(65_536):
                writer.write(piece)
                await writer.drain()
        except OSError:
            return
        finally:
            writer.close()


async def test_cuts_lose_nothing_and_double_nothing(broker: Served) -> None:
    dice = Random(3)
    async with Cutter(broker.port) as cutter:
        listening = stream(broker, base_url=f"http://127.0.0.1:{cutter.port}/v1", deals=True, orders=True)
        events = aiter(listening)
        await take(events, 2)
        heard: list[Event] = []

        async def listen() -> None:
            async for event in events:
                heard.append(event)

        task = asyncio.create_task(listen())
        tickets = []
        for _ in range(20):
            tickets.append(await trade(broker))
            await asyncio.sleep(dice.random() / 50)
            cutter.cut()
        async with asyncio.timeout(TIMEOUT):
            while sum(isinstance(each, DealEvent) for each in heard) < 40:
                await asyncio.sleep(0.01)
        task.cancel()
    deals = [each for each in heard if isinstance(each, DealEvent)]
    assert [each.data.position for each in deals] == [ticket for ticket in tickets for _ in range(2)]
    assert len({each.version for each in deals}) == 40


async def test_a_restart_of_the_server_is_no_end(tmp_path: Path) -> None:
    port = free_port()

    def start() -> Any:
        return serving(tmp_path / "data", "--clock", "manual", port=port)

    with start() as server:
        key, base_url = server.credentials["api_key"], server.credentials["base_url"]
        events = aiter(Stream(base_url, key, Subscription(deals=True)))
        await take(events, 1)
    with start() as server, server.client() as client:
        body = {"symbol": "EURUSD", "action": "buy", "volume": 0.1}
        bought = await asyncio.to_thread(lambda: client.post("/api/trade", json=body).json()["data"])
        (event,) = await take(events, 1)
        assert isinstance(event, DealEvent) and event.data.ticket == bought["deal"]
        await events.aclose()


def test_what_is_no_key_is_said_before_anything_is_sent_and_not_shown() -> None:
    with pytest.raises(ValueError, match="no API key") as raised:
        Stream("http://127.0.0.1:8080/v1", "tk_live_…", Subscription(ticks=True))
    assert "tk_live" not in str(raised.value)
