"""Keys that are used in every right and wrong way, and then looked for wherever a server leaves something."""

from __future__ import annotations

import io
import json
import logging
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx
import pytest
import structlog
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from contract.served import open_world, served
from serving import Running, serving
from tradyn.access import TEST_PREFIX, generate_key, is_wellformed
from tradyn.handlers import Handler
from tradyn.logs import LogFormat, configure_logs
from tradyn.masking import masked

Json = dict[str, Any]

SHOWN: Final = len(TEST_PREFIX) + 4
"""Characters of a key that lists show, so that people can tell keys apart."""
PIECE: Final = 12
"""As many characters of a secret in a row are found nowhere."""
BUY: Final = {"symbol": "EURUSD", "action": "buy", "volume": 0.01}


def pieces(secret: str) -> list[str]:
    """What of a secret would give it away."""
    hidden = secret[SHOWN:]
    return [hidden[start : start + PIECE] for start in range(len(hidden) - PIECE + 1)]


def found(secrets: list[str], *places: str | bytes) -> list[tuple[str, int]]:
    """(piece, number of the place) of all that can be found."""
    texts = [place if isinstance(place, bytes) else place.encode() for place in places]
    return [
        (piece, number)
        for number, text in enumerate(texts)
        for secret in secrets
        for piece in pieces(secret)
        if piece.encode() in text
    ]


def test_what_is_hidden_would_be_found() -> None:
    key = generate_key(TEST_PREFIX)
    assert found([key], f"…{key[20:40]}…") != []
    assert found([key], key[:SHOWN], key[20:30], generate_key(TEST_PREFIX)) == []


# ── what a key is made of ──────────────────────────────────────────────────────────────────────────────────


def test_a_key_has_192_bits_of_the_systems_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    values = iter([0, 1, 2**192 - 2, 2**192 - 1])

    def randbits(bits: int) -> int:
        asked.append(bits)
        return next(values)

    monkeypatch.setattr("secrets.randbits", randbits)
    made = [generate_key(TEST_PREFIX) for _ in range(4)]
    assert asked == [192] * 4
    # Both ends of the range fit in, and no two numbers are the same key.
    assert len(set(made)) == 4
    assert all(is_wellformed(each) and len(each) == len(TEST_PREFIX) + 33 + 6 for each in made)
    assert made[0][len(TEST_PREFIX) : -6] == "0" * 33
    assert 62**33 >= 2**192 > 62**32


async def test_a_key_is_shown_once() -> None:
    async with open_world() as world, world.client("full") as client:
        made = (await client.post("/api/keys", json={"scope": "read"})).json()["data"]
        fresh = (await client.post(f"/api/keys/{made['key_id']}/rotate", json={})).json()["data"]
        hook = {"url": "https://localhost/events", "events": ["deal.created"]}
        webhook = (await client.post("/api/webhooks", json=hook)).json()["data"]
        later = [
            (await client.get(path)).text
            for path in ("/api/keys", "/api/webhooks", f"/api/webhooks/{webhook['webhook_id']}")
        ]
        later.append((await client.delete(f"/api/keys/{fresh['key_id']}")).text)
        async with world.client("admin") as admin:
            later.append((await admin.get("/api/keys")).text)
    assert found([made["api_key"], fresh["api_key"], webhook["secret"]], *later) == []


# ── a server as a user runs it ─────────────────────────────────────────────────────────────────────────────


def _make(server: Running) -> tuple[list[str], list[str]]:
    """Keys of every scope, and secrets of webhooks."""
    known = server.credentials
    made = [known["api_key"], known["admin_key"]]
    with server.client("admin_key") as admin, server.client() as client:
        account = admin.post("/api/accounts", json={}).json()["data"]
        made.append(account["api_key"])
        for scope in ("read", "trade", "full"):
            body = {"scope": scope, "login": known["login"]}
            made.append(admin.post("/api/keys", json=body).json()["data"]["api_key"])
        gone = admin.post("/api/keys", json={"scope": "admin"}).json()["data"]
        fresh = admin.post(f"/api/keys/{gone['key_id']}/rotate", json={}).json()["data"]
        made += [gone["api_key"], fresh["api_key"]]
        hook = {"url": "http://127.0.0.1:9/events", "events": ["deal.created"]}
        webhook = client.post("/api/webhooks", json=hook).json()["data"]
        path = f"/api/webhooks/{webhook['webhook_id']}"
        rotated = client.post(f"{path}/rotate-secret", json={"overlap_seconds": 60}).json()["data"]
        client.post(f"{path}/test")
        client.post("/api/trade", json=BUY)
    return made, [webhook["secret"], rotated["secret"]]


