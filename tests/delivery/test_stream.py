"""The stream over real sockets: what is subscribed to is heard, in order, once, and nothing else."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from contract.served import DOCUMENT, Served, served
from delivery.listening import STREAM, Listening, listening
from tradyn.access import Scope
from tradyn.broker.commands import ClosePosition
from tradyn.faults import Disconnect, FaultSettings

Json = dict[str, Any]
NUMBERED = ("positions", "orders", "deals", "notifications")


@pytest.fixture(scope="module")
def broker() -> Iterator[Served]:
    with served() as broker:
        yield broker


@pytest.fixture(autouse=True)
def no_faults(broker: Served) -> Iterator[None]:
    yield
    broker.world.server.desk.faults.set(FaultSettings())


@pytest.fixture
def full(broker: Served) -> Iterator[Listening]:
    with listening(broker.base_url, broker.world.keys["full"]) as reader:
        yield reader


def push(broker: Served, *quotes: tuple[str, float, float]) -> None:
    content = [{"symbol": symbol, "bid": bid, "ask": ask} for symbol, bid, ask in quotes]
    post(broker, "admin", "/api/simulation/quotes", {"quotes": content})


def post(broker: Served, scope: str, path: str, body: Json) -> Json:
    headers = {"Authorization": f"Bearer {broker.world.keys[scope]}"}
    answer = httpx.post(broker.base_url + path, headers=headers, json=body)
    assert answer.status_code == 200, answer.text
    data: Json = answer.json()["data"]
    return data


def close(broker: Served, ticket: int) -> None:
    command = ClosePosition(ticket=ticket)
    broker.run(broker.world.server.desk.execute(broker.world.login, command, "test"))


def market(broker: Served, symbol: str = "EURUSD") -> tuple[float, float]:
    quote = broker.world.server.desk.broker.market.quotes[symbol]
    scale = broker.world.server.desk.broker.market.instruments[symbol].scale
    return quote.bid / scale, quote.ask / scale


def version(broker: Served) -> int:
    return broker.world.server.desk.broker.accounts[broker.world.login].version


# ---------------------------------------------------------------------- who may


def test_a_key_in_the_header_or_in_the_first_message(broker: Served) -> None:
    for given in (True, False):
        key = broker.world.keys["read"]
        with listening(broker.base_url, key if given else None, welcome=False) as reader:
            if not given:
                reader.say(op="auth", key=key)
            welcome = reader.hear()
            assert welcome["event"] == "welcome" and welcome["heartbeat_seconds"] == 20


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Authorization": "Bearer tk_live_nobodys"}, 403, "INVALID_API_KEY"),
        ({"Authorization": "Basic abc"}, 401, "UNAUTHORIZED"),
        ({"Authorization": "Bearer"}, 401, "UNAUTHORIZED"),
    ],
)
def test_a_bad_key_is_refused_in_the_envelope(
    broker: Served, headers: dict[str, str], status: int, code: str
) -> None:
    url = broker.base_url.replace("http", "ws") + "/api/stream"
    with pytest.raises(InvalidStatus) as refused, connect(url, additional_headers=headers):
        pass
    response = refused.value.response
    assert response.status_code == status
    body = json.loads(bytes(response.body or b""))
    assert (body["success"], body["code"]) == (False, code) and body["request_id"]
    assert ("WWW-Authenticate" in response.headers) == (status == 401)


def test_an_admin_key_opens_no_stream(broker: Served) -> None:
    with pytest.raises(InvalidStatus) as refused, listening(broker.base_url, broker.world.keys["admin"]):
        pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("first", ['{"op": "ping"}', '{"op": "auth", "key": "tk_live_x"}', "hello", "{}"])
def test_a_first_message_without_a_good_key_ends_it(broker: Served, first: str) -> None:
    with listening(broker.base_url, None) as reader:
        reader.socket.send(first)
        assert reader.hear()["event"] == "closing"
        with pytest.raises(ConnectionClosed) as closed:
            reader.hear()
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 1008


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v1/api/account", "UNAUTHORIZED"),
        ("/v1/api/streams", "NOT_FOUND"),
        ("/", "NOT_FOUND"),
        ("/v2/api/stream", "NOT_FOUND"),
    ],
)
def test_no_stream_elsewhere(broker: Served, path: str, code: str) -> None:
    url = f"ws://127.0.0.1:{broker.port}{path}"
    with pytest.raises(InvalidStatus) as refused, connect(url):
        pass
    assert json.loads(bytes(refused.value.response.body or b""))["code"] == code


def test_without_an_upgrade_it_says_what_it_is(broker: Served) -> None:
    answer = httpx.get(broker.base_url + "/api/stream")
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST")
    answer = httpx.post(broker.base_url + "/api/stream")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")


@pytest.mark.parametrize("scope", ["read", "trade", "full"])
@pytest.mark.parametrize("channel", STREAM["channels"])
def test_each_channel_is_for_its_scopes(broker: Served, scope: str, channel: str) -> None:
    more = {"candles": {"symbols": ["EURUSD"], "timeframe": "H1"}}.get(channel, {})
    with listening(broker.base_url, broker.world.keys[scope]) as reader:
        answer = reader.ask(op="subscribe", channel=channel, **more)
    if scope in STREAM["channels"][channel]["x-scopes"]:
        assert answer["event"] == "subscribed"
    else:
        assert answer["code"] == "INSUFFICIENT_SCOPE"


def test_a_revoked_key_closes_its_sockets(broker: Served) -> None:
    key_id, key = broker.run(broker.world.issue("read", broker.world.login))
    with listening(broker.base_url, key) as reader:
        access = broker.world.server.access
        broker.run(access.revoke(access.get(key_id, None)))
        began = time.monotonic()
        closing = reader.hear_until("closing")[-1]
        assert closing["code"] == "INVALID_API_KEY"
        assert time.monotonic() - began < 5  # it is looked at once a second


def test_a_key_that_expires_soon_is_told(broker: Served) -> None:
    access = broker.world.server.access
    _, key = broker.run(access.issue(broker.world.login, Scope.READ, "", access.now() + 3_600_000))
    with listening(broker.base_url, key) as reader:
        reader.ask(op="subscribe", channel="notifications")
        assert reader.hear_until("notification")[-1]["data"]["kind"] == "key_expiring"


def test_sockets_of_a_key_are_limited(broker: Served) -> None:
    _, key = broker.run(broker.world.issue("read", broker.world.login))
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(listening(broker.base_url, key))
        with pytest.raises(InvalidStatus) as refused:
            stack.enter_context(listening(broker.base_url, key))
        assert refused.value.response.status_code == 429
        assert refused.value.response.headers["Retry-After"] == "1"


# ---------------------------------------------------------------------- what may be said


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is not JSON"),
        ("[]", "message.op"),
        ('{"op": 7}', "message.op"),
        ('{"op": "trade"}', "message.op"),
        ('{"op": "ping", "op": "ping"}', "twice"),
        ('{"op": "ping", "more": 1}', "more"),
        ('{"op": "ping", "id": ""}', "id"),
        ('{"op": "subscribe"}', "channel"),
        ('{"op": "subscribe", "channel": "gossip"}', "channel"),
        ('{"op": "subscribe", "channel": "ticks", "symbols": []}', "symbols"),
        ('{"op": "subscribe", "channel": "ticks", "symbols": ["NONE"]}', "NONE"),
        ('{"op": "subscribe", "channel": "ticks", "after": 1}', "after"),
        ('{"op": "subscribe", "channel": "candles", "symbols": ["EURUSD"]}', "timeframe"),
        ('{"op": "subscribe", "channel": "candles", "timeframe": "M1"}', "symbols"),
        ('{"op": "subscribe", "channel": "candles", "symbols": ["EURUSD"], "timeframe": "M2"}', "timeframe"),
        ('{"op": "subscribe", "channel": "deals", "symbols": ["EURUSD"]}', "symbols"),
        ('{"op": "subscribe", "channel": "deals", "after": -1}', "after"),
        ('{"op": "subscribe", "channel": "deals", "after": 99999}', "99999"),
        ('{"op": "auth", "key": "tk_live_again"}', "already"),
        ('{"op": "ping", "id": NaN}', "NaN"),
        ("[" * 5000, "nested"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_ends(full: Listening, text: str, problem: str) -> None:
    full.socket.send(text)
    error = full.hear()
    assert error["event"] == "error" and problem in error["error"], error
    assert full.ask(op="ping")["event"] == "pong"


def test_bytes_are_no_message(full: Listening) -> None:
    full.socket.send(b'{"op": "ping"}')
    assert full.hear()["code"] == "INVALID_REQUEST"


def test_a_message_too_long_ends_it(broker: Served, full: Listening) -> None:
    full.socket.send(json.dumps({"op": "ping", "id": "x" * 20_000}))
    with pytest.raises(ConnectionClosed) as closed:
        full.hear()
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 1009


def test_requests_are_limited_for_each_key(broker: Served) -> None:
    _, key = broker.run(broker.world.issue("read", broker.world.login))
    with listening(broker.base_url, key) as one, listening(broker.base_url, key) as other:
        for number in range(150):
            for reader in (one, other):
                reader.say(op="ping", id=str(number))
        codes = {reader.hear().get("code") for _ in range(150) for reader in (one, other)}
    assert codes == {None, "RATE_LIMITED"}


# ---------------------------------------------------------------------- ticks and candles


def test_ticks_begin_with_the_present_and_go_on(broker: Served, full: Listening) -> None:
    bid, _ = market(broker)
    full.say(op="subscribe", channel="ticks", symbols=["EURUSD", "GBPUSD"])
    first = [full.hear() for _ in range(3)]
    assert [each["event"] for each in first] == ["subscribed", "tick", "tick"]
    assert {each["data"]["symbol"] for each in first[1:]} == {"EURUSD", "GBPUSD"}
    push(broker, ("EURUSD", bid, bid + 0.0001), ("USDJPY", 150, 150.1), ("EURUSD", bid, bid + 0.0002))
    ticks = full.all_so_far()
    assert [(each["data"]["symbol"], each["data"]["spread"]) for each in ticks] == [
        ("EURUSD", 10),
        ("EURUSD", 20),
    ]
    full.ask(op="unsubscribe", channel="ticks", symbols=["EURUSD"])
    push(broker, ("EURUSD", bid, bid + 0.0001), ("GBPUSD", 1.3, 1.3001))
    assert [each["data"]["symbol"] for each in full.all_so_far()] == ["GBPUSD"]
    full.ask(op="unsubscribe", channel="ticks")
    push(broker, ("EURUSD", bid, bid + 0.0001), ("GBPUSD", 1.3, 1.3001))
    assert full.all_so_far() == []


def test_ticks_of_every_symbol(broker: Served, full: Listening) -> None:
    full.say(op="subscribe", channel="ticks")
    symbols = {each["data"]["symbol"] for each in full.all_so_far() if each["event"] == "tick"}
    assert symbols == set(broker.world.server.desk.broker.market.instruments)


def test_a_tick_is_what_the_quote_is(broker: Served, full: Listening) -> None:
    full.say(op="subscribe", channel="ticks", symbols=["XAUUSD"])
    tick = full.hear_until("tick")[-1]
    headers = {"Authorization": f"Bearer {broker.world.keys['full']}"}
    assert httpx.get(broker.base_url + "/api/quotes/XAUUSD", headers=headers).json()["data"] == tick["data"]


def test_candles_form_and_close(broker: Served, full: Listening) -> None:
    full.say(op="subscribe", channel="candles", symbols=["EURUSD"], timeframe="M1")
    forming = full.hear_until("candle")[-1]
    assert not forming["is_closed"]
    post(broker, "admin", "/api/simulation/clock/advance", {"seconds": 75})
    closed = full.hear_until("candle", is_closed=True)[-1]
    assert closed["data"]["time"] >= forming["data"]["time"]
    now = full.hear_until("candle", is_closed=False)[-1]
    assert now["data"]["time"] > closed["data"]["time"]


# ---------------------------------------------------------------------- the account


def subscribe(reader: Listening, channel: str, **more: Any) -> list[Json]:
    """The snapshot, or what was missed."""
    reader.say(op="subscribe", channel=channel, id=f"to-{channel}", **more)
    reader.hear_until("subscribed", channel=channel)
    return [] if "after" in more or channel == "notifications" else [reader.hear()]


def test_snapshots_are_what_the_api_says(broker: Served, full: Listening) -> None:
    headers = {"Authorization": f"Bearer {broker.world.keys['full']}"}
    for channel, path in (("positions", "/api/positions"), ("orders", "/api/orders")):
        (snapshot,) = subscribe(full, channel)
        assert snapshot["event"] == channel and snapshot["version"] == version(broker)
        assert snapshot["data"] == httpx.get(broker.base_url + path, headers=headers).json()["data"]
    (deals,) = subscribe(full, "deals")
    path = "/api/account/history?limit=100&order=desc"
    assert deals["data"] == httpx.get(broker.base_url + path, headers=headers).json()["data"][::-1]
    (account,) = subscribe(full, "account")
    assert account["data"] == httpx.get(broker.base_url + "/api/account", headers=headers).json()["data"]


def test_a_trade_is_heard_on_every_channel(broker: Served, full: Listening) -> None:
    for channel in (*NUMBERED, "account"):
        subscribe(full, channel)
    before = version(broker)
    body = {"symbol": "EURUSD", "action": "buy", "volume": 0.1, "client_order_id": "heard-once"}
    bought = post(broker, "full", "/api/trade", body)
    heard = full.hear_until("deal") + full.hear_until("account")
    told = {each["event"]: each for each in heard}
    assert {"position", "order", "deal"} <= told.keys()
    assert {each["version"] for each in heard if each["event"] != "account"} == {before + 1}
    assert told["deal"]["data"]["ticket"] == bought["deal"]
    assert told["order"]["data"]["state"] == "filled"
    change = told["position"]["data"]
    assert (change["change"], change["ticket"], change["price"]) == (
        "opened",
        bought["ticket"],
        bought["price"],
    )
    assert told["account"]["data"]["margin"] > 0
    broker.run(
        broker.world.server.desk.execute(broker.world.login, ClosePosition(ticket=bought["ticket"]), "test")
    )
    closed = full.hear_until("position")[-1]
    assert (closed["data"]["change"], closed["data"]["volume"]) == ("closed", 0)
    assert closed["version"] == before + 2  # that a request was settled has no number of its own


def test_another_account_is_not_heard(broker: Served, full: Listening) -> None:
    for channel in NUMBERED:
        subscribe(full, channel)
    broker.run(broker.world.open_position(broker.world.stranger))
    assert [each for each in full.all_so_far() if each["event"] != "account"] == []


@pytest.mark.parametrize("channel", ["positions", "orders", "deals"])
def test_resuming_gives_all_that_was_missed(broker: Served, full: Listening, channel: str) -> None:
    (snapshot,) = subscribe(full, channel)
    for _ in range(3):
        ticket = broker.run(broker.world.open_position(broker.world.login))
        close(broker, ticket)
    live = [each["version"] for each in full.all_so_far()]
    assert len(live) == 6
    with listening(broker.base_url, broker.world.keys["read"]) as other:
        subscribe(other, channel, after=snapshot["version"])
        heard = [other.hear()["version"] for _ in range(6)]
        assert heard == live
        subscribe(other, channel, after=live[3])
        assert [other.hear()["version"] for _ in range(2)] == live[4:]
        assert other.all_so_far() == []
    full.ask(op="unsubscribe", channel=channel)


def test_the_beginning_of_all(broker: Served, full: Listening) -> None:
    subscribe(full, "deals", after=0)
    opening = full.hear()
    assert opening["data"]["type"] == "balance" and opening["version"] == 2


def test_what_a_person_would_want_to_hear_of(broker: Served, full: Listening) -> None:
    subscribe(full, "notifications")
    bid, _ = market(broker)
    order = {"symbol": "EURUSD", "type": 2, "volume": 0.1, "price": round(bid - 0.01, 5)}
    placed = post(broker, "full", "/api/orders", order)
    push(broker, ("EURUSD", round(bid - 0.011, 5), round(bid - 0.011, 5)))
    filled = full.hear_until("notification")[-1]
    assert (filled["data"]["kind"], filled["data"]["ticket"]) == ("order_filled", placed["ticket"])
    assert filled["version"] == version(broker)
    broker.world.server.desk.faults.set(FaultSettings(connected=False))
    lost = full.hear_until("notification")[-1]
    assert (lost["version"], lost["data"]["kind"]) == (None, "connection_lost")
    broker.world.server.desk.faults.set(FaultSettings())
    assert full.hear_until("notification")[-1]["data"]["kind"] == "connection_restored"


def test_nothing_comes_while_the_connection_is_lost_and_nothing_is_lost(
    broker: Served, full: Listening
) -> None:
    subscribe(full, "deals")
    subscribe(full, "notifications")
    subscribe(full, "ticks")
    now = broker.world.server.desk.now
    broker.world.server.desk.faults.set(FaultSettings(disconnects=(Disconnect(now, now + 60_000),)))
    full.hear_until("notification")
    bid, ask = market(broker)
    push(broker, ("EURUSD", bid, ask))
    broker.run(broker.world.open_position(broker.world.login))
    assert full.all_so_far() == []
    post(broker, "admin", "/api/simulation/clock/advance", {"seconds": 60})
    heard = full.hear_until("deal")
    assert "connection_restored" in {
        each["data"]["kind"] for each in heard if each["event"] == "notification"
    }
    assert heard[-1]["version"] == version(broker)


def test_a_margin_call_is_told_once(broker: Served) -> None:
    opened = post(
        broker, "admin", "/api/accounts", {"balance": 1000, "margin_call_level": 100, "stop_out_level": 20}
    )
    headers = {"Authorization": f"Bearer {opened['api_key']}"}
    bid, _ = market(broker)
    with listening(broker.base_url, opened["api_key"]) as reader:
        subscribe(reader, "notifications")
        body = {"symbol": "EURUSD", "action": "buy", "volume": 0.8}
        assert httpx.post(broker.base_url + "/api/trade", headers=headers, json=body).status_code == 200
        push(broker, ("EURUSD", round(bid - 0.004, 5), round(bid - 0.0039, 5)))
        called = reader.hear_until("notification")[-1]
        assert called["data"]["kind"] == "margin_call" and "below 100 %" in called["data"]["text"]
        push(broker, ("EURUSD", round(bid - 0.0041, 5), round(bid - 0.004, 5)))
        push(broker, ("EURUSD", round(bid - 0.03, 5), round(bid - 0.0299, 5)))
        assert [each["data"]["kind"] for each in reader.hear_until("notification")] == ["stop_out"]


def test_every_event_of_the_document_can_be_heard() -> None:
    """The tests above hear each of them; this one holds the list of them against the document."""
    schemas = DOCUMENT.root["components"]["schemas"]
    for name, node in STREAM["events"].items():
        schema = schemas[node["$ref"].rpartition("/")[2]]
        assert schema["properties"]["event"]["pattern"] == f"^{name}$"
        assert schema["additionalProperties"] is False
    for name, node in STREAM["requests"].items():
        schema = schemas[node["$ref"].rpartition("/")[2]]
        assert schema["properties"]["op"]["pattern"] == f"^{name}$"


def test_amounts_are_exact(broker: Served, full: Listening) -> None:
    (deals,) = subscribe(full, "deals")
    total = sum((Decimal(str(each["profit"])) for each in deals["data"]), Decimal(0))
    account = broker.world.server.desk.broker.accounts[broker.world.login]
    if len(deals["data"]) < 100:
        assert total * 100 == account.balance
