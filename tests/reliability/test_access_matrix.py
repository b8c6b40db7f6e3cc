"""Exactly what the contract grants: every operation with every kind of key, and with others' objects."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any, Final

import pytest
import pytest_asyncio
from websockets.exceptions import InvalidStatus

from contract.served import Served, World, served
from contract.test_matrix import Request, valid
from delivery.listening import listening
from reliability.access_matrix import (
    CHANNEL_GRANTS,
    DOCUMENT,
    GRANTS,
    INVALID,
    SCOPES,
    SECURED,
    Answer,
    Headers,
    ask,
    expected,
    identifiers,
    keys,
    observe,
    settle,
    state,
)
from tradyn.access import Scope
from tradyn.broker.commands import PlaceMarketOrder
from tradyn.broker.orders import Side

Json = dict[str, Any]

in_one_loop = pytest.mark.asyncio(loop_scope="module")


# ── operations and scopes ──────────────────────────────────────────────────────────────────────────────────


def test_the_document_grants_what_the_table_does() -> None:
    assert {each.id: frozenset(each.node["x-scopes"]) for each in DOCUMENT.operations} == GRANTS
    assert [each.id for each in DOCUMENT.operations if each.node["security"]] == [
        each.id for each in DOCUMENT.operations if GRANTS[each.id]
    ]
    stream = DOCUMENT.root["x-streams"]["/api/stream"]
    assert {name: frozenset(each["x-scopes"]) for name, each in stream["channels"].items()} == CHANNEL_GRANTS


@cache
def seen() -> list[tuple[str, str, Answer]]:
    """No fixture: what it finds wrong fails a test."""
    return asyncio.run(observe())


def test_every_operation_with_every_key() -> None:
    answered = {(name, key): (answer.status, answer.code) for name, key, answer in seen()}
    assert answered == {(name, key): expected(name, key) for name, key in answered}
    assert len(answered) == 14 * len(GRANTS)


def test_all_invalid_keys_get_one_answer() -> None:
    answers = {answer for name, key, answer in seen() if key in INVALID and GRANTS[name]}
    assert len(answers) == 1


# ── others' objects ────────────────────────────────────────────────────────────────────────────────────────

# What names something that belongs to an account, and what does not. A name that is in neither is new here:
# decide which it is.
IDENTIFIERS: Final = {
    *("ticket", "opposite", "login", "key_id", "webhook_id", "delivery_id", "cursor", "client_order_id"),
}
VALUES: Final = {
    *("action", "amount", "ask", "balance", "bid", "comment", "connected", "count", "currency"),
    *("description", "deviation", "disconnects", "enabled", "error_rate", "events", "expiration"),
    *("expires_at", "from", "label", "latency_ms", "leverage", "limit", "lost_reply_rate", "magic"),
    *("margin_call_level", "mode", "name", "now", "order", "overlap_seconds", "points", "price"),
    *("price_stop_limit", "quotes", "reject_rate", "result", "scope", "seconds", "seed", "sl"),
    *("slippage_points", "speed", "state", "stop_out_level", "symbol", "time", "timeframe", "to", "tp"),
    *("trailing_stop", "type", "url", "until", "volume"),
}


def test_every_name_is_known_to_lead_to_an_account_or_not() -> None:
    names = {name for operation in DOCUMENT.operations for _, name in identifiers(operation)}
    assert names - IDENTIFIERS - VALUES == set()


def _cases(*wanted: str) -> list[tuple[str, str, str]]:
    """(operation, place, name) of every identifier that a key of an account can send."""
    return [
        (operation.id, place, name)
        for operation in DOCUMENT.operations
        if GRANTS[operation.id] - {"admin"}
        for place, name in sorted(identifiers(operation))
        if name in wanted
    ]


@dataclass(frozen=True)
class Theirs:
    """Objects of another account, and for each a name of the same length that nothing has."""

    position: str
    order: str
    ended: str
    deal: str
    key_id: str
    webhook_id: str
    delivery_id: str
    login: str

    def all(self, operation_id: str, name: str) -> list[tuple[str, str]]:
        """(theirs, nobody's) for one identifier of one operation."""
        match name:
            case "ticket" if operation_id == "explain":
                found = [self.position, self.order, self.ended, self.deal]
            case "ticket" if "/orders/" in DOCUMENT.by_id[operation_id].path:
                found = [self.order, self.ended, self.position]
            case "ticket":
                found = [self.position, self.order]
            case "opposite":
                found = [self.position]
            case _:
                found = [str(getattr(self, name))]
        return [(each, _nobodys(each)) for each in found]


def _nobodys(name: str) -> str:
    """A name of the same form; the tickets and logins of the test begin with 1, ids are hexadecimal."""
    return name[:-3] + "999" if name.isdecimal() and len(name) < 16 else name[:-6] + "0" * 6


async def _prepare(world: World) -> Theirs:
    """Fill the other account until its tickets have three digits, which none of ours has."""
    ticket = 0
    while ticket < 100:
        ticket = await world.place_order(world.stranger)
    position = await world.open_position(world.stranger)
    ended = await world.open_position(world.stranger, side=Side.SELL)
    await world.server.desk.execute(
        world.stranger,
        PlaceMarketOrder(
            symbol="EURUSD", side=Side.BUY, volume=Decimal("0.5"), client_order_id="theirs", comment="theirs"
        ),
        "trade",
    )
    found = await world.server.journal.deals(
        world.stranger, symbol=None, since=None, until=None, after=0, limit=1000, descending=False
    )
    webhook = world.server.webhooks.get(world.foreign_webhook_id, world.stranger)
    return Theirs(
        position=str(position),
        order=str(ticket),
        ended=str(ended),
        deal=str(found[-1][1].ticket),
        key_id=world.foreign_key_id,
        webhook_id=world.foreign_webhook_id,
        delivery_id=(await world.server.courier.test(webhook)).delivery_id,
        login=str(world.stranger),
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene() -> AsyncIterator[tuple[World, dict[str, Headers], Theirs]]:
    async with keys() as (world, headers):
        yield world, headers, await _prepare(world)


def _with(operation_id: str, base: Request, place: str, name: str, value: str) -> Request:
    """The request with another object in one place."""
    if place == "body":
        typed: Any = int(value) if name in ("opposite", "login") else value
        return replace(base, body={**base.body, name: typed})
    if place == "query":
        return replace(base, query={**base.query, name: value})
    template, parts = DOCUMENT.by_id[operation_id].path.split("/"), base.path.split("/")
    parts[template.index("{" + name + "}")] = value
    return replace(base, path="/".join(parts))


@in_one_loop
@pytest.mark.parametrize(
    ("operation_id", "place", "name"),
    _cases("ticket", "opposite", "login", "key_id", "webhook_id", "delivery_id"),
)
async def test_what_is_anothers_is_not_there(
    scene: tuple[World, dict[str, Headers], Theirs], operation_id: str, place: str, name: str
) -> None:
    world, headers, theirs = scene
    base = await valid(world, operation_id)
    if operation_id == "createKey":
        base = replace(base, body={"scope": "read"})
    await settle(world)
    for scope in sorted(GRANTS[operation_id] - {"admin"}):
        for foreign, nobodys in theirs.all(operation_id, name):
            before = await state(world)
            answers = [
                await ask(world, operation_id, _with(operation_id, base, place, name, value), headers[scope])
                for value in (foreign, nobodys)
            ]
            blank = [
                replace(answer, body=answer.body.replace(value, "…"))
                for answer, value in zip(answers, (foreign, nobodys), strict=True)
            ]
            assert blank[0] == blank[1]
            denied = {"login": (403, "INSUFFICIENT_SCOPE")}.get(name, (404, "NOT_FOUND"))
            if name == "opposite":
                denied = (400, "POSITION_CLOSED")
            assert (blank[0].status, blank[0].code) == denied
            assert await state(world) == before


@in_one_loop
@pytest.mark.parametrize(("operation_id", "place", "name"), _cases("client_order_id"))
async def test_a_name_that_another_account_has_used_is_free(
    scene: tuple[World, dict[str, Headers], Theirs], operation_id: str, place: str, name: str
) -> None:
    world, headers, _ = scene
    base = await valid(world, operation_id)
    own, before = await state(world), world.server.desk.account(world.stranger).version
    value = "theirs"
    answer = await ask(world, operation_id, _with(operation_id, base, place, name, value), headers["full"])
    if answer.code == "CLIENT_ORDER_ID_REUSED":
        # By ourselves, in the case before this one: never by them.
        known = await world.server.journal.settled(world.login, "theirs")
        assert known is not None
    else:
        assert answer.status == 200
        assert operation_id == "previewTrade" or await state(world) != own
    assert world.server.desk.account(world.stranger).version == before


@in_one_loop
async def test_names_are_an_accounts_own(scene: tuple[World, dict[str, Headers], Theirs]) -> None:
    world, _, _ = scene
    body = {"symbol": "EURUSD", "action": "buy", "volume": 0.5, "comment": "theirs"}
    request = Request("/api/trade", body={**body, "client_order_id": "a-name-of-both"})
    tickets = []
    for login in (world.stranger, world.login):
        _, token = await world.issue("trade", login)
        answers = [
            await ask(world, "trade", request, [("Authorization", f"Bearer {token}")]) for _ in range(2)
        ]
        assert answers[0] == answers[1] and answers[0].status == 200
        tickets.append(answers[0].body)
    assert tickets[0] != tickets[1]


CURSORS: Final = {
    "getAccountHistory": ("/api/account/history", {"limit": 2}),
    "listOrders": ("/api/orders", {"limit": 2}),
    "listDeliveries": ("/api/webhooks/{webhook_id}/deliveries", {"limit": 1}),
}


@in_one_loop
async def test_a_cursor_of_another_account_shows_nothing_of_it(
    scene: tuple[World, dict[str, Headers], Theirs],
) -> None:
    world, headers, theirs = scene
    assert {name for name, _, _ in _cases("cursor")} == CURSORS.keys()
    _, token = await world.issue("full", world.stranger)
    stranger = [("Authorization", f"Bearer {token}")]
    await world.server.courier.test(world.server.webhooks.get(theirs.webhook_id, world.stranger))
    for name, (path, query) in CURSORS.items():
        page = await ask(world, name, Request(path.format(webhook_id=theirs.webhook_id), query), stranger)
        cursor = _json(page)["next_cursor"]
        assert cursor, name
        own = Request(path.format(webhook_id=world.webhook_id), {**query, "cursor": cursor})
        answer = await ask(world, name, own, headers["full"])
        if name == "listDeliveries":
            # It belongs to one webhook's list: to any other it is no cursor at all.
            nonsense = base64.urlsafe_b64encode(b"nonsense").decode()
            other = replace(own, query={**query, "cursor": nonsense})
            assert answer == await ask(world, name, other, headers["full"])
            assert (answer.status, answer.code) == (400, "INVALID_CURSOR")
            continue
        everything = await ask(world, name, Request(path, {"limit": 1000}), headers["full"])
        assert answer.status == everything.status == 200
        assert all(each in _json(everything)["data"] for each in _json(answer)["data"])


def _json(answer: Answer) -> Json:
    content: Json = json.loads(answer.body)
    return content


@in_one_loop
@pytest.mark.parametrize("operation_id", [each for each in SECURED if GRANTS[each] != {"admin"}])
async def test_a_key_of_another_account_does_nothing_to_this_one(
    scene: tuple[World, dict[str, Headers], Theirs], operation_id: str
) -> None:
    world, _, _ = scene
    base = await valid(world, operation_id)
    if operation_id == "createKey":
        base = replace(base, body={"scope": "read"})
    # Tickets are counted in each account, so that the other may have one of the same number.
    has_ticket = "ticket" in {name for _, name in identifiers(DOCUMENT.by_id[operation_id])}
    has_id = "_id}" in DOCUMENT.by_id[operation_id].path
    for scope in sorted(GRANTS[operation_id] - {"admin"}):
        _, token = await world.issue(scope, world.stranger)
        before = _of_account(world)
        answer = await ask(world, operation_id, base, [("Authorization", f"Bearer {token}")])
        assert _of_account(world) == before
        assert has_ticket or answer.status == (404 if has_id else 200)
        assert f'"login":{world.login}' not in answer.body


def _of_account(world: World) -> tuple[object, ...]:
    server, login = world.server, world.login
    return server.desk.account(login).version, server.access.keys(login), server.webhooks.all(login)


# ── the stream ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def broker() -> Iterator[Served]:
    with served() as broker:
        yield broker


def test_every_channel_with_every_scope(broker: Served) -> None:
    with pytest.raises(InvalidStatus) as refused, listening(broker.base_url, broker.world.keys["admin"]):
        pass
    assert refused.value.response.status_code == 403
    answered = {}
    for scope in sorted(set(SCOPES) - {"admin"}):
        with listening(broker.base_url, broker.world.keys[scope]) as reader:
            for channel in CHANNEL_GRANTS:
                more = {"symbols": ["EURUSD"], "timeframe": "M1"} if channel == "candles" else {}
                answer = reader.ask(op="subscribe", channel=channel, **more)
                answered[channel, scope] = answer.get("code", answer["event"])
    assert answered == {
        (channel, scope): "subscribed" if scope in CHANNEL_GRANTS[channel] else "INSUFFICIENT_SCOPE"
        for channel, scope in answered
    }


@pytest.mark.parametrize("after", [None, 0])
def test_the_stream_of_one_account_has_nothing_of_another(broker: Served, after: int | None) -> None:
    world = broker.world
    with listening(broker.base_url, world.keys["full"]) as reader:
        for channel in sorted(set(CHANNEL_GRANTS) - {"ticks", "candles"}):
            more = {} if after is None or channel == "account" else {"after": after}
            assert reader.ask(op="subscribe", channel=channel, **more)["event"] == "subscribed"
        ours = str(broker.run(_trade(world, world.login, "of ours")))
        theirs = str(broker.run(_trade(world, world.stranger, "of theirs")))
        last = broker.run(_trade(world, world.login, "the last of ours"))
        heard = reader.hear_until("deal")
        while not any(each.get("data", {}).get("comment") == "the last of ours" for each in heard[-1:]):
            heard += reader.hear_until("deal")
        heard += reader.all_so_far()
    told = str(heard)
    assert ours in told and str(last) in told
    assert "of theirs" not in told and theirs not in told
    assert str(world.stranger) not in told


async def _trade(world: World, login: int, comment: str) -> int:
    command = PlaceMarketOrder(symbol="EURUSD", side=Side.BUY, volume=Decimal("0.5"), comment=comment)
    outcome = await world.server.desk.execute(login, command, "test")
    return int(outcome.transactions[0].event.order.ticket)


def test_a_version_of_another_account_is_no_place_to_resume_from(broker: Served) -> None:
    accounts = broker.world.server.desk.broker.accounts
    while accounts[broker.world.stranger].version <= accounts[broker.world.login].version + 5:
        broker.run(_trade(broker.world, broker.world.stranger, "more"))
    theirs = accounts[broker.world.stranger].version
    with listening(broker.base_url, broker.world.keys["full"]) as reader:
        answers = []
        for after in (theirs, 10**9):
            answer = reader.ask(op="subscribe", channel="deals", after=after)
            answers.append((answer["code"], answer["error"].replace(str(after), "…")))
        assert answers[0] == answers[1]
        assert answers[0][0] == "INVALID_CURSOR"


def test_scopes_of_the_code_are_those_of_the_table() -> None:
    assert {each.value for each in Scope} == set(SCOPES)
