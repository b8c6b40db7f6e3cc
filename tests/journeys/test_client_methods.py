"""The methods of the Python client's `Client` and `AsyncClient`: each operation, and what they take."""

from __future__ import annotations

import asyncio
import datetime
import inspect
import json
import re
import textwrap
from collections.abc import AsyncIterator, Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest
from tradyn_client import UNSET, AsyncClient, Client, errors, models
from tradyn_client.connection import Connection
from tradyn_client.models import OrderType, PushedQuote, Side, WebhookEventType

from contract import document_rules
from journeys.test_python_client import DOCUMENT, check_types, open_account

if TYPE_CHECKING:
    from journeys.conftest import LiveServer, StartServer


def methods(cls: type[Connection]) -> dict[str, Callable[..., Any]]:
    return {name: each for name, each in vars(cls).items() if inspect.isfunction(each)}


def snake(name: str) -> str:
    return re.sub("(?<!^)(?=[A-Z])", "_", name).lower()


# ---------------------------------------------------------------------- what there is


def test_every_operation_of_the_document_has_a_method() -> None:
    wanted = {snake(each.id) for each in DOCUMENT.operations}
    wanted |= {"preview_order", "iterate_account_history", "iterate_orders", "iterate_accounts"}
    wanted |= {"iterate_deliveries"}
    assert methods(Client).keys() == wanted


def test_the_methods_of_both_clients_take_the_same() -> None:
    own, others = methods(Client), methods(AsyncClient)
    assert own.keys() == others.keys()
    for name, method in own.items():
        ours, theirs = inspect.signature(method), inspect.signature(others[name])
        assert ours.parameters == theirs.parameters, name
        if name.startswith("iterate_"):
            assert str(theirs.return_annotation) == str(ours.return_annotation).replace(".Iter", ".AsyncIter")
        else:
            assert ours.return_annotation == theirs.return_annotation
            assert inspect.iscoroutinefunction(others[name]), name
        for each in (method, others[name]):
            assert "Example:" in (inspect.getdoc(each) or ""), name


def test_no_operation_hides_what_every_client_has() -> None:
    assert not methods(Client).keys() & set(dir(Connection))


def fields_of(operation: document_rules.Operation, method: str) -> set[str]:
    """Names of all that the document lets one say, in path, query and body."""
    names = {each["name"] for each in operation.parameters}
    if "requestBody" in operation.node:
        schema = DOCUMENT.resolve(DOCUMENT.media(operation.node["requestBody"])["schema"])
        if "properties" not in schema:
            schema = DOCUMENT.schemas[
                {"preview_trade": "TradeRequest", "preview_order": "OrderRequest"}[method]
            ]
        names |= schema["properties"].keys()
    return names


def test_a_method_takes_what_the_document_lets_one_say() -> None:
    by_name = {snake(each.id): each for each in DOCUMENT.operations}
    by_name["preview_order"] = by_name["preview_trade"]
    for name, method in methods(Client).items():
        if name in by_name:
            taken = inspect.signature(method).parameters.keys() - {"self"}
            assert {each.removesuffix("_") for each in taken} == fields_of(by_name[name], name), name


# ---------------------------------------------------------------------- against a server


class Waited:
    """An `AsyncClient` that is waited for, and which of its methods were used."""

    def __init__(self, client: AsyncClient, runner: asyncio.Runner) -> None:
        self._client = client
        self._runner = runner

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            found = getattr(self._client, name)(*arguments, **named)
            if inspect.isasyncgen(found):
                return iter(self._runner.run(_all(found)))
            return self._runner.run(found)

        return call


async def _all(entries: AsyncIterator[Any]) -> list[Any]:
    return [each async for each in entries]


class Noting:
    """Calls a client's methods, and notes which."""

    def __init__(self, client: Any, called: set[str]) -> None:
        self._client = client
        self._called = called

    def __getattr__(self, name: str) -> Any:
        self._called.add(name)
        return getattr(self._client, name)


@pytest.fixture(params=[Client, AsyncClient])
def journey(
    request: pytest.FixtureRequest, live_server: LiveServer
) -> Iterator[tuple[Any, Any, int, set[str]]]:
    """The clients of an account and of the admin, the login, and the methods that were called of either."""
    account = open_account(live_server)
    called: set[str] = set()
    with asyncio.Runner() as runner:

        def client(token: str | None) -> Any:
            made = request.param(base_url=live_server.base_url, token=token)
            return Noting(Waited(made, runner) if isinstance(made, AsyncClient) else made, called)

        yield client(account.client.token), client(account.admin.token), account.login, called


