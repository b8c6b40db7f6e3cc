"""A whole server in the test's own process, spoken to through the contract."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tradyn.app import Server, open_server
from tradyn.clock import ClockMode
from tradyn.config import Settings
from tradyn.wire import read_time

START = read_time("2026-03-02T09:30:00Z")


@dataclass(frozen=True)
class Terminal:
    """A client with two keys: the account's own, and the admin's."""

    server: Server
    client: httpx.AsyncClient
    admin: httpx.AsyncClient

    async def envelope(self, method: str, path: str, body: Any = None, **parameters: Any) -> Any:
        """One answer, whatever it is."""
        given = {name.rstrip("_"): value for name, value in parameters.items() if value is not None}
        client = self.admin if path.startswith(("/api/accounts", "/api/simulation")) else self.client
        content = {} if body is None else {"json": body}
        return (await client.request(method, path, params=given, **content)).json()

    async def ok(self, method: str, path: str, body: Any = None, **parameters: Any) -> Any:
        """The data of an answer that must be a success."""
        envelope = await self.envelope(method, path, body, **parameters)
        assert envelope["success"], envelope
        return envelope["data"]

    async def code(self, method: str, path: str, body: Any = None, **parameters: Any) -> str:
        """The code of an answer that must not be a success."""
        envelope = await self.envelope(method, path, body, **parameters)
        assert not envelope["success"], envelope
        return str(envelope["code"])

    async def buy(self, volume: float = 0.1, symbol: str = "EURUSD", **more: Any) -> Any:
        """A market buy."""
        body = {"symbol": symbol, "action": "buy", "volume": volume, **more}
        return await self.ok("POST", "/api/trade", body)

    async def push(self, symbol: str, bid: float, ask: float, time: str | None = None) -> Any:
        """One quote."""
        quote = {"symbol": symbol, "bid": bid, "ask": ask}
        return await self.ok(
            "POST", "/api/simulation/quotes", {"quotes": [quote | ({"time": time} if time else {})]}
        )


@asynccontextmanager
async def terminal(**settings: Any) -> AsyncIterator[Terminal]:
    """A server with a manual clock, quotes pushed unless said otherwise, and no log."""
    rest = {name: settings.pop(name) for name in ("journal", "rewire", "wall", "resolve") if name in settings}
    defaults: dict[str, Any] = {
        "feed": "push",
        "clock": ClockMode.MANUAL,
        "start": START,
        "rate_limit": 1_000_000,
        "test_keys": True,
    }
    async with open_server(Settings(**{**defaults, **settings}), on_answer=lambda _: None, **rest) as server:
        transport = httpx.ASGITransport(app=server.app)

        def client(key: str) -> httpx.AsyncClient:
            return httpx.AsyncClient(
                transport=transport,
                base_url=server.credentials.base_url,
                headers={"Authorization": f"Bearer {key}"},
            )

        async with client(server.credentials.api_key) as own, client(server.credentials.admin_key) as admin:
            yield Terminal(server, own, admin)
