"""A reader that is cut off again and again, and a server that is killed, while trading goes on.

Every transaction is heard exactly once, in order.

`TRADYN_TEST_SOAK=1` cuts 200 times and kills the server 20 times.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from delivery.listening import listening
from serving import Running, free_port, serving

SOAK: Final = os.environ.get("TRADYN_TEST_SOAK") == "1"
CUTS, KILLS = (200, 20) if SOAK else (40, 3)
CHANNELS: Final = ("deals", "orders", "positions")


class Trader:
    """Opens and closes for as long as it is let, whatever becomes of the server."""

    def __init__(self, port: int, key: str) -> None:
        self.trades = 0
        self._stop = threading.Event()
        self._base_url = f"http://127.0.0.1:{port}/v1"
        self._headers = {"Authorization": f"Bearer {key}"}
        self._thread = threading.Thread(target=self._trade, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(30)

    def _trade(self) -> None:
        with httpx.Client(base_url=self._base_url, headers=self._headers, timeout=5) as client:
            while not self._stop.is_set():
                body = {"symbol": "EURUSD", "action": "buy", "volume": 0.01}
                try:
                    bought = client.post("/api/trade", json=body)
                    if bought.status_code == 200:
                        client.delete(f"/api/positions/{bought.json()['data']['ticket']}")
                        self.trades += 1
                except httpx.TransportError:
                    time.sleep(0.05)


class Book:
    """What a reader has heard, over all its lives."""

    def __init__(self) -> None:
        self.heard: dict[str, list[int]] = {channel: [] for channel in CHANNELS}
        self.deals: list[dict[str, Any]] = []

    def last(self, channel: str) -> int:
        return self.heard[channel][-1] if self.heard[channel] else 0

    def read(self, base_url: str, key: str, messages: int) -> None:
        """One life: resume all channels, and take so many messages."""
        with listening(base_url, key) as reader:
            for channel in CHANNELS:
                reader.say(op="subscribe", channel=channel, after=self.last(channel))
            for _ in range(messages):
                self._take(reader.hear(timeout=30))
            # As a process that is killed: no farewell.
            reader.socket.socket.close()

    def catch_up(self, base_url: str, key: str, count: int) -> None:
        """The last life, until so many deals are heard, and what else came of them."""
        with listening(base_url, key) as reader:
            for channel in CHANNELS:
                reader.say(op="subscribe", channel=channel, after=self.last(channel))
            while len(self.deals) < count or len({self.last(channel) for channel in CHANNELS}) > 1:
                self._take(reader.hear(timeout=30))

    def _take(self, message: dict[str, Any]) -> None:
        if message["event"] in ("deal", "order", "position"):
            self.heard[f"{message['event']}s"].append(message["version"])
            if message["event"] == "deal":
                self.deals.append(message["data"])


@pytest.mark.parametrize("seed", [1])
def test_every_transaction_once_and_in_order(tmp_path: Path, seed: int) -> None:
    dice, book = Random(seed), Book()
    port = free_port()
    kills = set(dice.sample(range(1, CUTS), KILLS))
    options = ("--rate-limit", 100_000)

    def live(cuts: range) -> str:
        with serving(tmp_path / "data", *options, port=port) as server:
            key = str(server.credentials["api_key"])
            trader = Trader(port, key)
            try:
                for cut in cuts:
                    try:
                        book.read(str(server.credentials["base_url"]), key, dice.randrange(1, 80))
                    except (ConnectionClosed, InvalidHandshake):
                        continue
                    if cut in kills:
                        break
            finally:
                kill(server)
                trader.stop()
        return key

    at = 0
    for end in [*sorted(kills), CUTS]:
        live(range(at, end + 1))
        at = end + 1

    with serving(tmp_path / "data", *options, port=port) as server, server.client() as client:
        history = deals(client)
        book.catch_up(str(server.credentials["base_url"]), str(server.credentials["api_key"]), len(history))
    assert book.deals == history
    for versions in book.heard.values():
        assert versions == sorted(set(versions))
    # Each deal here is of an order and of a position, but for the first deposit.
    assert book.heard["deals"][1:] == book.heard["orders"] == book.heard["positions"]
    assert len(history) > CUTS


def deals(client: httpx.Client) -> list[dict[str, Any]]:
    """The account's whole history."""
    found: list[dict[str, Any]] = []
    parameters: dict[str, str | int] = {"limit": 1000}
    while True:
        page = client.get("/api/account/history", params=parameters).json()
        found += page["data"]
        if page["next_cursor"] is None:
            return found
        parameters["cursor"] = page["next_cursor"]


def kill(server: Running) -> None:
    server.process.kill()
    server.process.wait()
