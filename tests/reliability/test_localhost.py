"""A server on one's own machine, and web pages that would like to use it: names, origins, where it listens.

Headers are sent as they are written here, over bare sockets, to servers in processes of their own; at the
end a real browser tries what its pages can.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import httpx
import jsonschema_rs
import pytest
from websockets.sync.client import ClientConnection, connect

from contract.served import DOCUMENT
from serving import Running, free_port, refusal, serving, tradyn
from tradyn.config import ConfigError, Settings
from tradyn.origins import Origins

EVIL: Final = "https://evil.example"
FRIEND: Final = "https://charts.example"
PROXY: Final = "broker.example"
BUY: Final = b'{"symbol":"EURUSD","action":"buy","volume":0.01}'
HANDSHAKE: Final = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)
CHROMIUM: Final = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
_ERROR: Final = jsonschema_rs.Draft4Validator(DOCUMENT.compilable("Error"))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """As it is started by whoever gives no option."""
    with serving(tmp_path_factory.mktemp("localhost") / "data", "--clock", "manual") as running:
        yield running


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """With an origin and a name more, and a proxy with TLS; `localhost` is where it listens."""
    names = ("--cors-origin", FRIEND, "--allowed-host", PROXY, "--allowed-host", "[2001:db8::1]:8443")
    options = ("--host", "localhost", *names, "--behind-tls-proxy", "--clock", "manual")
    with serving(tmp_path_factory.mktemp("told") / "data", *options) as running:
        yield running


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def refused(self) -> str:
        """Where the refusal in this answer says that something was wrong."""
        assert self.status == 400, (self.status, self.body)
        envelope = json.loads(self.body)
        assert list(_ERROR.iter_errors(envelope)) == []
        assert (envelope["code"], envelope["retcode"]) == ("INVALID_REQUEST", 10013)
        assert envelope["request_id"] == self.headers["x-request-id"]
        assert not [name for name in self.headers if name.startswith("access-control")]
        (detail,) = envelope["details"]
        assert envelope["error"] == f"{detail['at']}: {detail['problem']}"
        return str(detail["at"])


def ask(
    server: Running, *lines: str, method: str = "GET", path: str = "/v1/health/live", body: bytes = b""
) -> Answer:
    """One request with exactly these header lines; `<port>` in them is the server's."""
    length = (f"Content-Length: {len(body)}",) if body else ()
    given = [f"{method} {path} HTTP/1.1", *lines, *length]
    head = "\r\n".join((*given, "", "")).replace("<port>", str(server.port))
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(head.encode("latin-1") + body)
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65_536)
        head_bytes, _, rest = received.partition(b"\r\n\r\n")
        start, *pairs = head_bytes.decode("ascii").split("\r\n")
        headers = {name.lower(): value for name, value in (each.split(": ", 1) for each in pairs)}
        assert len(headers) == len(pairs), pairs
        has_body = method != "HEAD" and not start.startswith("HTTP/1.1 101")
        while len(rest) < int(headers.get("content-length", 0)) and has_body:
            rest += connection.recv(65_536)
    return Answer(int(start.split()[1]), headers, rest)


def trade(server: Running, *lines: str) -> Answer:
    """A purchase, with a key that may."""
    key = server.credentials["api_key"]
    own = (f"Authorization: Bearer {key}", "Content-Type: application/json")
    return ask(server, *lines, *own, method="POST", path="/v1/api/trade", body=BUY)


def positions(server: Running) -> int:
    with server.client() as client:
        return len(client.get("/api/positions").json()["data"])


# ---------------------------------------------------------------------- Host


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:<port>", "localhost:<port>", "[::1]:<port>", "LocalHost:<port>",
        # What no page of another can make a browser send: no port is that of http, empty is nobody's.
        "127.0.0.1", "localhost", "localhost:", "[::1]", "",
    ],
)  # fmt: skip
def test_its_own_names_are_right(plain: Running, host: str) -> None:
    assert ask(plain, f"Host: {host}").status == 200


