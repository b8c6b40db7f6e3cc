"""The composition root: picks the adapters, starts the broker from its journal, mounts the pages.

A start is always the same: the state is the fold of the journal, the market is where the marks
say, and what is missing in a new folder (an account, keys) is made like any other event.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.resources
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount

from tradyn import __version__, pages, reference, wire
from tradyn.access import LIVE_PREFIX, TEST_PREFIX, Access, ApiKey, KeyExpirySet, KeyIssued, KeyRevoked, Scope
from tradyn.adapters.feed_push import PushFeed
from tradyn.adapters.feed_replay import ReplayFeed
from tradyn.adapters.feed_sessions import SessionFeed
from tradyn.adapters.feed_synthetic import SyntheticFeed
from tradyn.adapters.journal_checks import remedy
from tradyn.adapters.journal_sqlite import SqliteJournal
from tradyn.broker.accounts import Account
from tradyn.broker.calendar import DAY_MS
from tradyn.broker.engine import Broker
from tradyn.broker.instruments import Instrument
from tradyn.broker.market import Quote
from tradyn.catalogue import Listing, load_catalogue
from tradyn.clock import ClockMode, ClockSet, MarketClock
from tradyn.config import ConfigError, Settings, former_profile, marks_of, resumed
from tradyn.contract import (
    ANSWER,
    Answered,
    Application,
    compile_callback,
    compile_contract,
    compile_stream,
    load_document,
)
from tradyn.costly_reads import CostlyReads
from tradyn.credentials import Credentials, read_credentials, write_credentials
from tradyn.delivery.hub import Hub
from tradyn.delivery.stream import Stream
from tradyn.delivery.webhooks import Courier
from tradyn.desk import ROLLED, SERVER, Desk, is_of_journal, journal_refusal
from tradyn.errors import ApiError
from tradyn.faults import Faults, FaultsSet
from tradyn.gate import Gate
from tradyn.handlers import Handler, bind
from tradyn.logs import log_error
from tradyn.market_driver import MAX_JUMP_MS, PLAYED, RESERVED, MarketDriver
from tradyn.origins import Origins, guarded
from tradyn.ports import Feed, Journal, JournalFailed
from tradyn.profiles import SHIPPED, Profile, load_profile
from tradyn.request_log import request_log
from tradyn.views import Views
from tradyn.webhooks import WebhookChanged, WebhookCreated, WebhookDeleted, Webhooks, WebhookSecretRotated

__all__ = ["JOURNAL_FILE", "TAGS_WITH_FAULTS", "Server", "contract_path", "open_server"]

JOURNAL_FILE = "journal.sqlite"
TAGS_WITH_FAULTS = frozenset({"Account", "Positions", "Orders", "Trading", "Market Data", "Analysis"})
_CATALOGUE, _SEED, _START, _LAST_USED = "catalogue", "feed.seed", "feed.start", "keys.last_used"
_DICE = "faults.dice"
_DEFAULT_SEED = 1

Rewire = Callable[[dict[str, Handler]], dict[str, Handler]]
Resolve = Callable[[str, int], Awaitable[list[str]]]


@dataclass(slots=True, kw_only=True)
class Server:
    """A broker at work, ready to be served.

    Attributes:
        app: the ASGI application.
        metrics: what `/metrics` shows; whoever serves the application adds the counts of its door.
        credentials: of the first account; None for a server without a data folder's file.
        failed: set when the journal fails, so that the process can stop.
        settings: with nothing missing that the data folder or a default could tell.
        profile: the broker profile.
        former_profile: the one that the data folder had until this start, if it is another.
    """

    app: Application
    metrics: pages.Metrics
    hub: Hub
    courier: Courier
    document: Mapping[str, Any]
    desk: Desk
    market: MarketDriver
    access: Access
    webhooks: Webhooks
    journal: Journal
    credentials: Credentials
    failed: asyncio.Event
    is_new: bool
    settings: Settings
    profile: Profile
    former_profile: str | None

    @property
    def health_paths(self) -> frozenset[bytes]:
        """Where the server's health is asked for: what no key is needed for."""
        base_path = urlsplit(self.settings.base_url).path
        return frozenset(
            f"{base_path}{path}".encode()
            for path, item in self.document["paths"].items()
            if item.get("get", {}).get("security") == []
        )

    @property
    def prompt_paths(self) -> tuple[bytes, ...]:
        """How the paths of the contract's operations begin: see `EnvelopeProtocol`."""
        return (f"{urlsplit(self.settings.base_url).path}/api/".encode(),)