def test_every_method_against_a_server(journey: tuple[Any, Any, int, set[str]]) -> None:
    client, admin, login, called = journey
    _trade(client)
    _order(client)
    _manage_keys(client)
    _manage_webhooks(client)
    _manage_accounts(admin, login)
    _simulate(client, admin)
    assert called == methods(Client).keys()


def _trade(client: Any) -> None:
    assert client.get_liveness().status == "ok" and client.get_readiness().version
    assert client.get_symbol("EURUSD") in client.list_symbols()
    candles = client.get_candles("EURUSD", timeframe="M1", count=3)
    assert [type(each) for each in candles] == [models.Candle] * 3
    one = client.get_candles("EURUSD", timeframe="M1", from_=candles[1].time, to=candles[2].time)
    assert [each.time for each in one] == [candles[1].time]
    quote = client.get_quote("EURUSD")
    sl = Decimal(str(quote.bid)) - Decimal("0.01")

    preview = client.preview_trade(symbol="EURUSD", action="buy", volume=Decimal("0.1"), sl=sl)
    assert preview.accepted
    bought = client.trade(symbol="EURUSD", action="buy", volume=0.1, sl=sl, client_order_id="first")
    assert bought.action is Side.BUY and bought.sl == float(sl)
    assert (
        client.trade(symbol="EURUSD", action=Side.BUY, volume=0.1, sl=sl, client_order_id="first") == bought
    )
    position = client.get_position(bought.ticket)
    assert client.list_positions(symbol="EURUSD") == [position]
    assert client.modify_position(bought.ticket, tp=quote.ask + 0.01).sl == float(sl)
    assert client.modify_position(bought.ticket, sl=None).sl is None
    assert client.close_position(bought.ticket, volume=Decimal("0.04")).volume_remaining == 0.06
    short = client.trade(symbol="EURUSD", action="sell", volume=0.02)
    assert client.close_by(bought.ticket, opposite=short.ticket).position.volume == 0.04
    assert client.close_all(type_="sell", result="winning").closed == []
    assert [each.ticket for each in client.close_all().closed] == [bought.ticket]
    assert client.explain(bought.ticket).state is models.ExplanationState.CLOSED

    page = client.get_account_history(order="desc", limit=6)
    assert [each.entry for each in page.data] == ["out", "out_by", "out_by", "in", "out", "in"]
    assert {each.entry for each in page.data} == set(models.DealEntry)
    deals = list(client.iterate_account_history(order="desc", limit=2))
    assert deals[-1].entry is None
    assert deals[:6] == page.data and len(deals) == 7
    assert client.get_statistics(symbol="EURUSD").total_deals == 6
    assert client.get_equity(points=5)[-1].balance == client.get_account().balance


def _order(client: Any) -> None:
    price = round(client.get_quote("EURUSD").bid - 0.01, 5)
    tomorrow = client.get_account().time + datetime.timedelta(days=1)
    order = {"symbol": "EURUSD", "type_": "buy_limit", "volume": Decimal("0.1"), "price": price}
    assert client.preview_order(**order).price == price
    placed = client.place_order(**order, expiration=tomorrow)
    assert placed.type_ is OrderType.BUY_LIMIT and placed.expiration == tomorrow
    assert client.get_order(placed.ticket) == placed
    assert client.list_orders(state="placed").data == list(client.iterate_orders(limit=1)) == [placed]
    modified = client.modify_order(placed.ticket, expiration=None)
    assert (modified.expiration, modified.price) == (None, price)
    assert client.cancel_order(placed.ticket).state is models.OrderState.CANCELED


def _manage_keys(client: Any) -> None:
    issued = client.create_key(scope="read", label="dashboard")
    assert issued.scope is models.KeyScope.READ
    assert issued.key_id in [each.key_id for each in client.list_keys()]
    overlapping = client.rotate_key(issued.key_id, overlap_seconds=60)
    assert client.revoke_key(client.rotate_key(overlapping.key_id).key_id).revoked_at is not None


