"""A whole broker for the proof of the contract: prepared, watched from outside, in process or on a port.

Nothing here judges. A `World` is the real application (`open_server`) with a known past in it: an account
with open and closed positions and orders, a stranger's account beside it, and a key of every scope. Around
the application stands a recorder that finds the operation of each request by itself, from the document, so
that what was seen does not depend on what the server believes it did.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping, MutableMapping
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final, TypeVar

import httpx
import uvicorn
import yaml  # type: ignore[import-untyped,unused-ignore]

from contract.document_rules import DOCUMENT_PATH, Document
from contract.traffic import Recording
from tradyn.access import Scope
from tradyn.app import Rewire, Server, open_server
from tradyn.broker.commands import CancelOrder, ClosePosition, Command, PlaceMarketOrder, PlaceOrder
from tradyn.broker.orders import OrderType, Side
from tradyn.clock import ClockMode
from tradyn.config import Settings
from tradyn.contract import ANSWER, Application
from tradyn.door import Door, Limits
from tradyn.http_server import EnvelopeProtocol, bind_socket
from tradyn.ports import Journal
from tradyn.webhooks import EventType, Webhook

__all__ = [
    "BASE_URL",
    "DOCUMENT",
    "HANDS",
    "NO_SUCH_NUMBER",
    "PROMISED",
    "ROOT_URL",
    "SCOPES",
    "SEEN",
    "START",
    "WEBHOOK_URL",
    "Recorder",
    "Served",
    "Sightings",
    "World",
    "open_world",
    "served",
    "settings",
    "unpromised",
]

ROOT_URL: Final = "http://127.0.0.1:8080"
BASE_URL: Final = f"{ROOT_URL}/v1"
WEBHOOK_URL: Final = "https://localhost/events"
START: Final = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""Monday morning: every session is open."""
SCOPES: Final = tuple(scope.value for scope in Scope)
HANDS: Final = "hands of the tests"
"""The User-Agent of requests that belong to no test: they prepare and tidy up, and nobody counts them."""
NO_SUCH_NUMBER: Final = 999_999_999
"""A ticket and a login that nothing has."""
DOCUMENT: Final = Document(yaml.safe_load(DOCUMENT_PATH.read_text()))
PROMISED: Final = frozenset(
    (operation.id, int(status)) for operation in DOCUMENT.operations for status in operation.node["responses"]
)
"""Every (operation, status) of the document."""

_NO_RATE_LIMIT: Final = 10**9
_T = TypeVar("_T")

Sightings = Counter[tuple[str, int]]
SEEN: Final[dict[str, Sightings]] = {"fuzz": Counter(), "matrix": Counter()}
"""(operation, status) → how often, by the test file that saw it, in this process."""


def unpromised(seen: Sightings) -> list[tuple[str, int]]:
    """What was seen and stands nowhere in the document."""
    return sorted(set(seen) - PROMISED)