@dataclass(slots=True)
class _Past:
    """What the server's own account tells of the time before this start."""

    version: int = 0
    clock: ClockSet | None = None
    faults_version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """What a start goes by, all of it checked: settings, terms, recorded data, and the journal as it is."""

    settings: Settings
    profile: Profile
    listings: Mapping[str, Listing]
    instruments: Mapping[str, Instrument]
    replay: ReplayFeed | None
    journal: Journal
    marks: Mapping[str, str]
    origins: Origins
    runs: bool
    wall: Callable[[], float]


@dataclass(frozen=True, slots=True)
class _Work:
    """A broker at work, before anybody can reach it."""

    desk: Desk
    market: MarketDriver
    access: Access
    webhooks: Webhooks
    faults: Faults
    clock: MarketClock
    is_new: bool


def contract_path() -> Path:
    """The OpenAPI document: beside the package when installed, in `openapi/` in a checkout."""
    packaged = Path(str(importlib.resources.files("tradyn") / "tradyn.yaml"))
    return packaged if packaged.exists() else Path(__file__).parents[2] / "openapi" / "tradyn.yaml"


@asynccontextmanager
async def open_server(
    settings: Settings,
    *,
    runs: bool = True,
    rewire: Rewire | None = None,
    journal: Journal | None = None,
    on_answer: Callable[[Answered], None] | None = None,
    wall: Callable[[], float] = time.time,
    resolve: Resolve | None = None,
) -> AsyncIterator[Server]:
    """Start a broker; it is saved and closed at the end of the block.

    Args:
        runs: False opens the data folder for its keys and accounts only; the market stands still.
        rewire: replaces handlers, for tests of what cannot be provoked from outside.
        journal: one that is open already, for tests; it is not closed here.
        on_answer: told of each request; default is the log.
        wall: wall time in seconds since 1970.
        resolve: host name and port of a webhook → IP addresses; default is the system's way.

    Raises:
        ConfigError, ProfileError, CatalogueError, ReplayError, ContractError, JournalFailed: one sentence
            of what is wrong, before anything is changed.
    """
    failed = asyncio.Event()
    origins = Origins(settings)
    async with contextlib.AsyncExitStack() as stack:
        if journal is None and _has_journal(settings):
            journal = _open_journal(settings, failed)
            stack.callback(journal.close)
        settings = resumed(settings, journal.marks() if journal is not None else {})
        profile = load_profile(settings.profile or SHIPPED[0])
        listings = load_catalogue(settings.instruments, profile.layers)
        instruments = {symbol: each.instrument for symbol, each in listings.items()}
        replay = _open_replay(settings, instruments) if runs else None
        document = _document_at(settings)
        # A new folder is made only now that all it needs is known to be right.
        if journal is None:
            journal = _open_journal(settings, failed)
            stack.callback(journal.close)
        marks = journal.marks()
        _check_catalogue(journal, marks, instruments)
        start = _Start(
            settings=settings,
            profile=profile,
            listings=listings,
            instruments=instruments,
            replay=replay,
            journal=journal,
            marks=marks,
            origins=origins,
            runs=runs,
            wall=wall,
        )
        try:
            work = await _begin(start)
            log = on_answer or request_log(settings.log_format)
            server = await _open_doors(start, work, document, failed, rewire, log, resolve)
        except ApiError as error:
            # Nobody is there yet to be answered.
            if journal.failed is not None:
                raise JournalFailed(f"{journal.failed}. {remedy(journal.failed)}") from error
            raise
        if runs:
            always = (
                server.market.run(),
                server.hub.run(),
                server.hub.run_candles(),
                server.courier.run(),
            )
            running = [asyncio.create_task(each) for each in always]
            for each in running:
                each.add_done_callback(lambda task: _stop_on_error(task, failed))
            stack.push_async_callback(_close, server, running)
        yield server


