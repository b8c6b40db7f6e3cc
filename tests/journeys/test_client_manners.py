"""What the Python client does when no answer comes: it asks again where that is safe, and only there."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import itertools
import logging
import random
import re
import textwrap
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest
from tenacity import AsyncRetrying, Retrying
from tradyn_client import Client, Retries, errors
from tradyn_client.api.account import get_account, get_account_history
from tradyn_client.api.accounts import change_balance, create_account
from tradyn_client.api.analysis import preview_trade
from tradyn_client.api.api_keys import create_key
from tradyn_client.api.orders import list_orders, place_order
from tradyn_client.api.positions import close_position, list_positions, modify_position
from tradyn_client.api.simulation import set_faults
from tradyn_client.api.trading import close_all, trade
from tradyn_client.models import (
    BalanceRequest,
    CloseAllRequest,
    CreateAccountRequest,
    CreateKeyRequest,
    DealEntry,
    FaultsRequest,
    KeyScope,
    ModifyPositionRequest,
    OrderRequest,
    OrderState,
    OrderType,
    Side,
    SortOrder,
    TradeRequest,
)

from journeys.test_python_client import CLIENT, DOCUMENT, check_types, open_account, operation_modules

if TYPE_CHECKING:
    from journeys.conftest import LiveServer, StartServer

BUY: Final = TradeRequest(symbol="EURUSD", action=Side.BUY, volume=0.1)
ORDER: Final = OrderRequest(symbol="EURUSD", type_=OrderType.BUY_LIMIT, volume=0.1, price=1.0)
MOVE: Final = ModifyPositionRequest(sl=1.0)
FAILURE: Final = {"success": False, "error": "Not now", "retcode": None, "request_id": "abc"}
Answer = httpx.Response | type[httpx.TransportError]

INTERNAL_ERROR: Final = httpx.Response(500, json=FAILURE | {"code": "INTERNAL_ERROR"})
NOT_CONNECTED: Final = httpx.Response(503, json=FAILURE | {"code": "NOT_CONNECTED"})
BAD_GATEWAY: Final = httpx.Response(502, html="<h1>Bad gateway</h1>")
REFUSED: Final = httpx.Response(400, json=FAILURE | {"code": "NO_QUOTES"})


def rate_limited(retry_after: str | None) -> httpx.Response:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return httpx.Response(429, headers=headers, json=FAILURE | {"code": "RATE_LIMITED"})


class Wire:
    """Answers in turn, the last one for ever, and keeps what was sent."""

    def __init__(self, *answers: Answer) -> None:
        self.sent: list[httpx.Request] = []
        self._answers = itertools.chain(answers, itertools.repeat(answers[-1]))

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        answer = next(self._answers)
        if isinstance(answer, httpx.Response):
            return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
        raise answer("not today", request=request)

    def client(self, **settings: Any) -> Client:
        transport = httpx.MockTransport(self)
        return Client(base_url="http://broker.test/v1", httpx_args={"transport": transport}, **settings)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between attempts, which take no time here."""
    taken: list[float] = []

    async def sleep(seconds: float) -> None:
        taken.append(seconds)

    monkeypatch.setattr("tradyn_client.attempts.Retrying", partial(Retrying, sleep=taken.append))
    monkeypatch.setattr("tradyn_client.attempts.AsyncRetrying", partial(AsyncRetrying, sleep=sleep))
    return taken


# ---------------------------------------------------------------------- what is sent again