def _use(base_url: str, key: str) -> list[str]:
    """Use a key as it is meant, and in every other way; all that was answered."""
    right = {"Authorization": f"Bearer {key}"}
    told = []
    with httpx.Client(base_url=base_url) as client:

        def send(method: str, path: str, **more: Any) -> None:
            answer = client.request(method, path, **more)
            told.append(f"{answer.status_code} {dict(answer.headers)} {answer.text}")

        send("GET", "/api/account", headers=right)
        send("POST", "/api/trade", headers=right, json=BUY)
        for value in (f"Basic {key}", key, f"bearer  {key}", f"Bearer {key} {key}", f"Bearer {key[:-1]}"):
            send("GET", "/api/account", headers={"Authorization": value})
        for name in ("X-Api-Key", "Cookie", "X-Request-Id", "User-Agent", "Referer", "X-Forwarded-For"):
            send("GET", "/api/account", headers={**right, name: key})
        send("GET", "/api/account", headers=right, params={"api_key": key, key: "1"})
        send("GET", "/api/orders", headers=right, params={"symbol": key, "state": key, "cursor": key})
        for path in ("positions", "orders", "symbols", "quotes", "explain", "nothing"):
            send("GET", f"/api/{path}/{key}", headers=right)
        send("GET", f"/api/quotes/{key.replace('_', '%5F')}", headers=right)
        for path in (f"/api/keys/{key}", f"/api/webhooks/{quote(key)}", f"/{key}"):
            send("DELETE", path, headers=right)
        send("PUT", f"/{key}/../{key}", headers=right)
        for content in (
            key,
            f'"{key}"',
            f'{{"symbol": "{key}", "{key}": 1',
            json.dumps({**BUY, "symbol": key}),
            json.dumps({**BUY, "symbol": key[:24], "client_order_id": f"of-{key[-4:]}"}),
            json.dumps({**BUY, key: key}),
            json.dumps({**BUY, "volume": key, "action": key}),
            json.dumps({**BUY, "client_order_id": f"{key} {key}"}),
        ):
            send("POST", "/api/trade", headers={**right, "Content-Type": "application/json"}, content=content)
        send("POST", "/api/trade", headers={**right, "Content-Type": key}, content="{}")
        send("POST", "/api/webhooks", headers=right, json={"url": f"https://{key}@localhost", "events": []})
        for page in ("/docs", "/openapi.json", "/metrics", f"/metrics?{key}", f"/{key}"):
            send("GET", base_url.removesuffix("/v1") + page, headers=right)
    told += [_speak(base_url, each) for each in _unreadable(key)]
    told += [_listen(base_url, key, each) for each in _messages(key)]
    return told


def _unreadable(key: str) -> Iterator[bytes]:
    """What is no HTTP, with a key in it."""
    for text in (
        f"GET /v1/{key} HTTP/9.9\r\nHost: x\r\n\r\n",
        f"{key} /v1/api/account HTTP/1.1\r\nHost: x\r\n\r\n",
        f"GET /v1/api/account HTTP/1.1\r\nHost: {key}/\r\nAuthorization: Bearer {key}\r\n\r\n",
        f"GET /v1/api/account HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n{key}\r\n\r\n",
        f"POST /v1/api/trade HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: {key}\r\n\r\n{key}",
    ):
        yield text.encode()


def _speak(base_url: str, raw: bytes) -> str:
    with socket.create_connection(("127.0.0.1", httpx.URL(base_url).port or 0), timeout=10) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while piece := connection.recv(65_536):
            received += piece
    return received.decode()


def _messages(key: str) -> Iterator[tuple[str, ...]]:
    """What is said on the stream, one socket each; the first with the key in the header, None without."""
    yield (json.dumps({"op": "auth", "key": key}), f'{{"op": "subscribe", "channel": "{key}"}}')
    yield (json.dumps({"op": "auth", "key": key}), json.dumps({"op": "ping", "id": 7, key: key}))
    yield (json.dumps({"op": "auth", "key": key, "also": key}),)
    yield (json.dumps({"op": key}),)
    yield (key,)
    yield (json.dumps({"op": "auth", "key": key[:-1]}),)


