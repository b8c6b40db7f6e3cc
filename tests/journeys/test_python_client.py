"""The generated Python client as its users meet it: built, type-checked, and against a running server."""

from __future__ import annotations

import asyncio
import datetime
import importlib
import inspect
import json
import os
import pickle
import pkgutil
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest
import tradyn_client
from tradyn_client import UNSET, AsyncClient, Client, TradynError, api, errors, models
from tradyn_client.api.account import get_account, get_account_history
from tradyn_client.api.accounts import (
    change_balance,
    create_account,
    get_account_by_login,
    list_accounts,
    reset_account,
)
from tradyn_client.api.analysis import close_by, explain, get_equity, get_statistics, preview_trade
from tradyn_client.api.api_keys import create_key, list_keys, revoke_key, rotate_key
from tradyn_client.api.market_data import get_candles, get_quote, get_symbol, list_symbols
from tradyn_client.api.orders import cancel_order, get_order, list_orders, modify_order, place_order
from tradyn_client.api.positions import close_position, get_position, list_positions, modify_position
from tradyn_client.api.service import get_liveness, get_readiness
from tradyn_client.api.simulation import (
    advance_clock,
    get_clock,
    get_faults,
    push_quotes,
    set_faults,
    update_clock,
)
from tradyn_client.api.trading import close_all, trade
from tradyn_client.api.webhooks import (
    create_webhook,
    delete_webhook,
    get_webhook,
    list_deliveries,
    list_webhooks,
    redeliver,
    rotate_webhook_secret,
    test_webhook,
    update_webhook,
)
from tradyn_client.models import (
    AdvanceRequest,
    BalanceRequest,
    ClockMode,
    ClockUpdate,
    CloseAllRequest,
    CloseByRequest,
    CreateAccountRequest,
    CreateKeyRequest,
    CreateWebhookRequest,
    Disconnect,
    FaultsRequest,
    KeyScope,
    ModifyOrderRequest,
    ModifyPositionRequest,
    OrderRequest,
    OrderState,
    OrderType,
    PositionResult,
    PushedQuote,
    PushQuotesRequest,
    RotateKeyRequest,
    RotateSecretRequest,
    Side,
    SortOrder,
    Timeframe,
    TradeRequest,
    UpdateWebhookRequest,
    WebhookEventType,
)
from tradyn_client.request import Request
from tradyn_client.types import format_time

from contract import document_rules

if TYPE_CHECKING:
    from journeys.conftest import LiveServer, StartServer

CLIENT: Final = Path(__file__).parents[2] / "clients" / "python"
DOCUMENT: Final = document_rules.load()


def operation_modules() -> Iterator[ModuleType]:
    for package in pkgutil.iter_modules(api.__path__, f"{api.__name__}."):
        for module in pkgutil.iter_modules(
            importlib.import_module(package.name).__path__, f"{package.name}."
        ):
            yield importlib.import_module(module.name)


@pytest.fixture(autouse=True)
def no_settings_of_the_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TRADYN_API_KEY", "TRADYN_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@dataclass(frozen=True)
class Account:
    """An account of its own, and the admin of the server."""

    login: int
    client: Client
    admin: Client
    server: LiveServer

    def buy(self, volume: float = 0.1, symbol: str = "EURUSD", client_order_id: str | None = None) -> int:
        body = TradeRequest(symbol=symbol, action=Side.BUY, volume=volume, client_order_id=client_order_id)
        return trade.sync(client=self.client, body=body).ticket

    def limit_order(
        self, distance: float = 0.01, expiration: datetime.datetime | None = None
    ) -> OrderRequest:
        """A buy limit so far below the market."""
        price = round(get_quote.sync("EURUSD", client=self.client).bid - distance, 5)
        return OrderRequest(
            symbol="EURUSD", type_=OrderType.BUY_LIMIT, volume=0.1, price=price, expiration=expiration
        )

    def push(self, symbol: str, bid: float, ask: float) -> None:
        quote = PushedQuote(symbol=symbol, bid=bid, ask=ask)
        push_quotes.sync(client=self.admin, body=PushQuotesRequest(quotes=[quote]))


def open_account(server: LiveServer) -> Account:
    admin = Client(base_url=server.base_url, token=server.admin_key)
    created = create_account.sync(client=admin, body=CreateAccountRequest(name="A test's"))
    return Account(created.login, Client(base_url=server.base_url, token=created.api_key), admin, server)


@pytest.fixture
def account(live_server: LiveServer) -> Iterator[Account]:
    account = open_account(live_server)
    with account.client, account.admin:
        yield account


# ---------------------------------------------------------------------- the operations


def test_every_operation_of_the_document_has_a_module() -> None:
    in_document = {re.sub("(?<!^)(?=[A-Z])", "_", each.id).lower() for each in DOCUMENT.operations}
    assert {each.__name__.rpartition(".")[2] for each in operation_modules()} == in_document


def test_both_functions_of_a_module_take_and_return_the_same() -> None:
    for module in operation_modules():
        assert inspect.signature(module.sync) == inspect.signature(module.asyncio), module.__name__
        assert inspect.iscoroutinefunction(module.asyncio)
        assert inspect.getdoc(module.sync) and inspect.getdoc(module.asyncio)