READS: Final[dict[str, Callable[[Client], object]]] = {
    "get_account": lambda client: get_account.sync(client=client),
    "list_orders": lambda client: list_orders.sync(client=client),
    "preview_trade": lambda client: preview_trade.sync(client=client, body=BUY),
}
NAMED: Final[dict[str, Callable[[Client], object]]] = {
    "trade": lambda client: trade.sync(client=client, body=BUY),
    "place_order": lambda client: place_order.sync(client=client, body=ORDER),
    "close_position": lambda client: close_position.sync(2, client=client),
    "close_all": lambda client: close_all.sync(client=client),
    "change_balance": lambda client: change_balance.sync(1, client=client, body=BalanceRequest(amount=1)),
}
UNNAMED: Final[dict[str, Callable[[Client], object]]] = {
    "create_key": lambda client: create_key.sync(client=client, body=CreateKeyRequest(scope=KeyScope.READ)),
    "create_account": lambda client: create_account.sync(client=client, body=CreateAccountRequest()),
    "modify_position": lambda client: modify_position.sync(
        2, client=client, body=ModifyPositionRequest(sl=1.0)
    ),
}
DOUBTFUL: Final[dict[str, Answer]] = {
    "500": INTERNAL_ERROR,
    "503": NOT_CONNECTED,
    "502 of a gateway": BAD_GATEWAY,
    "broken": httpx.RemoteProtocolError,
    "reset": httpx.ReadError,
    "too slow": httpx.ReadTimeout,
}
HARMLESS: Final[dict[str, Answer]] = {
    "429": rate_limited("1"),
    "429 without a time": rate_limited(None),
    "429 of a gateway": httpx.Response(429, html="<h1>Too many requests</h1>"),
    "refused connection": httpx.ConnectError,
    "no connection in time": httpx.ConnectTimeout,
}


@pytest.mark.parametrize("failure", [*DOUBTFUL, *HARMLESS])
@pytest.mark.parametrize("call", [*READS, *NAMED])
def test_reading_and_what_has_a_name_is_asked_again(call: str, failure: str, waits: list[float]) -> None:
    wire = Wire((DOUBTFUL | HARMLESS)[failure])
    with pytest.raises(errors.TradynError):
        (READS | NAMED)[call](wire.client())
    assert len(wire.sent) == 5 and len(waits) == 4
    assert len({(each.method, each.url, each.content) for each in wire.sent}) == 1


@pytest.mark.parametrize("failure", DOUBTFUL)
@pytest.mark.parametrize("call", UNNAMED)
def test_nothing_else_is_asked_twice_in_doubt(call: str, failure: str, waits: list[float]) -> None:
    wire = Wire(DOUBTFUL[failure])
    with pytest.raises(errors.TradynError):
        UNNAMED[call](wire.client())
    assert len(wire.sent) == 1 and waits == []


@pytest.mark.parametrize("failure", HARMLESS)
@pytest.mark.parametrize("call", UNNAMED)
def test_but_it_is_when_nothing_was_done(call: str, failure: str, waits: list[float]) -> None:
    wire = Wire(HARMLESS[failure])
    with pytest.raises(errors.TradynError):
        UNNAMED[call](wire.client())
    assert len(wire.sent) == 5


@pytest.mark.parametrize("call", NAMED)
def test_a_trade_without_a_name_is_never_repeated(call: str, waits: list[float]) -> None:
    wire = Wire(httpx.ReadTimeout)
    with pytest.raises(errors.NoAnswer, match="whether it was done is not known") as raised:
        NAMED[call](wire.client(new_client_order_id=None))
    assert len(wire.sent) == 1
    assert raised.value.client_order_id is None and raised.value.may_be_done


@pytest.mark.parametrize("answer", [REFUSED, httpx.Response(200, html="<h1>Hello</h1>")])
def test_an_answer_is_an_answer(answer: httpx.Response, waits: list[float]) -> None:
    wire = Wire(answer)
    with pytest.raises(errors.TradynError):
        trade.sync(client=wire.client(), body=BUY)
    assert len(wire.sent) == 1


def test_a_program_that_is_wrong_is_not_tried_again() -> None:
    client = Client(base_url="nonsense://127.0.0.1/v1")
    with pytest.raises(httpx.UnsupportedProtocol):
        get_account.sync(client=client)


# ---------------------------------------------------------------------- names


@pytest.mark.parametrize("call", NAMED)
def test_what_has_no_name_is_given_one(call: str, waits: list[float]) -> None:
    wire = Wire(httpx.ReadTimeout)
    client = wire.client()
    names = []
    for _ in range(2):
        with pytest.raises(errors.NoAnswer) as raised:
            NAMED[call](client)
        name = raised.value.client_order_id
        assert name is not None and f"client_order_id='{name}'" in str(raised.value)
        assert all(name in f"{each.url} {each.content.decode()}" for each in wire.sent[-5:])
        names.append(name)
    assert names[0] != names[1]
    pattern = DOCUMENT.root["components"]["schemas"]["TradeRequest"]["properties"]["client_order_id"][
        "pattern"
    ]
    assert all(re.search(pattern, each) and len(each) <= 64 for each in names)


