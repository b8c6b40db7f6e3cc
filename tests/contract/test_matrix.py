"""Every (operation, status) that the document promises is seen, and nothing is seen that it does not promise.

Each cell is reached by a real request to the real application in a state that calls for that answer. The
table is printed at the end of the run. The order in which reasons for a refusal count is proven here too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import apsw
import httpx
import pytest

from contract.served import (
    BASE_URL,
    DOCUMENT,
    NO_SUCH_NUMBER,
    PROMISED,
    Sightings,
    World,
    open_world,
    settings,
    unpromised,
)
from tradyn.adapters.journal_sqlite import SqliteJournal
from tradyn.app import TAGS_WITH_FAULTS
from tradyn.faults import FaultSettings
from tradyn.handlers import Handler

_WRONG_KEY: Final = "tk_test_" + "0" * 39
_FAULTY: Final = frozenset(
    each.id for each in DOCUMENT.operations if TAGS_WITH_FAULTS.intersection(each.node["tags"])
)
_KEYLESS: Final = frozenset({"getLiveness", "getReadiness"})
_OBJECTS: Final = ("{ticket}", "{symbol}", "{key_id}", "{login}")


@dataclass
class Request:
    """What an operation is called with; `path` has the names of the document's path filled in."""

    path: str
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None


async def valid(world: World, operation_id: str) -> Request:
    """A request that succeeds, with whatever it needs made before."""
    match operation_id:
        case "getPosition" | "modifyPosition" | "closePosition":
            names: dict[str, Any] = {"ticket": await world.open_position(world.login)}
        case "getOrder" | "modifyOrder" | "cancelOrder":
            names = {"ticket": await world.place_order(world.login)}
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
        "createKey": {"scope": "admin"},
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
    names = {"ticket": NO_SUCH_NUMBER, "symbol": "NOPE", "key_id": "nobody", "login": NO_SUCH_NUMBER}
    bodies: dict[str, Any] = {
        "modifyPosition": {"sl": 1},
        "modifyOrder": {"price": 1},
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


OPERATIONS: Final = [operation.id for operation in DOCUMENT.operations]
SECURED: Final = [each for each in OPERATIONS if each not in _KEYLESS]


# ---------------------------------------------------------------------- the states


async def see_plain_answers(seen: Sightings) -> None:
    """200, 400, 401, 403 and 404: what needs no more than the request itself."""
    async with open_world(seen) as world:
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


async def see_rate_limits(seen: Sightings) -> None:
    """429: the second request of a key within a second."""
    async with open_world(seen, rate_limit=1) as world:
        for name in SECURED:
            _, key = await world.issue(scope_for(name), None if scope_for(name) == "admin" else world.login)
            request = await valid(world, name)
            answers = [await call(world, name, request, key=key) for _ in range(4)]
            limited = [each for each in answers if each.status_code == 429]
            assert limited, name
            assert limited[0].headers["Retry-After"] == "1"
            assert limited[0].headers["RateLimit"].startswith('"default";r=0')


async def see_faults(seen: Sightings) -> None:
    """500 and 503 by the faults that a user can ask for; they touch nothing else."""
    for fault, status in (({"error_rate": 1}, 500), ({"connected": False}, 503)):
        async with open_world(seen) as world:
            requests = {name: await valid(world, name) for name in OPERATIONS if name != "setFaults"}
            await call(world, "setFaults", Request("/api/simulation/faults", body=fault))
            for name, request in requests.items():
                expected = status if name in _FAULTY else 200
                assert (await call(world, name, request)).status_code == expected, name


async def see_broken_handlers(seen: Sightings) -> None:
    """500 where no fault reaches: every handler is replaced by one that fails."""

    def broken(handlers: dict[str, Handler]) -> dict[str, Handler]:
        async def fail(**_: Any) -> dict[str, Any]:
            raise RuntimeError("put in by a test")

        return dict.fromkeys(handlers, fail)

    async with open_world(seen, rewire=broken) as world:
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
async def world_on_a_disk(seen: Sightings, folder: Path) -> AsyncIterator[tuple[World, FullDisk]]:
    disk = FullDisk()
    journal = SqliteJournal.open(folder / "journal.sqlite", vfs="full-disk")
    try:
        async with open_world(seen, journal=journal) as world:
            yield world, disk
    finally:
        journal.close()
        disk.unregister()


async def see_a_full_disk(seen: Sightings, folder: Path) -> None:
    """503 for everyone: the journal cannot write, so nothing can be acknowledged."""
    async with world_on_a_disk(seen, folder) as (world, disk):
        requests = {name: await valid(world, name) for name in OPERATIONS}
        disk.is_full = True
        for name in ("createAccount", *OPERATIONS):
            answer = await call(world, name, requests[name])
            expected = 200 if name == "getLiveness" else 503
            assert answer.status_code == expected, (name, answer.text)


async def test_promised_is_seen_and_seen_is_promised(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    seen: Sightings = Counter()
    await see_plain_answers(seen)
    await see_rate_limits(seen)
    await see_faults(seen)
    await see_broken_handlers(seen)
    await see_a_full_disk(seen, tmp_path)
    record_property("matrix", table(seen))
    assert sorted(PROMISED - set(seen)) == [], "promised and never seen"
    assert unpromised(seen) == [], "seen and never promised"


def table(seen: Sightings) -> str:
    """Operations by statuses, with how often each was seen; a dot where nothing is promised."""
    statuses = sorted({status for _, status in PROMISED})
    lines = [f"{'':<20}" + "".join(f"{status:>7}" for status in statuses)]
    for name in OPERATIONS:
        cells = (
            seen[name, status] if (name, status) in PROMISED or seen[name, status] else "·"
            for status in statuses
        )
        lines.append(f"{name:<20}" + "".join(f"{cell:>7}" for cell in cells))
    reached = len(PROMISED & set(seen))
    lines.append(f"{reached} of {len(PROMISED)} promised cells seen; {len(unpromised(seen))} unpromised")
    return "\n".join(lines)


# ---------------------------------------------------------------------- the order of precedence

# Each reason for another answer than 200, in the order in which they count; a later one may be there too.
REASONS: Final = (
    "path", "method", "authorization", "key", "rate", "scope", "fault", "shape", "object", "refusal",
)  # fmt: skip
STATUS: Final = {
    "path": 404,
    "method": 405,
    "authorization": 401,
    "key": 403,
    "rate": 429,
    "scope": 403,
    "fault": 503,
    "shape": 400,
    "object": 404,
    "refusal": 400,
}
CODE: Final = {
    "path": "NOT_FOUND",
    "method": "METHOD_NOT_ALLOWED",
    "authorization": "UNAUTHORIZED",
    "key": "INVALID_API_KEY",
    "rate": "RATE_LIMITED",
    "scope": "INSUFFICIENT_SCOPE",
    "fault": "NOT_CONNECTED",
    "shape": "INVALID_REQUEST",
    "object": "NOT_FOUND",
    "refusal": "INVALID_CLOSE_VOLUME",
}
# What cannot be wrong at once: there is one header, and an object that is not there refuses nothing.
_EXCLUSIVE: Final = (
    {"authorization", "key"},
    {"authorization", "rate"},
    {"authorization", "scope"},
    {"key", "rate"},
    {"key", "scope"},
    {"shape", "refusal"},
)


async def wrong(world: World, reasons: set[str], tokens: dict[str, str]) -> Any:
    """A closing of a position in which all of `reasons` are wrong; the answer."""
    ticket = NO_SUCH_NUMBER if "object" in reasons else world.position
    path = f"/api/positions/{ticket}" + ("/nowhere" if "path" in reasons else "")
    query: dict[str, Any] = {}
    if "refusal" in reasons:
        query["volume"] = 77
    if "shape" in reasons:
        query["deviation"] = "far"
    token = tokens[
        "rate-read"
        if {"rate", "scope"} <= reasons
        else "rate"
        if "rate" in reasons
        else "scope"
        if "scope" in reasons
        else "key"
        if "key" in reasons
        else "good"
    ]
    headers = {} if "authorization" in reasons else {"Authorization": f"Bearer {token}"}
    method = "PUT" if "method" in reasons else "DELETE"
    transport = httpx.ASGITransport(world.app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=headers) as client:
        if "rate" in reasons:
            for _ in range(2):
                await client.get("/api/symbols/EURUSD")
        return await client.request(method, path, params=query)


@pytest.mark.parametrize("first", REASONS)
async def test_the_first_reason_that_applies_is_the_answer(first: str) -> None:
    pairs = [{first, later} for later in REASONS[REASONS.index(first) :] if {first, later} not in _EXCLUSIVE]
    limited = first == "rate" or any("rate" in pair for pair in pairs)
    async with open_world(rate_limit=1 if limited else settings().rate_limit) as world:
        for pair in pairs:
            # A fresh key of each kind, so that only the rate that is meant is exceeded.
            tokens = {"key": _WRONG_KEY}
            for name, scope in (("good", "full"), ("scope", "read"), ("rate", "full"), ("rate-read", "read")):
                _, tokens[name] = await world.issue(scope, world.login)
            world.server.desk.faults.set(FaultSettings(connected="fault" not in pair))
            answer = await wrong(world, pair, tokens)
            assert (answer.status_code, answer.json()["code"]) == (STATUS[first], CODE[first]), pair
