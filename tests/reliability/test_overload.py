"""Overload: who cannot be served is told so at once, nothing is done for them, and the others are served."""

from __future__ import annotations

import asyncio
import gc
import json
import math
from typing import Any

import pytest
import uvloop

from reliability.at_the_door import LIVE, Answer, Held, serving_at
from tradyn.costly_reads import AT_ONCE, IN_QUEUE
from tradyn.door import Door, Limits
from tradyn.errors import CODES

TWO = Limits(requests_in_hand=2, fresh_seconds=math.inf)
QUOTE = {"quotes": [{"symbol": "EURUSD", "bid": 1.0875, "ask": 1.0876}]}


@pytest.fixture(scope="session")
def event_loop_policy() -> asyncio.AbstractEventLoopPolicy:
    """The loop that `tradyn serve` has."""
    policy: asyncio.AbstractEventLoopPolicy = uvloop.EventLoopPolicy()
    return policy


def _shed(answer: Answer) -> None:
    envelope = answer.envelope
    assert (answer.status, envelope["success"], envelope["code"]) == (429, False, "RATE_LIMITED")
    assert envelope["retcode"] == CODES["RATE_LIMITED"].retcode
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["x-request-id"] == envelope["request_id"]
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_request_too_many_is_shed_and_the_others_served() -> None:
    held = Held("getAccount")
    async with serving_at(TWO, rewire=held.rewire) as place:
        account = place.request("GET", "/api/account")
        first, second, third = [await place.connect() for _ in range(3)]
        first.send(account)
        second.send(account)
        await held.begun(2)
        third.send(place.request("GET", "/api/positions", X_Request_Id="mine"))
        shed = await third.answer()
        _shed(shed)
        assert shed.headers["x-request-id"] == "mine"
        fourth = await place.connect()
        fourth.send(place.request("GET", "/api/positions", X_Request_Id=place.key))
        assert place.key not in (await fourth.answer()).headers["x-request-id"]
        await fourth.close()
        # Health is told even now, or whoever watches would take a busy server for a dead one.
        third.send(LIVE)
        assert (await third.answer()).status == 200
        held.go_on()
        assert [(await each.answer()).status for each in (first, second)] == [200, 200]
        third.send(place.request("GET", "/api/positions"))
        assert (await third.answer()).status == 200
        for each in (first, second, third):
            await each.close()


async def test_a_flood_of_questions_about_health_takes_nobody_else_s_place() -> None:
    health = Held("getLiveness")
    limits = Limits(requests_in_hand=1, health_requests=2, hold_seconds=0.2)
    async with serving_at(limits, rewire=health.rewire) as place:
        curious = [await place.connect() for _ in range(5)]
        for each in curious:
            each.send(LIVE * 2)
        await health.begun(5)
        # None of them counts among those in hand; what is no question about health is not taken for one.
        assert (await place.ask(place.request("GET", "/api/account"))).status == 200
        assert (await place.ask(LIVE.replace(b"/v1", b"/x"))).status == 404
        health.go_on()
        assert [(await each.answer()).status for each in curious] == [200] * 5
        began = asyncio.get_running_loop().time()
        assert [(await each.answer()).status for each in curious] == [200] * 5
        # Two were within the bound; the others were held, for half of the time at least, before their next.
        assert asyncio.get_running_loop().time() - began > 0.09
        for each in curious:
            await each.close()


async def test_costly_reads_have_a_room_of_their_own() -> None:
    async with serving_at(Limits()) as place:
        # So many that they would be in each other's way for a second, were all of them begun at once.
        clients = [await place.connect() for _ in range(AT_ONCE + IN_QUEUE + 10)]
        curve = place.request("GET", "/api/account/equity?points=1000")
        for each in clients:
            each.send(curve)
        statuses = [(await each.answer()).status for each in clients]
        assert set(statuses) <= {200, 429} and statuses.count(200) >= AT_ONCE
        for each in clients:
            await each.close()