def test_a_given_name_stays(waits: list[float]) -> None:
    body = TradeRequest(symbol="EURUSD", action=Side.BUY, volume=0.1, client_order_id="mine")
    wire = Wire(NOT_CONNECTED)
    with pytest.raises(errors.NotConnected) as raised:
        trade.sync(client=wire.client(), body=body)
    assert raised.value.client_order_id == "mine"
    assert all(b'"client_order_id":"mine"' in each.content for each in wire.sent)
    assert body.client_order_id == "mine"


def test_names_can_be_the_users_own() -> None:
    wire = Wire(REFUSED)
    names = iter(["first", "second"])
    client = wire.client(new_client_order_id=lambda: next(names))
    for name in ("first", "second"):
        with pytest.raises(errors.NoQuotes) as raised:
            close_all.sync(client=client, body=CloseAllRequest(symbol="EURUSD"))
        assert raised.value.client_order_id == name
    assert BUY.client_order_id is None


# ---------------------------------------------------------------------- how long


LIMITS: Final = [1, 2, 4, 8, 10, 10]


def test_waits_grow_up_to_a_limit(waits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda low, high: high)
    retries = Retries(attempts=7, timeout=1e9, wait_initial=1, wait_max=10)
    with pytest.raises(errors.InternalError):
        get_account.sync(client=Wire(INTERNAL_ERROR).client(retries=retries))
    assert waits == LIMITS


def test_waits_are_drawn_by_lot(waits: list[float]) -> None:
    retries = Retries(attempts=7, timeout=1e9, wait_initial=1, wait_max=10)
    for _ in range(2):
        with pytest.raises(errors.InternalError):
            get_account.sync(client=Wire(INTERNAL_ERROR).client(retries=retries))
    for wait, limit in zip(waits, LIMITS * 2, strict=True):
        assert 0 <= wait <= limit
    assert waits[:6] != waits[6:]


@pytest.mark.parametrize("lot", [0.0, 0.5])
def test_retry_after_is_obeyed_but_not_by_all_at_once(
    waits: list[float], monkeypatch: pytest.MonkeyPatch, lot: float
) -> None:
    monkeypatch.setattr(random, "uniform", lambda low, high: lot * high)
    overloaded = httpx.Response(503, headers={"Retry-After": "2"}, html="<h1>Come back later</h1>")
    a_date = httpx.Response(503, headers={"Retry-After": "Fri, 06 Mar 2026 20:00:00 GMT"})
    wire = Wire(rate_limited("3"), rate_limited("7"), overloaded, a_date, REFUSED)
    with pytest.raises(errors.NoQuotes):
        get_account.sync(client=wire.client())
    assert waits == [3 + lot * 0.25, 7 + lot * 0.5, 2 + lot * 1, lot * 2]


def test_what_would_take_too_long_is_not_waited_for(waits: list[float]) -> None:
    wire = Wire(rate_limited("31"))
    with pytest.raises(errors.RateLimited) as raised:
        get_account.sync(client=wire.client())
    assert (raised.value.retry_after, len(wire.sent), waits) == (31, 1, [])


def test_no_retries_is_no_retries(waits: list[float]) -> None:
    wire = Wire(NOT_CONNECTED)
    for client in (wire.client(retries=None), wire.client().with_retries(None)):
        with pytest.raises(errors.NotConnected):
            get_account.sync(client=client)
    assert len(wire.sent) == 2 and waits == []


async def test_asynchronously_just_the_same(waits: list[float]) -> None:
    wire = Wire(httpx.ReadTimeout, rate_limited("2"), INTERNAL_ERROR)
    with pytest.raises(errors.InternalError) as raised:
        await trade.asyncio(client=wire.client(), body=BUY)
    assert len(wire.sent) == 5 and len(waits) == 4 and waits[1] >= 2
    assert raised.value.client_order_id is not None and raised.value.attempts == 5
    with pytest.raises(errors.NoAnswer):
        await create_key.asyncio(
            client=Wire(httpx.ReadError).client(), body=CreateKeyRequest(scope=KeyScope.READ)
        )


# ---------------------------------------------------------------------- what is left in doubt

WELCOME: Final = httpx.Response(200, html="<h1>Welcome</h1>")
EXPIRED: Final = httpx.Response(403, json=FAILURE | {"code": "INSUFFICIENT_SCOPE"})
NOT_FOUND: Final = httpx.Response(404, json=FAILURE | {"code": "NOT_FOUND"})
LIMITED: Final = rate_limited("1")
SILENCE: Final = httpx.ReadTimeout


