"""Every (operation, status) that the document promises is seen, and nothing is seen that it does not promise.

Each cell is reached by a real request to the real application in a state that calls for that answer. The
table is printed at the end of the run, by `matrix_report.py`, together with what the fuzzer saw.

The traffic of it is recorded too, and counted by redocly, which shares no code with us.

The order in which reasons for a refusal count is proven here too, for all pairs and triples of them.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final

import apsw
import httpx
import pytest

from contract.redocly import drift
from contract.review_tools import needs_review_tools
from contract.served import (
    BASE_URL,
    DOCUMENT,
    NO_SUCH_NUMBER,
    PROMISED,
    ROOT_URL,
    SCOPES,
    SEEN,
    WEBHOOK_URL,
    Sightings,
    World,
    open_world,
    scopes_of,
    served,
    unpromised,
)
from contract.traffic import recording
from tradyn.adapters.journal_sqlite import SqliteJournal
from tradyn.app import TAGS_WITH_FAULTS
from tradyn.broker.orders import Side
from tradyn.faults import FaultSettings
from tradyn.handlers import Handler

_WRONG_KEY: Final = "tk_test_" + "0" * 39
FAULTY: Final = frozenset(
    each.id for each in DOCUMENT.operations if TAGS_WITH_FAULTS.intersection(each.node["tags"])
)
_KEYLESS: Final = frozenset({"getLiveness", "getReadiness"})
_OBJECTS: Final = ("{ticket}", "{symbol}", "{key_id}", "{login}", "{webhook_id}")


@dataclass
class Request:
    """What an operation is called with; `path` has the names of the document's path filled in."""

    path: str
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None


async def valid(world: World, operation_id: str) -> Request:
    """A request that succeeds, with whatever it needs made before."""
    match operation_id:
        case "getPosition" | "modifyPosition" | "closePosition" | "explain":
            names: dict[str, Any] = {"ticket": await world.open_position(world.login)}
        case "closeBy":
            short = await world.open_position(world.login, side=Side.SELL)
            names = {"ticket": await world.open_position(world.login), "opposite": short}
        case "getOrder" | "modifyOrder" | "cancelOrder":
            names = {"ticket": await world.place_order(world.login)}
        case "deleteWebhook":
            names = {"webhook_id": (await world.create_webhook(world.login)).webhook_id}
        case _ if "{webhook_id}" in DOCUMENT.by_id[operation_id].path:
            names = {"webhook_id": world.webhook_id, "delivery_id": world.delivery_id}
        case "rotateKey" | "revokeKey":
            names = {"key_id": (await world.issue("read", world.login))[0]}
        case _:
            names = {"symbol": "EURUSD", "login": world.login}
    bodies: dict[str, Any] = {
        "modifyPosition": {"sl": 0.8},
        "placeOrder": {"symbol": "EURUSD", "type": 2, "volume": 0.1, "price": 0.9},
        "modifyOrder": {"price": 0.85},
        "trade": {"symbol": "EURUSD", "action": "buy", "volume": 0.01},
        "closeAll": {"symbol": "EURUSD", "result": "winning"},
        "previewTrade": {"symbol": "EURUSD", "action": "buy", "volume": 0.01},
        "closeBy": {"opposite": names.get("opposite")},
        "createKey": {"scope": "admin"},
        "createWebhook": {"url": WEBHOOK_URL, "events": ["deal.created"]},
        "updateWebhook": {"enabled": False},
        "createAccount": {"balance": 5},
        "changeBalance": {"amount": 10},
        "updateClock": {"speed": 2},
        "advanceClock": {"seconds": 1},
        "pushQuotes": {"quotes": [{"symbol": "EURUSD", "bid": 1.0875, "ask": 1.0876}]},
        "setFaults": {},
    }
    return Request(DOCUMENT.by_id[operation_id].path.format(**names), body=bodies.get(operation_id))