def _listen(base_url: str, key: str, messages: tuple[str, ...]) -> str:
    heard = []
    url = base_url.replace("http://", "ws://") + "/api/stream"
    try:
        with connect(f"{url}?key={key}", compression=None, proxy=None) as reader:
            for each in messages:
                reader.send(each)
                heard.append(str(reader.recv(10)))
    except WebSocketException as error:
        heard.append(str(error))
    return " ".join(heard)


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_key_is_nowhere_but_in_its_file(tmp_path: Path, log_format: str) -> None:
    folder = tmp_path / "data"
    options = ("--log-format", log_format, "--rate-limit", 100_000, "--failed-auth-limit", 100_000)
    # asyncio's debugging logs what it is slow at.
    debugging = {"PYTHONASYNCIODEBUG": "1", "PYTHONFAULTHANDLER": "1"}
    market = ("--clock", "manual", "--start", "2026-03-02T09:30:00Z", "--allow-local-webhooks")
    with serving(folder, *options, *market, env=debugging) as server:
        made, signing = _make(server)
        told = [text for key in made[:2] for text in _use(server.credentials["base_url"], key)]
        with server.client() as client:
            for secret in signing:
                told.append(client.get(f"/api/positions/{quote(secret, safe='')}").text)
                told.append(client.post("/api/trade", json={**BUY, "symbol": secret}).text)
        with server.client("admin_key") as admin:
            faults = {"error_rate": 0.5, "reject_rate": 0.5, "lost_reply_rate": 0.2, "seed": 3}
            admin.put("/api/simulation/faults", json=faults)
            for _ in range(20):
                try:
                    told.append(admin.get("/api/quotes/EURUSD", headers=_bearer(made[3])).text)
                except httpx.TransportError:
                    continue
        process = Path(f"/proc/{server.process.pid}")
        told += [(process / name).read_bytes().decode() for name in ("cmdline", "environ")]
        told.append(httpx.get(f"{server.root}/metrics").text)
        at_work = _files(folder)
    assert found(made, *told, server.log, *at_work.values(), *_files(folder).values()) == []
    # A webhook's secret signs, so the journal has to have it; nothing else has.
    assert found(signing, *told, server.log) == []
    assert {"journal.sqlite", "journal.sqlite-wal"} <= at_work.keys()
    assert len(server.log.splitlines()) > 100
    assert stat.S_IMODE((folder / "credentials.json").stat().st_mode) == 0o600


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def _files(folder: Path) -> dict[str, bytes]:
    """All that is in a data folder, but the file that is there to hold keys."""
    return {
        each.name: each.read_bytes()
        for each in folder.rglob("*")
        if each.is_file() and each.name != "credentials.json"
    }


# ── when handlers fail, and with every library's debugging ─────────────────────────────────────────────────


@pytest.fixture(params=list(LogFormat))
def everything(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The log as a server writes it, but at the level DEBUG, for all libraries."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    monkeypatch.setattr(logging, "raiseExceptions", True)
    structlog.reset_defaults()
    configure_logs(request.param)
    root.setLevel(logging.DEBUG)
    # The clients of the tests log in this process too; what they send is theirs to know.
    for name in ("httpx", "httpcore", "websockets.client"):
        monkeypatch.setattr(logging.getLogger(name), "disabled", True)
    yield log
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    structlog.reset_defaults()


def _fail_with(handlers: dict[str, Handler]) -> dict[str, Handler]:
    """Handlers that fail with a key in what they raise: of a client's body, say."""

    async def fail(**arguments: Any) -> Json:
        raise RuntimeError(f"put in by a test: {arguments}")

    return {name: handler if "Key" in name else fail for name, handler in handlers.items()}


async def test_a_traceback_has_no_key(everything: io.StringIO) -> None:
    async with open_world(rewire=_fail_with) as world, world.client("full") as client:
        key = world.keys["full"]
        body = {**BUY, "comment": f"key {key[:24]}", "client_order_id": key}
        answer = await client.post("/api/trade", json=body)
        assert answer.json()["code"] == "INTERNAL_ERROR"
        told = answer.text
    logged = everything.getvalue()
    assert logged.count("Traceback") == 1
    assert f"'client_order_id': '{TEST_PREFIX}…'" in logged
    assert found([key], told, logged) == []


def test_debugging_of_all_libraries_shows_no_key(everything: io.StringIO) -> None:
    with served() as broker:
        key = broker.world.keys["full"]
        told = _use(broker.base_url, key)
    logged = everything.getvalue()
    assert f"WebSocket /v1/api/stream?key={TEST_PREFIX}…" in logged
    assert found([key], *told) == []
    assert [line for line in logged.splitlines() if found([key], line)] == []


def test_masking_leaves_alone_what_is_no_secret() -> None:
    for text in ("", "tk_", "a tk_live_… key", "whsec_", "stk_live", "Bearer", "tk_test_ and tk_live_"):
        assert masked(text) == text
    key = generate_key(TEST_PREFIX)
    assert masked(f"a {key}, and {key[:9]}.") == "a tk_test_…, and tk_test_…."
    assert masked("whsec_" + "Ab+/9" * 8 + "=") == "whsec_…"