def test_every_operation_against_a_server(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    called = set()
    send = Client.send

    def noting_the_operation(self: Client, request: Any, read: Any) -> Any:
        called.add(read.__module__)
        return send(self, request, read)

    monkeypatch.setattr(Client, "send", noting_the_operation)
    _trade_on_market_data(account)
    _manage_orders(account)
    _manage_keys(account)
    _manage_webhooks(account)
    _manage_accounts(account)
    _simulate(account)
    assert called == {each.__name__ for each in operation_modules()}


def _trade_on_market_data(account: Account) -> None:
    client = account.client
    assert get_liveness.sync(client=Client(base_url=client.base_url)).status is models.HealthStatus.OK
    assert isinstance(get_readiness.sync(client=Client(base_url=client.base_url)), models.Health)

    symbols = list_symbols.sync(client=client)
    eurusd = get_symbol.sync("EURUSD", client=client)
    assert eurusd in symbols
    assert eurusd.sessions[0].day is models.DayOfWeek.SUNDAY
    quote = get_quote.sync("EURUSD", client=client)
    assert quote.time.tzinfo is datetime.UTC

    candles = get_candles.sync("EURUSD", client=client, timeframe=Timeframe.M1, count=3)
    assert [type(each) for each in candles] == [models.Candle] * 3
    since, until = candles[1].time, candles[2].time
    one = get_candles.sync("EURUSD", client=client, timeframe=Timeframe.M1, from_=since, to=until)
    assert [each.time for each in one] == [since]

    order = TradeRequest(
        symbol="EURUSD",
        action=Side.BUY,
        volume=0.1,
        sl=round(quote.bid - 0.01, 5),
        tp=round(quote.ask + 0.01, 5),
        comment="erste",
        client_order_id="first",
    )
    preview = preview_trade.sync(client=client, body=order)
    assert preview.accepted and preview.margin is not None and preview.code is None
    bought = trade.sync(client=client, body=order)
    assert isinstance(bought, models.TradeResult) and bought.action is Side.BUY
    assert trade.sync(client=client, body=order) == bought

    assert get_account.sync(client=client).margin_mode is models.MarginMode.HEDGING
    position = get_position.sync(bought.ticket, client=client)
    assert position.type_ is Side.BUY and (position.sl, position.tp) == (order.sl, order.tp)
    assert list_positions.sync(client=client, symbol="EURUSD") == [position]

    changes = ModifyPositionRequest(tp=None)
    moved = modify_position.sync(bought.ticket, client=client, body=changes)
    assert (moved.sl, moved.tp) == (order.sl, None)
    trailing = modify_position.sync(
        bought.ticket, client=client, body=ModifyPositionRequest(trailing_stop=200)
    )
    assert (trailing.sl, trailing.trailing_stop) == (order.sl, 200)
    part = close_position.sync(
        bought.ticket, client=client, volume=0.04, deviation=10, client_order_id="part"
    )
    assert part.volume_remaining == 0.06
    short = trade.sync(client=client, body=TradeRequest(symbol="EURUSD", action=Side.SELL, volume=0.02))
    by = close_by.sync(bought.ticket, client=client, body=CloseByRequest(opposite=short.ticket))
    assert [each.entry for each in by.deals] == ["out_by"] * 2 and by.deals[1].profit == 0
    assert by.position is not None and (by.position.ticket, by.position.volume) == (bought.ticket, 0.04)
    rest = close_all.sync(client=client)
    assert [each.ticket for each in rest.closed] == [bought.ticket] and rest.failed == []
    none = close_all.sync(client=client, body=CloseAllRequest(result=PositionResult.WINNING, type_=Side.SELL))
    assert none.closed == []

    explained = explain.sync(bought.ticket, client=client)
    assert explained.state is models.ExplanationState.CLOSED and explained.now == []
    assert explained.steps[0].rule is models.ExplanationRule.MARKET_ORDER
    assert explained.steps[0].deal == bought.deal and explained.steps[0].is_asked
    assert {each.name for each in explained.steps[0].calculations} >= {models.CalculationName.MARGIN}

    page = get_account_history.sync(client=client, order=SortOrder.DESC, limit=6)
    assert [each.entry for each in page.data] == ["out", "out_by", "out_by", "in", "out", "in"]
    assert page.next_cursor is not None
    last = get_account_history.sync(client=client, order=SortOrder.DESC, limit=3, cursor=page.next_cursor)
    assert [each.type_ for each in last.data] == [models.DealType.BALANCE] and last.next_cursor is None

    figures = get_statistics.sync(client=client, symbol="EURUSD")
    assert (figures.total_trades, figures.total_deals) == (4, 6)
    assert figures.profit_trades + figures.loss_trades == figures.long_trades + figures.short_trades == 4
    now = get_account.sync(client=client)
    curve = get_equity.sync(client=client, points=5)
    assert all(type(each) is models.EquityPoint for each in curve) and len(curve) <= 5
    assert curve[-1].time >= now.time
    assert curve[-1].balance == now.balance == round(figures.deposits + figures.net_profit, 2)


def _manage_orders(account: Account) -> None:
    client = account.client
    tomorrow = get_account.sync(client=client).time + datetime.timedelta(days=1, microseconds=1)
    order = account.limit_order(expiration=tomorrow)
    preview = preview_trade.sync(client=client, body=order)
    assert preview.accepted and preview.price == order.price
    placed = place_order.sync(client=client, body=order)
    assert placed.type_ is OrderType.BUY_LIMIT and placed.state is OrderState.PLACED
    assert placed.expiration is not None and abs(placed.expiration - tomorrow).microseconds < 1000
    assert get_order.sync(placed.ticket, client=client) == placed
    assert list_orders.sync(client=client).data == [placed]
    changes = ModifyOrderRequest(expiration=None, sl=round(order.price - 0.01, 5))
    modified = modify_order.sync(placed.ticket, client=client, body=changes)
    assert (modified.expiration, modified.price, modified.sl) == (None, order.price, changes.sl)
    assert cancel_order.sync(placed.ticket, client=client).state is OrderState.CANCELED
    wanted = OrderRequest(
        symbol="EURUSD",
        type_=OrderType.SELL_STOP_LIMIT,
        volume=0.1,
        price=order.price,
        price_stop_limit=round(order.price + 0.001, 5),
    )
    stop_limit = place_order.sync(client=client, body=wanted)
    assert stop_limit.price_stop_limit == wanted.price_stop_limit
    lower = ModifyOrderRequest(price_stop_limit=round(order.price + 0.0005, 5))
    moved = modify_order.sync(stop_limit.ticket, client=client, body=lower)
    assert (moved.price, moved.price_stop_limit) == (order.price, lower.price_stop_limit)
    assert cancel_order.sync(stop_limit.ticket, client=client).state is OrderState.CANCELED
    canceled = list_orders.sync(client=client, state=OrderState.CANCELED)
    assert [each.ticket for each in canceled.data] == [placed.ticket, stop_limit.ticket]


def _manage_keys(account: Account) -> None:
    client = account.client
    tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    wanted = CreateKeyRequest(scope=KeyScope.READ, label="dashboard", expires_at=tomorrow)
    issued = create_key.sync(client=client, body=wanted)
    assert issued.api_key.startswith("tk_live_") and issued.scope is KeyScope.READ
    assert issued.key_id in [each.key_id for each in list_keys.sync(client=client)]
    seen_by_admin = list_keys.sync(client=account.admin, login=account.login)
    assert [each.label for each in seen_by_admin] == ["First key", "dashboard"]
    overlapping = rotate_key.sync(issued.key_id, client=client, body=RotateKeyRequest(overlap_seconds=60))
    replaced = rotate_key.sync(overlapping.key_id, client=client)
    assert replaced.label == "dashboard" and replaced.expires_at == issued.expires_at
    assert revoke_key.sync(replaced.key_id, client=client).revoked_at is not None


def _manage_webhooks(account: Account) -> None:
    client = account.client
    # Nobody listens there, so each delivery fails.
    wanted = CreateWebhookRequest(
        url="https://localhost:1/events", events=[WebhookEventType.DEAL_CREATED], description="books"
    )
    issued = create_webhook.sync(client=client, body=wanted)
    assert issued.secret.startswith("whsec_") and issued.events == [WebhookEventType.DEAL_CREATED]
    webhook_id = issued.webhook_id
    (found,) = list_webhooks.sync(client=client)
    assert found == get_webhook.sync(webhook_id, client=client) and found.enabled
    told = test_webhook.sync(webhook_id, client=client)
    assert told.state is models.WebhookDeliveryState.FAILED and told.last_status is None
    assert told.last_error == "No connection to localhost"
    again = redeliver.sync(webhook_id, told.delivery_id, client=client)
    assert (again.delivery_id, again.attempts) == (told.delivery_id, 2)
    page = list_deliveries.sync(webhook_id, client=client)
    assert page.data == [again] and page.next_cursor is None
    overlapping = RotateSecretRequest(overlap_seconds=60)
    rotated = rotate_webhook_secret.sync(webhook_id, client=client, body=overlapping)
    assert rotated.secret != issued.secret and rotated.former_secret_until is not None
    changes = UpdateWebhookRequest(enabled=False, events=[WebhookEventType.POSITION_CLOSED])
    changed = update_webhook.sync(webhook_id, client=client, body=changes)
    assert (changed.enabled, changed.description) == (False, "books")
    assert changed.events == [WebhookEventType.POSITION_CLOSED] and changed.disabled_at is not None
    assert delete_webhook.sync(webhook_id, client=client).webhook_id == webhook_id
    assert list_webhooks.sync(client=client) == []
    with pytest.raises(errors.InvalidUrl):
        create_webhook.sync(
            client=client, body=CreateWebhookRequest(url="https://10.0.0.1/", events=wanted.events)
        )


def _manage_accounts(account: Account) -> None:
    admin, login = account.admin, account.login
    deposit = BalanceRequest(amount=500.5, comment="Top up", client_order_id="top-up")
    deal = change_balance.sync(login, client=admin, body=deposit)
    assert (deal.type_, deal.profit, deal.symbol) == (models.DealType.BALANCE, 500.5, None)
    found = get_account_by_login.sync(login, client=admin)
    assert found == get_account.sync(client=account.client)
    assert login in [each.login for each in list_accounts.sync(client=admin, limit=1000).data]
    assert reset_account.sync(login, client=admin).balance == 10000
    yen = CreateAccountRequest(currency=models.AccountCurrency.JPY, balance=1_000_000)
    created = create_account.sync(client=admin, body=yen)
    assert created.account.currency == "JPY" and created.account.currency_digits == 0


def _simulate(account: Account) -> None:
    admin = account.admin
    clock = get_clock.sync(client=admin)
    assert clock.mode is ClockMode.MANUAL
    assert update_clock.sync(client=admin, body=ClockUpdate(mode=ClockMode.MANUAL)) == clock
    minute = datetime.timedelta(minutes=1)
    advanced = advance_clock.sync(client=admin, body=AdvanceRequest(seconds=60))
    assert advanced.now == clock.now + minute
    in_paris = (advanced.now + minute).astimezone(datetime.timezone(datetime.timedelta(hours=1)))
    assert advance_clock.sync(client=admin, body=AdvanceRequest(to=in_paris)).now == in_paris

    quote = get_quote.sync("EURUSD", client=account.client)
    pushed = PushedQuote(symbol="EURUSD", bid=quote.bid, ask=quote.ask, time=in_paris + minute)
    taken = push_quotes.sync(client=admin, body=PushQuotesRequest(quotes=[pushed]))
    assert (taken.accepted, taken.time) == (1, pushed.time)

    break_ = Disconnect(from_=in_paris + 2 * minute, to=in_paris + 3 * minute)
    faults = set_faults.sync(client=admin, body=FaultsRequest(disconnects=[break_], seed=7))
    assert faults.seed == 7 and faults.disconnects == [break_]
    assert get_faults.sync(client=admin) == faults
    assert set_faults.sync(client=admin, body=FaultsRequest()).disconnects == []


async def test_asynchronously(live_server: LiveServer) -> None:
    account = open_account(live_server)
    async with account.client as client:
        orders = [
            TradeRequest(symbol="EURUSD", action=Side.BUY, volume=0.01, magic=each) for each in range(5)
        ]
        bought = await asyncio.gather(*(trade.asyncio(client=client, body=each) for each in orders))
        positions = await list_positions.asyncio(client=client)
        assert {each.ticket for each in positions} == {each.ticket for each in bought}
        assert (await get_position.asyncio(bought[0].ticket, client=client)).magic == 0
        closed = await close_all.asyncio(client=client)
        assert len(closed.closed) == 5
        with pytest.raises(errors.PositionClosed):
            await close_position.asyncio(bought[0].ticket, client=client)


# ---------------------------------------------------------------------- the errors


SPECIAL_SYMBOLS: Final = """
[symbol.GBPUSD]
freeze_level = 1000
[symbol.USDJPY]
volume_limit = 1
[symbol.AUDUSD]
trade_mode = "disabled"
[symbol.NZDUSD]
trade_mode = "long_only"
[symbol.USDCHF]
trade_mode = "short_only"
[symbol.USDCAD]
trade_mode = "close_only"
[symbol.XAUUSD]
sessions = ["sunday 00:00-01:00"]
"""
PRICES: Final = {
    "EURUSD": 1.0875,
    "GBPUSD": 1.27,
    "USDJPY": 150.0,
    "AUDUSD": 0.65,
    "NZDUSD": 0.6,
    "USDCHF": 0.88,
    "USDCAD": 1.36,
}


@pytest.fixture(scope="module")
def special_server(start_server: StartServer, tmp_path_factory: pytest.TempPathFactory) -> LiveServer:
    """A broker with a symbol for every refusal, and no quotes but the ones that are pushed."""
    instruments = tmp_path_factory.mktemp("instruments") / "instruments.toml"
    instruments.write_text(SPECIAL_SYMBOLS)
    server = start_server(feed="push", instruments=instruments)
    admin = Client(base_url=server.base_url, token=server.admin_key)
    quotes = [PushedQuote(symbol=each, bid=price, ask=price) for each, price in PRICES.items()]
    push_quotes.sync(client=admin, body=PushQuotesRequest(quotes=quotes))
    return server


@pytest.fixture
def special(special_server: LiveServer) -> Iterator[Account]:
    account = open_account(special_server)
    yield account
    set_faults.sync(client=account.admin, body=FaultsRequest())


def _order(account: Account, symbol: str, action: Side = Side.BUY, volume: float = 0.1) -> object:
    body = TradeRequest(symbol=symbol, action=action, volume=volume)
    return trade.sync(client=account.client, body=body)


def _reuse_an_id(account: Account) -> object:
    account.buy(0.1, client_order_id="once")
    return account.buy(0.2, client_order_id="once")


def _reject(account: Account) -> object:
    set_faults.sync(client=account.admin, body=FaultsRequest(reject_rate=1))
    return account.buy()


def _fail(account: Account) -> object:
    set_faults.sync(client=account.admin, body=FaultsRequest(error_rate=1))
    return get_account.sync(client=account.client)


def _disconnect(account: Account) -> object:
    set_faults.sync(client=account.admin, body=FaultsRequest(connected=False))
    return get_account.sync(client=account.client)


def _go_back_in_time(account: Account) -> object:
    earlier = get_clock.sync(client=account.admin).now - datetime.timedelta(seconds=1)
    return update_clock.sync(client=account.admin, body=ClockUpdate(now=earlier))


def _close_twice(account: Account) -> object:
    ticket = account.buy()
    close_position.sync(ticket, client=account.client)
    return close_position.sync(ticket, client=account.client)


def _close_too_much(account: Account) -> object:
    return close_position.sync(account.buy(0.1), client=account.client, volume=0.2)


def _buy_above(account: Account) -> object:
    return place_order.sync(client=account.client, body=account.limit_order(distance=-0.01))


def _expire_before_it_begins(account: Account) -> object:
    yesterday = get_account.sync(client=account.client).time - datetime.timedelta(days=1)
    return place_order.sync(client=account.client, body=account.limit_order(expiration=yesterday))


def _place_a_market_order(account: Account) -> object:
    order = OrderRequest(symbol="EURUSD", type_=OrderType.BUY, volume=0.1, price=1.0)
    return place_order.sync(client=account.client, body=order)


def _place_without_end(account: Account) -> object:
    order = account.limit_order()
    order.volume = 0.01
    while True:
        place_order.sync(client=account.client, body=order)


def _stop_above(account: Account) -> object:
    body = TradeRequest(symbol="EURUSD", action=Side.BUY, volume=0.1, sl=1.2)
    return trade.sync(client=account.client, body=body)


def _change_nothing(account: Account) -> object:
    return modify_position.sync(account.buy(), client=account.client, body=ModifyPositionRequest(sl=None))


def _change_what_is_frozen(account: Account) -> object:
    ticket = account.buy(symbol="GBPUSD")
    nearer = ModifyPositionRequest(sl=PRICES["GBPUSD"] - 0.001)
    modify_position.sync(ticket, client=account.client, body=nearer)
    further = ModifyPositionRequest(sl=PRICES["GBPUSD"] - 0.002)
    return modify_position.sync(ticket, client=account.client, body=further)


def _quote_away(account: Account) -> object:
    """While the order is on its way, the price rises."""
    set_faults.sync(client=account.admin, body=FaultsRequest(latency_ms=1000))
    body = TradeRequest(symbol="EURUSD", action=Side.BUY, volume=0.1, deviation=0)
    price = PRICES["EURUSD"]

    async def rise_until_answered() -> object:
        nonlocal price
        async with account.client as client, account.admin as admin:
            order = asyncio.create_task(trade.asyncio(client=client, body=body))
            while not order.done():
                price = round(price + 0.0001, 5)
                quote = PushedQuote(symbol="EURUSD", bid=price, ask=price)
                await push_quotes.asyncio(client=admin, body=PushQuotesRequest(quotes=[quote]))
                await advance_clock.asyncio(client=admin, body=AdvanceRequest(seconds=0.1))
            return await order

    try:
        return asyncio.run(rise_until_answered())
    finally:
        account.push("EURUSD", PRICES["EURUSD"], PRICES["EURUSD"])


def _use_the_wrong_method(account: Account) -> object:
    return account.client.send(Request("PUT", "/api/account"), dict)


def _with_token(account: Account, token: str | None) -> Client:
    return Client(base_url=account.client.base_url, token=token)


def _add_webhook(account: Account, url: str = "https://localhost/") -> object:
    body = CreateWebhookRequest(url=url, events=[WebhookEventType.NOTIFICATION_STOP_OUT])
    return create_webhook.sync(client=account.client, body=body)


PROVOCATIONS: Final[dict[str, Callable[[Account], object]]] = {
    "INVALID_REQUEST": lambda on: get_candles.sync("EURUSD", client=on.client, count=0),
    "UNAUTHORIZED": lambda on: get_account.sync(client=_with_token(on, None)),
    "INVALID_API_KEY": lambda on: get_account.sync(client=_with_token(on, "tk_live_nobodys")),
    "INSUFFICIENT_SCOPE": lambda on: get_account.sync(client=on.admin),
    "NOT_FOUND": lambda on: get_position.sync(999, client=on.client),
    "METHOD_NOT_ALLOWED": _use_the_wrong_method,
    "INTERNAL_ERROR": _fail,
    "NOT_CONNECTED": _disconnect,
    "CLIENT_ORDER_ID_REUSED": _reuse_an_id,
    "UNKNOWN_SYMBOL": lambda on: on.buy(symbol="EURUSX"),
    "UNKNOWN_ACCOUNT": lambda on: create_key.sync(
        client=on.admin, body=CreateKeyRequest(scope=KeyScope.READ, login=999_999)
    ),
    "INVALID_CURSOR": lambda on: get_account_history.sync(client=on.client, cursor="nonsense"),
    "INVALID_TIME": _go_back_in_time,
    "INVALID_URL": lambda on: _add_webhook(on, "https://10.0.0.1/"),
    "LIMIT_WEBHOOKS": lambda on: [_add_webhook(on) for _ in range(21)],
    "REQUOTE": _quote_away,
    "REJECTED": _reject,
    "INVALID_VOLUME": lambda on: on.buy(0.001),
    "INVALID_PRICE": _buy_above,
    "INVALID_STOPS": _stop_above,
    "TRADE_DISABLED": lambda on: on.buy(symbol="AUDUSD"),
    "MARKET_CLOSED": lambda on: on.buy(symbol="XAUUSD"),
    "INSUFFICIENT_MARGIN": lambda on: on.buy(100),
    "NO_QUOTES": lambda on: get_quote.sync("EURGBP", client=on.client),
    "INVALID_EXPIRATION": _expire_before_it_begins,
    "NO_CHANGES": _change_nothing,
    "FROZEN": _change_what_is_frozen,
    "LIMIT_ORDERS": _place_without_end,
    "LIMIT_VOLUME": lambda on: on.buy(2, "USDJPY"),
    "INVALID_ORDER": _place_a_market_order,
    "POSITION_CLOSED": _close_twice,
    "INVALID_CLOSE_VOLUME": _close_too_much,
    "LONG_ONLY": lambda on: _order(on, "NZDUSD", Side.SELL),
    "SHORT_ONLY": lambda on: _order(on, "USDCHF", Side.BUY),
    "CLOSE_ONLY": lambda on: _order(on, "USDCAD"),
}


def class_of(code: str) -> type[TradynError]:
    found = getattr(errors, "".join(word.capitalize() for word in code.split("_")))
    assert isinstance(found, type) and issubclass(found, TradynError)
    return found


@pytest.mark.parametrize(
    "code",
    PROVOCATIONS,
)
def test_each_code_is_raised_as_its_class(special: Account, code: str) -> None:
    with pytest.raises(TradynError) as raised:
        PROVOCATIONS[code](special)
    error = raised.value
    assert type(error) is class_of(code), error
    assert error.code == code
    assert error.request_id and error.request_id in str(error) and error.message in str(error)
    groups: dict[int, type[TradynError]] = {
        401: errors.Denied,
        403: errors.Denied,
        500: errors.Failed,
        503: errors.Failed,
    }
    if code != "INVALID_REQUEST":
        groups[400] = errors.Refused
    for group in (errors.Denied, errors.Refused, errors.Failed):
        assert isinstance(error, group) == (groups.get(error.status) is group)


def test_every_code_is_provoked() -> None:
    assert PROVOCATIONS.keys() | {"RATE_LIMITED"} == {each.value for each in models.ErrorCode}


def test_a_malformed_request_says_where(special: Account) -> None:
    with pytest.raises(errors.InvalidRequest) as raised:
        get_candles.sync("EURUSD", client=special.client, count=0)
    assert raised.value.retcode == 10013
    assert [each.at for each in raised.value.details] == ["query.count"]


def test_a_limited_rate_says_how_long_to_wait(start_server: StartServer) -> None:
    server = start_server(rate_limit=1)
    client = Client(base_url=server.base_url, token=server.api_key, retries=None)
    with pytest.raises(errors.RateLimited) as raised:
        while True:
            get_account.sync(client=client)
    assert raised.value.status == 429 and raised.value.retcode == 10024
    assert raised.value.retry_after is not None and raised.value.retry_after >= 1


def answering(response: httpx.Response) -> Client:
    transport = httpx.MockTransport(lambda request: response)
    return Client(base_url="http://broker.test/v1", retries=None, httpx_args={"transport": transport})


FAILURE: Final = {"success": False, "error": "Not now", "retcode": None, "request_id": "abc"}


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, html="<h1>Welcome</h1>"),
        httpx.Response(200, json=[1]),
        httpx.Response(200, json={"success": True, "data": {"status": "splendid", "version": "1"}}),
        httpx.Response(200, json={"success": True}),
        httpx.Response(400, json={"success": False}),
        httpx.Response(400, json=FAILURE | {"code": 7, "details": 1}),
        httpx.Response(204),
    ],
    ids=lambda response: f"{response.status_code} {response.text[:30]}",
)
def test_an_answer_of_another_shape_is_unexpected(response: httpx.Response) -> None:
    with pytest.raises(errors.UnexpectedAnswer, match=r"http://broker\.test/v1/health/live") as raised:
        get_liveness.sync(client=answering(response))
    assert raised.value.status == response.status_code
    assert raised.value.__cause__ is not None


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 524])
def test_a_gateway_that_fails_is_a_server_that_fails(status: int) -> None:
    answer = httpx.Response(status, html="<h1>Sorry</h1>", headers={"Retry-After": "7"})
    with pytest.raises(errors.Temporary, match=f"was answered {status} with '<h1>Sorry</h1>'") as raised:
        get_liveness.sync(client=answering(answer))
    error = raised.value
    assert type(error) is (errors.RateLimited if status == 429 else errors.Failed)
    assert (error.status, error.code, error.retry_after) == (status, "", 7)
    assert error.__cause__ is not None


