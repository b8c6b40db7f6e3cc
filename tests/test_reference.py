"""The page at `/docs`: what it is made of, what it may load, and the address that it shows."""

from __future__ import annotations

import html
import re
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import httpx
import pytest

from serving import Running, serving
from tradyn.reference.quick_starts import ADDRESS, QUICK_STARTS, quick_start_folder

ROOT: Final = Path(__file__).parents[1]
FILES: Final = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
}
# Namespaces and the like: names, not addresses that anything is loaded from.
NAMES: Final = {"http://www.w3.org/2000/svg"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    names = ("--allowed-host", "broker.example:9090", "--allowed-host", "localhost:9090")
    with serving(tmp_path_factory.mktemp("reference") / "data", *names) as running:
        yield running


class _Page(HTMLParser):
    """What a browser would load, run or go to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self.codes: list[str] = []
        self._depth = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [value for name, value in attrs if name in ("src", "href", "action") and value]
        self.inline += [name for name in given if name.startswith("on") or name == "style"]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        if tag == "pre":
            self.codes.append("")
            self._depth = 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self._depth = 0

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.codes[-1] += data


def page(server: Running, **headers: str) -> _Page:
    return _Page(httpx.get(f"{server.root}/docs", headers=headers).text)


def test_the_welcome_names_it(server: Running) -> None:
    assert f"{server.root}/docs\n" in server.welcome


@pytest.mark.parametrize("path", ["/docs", "/docs/"])
def test_the_page_is_there(server: Running, path: str) -> None:
    answer = httpx.get(server.root + path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    head = httpx.head(server.root + path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(answer.content))


def test_everything_it_loads_is_there(server: Running) -> None:
    addresses = [each for each in page(server).addresses if not each.startswith("#")]
    assert {f"/docs/{name}" for name in FILES} <= set(addresses)
    for address in addresses:
        answer = httpx.get(server.root + address)
        assert answer.status_code == 200, address
        kind = FILES.get(address.removeprefix("/docs/"))
        assert kind is None or answer.headers["content-type"].startswith(kind)
        assert answer.headers["content-length"] == httpx.head(server.root + address).headers["content-length"]


def test_swagger_ui_is_the_packages_own(server: Running) -> None:
    spec = find_spec("swagger_ui")
    assert spec is not None and spec.submodule_search_locations
    static = Path(spec.submodule_search_locations[0]) / "static"
    for name in ("swagger-ui.css", "swagger-ui-bundle.js"):
        assert httpx.get(f"{server.root}/docs/{name}").content == (static / name).read_bytes()
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    assert "swagger-ui" not in tracked


def test_no_other_host_takes_part(server: Running) -> None:
    answer = httpx.get(f"{server.root}/docs")
    shown = _Page(answer.text)
    assert [
        each for each in shown.addresses if not each.startswith(("/", "#")) or each.startswith("//")
    ] == []
    assert shown.inline == []
    for name in ("page.css", "page.js", "icon.svg"):
        text = httpx.get(f"{server.root}/docs/{name}").text
        assert set(re.findall(r"(?:https?:)?//[\w.-]+\.\w[^\s\"')]*", text)) <= NAMES, name
    assert "validatorUrl: null" in httpx.get(f"{server.root}/docs/page.js").text


@pytest.mark.parametrize("path", ["/docs", "/docs/", *(f"/docs/{name}" for name in FILES)])
def test_a_policy_enforces_it(server: Running, path: str) -> None:
    headers = httpx.get(server.root + path).headers
    policy = dict(each.strip().split(" ", 1) for each in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert {policy[each] for each in ("base-uri", "form-action", "frame-ancestors")} == {"'none'"}
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_nothing_else_is_served(server: Running) -> None:
    for path in (
        "/docs/swagger-ui.js",
        "/docs/page.html",
        "/docs/index.html",
        "/docs//page.css",
        "/docs/page.css/",
        "/docs/../tradyn.yaml",
        "/docs/%2e%2e/page.css",
        "/docs/..%2f..%2finstruments.toml",
        "/docs/page.css%00",
        "/docs/PAGE.CSS",
        "/Docs",
    ):
        status, body = raw(server, "GET", path)
        assert status == 404, path
        assert b'"success":false' in body and b'"code":"NOT_FOUND"' in body, path


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_it_is_only_to_read(server: Running, method: str) -> None:
    answer = httpx.request(method, f"{server.root}/docs/page.css")
    assert answer.status_code in (404, 405)
    assert answer.json()["success"] is False


def raw(server: Running, method: str, path: str) -> tuple[int, bytes]:
    """A request whose path no client library has tidied up."""
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        answer = b""
        while part := connection.recv(65536):
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


def test_each_quick_start_is_shown_as_it_is(server: Running) -> None:
    text = httpx.get(f"{server.root}/docs").text
    assert [html.unescape(each) for each in re.findall(r'role="tab"[^>]*>([^<]+)<', text)] == [
        each.language for each in QUICK_STARTS
    ]
    shown = _Page(text).codes
    for quick_start, code in zip(QUICK_STARTS, shown, strict=True):
        source = (quick_start_folder() / quick_start.file).read_text()
        assert code.strip() == source.replace(ADDRESS, f"{server.root}/v1").strip()
        assert ADDRESS not in code


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("localhost:9090", "http://localhost:9090/v1"),
        ("broker.example:9090", "http://broker.example:9090/v1"),
        ("[::1]:<port>", "http://[::1]:<port>/v1"),
        ("", "http://127.0.0.1:<port>/v1"),
    ],
)
def test_the_address_is_the_readers(server: Running, host: str, shown: str) -> None:
    host, shown = (each.replace("<port>", str(server.port)) for each in (host, shown))
    answer = httpx.get(f"{server.root}/docs", headers={"Host": host})
    assert f"<code>{shown}</code>" in answer.text
    content = _Page(answer.text)
    assert content.codes
    assert all(shown in code for code in content.codes)
    assert content.inline == []


@pytest.mark.parametrize(
    "host", ["<script>alert(1)</script>", "a b", 'x"onload="1', "user@evil.example", "x/../y", "evil.example"]
)
def test_no_other_address_is_shown(server: Running, host: str) -> None:
    answer = httpx.get(f"{server.root}/docs", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST")


def test_the_document_carries_the_address_of_the_server(server: Running) -> None:
    document = httpx.get(f"{server.root}/openapi.json").json()
    assert document["servers"][0]["url"] == f"{server.root}/v1"
    for path in ("/openapi.json", "/openapi.yaml"):
        text = httpx.get(server.root + path).text
        assert f"{server.root}/v1/api/account" in text
        assert ADDRESS not in text


def test_a_start_reads_nothing_of_it() -> None:
    program = "import sys, tradyn.app; print({'pygments', 'swagger_ui'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_the_wheel_has_all_of_it(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)],
        capture_output=True,
        text=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "installed")
    assert {f"tradyn/quickstart/{each.file}" for each in QUICK_STARTS} <= names
    assert {
        f"tradyn/data/reference/{each}" for each in ("page.html", "page.css", "page.js", "icon.svg")
    } <= names
    program = (
        "from tradyn.reference.quick_starts import quick_start_folder; print(quick_start_folder().is_dir(), "
        "quick_start_folder())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(tmp_path / "installed")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == f"True {tmp_path / 'installed' / 'tradyn' / 'quickstart'}"


def test_a_browser_shows_every_operation(server: Running, tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium on this machine")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}"]
    command += ["--enable-logging=stderr", "--virtual-time-budget=30000", "--dump-dom", f"{server.root}/docs"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    document = httpx.get(f"{server.root}/openapi.json").json()
    operations = [
        each for item in document["paths"].values() for each in item.values() if isinstance(each, dict)
    ]
    for operation in operations:
        tag = operation["tags"][0].replace(" ", "_")
        assert f'id="operations-{tag}-{operation["operationId"]}"' in done.stdout, operation["operationId"]
    tags = re.findall(r'<h3 class="opblock-tag[^"]*" id="operations-tag-([\w ]+)"', done.stdout)
    assert tags == [each["name"].replace(" ", "_") for each in document["tags"]]
    assert "CONSOLE" not in done.stderr, done.stderr
