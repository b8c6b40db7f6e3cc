"""The process on the network: garbage, pages beside the API, CORS, lost replies, and the end of it all."""

from __future__ import annotations

import json
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from serving import Running, free_port, serving

ORIGIN = "https://charts.example"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("http") / "data", "--clock", "manual") as running:
        yield running


def _connect(server: Running) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port))


def _read_all(connection: socket.socket) -> bytes:
    received = b""
    while piece := connection.recv(65_536):
        received += piece
    return received


def _send_raw(server: Running, raw: bytes) -> bytes:
    with _connect(server) as connection:
        connection.sendall(raw)
        return _read_all(connection)


# ---------------------------------------------------------------------- what is no HTTP


@pytest.mark.parametrize(
    "raw",
    [
        b"hello\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(64)),
        b"\x00" * 64,
        b"GET /v1/api/account HTTP/9.9\r\n\r\n",
        b"GET /v1/api/account HTTP/1.1\r\nno colon here\r\n\r\n",
        b"GET /v1/api/account HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n",
        b"POST /v1/api/trade HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nnothex\r\n",
    ],
)
def test_garbage_is_answered_in_the_envelope(server: Running, raw: bytes) -> None:
    head, _, body = _send_raw(server, raw).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    envelope = json.loads(body)
    assert (envelope["success"], envelope["code"], envelope["retcode"]) == (False, "INVALID_REQUEST", 10013)
    assert f"x-request-id: {envelope['request_id']}".encode() in head.lower()
    assert f"content-length: {len(body)}".encode() in head.lower()


def test_the_server_lives_on_after_garbage(server: Running) -> None:
    _send_raw(server, b"\xff" * 1000)
    with server.client() as client:
        assert client.get("/api/account").status_code == 200


def test_head_has_no_body(server: Running) -> None:
    key = server.credentials["api_key"]
    lines = (
        "HEAD /v1/api/account HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {key}",
        "Connection: close",
    )
    head, _, body = _send_raw(server, "\r\n".join((*lines, "", "")).encode()).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 405 ")
    assert b"allow: GET" in head
    assert body == b""


def test_pipelined_requests_are_answered_in_order(server: Running) -> None:
    one = b"GET /v1/health/live HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: %d\r\n%s\r\n"
    raw = b"".join(one % (each, b"Connection: close\r\n" if each == 9 else b"") for each in range(10))
    found = re.findall(rb"x-request-id: (\d)", _send_raw(server, raw))
    assert found == [b"%d" % each for each in range(10)]


# ---------------------------------------------------------------------- pages beside the API


def test_the_document_has_the_real_address(server: Running) -> None:
    as_yaml = httpx.get(f"{server.root}/openapi.yaml")
    as_json = httpx.get(f"{server.root}/openapi.json")
    assert as_yaml.headers["content-type"].startswith("application/yaml")
    assert as_json.headers["content-type"] == "application/json"
    document = as_json.json()
    assert yaml.safe_load(as_yaml.text) == document
    assert document["servers"][0]["url"] == server.credentials["base_url"]
    assert document["openapi"] == "3.0.3"
    assert httpx.head(f"{server.root}/openapi.yaml").status_code == 200


def test_the_document_is_served_as_it_was_written(server: Running) -> None:
    written = (Path(__file__).parents[1] / "openapi" / "tradyn.yaml").read_text()
    address = "http://127.0.0.1:8080/v1"
    assert f"\nservers:\n  - url: {address}\n" in written
    # Nothing differs but the address, in the examples of the prose too.
    assert httpx.get(f"{server.root}/openapi.yaml").text == written.replace(address, f"{server.root}/v1")