FOREIGN_HOSTS: Final = [
    "evil.example", "evil.example:<port>", "127.0.0.1.evil.example:<port>", "localhost.evil.example:<port>",
    "evil-localhost:<port>", "localhost.:<port>", "127.0.0.1:1", "localhost:80", "localhost:0<port>",
    "127.0.0.2:<port>", "127.1:<port>", "2130706433:<port>", "0x7f000001:<port>", "0:<port>",
    "0.0.0.0:<port>", "[::]:<port>", "[::ffff:127.0.0.1]:<port>", "[0:0:0:0:0:0:0:1]:<port>",
    "192.168.1.5:<port>", "localhost%00.evil.example",
]  # fmt: skip


@pytest.mark.parametrize("path", ["/v1/health/live", "/docs", "/openapi.json", "/metrics", "/", "/nowhere"])
def test_no_page_and_no_operation_has_another_name(plain: Running, path: str) -> None:
    assert ask(plain, "Host: evil.example:<port>", path=path).refused == "header.Host"


def test_a_foreign_name_is_refused(plain: Running) -> None:
    for host in FOREIGN_HOSTS:
        answer = ask(plain, f"Host: {host}", "X-Request-Id: mine")
        assert answer.refused == "header.Host", host
        assert answer.headers["x-request-id"] == "mine"


def test_a_foreign_name_trades_nothing_even_with_a_key(plain: Running) -> None:
    before = positions(plain)
    assert trade(plain, "Host: evil.example:<port>").refused == "header.Host"
    assert positions(plain) == before
    assert trade(plain, "Host: 127.0.0.1:<port>").status == 200
    assert positions(plain) == before + 1


def test_the_stream_has_no_other_name(plain: Running) -> None:
    answer = ask(plain, "Host: evil.example:<port>", *HANDSHAKE, path="/v1/api/stream")
    assert answer.refused == "header.Host"
    assert ask(plain, "Host: localhost:<port>", *HANDSHAKE, path="/v1/api/stream").status == 101


def test_a_refusal_says_what_would_be_right(plain: Running) -> None:
    answer = ask(plain, "Host: Broker.example:<port>")
    sentence = json.loads(answer.body)["error"]
    port = plain.port
    assert f"127.0.0.1:{port}, [::1]:{port}, localhost:{port};" in sentence
    assert sentence.endswith(f"start the server with --allowed-host Broker.example:{port}")
    assert answer.headers.keys() == {
        "content-type", "cache-control", "x-content-type-options", "content-length", "x-request-id",
    }  # fmt: skip
    assert ask(plain, "Host: evil.example", method="HEAD").body == b""
    long = ask(plain, f"Host: {'a' * 60_000}")
    assert long.refused == "header.Host"
    assert len(long.body) < 2000


def test_refusals_are_counted_and_logged(plain: Running) -> None:
    ask(plain, "Host: evil.example", "X-Request-Id: counted-and-logged")
    # The line may be written a moment after the answer.
    until = time.monotonic() + 10
    while not re.search("400.*request_id=counted-and-logged", plain.log) and time.monotonic() < until:
        time.sleep(0.02)
    assert re.search("400.*request_id=counted-and-logged", plain.log)
    assert 'tradyn_requests_total{operation="none",status="400"}' in httpx.get(f"{plain.root}/metrics").text


@pytest.mark.parametrize(
    "host", [PROXY, f"{PROXY}:<port>", "Broker.Example", "[2001:db8::1]:8443", "127.0.0.1:<port>"]
)
def test_a_name_that_was_given_is_right(told: Running, host: str) -> None:
    assert ask(told, f"Host: {host}").status == 200


@pytest.mark.parametrize("host", [f"{PROXY}:1", f"a.{PROXY}", "[2001:db8::1]", "[2001:db8::1]:<port>"])
def test_a_name_is_right_as_it_was_given(told: Running, host: str) -> None:
    assert ask(told, f"Host: {host}").refused == "header.Host"


