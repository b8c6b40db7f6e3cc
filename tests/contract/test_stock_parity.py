"""The compiled contract against stock connexion: the same document and handlers, equal answers.

Two brokers with the same past get the same valid requests in the same order, one through the compiled
table, one through stock connexion's own routing, validation and security. Status and body must be equal in
everything but what is random or of this one request: the keys, their ids, and the request's id.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest

from contract.served import BASE_URL, DOCUMENT, NO_SUCH_NUMBER, World, open_world
from tradyn.app import TAGS_WITH_FAULTS
from tradyn.broker.orders import Side
from tradyn.contract import stock_app
from tradyn.gate import Gate
from tradyn.handlers import Handler

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

_RANDOM: Final = frozenset(
    {"request_id", "api_key", "key_id", "prefix", "webhook_id", "secret", "delivery_id"}
)
_WALL: Final = 1_772_000_000.0


@dataclass(frozen=True)
class Call:
    """One request; `{name}` in a path is an attribute of the world."""

    scope: str
    method: str
    path: str
    query: dict[str, Any]
    body: Any = None


def documented() -> Iterator[Call]:
    """Every operation with every example of its body, or without a body."""
    names = {
        "ticket": "{position}",
        "login": "{login}",
        "symbol": "EURUSD",
        "key_id": "{spare}",
        "webhook_id": "{webhook_id}",
        "delivery_id": "{delivery_id}",
    }
    for operation in DOCUMENT.operations:
        path = operation.path.format(**names)
        if path.startswith("/api/orders/"):
            path = "/api/orders/{order}"
        if operation.id == "deleteWebhook":
            # The others come after it.
            path = "/api/webhooks/{spare_webhook_id}"
        scopes = operation.node["x-scopes"]
        scope = ("admin" if "admin" in scopes else "full") if scopes else ""
        body = operation.node.get("requestBody")
        if body is None:
            yield Call(scope, operation.method.upper(), path, {})
            continue
        for example in DOCUMENT.examples(body).values():
            yield Call(scope, operation.method.upper(), path, {}, example)


def by_hand() -> list[Call]:
    """What the examples do not show: parameters, refusals, and what is not there."""
    trade = {"symbol": "EURUSD", "action": "sell", "volume": 0.2}
    order = {
        "symbol": "USDJPY",
        "type": 3,
        "volume": 0.1,
        "price": 400.5,
        "expiration": "2026-03-04T00:00:00Z",
    }
    return [
        Call("full", "POST", "/api/trade", {}, {**trade, "client_order_id": "parity-1"}),
        Call("full", "POST", "/api/trade", {}, {**trade, "client_order_id": "parity-1"}),
        Call("trade", "POST", "/api/trade", {}, {**trade, "volume": 0.3, "client_order_id": "parity-1"}),
        Call("trade", "POST", "/api/trade", {}, {**trade, "volume": 1000}),
        Call("trade", "POST", "/api/trade", {}, {**trade, "volume": 0.015}),
        Call("trade", "POST", "/api/trade", {}, {**trade, "sl": 0.5}),
        Call("trade", "POST", "/api/trade", {}, {**trade, "symbol": "NOPE"}),
        Call("trade", "POST", "/api/orders", {}, order),
        Call("trade", "POST", "/api/orders", {}, {**order, "type": 0}),
        Call("trade", "POST", "/api/orders", {}, {**order, "price": 1}),
        Call("read", "GET", "/api/orders", {"symbol": "USDJPY", "limit": 1}),
        Call("read", "GET", "/api/orders", {"state": "filled", "limit": 2}),
        Call("read", "GET", "/api/orders", {"state": "canceled"}),
        Call("read", "GET", "/api/orders", {"cursor": "nonsense"}),
        Call("read", "GET", "/api/orders/{canceled_order}", {}),
        Call("read", "GET", f"/api/orders/{NO_SUCH_NUMBER}", {}),
        Call("trade", "PATCH", "/api/orders/{canceled_order}", {}, {"price": 0.8}),
        Call("trade", "DELETE", "/api/orders/{canceled_order}", {}),
        Call("read", "GET", "/api/account/history", {"limit": 3, "order": "desc"}),
        Call("read", "GET", "/api/account/history", {"from": "2026-03-02T09:30:00Z", "symbol": "EURUSD"}),
        Call("read", "GET", "/api/account/history", {"to": "2026-03-02T09:30:00Z"}),
        Call("read", "GET", "/api/account/history", {"symbol": "NOPE"}),
        Call("read", "GET", "/api/positions", {"symbol": "GBPUSD"}),
        Call("read", "GET", "/api/positions/{closed_position}", {}),
        Call("read", "GET", "/api/positions/{foreign_position}", {}),
        Call("trade", "PATCH", "/api/positions/{closed_position}", {}, {"sl": 1}),
        Call("trade", "DELETE", "/api/positions/{closed_position}", {"volume": 0.1}),
        Call("trade", "GET", "/api/symbols/EURUSD", {}),
        Call("trade", "GET", "/api/symbols/NOPE", {}),
        Call("trade", "GET", "/api/quotes/XAUUSD", {}),
        Call("read", "GET", "/api/candles/EURUSD", {"timeframe": "M5", "count": 3}),
        Call("read", "GET", "/api/candles/EURUSD", {"from": "2026-02-02T00:00:00Z", "count": 2}),
        Call("read", "POST", "/api/trade/preview", {}, {**trade, "volume": 1000}),
        Call("read", "GET", "/api/explain/{closed_position}", {}),
        Call("read", "GET", "/api/explain/{position}", {}),
        Call("full", "GET", "/api/explain/{canceled_order}", {}),
        Call("read", "GET", "/api/explain/1", {}),
        Call("read", "GET", "/api/explain/{foreign_position}", {}),
        Call("full", "GET", "/api/keys", {}),
        Call("full", "POST", "/api/keys", {}, {"scope": "admin"}),
        Call("full", "DELETE", "/api/keys/{foreign_key_id}", {}),
        Call("admin", "POST", "/api/keys", {}, {"scope": "read", "login": NO_SUCH_NUMBER}),
        Call("admin", "POST", "/api/keys", {}, {"scope": "read", "expires_at": "1999-01-01T00:00:00Z"}),
        Call("full", "GET", "/api/webhooks/{foreign_webhook_id}", {}),
        Call("full", "POST", "/api/webhooks/{webhook_id}/deliveries/nothing/redeliver", {}),
        Call("full", "GET", "/api/webhooks/{webhook_id}/deliveries", {"cursor": "nonsense"}),
        Call("full", "POST", "/api/webhooks", {}, {"url": "http://bots.test/", "events": ["deal.created"]}),
        Call("full", "POST", "/api/webhooks", {}, {"url": "https://[::1]/", "events": ["deal.created"]}),
        Call("read", "GET", "/api/webhooks", {}),
        Call("full", "DELETE", "/api/webhooks/{webhook_id}", {}),
        Call("admin", "GET", "/api/accounts", {"limit": 1}),
        Call("admin", "GET", f"/api/accounts/{NO_SUCH_NUMBER}", {}),
        Call("admin", "POST", "/api/accounts/{stranger}/balance", {}, {"amount": -1e11}),
        Call("admin", "POST", "/api/simulation/clock/advance", {}, {"to": "1999-01-01T00:00:00Z"}),
        Call("read", "POST", "/api/trade", {}, trade),
        Call("admin", "GET", "/api/account", {}),
    ]


@asynccontextmanager
async def broker(*, stock: bool) -> AsyncIterator[tuple[World, Any]]:
    """A prepared world, and the application that serves it."""
    handlers: dict[str, Handler] = {}

    def look(bound: dict[str, Handler]) -> dict[str, Handler]:
        handlers.update(bound)
        return bound

    async with open_world(rewire=look, wall=lambda: _WALL) as world:
        server = world.server
        if not stock:
            yield world, server.app
            return
        faulty = frozenset(
            each.id for each in DOCUMENT.operations if TAGS_WITH_FAULTS.intersection(each.node["tags"])
        )
        gate = Gate(
            server.access,
            server.desk,
            server.desk.faults,
            rate_limit=10**9,
            failed_auth_limit=10**9,
            faulty=faulty,
        )
        yield world, stock_app(server.document, handlers, gate)


async def answers(*, stock: bool) -> list[tuple[Call, int, Any]]:
    """What one broker says to all of it."""
    found = []
    async with broker(stock=stock) as (world, app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
            # A clock that runs makes two brokers differ: it is set going last of all.
            for call in sorted(
                [*documented(), *by_hand()], key=lambda each: each.method == "PATCH" and "clock" in each.path
            ):
                spare = world.spare_key_ids["read"]
                names = {name: getattr(world, name) for name in World.__slots__ if name != "server"}
                path = call.path.format(spare=spare, **names)
                headers = {"Authorization": f"Bearer {world.keys[call.scope]}"} if call.scope else {}
                content = {} if call.body is None else {"json": call.body}
                answer = await client.request(
                    call.method, path, params=call.query, headers=headers, **content
                )
                found.append((call, answer.status_code, scrubbed(answer.json())))
                # What an example breaks must not hide what the next one does.
                await client.put(
                    "/api/simulation/faults",
                    json={},
                    headers={"Authorization": f"Bearer {world.keys['admin']}"},
                )
    return found


def scrubbed(value: Any) -> Any:
    """Without what is random."""
    if isinstance(value, dict):
        return {name: scrubbed(each) for name, each in value.items() if name not in _RANDOM}
    if isinstance(value, list):
        return [scrubbed(each) for each in value]
    # Sentences about a key or a webhook name it.
    return "…" if isinstance(value, str) and ("API key " in value or "webhook " in value) else value


@pytest.mark.parametrize("stock", [False, True])
async def test_both_answer_null_in_the_place_of_an_object(stock: bool) -> None:
    async with broker(stock=stock) as (world, app):
        opposite = await world.open_position(world.login, side=Side.SELL)
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL)
        async with client:
            answer = await client.post(
                f"/api/positions/{world.position}/close-by",
                json={"opposite": opposite},
                headers={"Authorization": f"Bearer {world.keys['full']}"},
            )
        assert answer.status_code == 200, answer.text
        assert answer.json()["data"]["position"] is None


async def test_both_say_the_same_to_every_valid_request() -> None:
    compiled, stock = await answers(stock=False), await answers(stock=True)
    assert len(compiled) > 80
    assert {call.method for call, _, _ in compiled} == {"GET", "POST", "PATCH", "PUT", "DELETE"}
    assert {status for _, status, _ in compiled} >= {200, 400, 403, 404}
    for (call, status, body), (_, stock_status, stock_body) in zip(compiled, stock, strict=True):
        assert (status, body) == (stock_status, stock_body), call