def test_metrics_count_answers(server: Running) -> None:
    with server.client() as client:
        client.get("/api/symbols")
        client.get("/nowhere")
    page = httpx.get(f"{server.root}/metrics")
    assert page.headers["content-type"].startswith("text/plain")
    assert 'tradyn_requests_total{operation="listSymbols",status="200"} 1.0' in page.text
    assert 'operation="none",status="404"' in page.text
    assert "tradyn_request_seconds_count" in page.text
    assert "tradyn_requests_shed_total 0.0" in page.text
    assert "tradyn_connections_refused_total 0.0" in page.text


@pytest.mark.parametrize(
    "path", ["/", "/metrics/", "/openapi", "/v1", "/v1/openapi.yaml", "/%2e%2e/etc/passwd"]
)
def test_other_pages_are_404_in_the_envelope(server: Running, path: str) -> None:
    answer = httpx.get(f"{server.root}{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


# ---------------------------------------------------------------------- CORS


def test_cors_is_off_by_default(server: Running) -> None:
    with server.client() as client:
        answer = client.get("/api/account", headers={"Origin": ORIGIN})
        asked = client.options(
            "/api/account", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}
        )
    assert answer.status_code == asked.status_code == 400
    assert not [name for name in (*answer.headers, *asked.headers) if name.startswith("access-control")]