async def test_who_is_sent_away_is_counted_for_whoever_watches() -> None:
    held = Held("getAccount")
    limits = Limits(requests_in_hand=1, fresh_seconds=math.inf, connections=2)
    async with serving_at(limits, rewire=held.rewire) as place:
        account = place.request("GET", "/api/account")
        first, second = [await place.connect() for _ in range(2)]
        first.send(account)
        await held.begun(1)
        second.send(account)
        _shed(await second.answer())
        third = await place.connect()
        third.send(account)
        assert (await third.answer()).status == 503
        await third.close()
        held.go_on()
        assert (await first.answer()).status == 200
        first.send(b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        counts = (await first.answer()).body.decode().splitlines()
        assert "tradyn_requests_shed_total 1.0" in counts
        assert "tradyn_connections_refused_total 1.0" in counts
        for each in (first, second):
            await each.close()


async def test_what_is_shed_keeps_its_place_among_the_answers() -> None:
    held = Held("getAccount")
    async with serving_at(TWO, rewire=held.rewire) as place:
        clients = [await place.connect() for _ in range(3)]
        for each in clients[:2]:
            each.send(place.request("GET", "/api/account"))
        await held.begun(2)
        requests = [place.request("GET", "/api/positions", X_Request_Id=str(number)) for number in range(5)]
        ending = place.request("HEAD", "/api/positions", Connection="close")
        clients[2].send(b"".join(requests) + LIVE + ending + LIVE)
        answers = [await clients[2].answer() for _ in range(6)]
        assert [each.status for each in answers] == [429] * 5 + [200]
        assert [each.headers["x-request-id"] for each in answers[:5]] == ["0", "1", "2", "3", "4"]
        last = await clients[2].answer(has_body=False)
        assert (last.status, last.headers["connection"]) == (429, "close")
        assert await clients[2].rest() == b""
        held.go_on()
        for each in clients[:2]:
            assert (await each.answer()).status == 200
            await each.close()


async def test_whoever_was_shed_is_not_read_for_a_while() -> None:
    held = Held("getAccount")
    limits = Limits(requests_in_hand=2, fresh_seconds=math.inf, hold_seconds=3600)
    async with serving_at(limits, rewire=held.rewire) as place:
        busy = [await place.connect() for _ in range(2)]
        for each in busy:
            each.send(place.request("GET", "/api/account"))
        await held.begun(2)
        hasty = await place.connect()
        hasty.send(place.request("GET", "/api/positions"))
        _shed(await hasty.answer())
        held.go_on()
        for each in busy:
            assert (await each.answer()).status == 200
            await each.close()
        hasty.send(LIVE)
        # Others come and go meanwhile.
        assert [(await place.ask(LIVE)).status for _ in range(20)] == [200] * 20
        await hasty.close()
        with pytest.raises(asyncio.IncompleteReadError):
            await hasty.answer()


async def test_a_trade_that_is_shed_has_not_happened() -> None:
    held = Held("getAccount")
    async with serving_at(TWO, rewire=held.rewire) as place:
        desk, login = place.server.desk, place.server.credentials.login
        push = place.request(
            "POST",
            "/api/simulation/quotes",
            QUOTE,
            Authorization=f"Bearer {place.server.credentials.admin_key}",
        )
        assert (await place.ask(push)).status == 200
        before = desk.account(login).version
        busy = [await place.connect() for _ in range(2)]
        for each in busy:
            each.send(place.request("GET", "/api/account"))
        await held.begun(2)
        order = {"symbol": "EURUSD", "action": "buy", "volume": 0.1, "client_order_id": "once"}
        trade = place.request("POST", "/api/trade", order)
        _shed(await place.ask(trade))
        assert desk.account(login).version == before
        held.go_on()
        for each in busy:
            assert (await each.answer()).status == 200
            await each.close()
        # What was shed used up nothing: the same request is done now, and once.
        first, second = [(await place.ask(trade)).envelope["data"] for _ in range(2)]
        assert first == second
        assert len(desk.account(login).positions) == 1


async def test_what_waits_for_something_else_holds_up_nobody() -> None:
    held = Held("getAccount")
    async with serving_at(Limits(requests_in_hand=2, fresh_seconds=0.05), rewire=held.rewire) as place:
        waiting = [await place.connect() for _ in range(8)]
        for each in waiting:
            each.send(place.request("GET", "/api/account"))
            await held.begun(1)
            await asyncio.sleep(0.1)
            assert (await place.ask(place.request("GET", "/api/positions"))).status == 200
        held.go_on()
        for each in waiting:
            assert (await each.answer()).status == 200
            await each.close()


async def test_a_flood_of_trades_is_done_once_each_or_not_at_all() -> None:
    # Nobody is held, because these clients do not wait as they are told.
    floods, limits = 300, Limits(requests_in_hand=16, fresh_seconds=math.inf, hold_seconds=0)
    async with serving_at(limits) as place:
        desk, login = place.server.desk, place.server.credentials.login
        push = place.request(
            "POST",
            "/api/simulation/quotes",
            QUOTE,
            Authorization=f"Bearer {place.server.credentials.admin_key}",
        )
        assert (await place.ask(push)).status == 200
        clients = [await place.connect() for _ in range(floods)]
        left = set(range(floods))
        tickets: dict[int, int] = {}
        shed = 0
        while left:
            for number in left:
                clients[number].send(place.request("POST", "/api/trade", _trade(number)))
            done = 0
            for number in sorted(left):
                answer = await clients[number].answer()
                if answer.status == 200:
                    tickets[number] = answer.envelope["data"]["ticket"]
                    left.discard(number)
                    done += 1
                else:
                    _shed(answer)
                    shed += 1
            assert done >= 1
            held = {each.client_order_id for each in desk.account(login).positions.values()}
            assert held == {f"flood-{number}" for number in tickets}
        assert shed > 0
        assert len(set(tickets.values())) == floods == len(desk.account(login).positions)
        # Afterwards all is as ever: whoever asks again hears of what was done.
        again = await place.ask(place.request("POST", "/api/trade", _trade(7)))
        assert json.loads(again.body)["data"]["ticket"] == tickets[7]
        for each in clients:
            await each.close()


def _trade(number: int) -> dict[str, Any]:
    return {"symbol": "EURUSD", "action": "buy", "volume": 0.01, "client_order_id": f"flood-{number}"}


async def test_a_request_leaves_nothing_to_the_garbage_collector() -> None:
    # Thousands of requests a second that do would halt the server for a tenth of a second, again and again.
    async with serving_at(Limits()) as place:
        requests = [
            place.request("GET", "/api/account"),
            place.request("GET", "/api/positions/7"),
            place.request("POST", "/api/trade", {"symbol": "EURUSD", "action": "buy", "volume": 0.1}),
        ]
        client = await place.connect()
        for raw in requests:
            client.send(raw)
            await client.answer()
        gc.collect()
        gc.disable()
        try:
            for raw in requests * 20:
                client.send(raw)
                await client.answer()
            found = gc.collect()
        finally:
            gc.enable()
        assert found < 20, f"{found} objects of 60 requests"
        await client.close()


# ---------------------------------------------------------------------- the count, by itself


async def test_who_waits_for_something_else_is_not_counted() -> None:
    now = 100.0
    door = Door(Limits(requests_in_hand=3, fresh_seconds=0.5), clock=lambda: now)
    something = asyncio.Event()

    async def wait() -> None:
        await something.wait()

    tasks = [asyncio.create_task(wait()) for _ in range(6)]
    await asyncio.sleep(0)
    for each in tasks[:3]:
        assert not door.is_full
        door.begin(each)
    assert door.is_full
    now = 101.0
    assert not door.is_full, "what has waited for a second waits for something else"
    for each in tasks[3:5]:
        door.begin(each)
        assert not door.is_full
    door.begin(tasks[5])
    assert door.is_full
    door.end(tasks[5])
    assert not door.is_full
    something.set()
    await asyncio.gather(*tasks)


async def test_who_waits_for_the_processor_is_counted_at_any_age() -> None:
    now = 100.0
    door = Door(Limits(requests_in_hand=3, fresh_seconds=0.5), clock=lambda: now)

    async def work() -> None:
        while now < 200:
            await asyncio.sleep(0)

    tasks = [asyncio.create_task(work()) for _ in range(3)]
    for each in tasks:
        door.begin(each)
    for now in (101.0, 102.0):  # noqa: B007
        await asyncio.sleep(0)
        assert door.is_full
    now = 200.0
    await asyncio.gather(*tasks)


def test_those_held_are_let_go_in_turn() -> None:
    # Held for half the time to half as long again, so that they do not come back all at once.
    now = 100.0
    door = Door(Limits(hold_seconds=2.0), clock=lambda: now)
    let_go: list[int] = []
    for number in range(200):
        door.hold(lambda number=number: let_go.append(number))  # type: ignore[misc]
    now = 100.99
    door.let_go()
    assert let_go == []
    now = 102.0
    door.let_go()
    assert 0 < len(let_go) < 200
    now = 103.0
    door.let_go()
    assert sorted(let_go) == list(range(200))
