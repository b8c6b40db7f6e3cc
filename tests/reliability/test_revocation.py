"""Nothing is written with a key after the answer to its end, however its end came and whatever had waited."""

from __future__ import annotations

import asyncio
import itertools
import json
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from contract.served import BASE_URL, Served, World, open_world, served, settings
from contract.test_matrix import Request, valid
from delivery.listening import listening
from reliability.access_matrix import DOCUMENT, GRANTS, SECURED, settle, state
from tradyn.app import open_server
from tradyn.delivery import hub
from tradyn.faults import FaultSettings

WRITES: Final = [name for name in SECURED if DOCUMENT.by_id[name].method != "get"]
WITH_BODY: Final = [name for name in WRITES if "requestBody" in DOCUMENT.by_id[name].node]
BODIES: Final[dict[str, Any]] = {"rotateKey": {}, "rotateWebhookSecret": {}}
PATIENCE: Final = 20.0


@dataclass
class Scene:
    """A broker, and a way to end a key."""

    world: World
    pass_time: Callable[[], None]

    async def key(self, operation_id: str) -> tuple[str, str]:
        """The id of a key that may call the operation, and the key; it has an end, in a minute."""
        scope = "admin" if "admin" in GRANTS[operation_id] else "full"
        access = self.world.server.access
        found = access.find(self.world.keys[scope])
        assert found is not None
        key, token = await access.issue(found.login, found.scope, expires_at=access.now() + 60_000)
        return key.key_id, token

    async def request(self, operation_id: str) -> Request:
        """One that succeeds with such a key."""
        request = await valid(self.world, operation_id)
        if operation_id == "createKey":
            return replace(request, body={"scope": "admin"})
        return request if request.body is not None else replace(request, body=BODIES.get(operation_id))

    async def end(self, way: str, key_ids: list[str], tokens: list[str]) -> None:
        """End the keys; the answers are there when this returns."""
        async with self.world.client("admin") as admin:
            for key_id, token in zip(key_ids, tokens, strict=True):
                if way == "revoked":
                    answer = await admin.delete(f"/api/keys/{key_id}")
                elif way == "rotated":
                    answer = await admin.post(f"/api/keys/{key_id}/rotate", json={"overlap_seconds": 0})
                elif way == "revoked by itself":
                    own = {"Authorization": f"Bearer {token}"}
                    answer = await admin.delete(f"/api/keys/{key_id}", headers=own)
                else:
                    continue
                assert answer.status_code == 200, answer.text
        if way == "expired":
            self.pass_time()


WAYS: Final = ["revoked", "revoked by itself", "rotated", "expired"]


@asynccontextmanager
async def scene() -> AsyncIterator[Scene]:
    now = [1_800_000_000.0]
    async with open_world(wall=lambda: now[0]) as world:
        yield Scene(world, lambda: now.__setitem__(0, now[0] + 60.0))


