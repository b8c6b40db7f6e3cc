"""A server that does what was asked and hangs up: who asks again under the same name gets it once.

Two clients of the same account: a plain loop over httpx, and the Python client with its own retries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest
from tenacity import Retrying
from tradyn_client import Client, Retries

from reliability.book import AccountBook, Json, Reply, Request
from reliability.history_check import AccountHistory
from reliability.history_reader import HistoryReader

if TYPE_CHECKING:
    from journeys.conftest import LiveServer, StartServer

SEED: Final = 5
LOSE: Final = {"lost_reply_rate": 0.4, "seed": SEED}
PATIENT: Final = Retries(attempts=100, timeout=1e9)
POINT: Final = Decimal("0.00001")


@dataclass
class Account:
    """An account of its own on a server that loses replies."""

    server: LiveServer
    login: int
    key: str
    bid: Decimal

    @property
    def admin(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.server.admin_key}"}
        return httpx.Client(base_url=self.server.base_url, headers=headers)

    def set_faults(self, faults: Json) -> None:
        with self.admin as admin:
            admin.put("/api/simulation/faults", json=faults).raise_for_status()

    async def compare(self, book: AccountBook) -> AccountHistory:
        """The server's history against what was answered in the end."""
        history = AccountHistory(book)
        async with httpx.AsyncClient(base_url=self.server.base_url) as client:
            assert history.check(await HistoryReader(self.key).observe(client)) == []
        return history


@pytest.fixture
def account(start_server: StartServer) -> Iterator[Account]:
    server = start_server(seed=SEED)
    headers = {"Authorization": f"Bearer {server.admin_key}"}
    with httpx.Client(base_url=server.base_url, headers=headers) as admin:
        made = admin.post("/api/accounts", json={"balance": 100_000}).json()["data"]
    headers = {"Authorization": f"Bearer {made['api_key']}"}
    with httpx.Client(base_url=server.base_url, headers=headers) as client:
        bid = Decimal(str(client.get("/api/quotes/EURUSD").json()["data"]["bid"]))
    it = Account(server, made["login"], made["api_key"], bid)
    it.set_faults(LOSE)
    yield it
    it.set_faults({})


@dataclass
class Bot:
    """Asks over httpx until there is an answer, always under the same name."""

    account: Account
    client: httpx.Client
    book: AccountBook
    lost: int = 0
    wanted: list[str] = field(default_factory=list)

    def ask(self, request: Request) -> Any:
        name = request.client_order_id
        assert name is not None
        self.wanted.append(name)
        self.book.ask(request)
        body = None if request.body is None else {k: _plain(v) for k, v in request.body.items()}
        parameters = {k: _plain(v) for k, v in request.parameters.items()}
        while True:
            try:
                answer = self.client.request(request.method, request.path, json=body, params=parameters)
            except httpx.TransportError:
                self.lost += 1
                continue
            reply = Reply.read(answer.status_code, answer.content)
            self.book.answer(request, reply)
            assert reply.is_success, reply
            return reply.data

    def trade(self, action: str, volume: str) -> int:
        body = {"symbol": "EURUSD", "action": action, "volume": Decimal(volume)}
        return int(self.ask(Request("trade", "POST", "/api/trade", body=self._named(body)))["ticket"])

    def place(self, points: int) -> int:
        price = self.account.bid - points * POINT
        body = {"symbol": "EURUSD", "type": 2, "volume": Decimal("0.01"), "price": price}
        return int(self.ask(Request("placeOrder", "POST", "/api/orders", body=self._named(body)))["ticket"])

    def close(self, ticket: int, volume: str | None = None) -> None:
        parameters = self._named({} if volume is None else {"volume": Decimal(volume)})
        self.ask(Request("closePosition", "DELETE", f"/api/positions/{ticket}", parameters))

    def close_by(self, ticket: int, opposite: int) -> None:
        path = f"/api/positions/{ticket}/close-by"
        self.ask(Request("closeBy", "POST", path, body=self._named({"opposite": opposite})))

    def close_all(self) -> None:
        self.ask(Request("closeAll", "POST", "/api/trade/close-all", body=self._named({"type": "sell"})))

    def _named(self, given: Json) -> Json:
        return {**given, "client_order_id": f"want-{len(self.wanted)}"}


def _plain(value: object) -> Any:
    return float(value) if isinstance(value, Decimal) else value