# ---------------------------------------------------------------------- Origin

OWN: Final = ["http://127.0.0.1:<port>", "http://localhost:<port>", "http://[::1]:<port>"]
FOREIGN: Final = [
    EVIL, FRIEND, "null", "", "http://127.0.0.1", "http://localhost:1", "https://localhost:<port>",
    "http://localhost:<port>.evil.example", "http://evil.example:<port>", "http://127.0.0.1:<port>/",
    "http://127.0.0.1:<port>, https://evil.example", "file://", "chrome-extension://abcdefgh",
    "HTTP://127.0.0.1:<port>",
]  # fmt: skip
LOCAL: Final = "Host: 127.0.0.1:<port>"


@pytest.mark.parametrize("origin", OWN)
def test_own_pages_trade_and_hear(plain: Running, origin: str) -> None:
    before = positions(plain)
    sent = (f"Origin: {origin}", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors")
    assert trade(plain, LOCAL, *sent).status == 200
    assert positions(plain) == before + 1
    assert ask(plain, LOCAL, *HANDSHAKE, *sent, path="/v1/api/stream").status == 101


def test_pages_of_others_do_nothing(plain: Running) -> None:
    before = positions(plain)
    for origin in FOREIGN:
        sent = f"Origin: {origin}"
        assert trade(plain, LOCAL, sent).refused == "header.Origin", origin
        assert ask(plain, LOCAL, *HANDSHAKE, sent, path="/v1/api/stream").refused == "header.Origin"
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"):
            answer = ask(plain, LOCAL, sent, "Access-Control-Request-Method: POST", method=method)
            assert answer.status == 400
            assert method == "HEAD" or answer.refused == "header.Origin"
    assert positions(plain) == before


def test_two_origins_are_none(plain: Running) -> None:
    assert trade(plain, LOCAL, f"Origin: {OWN[0]}", f"Origin: {OWN[0]}").refused == "header.Origin"


def test_what_a_page_loads_without_telling_its_origin(plain: Running) -> None:
    for site in ("cross-site", "same-site"):
        for path in ("/v1/health/live", "/openapi.json", "/docs/icon.svg", "/metrics"):
            sent = (LOCAL, f"Sec-Fetch-Site: {site}", "Sec-Fetch-Mode: no-cors")
            assert ask(plain, *sent, path=path).refused == "header.Sec-Fetch-Site"
        assert trade(plain, LOCAL, f"Sec-Fetch-Site: {site}").refused == "header.Sec-Fetch-Site"
        form = (f"Sec-Fetch-Site: {site}", "Sec-Fetch-Mode: navigate")
        assert trade(plain, LOCAL, *form).refused == "header.Sec-Fetch-Site"
        # A link from elsewhere is followed.
        assert ask(plain, LOCAL, *form, path="/docs").status == 200
    for site in ("same-origin", "none"):
        assert ask(plain, LOCAL, f"Sec-Fetch-Site: {site}", path="/openapi.json").status == 200


@pytest.mark.parametrize("origin", [FRIEND, f"https://{PROXY}", f"http://{PROXY}:<port>"])
def test_origins_that_were_given_may(told: Running, origin: str) -> None:
    sent = (f"Host: {PROXY}", f"Origin: {origin}", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors")
    assert trade(told, *sent).status == 200
    assert ask(told, *sent, *HANDSHAKE, path="/v1/api/stream").status == 101


def test_cors_is_for_the_origins_that_were_given(told: Running) -> None:
    asking = ("Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization")
    allowed = ask(told, LOCAL, f"Origin: {FRIEND}", *asking, method="OPTIONS", path="/v1/api/trade")
    assert (allowed.status, allowed.headers["access-control-allow-origin"]) == (200, FRIEND)
    answer = ask(told, LOCAL, f"Origin: {FRIEND}")
    assert answer.headers["access-control-allow-origin"] == FRIEND
    for origin in (EVIL, "null", "https://charts.example.evil.example"):
        refused = ask(told, LOCAL, f"Origin: {origin}", *asking, method="OPTIONS", path="/v1/api/trade")
        assert refused.refused == "header.Origin"
        assert ask(told, LOCAL, f"Origin: {origin}").refused == "header.Origin"


def test_any_origin_where_that_was_given() -> None:
    origins = Origins(Settings(cors_origins=("*",)))
    scope = {"type": "http", "method": "POST", "server": ("127.0.0.1", 8080)}
    from_file = [(b"host", b"127.0.0.1:8080"), (b"origin", b"null"), (b"sec-fetch-site", b"cross-site")]
    assert origins.refusal({**scope, "headers": from_file}) is None
    assert origins.refusal({**scope, "headers": [(b"host", b"evil.example:8080")]}) is not None


def test_any_port_where_that_was_given() -> None:
    origins = Origins(Settings(allowed_hosts=("LocalHost:*", "[::1]:*")))
    scope = {"type": "http", "method": "POST", "server": ("127.0.0.1", 8080)}
    for host in (b"localhost:9000", b"[::1]:9000", b"LOCALHOST:9001", b"localhost"):
        assert origins.refusal({**scope, "headers": [(b"host", host)]}) is None
    for host in (b"127.0.0.1:9000", b"localhost:9000.evil.example", b"a.localhost:9000", b"[::2]:9000"):
        assert origins.refusal({**scope, "headers": [(b"host", host)]}) is not None
    # A page is our own only where it came from: at the very port that it sends this to.
    for host, origin, is_own in (
        (b"localhost:9000", b"http://localhost:9000", True),
        (b"localhost:9000", b"http://localhost:3000", False),
        (b"localhost:8080", b"http://localhost:9000", False),
        (b"127.0.0.1:8080", b"http://localhost:9000", False),
        (b"[::1]:9000", b"https://[::1]:9000", True),
    ):
        sent = [(b"host", host), (b"origin", origin)]
        assert (origins.refusal({**scope, "headers": sent}) is None) == is_own, (host, origin)


def test_port_80_is_left_out_by_browsers() -> None:
    origins = Origins(Settings(port=80))
    scope = {"type": "http", "method": "POST", "server": ("127.0.0.1", 80)}
    own = [(b"host", b"localhost"), (b"origin", b"http://localhost")]
    assert origins.refusal({**scope, "headers": own}) is None
    assert origins.refusal({**scope, "headers": [(b"origin", b"http://localhost:8080")]}) is not None


def test_where_it_listens_on_every_address_the_one_that_was_called_is_right() -> None:
    origins = Origins(Settings(host="0.0.0.0", insecure_listen=True))
    for at in ("192.168.1.5", "::ffff:192.168.1.5"):
        scope = {"type": "http", "method": "GET", "server": (at, 8080)}
        assert origins.refusal({**scope, "headers": [(b"host", b"192.168.1.5:8080")]}) is None
        for other in (b"192.168.1.6:8080", b"0.0.0.0:8080", b"evil.example:8080"):
            assert origins.refusal({**scope, "headers": [(b"host", other)]}) is not None


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("https://A.example/", "https://a.example"), ("https://a.example:443", "https://a.example"),
        ("https://a.example/page", "https://a.example"), ("a.example", "http://localhost:5173"),
        ("null", "http://localhost:5173"), ("", "http://localhost:5173"), ("http://[::1", "http://localhost"),
        ("https://*.example ", "https://*.example"),
    ],
)  # fmt: skip
def test_an_origin_that_no_browser_sends_is_refused_at_the_start(given: str, right: str) -> None:
    with pytest.raises(ConfigError, match=f"right would be .*{re.escape(right)}"):
        Origins(Settings(cors_origins=(given,)))


