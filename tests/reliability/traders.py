"""The clients of the crash loop: they trade until the server is gone, and go on when it is back.

What a trader wanted when the server went away it asks again under the same `client_order_id` when it is back,
as a careful bot does. Everything asked and answered goes into the account's book; nothing is judged here.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import httpx

from reliability.book import LEVELS, AccountBook, Json, Reply, Request

__all__ = ["Connection", "Gone", "IssuedKey", "Market", "Owner", "Trader", "send"]

SYMBOLS: Final = ("EURUSD", "GBPUSD", "USDJPY")
_MOST_OPEN: Final = 6


class Gone(Exception):
    """No outcome came: the server is gone, or cannot say."""


@dataclass
class Connection:
    """The way to the server of this cycle."""

    client: httpx.AsyncClient
    requests: int = 0
    latest_time: str = ""
    quotes: dict[str, Json] = field(default_factory=dict)


async def send(connection: Connection, request: Request, key: str) -> Reply:
    """Send a request once.

    Raises:
        Gone: without an outcome.
    """
    headers = {"Authorization": f"Bearer {key}"}
    content = None
    if request.body is not None:
        content = json.dumps(request.body, default=float)
        headers["Content-Type"] = "application/json"
    parameters = {name: str(value) for name, value in request.parameters.items()}
    connection.requests += 1
    try:
        answer = await connection.client.request(
            request.method, request.path, params=parameters, content=content, headers=headers
        )
    except httpx.TransportError as error:
        raise Gone from error
    if answer.status_code in (429, 500, 502, 503):
        raise Gone
    return Reply.read(answer.status_code, answer.content)


class Trader:
    """One bot on an account that it shares with others; its tickets are its own.

    Args:
        name: unique in the account; its requests are named after it.
        admin_key: changes the balance.
    """

    def __init__(self, name: str, book: AccountBook, key: str, admin_key: str, seed: str) -> None:
        self._name, self._book, self._key, self._admin_key = name, book, key, admin_key
        self._dice = random.Random(seed)
        self._count = 0
        self._connection: Connection
        # What was asked and not answered, with what its answer leads to.
        self._unanswered: Callable[[], Awaitable[None]] | None = None
        self._positions: dict[int, Json] = {}
        self._orders: dict[int, Json] = {}
        self._past: list[str] = []
        self._ways: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (30, self._trade),
            (15, self._place),
            (22, self._close),
            (8, self._modify_position),
            (7, self._modify_order),
            (6, self._cancel),
            (4, self._close_by),
            (1, self._close_all),
            (2, self._change_balance),
            (9, self._repeat),
            (4, self._ask_twice_at_once),
            (3, self._misuse),
            (2, self._look),
        ]

    async def run(self, connection: Connection) -> None:
        """Trade until the server is gone."""
        self._connection = connection
        try:
            # One in ten never asks again: then the doubt must stay without harm.
            if self._unanswered is not None and self._dice.random() < 0.9:
                await self._unanswered()
            self._unanswered = None
            weights = [weight for weight, _ in self._ways]
            while True:
                _, act = self._dice.choices(self._ways, weights)[0]
                await act()
        except Gone:
            return

    # ------------------------------------------------------------------ named requests

    async def _do(self, request: Request) -> Reply:
        """Have it done under its name, now or after the next restart."""

        async def again() -> None:
            self._book.ask(request)
            reply = await self._send(request)
            if reply.is_outcome:
                self._book.answer(request, reply)
                self._learn(request, reply)

        self._unanswered = again
        self._book.ask(request)
        reply = await self._send(request)
        self._unanswered = None
        if reply.is_outcome:
            self._book.answer(request, reply)
            self._learn(request, reply)
        else:
            # Nothing was used up; what was never there can be forgotten.
            self._drop(request)
        return reply

    async def _send(self, request: Request) -> Reply:
        key = self._admin_key if request.operation == "changeBalance" else self._key
        return await send(self._connection, request, key)

    def _learn(self, request: Request, reply: Reply) -> None:
        assert request.client_order_id is not None
        self._past.append(request.client_order_id)
        match request.operation:
            case "trade" if reply.is_success:
                self._positions[reply.data["ticket"]] = dict(request.body or {})
            case "placeOrder" if reply.is_success:
                self._orders[reply.data["ticket"]] = dict(request.body or {})
            case "closePosition":
                ticket = int(request.path.rpartition("/")[2])
                if not reply.is_success or not reply.data["volume_remaining"]:
                    self._positions.pop(ticket, None)
            case "closeBy":
                for ticket in (int(request.path.split("/")[-2]), request.given("opposite")):
                    self._positions.pop(ticket, None)

    def _drop(self, request: Request) -> None:
        if request.operation == "closePosition":
            self._positions.pop(int(request.path.rpartition("/")[2]), None)

    def _new_name(self) -> str:
        self._count += 1
        return f"{self._name}-{self._count}"

    async def _trade(self) -> None:
        if len(self._positions) >= _MOST_OPEN:
            await self._close()
            return
        await self._do(self._a_trade())

    def _a_trade(self) -> Request:
        symbol = self._dice.choice(SYMBOLS)
        side = self._dice.choice(("buy", "sell"))
        body: Json = {"symbol": symbol, "action": side, "volume": self._volume()}
        if self._dice.random() < 0.5:
            sign = 1 if side == "buy" else -1
            body["sl"] = self._price(symbol, -sign * self._dice.randint(30, 400))
            body["tp"] = self._price(symbol, sign * self._dice.randint(30, 400))
        if self._dice.random() < 0.3:
            body["deviation"] = 50
        body["client_order_id"] = self._new_name()
        return Request("trade", "POST", "/api/trade", body=body)

    async def _place(self) -> None:
        if len(self._orders) >= _MOST_OPEN:
            await self._cancel()
            return
        symbol = self._dice.choice(SYMBOLS)
        kind = self._dice.randint(2, 5)
        sign = -1 if kind in (2, 5) else 1
        price = self._price(symbol, sign * self._dice.choice((20, 60, 200, 3000)))
        body: Json = {"symbol": symbol, "type": kind, "volume": self._volume(), "price": price}
        if self._dice.random() < 0.4:
            up = 1 if kind % 2 == 0 else -1
            body["sl"] = price - up * 300 * self._point(symbol)
            body["tp"] = price + up * 300 * self._point(symbol)
        if self._dice.random() < 0.3:
            body["comment"] = self._dice.choice(("breakout", "dip", "grid 7"))
        body["client_order_id"] = self._new_name()
        await self._do(Request("placeOrder", "POST", "/api/orders", body=body))

    async def _close(self) -> None:
        if not self._positions:
            await self._trade()
            return
        ticket = self._dice.choice(list(self._positions))
        parameters: Json = {"client_order_id": self._new_name()}
        if self._dice.random() < 0.4:
            parameters["volume"] = Decimal("0.01")
        await self._do(Request("closePosition", "DELETE", f"/api/positions/{ticket}", parameters))

    async def _close_by(self) -> None:
        for ticket, one in self._positions.items():
            for opposite, other in self._positions.items():
                if (
                    one.get("symbol") == other.get("symbol")
                    and one.get("action") == "buy"
                    and other.get("action") == "sell"
                ):
                    body = {"opposite": opposite, "client_order_id": self._new_name()}
                    path = f"/api/positions/{ticket}/close-by"
                    await self._do(Request("closeBy", "POST", path, body=body))
                    return
        await self._trade()

    async def _close_all(self) -> None:
        body = {
            "symbol": self._dice.choice(SYMBOLS),
            "result": self._dice.choice(("winning", "losing")),
            "client_order_id": self._new_name(),
        }
        await self._do(Request("closeAll", "POST", "/api/trade/close-all", body=body))

    async def _change_balance(self) -> None:
        body = {
            "amount": self._dice.choice((Decimal("100.25"), Decimal("-17.5"), Decimal("0.01"))),
            "comment": self._name,
            "client_order_id": self._new_name(),
        }
        path = f"/api/accounts/{self._book.login}/balance"
        await self._do(Request("changeBalance", "POST", path, body=body))

    # ------------------------------------------------------------------ what takes no name

    async def _modify_position(self) -> None:
        if not self._positions:
            return
        ticket = self._dice.choice(list(self._positions))
        known = self._positions[ticket]
        symbol, up = known["symbol"], 1 if self._is_long(known) else -1
        match self._dice.randrange(4):
            case 0:
                changes: Json = {"sl": None}
            case 1:
                changes = {"tp": self._price(symbol, up * self._dice.randint(100, 900))}
            case 2:
                changes = {"sl": self._price(symbol, -up * self._dice.randint(100, 900))}
            case _:
                changes = {"trailing_stop": self._dice.choice((None, 150, 300))}
        await self._modify(
            ticket, known, Request("modifyPosition", "PATCH", f"/api/positions/{ticket}", body=changes)
        )

    async def _modify_order(self) -> None:
        if not self._orders:
            return
        ticket = self._dice.choice(list(self._orders))
        known = self._orders[ticket]
        sign = -1 if known["type"] in (2, 5) else 1
        changes: Json = {"price": self._price(known["symbol"], sign * self._dice.randint(500, 4000))}
        if self._dice.random() < 0.3:
            changes |= {"sl": None, "tp": None}
        await self._modify(
            ticket, known, Request("modifyOrder", "PATCH", f"/api/orders/{ticket}", body=changes)
        )

    async def _modify(self, ticket: int, known: Json, request: Request) -> None:
        name, changes = known["client_order_id"], request.body or {}

        async def attempt(is_first: bool = False) -> None:
            before = self._book.levels(ticket, name)
            self._book.intend(ticket, name, changes)
            self._book.note(ticket, f"{request.method} {request.path} {dict(changes)}")
            reply = await self._send(request)
            self._book.note(ticket, reply.code or "done")
            if reply.is_success:
                told = {each: reply.data[each] for each in LEVELS if each in reply.data}
                self._book.settle(ticket, name, told)
            elif reply.code == "NO_CHANGES":
                self._book.settle(ticket, name, changes)
            elif is_first:
                # What is refused the first time was not done.
                self._book.retract(ticket, before)
            if reply.code in ("POSITION_CLOSED", "INVALID_ORDER", "NOT_FOUND"):
                self._ended(ticket, known)

        self._unanswered = attempt
        await attempt(is_first=True)
        self._unanswered = None

    def _ended(self, ticket: int, known: Json) -> None:
        self._positions.pop(ticket, None)
        # A pending order that is no more may have become a position.
        if self._orders.pop(ticket, None) is not None:
            self._positions[ticket] = known

    async def _cancel(self) -> None:
        if not self._orders:
            return
        ticket = self._dice.choice(list(self._orders))
        known = self._orders[ticket]
        request = Request("cancelOrder", "DELETE", f"/api/orders/{ticket}")

        async def attempt() -> None:
            reply = await self._send(request)
            if reply.is_success:
                self._orders.pop(ticket, None)
                self._book.cancellations.append(reply.data)
            elif reply.is_outcome:
                self._ended(ticket, known)

        self._unanswered = attempt
        await attempt()
        self._unanswered = None

    # ------------------------------------------------------------------ the same again

    async def _repeat(self) -> None:
        """A request of any time, of any cycle, once more."""
        if self._past:
            await self._do(self._book.entries[self._dice.choice(self._past)].request)

    async def _ask_twice_at_once(self) -> None:
        request = self._a_trade()
        self._book.ask(request)
        self._unanswered = lambda: self._settle(request)
        replies = await asyncio.gather(self._send(request), self._send(request), return_exceptions=True)
        outcomes = [each for each in replies if isinstance(each, Reply) and each.is_outcome]
        for outcome in outcomes:
            self._book.answer(request, outcome)
        if outcomes:
            self._learn(request, outcomes[0])
            self._unanswered = None
        for each in replies:
            if isinstance(each, BaseException):
                raise each

    async def _settle(self, request: Request) -> None:
        await self._do(request)

    async def _misuse(self) -> None:
        """Another request under a name that was used."""
        if not self._past:
            return
        name = self._dice.choice(self._past)
        used = self._book.entries[name].request
        body: Mapping[str, Any]
        if used.operation in ("trade", "placeOrder") and self._dice.random() < 0.7:
            body = {**(used.body or {}), "volume": used.given("volume") + Decimal("0.01")}
            request = Request(used.operation, "POST", used.path, body=body)
        elif used.operation == "changeBalance":
            body = {**(used.body or {}), "amount": used.given("amount") + 1}
            request = Request(used.operation, "POST", used.path, body=body)
        elif used.operation == "closePosition":
            request = Request(used.operation, "DELETE", used.path, {**used.parameters, "deviation": 7})
        else:
            body = {"amount": Decimal(1), "client_order_id": name}
            path = f"/api/accounts/{self._book.login}/balance"
            request = Request("changeBalance", "POST", path, body=body)
        self._book.misuses.append((name, await self._send(request)))

    async def _look(self) -> None:
        """Read the newest deals: what is shown once must stay."""
        reply = await self._send(
            Request("getAccountHistory", "GET", "/api/account/history", {"order": "desc", "limit": 10})
        )
        self._book.shown += reply.data

    # ------------------------------------------------------------------ prices

    def _volume(self) -> Decimal:
        return Decimal(self._dice.randint(1, 5)) / 100

    @staticmethod
    def _is_long(known: Json) -> bool:
        return bool(known["action"] == "buy" if "action" in known else known["type"] % 2 == 0)

    def _price(self, symbol: str, points: int) -> Decimal:
        return Decimal(self._connection.quotes[symbol]["bid"]) + points * self._point(symbol)

    @staticmethod
    def _point(symbol: str) -> Decimal:
        return Decimal("0.001") if symbol.endswith("JPY") else Decimal("0.00001")


class Market:
    """Moves the market on by its clock, so that stops and pending orders fire under load."""

    def __init__(self, admin_key: str, key: str, seed: str) -> None:
        self._admin_key, self._key = admin_key, key
        self._dice = random.Random(seed)

    async def run(self, connection: Connection) -> None:
        """Until the server is gone; every acknowledged time goes into `connection.latest_time`."""
        try:
            while True:
                await self.quote(connection)
                for _ in range(5):
                    body = {"seconds": self._dice.randint(1, 30)}
                    path = "/api/simulation/clock/advance"
                    request = Request("advanceClock", "POST", path, body=body)
                    reply = await send(connection, request, self._admin_key)
                    connection.latest_time = reply.data["now"]
                    await asyncio.sleep(0.02)
        except Gone:
            return

    async def quote(self, connection: Connection) -> None:
        """Tell the traders the present quotes."""
        for symbol in SYMBOLS:
            request = Request("getQuote", "GET", f"/api/quotes/{symbol}")
            connection.quotes[symbol] = (await send(connection, request, self._key)).data


@dataclass
class IssuedKey:
    """An API key as it was acknowledged; doubtful while nobody said whether it is revoked."""

    secret: str
    login: int
    label: str
    revoked_at: str | None = None
    is_doubtful: bool = False


class Owner:
    """Makes API keys, webhooks and accounts, revokes and deletes some; remembers what was acknowledged."""

    def __init__(self, admin_key: str, books: Mapping[str, AccountBook], seed: str) -> None:
        """Args: books: by the account's full key."""
        self._admin_key, self._books = admin_key, books
        self._dice = random.Random(seed)
        self._count = 0
        self.keys: dict[str, IssuedKey] = {}
        self.webhooks: dict[str, Json] = {}
        self.deleted_webhooks: set[str] = set()
        self.accounts: dict[int, Json] = {}
        # Labels of what was asked for and not answered.
        self.doubtful: set[str] = set()

    async def run(self, connection: Connection) -> None:
        """Until the server is gone."""
        ways = (
            self._create_key,
            self._revoke_key,
            self._create_webhook,
            self._change_webhook,
            self._open_account,
        )
        try:
            while True:
                await self._dice.choices(ways, (6, 4, 3, 4, 1))[0](connection)
                await asyncio.sleep(self._dice.uniform(0.02, 0.15))
        except Gone:
            return

    def _label(self) -> str:
        self._count += 1
        label = f"label {self._count}"
        self.doubtful.add(label)
        return label

    async def _create_key(self, connection: Connection) -> None:
        label = self._label()
        login = self._dice.choice([each.login for each in self._books.values()])
        scope = self._dice.choice(("read", "trade", "full"))
        body = {"scope": scope, "label": label, "login": login}
        reply = await send(connection, Request("createKey", "POST", "/api/keys", body=body), self._admin_key)
        self.doubtful.discard(label)
        self.keys[reply.data["key_id"]] = IssuedKey(reply.data["api_key"], login, label)

    async def _revoke_key(self, connection: Connection) -> None:
        valid = [name for name, key in self.keys.items() if key.revoked_at is None]
        if not valid:
            return
        key_id = self._dice.choice(valid[-20:])
        self.keys[key_id].is_doubtful = True
        request = Request("revokeKey", "DELETE", f"/api/keys/{key_id}")
        reply = await send(connection, request, self._admin_key)
        self.keys[key_id].revoked_at = reply.data["revoked_at"]
        self.keys[key_id].is_doubtful = False

    async def _create_webhook(self, connection: Connection) -> None:
        key, book = self._dice.choice(list(self._books.items()))
        if sum(each["login"] == book.login for each in self.webhooks.values()) >= 12:
            return
        label = self._label()
        # Swap is rarely charged, so that hardly anything is sent to where nobody listens.
        body = {"url": "http://127.0.0.1:9/", "events": ["position.swap"], "description": label}
        reply = await send(connection, Request("createWebhook", "POST", "/api/webhooks", body=body), key)
        if reply.is_success:
            reply.data.pop("secret")
            self.webhooks[reply.data["webhook_id"]] = reply.data
        self.doubtful.discard(label)

    async def _change_webhook(self, connection: Connection) -> None:
        if not self.webhooks:
            return
        webhook_id = self._dice.choice(list(self.webhooks))
        known = self.webhooks[webhook_id]
        key = next(key for key, book in self._books.items() if book.login == known["login"])
        path = f"/api/webhooks/{webhook_id}"
        known["is_doubtful"] = True
        if self._dice.random() < 0.5:
            await send(connection, Request("deleteWebhook", "DELETE", path), key)
            del self.webhooks[webhook_id]
            self.deleted_webhooks.add(webhook_id)
            return
        self._count += 1
        body = {"description": f"changed {self._count}", "enabled": self._dice.random() < 0.5}
        reply = await send(connection, Request("updateWebhook", "PATCH", path, body=body), key)
        self.webhooks[webhook_id] = reply.data

    async def _open_account(self, connection: Connection) -> None:
        label = self._label()
        request = Request("createAccount", "POST", "/api/accounts", body={"name": label, "balance": 1234})
        reply = await send(connection, request, self._admin_key)
        self.doubtful.discard(label)
        self.accounts[reply.data["login"]] = reply.data["account"]
