"""The TypeScript client as its users meet it: type-checked, against running servers, in another project."""

from __future__ import annotations

import json
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from contract import document_rules
from journeys.conftest import DEFAULTS, SERVER
from serving import TRADYN, free_port

if TYPE_CHECKING:
    from journeys.conftest import StartServer

CLIENT: Final = Path(__file__).parents[2] / "clients" / "typescript"
NODE: Final = Path(sys.prefix) / "bin" / "node"
NPM: Final = NODE.with_name("npm")
TSC: Final = CLIENT / "node_modules" / "typescript" / "bin" / "tsc"
GENERATE: Final = CLIENT / "scripts" / "generate.ts"
DOCUMENT: Final = document_rules.load()


def run(
    *command: str | Path, cwd: Path = CLIENT, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("TRADYN_", "npm_"))}
    path = f"{NODE.parent}{os.pathsep}{own.get('PATH', '')}"
    return subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env={**own, "PATH": path, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module", autouse=True)
def packages() -> None:
    if not TSC.exists():
        pytest.fail("The packages of clients/typescript are missing: run npm ci there (make test does)")


# ---------------------------------------------------------------------- the tests written in TypeScript


def test_the_types_hold() -> None:
    done = run(NPM, "run", "typecheck")
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_is_formatted() -> None:
    done = run(NPM, "run", "lint")
    assert done.returncode == 0, done.stdout + done.stderr


def node_test(file: str, env: Mapping[str, str] | None = None) -> None:
    """All tests of the file pass, and none is skipped."""
    done = run(NODE, "--test", "--test-reporter=tap", f"test/{file}", env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    counts = {name: int(count) for name, count in re.findall(r"^# (\w+) (\d+)$", done.stdout, re.MULTILINE)}
    assert counts["pass"] == counts["tests"] == file_tests(done.stdout), done.stdout


def file_tests(tap: str) -> int:
    """How many tests the report names, without the suites around them."""
    suites = len(re.findall(r"^ *type: 'suite'$", tap, re.MULTILINE))
    count = len(re.findall(r"^ *ok \d+ - ", tap, re.MULTILINE)) - suites
    assert count > 0
    return count


def test_every_file_of_tests_is_run() -> None:
    assert sorted(file.name for file in (CLIENT / "test").iterdir()) == [
        "answers.test.ts",
        "broker.test.ts",
        "live.test.ts",
        "retry.test.ts",
        "stream.test.ts",
        "types.test.ts",
    ]


@pytest.mark.parametrize("file", ["answers.test.ts", "retry.test.ts", "stream.test.ts", "types.test.ts"])
def test_without_a_server(file: str) -> None:
    node_test(file)


def test_against_running_servers(start_server: StartServer) -> None:
    broker = start_server()
    busy = start_server(rate_limit=3)
    node_test(
        "broker.test.ts",
        {
            "BROKER_URL": broker.base_url,
            "BROKER_ADMIN_KEY": broker.admin_key,
            "BUSY_URL": busy.base_url,
            "BUSY_API_KEY": busy.api_key,
        },
    )


def test_the_stream_of_running_servers(start_server: StartServer, tmp_path: Path) -> None:
    # The lines that are cut have ports of their own.
    broker = start_server(allowed_host="127.0.0.1:*")
    data, port = tmp_path / "data", free_port()
    options = {**DEFAULTS, "data-dir": str(data), "port": str(port)}
    command = [*TRADYN, "serve", *(f"--{name}={value}" for name, value in options.items())]
    node_test(
        "live.test.ts",
        {
            "BROKER_URL": broker.base_url,
            "BROKER_ADMIN_KEY": broker.admin_key,
            "SERVE": json.dumps(command),
            "SERVE_URL": f"http://127.0.0.1:{port}/v1",
            "SERVE_DATA": str(data),
            "PYTHONPATH": str(SERVER),
        },
    )


# ---------------------------------------------------------------------- what is generated


def test_the_generated_files_are_up_to_date() -> None:
    done = run(NODE, GENERATE, "--check")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The client at the same place beside a contract of the test's own, with the packages it has here."""
    target = tmp_path / "clients" / "typescript"
    shutil.copytree(CLIENT, target, ignore=shutil.ignore_patterns("node_modules", "dist", "*.tgz"))
    (target / "node_modules").symlink_to(CLIENT / "node_modules")
    (tmp_path / "openapi").mkdir()
    shutil.copy(CLIENT.parents[1] / "openapi" / "tradyn.yaml", tmp_path / "openapi")
    return target


def test_each_difference_is_named_and_mended(copy: Path) -> None:
    generated = copy / "src" / "generated"
    before = {path.name: path.read_bytes() for path in generated.iterdir()}
    with (generated / "errors.ts").open("a") as file:
        file.write("// by hand\n")
    (generated / "by_hand.ts").touch()
    (generated / "models.ts").unlink()
    done = run(NODE, "scripts/generate.ts", "--check", cwd=copy)
    assert done.returncode == 1
    assert done.stdout.splitlines()[:3] == [
        "src/generated/by_hand.ts: not generated",
        "src/generated/errors.ts: different",
        "src/generated/models.ts: missing",
    ]
    assert run(NODE, "scripts/generate.ts", cwd=copy).returncode == 0
    assert {path.name: path.read_bytes() for path in generated.iterdir()} == before


def edit(contract: Path, change: Callable[[str], str]) -> None:
    before = contract.read_text()
    contract.write_text(change(before))
    assert contract.read_text() != before


def test_what_may_be_repeated_follows_the_contract(copy: Path) -> None:
    contract = copy.parents[1] / "openapi" / "tradyn.yaml"
    edit(contract, lambda text: text.replace("name: client_order_id\n", "name: other_id\n"))
    assert run(NODE, "scripts/generate.ts", cwd=copy).returncode == 0
    traits = (copy / "src" / "generated" / "contract.ts").read_text()
    assert '"POST /api/trade": { clientOrderId: "body" }' in traits
    assert "DELETE /api/positions/{ticket}" not in traits


def test_the_events_of_the_stream_follow_the_contract(copy: Path) -> None:
    contract = copy.parents[1] / "openapi" / "tradyn.yaml"
    edit(contract, lambda text: text.replace('pattern: "^tick$"', 'pattern: "^quote$"'))
    done = run(NODE, "scripts/generate.ts", cwd=copy)
    assert done.returncode != 0
    assert "The contract has no schema whose event is tick" in done.stderr


def test_the_events_of_each_channel_are_the_documents() -> None:
    text = (CLIENT / "src" / "generated" / "stream.ts").read_text()
    stream = DOCUMENT.root["x-streams"]["/api/stream"]
    listed = re.search(r"CHANNEL_OF_EVENT = \{\n(.*?)\} as const", text, re.DOTALL)
    assert listed is not None
    assert re.findall(r'(\w+): "(\w+)"', listed.group(1)) == [
        (event, name) for name, channel in stream["channels"].items() for event in channel["events"]
    ]


def test_a_code_without_a_meaning_stops_the_generator(copy: Path) -> None:
    contract = copy.parents[1] / "openapi" / "tradyn.yaml"
    edit(contract, lambda text: text.replace("| `NO_QUOTES` | 400", "| `NO_QUOTE` | 400"))
    done = run(NODE, "scripts/generate.ts", cwd=copy)
    assert done.returncode != 0
    assert "The table in the description of ErrorCode has no row for NO_QUOTES" in done.stderr


def test_every_generated_file_says_so() -> None:
    for path in (CLIENT / "src" / "generated").iterdir():
        first = path.read_text().partition("\n")[0]
        assert first == "// Generated from openapi/tradyn.yaml by scripts/generate.ts. Do not edit."


def test_the_operations_with_an_id_are_the_documents() -> None:
    text = (CLIENT / "src" / "generated" / "contract.ts").read_text()
    listed = set(re.findall(r'"(\w+ \S+)": \{ clientOrderId: ', text))
    schemas = DOCUMENT.root["components"]["schemas"]
    wanted = set()
    for path, item in DOCUMENT.root["paths"].items():
        for method in item.keys() & {"post", "delete", "patch", "put"}:
            content = json.dumps(item[method].get("requestBody", {}))
            body = [name for name in re.findall(r"schemas/(\w+)", content)]
            named = any("client_order_id" in schemas[name].get("properties", {}) for name in body)
            if named or "parameters/ClientOrderId" in json.dumps(item[method].get("parameters", [])):
                wanted.add(f"{method.upper()} {path}")
    assert listed == wanted and len(wanted) >= 6


# ---------------------------------------------------------------------- the package


def test_version_and_lock() -> None:
    package = json.loads((CLIENT / "package.json").read_text())
    assert package["version"] == DOCUMENT.root["info"]["version"]
    assert all(re.fullmatch(r"[0-9.]+", version) for version in package["dependencies"].values())
    assert '"resolved"' not in (CLIENT / "package-lock.json").read_text()


def test_the_library_needs_nothing_of_node() -> None:
    # That it names none of Node's globals is the compiler's to say: tsconfig.build.json has no types of Node.
    assert json.loads((CLIENT / "tsconfig.build.json").read_text())["compilerOptions"]["types"] == []
    for path in (CLIENT / "src").rglob("*.ts"):
        modules = re.findall(r'^(?:import|export)\b[^;]*? from "([^"]+)";$', path.read_text(), re.MULTILINE)
        assert {each for each in modules if not each.startswith(".")} <= {
            "openapi-fetch",
            "openapi-typescript-helpers",
        }


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another project, that has installed the packed client."""
    folder = tmp_path_factory.mktemp("downstream")
    source = folder / "source"
    shutil.copytree(CLIENT, source, ignore=shutil.ignore_patterns("node_modules", "dist", "*.tgz"))
    (source / "node_modules").symlink_to(CLIENT / "node_modules")
    done = run(NPM, "run", "tarball", cwd=source)
    assert done.returncode == 0, done.stdout + done.stderr
    (tarball,) = source.glob("tradyn-client-*.tgz")
    project = folder / "project"
    project.mkdir()
    # What the client depends on comes from the packages here, so that no network is needed.
    present = {name: f"file:{CLIENT / 'node_modules' / name}" for name in RUNTIME}
    package = {
        "name": "downstream",
        "private": True,
        "type": "module",
        "dependencies": {"tradyn-client": f"file:{tarball}", **present},
        "overrides": {name: f"${name}" for name in RUNTIME},
    }
    (project / "package.json").write_text(json.dumps(package))
    options = ("--offline", "--install-links", "--no-audit", "--no-fund", "--cache", folder / "cache")
    done = run(NPM, "install", *options, cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    return project


RUNTIME: Final = ("openapi-fetch", "openapi-typescript-helpers")


def test_the_package_is_complete(project: Path) -> None:
    installed = project / "node_modules" / "tradyn-client"
    modules = {path.relative_to(CLIENT / "src").with_suffix("") for path in (CLIENT / "src").rglob("*.ts")}
    for suffix in (".js", ".d.ts"):
        built = {str(path.relative_to(installed / "dist")) for path in installed.rglob(f"dist/**/*{suffix}")}
        assert built == {f"{module}{suffix}" for module in modules}
    assert (installed / "README.md").exists()
    assert not (installed / "test").exists()
    assert sorted(path.name for path in (project / "node_modules").glob("[!.]*")) == [
        *RUNTIME,
        "tradyn-client",
    ]


def snippets() -> list[str]:
    return re.findall(r"```ts\n(.*?)```", (CLIENT / "README.md").read_text(), re.DOTALL)


def documented() -> list[str]:
    """The examples in the comments of the sources."""
    found = []
    for path in sorted((CLIENT / "src").glob("*.ts")):
        for block in re.findall(r"\* ```ts\n(.*?)\* ```", path.read_text(), re.DOTALL):
            found.append(re.sub(r"^ *\* ?", "", block, flags=re.MULTILINE))
    return found


SETTINGS: Final = {
    "target": "ES2022",
    "module": "NodeNext",
    "lib": ["ES2023", "DOM", "DOM.Iterable"],
    "types": [],
    "strict": True,
    "exactOptionalPropertyTypes": True,
    "noUncheckedIndexedAccess": True,
    "skipLibCheck": False,
    "outDir": "built",
    "rootDir": ".",
}
# What stands around the examples in the comments.
AROUND: Final = """
import * as client from "tradyn-client";
const { InsufficientMargin, Refused } = client;
declare const tradyn: client.TradynClient;
declare const ticket: number;
"""


def test_another_project_compiles_and_runs_the_examples(project: Path, start_server: StartServer) -> None:
    (project / "tsconfig.json").write_text(json.dumps({"compilerOptions": SETTINGS, "include": ["*.ts"]}))
    for number, snippet in enumerate(snippets()):
        (project / f"readme_{number}.ts").write_text(snippet)
    assert len(documented()) >= 7
    for number, snippet in enumerate(documented()):
        around = "export {};" if "import " in snippet else AROUND
        (project / f"comment_{number}.ts").write_text(f"{around}\n{snippet}")
    done = run(NODE, TSC, "-p", ".", cwd=project)
    assert done.returncode == 0, done.stdout

    assert len(snippets()) >= 4
    for number in range(len(snippets())):
        server = start_server()
        env = {"TRADYN_BASE_URL": server.base_url, "TRADYN_API_KEY": server.api_key}
        done = run(NODE, f"built/readme_{number}.js", cwd=project, env=env)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        assert done.stdout
        if number == 0:
            assert re.search(r"^Filled ticket 2 at 1\.08", done.stdout, re.MULTILINE)
            assert "Closed at 1.08" in done.stdout
            assert "POSITION_CLOSED" in done.stdout


# ---------------------------------------------------------------------- a browser

BROWSER_SECONDS: Final = 60
CHROMIUM: Final = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
PAGE: Final = """<!doctype html>
<title>Tradyn</title>
<script type="importmap">
  {"imports": {
    "tradyn-client": "/node_modules/tradyn-client/dist/index.js",
    "openapi-fetch": "/node_modules/openapi-fetch/dist/index.mjs"
  }}
</script>
<script type="module">
  const tell = (what) => fetch("/told", { method: "POST", body: JSON.stringify(what) });
  addEventListener("error", ({ message }) => tell({ failed: message }));
  addEventListener("unhandledrejection", ({ reason }) => tell({ failed: String(reason) }));
  const { createTradynClient } = await import("tradyn-client");
  const tradyn = createTradynClient(SETTINGS);
  for await (const event of tradyn.stream({ ticks: ["EURUSD"], deals: true })) {
    await tell(event);
    if (event.event === "deals")
      await tradyn.POST("/api/trade", { body: { symbol: "EURUSD", action: "buy", volume: 0.01 } });
  }
</script>
"""


class Site(ThreadingHTTPServer):
    """Serves a folder and a page, and hears what the page tells."""

    def __init__(self, folder: Path) -> None:
        self.page = ""
        self.told: queue.Queue[dict[str, Any]] = queue.Queue()
        super().__init__(("127.0.0.1", 0), partial(SiteHandler, directory=str(folder)))

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class SiteHandler(SimpleHTTPRequestHandler):
    extensions_map = {  # noqa: RUF012
        "": "application/octet-stream",
        ".js": "text/javascript",
        ".mjs": "text/javascript",
    }
    server: Site

    def do_GET(self) -> None:
        if self.path == "/":
            self._answer(self.server.page.encode())
        else:
            super().do_GET()

    def do_POST(self) -> None:
        self.server.told.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer(b"")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
def test_a_browser_hears_the_stream(project: Path, start_server: StartServer, tmp_path: Path) -> None:
    with Site(project) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        broker = start_server(cors_origin=site.origin)
        settings = {"baseUrl": broker.base_url, "apiKey": broker.api_key}
        site.page = PAGE.replace("SETTINGS", json.dumps(settings))
        options = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}")
        with (tmp_path / "chromium.log").open("wb") as log:
            browser = subprocess.Popen(
                [str(CHROMIUM), *options, "--remote-debugging-port=0", site.origin],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            heard = [site.told.get(timeout=BROWSER_SECONDS)]
            while heard[-1].get("event") != "deal":
                assert "failed" not in heard[-1], heard[-1]
                heard.append(site.told.get(timeout=BROWSER_SECONDS))
            assert {each["event"] for each in heard} == {"tick", "deals", "deal"}
            bid = round(heard[-1]["data"]["price"] + 0.001, 5)
            quote = {"symbol": "EURUSD", "bid": bid, "ask": round(bid + 0.0001, 5)}
            headers = {"Authorization": f"Bearer {broker.admin_key}"}
            address = f"{broker.base_url}/api/simulation/quotes"
            httpx.post(address, headers=headers, json={"quotes": [quote]}).raise_for_status()
            tick = site.told.get(timeout=BROWSER_SECONDS)
            assert (tick["event"], tick["data"]["bid"]) == ("tick", bid)
        finally:
            os.killpg(browser.pid, signal.SIGKILL)
            browser.wait()
            site.shutdown()