def missing(operation_id: str) -> Request:
    """A request for an object that is not there."""
    names = {
        "ticket": NO_SUCH_NUMBER,
        "symbol": "NOPE",
        "key_id": "nobody",
        "login": NO_SUCH_NUMBER,
        "webhook_id": "nothing",
        "delivery_id": "nothing",
    }
    bodies: dict[str, Any] = {
        "modifyPosition": {"sl": 1},
        "modifyOrder": {"price": 1},
        "closeBy": {"opposite": 1},
        "updateWebhook": {"enabled": True},
        "changeBalance": {"amount": 1},
    }
    return Request(DOCUMENT.by_id[operation_id].path.format(**names), body=bodies.get(operation_id))


def scope_for(operation_id: str) -> str:
    """A scope that may call the operation: admin where it may, else full."""
    scopes = DOCUMENT.by_id[operation_id].node["x-scopes"]
    return "admin" if "admin" in scopes else "full"


async def call(world: World, operation_id: str, request: Request, key: str | None = None, **more: Any) -> Any:
    """One request with a right key (or `key`; "" is none); the answer."""
    token = key
    if token is None and operation_id not in _KEYLESS:
        token = world.keys[scope_for(operation_id)]
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    content = {} if request.body is None else {"json": request.body}
    transport = httpx.ASGITransport(world.app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        answer = await client.request(
            DOCUMENT.by_id[operation_id].method.upper(),
            request.path,
            params={**request.query, **more},
            headers=headers,
            **content,
        )
    assert answer.json()["success"] is (answer.status_code == 200)
    return answer


Opener = Callable[..., AbstractAsyncContextManager[World]]
"""`open_world`, with those who watch given already."""

OPERATIONS: Final = [operation.id for operation in DOCUMENT.operations]
SECURED: Final = [each for each in OPERATIONS if each not in _KEYLESS]
# What writes to the journal, and so meets a full disk itself.
CHANGING: Final = [
    each
    for each in SECURED
    if DOCUMENT.by_id[each].method != "get" and each not in ("previewTrade", "closeAll")
]


# ---------------------------------------------------------------------- the states


async def see_plain_answers(opened: Opener) -> None:
    """200, 400, 401, 403 and 404: what needs no more than the request itself."""
    async with opened() as world:
        for name in OPERATIONS:
            assert (await call(world, name, await valid(world, name))).status_code == 200, name
            assert (await call(world, name, await valid(world, name), nonsense=1)).status_code == 400, name
        for name in SECURED:
            request = await valid(world, name)
            unknown = await call(world, name, request, key="")
            assert (unknown.status_code, unknown.headers["WWW-Authenticate"]) == (401, "Bearer"), name
            assert (await call(world, name, request, key=_WRONG_KEY)).status_code == 403, name
        for name in OPERATIONS:
            if any(each in DOCUMENT.by_id[name].path for each in _OBJECTS):
                assert (await call(world, name, missing(name))).status_code == 404, name


async def see_strangers(opened: Opener) -> None:
    """404 for what belongs to another account, 403 for every key whose scope may not."""
    async with opened() as world:
        for name in SECURED:
            operation = DOCUMENT.by_id[name]
            request = await valid(world, name)
            for scope in set(SCOPES) - scopes_of(operation.node):
                answer = await call(world, name, request, key=world.keys[scope])
                assert (answer.status_code, answer.json()["code"]) == (403, "INSUFFICIENT_SCOPE"), name
            if any(each in operation.path for each in ("{ticket}", "{key_id}", "{webhook_id}")):
                ticket = world.foreign_order if "/orders/" in operation.path else world.foreign_position
                path = operation.path.format(
                    ticket=ticket,
                    key_id=world.foreign_key_id,
                    webhook_id=world.foreign_webhook_id,
                    delivery_id=world.delivery_id,
                )
                answer = await call(world, name, replace(request, path=path), key=world.keys["full"])
                assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND"), name


async def see_rate_limits(opened: Opener) -> None:
    """429: the second request of a key within a second."""
    async with opened(rate_limit=1) as world:
        for name in SECURED:
            _, key = await world.issue(scope_for(name), None if scope_for(name) == "admin" else world.login)
            request = await valid(world, name)
            answers = [await call(world, name, request, key=key) for _ in range(4)]
            limited = [each for each in answers if each.status_code == 429]
            assert limited, name
            assert limited[0].headers["Retry-After"] == "1"
            assert limited[0].headers["RateLimit"].startswith('"default";r=0')


async def see_faults(opened: Opener) -> None:
    """500 and 503 by the faults that a user can ask for; they touch nothing else."""
    for fault, status in (({"error_rate": 1}, 500), ({"connected": False}, 503)):
        async with opened() as world:
            requests = {name: await valid(world, name) for name in OPERATIONS if name != "setFaults"}
            await call(world, "setFaults", Request("/api/simulation/faults", body=fault))
            for name, request in requests.items():
                expected = status if name in FAULTY else 200
                assert (await call(world, name, request)).status_code == expected, name


async def see_broken_handlers(opened: Opener) -> None:
    """500 where no fault reaches: every handler is replaced by one that fails."""

    def broken(handlers: dict[str, Handler]) -> dict[str, Handler]:
        async def fail(**_: Any) -> dict[str, Any]:
            raise RuntimeError("put in by a test")

        return dict.fromkeys(handlers, fail)

    async with opened(rewire=broken) as world:
        for name in OPERATIONS:
            answer = await call(world, name, await valid(world, name))
            assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL_ERROR"), name
            assert "put in by a test" not in answer.text


class FullDisk(apsw.VFS):  # type: ignore[misc,unused-ignore]
    """The default file system, until it is full."""

    def __init__(self) -> None:
        self.is_full = False
        super().__init__("full-disk", "")

    def xOpen(self, name: Any, flags: Any) -> Any:  # noqa: N802
        return _FullDiskFile(self, name, flags)


class _FullDiskFile(apsw.VFSFile):  # type: ignore[misc,unused-ignore]
    def __init__(self, disk: FullDisk, name: Any, flags: Any) -> None:
        self._disk = disk
        super().__init__("", name, flags)

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: N802
        if self._disk.is_full:
            raise apsw.FullError("disk full")
        super().xWrite(data, offset)


@asynccontextmanager
async def world_on_a_disk(opened: Opener, folder: Path) -> AsyncIterator[tuple[World, FullDisk]]:
    disk = FullDisk()
    journal = SqliteJournal.open(folder / "journal.sqlite", vfs="full-disk")
    try:
        async with opened(journal=journal) as world:
            yield world, disk
    finally:
        journal.close()
        disk.unregister()


async def see_a_full_disk(opened: Opener, folder: Path) -> None:
    """503 for everyone: the journal cannot write, so nothing can be acknowledged."""
    async with world_on_a_disk(opened, folder) as (world, disk):
        requests = {name: await valid(world, name) for name in OPERATIONS}
        disk.is_full = True
        for name in ("createAccount", *OPERATIONS):
            answer = await call(world, name, requests[name])
            expected = 200 if name == "getLiveness" else 503
            assert answer.status_code == expected, (name, answer.text)


async def see_everything(opened: Opener, folder: Path) -> None:
    """All states, one after another."""
    await see_plain_answers(opened)
    await see_strangers(opened)
    await see_rate_limits(opened)
    await see_faults(opened)
    await see_broken_handlers(opened)
    await see_a_full_disk(opened, folder)


@dataclass(frozen=True)
class Matrix:
    """What all states together showed: our own count, and the traffic as it went by."""

    seen: Sightings
    traffic: Path
    exchanges: int


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    folder = tmp_path_factory.mktemp("matrix")
    seen: Sightings = Counter()
    with recording(folder / "matrix.har", ROOT_URL) as tape:
        try:
            asyncio.run(see_everything(partial(open_world, seen, recording=tape), folder))
        finally:
            # `matrix_report` prints them at the end, with what the fuzzer saw.
            SEEN["matrix"].update(seen)
    return Matrix(seen, folder / "matrix.har", tape.entries)


def test_promised_is_seen_and_seen_is_promised(matrix: Matrix) -> None:
    assert sorted(PROMISED - set(matrix.seen)) == [], "promised and never seen"
    assert unpromised(matrix.seen) == [], "seen and never promised"
    assert unpromised(SEEN["fuzz"]) == [], "seen by the fuzzer and never promised"


@needs_review_tools
def test_another_tool_counts_the_same_in_the_recorded_traffic(matrix: Matrix) -> None:
    counted = drift(matrix.traffic, DOCUMENT)
    print(f"\nredocly: {counted.exchanges} exchanges, {counted.totals}")
    assert (counted.exchanges, counted.documented) == (matrix.exchanges, matrix.exchanges)
    assert matrix.exchanges == matrix.seen.total()
    assert counted.cells == frozenset(matrix.seen) == PROMISED
    assert counted.unseen == frozenset()
    assert counted.answers == ()
    assert counted.accepted == ()
    # One parameter too much for every operation, and no key for every one that needs it: it does see them.
    assert len(counted.refused) == len(OPERATIONS) + len(SECURED)


@needs_review_tools
def test_the_other_tool_misses_a_cell_and_sees_a_wrong_answer(matrix: Matrix, tmp_path: Path) -> None:
    traffic = json.loads(matrix.traffic.read_text("utf-8"))
    answers = [each["response"] for each in traffic["log"]["entries"]]
    account = next(each for each in answers if '"balance"' in each["content"]["text"])
    account["content"]["text"] = account["content"]["text"].replace('"balance":', '"balance_":')
    traffic["log"]["entries"] = [
        each
        for each in traffic["log"]["entries"]
        if not (each["request"]["url"].endswith("/api/trade") and each["response"]["status"] == 503)
    ]
    (tmp_path / "wrong.har").write_text(json.dumps(traffic))
    counted = drift(tmp_path / "wrong.har", DOCUMENT)
    assert counted.unseen == {("trade", 503)}
    assert [each for each in counted.answers if "balance" in each] == list(counted.answers) != []


@pytest.mark.parametrize("name", CHANGING)
async def test_the_request_at_which_the_disk_fails_is_answered_503(name: str, tmp_path: Path) -> None:
    async with world_on_a_disk(partial(open_world, SEEN["matrix"]), tmp_path) as (world, disk):
        request = await valid(world, name)
        disk.is_full = True
        answer = await call(world, name, request)
        assert (answer.status_code, answer.json()["code"]) == (503, "NOT_CONNECTED"), answer.text


# ---------------------------------------------------------------------- the order of precedence

# What can be wrong, in the order in which it is answered; before all of them stands what is no HTTP.
REASONS: Final[Mapping[str, tuple[int, str]]] = {
    "path": (404, "NOT_FOUND"),
    "method": (405, "METHOD_NOT_ALLOWED"),
    "authorization": (401, "UNAUTHORIZED"),
    "key": (403, "INVALID_API_KEY"),
    "rate": (429, "RATE_LIMITED"),
    "scope": (403, "INSUFFICIENT_SCOPE"),
    "connection": (503, "NOT_CONNECTED"),
    "error": (500, "INTERNAL_ERROR"),
    "shape": (400, "INVALID_REQUEST"),
    "object": (404, "NOT_FOUND"),
    "refusal": (400, "INVALID_ORDER"),
}


@dataclass
class Draft:
    """A request to change a pending order, and all that is wrong with it."""

    world: World
    wrong: frozenset[str]
    headers: dict[str, str] = field(default_factory=dict)

    async def prepare(self) -> None:
        """Bring the world into the state, and a key of its own too."""
        world, wrong = self.world, self.wrong
        key_id, token = await world.issue("read" if "scope" in wrong else "full", world.login)
        if "rate" in wrong:
            await self._ask("GET", "/api/quotes/EURUSD", {"Authorization": f"Bearer {token}"})
        if "key" in wrong:
            # Revoked: such a key can have used up its rate, and have too small a scope.
            await world.server.access.revoke(world.server.access.get(key_id, None))
        world.server.desk.faults.set(
            FaultSettings(connected="connection" not in wrong, error_rate=Decimal("error" in wrong))
        )
        scheme = "Token" if "authorization" in wrong else "Bearer"
        self.headers = {"Authorization": f"{scheme} {token}", "Content-Type": "application/json"}

    @property
    def method(self) -> str:
        return "PUT" if "method" in self.wrong else "PATCH"

    @property
    def path(self) -> str:
        """Where the order is, or is not."""
        ticket = self.world.canceled_order if "refusal" in self.wrong else self.world.order
        if "object" in self.wrong:
            ticket = NO_SUCH_NUMBER
        return f"/api/orders/{ticket}" + ("/nothing" if "path" in self.wrong else "")

    @property
    def body(self) -> bytes:
        return b'{"price": "dear"}' if "shape" in self.wrong else b'{"price": 0.92}'

    async def send(self) -> tuple[int, str]:
        """Status and code of the answer."""
        answer = await self._ask(self.method, self.path, self.headers, self.body)
        return answer.status_code, answer.json()["code"]

    async def _ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes = b""
    ) -> httpx.Response:
        async with self.world.client() as client:
            return await client.request(method, path, headers=headers, content=body)


