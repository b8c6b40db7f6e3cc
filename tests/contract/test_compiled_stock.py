"""The compiled table beside stock connexion: valid requests, and plain mistakes, mean the same to both."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from contract.test_compiled_sample import DOCUMENT, Sample, SampleGuard
from tradyn.contract import compile_contract, stock_app

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

TRADE = {"symbol": "EURUSD", "action": "buy", "volume": 0.1}


def ask(app: Any, method: str, target: str, **options: Any) -> httpx.Response:
    async def request() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080/v1") as client:
            return await client.request(method, target, **options)

    return asyncio.run(request())


def both(method: str, target: str, token: str | None = "good", **options: Any) -> list[Any]:
    seen = []
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    for build in ("compiled", "stock"):
        sample, guard = Sample(), SampleGuard()
        sample.outcome = {"success": True, "data": None}
        app: Any
        if build == "compiled":
            app = compile_contract(DOCUMENT, sample.handlers(), guard, lambda _: None)
        else:
            app = stock_app(DOCUMENT, sample.handlers(), guard)
        reply = ask(app, method, target, headers=headers, **options)
        seen.append((reply.status_code, reply.json(), sample.called, guard.asked))
    return seen


@pytest.mark.parametrize(
    ("method", "target", "options"),
    [
        ("GET", "/health/live", {}),
        ("GET", "/api/account", {}),
        ("GET", "/api/deals", {}),
        ("GET", "/api/deals?limit=7&volume=0.5&open=true&symbol=EURUSD&state=filled", {}),
        ("GET", "/api/deals?from=2025-01-01T00%3A00%3A00%2B01%3A00", {}),
        ("GET", "/api/positions/7", {}),
        ("GET", "/api/positions/all", {}),
        ("GET", "/api/quotes/EURUSD", {}),
        ("PATCH", "/api/positions/7", {"json": {"sl": None, "tp": 1.5, "mode": "hard"}}),
        ("PATCH", "/api/positions/7", {"json": {"mode": None}}),
        ("POST", "/api/echo", {"json": [1, 2.5, "x", None, {"a": {}}]}),
        ("POST", "/api/preview", {"json": TRADE}),
        ("POST", "/api/preview", {"json": {"symbol": "A", "type": 2, "price": 1}}),
    ],
)
def test_valid_requests_reach_the_same_handler_with_the_same_arguments(
    method: str, target: str, options: dict[str, Any]
) -> None:
    compiled, stock = both(method, target, **options)
    assert compiled == stock
    assert compiled[0] == 200
    assert len(compiled[2]) == 1


@pytest.mark.parametrize(
    ("method", "target", "token", "options", "status"),
    [
        ("GET", "/nowhere", "good", {}, 404),
        ("DELETE", "/api/account", "good", {}, 405),
        ("GET", "/api/account", None, {}, 401),
        ("GET", "/api/account", "bad", {}, 403),
        ("GET", "/api/deals?limit=0", "good", {}, 400),
        ("GET", "/api/deals?limit=x", "good", {}, 400),
        ("GET", "/api/deals?foo=1", "good", {}, 400),
        ("POST", "/api/trade", "good", {"json": {}}, 400),
        ("POST", "/api/trade", "good", {"json": {**TRADE, "volume": 0}}, 400),
        ("POST", "/api/trade", "good", {"json": {**TRADE, "sl2": 0}}, 400),
        ("POST", "/api/trade", "good", {"json": "no trade"}, 400),
        ("PATCH", "/api/positions/7", "good", {"json": {}}, 400),
    ],
)
def test_plain_mistakes_get_the_same_status_and_code(
    method: str, target: str, token: str | None, options: dict[str, Any], status: int
) -> None:
    compiled, stock = both(method, target, token, **options)
    assert (compiled[0], compiled[1]["code"]) == (stock[0], stock[1]["code"])
    assert compiled[0] == status
    assert compiled[2] == stock[2] == []