def _manage_webhooks(client: Any) -> None:
    # Nobody listens there, so each delivery fails at once.
    url = "http://127.0.0.1:1/"
    webhook = client.create_webhook(url=url, events=["deal.created", WebhookEventType.ORDER_FILLED])
    assert [each.webhook_id for each in client.list_webhooks()] == [webhook.webhook_id]
    rotated = client.rotate_webhook_secret(webhook.webhook_id, overlap_seconds=60)
    assert rotated.secret != webhook.secret
    tested = client.test_webhook(webhook.webhook_id)
    assert (tested.state, tested.last_status) == (models.WebhookDeliveryState.FAILED, None)
    again = client.redeliver(webhook.webhook_id, tested.delivery_id)
    assert (again.delivery_id, again.attempts) == (tested.delivery_id, tested.attempts + 1)
    assert client.list_deliveries(webhook.webhook_id).data == [again]
    assert list(client.iterate_deliveries(webhook.webhook_id, limit=1)) == [again]
    paused = client.update_webhook(webhook.webhook_id, enabled=False)
    assert paused == client.get_webhook(webhook.webhook_id)
    assert client.delete_webhook(webhook.webhook_id) == paused
    assert client.list_webhooks() == []


def _manage_accounts(admin: Any, login: int) -> None:
    deal = admin.change_balance(login, amount=Decimal("500.5"), comment="Top up")
    assert (deal.type_, deal.profit) == (models.DealType.BALANCE, 500.5)
    assert admin.get_account_by_login(login).balance > 10_000
    assert login in [each.login for each in admin.list_accounts(limit=1000).data]
    assert login in [each.login for each in admin.iterate_accounts(limit=1000)]
    assert admin.reset_account(login).balance == 10_000
    assert admin.create_account(currency="JPY", balance=1_000_000).account.currency == "JPY"


def _simulate(client: Any, admin: Any) -> None:
    clock = admin.get_clock()
    assert admin.update_clock(mode="manual") == clock
    now = admin.advance_clock(seconds=60).now
    assert now == clock.now + datetime.timedelta(minutes=1)
    quote = client.get_quote("EURUSD")
    pushed = PushedQuote(symbol="EURUSD", bid=quote.bid, ask=quote.ask)
    assert admin.push_quotes(quotes=[pushed]).accepted == 1
    assert admin.set_faults(slippage_points=3).slippage_points == 3
    assert admin.get_faults().slippage_points == 3
    assert admin.set_faults().slippage_points == 0


async def test_many_at_once(live_server: LiveServer) -> None:
    account = open_account(live_server)
    async with AsyncClient(base_url=live_server.base_url, token=account.client.token) as client:
        trades = (client.trade(symbol="EURUSD", action="buy", volume=0.01) for _ in range(5))
        bought = await asyncio.gather(*trades)
        assert {each.ticket for each in bought} == {each.ticket for each in await client.list_positions()}
        deals = [each.position async for each in client.iterate_account_history(limit=2)]
        assert set(deals[1:]) == {each.ticket for each in bought}


# ---------------------------------------------------------------------- what is sent


def sent(call: Callable[[Client], object]) -> Any:
    """The body that a call makes."""
    requests: list[httpx.Request] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(500)

    client = Client(
        base_url="http://broker.test/v1",
        retries=None,
        new_client_order_id=None,
        httpx_args={"transport": httpx.MockTransport(refuse)},
    )
    with pytest.raises(errors.Failed):
        call(client)
    return json.loads(requests[0].content)


@pytest.mark.parametrize("action", [Side.SELL, "sell"])
def test_a_word_is_sent_as_its_enum(action: Any) -> None:
    assert sent(lambda client: client.trade(symbol="A", action=action, volume=1))["action"] == "sell"


@pytest.mark.parametrize("type_", OrderType)
def test_a_number_has_a_word_too(type_: OrderType) -> None:
    def place(client: Client, given: Any) -> object:
        return client.place_order(symbol="A", type_=given, volume=1, price=1)

    for given in (type_, type_.name.lower()):
        assert sent(partial(place, given=given))["type"] == type_.value


def test_decimals_are_sent_as_they_are_written() -> None:
    order: dict[str, Any] = {"volume": Decimal("0.10"), "sl": Decimal("1.08751")}
    body = sent(lambda client: client.trade(symbol="A", action="buy", **order))
    assert (body["volume"], body["sl"]) == (0.1, 1.08751)


def test_what_is_left_out_is_not_sent() -> None:
    assert sent(lambda client: client.modify_position(2, sl=None)) == {"sl": None}
    assert sent(lambda client: client.modify_position(2, sl=UNSET, tp=1.5)) == {"tp": 1.5}
    assert sent(lambda client: client.close_all(symbol="EURUSD")) == {"symbol": "EURUSD", "result": "all"}


def test_a_word_that_there_is_not_is_refused_at_once() -> None:
    client = Client(base_url="http://broker.test/v1")
    with pytest.raises(ValueError, match="'long' is not a valid Side"):
        client.trade(symbol="EURUSD", action="long", volume=0.1)  # type: ignore[arg-type]