async def _begin(start: _Start) -> _Work:
    """The broker as its journal left it, and the market where the marks say."""
    settings, journal, marks, runs = start.settings, start.journal, start.marks, start.runs
    broker = Broker(start.instruments, start.profile.options)
    accounts = journal.accounts()
    _check_held_symbols(accounts, start.instruments)
    broker.restore(accounts)
    is_new = PLAYED not in marks
    first = _start_time(settings, start.replay, start.wall)
    played = max([int(marks.get(PLAYED, first)), *(each.time for each in broker.accounts.values())])
    reserved = max(int(marks.get(RESERVED, played)), played)
    if not is_new:
        _check_start(settings, reserved)
    faults = Faults()
    desk = Desk(broker, journal, faults, server_version=0, now=played)
    prefix = TEST_PREFIX if settings.test_keys else LIVE_PREFIX

    def wall() -> int:
        return int(start.wall() * 1000)

    access = Access(desk.record, wall, prefix)
    webhooks = Webhooks(desk.record, wall, allow_local=settings.allow_local_webhooks)
    past = await _recall(journal, access, webhooks, faults)
    desk.server_version = past.version
    # The dice go on where they stood at a clean end, unless faults were set anew since.
    thrown_at, dice = json.loads(marks.get(_DICE, "[-1, null]"))
    if thrown_at >= past.faults_version:
        faults.go_on(dice)
    access.last_used.update(json.loads(marks.get(_LAST_USED, "{}")))
    # At rest nothing moves, but what is open is still valued: by the folder's own market, if it had one.
    has_market = runs or _SEED in marks
    feed, new_marks = _choose_feed(start, played) if has_market else (PushFeed(), {})
    mode, speed = _clock_settings(settings, past.clock)
    clock = MarketClock(played, mode, speed)
    market = MarketDriver(desk, SessionFeed(feed, start.instruments), clock, reserved=reserved)
    market.take_last_quotes(journal.quotes())
    if not runs:
        _take_opening_quotes(broker)
    _check_open_symbols(broker)
    broker.settle(int(marks.get(ROLLED, played - played % DAY_MS)))
    if runs:
        # A jump over the end of a day may not have been carried out in full.
        desk.take_time(played)
        await market.play(reserved)
        clock.move(desk.now)
        if settings.start is not None and not is_new and settings.start > desk.now:
            await market.set_clock(mode, speed, settings.start)
        meanings = {**json.loads(marks.get(_CATALOGUE, "{}")), **_meanings(start.instruments)}
        await desk.save(
            marks={
                **new_marks,
                **marks_of(settings),
                _CATALOGUE: json.dumps(meanings),
                PLAYED: str(desk.now),
                ROLLED: str(broker.rolled),
            }
        )
        if past.clock is None or (past.clock.mode, past.clock.speed) != (mode, speed):
            await desk.record(ClockSet(mode=mode, speed=speed))
    return _Work(desk, market, access, webhooks, faults, clock, is_new)