def test_an_unknown_code_is_unexpected_but_said() -> None:
    client = answering(httpx.Response(418, json=FAILURE | {"code": "TEAPOT"}))
    with pytest.raises(errors.UnexpectedAnswer) as raised:
        get_liveness.sync(client=client)
    error = raised.value
    assert (error.code, error.status, error.message) == ("TEAPOT", 418, "Not now")
    assert str(error) == "Not now (TEAPOT, request abc)"
    newer = answering(httpx.Response(500, json=FAILURE | {"code": "MELTDOWN"}))
    with pytest.raises(errors.Failed, match=r"Not now \(MELTDOWN, request abc\)"):
        get_liveness.sync(client=newer)


def test_an_error_can_be_sent_to_another_process() -> None:
    error = errors.RateLimited("Slowly", code="RATE_LIMITED", status=429, retcode=10024, request_id="abc")
    error.retry_after = 2.0
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is errors.RateLimited
    assert (str(copy), copy.retry_after, copy.details) == (str(error), 2.0, ())


# ---------------------------------------------------------------------- what is sent


def sent(call: Callable[[Client], object]) -> httpx.Request:
    """The request that a call makes."""
    requests = []

    def note(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(500, json=FAILURE | {"code": "INTERNAL_ERROR"})

    client = Client(
        base_url="http://broker.test/v1",
        retries=None,
        new_client_order_id=None,
        httpx_args={"transport": httpx.MockTransport(note)},
    )
    with pytest.raises(errors.InternalError):
        call(client)
    (request,) = requests
    return request


def test_without_a_body_there_is_no_content_type() -> None:
    for call in (
        lambda client: close_all.sync(client=client),
        lambda client: rotate_key.sync("abc", client=client),
        lambda client: reset_account.sync(1, client=client),
    ):
        request = sent(call)
        assert request.content == b"" and "Content-Type" not in request.headers


def test_a_body_carries_what_was_given_and_defaults() -> None:
    body = CloseAllRequest(type_=Side.BUY)
    request = sent(lambda client: close_all.sync(client=client, body=body))
    assert request.headers["Content-Type"] == "application/json"
    assert json.loads(request.content) == {"type": "buy", "result": "all"}


def test_null_and_absent_differ_where_they_mean_different_things() -> None:
    assert ModifyOrderRequest(sl=None, expiration=None).to_dict() == {"sl": None, "expiration": None}
    assert ModifyOrderRequest(sl=1.0, tp=UNSET, price=None).to_dict() == {"sl": 1.0}
    assert not UNSET and repr(UNSET) == "UNSET"


def test_names_in_a_path_are_quoted() -> None:
    request = sent(lambda client: get_quote.sync("a/b c#d", client=client))
    assert request.url.raw_path == b"/v1/api/quotes/a%2Fb%20c%23d"


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC), "2026-03-02T09:30:00Z"),
        (datetime.datetime(2026, 3, 2, 9, 30, 0, 1, tzinfo=datetime.UTC), "2026-03-02T09:30:00.000001Z"),
        (
            datetime.datetime(
                2026,
                3,
                2,
                9,
                30,
                tzinfo=datetime.timezone(datetime.timedelta(hours=5, minutes=45, seconds=30)),
            ),
            "2026-03-02T03:44:30Z",
        ),
    ],
)
def test_times_go_out_as_the_contract_wants_them(moment: datetime.datetime, written: str) -> None:
    pattern = DOCUMENT.root["components"]["x-shorthand"]["moment"]["pattern"]
    assert format_time(moment) == written
    assert re.fullmatch(pattern, written)
    request = sent(lambda client: get_candles.sync("EURUSD", client=client, from_=moment))
    assert request.url.params["from"] == written
    assert AdvanceRequest(to=moment).to_dict() == {"to": written}


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        AdvanceRequest(to=datetime.datetime(2026, 3, 2)).to_dict()


