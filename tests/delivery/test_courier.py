"""The courier over the whole application, with receivers on this machine and a wall clock that tests move."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
import structlog
from standardwebhooks import Webhook as Verifier

from contract.served import served
from delivery.listening import listening
from delivery.receiver import Received, Receiver, receiver
from in_process import Terminal, terminal
from tradyn.delivery import guarded_http
from tradyn.delivery import webhooks as courier
from tradyn.delivery.webhooks import DAY_MS, FIRST_DELAY_MS, LONGEST_DELAY_MS, Cursor, delay_ms, signatures
from tradyn.errors import ApiError
from tradyn.webhooks import EventType, WebhookChanged
from tradyn.wire import read_time

SUBSCRIBABLE = [each.value for each in EventType if each is not EventType.WEBHOOK_TEST]
NOW = 1_772_000_000.0
_PATIENCE = 30.0


class Wall:
    """A wall clock, in seconds."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wall clock is moved by hand, so it has to be looked at more often than in earnest."""
    monkeypatch.setattr(courier, "_LOOK_SECONDS", 0.01)


@pytest.fixture
def wall() -> Wall:
    return Wall()


class Hold:
    """Holds up the first thing that is to be made durable, until it is released."""

    def __init__(self) -> None:
        self.reached, self.release = asyncio.Event(), asyncio.Event()

    def over(self, record: Any) -> Any:
        async def held(*events: Any, **more: Any) -> None:
            if not self.reached.is_set():
                self.reached.set()
                await self.release.wait()
            await record(*events, **more)

        return held


@asynccontextmanager
async def desk(wall: Wall, **settings: Any) -> AsyncIterator[Terminal]:
    """A server with a EURUSD quote that may call this machine."""
    async with terminal(allow_local_webhooks=True, wall=wall, **settings) as made:
        await made.push("EURUSD", 1.0875, 1.08755)
        yield made


async def create(terminal: Terminal, there: Receiver, *events: str) -> Any:
    body = {"url": there.url, "events": list(events or SUBSCRIBABLE)}
    return await terminal.ok("POST", "/api/webhooks", body)


async def deliveries(terminal: Terminal, webhook: Any, **parameters: Any) -> list[Any]:
    path = f"/api/webhooks/{webhook['webhook_id']}/deliveries"
    found: list[Any] = await terminal.ok("GET", path, **parameters)
    return found