@pytest.mark.parametrize(
    "given", ["http://a.example", "a.example/", "a b", "", "a:0", "a:65536", "*", "*:*", "::1"]
)
def test_a_host_that_is_none_is_refused_at_the_start(given: str) -> None:
    with pytest.raises(ConfigError, match="is no host; right would be"):
        Origins(Settings(allowed_hosts=(given,)))


# ---------------------------------------------------------------------- bodies

KINDS: Final = [
    "text/plain", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "multipart/form-data",
    "application/json; charset=latin-1", "application/csp-report", "application/json, text/plain",
    "application/jsonp", "text/json", "",
]  # fmt: skip


def test_a_body_must_say_that_it_is_json(plain: Running) -> None:
    """What a page may send without asking first (a form, a beacon) is never taken."""
    before = positions(plain)
    key = f"Authorization: Bearer {plain.credentials['api_key']}"
    for line in (*(f"Content-Type: {kind}" for kind in KINDS), "X-Nothing: at all"):
        answer = ask(plain, LOCAL, key, line, method="POST", path="/v1/api/trade", body=BUY)
        assert answer.refused == "header.Content-Type", line
    assert positions(plain) == before
    kind = "Content-Type: Application/JSON; charset=UTF-8"
    assert ask(plain, LOCAL, key, kind, method="POST", path="/v1/api/trade", body=BUY).status == 200


