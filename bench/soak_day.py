"""Two days of trading on an accelerated clock: does the server's memory stay flat on the second?

`tradyn serve` runs with a synthetic market and a manual clock, which is taken minute by minute through the
day as fast as the server can play it. Bots trade, place, modify, cancel, close, are refused, send requests
again under their `client_order_id`, and read their history; readers hear the stream and come anew each hour;
keys are made and revoked. Reported for each simulated hour: the server's resident memory, what it has done,
and the size of its journal. On the first day caches fill: above all SQLite's, 48 MB of the journal's pages.
It fails if memory grew by more than `--allowed` MB after that. `make soak-day` runs it.

    python bench/soak_day.py [--hours 48] [--accounts 5] [--warm-up 24] [--allowed 8]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import httpx
import websockets
from tradyn_process import serving

SYMBOLS: Final = ("EURUSD", "GBPUSD", "USDJPY", "XAUUSD")
MOST_OPEN: Final = 20


class _Bot:
    """A trader with an account of its own, who keeps about `MOST_OPEN` positions and orders."""

    def __init__(self, client: httpx.AsyncClient, chance: random.Random) -> None:
        self._client = client
        self._chance = chance
        self._number = 0
        self._last: dict[str, Any] | None = None
        self.answers: dict[int, int] = {}

    async def _ask(self, method: str, path: str, body: Any = None, **parameters: Any) -> Any:
        answer = await self._client.request(method, path, json=body, params=parameters or None)
        self.answers[answer.status_code] = self.answers.get(answer.status_code, 0) + 1
        return answer.json().get("data")

    def _name(self) -> str:
        self._number += 1
        return f"bot-{self._number}"

    async def act(self) -> None:
        """What it does in a minute of the market."""
        chance, symbol = self._chance, self._chance.choice(SYMBOLS)
        quote = await self._ask("GET", f"/api/quotes/{symbol}")
        digits = 5 if quote["bid"] < 20 else 3 if quote["bid"] < 1000 else 2
        step = round(quote["bid"] * 0.002, digits)
        order = {"symbol": symbol, "action": chance.choice(("buy", "sell")), "volume": 0.01}
        trade = {**order, "client_order_id": self._name()}
        opened = await self._ask("POST", "/api/trade", trade)
        again = await self._ask("POST", "/api/trade", trade)
        assert opened == again, (opened, again)
        if opened:
            side = -1 if order["action"] == "buy" else 1
            stop = round(opened["price"] + side * step, digits)
            await self._ask("PATCH", f"/api/positions/{opened['ticket']}", {"sl": stop})
        pending = {
            "symbol": symbol,
            "type": 2,
            "volume": 0.01,
            "price": round(quote["bid"] - step / 2, digits),
            "client_order_id": self._name(),
        }
        placed = await self._ask("POST", "/api/orders", pending)
        if placed:
            change = {"price": round(quote["bid"] - step, digits)}
            await self._ask("PATCH", f"/api/orders/{placed['ticket']}", change)
        # A refusal is remembered under its id, too.
        refused = {**order, "volume": 100_000, "client_order_id": self._name()}
        await self._ask("POST", "/api/trade", refused)
        positions = await self._ask("GET", "/api/positions")
        for each in positions[: max(len(positions) - MOST_OPEN, 0)]:
            await self._ask("DELETE", f"/api/positions/{each['ticket']}", client_order_id=self._name())
        orders = await self._ask("GET", "/api/orders")
        for each in orders[: max(len(orders) - MOST_OPEN, 0)]:
            await self._ask("DELETE", f"/api/orders/{each['ticket']}")
        await self._ask("GET", "/api/account/history", limit=50, order="desc")
        await self._ask("GET", f"/api/candles/{symbol}", timeframe=chance.choice(("M1", "H1")), count=100)

    async def look_back(self) -> None:
        """What it does once an hour."""
        await self._ask("GET", "/api/account/statistics")
        await self._ask("GET", "/api/account/equity")
        made = await self._ask("POST", "/api/keys", {"scope": "read", "label": "an hour"})
        await self._ask("DELETE", f"/api/keys/{made['key_id']}")


async def _hear(url: str, key: str, heard: list[int]) -> None:
    async with websockets.connect(url, additional_headers={"Authorization": f"Bearer {key}"}) as stream:
        for channel in ("ticks", "account", "orders", "positions", "deals"):
            await stream.send(json.dumps({"op": "subscribe", "channel": channel}))
        async for _ in stream:
            heard[0] += 1


def _resident_mb(pid: int) -> float:
    fields = Path(f"/proc/{pid}/statm").read_text().split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


async def _live(
    given: argparse.Namespace, pid: int, credentials: dict[str, Any], folder: Path
) -> list[float]:
    base_url = credentials["base_url"]
    admin = httpx.AsyncClient(
        base_url=base_url, headers={"Authorization": f"Bearer {credentials['admin_key']}"}, timeout=300
    )
    chance, keys = random.Random(given.seed), []
    for number in range(given.accounts):
        body = {"name": f"Bot {number}", "balance": 1_000_000}
        answer = await admin.post("/api/accounts", json=body)
        keys.append(answer.raise_for_status().json()["data"]["api_key"])
    bots = [
        _Bot(
            httpx.AsyncClient(base_url=base_url, headers={"Authorization": f"Bearer {key}"}, timeout=60),
            chance,
        )
        for key in keys
    ]
    stream_url = base_url.replace("http", "ws", 1) + "/api/stream"
    heard, resident, began = [0], [_resident_mb(pid)], time.monotonic()
    print("hour  resident MB  answers 200  answers 400  messages heard  journal MB  seconds", flush=True)
    for hour in range(1, given.hours + 1):
        readers = [asyncio.create_task(_hear(stream_url, key, heard)) for key in keys]
        for _ in range(60):
            answer = await admin.post("/api/simulation/clock/advance", json={"seconds": 60})
            answer.raise_for_status()
            await asyncio.gather(*(each.act() for each in bots))
        await asyncio.gather(*(each.look_back() for each in bots))
        for each in readers:
            each.cancel()
        ended = await asyncio.gather(*readers, return_exceptions=True)
        assert all(isinstance(each, asyncio.CancelledError) for each in ended), ended
        resident.append(_resident_mb(pid))
        done = [sum(each.answers.get(status, 0) for each in bots) for status in (200, 400)]
        journal = sum(each.stat().st_size for each in folder.glob("journal.sqlite*")) / 1e6
        seconds = time.monotonic() - began
        print(
            f"{hour:4}  {resident[-1]:11.1f}  {done[0]:11}  {done[1]:11}  {heard[0]:14}  {journal:10.1f}"
            f"  {seconds:7.0f}",
            flush=True,
        )
    return resident


def main() -> int:
    """Report, and 1 if memory grew."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hours", type=int, default=48)
    parser.add_argument("--accounts", type=int, default=5)
    parser.add_argument("--warm-up", type=int, default=24, help="hours in which memory may still grow")
    parser.add_argument("--allowed", type=float, default=8.0, help="MB of growth after that")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root)
        clock = ("--clock", "manual", "--start", "2026-03-02T00:00:00Z")
        with serving(folder, *clock, "--rate-limit", "1000000") as server:
            resident = asyncio.run(_live(given, server.pid, server.credentials, folder / "data"))
    warm = resident[min(given.warm_up, len(resident) - 1)]
    grown = resident[-1] - warm
    print(f"Grown after hour {given.warm_up}: {grown:+.1f} MB of {warm:.1f} MB; allowed {given.allowed:g} MB")
    return int(grown > given.allowed)


if __name__ == "__main__":
    sys.exit(main())