def test_models_survive_json(account: Account) -> None:
    account.buy()
    page = list_orders.sync(client=account.client, state=OrderState.FILLED)
    assert models.OrderPage.from_dict(json.loads(json.dumps(page.to_dict()))) == page
    order = account.limit_order(expiration=page.data[0].time_setup)
    assert OrderRequest.from_dict(json.loads(json.dumps(order.to_dict()))) == order
    assert ModifyOrderRequest.from_dict({}) == ModifyOrderRequest()


# ---------------------------------------------------------------------- the client


def test_the_defaults_are_the_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    assert client.base_url == DOCUMENT.root["servers"][0]["url"]
    assert client.token is None
    assert client.get_httpx_client().timeout == httpx.Timeout(10)
    assert client.get_async_httpx_client().timeout == httpx.Timeout(10)
    assert tradyn_client.__version__ == DOCUMENT.root["info"]["version"]

    monkeypatch.setenv("TRADYN_BASE_URL", "http://broker.test/v1")
    monkeypatch.setenv("TRADYN_API_KEY", "tk_live_from_environment")
    assert (Client().base_url, Client().token) == ("http://broker.test/v1", "tk_live_from_environment")
    assert Client(token="tk_live_own").token == "tk_live_own"


def test_the_key_is_never_shown(live_server: LiveServer) -> None:
    client = Client(base_url=live_server.base_url, token=live_server.api_key)
    with client, client.with_headers({"X-Key": live_server.api_key}) as other:
        get_account.sync(client=client)
        for text in (repr(client), str(client), repr(other), repr(client.get_httpx_client().headers)):
            assert live_server.api_key not in text
    assert live_server.base_url in repr(client)