# ---------------------------------------------------------------------- headers of pages

PAGES: Final = [
    "/docs",
    "/docs/page.js",
    "/docs/swagger-ui.css",
    "/openapi.yaml",
    "/openapi.json",
    "/metrics",
]


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_protected(plain: Running, path: str) -> None:
    headers = ask(plain, LOCAL, path=path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'") and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert (headers.get("cache-control") == "no-store") == (path in ("/docs", "/metrics"))
    assert not [name for name in headers if name.startswith(("access-control", "server", "date"))]


def test_every_answer_of_the_api_is_json_and_nothing_else(plain: Running) -> None:
    for path in ("/v1/health/live", "/v1/api/account", "/nowhere", "/v1/api/stream"):
        headers = ask(plain, LOCAL, path=path).headers
        assert headers["content-type"] == "application/json"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/"])
def test_a_person_is_led_to_the_reference(plain: Running, path: str) -> None:
    led = ask(plain, LOCAL, "Accept: text/html,application/xhtml+xml,*/*;q=0.8", path=path)
    assert (led.status, led.headers["location"], led.headers["vary"]) == (307, "/docs", "Accept")
    program = ask(plain, LOCAL, "Accept: */*", path=path)
    assert (program.status, json.loads(program.body)["code"]) == (404, "NOT_FOUND")


# ---------------------------------------------------------------------- where it listens


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "255.255.255.255"])
def test_it_does_not_listen_beyond_this_machine_unasked(tmp_path: Path, host: str) -> None:
    sentence = refusal("serve", "--host", host, "--data-dir", tmp_path / "data", "--port", 1)
    assert sentence.startswith("tradyn: Will not listen on ")
    for way in ("--host at 127.0.0.1", "--behind-tls-proxy", "--insecure-listen"):
        assert way in sentence
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("option", ["--behind-tls-proxy", "--insecure-listen"])
def test_it_does_when_it_is_meant(tmp_path: Path, option: str) -> None:
    # An address of no interface here, so that nothing is opened to anybody.
    arguments = ("serve", "--host", "192.0.2.1", "--data-dir", tmp_path / "data", "--port", 1)
    assert "Cannot listen on 192.0.2.1:1" in refusal(*arguments, option)
    name = f"TRADYN_{option[2:].replace('-', '_').upper()}"
    assert "Cannot listen on 192.0.2.1:1" in refusal(*arguments, env={name: "1"})