async def _open_doors(
    start: _Start,
    work: _Work,
    document: dict[str, Any],
    failed: asyncio.Event,
    rewire: Rewire | None,
    log: Callable[[Answered], None],
    resolve: Resolve | None,
) -> Server:
    """The API and the pages in front of a broker at work, and keys that open it."""
    settings, desk = start.settings, work.desk
    credentials = await _credentials(settings, desk, work.access, start.runs)
    metrics = pages.Metrics()
    stream_contract = compile_stream(document)
    hub = Hub(stream_contract, desk, work.market, work.access)
    courier = Courier(
        work.webhooks,
        desk,
        compile_callback(document, "createWebhook", "event"),
        marks=start.marks,
        notify=hub.notify_account,
        allow_local=settings.allow_local_webhooks,
        version=__version__,
        find=resolve,
    )
    desk.listeners += [hub, courier]
    handlers = bind(
        {
            "desk": desk,
            "market": work.market,
            "costly": CostlyReads(),
            "views": Views(desk, work.market),
            "access": work.access,
            "webhooks": work.webhooks,
            "sender": courier,
            "faults": work.faults,
            "clock": work.clock,
        }
    )
    faulty = _operations(document, TAGS_WITH_FAULTS)
    gate = Gate(
        work.access,
        desk,
        work.faults,
        rate_limit=settings.rate_limit,
        failed_auth_limit=settings.failed_auth_limit,
        faulty=faulty,
    )

    def answered(answer: Answered) -> None:
        metrics.count(answer)
        log(answer)

    stream_scopes = frozenset(document["x-streams"][stream_contract.path]["x-scopes"])

    def admit(token: str, address: str | None) -> ApiKey:
        key_id = gate.admit("stream", stream_scopes, token, address).token_info["key_id"]
        return work.access.get(key_id, None)

    base_path = urlsplit(settings.base_url).path
    stream = Stream(base_path + stream_contract.path, stream_contract, hub, desk, admit, __version__)
    bound = rewire(handlers) if rewire else handlers
    # Like `_document_at`.
    api = compile_contract(document, bound, gate, answered, validate=False, refusal_of=journal_refusal)
    return Server(
        app=guarded(_with_pages(api, stream, document, metrics, settings), start.origins, answered),
        metrics=metrics,
        hub=hub,
        courier=courier,
        document=document,
        desk=desk,
        market=work.market,
        access=work.access,
        webhooks=work.webhooks,
        journal=start.journal,
        credentials=credentials,
        failed=failed,
        is_new=work.is_new,
        settings=settings,
        profile=start.profile,
        former_profile=former_profile(settings, start.marks),
    )


# ---------------------------------------------------------------------- the parts


def _open_replay(settings: Settings, instruments: Mapping[str, Instrument]) -> ReplayFeed | None:
    kind, _, path = (settings.feed or "").partition(":")
    if kind == "replay" and path:
        return ReplayFeed(Path(path), instruments, symbol=settings.symbol, spread=settings.spread)
    if settings.feed not in ("synthetic", "push"):
        raise ConfigError(f"There is no feed {settings.feed!r}; take synthetic, push or replay:FILE")
    return None


def _document_at(settings: Settings) -> dict[str, Any]:
    """The document with the address that this server really has."""
    # The tests have validated the document that ships with this code.
    document = load_document(contract_path(), validate=False)
    server, info = document["servers"][0], document["info"]
    info["description"] = info["description"].replace(server["url"], settings.base_url)
    server["url"] = settings.base_url
    return document


def _has_journal(settings: Settings) -> bool:
    return settings.data_dir is not None and (settings.data_dir / JOURNAL_FILE).exists()


def _open_journal(settings: Settings, failed: asyncio.Event) -> SqliteJournal:
    if settings.data_dir is None:
        return SqliteJournal.open(None, on_failure=lambda _: failed.set())
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigError(f"Cannot make the data folder {settings.data_dir}: {error.strerror}") from error
    return SqliteJournal.open(settings.data_dir / JOURNAL_FILE, on_failure=lambda _: failed.set())


def _start_time(settings: Settings, replay: ReplayFeed | None, wall: Callable[[], float]) -> int:
    if settings.start is not None:
        return settings.start
    if replay is not None:
        return replay.start
    return int(wall() * 1000)


def _choose_feed(start: _Start, now: int) -> tuple[Feed, dict[str, str]]:
    """The feed, and the marks by which the next start makes the same one."""
    settings, marks = start.settings, start.marks
    if start.replay is not None:
        return start.replay, {}
    if settings.feed == "push":
        return PushFeed(), {}
    seed = int(marks.get(_SEED, settings.seed if settings.seed is not None else _DEFAULT_SEED))
    if settings.seed not in (None, seed):
        raise ConfigError(
            f"The market of this data folder was made with seed {seed}, not {settings.seed}: "
            "leave the seed out, or start in another folder"
        )
    begun = int(marks.get(_START, now))
    feed = SyntheticFeed(start.listings, seed, begun)
    return feed, {_SEED: str(seed), _START: str(begun)}


