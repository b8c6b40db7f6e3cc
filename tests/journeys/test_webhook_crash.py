"""`kill -9` in the middle of deliveries: nothing is left out, and what comes twice has the same id."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from delivery.receiver import Receiver, receiver

if TYPE_CHECKING:
    from journeys.conftest import LiveServer

ROUNDS = 4
TRADERS = 4
ORDER = {"symbol": "EURUSD", "action": "buy", "volume": 0.01}


async def trade_until_it_ends(server: LiveServer) -> None:
    headers = {"Authorization": f"Bearer {server.api_key}"}
    async with httpx.AsyncClient(base_url=server.base_url, headers=headers, timeout=10) as client:
        try:
            while True:
                position = (await client.post("/api/trade", json=ORDER)).json()["data"]["ticket"]
                await client.delete(f"/api/positions/{position}")
        except httpx.TransportError:
            return


async def deals_of(server: LiveServer) -> list[int]:
    """Tickets of all deals, in the order in which they were done."""
    headers = {"Authorization": f"Bearer {server.api_key}"}
    tickets: list[int] = []
    cursor = None
    async with httpx.AsyncClient(base_url=server.base_url, headers=headers, timeout=30) as client:
        while True:
            parameters = {"limit": 1000} | ({"cursor": cursor} if cursor else {})
            page = (await client.get("/api/account/history", params=parameters)).json()
            tickets += [each["ticket"] for each in page["data"] if each["type"] != "balance"]
            cursor = page["next_cursor"]
            if cursor is None:
                return tickets


async def test_nothing_is_left_out(tmp_path: Path, start_server: Callable[..., LiveServer]) -> None:
    dice = random.Random(7)
    options: dict[str, Any] = {"data_dir": tmp_path / "data", "allow-local-webhooks": ""}
    async with receiver() as there:
        # Now and then one is not taken; then all that is later waits for five seconds.
        there.answer = lambda _: 500 if dice.random() < 0.01 else 204
        for number in range(ROUNDS):
            server = await asyncio.to_thread(lambda: start_server(**options))
            if number == 0:
                await subscribe(server, there)
            before = len(there.received)
            traders = [asyncio.create_task(trade_until_it_ends(server)) for _ in range(TRADERS)]
            await there.until(before + dice.randrange(20, 60))
            server.kill()
            await asyncio.gather(*traders)
        there.answer = lambda _: 204
        server = await asyncio.to_thread(lambda: start_server(**options))
        done = await deals_of(server)
        async with asyncio.timeout(60):
            while first_times(there)[-1:] != done[-1:]:
                await asyncio.sleep(0.05)
    # In the order in which they were done, and none is missing.
    assert len(done) > 100
    assert first_times(there) == done
    assert len({each.id for each in there.received}) == len(done)
    for each in there.received:
        assert each.id.endswith(f"_{each.event['data']['version']}_deal_created")


def first_times(there: Receiver) -> list[int]:
    """Tickets of the deals, each where it came first."""
    return list(dict.fromkeys(each.event["data"]["deal"]["ticket"] for each in there.received))


async def subscribe(server: LiveServer, there: Receiver) -> None:
    headers = {"Authorization": f"Bearer {server.api_key}"}
    body = {"url": there.url, "events": ["deal.created"]}
    async with httpx.AsyncClient(base_url=server.base_url, headers=headers) as client:
        assert (await client.post("/api/webhooks", json=body)).json()["success"]
