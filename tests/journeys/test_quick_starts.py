"""The quick starts: what is named in them exists, and those whose tools are here do what they promise."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from contract.prism import prism
from contract.review_tools import IS_INSTALLED
from journeys.conftest import LiveServer
from journeys.quick_start_sources import ENVELOPE, named_in, problems
from serving import free_port
from tradyn.contract import load_document
from tradyn.reference.quick_starts import ADDRESS, QUICK_STARTS, QuickStart, quick_start_folder

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "docs" / "quickstart"
TYPESCRIPT_CLIENT: Final = ROOT / "clients" / "typescript"
DOCUMENT: Final = load_document(ROOT / "openapi" / "tradyn.yaml", validate=False)
_TIMEOUT_SECONDS: Final = 300

Command = Sequence[str]


def of_each(function: Callable[..., None]) -> Callable[..., None]:
    mark = pytest.mark.parametrize("quick_start", QUICK_STARTS, ids=[each.file for each in QUICK_STARTS])
    marked: Callable[..., None] = mark(function)
    return marked


# ── what they name ─────────────────────────────────────────────────────────────────────────────────────────


OPERATIONS: Final = {
    "getAccount": "GET /api/account",
    "listPositions": "GET /api/positions",
    "getQuote": "GET /api/quotes/{symbol}",
    "trade": "POST /api/trade",
    "modifyPosition": "PATCH /api/positions/{ticket}",
    "closePosition": "DELETE /api/positions/{ticket}",
}
FIELDS: Final = {
    "Account": {"login", "balance", "currency", "equity"},
    "Position": {"type", "volume", "symbol", "profit", "sl", "tp"},
    "Quote": {"bid", "ask"},
    "TradeRequest": {"symbol", "action", "volume", "sl", "tp", "client_order_id"},
    "TradeResult": {"ticket", "price", "symbol", "volume"},
    "ModifyPositionRequest": {"sl"},
    "CloseResult": {"price", "profit"},
}


def test_all_are_listed_and_none_other() -> None:
    assert quick_start_folder() == FOLDER
    assert {each.file for each in QUICK_STARTS} == {each.name for each in FOLDER.iterdir()} - {"README.md"}
    guide = (FOLDER / "README.md").read_text()
    assert all(each.file in guide and each.language in guide for each in QUICK_STARTS)


@of_each
def test_they_name_what_the_document_has(quick_start: QuickStart) -> None:
    source, suffix = (FOLDER / quick_start.file).read_text(), Path(quick_start.file).suffix
    assert problems(source, suffix, DOCUMENT) == []


@of_each
def test_they_show_the_whole_way(quick_start: QuickStart) -> None:
    source = (FOLDER / quick_start.file).read_text()
    named = named_in(source, Path(quick_start.file).suffix)
    used = {each.name for each in named if each.kind == "operation"}
    for operation_id, operation in OPERATIONS.items():
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", operation_id).lower()
        template = re.sub(r"\{\w+\}", "{}", operation)
        assert used & {snake, template, template.replace("{}", "EURUSD")}, operation
    assert len(used) == len(OPERATIONS)
    for schema, fields in FIELDS.items():
        assert fields <= {each.name for each in named if each.kind == schema}, schema
    # The clients keep the envelope to themselves.
    if "tradyn_client" not in source and "tradyn-client" not in source:
        assert {"success", "error", "code"} <= {each.name for each in named if each.kind == ENVELOPE}
    # The address once, so that the page can show its own; the key from the environment.
    assert source.count(ADDRESS) == 1
    assert "TRADYN_BASE_URL" in source
    assert "TRADYN_API_KEY" in source
    assert set(re.findall(r"tk_live_\w*", source)) == {"tk_live_"}
    assert max(map(len, source.splitlines())) <= 120


@of_each
def test_whatever_is_named_wrongly_is_found(quick_start: QuickStart) -> None:
    """The control: each name in turn is replaced by one that does not exist."""
    source, suffix = (FOLDER / quick_start.file).read_text(), Path(quick_start.file).suffix
    for named in named_in(source, suffix):
        written = source[named.start : named.end]
        wrong = written.replace("/api/", "/api/no-such-") if "/" in written else f"Wrong{written}"
        wrong = wrong if written[0].isupper() or "/" in written else f"wrong_{written}"
        assert problems(source[: named.start] + wrong + source[named.end :], suffix, DOCUMENT), named
    for method, other in (("PATCH", "PUT"), ("Patch", "Put"), ("DELETE", "POST"), ("Delete", "Post")):
        changed = source.replace(f'"{method}"', f'"{other}"').replace(f"'{method}'", f"'{other}'")
        changed = re.sub(rf"\b(call |\.){method}\b", rf"\g<1>{other}", changed)
        if changed != source:
            assert problems(changed, suffix, DOCUMENT), method


# ── what they do ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Trader:
    """A fresh account with a position of its own, so that there is something to list."""

    base_url: str
    login: int
    full_key: str
    read_key: str

    def get(self, path: str) -> Any:
        return _data(httpx.get(self.base_url + path, headers={"Authorization": f"Bearer {self.full_key}"}))

    def run(self, command: Command, key: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TRADYN_")}
        environment |= {
            "TRADYN_API_KEY": key,
            "TRADYN_BASE_URL": self.base_url,
            "PYTHONPATH": str(ROOT / "clients" / "python"),
        }
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False
        )


def _data(response: httpx.Response) -> Any:
    assert response.status_code == 200, response.text
    return response.json()["data"]


@pytest.fixture(scope="module")
def programs_run() -> list[str]:
    """The keys of those that this worker has run against the server."""
    return []


@pytest.fixture(scope="module")
def base_url(live_server: LiveServer, programs_run: list[str]) -> Iterator[str]:
    """Through Prism, if it is installed: what they send and hear is as the document says."""
    if not IS_INSTALLED:
        yield live_server.base_url
        return
    with prism(live_server.base_url.removesuffix("/v1")) as proxy:
        yield proxy.base_url
        # A worker may have had none but those that are skipped here.
        assert bool(proxy.requests()) is bool(programs_run)
        assert (proxy.wrong_answers(), proxy.wrong_requests()) == ([], [])


@pytest.fixture
def trader(live_server: LiveServer, base_url: str, programs_run: list[str]) -> Trader:
    def post(path: str, key: str, body: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {key}"}
        return _data(httpx.post(live_server.base_url + path, headers=headers, json=body))

    opened = post("/api/accounts", live_server.admin_key, {"name": "A reader's"})
    full_key = opened["api_key"]
    read_key = post("/api/keys", full_key, {"scope": "read", "label": "to look only"})["api_key"]
    post("/api/trade", full_key, {"symbol": "GBPUSD", "action": "sell", "volume": 0.3})
    programs_run.append(full_key)
    return Trader(base_url, opened["account"]["login"], full_key, read_key)


@of_each
def test_they_buy_move_the_stop_and_close(quick_start: QuickStart, command: Command, trader: Trader) -> None:
    quote = trader.get("/api/quotes/EURUSD")  # the clock of this server stands still

    done = trader.run(command, trader.full_key)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "" or quick_start.language == "Rust", done.stderr

    deals = [each for each in trader.get("/api/account/history") if each["symbol"] == "EURUSD"]
    assert [(each["type"], each["entry"], each["volume"]) for each in deals] == [
        ("buy", "in", 0.1),
        ("sell", "out", 0.1),
    ]
    bought, closed = deals
    assert bought["client_order_id"]
    assert [each["symbol"] for each in trader.get("/api/positions")] == ["GBPUSD"]

    story = trader.get(f"/api/explain/{bought['position']}")["steps"]
    assert [each["event"] for each in story] == ["position_opened", "position_modified", "position_closed"]
    order = trader.get(f"/api/orders/{bought['position']}")
    assert order["sl"] == pytest.approx(quote["bid"] * 0.99, abs=1e-5)
    assert order["tp"] == pytest.approx(quote["ask"] * 1.01, abs=1e-5)
    moved_to = f"{round(quote['bid'] * 0.995, 5)}"
    assert f"from {order['sl']:.5f} to {float(moved_to):.5f}" in story[1]["text"]

    said = done.stdout.splitlines()
    assert len(said) == 5, done.stdout
    for line, facts in zip(
        said,
        (
            (trader.login, 10000, "USD"),
            ("sell", 0.3, "GBPUSD"),
            (0.1, "EURUSD", bought["price"], bought["position"]),
            (moved_to, order["tp"]),
            (closed["price"], closed["profit"]),
        ),
        strict=True,
    ):
        assert [fact for fact in facts if str(fact) not in line] == [], line


@of_each
def test_a_refusal_ends_them_with_its_code(quick_start: QuickStart, command: Command, trader: Trader) -> None:
    done = trader.run(command, trader.read_key)
    assert done.returncode != 0
    assert "INSUFFICIENT_SCOPE" in done.stderr
    assert "needs a key of scope" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stdout.splitlines()) == 2, done.stdout
    assert [each["symbol"] for each in trader.get("/api/positions")] == ["GBPUSD"]


@of_each
def test_no_server_ends_them_too(quick_start: QuickStart, command: Command) -> None:
    nobody = Trader(f"http://127.0.0.1:{free_port()}/v1", 0, "tk_live_", "tk_live_")
    done = nobody.run(command, nobody.full_key)
    assert done.returncode != 0
    assert "Account" not in done.stdout
    assert done.stderr


# ── their tools ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def command(quick_start: QuickStart, commands: dict[str, Command]) -> Command:
    """How it is run here; skips where a tool that it needs is not on this machine."""
    if quick_start.file not in commands:
        pytest.skip(f"what {quick_start.language} needs is not on this machine")
    return commands[quick_start.file]


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Command]:
    """Those that can be run, by their file."""
    folders = tmp_path_factory
    commands: dict[str, Command] = {
        "quickstart.py": [sys.executable, str(FOLDER / "quickstart.py")],
        "quickstart_requests.py": [sys.executable, str(FOLDER / "quickstart_requests.py")],
    }

    def with_tools(file: str, *command: str, needs: tuple[str, ...] = ()) -> None:
        if all(shutil.which(tool) for tool in (command[0], *needs)):
            commands[file] = [*command, str(FOLDER / file)]

    with_tools("quickstart.sh", "bash", needs=("curl", "jq"))
    with_tools("quickstart.go", "go", "run")
    with_tools("QuickStart.java", "java", needs=("javac",))
    if shutil.which("php") and "curl" in _output("php", "-m").split():
        with_tools("quickstart.php", "php")
    node = _node()
    if node is not None:
        commands["quickstart.mjs"] = [node, str(FOLDER / "quickstart.mjs")]
        if program := _typescript(node, folders):
            commands["quickstart.ts"] = [node, program]
    if program := _rust(folders):
        commands["quickstart.rs"] = [program]
    if program := _csharp(folders):
        commands["QuickStart.cs"] = [program]
    return commands


def _output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False)
    return done.stdout if done.returncode == 0 else ""


def _node() -> str | None:
    """The environment's own, else the system's."""
    own = Path(sys.executable).parent / "node"
    return str(own) if own.exists() else shutil.which("node")


def _typescript(node: str, folders: pytest.TempPathFactory) -> str | None:
    """The program beside the built client, type-checked; Node runs TypeScript since 22.18."""
    modules = TYPESCRIPT_CLIENT / "node_modules"
    version = tuple(map(int, re.findall(r"\d+", _output(node, "--version"))[:2]))
    if not (modules / "typescript").exists() or version < (22, 18):
        return None
    project = folders.mktemp("typescript")
    client = project / "node_modules" / "tradyn-client"
    client.mkdir(parents=True)
    for dependency in json.loads((TYPESCRIPT_CLIENT / "package.json").read_text())["dependencies"]:
        (project / "node_modules" / dependency).symlink_to(modules / dependency)
    (project / "node_modules" / "@types").symlink_to(modules / "@types")
    shutil.copy(TYPESCRIPT_CLIENT / "package.json", client)
    program = shutil.copy(FOLDER / "quickstart.ts", project)
    (project / "package.json").write_text('{"type": "module"}')
    tsc = [node, str(modules / "typescript" / "bin" / "tsc")]
    build = [*tsc, "-p", str(TYPESCRIPT_CLIENT / "tsconfig.build.json"), "--outDir", str(client / "dist")]
    check = [*tsc, "--strict", "--noEmit", "--module", "nodenext", "--target", "es2023", "--types", "node"]
    for command in (build, [*check, program]):
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
    return str(program)


def _rust(folders: pytest.TempPathFactory) -> str | None:
    """The program built, if cargo has what it needs without a network."""
    if shutil.which("cargo") is None:
        return None
    project = folders.mktemp("rust")
    source = (FOLDER / "quickstart.rs").read_text()
    manifest = '[package]\nname = "quickstart"\nversion = "1.0.0"\nedition = "2021"\n'
    # The head of the program says what it depends on.
    dependencies = re.findall(r"^//   (.+)$", source, re.MULTILINE)
    assert dependencies[0] == "[dependencies]"
    (project / "Cargo.toml").write_text(manifest + "\n".join(dependencies))
    (project / "src").mkdir()
    (project / "src" / "main.rs").write_text(source)
    fetch = subprocess.run(
        ["cargo", "fetch", "--offline"], cwd=project, capture_output=True, text=True, check=False
    )
    if fetch.returncode != 0:
        return None
    build = subprocess.run(
        ["cargo", "build", "--offline"], cwd=project, capture_output=True, text=True, check=False
    )
    assert build.returncode == 0, build.stderr
    return str(project / "target" / "debug" / "quickstart")


def _csharp(folders: pytest.TempPathFactory) -> str | None:
    """The program built, if there is an SDK that knows it (.NET 8)."""
    sdks = (
        re.findall(r"^(\d+)\.", _output("dotnet", "--list-sdks"), re.MULTILINE)
        if shutil.which("dotnet")
        else []
    )
    newest = max(map(int, sdks), default=0)
    if newest < 8:
        return None
    project = folders.mktemp("csharp") / "QuickStart"
    project.mkdir()
    (project / "QuickStart.csproj").write_text(
        '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType>'
        f"<TargetFramework>net{newest}.0</TargetFramework><Nullable>enable</Nullable>"
        "<ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>"
    )
    shutil.copy(FOLDER / "QuickStart.cs", project / "Program.cs")
    build = subprocess.run(
        ["dotnet", "build", "--output", "out"], cwd=project, capture_output=True, text=True, check=False
    )
    assert build.returncode == 0, build.stdout
    return str(project / "out" / "QuickStart")