def several(count: int) -> Iterator[tuple[str, ...]]:
    """`count` things that are wrong at once. Only an order that does not exist cannot be refused too."""
    for wrong in itertools.combinations(REASONS, count):
        if not {"object", "refusal"} <= set(wrong):
            yield wrong


@pytest.mark.parametrize("count", [1, 2, 3])
async def test_of_things_wrong_at_once_the_first_is_answered(count: int) -> None:
    differ = []
    async with open_world(rate_limit=1) as limited, open_world() as free:
        for wrong in several(count):
            draft = Draft(limited if "rate" in wrong else free, frozenset(wrong))
            await draft.prepare()
            answered = await draft.send()
            if answered != REASONS[wrong[0]]:
                differ.append((wrong, answered))
    assert differ == []


async def test_an_object_that_is_not_there_comes_before_a_refusal() -> None:
    once = {"client_order_id": "once"}
    async with open_world() as world, world.client("full") as client:
        body = {"symbol": "EURUSD", "action": "buy", "volume": 0.1, **once}
        assert (await client.post("/api/trade", json=body)).status_code == 200
        seen = [
            (answer.status_code, answer.json()["code"])
            for ticket in (NO_SUCH_NUMBER, world.foreign_position, world.closed_position, world.position)
            for answer in [await client.delete(f"/api/positions/{ticket}", params=once)]
        ]
    reused = (400, "CLIENT_ORDER_ID_REUSED")
    assert seen == [(404, "NOT_FOUND"), (404, "NOT_FOUND"), reused, reused]


@pytest.mark.parametrize("wrong", ["nothing else", *REASONS])
def test_what_is_no_http_is_answered_before_anything_else(wrong: str) -> None:
    with served(rate_limit=1 if wrong == "rate" else 1000) as broker:
        draft = Draft(broker.world, frozenset({wrong}))
        broker.run(draft.prepare())
        head = [f"{draft.method} /v1{draft.path} HTTP/1.1", "Host: localhost", "this is no header"]
        head += [f"{name}: {value}" for name, value in draft.headers.items()]
        head += [f"Content-Length: {len(draft.body)}", "", ""]
        said = exchange(broker.port, "\r\n".join(head).encode() + draft.body)
    assert said.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert json.loads(said.partition(b"\r\n\r\n")[2])["code"] == "INVALID_REQUEST"


def exchange(port: int, request: bytes) -> bytes:
    """What a server says to these bytes before it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        received = b""
        while piece := connection.recv(65_536):
            received += piece
    return received