def test_context_managers_close_their_connections(live_server: LiveServer) -> None:
    client = Client(base_url=live_server.base_url, token=live_server.api_key)
    for _ in range(2):
        with client as entered:
            assert entered is client
            connection = client.get_httpx_client()
            get_account.sync(client=client)
            assert not connection.is_closed
        assert connection.is_closed

    async def enter() -> None:
        for _ in range(2):
            async with client as entered:
                assert entered is client
                connection = client.get_async_httpx_client()
                await get_account.asyncio(client=client)
                assert not connection.is_closed
            assert connection.is_closed

    asyncio.run(enter())


class Note:
    """Answers everything, and keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        return httpx.Response(200, json={"success": True, "data": {"status": "ok", "version": "1"}})

    @property
    def timeouts(self) -> list[float]:
        return [each.extensions["timeout"]["read"] for each in self.sent]

    def headers(self, name: str) -> list[str | None]:
        return [each.headers.get(name) for each in self.sent]


def test_a_copy_differs_in_what_was_asked_for_alone() -> None:
    note = Note()
    client = Client(
        base_url="http://broker.test/v1",
        token="tk_live_own",
        headers={"X-One": "1"},
        httpx_args={"transport": httpx.MockTransport(note)},
    )
    copy = client.with_headers({"X-Two": "2"}).with_timeout(3).with_headers({"X-Three": "3"})
    patient = copy.with_timeout(None).with_retries(None)
    for each in (copy, client, patient):
        get_liveness.sync(client=each)
    assert note.timeouts == [3, 10, None]
    assert note.headers("X-One") == ["1"] * 3
    assert note.headers("X-Two") == ["2", None, "2"]
    assert note.headers("X-Three") == ["3", None, "3"]
    assert note.headers("Authorization") == ["Bearer tk_live_own"] * 3
    assert (client.timeout, copy.timeout, patient.timeout) == (10, 3, None)
    assert (client.retries, patient.retries) == (copy.retries, None) and client.retries is not None
    assert copy.headers == {"X-One": "1", "X-Two": "2", "X-Three": "3"}
    assert type(patient) is Client and "timeout=3," in repr(copy)


def test_a_copy_has_the_connections_of_the_original(live_server: LiveServer) -> None:
    client = Client(base_url=live_server.base_url, token=live_server.api_key)
    with client:
        connections = client.get_httpx_client()
        for copy in (client.with_timeout(3), client.with_retries(None), client.with_headers({"X": "1"})):
            assert copy.get_httpx_client() is connections
            with copy:
                get_account.sync(client=copy)
            assert not connections.is_closed
    assert connections.is_closed


def test_a_copy_that_outlives_its_original_is_closed_too(live_server: LiveServer) -> None:
    with Client(base_url=live_server.base_url, token=live_server.api_key).with_timeout(3) as copy:
        connections = copy.get_httpx_client()
        get_account.sync(client=copy)
    assert connections.is_closed


async def test_asynchronously_a_copy_is_a_copy(live_server: LiveServer) -> None:
    async with AsyncClient(base_url=live_server.base_url, token=live_server.api_key) as client:
        connections = client.get_async_httpx_client()
        async with client.with_timeout(3) as copy:
            assert type(copy) is AsyncClient and copy.get_async_httpx_client() is connections
            await copy.get_account()
        assert not connections.is_closed
    assert connections.is_closed


def test_an_httpx_client_of_the_users_own() -> None:
    note = Note()
    own = httpx.Client(transport=httpx.MockTransport(note), base_url="http://broker.test", timeout=7)
    client = Client(token="tk_live_").set_httpx_client(own)
    copy = client.with_timeout(3)
    for each in (client, copy, copy.with_retries(None), client.with_headers({"X-One": "1"})):
        with each:
            assert each.get_httpx_client() is own
            assert get_readiness.sync(client=each).version == "1"
    assert note.timeouts == [7, 3, 3, 7]
    assert note.headers("X-One") == [None, None, None, "1"]
    assert note.headers("Authorization") == [None] * 4
    assert not own.is_closed


async def test_an_asynchronous_httpx_client_of_the_users_own() -> None:
    note = Note()
    own = httpx.AsyncClient(transport=httpx.MockTransport(note), base_url="http://broker.test", timeout=7)
    client = AsyncClient().set_async_httpx_client(own)
    for each in (client, client.with_timeout(3)):
        async with each:
            assert (await each.get_readiness()).version == "1"
    assert note.timeouts == [7, 3] and not own.is_closed


# ---------------------------------------------------------------------- the package


def snippets() -> list[str]:
    return re.findall(r"```python\n(.*?)```", (CLIENT / "README.md").read_text(), re.DOTALL)


@pytest.mark.parametrize("number", range(len(snippets())))
def test_the_examples_of_the_readme_run(start_server: StartServer, tmp_path: Path, number: int) -> None:
    server = start_server()
    example = tmp_path / "example.py"
    example.write_text(snippets()[number].replace("tk_live_a1b2c3d4e5f6", server.api_key))
    environment = {**os.environ, "PYTHONPATH": str(CLIENT), "TRADYN_BASE_URL": server.base_url}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(example)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
    if "closed = " in example.read_text():
        assert "Filled ticket 2 at 1.08" in done.stdout and "take profit None" in done.stdout
        assert "(POSITION_CLOSED, retcode 10036" in done.stdout


def test_the_readme_names_every_operation() -> None:
    readme = (CLIENT / "README.md").read_text()
    for module in operation_modules():
        _, _, tag, name = module.__name__.split(".")
        assert re.search(rf"^\| `{name}`.* \| .* \| `{tag}` \|$", readme, re.MULTILINE), name
    for name, each in vars(Client).items():
        assert not inspect.isfunction(each) or f"`{name}`" in readme, name


def test_the_wheel_carries_types(tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(CLIENT, source, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(source)], check=True)
    (wheel,) = tmp_path.glob("tradyn_client-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = archive.namelist()
        (name,) = [each for each in packed if each.endswith("/METADATA")]
        metadata = archive.read(name).decode()
    assert "tradyn_client/py.typed" in packed
    modules = {str(each.relative_to(CLIENT)) for each in CLIENT.rglob("tradyn_client/**/*.py")}
    assert {each for each in packed if each.endswith(".py")} == modules
    assert "Name: tradyn-client" in metadata and "Requires-Python: >=3.11" in metadata


PROGRAM: Final = """
from typing import assert_type
from tradyn_client import Client, TradynError, api, errors, models
from tradyn_client.api.account import get_account_history
from tradyn_client.api.positions import get_position, list_positions
from tradyn_client.api.trading import close_all