@pytest.mark.parametrize(
    ("call", "answers", "may_be_done"),
    [
        ("trade", [SILENCE], True),
        ("trade", [httpx.ConnectError], False),
        ("trade", [INTERNAL_ERROR], True),
        ("trade", [BAD_GATEWAY], True),
        ("trade", [WELCOME], True),
        ("trade", [LIMITED], False),
        ("trade", [REFUSED], False),
        ("trade", [EXPIRED], False),
        ("trade", [SILENCE, LIMITED], True),
        ("trade", [SILENCE, httpx.ConnectError], True),
        ("trade", [SILENCE, EXPIRED], True),
        ("trade", [SILENCE, LIMITED, REFUSED], False),
        ("trade", [SILENCE, NOT_FOUND], False),
        ("create_key", [SILENCE], True),
        ("create_key", [NOT_CONNECTED], True),
        ("create_key", [LIMITED, SILENCE], True),
        ("create_key", [LIMITED, REFUSED], False),
        ("create_key", [httpx.ConnectError], False),
        ("get_account", [SILENCE], False),
        ("get_account", [INTERNAL_ERROR], False),
        ("preview_trade", [SILENCE], False),
    ],
)
def test_what_may_have_been_done_all_the_same(
    call: str, answers: list[Answer], may_be_done: bool, waits: list[float]
) -> None:
    wire = Wire(*answers)
    with pytest.raises(errors.TradynError) as raised:
        (READS | NAMED | UNNAMED)[call](wire.client())
    error = raised.value
    assert error.may_be_done is may_be_done
    assert error.attempts == len(wire.sent)
    assert ("whether it was done is not known" in str(error)) is may_be_done
    if may_be_done and call == "trade":
        assert str(error).endswith(f"ask again with client_order_id={error.client_order_id!r}")


@pytest.mark.parametrize("failure", [*DOUBTFUL, *HARMLESS])
def test_what_is_tried_again_is_temporary(failure: str, waits: list[float]) -> None:
    for call in (READS | NAMED | UNNAMED).values():
        with pytest.raises(errors.Temporary):
            call(Wire((DOUBTFUL | HARMLESS)[failure]).client())


def test_nothing_else_is_temporary() -> None:
    temporary = {each for each in vars(errors).values() if _is_error(each, errors.Temporary)}
    assert {each.__name__ for each in temporary} == {
        "Temporary",
        "NoAnswer",
        "RateLimited",
        "Failed",
        "InternalError",
        "NotConnected",
    }


def test_the_tree_of_errors_is_told_as_it_is() -> None:
    """Each stands under its parent in the docstring of the module."""
    path: list[str] = []
    told = {}
    for line in (errors.__doc__ or "").splitlines():
        if found := re.fullmatch(r"([│ ├└─]*)(\w+)( \(.*\))?", line):
            depth = len(found[1]) // 4
            path[depth:] = [found[2]]
            told[found[2]] = path[depth - 1] if depth else "Exception"
    classes = [each for each in vars(errors).values() if _is_error(each, errors.TradynError)]
    assert told == {each.__name__: each.__base__.__name__ for each in classes}


def _is_error(thing: object, parent: type[Exception]) -> bool:
    return isinstance(thing, type) and issubclass(thing, parent)


# ---------------------------------------------------------------------- what is logged

TOKEN: Final = "tk_live_very_secret"