async def _send(
    world: World, operation_id: str, request: Request, token: str, content: Any = None
) -> httpx.Response:
    given: dict[str, Any] = {} if request.body is None else {"json": request.body}
    if content is not None:
        given = {"content": content}
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    transport = httpx.ASGITransport(world.app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        method = DOCUMENT.by_id[operation_id].method.upper()
        return await client.request(method, request.path, headers=headers, **given)


async def test_a_body_that_comes_too_late() -> None:
    """Let in with its head, while the key was valid; the body is sent when the key is gone."""
    async with scene() as found:
        world = found.world
        for way, name in itertools.product(WAYS, WITH_BODY):
            request, (key_id, token) = await found.request(name), await found.key(name)
            asked, go_on = asyncio.Event(), asyncio.Event()

            async def late(
                body: Any = request.body, asked: asyncio.Event = asked, go_on: asyncio.Event = go_on
            ) -> AsyncIterator[bytes]:
                asked.set()
                await go_on.wait()
                yield json.dumps(body).encode()

            sending = asyncio.create_task(_send(world, name, request, token, late()))
            await asyncio.wait_for(asked.wait(), PATIENCE)
            await found.end(way, [key_id], [token])
            before = await state(world)
            go_on.set()
            answer = await sending
            assert (answer.status_code, answer.json()["code"]) == (403, "INVALID_API_KEY"), (way, name)
            assert await state(world) == before, (way, name)


async def test_a_body_that_comes_in_time() -> None:
    """The same requests, without an end of the key: the test before is not passed by what never works."""
    async with scene() as found:
        for name in WITH_BODY:
            request, (_, token) = await found.request(name), await found.key(name)
            assert (await _send(found.world, name, request, token)).status_code == 200, name


# What the latency of the faults holds back, and what waits for its turn to move the market.
DELAYED: Final = {
    *("modifyPosition", "closePosition", "placeOrder", "modifyOrder", "cancelOrder", "trade", "closeAll"),
    *("closeBy", "updateClock", "advanceClock", "pushQuotes"),
}


@asynccontextmanager
async def _all_that_waits(
    found: Scene,
) -> AsyncIterator[tuple[dict[str, asyncio.Task[httpx.Response]], list[str], list[str]]]:
    """Every write has been sent; some are still on their way, until the end of the block."""
    world = found.world
    market, desk = world.server.market, world.server.desk
    # These would let the others arrive, take what they are about from them, or be in the way of a test.
    names = [name for name in WRITES if name not in ("setFaults", "resetAccount", "redeliver")]
    requests = {name: await found.request(name) for name in names}
    made = {name: await found.key(name) for name in names}
    desk.faults.set(FaultSettings(latency_ms=1000))
    await market._moving.acquire()
    try:
        tasks = {
            name: asyncio.create_task(_send(world, name, requests[name], made[name][1])) for name in names
        }
        at_once = [tasks[name] for name in names if name not in DELAYED]
        for answer in await asyncio.wait_for(asyncio.gather(*at_once), PATIENCE):
            assert answer.status_code == 200, answer.text
        for _ in range(100):
            await asyncio.sleep(0)
        waiting = {name: task for name, task in tasks.items() if not task.done()}
        assert waiting.keys() == DELAYED
        yield waiting, [made[name][0] for name in waiting], [made[name][1] for name in waiting]
    finally:
        market._moving.release()
        desk.faults.set(FaultSettings())
        desk.wake_arrivals()


async def test_what_is_on_its_way_is_refused_when_it_arrives() -> None:
    async with scene() as found:
        for way in WAYS:
            async with _all_that_waits(found) as (waiting, key_ids, tokens):
                await found.end(way, key_ids, tokens)
                before = await _settled(found.world)
            answers = await asyncio.wait_for(asyncio.gather(*waiting.values()), PATIENCE)
            codes = {
                name: (answer.status_code, answer.json()["code"])
                for name, answer in zip(waiting, answers, strict=True)
            }
            assert codes == dict.fromkeys(DELAYED, (403, "INVALID_API_KEY")), way
            assert await _state_but_faults(found.world) == before, way


async def _settled(world: World) -> list[object]:
    """The state once nothing more comes of what was done before."""
    await settle(world)
    return await _state_but_faults(world)


async def _state_but_faults(world: World) -> list[object]:
    return [each for each in await state(world) if not isinstance(each, FaultSettings)]


async def test_what_is_on_its_way_arrives_if_the_key_stays() -> None:
    async with scene() as found:
        async with _all_that_waits(found) as (waiting, _, _):
            pass
        answers = await asyncio.wait_for(asyncio.gather(*waiting.values()), PATIENCE)
        assert {each.status_code for each in answers} == {200}


async def test_a_refused_late_comer_has_used_up_no_client_order_id() -> None:
    async with scene() as found:
        desk = found.world.server.desk
        request = Request(
            "/api/trade", body={"symbol": "EURUSD", "action": "buy", "volume": 0.1, "client_order_id": "mine"}
        )
        (key_id, token), (_, other) = await found.key("trade"), await found.key("trade")
        desk.faults.set(FaultSettings(latency_ms=1000))
        first = asyncio.create_task(_send(found.world, "trade", request, token))
        while desk.next_arrival() is None:
            await asyncio.sleep(0)
        # A twin with a key that stays waits for the first, and then does it.
        twin = asyncio.create_task(_send(found.world, "trade", request, other))
        await found.end("revoked", [key_id], [token])
        desk.faults.set(FaultSettings())
        desk.wake_arrivals()
        assert (await first).status_code == 403
        done = await twin
        assert done.status_code == 200
        assert (await _send(found.world, "trade", request, other)).json()["data"] == done.json()["data"]


async def test_no_key_for_an_account_that_is_opened_while_the_admin_is_shut_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with scene() as found:
        server = found.world.server
        key_id, token = await found.key("createAccount")
        open_account: Callable[..., Awaitable[Any]] = server.desk.open_account

        async def slowly(**options: Any) -> Any:
            account = await open_account(**options)
            await found.end("revoked", [key_id], [token])
            return account

        monkeypatch.setattr(server.desk, "open_account", slowly)
        keys = len(server.access.keys())
        request = await found.request("createAccount")
        answer = await _send(found.world, "createAccount", request, token)
        assert (answer.status_code, answer.json()["code"]) == (403, "INVALID_API_KEY")
        assert len(server.access.keys()) == keys


async def test_a_reset_of_the_account_revives_no_key() -> None:
    async with scene() as found:
        world = found.world
        (gone_id, gone), (_, kept) = await found.key("trade"), await found.key("trade")
        await found.end("revoked", [gone_id], [gone])
        async with world.client("admin") as admin:
            assert (await admin.post(f"/api/accounts/{world.login}/reset")).status_code == 200
        assert world.server.access.find(gone) is None
        assert world.server.access.find(kept) is not None


# ── many at once ───────────────────────────────────────────────────────────────────────────────────────────

WRITERS: Final = 16
BEFORE: Final = 100
"""Writes that have succeeded when the key is ended."""
AFTER: Final = 3
"""Refusals after which a writer stops."""


@dataclass
class Trial:
    """What a writer saw: when it began each request, and how that was answered."""

    begun: float
    status: int


def _write(base_url: str, token: str, seen: list[Trial], enough: threading.Event, total: list[int]) -> None:
    body = {"symbol": "EURUSD", "type": 2, "volume": 0.01, "price": 0.9}
    refused = 0
    with httpx.Client(base_url=base_url, headers={"Authorization": f"Bearer {token}"}) as client:
        ticket = None
        while refused < AFTER:
            begun = perf_counter()
            if ticket is None:
                answer = client.post("/api/orders", json=body)
                ticket = answer.json()["data"]["ticket"] if answer.status_code == 200 else None
            else:
                answer = client.delete(f"/api/orders/{ticket}")
                ticket = None
            seen.append(Trial(begun, answer.status_code))
            refused += answer.status_code != 200
            total[0] += 1
            if total[0] >= BEFORE:
                enough.set()


def _end_over_http(broker: Served, way: str, key_id: str, token: str) -> None:
    key = token if way == "revoked by itself" else broker.world.keys["admin"]
    with httpx.Client(base_url=broker.base_url, headers={"Authorization": f"Bearer {key}"}) as client:
        if way == "rotated":
            answer = client.post(f"/api/keys/{key_id}/rotate", json={"overlap_seconds": 0})
        else:
            answer = client.delete(f"/api/keys/{key_id}")
    assert answer.status_code == 200


@pytest.mark.parametrize("way", ["revoked", "revoked by itself", "rotated"])
def test_of_many_who_write_nobody_does_after_the_answer(tmp_path: Path, way: str) -> None:
    folder = tmp_path / "data"
    with served(data_dir=folder) as broker:
        world = broker.world
        key_id, token = broker.run(world.issue("full", world.login))
        seen: list[list[Trial]] = [[] for _ in range(WRITERS)]
        enough, total = threading.Event(), [0]
        writers = [
            threading.Thread(target=_write, args=(broker.base_url, token, each, enough, total))
            for each in seen
        ]
        for each in writers:
            each.start()
        assert enough.wait(PATIENCE)
        _end_over_http(broker, way, key_id, token)
        answered = perf_counter()
        for each in writers:
            each.join(PATIENCE)
            assert not each.is_alive()
        trials = [trial for each in seen for trial in each]
        assert {trial.status for trial in trials} == {200, 403}
        assert [trial for trial in trials if trial.begun > answered and trial.status == 200] == []
        done = sum(trial.status == 200 for trial in trials)
        login = world.login
    written = _journal(folder / "journal.sqlite")
    end = next(
        index
        for index, (account, kind, payload) in enumerate(written)
        if account == 0 and kind in ("KeyRevoked", "KeyExpirySet") and key_id in payload
    )
    assert [kind for account, kind, _ in written[end:] if account == login] == []
    assert sum(account == login for account, _, _ in written[:end]) >= done
    asyncio.run(_stays_ended(folder, token))


def _journal(path: Path) -> list[tuple[int, str, str]]:
    """(account, kind, payload) in the order in which they were written."""
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT account, kind, payload FROM transactions ORDER BY rowid").fetchall()
    connection.close()
    return [(account, kind, bytes(payload).decode()) for account, kind, payload in rows]


async def _stays_ended(folder: Path, token: str) -> None:
    async with open_server(settings(data_dir=folder), on_answer=lambda _: None) as server:
        assert server.access.find(token) is None


@pytest.mark.parametrize("way", ["revoked", "rotated"])
def test_its_sockets_are_closed(way: str) -> None:
    with served() as broker:
        world = broker.world
        key_id, token = broker.run(world.issue("full", world.login))
        with listening(broker.base_url, token) as reader:
            assert reader.ask(op="subscribe", channel="deals")["event"] == "subscribed"
            _end_over_http(broker, way, key_id, token)
            assert reader.hear_until("closing")[-1]["code"] == "INVALID_API_KEY"
            with pytest.raises(ConnectionClosed):
                reader.hear()


QUESTIONS: Final[list[dict[str, Any]]] = [
    {"op": "subscribe", "channel": "positions"},
    {"op": "subscribe", "channel": "account"},
    {"op": "subscribe", "channel": "deals", "after": 0},
    {"op": "subscribe", "channel": "ticks"},
    {"op": "ping"},
    {"op": "nonsense"},
]


def test_nothing_is_read_on_a_socket_after_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even before it is looked at from time to time: whatever is asked, the farewell is the answer."""
    monkeypatch.setattr(hub, "_BEATS_BETWEEN_KEYS", 10**9)
    with served() as broker:
        for question in QUESTIONS:
            key_id, token = broker.run(broker.world.issue("full", broker.world.login))
            with listening(broker.base_url, token) as reader:
                assert reader.ask(op="ping")["event"] == "pong"
                _end_over_http(broker, "revoked", key_id, token)
                reader.say(**question)
                heard = reader.hear()
                assert (heard["event"], heard.get("code")) == ("closing", "INVALID_API_KEY"), question
                with pytest.raises(ConnectionClosed):
                    reader.hear()