class Recorder:
    """The application, with a count of what it answered to which operation, and a recording if wanted."""

    def __init__(self, app: Application, *books: Sightings, recording: Recording | None = None) -> None:
        self._app = app
        self._books = books
        self._recording = recording

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass the request on, and count its answer."""
        if scope["type"] == "http":
            # What is answered past the messages could not be seen.
            (scope.get("extensions") or {}).pop(ANSWER, None)
        is_counted = scope["type"] == "http" and (b"user-agent", HANDS.encode()) not in scope["headers"]
        operation = _operation_at(scope["method"], scope["raw_path"]) if is_counted else None

        async def watch(message: MutableMapping[str, Any]) -> None:
            if operation is not None and message["type"] == "http.response.start":
                for book in self._books:
                    book[operation, message["status"]] += 1
            await send(message)

        if self._recording is not None and is_counted:
            await self._recording.pass_on(self._app, scope, receive, watch)
        else:
            await self._app(scope, receive, watch)


_PATHS: Final = [
    (
        operation.method.upper(),
        re.compile(re.sub(rb"\\{[^}]*\\}", rb"[^/]+", re.escape(b"/v1" + operation.path.encode()))),
        operation.id,
    )
    for operation in DOCUMENT.operations
]


def _operation_at(method: str, raw_path: bytes) -> str | None:
    for known, pattern, operation_id in _PATHS:
        if known == method and pattern.fullmatch(raw_path):
            return operation_id
    return None


def settings(**changes: Any) -> Settings:
    """A server for tests: all in memory, a clock that stands, a market that is always the same."""
    plain: dict[str, Any] = {
        "clock": ClockMode.MANUAL,
        "start": int(START.timestamp() * 1000),
        "seed": 7,
        "rate_limit": _NO_RATE_LIMIT,
        "failed_auth_limit": _NO_RATE_LIMIT,
        "test_keys": True,
    }
    return Settings(**{**plain, **changes})


# ---------------------------------------------------------------------- the world


@dataclass(slots=True, kw_only=True)
class World:
    """A broker at work, with a known past.

    Attributes:
        keys: scope → a key; those but admin's belong to `login`.
        spare_key_ids: scope → the id of a key that nobody uses, so that it may be revoked.
        position, closed_position: tickets of `login`.
        order, canceled_order: tickets of `login`.
        webhook_id, delivery_id: a webhook of `login`, whose receiver is not there, and a delivery of it.
        spare_webhook_id: one that may be deleted.
        foreign_position, foreign_order, foreign_key_id, foreign_webhook_id: what belongs to `stranger`.
    """

    server: Server
    app: Recorder
    login: int
    stranger: int
    keys: dict[str, str] = field(default_factory=dict)
    spare_key_ids: dict[str, str] = field(default_factory=dict)
    foreign_key_id: str = ""
    position: int = 0
    closed_position: int = 0
    order: int = 0
    canceled_order: int = 0
    foreign_position: int = 0
    foreign_order: int = 0
    webhook_id: str = ""
    spare_webhook_id: str = ""
    delivery_id: str = ""
    foreign_webhook_id: str = ""

    async def do(self, login: int, command: Command) -> int:
        """Carry out a command beside the API; the ticket it made."""
        outcome = await self.server.desk.execute(login, command, "test")
        event = outcome.transactions[0].event
        made: Any = event.order if hasattr(event, "order") else event.position
        return int(made.ticket)

    def client(self, scope: str | None = None, **options: Any) -> httpx.AsyncClient:
        """A client with a key of this scope, or without one; in process."""
        headers = {} if scope is None else {"Authorization": f"Bearer {self.keys[scope]}"}
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=True)
        return httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=headers, **options)

    async def open_position(self, login: int, symbol: str = "EURUSD", side: Side = Side.BUY) -> int:
        """A position of half a lot; its ticket."""
        return await self.do(login, PlaceMarketOrder(symbol=symbol, side=side, volume=Decimal("0.5")))

    async def place_order(self, login: int) -> int:
        """A buy limit far below the market; its ticket."""
        return await self.do(
            login,
            PlaceOrder(
                symbol="EURUSD", type=OrderType.BUY_LIMIT, volume=Decimal("0.1"), price=Decimal("0.9")
            ),
        )

    async def issue(self, scope: str, login: int | None) -> tuple[str, str]:
        """The id of a new key, and the key."""
        key, token = await self.server.access.issue(login, Scope(scope), f"{scope} of a test")
        return key.key_id, token

    async def create_webhook(self, login: int, *events: EventType) -> Webhook:
        """A webhook to a host that leads to this machine, and so is never called."""
        return await self.server.webhooks.create(
            login, WEBHOOK_URL, events or tuple(EventType), "", self.server.desk.account(login).version
        )

    async def prepare(self) -> None:
        """Give the world its past."""
        for scope in SCOPES:
            owner = None if scope == "admin" else self.login
            _, self.keys[scope] = await self.issue(scope, owner)
            self.spare_key_ids[scope], _ = await self.issue("read", self.login)
        self.foreign_key_id, _ = await self.issue("read", self.stranger)
        self.closed_position = await self.open_position(self.login)
        await self.server.desk.execute(self.login, ClosePosition(ticket=self.closed_position), "test")
        self.canceled_order = await self.place_order(self.login)
        await self.server.desk.execute(self.login, CancelOrder(ticket=self.canceled_order), "test")
        self.position = await self.open_position(self.login)
        await self.open_position(self.login, "GBPUSD", Side.SELL)
        self.order = await self.place_order(self.login)
        webhook = await self.create_webhook(self.login, EventType.NOTIFICATION_STOP_OUT)
        self.webhook_id = webhook.webhook_id
        self.delivery_id = (await self.server.courier.test(webhook)).delivery_id
        self.spare_webhook_id = (await self.create_webhook(self.login)).webhook_id
        self.foreign_webhook_id = (await self.create_webhook(self.stranger)).webhook_id
        self.foreign_position = await self._foreign(self.open_position)
        self.foreign_order = await self._foreign(self.place_order)

    async def _foreign(self, make: Callable[[int], Awaitable[int]]) -> int:
        """A ticket of the stranger's that will be none of ours for long: it tells the accounts apart."""
        ticket = 0
        while ticket <= self.order + 40:
            ticket = await make(self.stranger)
        return ticket


