"""The checker can fail: each doctored history is named for what is wrong with it, and the true one passes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import pytest
import yaml

from reliability.book import NAMED_OPERATIONS, AccountBook, Json, Reply, Request, read_json
from reliability.history_check import AccountHistory, Observation, Rule
from reliability.owner_check import check_accounts, check_keys, check_webhooks
from reliability.stream_check import check_messages
from reliability.traders import IssuedKey, Owner
from tradyn.app import contract_path

LOGIN: Final = 10_002
NOON: Final = "2026-03-02T12:00:00.000Z"
LATER: Final = "2026-03-02T12:00:05.000Z"


def exact(value: Any) -> Any:
    """As it would come over the wire."""
    return read_json(json.dumps(value))


def deal(ticket: int, **more: Any) -> Json:
    usual = {
        "order": ticket - 1,
        "position": None,
        "symbol": "EURUSD",
        "type": "buy",
        "entry": "in",
        "volume": 0.02,
        "price": 1.1,
        "profit": 0,
        "swap": 0,
        "commission": 0,
        "reason": "client",
        "time": NOON,
        "magic": 0,
        "comment": "",
        "client_order_id": None,
    }
    return {"ticket": ticket, **usual, **more}


def order(ticket: int, **more: Any) -> Json:
    usual = {
        "symbol": "EURUSD",
        "type": 0,
        "state": "filled",
        "volume": 0.02,
        "price": 1.1,
        "price_stop_limit": None,
        "sl": None,
        "tp": None,
        "expiration": None,
        "time_setup": NOON,
        "time_done": NOON,
        "position": None,
        "magic": 0,
        "comment": "",
        "client_order_id": None,
    }
    return {"ticket": ticket, **usual, **more}


@dataclass
class Life:
    """A small life of an account: what was asked and answered, and what the server shows of it."""

    book: AccountBook = field(default_factory=lambda: AccountBook(LOGIN))
    account: Json = field(default_factory=dict)
    positions: list[Json] = field(default_factory=list)
    placed: list[Json] = field(default_factory=list)
    deals: list[Json] = field(default_factory=list)
    ended: list[Json] = field(default_factory=list)
    shown_before: list[Any] = field(default_factory=list)

    def rules(self, check: Callable[[AccountHistory, Observation], Any] = AccountHistory.check) -> set[Rule]:
        return {each.rule for each in check(AccountHistory(self.book), self.seen())}

    def seen(self, **changes: Any) -> Observation:
        names = ("account", "positions", "placed", "deals", "ended", "shown_before")
        return Observation(**exact({name: getattr(self, name) for name in names} | changes))

    def answered(self, request: Request, status: int, content: Json) -> None:
        self.book.ask(request)
        self.book.answer(request, Reply.read(status, json.dumps({**content, "request_id": "r"})))

    def by_ticket(self, ticket: int) -> Json:
        rows = (*self.deals, *self.ended, *self.placed, *self.positions)
        return next(each for each in rows if each["ticket"] == ticket)


def trade(name: str, volume: str = "0.02") -> Request:
    body = {"symbol": "EURUSD", "action": "buy", "volume": Decimal(volume), "client_order_id": name}
    return Request("trade", "POST", "/api/trade", body=body)


def pending(name: str, price: str) -> Request:
    body = {"symbol": "EURUSD", "type": 2, "volume": Decimal("0.01"), "price": Decimal(price)}
    return Request("placeOrder", "POST", "/api/orders", body={**body, "client_order_id": name})


CLOSE: Final = Request(
    "closePosition", "DELETE", "/api/positions/2", {"volume": Decimal("0.01"), "client_order_id": "close"}
)
DEPOSIT: Final = Request(
    "changeBalance",
    "POST",
    f"/api/accounts/{LOGIN}/balance",
    body={"amount": Decimal("100.25"), "client_order_id": "deposit"},
)


@pytest.fixture
def life() -> Life:
    """A trade, half closed; a deposit; a refusal; orders cancelled and waiting; a trade in doubt."""
    it = Life()
    opened = deal(3, position=2, client_order_id="trade")
    closed = deal(5, position=2, type="sell", entry="out", volume=0.01, price=1.1005, profit=0.5, time=LATER)
    closed["client_order_id"] = "close"
    nothing = dict.fromkeys(("order", "position", "symbol", "entry", "volume", "price"))
    deposit = deal(6, **nothing, type="balance", profit=100.25, time=LATER, client_order_id="deposit")
    first = deal(1, **nothing, type="balance", profit=10000)
    it.deals = [first, opened, closed, deposit]
    canceled = order(7, type=2, state="canceled", volume=0.01, price=1.05, client_order_id="gone")
    it.ended = [
        order(2, position=2, client_order_id="trade"),
        order(4, type=1, volume=0.01, position=2, client_order_id="close"),
        canceled,
    ]
    waiting = order(
        8, type=2, state="placed", volume=0.01, price=1.04, time_done=None, client_order_id="waits"
    )
    it.placed = [waiting]
    it.positions = [
        {
            "ticket": 2,
            "symbol": "EURUSD",
            "type": "buy",
            "volume": 0.01,
            "price_open": 1.1,
            "time_open": NOON,
            "sl": None,
            "tp": 1.2,
            "trailing_stop": None,
            "profit": -0.3,
            "swap": 0,
            "client_order_id": "trade",
        }
    ]
    it.account = {"balance": 10100.75, "equity": 10100.45, "credit": 0}

    names = ("symbol", "volume", "price", "commission", "time")
    told = {name: opened[name] for name in names}
    it.answered(
        trade("trade"),
        200,
        {"success": True, "data": {**told, "ticket": 2, "order": 2, "deal": 3, "action": "buy"}},
    )
    told = {name: closed[name] for name in (*names, "profit", "swap")}
    it.answered(
        CLOSE, 200, {"success": True, "data": {**told, "ticket": 2, "deal": 5, "volume_remaining": 0.01}}
    )
    it.answered(DEPOSIT, 200, {"success": True, "data": deposit})
    it.answered(trade("refused", "50"), 400, {"success": False, "error": "…", "code": "INSUFFICIENT_MARGIN"})
    it.answered(pending("gone", "1.05"), 200, {"success": True, "data": {**canceled, "state": "placed"}})
    it.book.cancellations.append(exact(canceled))
    it.answered(pending("waits", "1.04"), 200, {"success": True, "data": waiting})
    it.book.ask(trade("doubt"))
    it.book.intend(2, "trade", {"tp": Decimal("1.2")})
    it.book.shown.append(exact(opened))
    return it


def test_the_true_history_passes(life: Life) -> None:
    assert life.rules(AccountHistory.check_all) == set()
    assert life.rules() == set()


def done_as_asked(life: Life, ticket: int, name: str, **more: Any) -> None:
    """A trade that nobody was answered."""
    life.deals.append(deal(ticket + 1, position=ticket, time=LATER, client_order_id=name, **more))
    life.ended.append(order(ticket, position=ticket, client_order_id=name))
    life.positions.append({**life.positions[0], "ticket": ticket, "volume": 0.02, "time_open": LATER})
    life.positions[-1] |= {"tp": None, "profit": 0, "client_order_id": name}


def test_what_is_in_doubt_may_have_been_done(life: Life) -> None:
    done_as_asked(life, 9, "doubt")
    assert life.rules() == set()


def lose_trade(life: Life) -> None:
    life.deals = [each for each in life.deals if each["position"] != 2]
    life.ended = [each for each in life.ended if each["position"] != 2]
    life.positions = []
    life.account = {"balance": 10100.25, "equity": 10100.25, "credit": 0}


def lose_last_deposit(life: Life) -> None:
    life.deals = [each for each in life.deals if each["ticket"] != 6]
    life.account = {"balance": 10000.5, "equity": 10000.2, "credit": 0}


def do_in_doubt_twice(life: Life) -> None:
    done_as_asked(life, 9, "doubt")
    done_as_asked(life, 11, "doubt")


def repeat(life: Life, name: str, **changes: Any) -> None:
    entry = life.book.entries[name]
    assert entry.first is not None
    content = {**entry.first.content, **changes}
    life.book.answer(entry.request, Reply(entry.first.status, content))


DOCTORED: Final[dict[str, tuple[Callable[[Life], object], Rule]]] = {
    "an acknowledged trade is lost": (lose_trade, Rule.LOST),
    "an acknowledged deposit is lost": (lose_last_deposit, Rule.LOST),
    "a waiting order is lost": (lambda it: it.placed.clear(), Rule.LOST),
    "a cancellation is lost": (lambda it: it.placed.append({**it.ended.pop(), "state": "placed"}), Rule.LOST),
    "a deal that was shown is lost": (lambda it: it.book.shown.append(exact(deal(99))), Rule.LOST),
    "an acknowledged trade is done twice": (lambda it: done_as_asked(it, 9, "trade"), Rule.TWICE),
    "a trade in doubt is done twice": (do_in_doubt_twice, Rule.TWICE),
    "an order is placed twice": (
        lambda it: it.placed.append({**it.placed[0], "ticket": 9}),
        Rule.TWICE,
    ),
    "a repetition gets another ticket": (
        lambda it: repeat(it, "trade", data={**it.book.entries["trade"].first.content["data"], "ticket": 9}),  # type: ignore[union-attr]
        Rule.REPLY,
    ),
    "a repetition gets another refusal": (
        lambda it: repeat(it, "refused", code="INVALID_VOLUME"),
        Rule.REPLY,
    ),
    "a used name is taken for another request": (
        lambda it: it.book.misuses.append(("trade", Reply(200, {"success": True, "data": {}}))),
        Rule.REUSED,
    ),
    "a refused trade is done": (lambda it: done_as_asked(it, 9, "refused"), Rule.REFUSED),
    "a trade that nobody asked for": (lambda it: done_as_asked(it, 9, "nobody"), Rule.UNASKED),
    "a trade without a name": (lambda it: it.by_ticket(3).update(client_order_id=None), Rule.UNASKED),
    "a trade in doubt is done otherwise": (
        lambda it: done_as_asked(it, 9, "doubt", type="sell"),
        Rule.OTHERWISE,
    ),
    "another price than was answered": (lambda it: it.by_ticket(3).update(price=1.1001), Rule.OTHERWISE),
    "two deals with one ticket": (lambda it: it.deals.append(dict(it.deals[-1])), Rule.TICKET),
    "a ticket names a deal and an order": (lambda it: it.placed[0].update(ticket=5), Rule.TICKET),
    "a hole in the tickets": (lambda it: it.placed[0].update(ticket=9), Rule.TICKET),
    "an order is placed and ended": (
        lambda it: it.placed.append({**it.ended[2], "state": "placed"}),
        Rule.ORDER,
    ),
    "an order is filled without a deal": (lambda it: it.ended[2].update(state="filled"), Rule.ORDER),
    "an order's price is not as modified": (lambda it: it.placed[0].update(price=1.03), Rule.ORDER),
    "a position is missing": (lambda it: it.positions.clear(), Rule.POSITION),
    "a position without deals": (
        lambda it: it.positions.append({**it.positions[0], "ticket": 77}),
        Rule.POSITION,
    ),
    "a position of another volume": (lambda it: it.positions[0].update(volume=0.02), Rule.POSITION),
    "a position's stop loss and take profit swapped": (
        lambda it: it.positions[0].update(sl=1.2, tp=None),
        Rule.POSITION,
    ),
    "more is closed than is open": (lambda it: it.by_ticket(5).update(volume=0.03), Rule.POSITION),
    "a balance that is off by a cent": (lambda it: it.account.update(balance=10100.74), Rule.BALANCE),
    "an equity that is off by a cent": (lambda it: it.account.update(equity=10100.46), Rule.BALANCE),
    "a profit that is off by a cent": (lambda it: it.by_ticket(5).update(profit=0.51), Rule.PROFIT),
    "time goes backwards": (lambda it: it.by_ticket(3).update(time="2026-03-03T00:00:00.000Z"), Rule.TIME),
    "a page that was shown is another now": (
        lambda it: it.shown_before.append((it.deals[0], it.deals[1])),
        Rule.CHANGED,
    ),
}


@pytest.mark.parametrize("what", DOCTORED)
def test_a_doctored_history_is_named(life: Life, what: str) -> None:
    doctor, rule = DOCTORED[what]
    doctor(life)
    assert rule in life.rules()


@pytest.mark.parametrize("what", ["an acknowledged trade is lost", "a balance that is off by a cent"])
def test_also_when_everything_is_read_again(life: Life, what: str) -> None:
    life.book.news.clear()
    doctor, rule = DOCTORED[what]
    doctor(life)
    assert rule in life.rules(AccountHistory.check_all)


def test_levels_in_doubt(life: Life) -> None:
    """What a reply does not tell stays open; what it contradicts does not."""
    book, low, high = life.book, Decimal("1.01"), Decimal("1.3")
    book.intend(2, "trade", {"sl": low, "tp": None})
    assert {(each["sl"], each["tp"]) for each in book.levels(2, "trade")} == {
        *((None, None), (None, Decimal("1.2"))),
        (low, None),
    }
    book.settle(2, "trade", {"trailing_stop": None})
    assert len(book.levels(2, "trade")) == 3
    book.settle(2, "trade", {"sl": low})
    (settled,) = book.levels(2, "trade")
    assert (settled["sl"], settled["tp"]) == (low, None)
    book.intend(2, "trade", {"tp": high})
    book.retract(2, [settled])
    assert book.levels(2, "trade") == [settled]
    book.note(2, "PATCH …")
    assert Rule.POSITION in life.rules()


def test_history_read_again_must_be_the_same(life: Life) -> None:
    history, again = AccountHistory(life.book), AccountHistory(life.book)
    history.check(life.seen())
    again.check_all(life.seen(deals=life.deals[:-1]))
    assert {each.rule for each in history.compare(again)} == {Rule.CHANGED}
    assert history.compare(history) == []


def messages(life: Life) -> list[Json]:
    """What the stream tells of this life."""
    rows = [("deal", each) for each in life.deals] + [("order", each) for each in life.ended]
    numbered = [{"event": event, "version": 1 + at, "data": each} for at, (event, each) in enumerate(rows)]
    opened = {"event": "position", "version": 1, "data": {"ticket": 2, "volume": 0.02}}
    reduced = {"event": "position", "version": 2, "data": {"ticket": 2, "volume": 0.01}}
    told: list[Json] = exact([*numbered, opened, reduced])
    return told


@pytest.mark.parametrize(
    ("doctor", "rules"),
    [
        (lambda told: None, set()),
        (lambda told: told.pop(1), {Rule.LOST}),
        (lambda told: told.pop(5), {Rule.LOST}),
        (lambda told: told.insert(2, told[1]), {Rule.LOST, Rule.TWICE}),
        (lambda told: told[0].update(version=3), {Rule.TWICE}),
        (lambda told: told.pop(), {Rule.POSITION}),
    ],
)
def test_a_doctored_stream(life: Life, doctor: Callable[[list[Json]], object], rules: set[Rule]) -> None:
    history = AccountHistory(life.book)
    history.check(life.seen())
    told = messages(life)
    doctor(told)
    assert {each.rule for each in check_messages(history, told)} == rules


def test_the_operations_are_all_that_take_a_name() -> None:
    document = yaml.safe_load(contract_path().read_text("utf-8"))
    schemas = document["components"]["schemas"]
    taking = set()
    for path in document["paths"].values():
        for method, operation in path.items():
            if method not in ("post", "patch", "put", "delete"):
                continue
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            name = str(body.get("schema", {}).get("$ref", "")).rpartition("/")[2]
            references = [each.get("$ref", "") for each in operation.get("parameters", ())]
            if "client_order_id" in schemas.get(name, {}).get("properties", {}) or any(
                each.endswith("/ClientOrderId") for each in references
            ):
                taking.add(operation["operationId"])
    # A preview takes the body of a trade, and does nothing.
    assert taking - {"previewTrade"} == set(NAMED_OPERATIONS)


# ---------------------------------------------------------------------- keys, webhooks, accounts


@pytest.fixture
def owner() -> Owner:
    it = Owner("admin", {}, "seed")
    it.keys = {
        "k1": IssuedKey("s1", LOGIN, "label 1"),
        "k2": IssuedKey("s2", LOGIN, "label 2", revoked_at=NOON),
    }
    it.webhooks = {"w1": {"webhook_id": "w1", "login": LOGIN, "description": "label 3", "enabled": True}}
    it.deleted_webhooks = {"w0"}
    it.accounts = {LOGIN: {"balance": 5, "time": NOON}}
    return it


def listed_keys() -> list[Json]:
    return [
        {"key_id": "k1", "login": LOGIN, "label": "label 1", "revoked_at": None},
        {"key_id": "k2", "login": LOGIN, "label": "label 2", "revoked_at": NOON},
    ]


@pytest.mark.parametrize(
    ("doctor", "rules"),
    [
        (lambda rows: None, set()),
        (lambda rows: rows.pop(0), {Rule.LOST}),
        (lambda rows: rows[1].update(revoked_at=None), {Rule.KEY}),
        (lambda rows: rows[0].update(revoked_at=NOON), {Rule.KEY}),
        (lambda rows: rows.append({**rows[0], "key_id": "k3", "label": "label 9"}), {Rule.UNASKED}),
    ],
)
def test_keys(owner: Owner, doctor: Callable[[list[Json]], object], rules: set[Rule]) -> None:
    rows = listed_keys()
    doctor(rows)
    assert {each.rule for each in check_keys(owner, rows)} == rules


def test_a_key_in_doubt_is_as_it_is_found(owner: Owner) -> None:
    owner.keys["k1"].is_doubtful = True
    rows = listed_keys()
    rows[0]["revoked_at"] = LATER
    assert check_keys(owner, rows) == []
    assert {each.rule for each in check_keys(owner, listed_keys())} == {Rule.KEY}


@pytest.mark.parametrize(
    ("doctor", "rules"),
    [
        (lambda rows: None, set()),
        (lambda rows: rows.clear(), {Rule.LOST}),
        (lambda rows: rows[0].update(enabled=False), {Rule.WEBHOOK}),
        (lambda rows: rows.append({**rows[0], "webhook_id": "w0"}), {Rule.WEBHOOK}),
        (lambda rows: rows.append({**rows[0], "webhook_id": "w2"}), {Rule.UNASKED}),
    ],
)
def test_webhooks(owner: Owner, doctor: Callable[[list[Json]], object], rules: set[Rule]) -> None:
    rows = [dict(each) for each in owner.webhooks.values()]
    doctor(rows)
    assert {each.rule for each in check_webhooks(owner, rows)} == rules


def test_accounts(owner: Owner) -> None:
    assert check_accounts(owner, {LOGIN: {"balance": 5, "time": LATER}}) == []
    (found,) = check_accounts(owner, {LOGIN: {"balance": 6, "time": LATER}})
    assert found.rule is Rule.ACCOUNT