def test_by_default_only_this_machine_can_connect(plain: Running) -> None:
    # Every address of 127.0.0.0/8 is this machine, and only the one was taken.
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", plain.port), timeout=5)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--allowed-host", "http://a.example"), "--allowed-host 'http://a.example' is no host"),
        (("--cors-origin", "https://a.example/"), "right would be https://a.example, with no path"),
    ],
)
def test_names_are_checked_before_anything_is_made(
    tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    assert says in refusal("serve", *options, "--data-dir", tmp_path / "data", "--port", free_port())
    assert not (tmp_path / "data").exists()


# ---------------------------------------------------------------------- others on this machine


def modes(folder: Path) -> dict[str, int]:
    """Of the files in a folder."""
    return {each.name: each.stat().st_mode & 0o777 for each in folder.iterdir()}


def test_nobody_else_reads_what_a_replay_or_a_statement_writes(tmp_path: Path) -> None:
    (data := tmp_path / "EURUSD.csv").write_text(
        "time,open,high,low,close\n2026-03-02T09:30:00Z,1.1,1.2,1.0,1.1\n"
    )
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)
    options = ("--symbol", "EURUSD", "--spread", 10, "--data-dir", folder)
    done = tradyn("replay", data, *options, "--html", tmp_path / "page.html")
    assert done.returncode == 0, done.stderr
    assert {"journal.sqlite", "credentials.json"} <= modes(folder).keys()
    assert set(modes(folder).values()) == {0o600}
    assert modes(tmp_path)["page.html"] == 0o600