def _clock_settings(settings: Settings, past: ClockSet | None) -> tuple[ClockMode, Decimal]:
    """What was given, else as it was, else what the feed suggests."""
    speed = settings.speed or (past.speed if past else Decimal(1))
    if settings.clock is not None:
        return settings.clock, speed
    if settings.speed is not None:
        return ClockMode.ACCELERATED, speed
    if past is not None:
        return past.mode, speed
    return (
        ClockMode.ACCELERATED if (settings.feed or "").startswith("replay:") else ClockMode.REALTIME
    ), speed


async def _recall(journal: Journal, access: Access, webhooks: Webhooks, faults: Faults) -> _Past:
    """Apply the transactions of the server's own account."""
    past = _Past()
    while transactions := await journal.read(SERVER, past.version):
        for transaction in transactions:
            past.version = transaction.version
            match transaction.event:
                case KeyIssued() | KeyExpirySet() | KeyRevoked() as event:
                    access.apply(event)
                case WebhookCreated() | WebhookChanged() | WebhookSecretRotated() | WebhookDeleted() as event:
                    webhooks.apply(event)
                case FaultsSet(settings=settings):
                    faults.set(settings)
                    past.faults_version = transaction.version
                case ClockSet() as event:
                    past.clock = event
    return past


def _meanings(instruments: Mapping[str, Instrument]) -> dict[str, dict[str, str]]:
    return {symbol: each.meaning() for symbol, each in instruments.items()}


def _check_catalogue(
    journal: Journal, marks: Mapping[str, str], instruments: Mapping[str, Instrument]
) -> None:
    """What stored prices and volumes mean must be what it was when they were stored, and be known."""
    known = json.loads(marks.get(_CATALOGUE, "{}"))
    for symbol, now in _meanings(instruments).items():
        for name, value in known.get(symbol, now).items():
            if now[name] != value:
                raise ConfigError(
                    f"{symbol}: {name} is {now[name]} in the catalogue and {value} in the journal, whose "
                    "prices and volumes depend on it; give the symbol a new name, or start in another "
                    "data folder"
                )
    missing = known.keys() - instruments.keys()
    # Only then is the whole history read.
    if missing and (traded := sorted(missing & journal.symbols())):
        raise ConfigError(
            f"The journal has deals or orders of {', '.join(traded)}, not in the catalogue any more: start "
            "with the --instruments and --profile that they were made with, or in another data folder"
        )


def _check_held_symbols(accounts: Iterable[Account], instruments: Mapping[str, Instrument]) -> None:
    for account in accounts:
        symbols = [each.symbol for each in account.positions.values()]
        symbols += [each.symbol for each in account.orders.values()]
        for symbol in symbols:
            if symbol not in instruments:
                raise ConfigError(
                    f"Account {account.login} holds {symbol}, which is not in the catalogue: "
                    "start with the --instruments that it was opened with"
                )


def _check_start(settings: Settings, now: int) -> None:
    if settings.start is not None and settings.start > now + MAX_JUMP_MS:
        raise ConfigError(
            f"The market of this data folder is at {wire.time_json(now)}, and --start can jump at most "
            f"{MAX_JUMP_MS // 86_400_000} days ahead of that; take an earlier time, or another data folder"
        )


def _take_opening_quotes(broker: Broker) -> None:
    """Value what has no quote while at rest at the price it was opened at."""
    quotes = broker.market.quotes
    for account in broker.accounts.values():
        for each in account.positions.values():
            price = each.price_open
            quotes.setdefault(each.symbol, Quote(each.symbol, price, price, account.time))


def _check_open_symbols(broker: Broker) -> None:
    market = broker.market
    valued: set[tuple[str, str]] = set()
    for account in broker.accounts.values():
        for position in account.positions.values():
            if (position.symbol, account.currency) in valued:
                continue
            valued.add((position.symbol, account.currency))
            path = market.path(market.instruments[position.symbol].currency_profit, account.currency) or ()
            if not {position.symbol, *(leg.symbol for leg in path)} <= market.quotes.keys():
                raise ConfigError(
                    f"Account {account.login} holds {position.symbol}, and this feed cannot value it: "
                    "start with the feed that the position was opened on"
                )