with Client(token="tk_live_") as client:
    assert_type(client, Client)
    assert_type(get_position.sync(1, client=client), models.Position)
    assert_type(list_positions.sync(client=client), list[models.Position])
    assert_type(get_account_history.sync(client=client), models.DealPage)
    assert_type(get_position.sync(1, client=client).sl, float | None)
    assert_type(close_all.sync(client=client).failed[0].code, models.ErrorCode)
    assert_type(api.orders.get_order.sync(1, client=client).type_, models.OrderType)
try:
    pass
except errors.RateLimited as error:
    assert_type(error.retry_after, float | None)
except TradynError as error:
    assert_type(error.code, str)

async def main(client: Client) -> None:
    async with client:
        assert_type(await list_positions.asyncio(client=client), list[models.Position])
"""
WRONG: Final = """
from tradyn_client import Client, models
from tradyn_client.api.positions import get_position
from tradyn_client.api.trading import trade

get_position.sync("1", client=Client())
models.TradeRequest(symbol="EURUSD", action="long", volume=0.1)
trade.sync(client=Client(), body={})
"""


def check_types(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file=",
        "--cache-dir",
        str(folder / "cache"),
    ]
    environment = {**os.environ, "MYPYPATH": str(CLIENT)}
    return subprocess.run(
        [*command, *map(str, arguments)],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_types_hold_under_mypy_strict(tmp_path: Path) -> None:
    program, wrong = tmp_path / "program.py", tmp_path / "wrong.py"
    program.write_text(PROGRAM)
    wrong.write_text(WRONG)
    examples = []
    for number, snippet in enumerate(snippets()):
        examples.append(tmp_path / f"example_{number}.py")
        examples[-1].write_text(snippet)
    done = check_types("--package", "tradyn_client", folder=tmp_path)
    assert done.returncode == 0, done.stdout
    done = check_types(program, *examples, folder=tmp_path)
    assert done.returncode == 0, done.stdout
    done = check_types(wrong, folder=tmp_path)
    assert done.stdout.count(" error: ") == 3, done.stdout


def test_everything_is_reachable_from_the_package() -> None:
    for package in (tradyn_client, errors, models):
        assert all(hasattr(package, name) for name in package.__all__)
    assert tradyn_client.api.positions.get_position is get_position