def test_a_journal_that_others_could_read_is_made_private(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with serving(folder, "--clock", "manual") as server:
        assert trade(server, LOCAL).status == 200
        server.process.kill()
        server.process.wait()
    log = folder / "journal.sqlite-wal"
    assert log.stat().st_size
    for each in folder.glob("journal*"):
        each.chmod(0o644)
    with serving(folder, "--clock", "manual"):
        assert log.exists()
        assert set(modes(folder).values()) == {0o600}


def test_nobody_else_reads_the_data_folder(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)
    with serving(folder, "--clock", "manual") as server:
        assert trade(server, LOCAL).status == 200
        files = modes(folder)
    assert {"journal.sqlite", "journal.sqlite-wal", "credentials.json"} <= files.keys()
    assert {name: mode for name, mode in files.items() if mode & 0o077} == {}


# ---------------------------------------------------------------------- a browser

# What a page can try: each attempt by name, and what it came to, for one server.
ATTEMPTS: Final = """
(async (base, key) => {
  const outcome = {};
  const attempt = async (name, work) => {
    try { outcome[name] = String(await work()); } catch (error) { outcome[name] = "failed: " + error.name; }
  };
  const body = JSON.stringify({symbol: "EURUSD", action: "buy", volume: 0.01});
  const authorized = {Authorization: "Bearer " + key, "Content-Type": "application/json"};
  await attempt("read", async () =>
    (await (await fetch(base + "/api/account", {headers: authorized})).json()).success);
  await attempt("read without key", async () => (await (await fetch(base + "/health/live")).json()).success);
  await attempt("trade", async () =>
    (await (await fetch(base + "/api/trade", {method: "POST", headers: authorized, body})).json()).success);
  await attempt("trade unseen", async () =>
    (await fetch(base + "/api/trade", {method: "POST", mode: "no-cors", body})).type);
  await attempt("beacon", async () => navigator.sendBeacon(base + "/api/trade", body));
  await attempt("stream", () => new Promise((resolve, reject) => {
    const socket = new WebSocket(base.replace("http", "ws") + "/api/stream");
    socket.onopen = () => socket.send(JSON.stringify({op: "auth", key}));
    socket.onmessage = ({data}) => resolve(JSON.parse(data).event);
    socket.onclose = ({code}) => reject({name: code});
  }));
  await attempt("image", () => new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => resolve("loaded");
    image.onerror = () => reject({name: "image"});
    image.src = new URL(base).origin + "/docs/icon.svg";
  }));
  return outcome;
})"""

LIVENESS: Final = "document.querySelector('#operations-Service-getLiveness')"
SHOWN: Final = f"{LIVENESS}.querySelector('.live-responses-table .response')"


class Browser:
    """A headless Chromium, spoken to through its debugging protocol."""

    def __init__(self, socket_: ClientConnection) -> None:
        self._socket = socket_
        self._last = 0

    def call(self, method: str, **parameters: Any) -> Any:
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(60))
            if message.get("id") == self._last:
                assert "error" not in message, message
                return message["result"]

    def run(self, expression: str) -> Any:
        """The value of an expression in the page, or of its promise."""
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def open(self, address: str) -> None:
        self.call("Page.navigate", url=address)
        self.wait_for(
            f"location.href.startsWith({json.dumps(address)}) && document.readyState === 'complete'"
        )

    def wait_for(self, condition: str) -> None:
        give_up = time.monotonic() + 60
        while not self.run(f"Boolean({condition})"):
            assert time.monotonic() < give_up, condition
            time.sleep(0.05)


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    command = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}"]
    command += ["--remote-debugging-port=0", "--host-resolver-rules=MAP rebound.example 127.0.0.1"]
    process = subprocess.Popen(
        [*command, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        told = folder / "DevToolsActivePort"
        give_up = time.monotonic() + 60
        while not (told.exists() and told.read_text().count("\n")):
            assert process.poll() is None and time.monotonic() < give_up, "the browser does not start"
            time.sleep(0.05)
        port = told.read_text().split("\n")[0]
        pages = [
            each for each in httpx.get(f"http://127.0.0.1:{port}/json/list").json() if each["type"] == "page"
        ]
        with connect(pages[0]["webSocketDebuggerUrl"], max_size=None) as found:
            yield Browser(found)
    finally:
        process.terminate()
        process.wait(30)


class _Page(BaseHTTPRequestHandler):
    """A page of somebody else."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Somebody else</title>")

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.skipif(CHROMIUM is None, reason="no browser on this machine")
def test_a_browser_keeps_pages_of_others_out(tmp_path: Path, plain: Running) -> None:
    site = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    origin = f"http://localhost:{site.server_port}"

    def try_all(page: Browser, server: Running) -> Any:
        known = server.credentials
        return page.run(f"{ATTEMPTS}({json.dumps(known['base_url'])}, {json.dumps(known['api_key'])})")

    options = ("--clock", "manual", "--cors-origin", origin)
    try:
        with serving(tmp_path / "open", *options) as open_, browser(tmp_path / "profile") as page:
            page.open(origin)
            before = positions(plain)
            outcome = try_all(page, plain)
            assert outcome.pop("beacon") in ("true", "false")
            # Sent without asking, it gets an answer that the page cannot see.
            assert outcome.pop("trade unseen") == "opaque"
            assert set(outcome) == {"read", "read without key", "trade", "stream", "image"}
            assert all(each.startswith("failed: ") for each in outcome.values()), outcome
            assert positions(plain) == before
            # The same page, where it was allowed: so the attempts themselves are sound.
            outcome = try_all(page, open_)
            assert [outcome[each] for each in ("read", "read without key", "trade")] == ["true"] * 3
            assert outcome["stream"] == "welcome"
            assert positions(open_) == 1
            # A name of others that leads here is not ours.
            page.open(f"http://rebound.example:{plain.port}/docs")
            assert "header.Host" in page.run("document.body.innerText")
            # Our own reference may do all of it, and sends what it is asked to.
            page.open(f"{plain.root}/docs")
            outcome = try_all(page, plain)
            assert [outcome[each] for each in ("read", "trade", "stream", "image")] == [
                "true", "true", "welcome", "loaded",
            ]  # fmt: skip
            assert positions(plain) == before + 1
            page.wait_for(LIVENESS)
            page.run(f"{LIVENESS}.querySelector('.opblock-summary-control').click()")
            page.wait_for(f"{LIVENESS}.querySelector('.execute')")
            page.run(f"{LIVENESS}.querySelector('.execute').click()")
            page.wait_for(SHOWN)
            assert page.run(f"{SHOWN}.innerText").startswith("200")
    finally:
        site.shutdown()
        site.server_close()
