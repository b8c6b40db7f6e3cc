"""`kill -9` while clients trade: what was acknowledged is there, and nothing was done twice."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

CLIENTS = 8
ROUNDS = 3


class Trader(threading.Thread):
    """Trades under ids of its own until the server is gone; keeps every acknowledged reply."""

    def __init__(self, name: str, base_url: str, key: str, book: dict[str, Any], seed: int) -> None:
        super().__init__(name=name)
        self._base_url, self._headers = base_url, {"Authorization": f"Bearer {key}"}
        self._book, self._dice = book, random.Random(seed)
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def run(self) -> None:
        with httpx.Client(base_url=self._base_url, headers=self._headers, timeout=10) as client:
            while True:
                number = len(self.sent)
                body: dict[str, Any] = {
                    "symbol": self._dice.choice(("EURUSD", "USDJPY", "GBPUSD")),
                    "action": self._dice.choice(("buy", "sell")),
                    "volume": self._dice.choice((0.01, 0.02, 0.03)),
                    "client_order_id": f"{self.name}-{number}",
                }
                self.sent.append((body["client_order_id"], body))
                try:
                    answer = client.post("/api/trade", json=body)
                except httpx.TransportError:
                    return
                self._book[body["client_order_id"]] = answer.json()


def test_nothing_acknowledged_is_lost_or_done_twice(tmp_path: Path, start_server: Callable[..., Any]) -> None:
    book: dict[str, Any] = {}
    sent: dict[str, dict[str, Any]] = {}
    dice = random.Random(11)
    for number in range(ROUNDS):
        server = start_server(data_dir=tmp_path / "data", seed=3)
        headers = {"Authorization": f"Bearer {server.api_key}"}
        if number == 0:
            login = server.login
            admin = {"Authorization": f"Bearer {server.admin_key}"}
            deposit = f"{server.base_url}/api/accounts/{login}/balance"
            assert httpx.post(deposit, headers=admin, json={"amount": 10_000_000}).json()["success"]
        check(server.base_url, headers, book, sent)
        traders = [
            Trader(f"r{number}c{each}", server.base_url, server.api_key, book, dice.randrange(2**32))
            for each in range(CLIENTS)
        ]
        for trader in traders:
            trader.start()
        threading.Event().wait(dice.uniform(0.3, 0.9))
        server.kill()
        for trader in traders:
            trader.join()
            sent.update(trader.sent)
    server = start_server(data_dir=tmp_path / "data", seed=3)
    assert len(book) > 100
    check(server.base_url, {"Authorization": f"Bearer {server.api_key}"}, book, sent)


def check(
    base_url: str, headers: dict[str, str], book: dict[str, Any], sent: dict[str, dict[str, Any]]
) -> None:
    """Compare the book of acknowledged replies with the server's history."""
    with httpx.Client(base_url=base_url, headers=headers, timeout=30) as client:
        deals, cursor = [], None
        while True:
            parameters = {"limit": 1000} | ({"cursor": cursor} if cursor else {})
            page = client.get("/api/account/history", params=parameters).json()
            deals += page["data"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        ours = [each for each in deals if each["entry"] == "in"]
        ids = [each["client_order_id"] for each in ours]
        assert len(ids) == len(set(ids)), "a trade was done twice"
        assert set(ids) <= set(sent)
        tickets = [each["ticket"] for each in deals]
        assert len(tickets) == len(set(tickets))
        by_id = {each["client_order_id"]: each for each in ours}
        for client_order_id, answer in book.items():
            if answer["success"]:
                deal, result = by_id[client_order_id], answer["data"]
                assert (deal["ticket"], deal["price"], deal["time"]) == (
                    result["deal"],
                    result["price"],
                    result["time"],
                )
            else:
                assert client_order_id not in by_id
        account = client.get("/api/account").json()["data"]
        total = sum(round(100 * (each["profit"] + each["swap"] + each["commission"])) for each in deals)
        assert total == round(100 * account["balance"])
        # Whoever got no answer asks again under the same id: the trade is done once, whatever happened.
        for client_order_id in random.Random(5).sample(sorted(sent), min(len(sent), 20)):
            again = client.post("/api/trade", json=sent[client_order_id]).json()
            first = book.setdefault(client_order_id, again)
            assert again.get("data") == first.get("data")
            assert again.get("code") == first.get("code")