def test_cors_for_named_origins(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--cors-origin", ORIGIN, "--cors-origin", "https://b.example") as server:
        asking = {
            "Origin": ORIGIN,
            "Access-Control-Request-Method": "PATCH",
            "Access-Control-Request-Headers": "authorization, content-type, x-request-id",
        }
        asked = httpx.options(f"{server.root}/v1/api/orders/1", headers=asking)
        assert asked.status_code == 200
        assert asked.headers["access-control-allow-origin"] == ORIGIN
        assert "PATCH" in asked.headers["access-control-allow-methods"]
        with server.client() as client:
            answer = client.get("/api/account", headers={"Origin": ORIGIN})
            assert answer.headers["access-control-allow-origin"] == ORIGIN
            assert "x-request-id" in answer.headers["access-control-expose-headers"].lower()
            other = client.get("/api/account", headers={"Origin": "https://evil.example"})
            assert "access-control-allow-origin" not in other.headers
        stranger = httpx.options(
            f"{server.root}/v1/api/account", headers={**asking, "Origin": "https://evil.example"}
        )
        assert stranger.status_code == 400


# ---------------------------------------------------------------------- faults


def test_a_lost_reply_closes_the_connection_and_is_no_error(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--log-format", "json") as server:
        with server.client("admin_key") as admin, server.client() as client:
            admin.put("/api/simulation/faults", json={"lost_reply_rate": 1}).raise_for_status()
            order = {"symbol": "EURUSD", "action": "buy", "volume": 0.01, "client_order_id": "once"}
            with pytest.raises(httpx.RemoteProtocolError):
                client.post("/api/trade", json=order)
            admin.put("/api/simulation/faults", json={}).raise_for_status()
            again = client.post("/api/trade", json=order).json()
            assert [each["ticket"] for each in client.get("/api/positions").json()["data"]] == [
                again["data"]["ticket"]
            ]
        lines = [json.loads(line) for line in server.log.splitlines()]
        assert {line["level"] for line in lines} == {"info"}
        assert [line["status"] for line in lines if line["operation"] == "trade"] == [0, 200]


def test_the_rate_limit_is_told_in_headers(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--rate-limit", "3") as server, server.client() as client:
        answers = [client.get("/api/account") for _ in range(12)]
        other = server.client("admin_key")
        assert other.get("/api/accounts").status_code == 200
    assert {each.headers["ratelimit-policy"] for each in answers} == {'"default";q=3;w=1'}
    assert answers[0].headers["ratelimit"] == '"default";r=2;t=1'
    refused = [each for each in answers if each.status_code == 429]
    assert refused
    assert all(each.headers["retry-after"] == "1" for each in refused)
    assert all(each.json()["code"] == "RATE_LIMITED" for each in refused)


# ---------------------------------------------------------------------- the end


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_within_5_seconds_whatever_clients_do(tmp_path: Path, number: int) -> None:
    with serving(tmp_path / "data", "--clock", "manual", "--rate-limit", "100000") as server:
        key = server.credentials["api_key"]
        idle, in_head, in_body, kept = (_connect(server) for _ in range(4))
        in_head.sendall(b"GET /v1/api/account HTTP/1.1\r\nHost: localhost\r\nAuthor")
        in_body.sendall(
            f"POST /v1/api/trade HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
            'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"symbol"'.encode()
        )
        kept.sendall(b"GET /v1/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert kept.recv(65_536).startswith(b"HTTP/1.1 200")
        with server.client("admin_key") as admin:
            admin.put("/api/simulation/faults", json={"latency_ms": 60_000}).raise_for_status()
        waiting = _Waiting(server)
        waiting.start()
        waiting.sent.wait()
        time.sleep(0.3)
        began = time.monotonic()
        assert server.stop(number) == 0
        assert time.monotonic() - began < 5
        waiting.join()
        assert waiting.outcome is None, "a request that was not carried out was answered"
        for connection in (idle, in_head, in_body, kept):
            connection.close()
    assert "Traceback" not in server.log
    assert "Exception" not in server.log
    with serving(tmp_path / "data", port=server.port) as again, again.client() as client:
        assert client.get("/api/positions").json()["data"] == []


class _Waiting(threading.Thread):
    """A trade that waits for a latency that never passes."""

    def __init__(self, server: Running) -> None:
        super().__init__()
        self.sent = threading.Event()
        self.outcome: Any = None
        self._server = server

    def run(self) -> None:
        with self._server.client() as client:
            self.sent.set()
            order = {"symbol": "EURUSD", "action": "buy", "volume": 0.01}
            try:
                self.outcome = client.post("/api/trade", json=order, timeout=20)
            except httpx.HTTPError:
                self.outcome = None


def test_it_ends_while_requests_pour_in(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--rate-limit", "1000000") as server:
        tickets: list[int] = []

        def trade() -> None:
            order = {"symbol": "EURUSD", "action": "buy", "volume": 0.01}
            with server.client() as client:
                try:
                    while True:
                        answer = client.post("/api/trade", json=order).json()
                        if not answer["success"]:
                            return
                        tickets.append(answer["data"]["ticket"])
                except (httpx.HTTPError, ValueError):
                    return

        traders = [threading.Thread(target=trade) for _ in range(4)]
        for each in traders:
            each.start()
        time.sleep(0.5)
        assert server.stop() == 0
        for each in traders:
            each.join()
    assert tickets
    with serving(tmp_path / "data", port=server.port) as again, again.client() as client:
        held = {each["ticket"] for each in client.get("/api/positions").json()["data"]}
        closed = {
            each["position"]
            for each in client.get("/api/account/history", params={"limit": 1000}).json()["data"]
        }
    assert set(tickets) <= held | closed


# ---------------------------------------------------------------------- addresses


def _has_ipv6() -> bool:
    try:
        free_port("::1")
    except OSError:
        return False
    return True


@pytest.mark.skipif(not _has_ipv6(), reason="this machine has no IPv6")
def test_ipv6(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--host", "::1", port=free_port("::1")) as server:
        assert server.root == f"http://[::1]:{server.port}"
        with server.client() as client:
            assert client.get("/api/account").status_code == 200
        assert httpx.get(f"{server.root}/openapi.json").json()["servers"][0]["url"] == f"{server.root}/v1"


@pytest.mark.parametrize(("host", "found"), [("localhost", "localhost"), ("0.0.0.0", "127.0.0.1")])
def test_other_hosts(tmp_path: Path, host: str, found: str) -> None:
    with serving(tmp_path / "data", "--host", host, "--insecure-listen") as server, server.client() as client:
        assert server.root == f"http://{found}:{server.port}"
        assert client.get("/api/account").status_code == 200