async def test_a_plain_loop_gets_what_it_wanted(account: Account) -> None:
    book = AccountBook(account.login)
    headers = {"Authorization": f"Bearer {account.key}"}
    with httpx.Client(base_url=account.server.base_url, headers=headers) as client:
        bot = Bot(account, client, book)
        longs = [bot.trade("buy", "0.03") for _ in range(25)]
        shorts = [bot.trade("sell", "0.02") for _ in range(10)]
        orders = [bot.place(500 + number) for number in range(10)]
        for ticket in longs[:10]:
            bot.close(ticket, "0.01")
        for ticket in longs[10:20]:
            bot.close(ticket)
        bot.close_by(longs[0], shorts[0])
        bot.close_by(longs[1], shorts[1])
        bot.close_all()
        answers = len(bot.wanted)
        # Long after: the first outcome, also where its reply was lost.
        for name in list(bot.wanted):
            bot.ask(book.entries[name].request)
    account.set_faults({})
    assert bot.lost > 20
    assert len(book.answered) == answers and len(book.repeats) == answers

    history = await account.compare(book)
    deals = history.deals.values()
    # By hand: 35 opened; 10 parts and 10 wholes closed, 2 pairs, and the 8 shorts that were left.
    assert [each.entry for each in deals].count("in") == 35
    assert [each.entry for each in deals].count("out") == 28
    assert [each.entry for each in deals].count("out_by") == 4
    with httpx.Client(base_url=account.server.base_url, headers=headers) as client:
        positions = client.get("/api/positions").json()["data"]
        placed = client.get("/api/orders").json()["data"]
        balance = Decimal(str(client.get("/api/account").json()["data"]["balance"]))
    # Of 0.03 lots a third was closed; two of those were then closed by a short of the same volume.
    expected = {ticket: 0.02 for ticket in longs[2:10]} | {ticket: 0.03 for ticket in longs[20:]}
    assert {each["ticket"]: each["volume"] for each in positions} == expected
    assert [each["ticket"] for each in placed] == orders
    # The market stands still, so every lot that was closed cost the spread, once.
    with httpx.Client(base_url=account.server.base_url, headers=headers) as client:
        spread = client.get("/api/quotes/EURUSD").json()["data"]["spread"]
    lots = 10 * Decimal("0.01") + 10 * Decimal("0.03") + 10 * Decimal("0.02")
    assert balance == 100_000 - lots * spread * POINT * 100_000


async def test_the_python_client_gets_what_it_wanted(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("tradyn_client.attempts.Retrying", partial(Retrying, sleep=waits.append))
    with (
        Client(base_url=account.server.base_url, token=account.key, retries=PATIENT) as client,
        Client(base_url=account.server.base_url, token=account.server.admin_key) as admin,
    ):
        longs = [
            client.trade(symbol="EURUSD", action="buy", volume=Decimal("0.02")).ticket for _ in range(30)
        ]
        shorts = [
            client.trade(symbol="EURUSD", action="sell", volume=Decimal("0.02")).ticket for _ in range(5)
        ]
        orders = [
            client.place_order(
                symbol="EURUSD", type_="buy_limit", volume=Decimal("0.01"), price=account.bid - far * POINT
            )
            for far in range(500, 510)
        ]
        for ticket in longs[:10]:
            client.close_position(ticket, volume=Decimal("0.01"))
        client.close_by(longs[10], opposite=shorts[0])
        closed = client.close_all(type_="sell").closed
        admin.change_balance(account.login, amount=Decimal("7.25"))
        assert len(waits) > 20

        account.set_faults({})
        assert [each.ticket for each in closed] == shorts[1:]
        positions = {each.ticket: each.volume for each in client.list_positions()}
        assert positions == {each: 0.01 for each in longs[:10]} | {each: 0.02 for each in longs[11:]}
        assert [each.ticket for each in client.list_orders().data] == [each.ticket for each in orders]
        deals = client.get_account_history(limit=1000).data
        spread = client.get_quote("EURUSD").spread
        balance = Decimal(str(client.get_account().balance))
    assert len(deals) == 1 + 35 + 10 + 2 + 4 + 1
    assert len({each.ticket for each in deals}) == len(deals)
    assert balance == sum(Decimal(str(each.profit)) + Decimal(str(each.commission)) for each in deals)
    lots = 10 * Decimal("0.01") + 5 * Decimal("0.02")
    assert balance == 100_000 + Decimal("7.25") - lots * spread * POINT * 100_000
    # Every deal in the market has a name, and only a bulk or a pair shares one.
    names = [
        each.client_order_id for each in deals if each.entry is not None and each.entry.value != "out_by"
    ]
    assert None not in names and len(set(names)) == len(names) - len(closed) + 1