# ---------------------------------------------------------------------- types and examples

PROGRAM: Final = """
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from typing import assert_type
from tradyn_client import AsyncClient, Client, errors, models

with Client(token="tk_live_") as client:
    assert_type(client, Client)
    assert_type(client.with_timeout(3), Client)
    assert_type(client.trade(symbol="EURUSD", action="buy", volume=0.1, sl=Decimal(1)), models.TradeResult)
    assert_type(client.trade(symbol="EURUSD", action=models.Side.BUY, volume=1), models.TradeResult)
    assert_type(client.place_order(symbol="EURUSD", type_="buy_limit", volume=1, price=1), models.Order)
    assert_type(client.get_candles("EURUSD", timeframe="H1"), list[models.Candle])
    assert_type(client.iterate_account_history(order="desc"), Iterator[models.Deal])
    assert_type(client.modify_position(2, sl=None).sl, float | None)
try:
    pass
except errors.Temporary as error:
    assert_type(error.may_be_done, bool)
    assert_type(error.retry_after, float | None)

async def main() -> None:
    async with AsyncClient(token="tk_live_") as client:
        assert_type(client, AsyncClient)
        assert_type(await client.trade(symbol="EURUSD", action="sell", volume=0.1), models.TradeResult)
        assert_type(client.iterate_orders(state="filled"), AsyncIterator[models.Order])
        async for deal in client.iterate_account_history():
            assert_type(deal, models.Deal)
            assert_type(deal.entry, models.DealEntry | None)
"""
WRONG: Final = """
from tradyn_client import AsyncClient, Client

client = Client()
client.trade(symbol="EURUSD", action="long", volume=0.1)
client.trade(symbol="EURUSD", action="buy")
client.get_candles("EURUSD", timeframe="H3")
client.place_order(symbol="EURUSD", type_="limit", volume=0.1, price=1.0)
client.trade(symbol="EURUSD", action="buy", volume="0.1")
async def main() -> None:
    (await AsyncClient().list_positions()).ticket
"""


def examples(cls: type[Connection]) -> dict[str, str]:
    found = {}
    for name, method in methods(cls).items():
        (example,) = re.findall(r"Example:\n *```\n(.*?)```", inspect.getdoc(method) or "", re.DOTALL)
        found[name] = textwrap.dedent(example)
    return found


def test_types_and_examples_hold_under_mypy_strict(tmp_path: Path) -> None:
    program, wrong, example = tmp_path / "program.py", tmp_path / "wrong.py", tmp_path / "example.py"
    program.write_text(PROGRAM)
    wrong.write_text(WRONG)
    own, awaited = "".join(examples(Client).values()), "".join(examples(AsyncClient).values())
    example.write_text(
        "from datetime import datetime\n"
        "from tradyn_client import AsyncClient, Client\n"
        "from tradyn_client.models import *\n"
        f"def sync(client: Client) -> None:\n{textwrap.indent(own, '    ')}\n"
        f"async def asynchronous(client: AsyncClient) -> None:\n{textwrap.indent(awaited, '    ')}\n"
    )
    done = check_types(program, example, folder=tmp_path)
    assert done.returncode == 0, done.stdout
    done = check_types(wrong, folder=tmp_path)
    assert done.stdout.count(" error: ") == 6, done.stdout


def test_every_example_is_a_request_the_server_takes(start_server: StartServer) -> None:
    """It may be refused, for the account is another; but it is not malformed."""
    account = open_account(start_server())
    known = {**vars(models), "datetime": datetime.datetime, "print": lambda entry: None}
    scopes = {snake(each.id): each.node.get("x-scopes") for each in DOCUMENT.operations}
    scopes |= {"preview_order": ["read"], "iterate_accounts": ["admin"]}
    for name, example in examples(Client).items():
        client = account.admin if scopes.get(name) == ["admin"] else account.client
        try:
            exec(example, {**known, "client": client})
        except errors.InvalidRequest as error:
            pytest.fail(f"{name}: {error}, {error.details}")
        except (errors.Refused, errors.NotFound, errors.InsufficientScope):
            continue
        finally:
            account.admin.set_faults()


def test_an_example_for_one_is_an_example_for_the_other() -> None:
    for name, example in examples(AsyncClient).items():
        plain = example.replace("await ", "").replace("async for", "for")
        assert "".join(plain.split()) == "".join(examples(Client)[name].split()), name