def test_each_retry_is_logged_in_a_line(
    waits: list[float], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(random, "uniform", lambda low, high: high)
    wire = Wire(httpx.ReadTimeout, httpx.ConnectError, NOT_CONNECTED, BAD_GATEWAY, REFUSED)
    with pytest.raises(errors.NoQuotes):
        trade.sync(client=wire.client(token=TOKEN), body=BUY)
    ours = [each for each in caplog.records if each.name == "tradyn_client"]
    assert [each.getMessage() for each in ours] == [
        "POST /api/trade got no answer (ReadTimeout not today); trying again in 0.2 s (attempt 2 of 5)",
        "POST /api/trade got no answer (ConnectError not today); trying again in 0.5 s (attempt 3 of 5)",
        "POST /api/trade was answered 503 NOT_CONNECTED; trying again in 1.0 s (attempt 4 of 5)",
        "POST /api/trade was answered 502; trying again in 2.0 s (attempt 5 of 5)",
    ]
    assert {each.levelno for each in ours} == {logging.WARNING}
    assert TOKEN not in caplog.text


async def test_asynchronously_too(waits: list[float], caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(errors.RateLimited):
        await get_account.asyncio(client=Wire(LIMITED).client(token=TOKEN))
    lines = [each.getMessage() for each in caplog.records if each.name == "tradyn_client"]
    assert [each.partition(";")[0] for each in lines] == [
        "GET /api/account was answered 429 RATE_LIMITED"
    ] * 4
    assert TOKEN not in caplog.text


def test_what_is_not_tried_again_is_not_logged(waits: list[float], caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(errors.NotConnected):
        get_account.sync(client=Wire(NOT_CONNECTED).client(retries=None))
    with pytest.raises(errors.NoQuotes):
        get_account.sync(client=Wire(REFUSED).client())
    assert [each for each in caplog.records if each.name == "tradyn_client"] == []


# ---------------------------------------------------------------------- against a server


@pytest.fixture
def flaky(start_server: StartServer) -> Iterator[LiveServer]:
    server = start_server()
    yield server
    set_faults.sync(client=admin_of(server), body=FaultsRequest())


def admin_of(server: LiveServer) -> Client:
    return Client(base_url=server.base_url, token=server.admin_key)


def test_lost_replies_lose_no_trade_and_double_none(flaky: LiveServer, waits: list[float]) -> None:
    account = open_account(flaky)
    set_faults.sync(client=account.admin, body=FaultsRequest(lost_reply_rate=0.3, error_rate=0.1, seed=7))
    with account.client.with_retries(Retries(attempts=30, timeout=1e9)) as client:
        small = TradeRequest(symbol="EURUSD", action=Side.BUY, volume=0.01)
        tickets = [trade.sync(client=client, body=small).ticket for _ in range(100)]
        assert len(waits) > 20
        assert [each.ticket for each in list_positions.sync(client=client)] == tickets
        for ticket in tickets[:50]:
            close_position.sync(ticket, client=client)
    set_faults.sync(client=account.admin, body=FaultsRequest())
    assert [each.ticket for each in list_positions.sync(client=account.client)] == tickets[50:]
    deals = list(get_account_history.iterate(client=account.client, limit=17))
    assert [each.entry for each in deals].count(DealEntry.IN) == 100
    assert [each.entry for each in deals].count(DealEntry.OUT) == 50


async def test_at_once_and_asynchronously(flaky: LiveServer, waits: list[float]) -> None:
    account = open_account(flaky)
    set_faults.sync(client=account.admin, body=FaultsRequest(lost_reply_rate=0.3, seed=8))
    async with account.client.with_retries(Retries(attempts=30, timeout=1e9)) as client:
        small = TradeRequest(symbol="EURUSD", action=Side.BUY, volume=0.01)
        done = await asyncio.gather(*(trade.asyncio(client=client, body=small) for _ in range(50)))
        set_faults.sync(client=account.admin, body=FaultsRequest())
        positions = await list_positions.asyncio(client=client)
    assert {each.ticket for each in positions} == {each.ticket for each in done} and len(positions) == 50


def test_a_limited_rate_only_slows_down(start_server: StartServer) -> None:
    server = start_server(rate_limit=10)
    with Client(base_url=server.base_url, token=server.api_key) as client:
        assert len([get_account.sync(client=client) for _ in range(25)]) == 25


def test_a_server_that_is_not_there(live_server: LiveServer, waits: list[float]) -> None:
    client = Client(base_url="http://127.0.0.1:9/v1")
    with pytest.raises(errors.NoAnswer, match="nothing was done") as raised:
        trade.sync(client=client, body=BUY)
    assert not raised.value.may_be_done and isinstance(raised.value.__cause__, httpx.ConnectError)
    assert len(waits) == 4


def test_a_time_out_is_one_of_each_attempt(flaky: LiveServer) -> None:
    account = open_account(flaky)
    set_faults.sync(client=account.admin, body=FaultsRequest(lost_reply_rate=1))
    with pytest.raises(errors.NoAnswer) as raised:
        trade.sync(client=account.client.with_retries(Retries(attempts=2, wait_max=0.01)), body=BUY)
    set_faults.sync(client=account.admin, body=FaultsRequest())
    asked_again = TradeRequest(
        symbol="EURUSD", action=Side.BUY, volume=0.1, client_order_id=raised.value.client_order_id
    )
    bought = trade.sync(client=account.client, body=asked_again)
    (position,) = list_positions.sync(client=account.client)
    assert (position.ticket, position.client_order_id) == (bought.ticket, raised.value.client_order_id)


# ---------------------------------------------------------------------- pages


def test_pages_are_gone_through_as_they_are_needed(live_server: LiveServer) -> None:
    account = open_account(live_server)
    tickets = [account.buy(0.01) for _ in range(7)]
    asked: list[httpx.Request] = []
    watching = Client(
        base_url=live_server.base_url,
        token=account.client.token,
        httpx_args={"event_hooks": {"request": [asked.append]}},
    )
    with watching as client:
        orders = list_orders.iterate(client=client, state=OrderState.FILLED, limit=3)
        assert asked == []
        assert [next(orders).ticket for _ in range(3)] == tickets[:3]
        assert len(asked) == 1
        assert [each.ticket for each in orders] == tickets[3:]
        assert len(asked) == 3
        deals = get_account_history.iterate(client=client, order=SortOrder.DESC, limit=2)
        assert [each.position for each in deals] == [*reversed(tickets), None]


async def test_pages_asynchronously(live_server: LiveServer) -> None:
    account = open_account(live_server)
    tickets = [account.buy(0.01) for _ in range(5)]
    async with account.client as client:
        orders = list_orders.iterate_async(client=client, state=OrderState.FILLED, limit=2)
        assert [each.ticket async for each in orders] == tickets


def test_every_paged_list_can_be_gone_through() -> None:
    for module in operation_modules():
        is_paged = "cursor" in inspect.signature(module.sync).parameters
        assert hasattr(module, "iterate") == hasattr(module, "iterate_async") == is_paged
        if is_paged:
            taken = dict(inspect.signature(module.sync).parameters)
            del taken["cursor"]
            assert dict(inspect.signature(module.iterate).parameters) == taken


# ---------------------------------------------------------------------- examples in docstrings


def examples() -> dict[str, str]:
    found = {}
    for module in operation_modules():
        (example,) = re.findall(r"Example:\n *```\n(.*?)```", inspect.getdoc(module.sync) or "", re.DOTALL)
        found[module.__name__] = textwrap.dedent(example)
    return found


def test_every_example_type_checks(tmp_path: Path) -> None:
    lines = [
        "from datetime import datetime",
        "from tradyn_client import Client",
        "from tradyn_client.models import *",
    ]
    calls = ["client = Client()"]
    for name, example in examples().items():
        package, _, module = name.rpartition(".")
        lines.append(f"from {package} import {module}")
        calls.append(example)
    program = tmp_path / "program.py"
    program.write_text("\n".join(lines + calls))
    done = check_types(program, folder=tmp_path)
    assert done.returncode == 0, done.stdout


def test_every_example_is_a_request_the_server_takes(start_server: StartServer) -> None:
    """It may be refused, for the account is another; but it is not malformed."""
    account = open_account(start_server())
    for name, example in examples().items():
        operation = next(each for each in DOCUMENT.operations if snake(each.id) == name.rpartition(".")[2])
        is_admins = operation.node.get("x-scopes") == ["admin"]
        scope = {"client": account.admin if is_admins else account.client}
        module = importlib.import_module(name)
        models = vars(importlib.import_module("tradyn_client.models"))
        datetime = vars(importlib.import_module("datetime"))["datetime"]
        try:
            exec(example, {**models, "datetime": datetime, name.rpartition(".")[2]: module, **scope})
        except errors.InvalidRequest as error:
            pytest.fail(f"{name}: {error}, {error.details}")
        except (errors.Refused, errors.NotFound, errors.InsufficientScope):
            continue
        finally:
            set_faults.sync(client=account.admin, body=FaultsRequest())


def snake(name: str) -> str:
    return re.sub("(?<!^)(?=[A-Z])", "_", name).lower()


def test_the_hand_written_part_says_who_wrote_it() -> None:
    for name in ("answers", "attempts", "connection", "paging", "pool", "request", "retries", "types"):
        assert "Generated" not in (CLIENT / "tradyn_client" / f"{name}.py").read_text()
