"""A trader's life, sent through Prism: another's reading of the document finds nothing wrong in any answer.

The control is a server that answers wrongly behind the same proxy: Prism must say so.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import httpx
import pytest

from contract.prism import Proxy, prism
from contract.review_tools import needs_review_tools
from contract.served import DOCUMENT, Served, World, served
from contract.test_matrix import FAULTY, OPERATIONS, SECURED, Request, missing, scope_for, valid

pytestmark = needs_review_tools

_UNKNOWN_KEY: Final = "tk_test_" + "0" * 39
_NAMED: Final = ("{ticket}", "{symbol}", "{key_id}", "{login}", "{webhook_id}")


class Trader:
    """Speaks to the broker through the proxy, and counts.

    Attributes:
        sent: how many requests.
    """

    def __init__(self, proxy: Proxy, world: World) -> None:
        self._client = httpx.Client(base_url=proxy.base_url, timeout=60)
        self._keys = world.keys
        self.sent = 0

    def close(self) -> None:
        self._client.close()

    def ask(
        self, status: int, method: str, path: str, body: Any = None, *, key: str = "full", **query: Any
    ) -> Any:
        """One request that must be answered so; its data, or the code of the refusal."""
        self.sent += 1
        headers = {"Authorization": f"Bearer {self._keys.get(key, key)}"} if key else {}
        content = {} if body is None else {"json": body}
        answer = self._client.request(method, path, params=query, headers=headers, **content)
        assert answer.status_code == status, f"{method} {path}: {answer.text}"
        envelope = answer.json()
        return envelope["data"] if envelope["success"] else envelope["code"]


@contextmanager
def _trading(**settings: Any) -> Iterator[tuple[Trader, Proxy, Served]]:
    with served(**settings) as broker, prism(f"http://127.0.0.1:{broker.port}") as proxy:
        trader = Trader(proxy, broker.world)
        yield trader, proxy, broker
        trader.close()


def test_a_traders_life() -> None:
    with _trading() as (trader, proxy, broker):
        _live(trader, broker.world.login)
        assert (proxy.wrong_answers(), proxy.wrong_requests()) == ([], [])
        assert proxy.requests() == trader.sent


def _live(trader: Trader, login: int) -> None:
    ask = trader.ask
    bid: float = ask(200, "GET", "/api/quotes/EURUSD")["bid"]

    def near(distance: float) -> float:
        return round(bid + distance, 5)

    ask(200, "GET", "/api/symbols", key="trade")
    ask(200, "GET", "/api/candles/EURUSD", timeframe="M5", count=20)

    buy = {"symbol": "EURUSD", "action": "buy", "volume": 0.2, "sl": near(-0.01), "tp": near(0.01)}
    ask(200, "POST", "/api/trade/preview", buy)
    once = {**buy, "client_order_id": "life-1"}
    ticket = ask(200, "POST", "/api/trade", once)["ticket"]
    assert ask(200, "POST", "/api/trade", once)["ticket"] == ticket
    assert ask(400, "POST", "/api/trade", {**once, "volume": 0.3}) == "CLIENT_ORDER_ID_REUSED"
    assert ask(400, "POST", "/api/trade", {**buy, "volume": 0.001}) == "INVALID_VOLUME"
    position = f"/api/positions/{ticket}"
    ask(200, "PATCH", position, {"sl": near(-0.02), "tp": None})
    assert ask(400, "PATCH", position, {"sl": near(0.5)}) == "INVALID_STOPS"
    ask(200, "DELETE", position, volume=0.1)
    ask(200, "GET", position)
    ask(200, "DELETE", position)
    ask(404, "GET", position)
    assert ask(400, "DELETE", position) == "POSITION_CLOSED"

    limit = {"symbol": "EURUSD", "type": 2, "volume": 0.1, "price": near(-0.02)}
    expiring = {**limit, "expiration": "2026-03-02T10:00:00Z"}
    stop_limit = {**limit, "type": 6, "price": near(0.02), "price_stop_limit": near(0.01)}
    order = f"/api/orders/{ask(200, 'POST', '/api/orders', expiring)['ticket']}"
    ask(200, "PATCH", order, {"price": near(-0.03)})
    ask(200, "DELETE", f"/api/orders/{ask(200, 'POST', '/api/orders', stop_limit)['ticket']}")
    ask(200, "POST", "/api/simulation/clock/advance", {"seconds": 3600}, key="admin")
    assert ask(200, "GET", order)["state"] == "expired"
    filled = ask(200, "POST", "/api/orders", limit)["ticket"]
    falling = [
        {"symbol": "EURUSD", "bid": near(-distance / 100), "ask": near(-distance / 100 + 0.0001)}
        for distance in range(5)
    ]
    ask(200, "POST", "/api/simulation/quotes", {"quotes": falling}, key="admin")
    assert ask(200, "GET", f"/api/orders/{filled}")["state"] == "filled"
    ask(200, "GET", f"/api/explain/{filled}")
    for state in ("placed", "filled", "canceled", "expired"):
        ask(200, "GET", "/api/orders", state=state, limit=1)

    sell = {"symbol": "EURUSD", "action": "sell", "volume": 0.1}
    short = ask(200, "POST", "/api/trade", sell)["ticket"]
    ask(200, "POST", f"/api/positions/{filled}/close-by", {"opposite": short})
    ask(200, "POST", "/api/trade/close-all", {"result": "losing"})
    for direction in ("asc", "desc"):
        ask(200, "GET", "/api/account/history", order=direction, limit=2, symbol="EURUSD")
    ask(200, "GET", "/api/account/statistics")
    ask(200, "GET", "/api/account/equity", points=10)
    withdrawal = {"amount": -5, "comment": "Out"}
    ask(200, "POST", f"/api/accounts/{login}/balance", withdrawal, key="admin")
    ask(200, "POST", f"/api/accounts/{login}/reset", key="admin")
    assert ask(403, "GET", "/api/account", key="trade") == "INSUFFICIENT_SCOPE"


@dataclass
class Caller:
    """Asks for operations by their names, through the proxy."""

    trader: Trader
    broker: Served

    def ready(self, name: str) -> Request:
        """A request that would succeed."""
        return self.broker.run(valid(self.broker.world, name))

    def ask(self, status: int, name: str, request: Request, key: str | None = None, **query: Any) -> None:
        if key is None:
            key = scope_for(name) if name in SECURED else ""
        method = DOCUMENT.by_id[name].method.upper()
        self.trader.ask(status, method, request.path, request.body, key=key, **{**request.query, **query})


def test_every_operation_with_every_refusal_that_needs_no_state() -> None:
    with _trading() as (trader, proxy, broker):
        caller = Caller(trader, broker)
        for name in OPERATIONS:
            caller.ask(200, name, caller.ready(name))
            request = caller.ready(name)
            caller.ask(400, name, request, nonsense=1)
            if name in SECURED:
                caller.ask(401, name, request, key="")
                caller.ask(403, name, request, key=_UNKNOWN_KEY)
            if any(each in DOCUMENT.by_id[name].path for each in _NAMED):
                caller.ask(404, name, missing(name))
        assert proxy.wrong_answers() == []
        # That a key is missing it sees, and the server saw it too.
        assert [each for each in proxy.wrong_requests() if "security scheme" not in each] == []
        assert len(proxy.wrong_requests()) == len(SECURED)
        assert proxy.requests() == trader.sent > len(OPERATIONS) * 4


@pytest.mark.parametrize(("fault", "status"), [({"error_rate": 1}, 500), ({"connected": False}, 503)])
def test_every_operation_while_the_broker_is_in_trouble(fault: dict[str, Any], status: int) -> None:
    with _trading() as (trader, proxy, broker):
        caller = Caller(trader, broker)
        requests = {name: caller.ready(name) for name in OPERATIONS}
        caller.ask(200, "setFaults", Request("/api/simulation/faults", body=fault))
        for name in (each for each in OPERATIONS if each in FAULTY):
            caller.ask(status, name, requests[name])
        assert (proxy.wrong_answers(), proxy.wrong_requests()) == ([], [])
        assert proxy.requests() == trader.sent == len(FAULTY) + 1


def test_a_request_too_many() -> None:
    hour = 3600.0
    with _trading(rate_limit=1, wall=lambda: hour) as (trader, proxy, _):
        trader.ask(200, "GET", "/api/account")
        assert trader.ask(429, "GET", "/api/account") == "RATE_LIMITED"
        assert (proxy.wrong_answers(), proxy.wrong_requests()) == ([], [])


# ---------------------------------------------------------------------- the control

_WRONG: Final = {
    "/v1/api/account": (200, {"success": True, "data": {"balance": "much"}}),
    "/v1/api/positions": (418, {"success": False}),
    # Nothing is missing but the code.
    "/v1/api/orders": (400, {"success": False, "error": "Why not", "retcode": None, "request_id": "1"}),
}


class _Wrong(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = _WRONG[self.path]
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def _wrong_server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Wrong) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_prism_sees_a_wrong_answer() -> None:
    with _wrong_server() as address, prism(address) as proxy:
        for path, (status, body) in _WRONG.items():
            headers = {"Authorization": f"Bearer {_UNKNOWN_KEY}"}
            answer = httpx.get(proxy.base_url.removesuffix("/v1") + path, headers=headers)
            assert (answer.status_code, answer.json()) == (status, body)
        found = proxy.wrong_answers()
    with pytest.raises(httpx.ConnectError):
        httpx.get(proxy.base_url)
    for path in _WRONG:
        assert any(each.startswith(f"GET {path}: response") for each in found), (path, found)
