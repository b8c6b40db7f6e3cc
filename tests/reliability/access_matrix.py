"""Who may call what: every operation with every kind of key, tried on the real application in process.

The operations come from the document. What is right comes from `GRANTS`, which was written from the house's
contract page and reads nothing from the document, so that neither can be wrong without the other.

`python -m reliability.access_matrix` prints the matrix as it was observed.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

import httpx

from contract.document_rules import Document, Operation
from contract.served import BASE_URL, World, open_world
from contract.test_matrix import Request, missing, valid
from tradyn.access import TEST_PREFIX, generate_key
from tradyn.app import contract_path
from tradyn.contract import load_document

__all__ = [
    "CHANNEL_GRANTS",
    "DOCUMENT",
    "GRANTS",
    "KEYS",
    "SECURED",
    "Answer",
    "ask",
    "expected",
    "keys",
    "observe",
    "state",
]

DOCUMENT: Final = Document(load_document(contract_path()))

_READS = frozenset({"read", "full"})
_TRADES = frozenset({"trade", "full"})
_MARKET_DATA = frozenset({"read", "trade", "full"})
_KEYS = frozenset({"full", "admin"})
_WEBHOOKS = frozenset({"full"})
_ADMIN = frozenset({"admin"})
_EVERYBODY: Final[frozenset[str]] = frozenset()

GRANTS: Final[Mapping[str, frozenset[str]]] = {
    "getAccount": _READS,
    "getAccountHistory": _READS,
    "listPositions": _READS,
    "getPosition": _READS,
    "modifyPosition": _TRADES,
    "closePosition": _TRADES,
    "listOrders": _READS,
    "placeOrder": _TRADES,
    "getOrder": _READS,
    "modifyOrder": _TRADES,
    "cancelOrder": _TRADES,
    "trade": _TRADES,
    "closeAll": _TRADES,
    "listSymbols": _MARKET_DATA,
    "getSymbol": _MARKET_DATA,
    "getQuote": _MARKET_DATA,
    "getCandles": _MARKET_DATA,
    "previewTrade": _READS,
    "getStatistics": _READS,
    "getEquity": _READS,
    "explain": _READS,
    "closeBy": _TRADES,
    "listKeys": _KEYS,
    "createKey": _KEYS,
    "rotateKey": _KEYS,
    "revokeKey": _KEYS,
    "listWebhooks": _WEBHOOKS,
    "createWebhook": _WEBHOOKS,
    "getWebhook": _WEBHOOKS,
    "updateWebhook": _WEBHOOKS,
    "deleteWebhook": _WEBHOOKS,
    "rotateWebhookSecret": _WEBHOOKS,
    "testWebhook": _WEBHOOKS,
    "listDeliveries": _WEBHOOKS,
    "redeliver": _WEBHOOKS,
    "listAccounts": _ADMIN,
    "createAccount": _ADMIN,
    "getAccountByLogin": _ADMIN,
    "changeBalance": _ADMIN,
    "resetAccount": _ADMIN,
    "getClock": _ADMIN,
    "updateClock": _ADMIN,
    "advanceClock": _ADMIN,
    "pushQuotes": _ADMIN,
    "getFaults": _ADMIN,
    "setFaults": _ADMIN,
    "getLiveness": _EVERYBODY,
    "getReadiness": _EVERYBODY,
}
"""operationId → the scopes that may call it; empty where no key is asked for."""

CHANNEL_GRANTS: Final[Mapping[str, frozenset[str]]] = {
    "ticks": _MARKET_DATA,
    "candles": _MARKET_DATA,
    "account": _READS,
    "positions": _READS,
    "orders": _READS,
    "deals": _READS,
    "notifications": _READS,
}
"""Channel of the stream → the scopes that may subscribe to it."""

SECURED: Final = [name for name, scopes in GRANTS.items() if scopes]

NO_AUTHORIZATION: Final = ("none", "no Bearer", "empty", "two keys", "twice")
"""Without a well-formed Authorization: 401."""
INVALID: Final = ("malformed", "unknown", "expired", "revoked", "rotated")
"""Well-formed, and no valid key: 403 INVALID_API_KEY."""
SCOPES: Final = ("read", "trade", "full", "admin")
KEYS: Final = (*NO_AUTHORIZATION, *INVALID, *SCOPES)

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer without what differs between any two: its request's id, and how much of the rate is left."""

    status: int
    code: str | None
    headers: tuple[tuple[str, str], ...]
    body: str


def expected(operation_id: str, key: str) -> tuple[int, str | None]:
    """Status and code by which a right request with this kind of key is answered."""
    scopes = GRANTS[operation_id]
    if not scopes:
        return 200, None
    if key in NO_AUTHORIZATION:
        return 401, "UNAUTHORIZED"
    if key in INVALID:
        return 403, "INVALID_API_KEY"
    return (200, None) if key in scopes else (403, "INSUFFICIENT_SCOPE")