async def _credentials(settings: Settings, desk: Desk, access: Access, runs: bool) -> Credentials:
    """The first account, and two keys that work: what is missing or void is made."""
    data_dir = settings.data_dir
    known = read_credentials(data_dir) if data_dir is not None else None
    first = access.find(known.api_key) if known is not None else None
    admin = access.find(known.admin_key) if known is not None else None
    if known is not None and first is not None and first.login is not None:
        login, api_key = first.login, known.api_key
    else:
        login = min(desk.broker.accounts, default=None) or await _open_demo_account(desk)
        _, api_key = await access.issue(login, Scope.FULL, "First key")
    if known is not None and admin is not None and admin.scope is Scope.ADMIN:
        admin_key = known.admin_key
    else:
        _, admin_key = await access.issue(None, Scope.ADMIN, "Admin key")
    base_url = settings.base_url if runs or known is None else known.base_url
    credentials = Credentials(base_url, login, api_key, admin_key)
    if data_dir is not None and credentials != known:
        write_credentials(data_dir, credentials)
    return credentials


async def _open_demo_account(desk: Desk) -> int:
    account = await desk.open_account(
        name="Demo",
        currency="USD",
        leverage=100,
        balance=1_000_000,
        margin_call_level=Decimal(100),
        stop_out_level=Decimal(50),
    )
    return account.login


def _operations(document: Mapping[str, Any], tags: frozenset[str]) -> frozenset[str]:
    return frozenset(
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict) and tags.intersection(operation.get("tags", ()))
    )


def _with_pages(
    api: Application, stream: Stream, document: Mapping[str, Any], metrics: pages.Metrics, settings: Settings
) -> Application:
    """The pages beside the API; every other request goes straight to the contract."""
    base_path = urlsplit(settings.base_url).path
    # A person who looks there is led on; to a program they are no part of the contract.
    entrances = frozenset(("/", base_path, f"{base_path}/"))
    routes = [*pages.routes(contract_path(), document, metrics), *reference.routes(document, entrances)]
    site = Starlette(routes=[*routes, Mount("/", app=api)])
    paths = frozenset(route.path for route in routes)

    # No coroutine of its own, which would cost each request more than the choice does.
    def app(scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        path = scope["path"]
        if scope["type"] == "websocket" or path == stream.path:
            return stream(scope, receive, send)
        if (
            path in paths
            and scope["method"] in ("GET", "HEAD")
            and (path not in entrances or reference.is_for_people(scope))
        ):
            return site(scope, receive, send)
        return api(scope, receive, send)

    if not settings.cors_origins:
        return app

    def by_messages(scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        # The middleware adds its headers to the messages.
        (scope.get("extensions") or {}).pop(ANSWER, None)
        return app(scope, receive, send)

    return CORSMiddleware(
        by_messages,
        allow_origins=settings.cors_origins,
        allow_methods=("GET", "POST", "PATCH", "PUT", "DELETE"),
        allow_headers=("Authorization", "Content-Type", "X-Request-Id"),
        expose_headers=("X-Request-Id", "RateLimit", "RateLimit-Policy", "Retry-After"),
    )


def _stop_on_error(task: asyncio.Task[None], failed: asyncio.Event) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        if not is_of_journal(error):
            log_error("The market, the stream or the webhooks stopped", error)
        failed.set()


async def _close(server: Server, running: Iterable[asyncio.Task[None]]) -> None:
    for each in running:
        each.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await each
    # A disk that fails here is told of as the journal's failure; the next start plays on from the last marks.
    with contextlib.suppress(ApiError):
        await _save(server)


async def _save(server: Server) -> None:
    if not server.desk.failed:
        await server.market.save()
        # The last quotes, so that what is open has a price at the next start, whatever its feed.
        await server.desk.save(
            marks={
                _LAST_USED: json.dumps(server.access.last_used),
                _DICE: json.dumps([server.desk.server_version, server.desk.faults.dice()]),
            },
            quotes=server.desk.broker.market.quotes.values(),
        )
        server.desk.snapshot_all()