async def _resolve(_host: str, _port: int) -> list[str]:
    """Every name leads to this machine: nothing here is to ask a name server."""
    return ["127.0.0.1"]


@asynccontextmanager
async def open_world(
    *books: Sightings,
    rewire: Rewire | None = None,
    journal: Journal | None = None,
    wall: Callable[[], float] | None = None,
    recording: Recording | None = None,
    **changes: Any,
) -> AsyncIterator[World]:
    """A prepared broker, whose answers are counted in `books`; `changes` are of its settings."""
    options: dict[str, Any] = {} if wall is None else {"wall": wall}
    async with open_server(
        settings(**changes),
        rewire=rewire,
        journal=journal,
        on_answer=lambda _: None,
        resolve=_resolve,
        **options,
    ) as server:
        stranger = await server.desk.open_account(
            name="Stranger",
            currency="USD",
            leverage=100,
            balance=100_000_000,
            margin_call_level=Decimal(100),
            stop_out_level=Decimal(50),
        )
        world = World(
            server=server,
            app=Recorder(server.app, *books, recording=recording),
            login=server.credentials.login,
            stranger=stranger.login,
        )
        await world.prepare()
        yield world


# ---------------------------------------------------------------------- on a port


@dataclass(slots=True)
class Served:
    """A world behind a real HTTP server, in a thread with a loop of its own, where all of it lives."""

    world: World
    loop: asyncio.AbstractEventLoop
    port: int

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Do something in the server's own loop, from the outside."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=60)


@contextmanager
def served(
    *books: Sightings,
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None,
    **changes: Any,
) -> Iterator[Served]:
    """Serve a prepared broker on a free port of this machine, by asyncio's own loop unless told otherwise."""
    started: Future[tuple[Served, asyncio.Event]] = Future()

    async def main() -> None:
        try:
            async with open_world(*books, **changes) as world:
                await _serve(world, started)
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)

    def run() -> None:
        with asyncio.Runner(loop_factory=loop_factory) as runner:
            runner.run(main())

    thread = threading.Thread(target=run, name="broker under test", daemon=True)
    thread.start()
    broker, stop = started.result(timeout=60)
    try:
        yield broker
    finally:
        broker.loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=60)
    assert not thread.is_alive(), "the broker under test does not stop"


async def _serve(world: World, started: Future[tuple[Served, asyncio.Event]]) -> None:
    listening = bind_socket("127.0.0.1", 0)
    config = uvicorn.Config(
        world.app,
        http=partial(  # type: ignore[arg-type]
            EnvelopeProtocol, door=Door(Limits()), prompt=world.server.prompt_paths
        ),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=1,
    )
    server, stop = uvicorn.Server(config), asyncio.Event()
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started:
        await asyncio.sleep(0.005)
    started.set_result((Served(world, asyncio.get_running_loop(), listening.getsockname()[1]), stop))
    await stop.wait()
    server.should_exit = True
    await serving


def scopes_of(operation: Mapping[str, Any]) -> frozenset[str]:
    """The scopes that may call an operation; empty where no key is needed."""
    return frozenset(operation["x-scopes"])