@asynccontextmanager
async def keys(**changes: Any) -> AsyncIterator[tuple[World, dict[str, Headers]]]:
    """A prepared broker, and the headers of every kind of key to it, all of them of its first account.

    Args:
        changes: of its settings.
    """
    moved = 0.0

    def wall() -> float:
        return 1_800_000_000.0 + moved

    async with open_world(wall=wall, **changes) as world:
        access = world.server.access
        right = world.keys["full"]
        typo = right[:20] + ("a" if right[20] != "a" else "b") + right[21:]
        scope = access.find(right)
        assert scope is not None
        expiring, expired = await access.issue(world.login, scope.scope, expires_at=access.now() + 1000)
        revoking, revoked = await access.issue(world.login, scope.scope)
        rotating, rotated = await access.issue(world.login, scope.scope)
        await access.revoke(revoking)
        await access.rotate(rotating, 0)
        assert access.find(expired) == expiring
        moved = 1.0
        tokens = {
            "malformed": typo,
            "unknown": generate_key(TEST_PREFIX),
            "expired": expired,
            "revoked": revoked,
            "rotated": rotated,
            **world.keys,
        }
        bearer = ("Authorization", f"Bearer {right}")
        yield (
            world,
            {
                "none": [],
                "no Bearer": [("Authorization", f"Basic {right}")],
                "empty": [("Authorization", "Bearer ")],
                "two keys": [("Authorization", f"Bearer {right} {right}")],
                "twice": [bearer, bearer],
                **{name: [("Authorization", f"Bearer {token}")] for name, token in tokens.items()},
            },
        )


async def ask(world: World, operation_id: str, request: Request, headers: Headers) -> Answer:
    """One request, in process."""
    content = {} if request.body is None else {"json": request.body}
    transport = httpx.ASGITransport(world.app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        method = DOCUMENT.by_id[operation_id].method.upper()
        answer = await client.request(
            method, request.path, params=request.query, headers=httpx.Headers(headers), **content
        )
    request_id = answer.headers["x-request-id"]
    told = sorted(
        (name, re.sub(r"r=\d+", "r=…", value))
        for name, value in answer.headers.multi_items()
        if name != "x-request-id"
    )
    envelope = json.loads(answer.text)
    assert envelope["success"] is (answer.status_code == 200)
    return Answer(answer.status_code, envelope.get("code"), tuple(told), answer.text.replace(request_id, ""))


async def state(world: World) -> tuple[object, ...]:
    """All that a write could have changed."""
    server = world.server
    desk = server.desk
    webhooks = server.webhooks.all()
    deliveries = [await server.journal.deliveries(each.webhook_id, None, 100) for each in webhooks]
    return (
        desk.server_version,
        {login: account.version for login, account in desk.broker.accounts.items()},
        server.access.keys(),
        webhooks,
        [[each.number for each in some] for some in deliveries],
        desk.faults.settings,
        (server.market.clock.mode, server.market.clock.speed, desk.now),
        dict(desk.broker.market.quotes),
    )


async def settle(world: World) -> None:
    """Wait until nothing more comes of what was granted: webhooks hear of it in their own time."""
    before = None
    async with asyncio.timeout(10):
        while before != (now := await state(world)):
            before = now
            await asyncio.sleep(0.1)


async def right_request(world: World, operation_id: str, key: str) -> Request:
    """A request that succeeds if the scope may."""
    request = await valid(world, operation_id)
    if operation_id == "createKey" and key != "admin":
        # An admin key makes whatever key; the others none but their account's.
        request = replace(request, body={"scope": "read"})
    return request


async def observe() -> list[tuple[str, str, Answer]]:
    """Every operation with every kind of key: a right request, and before it one for what is not there.

    Raises:
        AssertionError: a denial depended on whether the object is there, or something happened all the same.
    """
    seen = []
    async with keys() as (world, headers):
        for operation in DOCUMENT.operations:
            name = operation.id
            request = await right_request(world, name, "full")
            for key in KEYS:
                if expected(name, key)[0] == 200:
                    granted = await right_request(world, name, key)
                    seen.append((name, key, await ask(world, name, granted, headers[key])))
                    if operation.method != "get":
                        await settle(world)
                    continue
                before = await state(world)
                answer = await ask(world, name, request, headers[key])
                absent = replace(missing(name), query=request.query)
                assert await ask(world, name, absent, headers[key]) == answer, (name, key)
                assert await state(world) == before, (name, key)
                seen.append((name, key, answer))
    return seen


def identifiers(operation: Operation) -> set[tuple[str, str]]:
    """(place, name) of all that a request of this operation can have: parameters, properties of its body."""
    found = {(str(each["in"]), str(each["name"])) for each in operation.parameters}
    if "requestBody" in operation.node:
        schema = DOCUMENT.media(operation.node["requestBody"])["schema"]
        found |= {("body", name) for name in _properties(schema)}
    return found


def _properties(schema: Any) -> set[str]:
    node = DOCUMENT.resolve(schema)
    names = set(node.get("properties", {}))
    inner = [*node.get("properties", {}).values(), *([node["items"]] if "items" in node else [])]
    for each in (*inner, *(one for kind in ("allOf", "anyOf", "oneOf") for one in node.get(kind, ()))):
        names |= _properties(each)
    return names


def _table(seen: list[tuple[str, str, Answer]]) -> tuple[str, bool]:
    """The matrix as text, and whether all of it is as it should be."""
    columns = ("none", "malformed", "unknown", "expired", "revoked", *SCOPES)
    cells = {(name, key): answer for name, key, answer in seen}
    lines = [f"{'':22}" + "".join(f"{each:>11}" for each in columns)]
    for operation in DOCUMENT.operations:
        shown = [cells[operation.id, key] for key in columns]
        told = ["yes" if each.status == 200 else str(each.status) for each in shown]
        lines.append(f"{operation.id:22}" + "".join(f"{each:>11}" for each in told))
    wrong = [
        f"{name} with {key}: {answer.status} {answer.code}"
        for (name, key), answer in cells.items()
        if (answer.status, answer.code) != expected(name, key)
    ]
    lines += [f"{len(cells)} combinations, {len(wrong)} of them wrong", *wrong]
    return "\n".join(lines), not wrong


if __name__ == "__main__":
    _text, _is_right = _table(asyncio.run(observe()))
    print(_text)
    sys.exit(not _is_right)