async def settled(terminal: Terminal, webhook: Any, state: str, attempts: int = 1) -> Any:
    """The newest delivery, once it is of this state and was sent so often."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            await asyncio.sleep(0.002)
            for each in (await deliveries(terminal, webhook))[:1]:
                if (each["state"], each["attempts"]) == (state, attempts):
                    return each


async def listed(terminal: Terminal, webhook: Any, count: int) -> list[Any]:
    """All deliveries, once there are so many."""
    async with asyncio.timeout(_PATIENCE):
        while len(found := await deliveries(terminal, webhook)) < count:
            await asyncio.sleep(0.002)
    return found


def verifies(request: Received, secret: str) -> bool:
    """Whether one of the signatures is right, computed by hand as the specification says."""
    key = b64decode(secret.removeprefix("whsec_"))
    signed = f"{request.id}.{request.headers['webhook-timestamp']}.".encode() + request.body
    right = "v1," + b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return right in request.headers["webhook-signature"].split(" ")


# ---------------------------------------------------------------------- what is sent


async def test_everything_that_happens_is_sent_in_order(wall: Wall) -> None:
    async with receiver() as there, desk(wall) as broker:
        await broker.buy()
        webhook = await create(broker, there)
        bought = await broker.buy(sl=1.0, tp=1.2)
        order = {"symbol": "EURUSD", "type": 2, "volume": 0.1, "price": 1.05}
        placed = await broker.ok("POST", "/api/orders", order)
        await broker.ok("PATCH", f"/api/orders/{placed['ticket']}", {"price": 1.06})
        await broker.ok("PATCH", f"/api/positions/{bought['ticket']}", {"sl": 1.01})
        await broker.ok("DELETE", f"/api/positions/{bought['ticket']}", volume=0.04)
        await broker.push("EURUSD", 1.0595, 1.0599)
        await broker.push("EURUSD", 1.2001, 1.2002)
        received = await there.until(17)
        kinds = [each.event["type"] for each in received]
        assert kinds == [
            *("order.filled", "deal.created", "position.opened"),
            "order.placed",
            "order.modified",
            "position.modified",
            *("order.filled", "deal.created", "position.reduced"),
            *("order.filled", "deal.created", "position.opened", "notification.order_filled"),
            *("order.filled", "deal.created", "position.closed", "notification.take_profit"),
        ]
        versions = [each.event["data"]["version"] for each in received]
        assert versions == sorted(versions) and versions[0] > 1
        first = received[1].event["data"]
        assert (first["login"], first["deal"]["ticket"]) == (broker.server.credentials.login, bought["deal"])
        assert received[0].event["timestamp"] == bought["time"]
        assert len({each.id for each in received}) == len(received)
        for each in received:
            assert verifies(each, webhook["secret"])
            assert each.headers["content-type"] == "application/json"
            assert each.headers["webhook-timestamp"] == str(int(NOW))
        known = await deliveries(broker, webhook)
        assert [each["delivery_id"] for each in reversed(known)] == [
            each.id for each in received[: len(known)]
        ]


async def test_only_what_is_asked_for_is_sent(wall: Wall) -> None:
    async with receiver() as there, desk(wall) as broker:
        webhook = await create(broker, there, "position.closed")
        bought = await broker.buy()
        await broker.ok("DELETE", f"/api/positions/{bought['ticket']}")
        await there.until(1)
        path = f"/api/webhooks/{webhook['webhook_id']}"
        await broker.ok("PATCH", path, {"events": ["position.opened"]})
        await broker.buy()
        assert [kind for kind, _ in (each.name for each in await there.until(2))] == [
            "position.closed",
            "position.opened",
        ]


async def test_another_account_hears_nothing(wall: Wall) -> None:
    async with receiver() as there, desk(wall) as broker:
        webhook = await create(broker, there)
        made = await broker.ok("POST", "/api/accounts", {})
        server = broker.server
        other = server.desk.account(made["login"])
        await broker.ok("POST", f"/api/accounts/{other.login}/balance", {"amount": 5})
        await broker.buy()
        await there.until(3)
        assert {each.event["data"]["login"] for each in there.received} == {webhook["login"]}


async def test_many_pages_of_transactions(wall: Wall) -> None:
    async with receiver() as there, desk(wall) as broker:
        await create(broker, there, "deal.created")
        there.answer = lambda _: 200
        tickets = [(await broker.buy(0.01))["deal"] for _ in range(150)]
        received = await there.until(150)
        assert [each.event["data"]["deal"]["ticket"] for each in received] == tickets
        assert there.connections == 1


# ---------------------------------------------------------------------- when it is not taken


async def test_what_was_not_taken_comes_again_before_all_that_is_later(wall: Wall) -> None:
    answers = [500, 302, 404, 204]
    async with receiver() as there, desk(wall) as broker:
        there.answer = lambda _: answers.pop(0) if answers else 204
        webhook = await create(broker, there, "deal.created")
        bought = [(await broker.buy())["deal"] for _ in range(3)]
        for attempt in range(1, 4):
            await there.until(attempt)
            await settled(broker, webhook, "pending", attempt)
            wait = FIRST_DELAY_MS * 2 ** (attempt - 1) / 1000
            wall.now += wait * 1.2 + 1
        received = await there.until(6)
        assert len({each.id for each in received[:4]}) == 1
        assert len({each.body for each in received[:4]}) == 1
        assert [each.event["data"]["deal"]["ticket"] for each in received[3:]] == bought
        stamps = [int(each.headers["webhook-timestamp"]) for each in received[:4]]
        assert stamps == sorted(set(stamps))
        assert all(verifies(each, webhook["secret"]) for each in received)
        first = (await deliveries(broker, webhook))[-1]
        assert (first["state"], first["attempts"], first["last_status"]) == ("delivered", 4, 204)
        assert (first["last_error"], first["next_attempt_at"]) == (None, None)


async def test_no_answer_is_tried_again(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded_http, "SECONDS", 0.2)
    answers: list[int | None] = [None, 204]
    async with receiver() as there, desk(wall) as broker:
        there.answer = lambda _: answers.pop(0)
        webhook = await create(broker, there, "deal.created")
        await broker.buy()
        pending = await settled(broker, webhook, "pending")
        assert (pending["last_status"], pending["last_error"]) == (None, "No answer within 0.2 seconds")
        wall.now += 10
        first, second = await there.until(2)
        assert (first.id, first.body) == (second.id, second.body)
        await settled(broker, webhook, "delivered", 2)


async def test_a_slow_receiver_holds_up_itself_alone(wall: Wall) -> None:
    async with receiver() as slow, receiver() as quick, desk(wall) as broker:
        slow.answer = lambda _: None
        await create(broker, slow, "deal.created")
        await create(broker, quick, "deal.created")
        for _ in range(20):
            await broker.buy(0.01)
        await quick.until(20)
        assert len(slow.received) <= 1


async def test_many_that_hang_hold_up_nobody_else(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "PLACES", 2)
    monkeypatch.setattr(courier, "SLOW_PLACES", 1)
    monkeypatch.setattr(courier, "_SLOW_SECONDS", 0.1)
    monkeypatch.setattr(guarded_http, "SECONDS", 0.3)
    async with receiver() as slow, receiver() as quick, desk(wall) as broker:
        slow.answer = lambda _: None
        hanging = [await create(broker, slow, "deal.created") for _ in range(5)]
        await broker.buy()
        for each in hanging:
            await settled(broker, each, "pending")
        # From here on they hang for good.
        monkeypatch.setattr(guarded_http, "SECONDS", 3600.0)
        wall.now += 60
        await slow.until(6)
        await create(broker, quick, "deal.created")
        await broker.buy()
        await quick.until(1)
        assert len(slow.received) == 6


async def test_many_that_hang_the_first_time_hold_up_nobody_for_long(
    wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier, "PLACES", 1)
    monkeypatch.setattr(courier, "_SLOW_SECONDS", 0.05)
    monkeypatch.setattr(guarded_http, "SECONDS", 3600.0)
    async with receiver() as slow, receiver() as quick, desk(wall) as broker:
        slow.answer = lambda _: None
        for _ in range(5):
            await create(broker, slow, "deal.created")
        await create(broker, quick, "deal.created")
        await broker.buy()
        await quick.until(1)
        await slow.until(5)
        at_work = broker.server.courier
        async with asyncio.timeout(_PATIENCE):
            while at_work._places.locked():
                await asyncio.sleep(0.002)
    # Each place was left once, early or at the end.
    assert at_work._places._value == 1


async def test_who_waits_for_a_test_waits_for_no_other(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "PLACES", 1)
    monkeypatch.setattr(courier, "_SLOW_SECONDS", 3600.0)
    monkeypatch.setattr(guarded_http, "SECONDS", 3600.0)
    async with receiver() as slow, receiver() as quick, desk(wall) as broker:
        slow.answer = lambda _: None
        await create(broker, slow, "deal.created")
        webhook = await create(broker, quick, "order.expired")
        await broker.buy()
        await slow.until(1)
        async with asyncio.timeout(_PATIENCE):
            told = await broker.ok("POST", f"/api/webhooks/{webhook['webhook_id']}/test")
        assert told["state"] == "delivered"


async def test_after_a_day_in_vain_a_webhook_is_disabled_and_later_goes_on(wall: Wall) -> None:
    told: list[tuple[int, str, str]] = []
    async with receiver() as there, desk(wall) as broker:
        broker.server.courier._notify = lambda *said: told.append(said)
        there.answer = lambda _: 503
        webhook = await create(broker, there, "deal.created")
        path = f"/api/webhooks/{webhook['webhook_id']}"
        bought = [(await broker.buy())["deal"] for _ in range(2)]
        begun, attempts = wall.now, 0
        while (found := await broker.ok("GET", path))["enabled"]:
            newest = await deliveries(broker, webhook)
            if not newest or newest[0]["attempts"] == attempts:
                await asyncio.sleep(0.002)
                continue
            attempts = newest[0]["attempts"]
            if newest[0]["state"] == "pending":
                wall.now += LONGEST_DELAY_MS * 1.2 / 1000 + 1
        assert wall.now - begun >= DAY_MS / 1000
        # By its own clock it would be some 30 attempts; here each wait is the longest.
        assert 20 <= attempts <= 40
        assert found["disabled_at"] is not None
        assert found["disabled_reason"].startswith(
            "Nothing was taken since 2026-02-25T06:13:20.000Z; the last"
        )
        assert found["disabled_reason"].endswith("The receiver answered 503")
        async with asyncio.timeout(_PATIENCE):
            while not told:
                await asyncio.sleep(0.002)
        ((login, kind, text),) = told
        assert (login, kind) == (webhook["login"], "webhook_disabled")
        assert webhook["webhook_id"] in text
        (failed,) = await deliveries(broker, webhook)
        assert (failed["state"], failed["next_attempt_at"]) == ("failed", None)

        wall.now += 7 * 86_400
        await broker.buy()
        there.received.clear()
        there.answer = lambda _: 204
        assert (await broker.ok("PATCH", path, {"enabled": True}))["disabled_at"] is None
        received = await there.until(3)
        assert [each.event["data"]["deal"]["ticket"] for each in received[:2]] == bought
        assert received[0].id == failed["delivery_id"]


async def test_a_receiver_that_is_gone_is_not_called_again(wall: Wall) -> None:
    async with receiver() as there, desk(wall) as broker:
        there.answer = lambda _: 410
        webhook = await create(broker, there, "deal.created")
        await broker.buy()
        await settled(broker, webhook, "failed")
        async with asyncio.timeout(_PATIENCE):
            while (found := await broker.ok("GET", f"/api/webhooks/{webhook['webhook_id']}"))["enabled"]:
                await asyncio.sleep(0.005)
        assert "410" in found["disabled_reason"]
        assert len(there.received) == 1


async def test_the_stream_tells_that_a_webhook_was_disabled() -> None:
    def converse(there: Receiver) -> tuple[Any, Any]:
        with served(allow_local_webhooks=True) as broker:
            keys = broker.world.keys
            headers = {"Authorization": f"Bearer {keys['full']}"}
            body = {"url": there.url, "events": ["deal.created"]}
            with listening(broker.base_url, keys["full"]) as reader:
                assert reader.ask(op="subscribe", channel="notifications")["event"] == "subscribed"
                webhook = httpx.post(f"{broker.base_url}/api/webhooks", headers=headers, json=body).json()
                broker.run(broker.world.open_position(broker.world.login))
                return webhook["data"], reader.hear_until("notification")[-1]

    async with receiver() as there:
        there.answer = lambda _: 410
        webhook, told = await asyncio.to_thread(converse, there)
    assert (told["version"], told["data"]["kind"], told["data"]["ticket"]) == (None, "webhook_disabled", None)
    assert webhook["webhook_id"] in told["data"]["text"]


async def test_a_disabled_one_is_sent_nothing_and_later_all_of_it(wall: Wall) -> None:
    async with receiver() as there, desk(wall) as broker:
        webhook = await create(broker, there, "deal.created")
        path = f"/api/webhooks/{webhook['webhook_id']}"
        await broker.ok("PATCH", path, {"enabled": False})
        bought = [(await broker.buy())["deal"] for _ in range(3)]
        other = await create(broker, there, "deal.created")
        await broker.buy()
        await there.until(1)
        assert {each.id.split("_")[1] for each in there.received} == {other["webhook_id"]}
        await broker.ok("PATCH", path, {"enabled": True})
        received = [each for each in await there.until(5) if webhook["webhook_id"] in each.id]
        assert [each.event["data"]["deal"]["ticket"] for each in received][:3] == bought


async def test_another_url_is_tried_at_once(wall: Wall) -> None:
    async with receiver() as there, receiver() as elsewhere, desk(wall) as broker:
        there.answer = lambda _: 500
        webhook = await create(broker, there, "deal.created")
        await broker.buy()
        await settled(broker, webhook, "pending")
        await broker.ok("PATCH", f"/api/webhooks/{webhook['webhook_id']}", {"url": elsewhere.url})
        (moved,) = await elsewhere.until(1)
        assert moved.id == there.received[0].id


async def test_another_url_is_tried_at_once_also_while_the_former_hangs(
    wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarded_http, "SECONDS", 1.0)
    async with receiver() as there, receiver() as elsewhere, desk(wall) as broker:
        there.answer = lambda _: None
        webhook = await create(broker, there, "deal.created")
        await broker.buy()
        await there.until(1)
        await broker.ok("PATCH", f"/api/webhooks/{webhook['webhook_id']}", {"url": elsewhere.url})
        (moved,) = await elsewhere.until(1)
        assert moved.id == there.received[0].id


async def test_what_the_former_receiver_answers_does_not_disable_it_for_the_next(wall: Wall) -> None:
    async with receiver() as there, receiver() as elsewhere, desk(wall) as broker:
        webhook = await create(broker, there, "deal.created")
        kept = broker.server.webhooks

        def move_and_answer(_: Received) -> int:
            # A change that has been asked for, and waits for the disk.
            kept.apply(
                WebhookChanged(
                    webhook_id=webhook["webhook_id"],
                    url=elsewhere.url,
                    events=(EventType.DEAL_CREATED,),
                    description="moved",
                    disabled_at=None,
                    disabled_reason=None,
                )
            )
            return 410

        there.answer = move_and_answer
        await broker.buy()
        (moved,) = await elsewhere.until(1)
        assert [each.id for each in there.received] == [moved.id]
        await settled(broker, webhook, "delivered", 2)
        found = await broker.ok("GET", f"/api/webhooks/{webhook['webhook_id']}")
        assert (found["url"], found["description"], found["enabled"]) == (elsewhere.url, "moved", True)


async def test_one_that_is_enabled_while_it_is_being_disabled_goes_on(wall: Wall) -> None:
    answers = [410, 204]
    async with receiver() as there, desk(wall) as broker:
        there.answer = lambda _: answers.pop(0)
        webhook = await create(broker, there, "deal.created")
        kept, record, hold = broker.server.webhooks, broker.server.webhooks._record, Hold()
        kept._record = hold.over(record)
        await broker.buy()
        await hold.reached.wait()
        path = f"/api/webhooks/{webhook['webhook_id']}"
        assert (await broker.ok("PATCH", path, {"enabled": True}))["enabled"]
        hold.release.set()
        first, second = await there.until(2)
        assert first.id == second.id
        assert (await broker.ok("GET", path))["enabled"]


async def test_what_was_in_vain_before_it_was_enabled_does_not_count(wall: Wall) -> None:
    async with receiver() as there, desk(wall) as broker:
        there.answer = lambda _: 500
        webhook = await create(broker, there, "deal.created")
        await broker.buy()
        path = f"/api/webhooks/{webhook['webhook_id']}"
        for attempt in range(1, 13):
            await settled(broker, webhook, "pending", attempt)
            wall.now += LONGEST_DELAY_MS * 1.2 / 1000 + 1 if attempt < 12 else 0
        await broker.ok("PATCH", path, {"enabled": False})
        wall.now += 2 * DAY_MS / 1000
        await broker.ok("PATCH", path, {"enabled": True})
        # It is tried at once, and has a day again.
        pending = await settled(broker, webhook, "pending", 13)
        assert (await broker.ok("GET", path))["enabled"]
        begun = read_time(pending["last_attempt_at"])
        assert read_time(pending["next_attempt_at"]) - begun <= FIRST_DELAY_MS * 1.2


async def test_a_clock_that_is_put_back_holds_up_nothing(wall: Wall) -> None:
    answers = [500, 204]
    async with receiver() as there, desk(wall) as broker:
        there.answer = lambda _: answers.pop(0)
        webhook = await create(broker, there, "deal.created")
        await broker.buy()
        await settled(broker, webhook, "pending")
        wall.now -= 7 * 86_400
        await there.until(2)
        await settled(broker, webhook, "delivered", 2)


async def test_a_deleted_one_is_forgotten(wall: Wall) -> None:
    async with receiver() as there, desk(wall) as broker:
        webhook = await create(broker, there, "deal.created")
        await broker.buy()
        await settled(broker, webhook, "delivered")
        path = f"/api/webhooks/{webhook['webhook_id']}"
        assert (await broker.ok("DELETE", path))["webhook_id"] == webhook["webhook_id"]
        assert await broker.code("GET", path) == "NOT_FOUND"
        journal = broker.server.journal
        assert await journal.deliveries(webhook["webhook_id"], None, 10) == []
        assert not [each for each in journal.marks() if each.startswith("webhook.")]
        at_work = broker.server.courier
        assert not (at_work._cursors or at_work._saved or at_work._numbers or at_work._lines)
        other = await create(broker, there, "deal.created")
        await broker.buy()
        await settled(broker, other, "delivered")
        assert len(there.received) == 2


# ---------------------------------------------------------------------- by hand


async def test_a_test_event(wall: Wall) -> None:
    async with receiver() as there, desk(wall) as broker:
        webhook = await create(broker, there, "deal.created")
        path = f"/api/webhooks/{webhook['webhook_id']}"
        await broker.ok("PATCH", path, {"enabled": False})
        told = await broker.ok("POST", f"{path}/test")
        (request,) = there.received
        assert (told["delivery_id"], told["state"], told["last_status"]) == (request.id, "delivered", 204)
        assert request.event == {
            "type": "webhook.test",
            "timestamp": "2026-02-25T06:13:20.000Z",
            "data": {"login": webhook["login"], "webhook_id": webhook["webhook_id"]},
        }
        assert verifies(request, webhook["secret"])
        there.answer = lambda _: 500
        failed = await broker.ok("POST", f"{path}/test")
        assert (failed["state"], failed["last_error"]) == ("failed", "The receiver answered 500")
        assert await deliveries(broker, webhook) == [failed, told]
        wall.now += 60
        again = await broker.ok("POST", f"{path}/deliveries/{failed['delivery_id']}/redeliver")
        assert (again["state"], again["attempts"]) == ("failed", 2)
        assert (there.received[2].id, there.received[2].body) == (
            there.received[1].id,
            there.received[1].body,
        )


async def test_one_test_at_a_time(wall: Wall) -> None:
    let_go = asyncio.Event()

    async def find(_host: str, _port: int) -> list[str]:
        await let_go.wait()
        return ["127.0.0.1"]

    async with receiver() as there, desk(wall, resolve=find) as broker:
        body = {"url": there.url.replace("127.0.0.1", "receiver.test"), "events": ["deal.created"]}
        webhook = await broker.ok("POST", "/api/webhooks", body)
        path = f"/api/webhooks/{webhook['webhook_id']}"
        first = asyncio.create_task(broker.ok("POST", f"{path}/test"))
        while not broker.server.courier._busy:
            await asyncio.sleep(0)
        assert await broker.code("POST", f"{path}/test") == "REJECTED"
        assert await broker.code("POST", f"{path}/deliveries/x/redeliver") == "REJECTED"
        let_go.set()
        assert (await first)["state"] == "delivered"
        await broker.ok("POST", f"{path}/test")


async def test_a_redelivery_has_the_same_id_and_body(wall: Wall) -> None:
    async with receiver() as there, desk(wall) as broker:
        webhook = await create(broker, there, "deal.created", "order.filled")
        await broker.buy()
        await there.until(2)
        first = (await listed(broker, webhook, 2))[-1]
        path = f"/api/webhooks/{webhook['webhook_id']}/deliveries"
        wall.now += 3600
        again = await broker.ok("POST", f"{path}/{first['delivery_id']}/redeliver")
        assert (again["state"], again["attempts"]) == ("delivered", 2)
        assert again["last_attempt_at"] > first["last_attempt_at"]
        assert (there.received[2].id, there.received[2].body) == (
            there.received[0].id,
            there.received[0].body,
        )
        assert verifies(there.received[2], webhook["secret"])
        assert await broker.code("POST", f"{path}/msg_nothing/redeliver") == "NOT_FOUND"


async def test_a_pending_delivery_can_be_tried_now(wall: Wall) -> None:
    async with receiver() as there, desk(wall) as broker:
        there.answer = lambda _: 500
        webhook = await create(broker, there, "deal.created")
        await broker.buy()
        await broker.buy()
        pending = await settled(broker, webhook, "pending")
        path = f"/api/webhooks/{webhook['webhook_id']}/deliveries/{pending['delivery_id']}/redeliver"
        again = await broker.ok("POST", path)
        assert (again["state"], again["attempts"]) == ("pending", 2)
        there.answer = lambda _: 204
        taken = await broker.ok("POST", path)
        assert (taken["state"], taken["attempts"]) == ("delivered", 3)
        # And what waited behind it comes without any waiting.
        await there.until(4)
        assert len({each.id for each in there.received[:3]}) == 1


async def test_who_waits_for_a_pending_one_is_told_when_it_cannot_be_kept(
    wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with receiver() as there, desk(wall) as broker:
        there.answer = lambda _: 500
        webhook = await create(broker, there, "deal.created")
        await broker.buy()
        pending = await settled(broker, webhook, "pending")

        async def fail(*_: Any) -> None:
            raise ApiError("NOT_CONNECTED", "The disk is full")

        monkeypatch.setattr(broker.server.courier, "move", fail)
        path = f"/api/webhooks/{webhook['webhook_id']}/deliveries/{pending['delivery_id']}/redeliver"
        async with asyncio.timeout(_PATIENCE):
            assert await broker.code("POST", path) == "NOT_CONNECTED"


async def test_two_signatures_while_a_secret_is_changed(wall: Wall) -> None:
    async with receiver() as there, desk(wall) as broker:
        webhook = await create(broker, there, "deal.created")
        path = f"/api/webhooks/{webhook['webhook_id']}"
        rotated = await broker.ok("POST", f"{path}/rotate-secret", {"overlap_seconds": 60})
        assert rotated["former_secret_until"] == "2026-02-25T06:14:20.000Z"
        await broker.buy()
        (both,) = await there.until(1)
        assert verifies(both, webhook["secret"]) and verifies(both, rotated["secret"])
        assert len(both.headers["webhook-signature"].split(" ")) == 2
        wall.now += 60
        await broker.buy()
        one = (await there.until(2))[1]
        assert verifies(one, rotated["secret"]) and not verifies(one, webhook["secret"])
        assert (await broker.ok("GET", path))["former_secret_until"] is None
        last = await broker.ok("POST", f"{path}/rotate-secret")
        await broker.buy()
        latest = (await there.until(3))[2]
        assert verifies(latest, last["secret"]) and not verifies(latest, rotated["secret"])


# ---------------------------------------------------------------------- where it may be sent


async def test_only_https_and_public_addresses_by_default(wall: Wall) -> None:
    async def find(_host: str, _port: int) -> list[str]:
        return ["10.1.2.3", "127.0.0.1"]

    async with receiver() as there, terminal(wall=wall, resolve=find) as broker:
        for url in (there.url, there.url.replace("http:", "https:"), "https://[::1]/", "https://10.0.0.1/"):
            body = {"url": url, "events": ["deal.created"]}
            assert await broker.code("POST", "/api/webhooks", body) == "INVALID_URL"
        body = {"url": f"https://receiver.test:{there.port}/", "events": ["deal.created"]}
        webhook = await broker.ok("POST", "/api/webhooks", body)
        told = await broker.ok("POST", f"/api/webhooks/{webhook['webhook_id']}/test")
        assert (told["state"], told["last_status"]) == ("failed", None)
        assert told["last_error"] == "receiver.test does not lead to a public address"
        assert there.connections == 0


async def test_what_was_allowed_once_is_not_called_without_leave(wall: Wall, tmp_path: Path) -> None:
    async with receiver() as there:
        async with desk(wall, data_dir=tmp_path) as broker:
            webhook = await create(broker, there, "deal.created")
        async with terminal(wall=wall, data_dir=tmp_path) as broker:
            told = await broker.ok("POST", f"/api/webhooks/{webhook['webhook_id']}/test")
            assert told["last_error"] == "url must begin with https://"
            assert there.connections == 0


async def test_a_redirect_is_an_attempt_in_vain(wall: Wall) -> None:
    async with receiver() as there, receiver() as elsewhere, desk(wall) as broker:
        there.answer = lambda _: 307
        there.headers = f"Location: {elsewhere.url}\r\n"
        webhook = await create(broker, there, "deal.created")
        told = await broker.ok("POST", f"/api/webhooks/{webhook['webhook_id']}/test")
        assert (told["state"], told["last_status"]) == ("failed", 307)
        assert elsewhere.connections == 0


# ---------------------------------------------------------------------- restarts


async def test_a_restart_goes_on_where_it_stopped(wall: Wall, tmp_path: Path) -> None:
    async with receiver() as there:
        there.answer = lambda _: 500
        async with desk(wall, data_dir=tmp_path) as broker:
            webhook = await create(broker, there, "deal.created", "order.filled")
            for _ in range(3):
                await broker.buy()
            await settled(broker, webhook, "pending")
        there.answer = lambda _: 204
        async with desk(wall, data_dir=tmp_path) as broker:
            # Not before its time.
            (pending,) = await deliveries(broker, webhook)
            assert (pending["state"], pending["attempts"]) == ("pending", 1)
            wall.now += 10
            await broker.buy()
            received = await there.until(9)
            await settled(broker, webhook, "delivered")
        assert received[0].id == received[1].id
        assert [kind for kind, _ in there.names[1:]] == ["order.filled", "deal.created"] * 4
        async with desk(wall, data_dir=tmp_path) as broker:
            await broker.buy()
            found = await listed(broker, webhook, 10)
        assert [each["delivery_id"] for each in reversed(found)] == [each.id for each in there.received[1:]]
        ids = [each.id for each in there.received[1:]]
        assert len(ids) == len(set(ids)) == 10


async def test_what_was_not_taken_is_not_ticked_off(wall: Wall, tmp_path: Path) -> None:
    async with receiver() as there:
        there.answer = lambda _: 500
        async with desk(wall, data_dir=tmp_path) as broker:
            webhook = await create(broker, there, "deal.created")
            before = broker.server.desk.account(webhook["login"]).version
            await broker.buy()
            await settled(broker, webhook, "pending")
            line = broker.server.courier._lines[webhook["webhook_id"]]
            assert broker.server.courier.cursor(line._webhook) == Cursor(before)
        async with terminal(wall=wall, data_dir=tmp_path) as broker:
            mark = broker.server.journal.marks().get(f"webhook.{webhook['webhook_id']}")
            assert mark is None or Cursor.read(mark) == Cursor(before)


async def test_a_place_with_nothing_to_send_is_kept(wall: Wall, tmp_path: Path) -> None:
    async with receiver() as there:
        async with desk(wall, data_dir=tmp_path) as broker:
            webhook = await create(broker, there, "position.closed")
            await broker.buy()
            login = webhook["login"]
            version = broker.server.desk.account(login).version
            line = broker.server.courier._lines[webhook["webhook_id"]]
            async with asyncio.timeout(_PATIENCE):
                while broker.server.courier.cursor(line._webhook).version < version:
                    await asyncio.sleep(0.005)
        async with terminal(wall=wall, data_dir=tmp_path) as broker:
            mark = broker.server.journal.marks()[f"webhook.{webhook['webhook_id']}"]
            assert Cursor.read(mark) == Cursor(version)


async def test_deliveries_page_by_page(wall: Wall) -> None:
    async with receiver() as there, desk(wall) as broker:
        webhook = await create(broker, there, "deal.created")
        for _ in range(7):
            await broker.buy(0.01)
        await listed(broker, webhook, 7)
        path = f"/api/webhooks/{webhook['webhook_id']}/deliveries"
        seen, cursor = [], None
        while True:
            page = await broker.envelope("GET", path, limit=3, cursor=cursor)
            seen += page["data"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert seen == await deliveries(broker, webhook)
        assert [each["delivery_id"] for each in reversed(seen)] == [each.id for each in there.received]


async def test_nothing_secret_is_logged(wall: Wall) -> None:
    async with receiver() as there, desk(wall) as broker:
        there.answer = lambda _: 410
        with structlog.testing.capture_logs() as logged:
            webhook = await create(broker, there, "deal.created")
            await broker.buy()
            await settled(broker, webhook, "failed")
            async with asyncio.timeout(_PATIENCE):
                while not logged:
                    await asyncio.sleep(0.005)
    assert [each["event"] for each in logged] == ["A webhook was disabled"]
    assert webhook["secret"] not in str(logged)
    assert str(there.port) not in str(logged) and "of=test" not in str(logged)


# ---------------------------------------------------------------------- the parts


def test_the_waits_grow_up_to_an_hour_and_are_drawn_by_lot() -> None:
    dice = Random(1)
    for attempts in range(1, 100):
        waits = [delay_ms(attempts, dice) for _ in range(200)]
        middle = min(FIRST_DELAY_MS * 2 ** (attempts - 1), LONGEST_DELAY_MS)
        assert middle * 0.8 <= min(waits) < middle * 0.85
        assert middle * 1.15 < max(waits) <= middle * 1.2
    assert sum(delay_ms(each, dice) for each in range(1, 40)) > DAY_MS


def test_a_signature_is_that_of_the_specification() -> None:
    """The example of the specification's own libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = signatures([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_is_signed_is_verified_by_the_library() -> None:
    from time import time

    secrets, body = ["whsec_AAAA", "whsec_BBBB"], '{"ü": "€"}'.encode()
    seconds = int(time())
    headers = {
        "webhook-id": "one",
        "webhook-timestamp": str(seconds),
        "webhook-signature": signatures(secrets, "one", seconds, body),
    }
    for each in secrets:
        assert Verifier(each).verify(body, headers) == {"ü": "€"}


def test_a_cursor_reads_what_it_wrote() -> None:
    for cursor in (Cursor(0), Cursor(7, ("order.filled", "deal.created"))):
        assert Cursor.read(cursor.write()) == cursor
