"""The example bot as another team has it: built, installed beside the built client, and tested by itself."""

from __future__ import annotations

import ast
import json
import shutil
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from tradyn_client import Client
from tradyn_client.api.account import get_account_history
from tradyn_client.api.simulation import push_quotes
from tradyn_client.models import PushedQuote, PushQuotesRequest

from contract.prism import prism
from contract.review_tools import IS_INSTALLED
from journeys import example_bot

if TYPE_CHECKING:
    from journeys.conftest import StartServer

SOURCES: Final = sorted(example_bot.BOT.rglob("src/**/*.py"))


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of the bot's environment."""
    return example_bot.install(tmp_path_factory.mktemp("bot"))


def test_the_server_is_not_there_and_the_client_is_the_wheel(python: Path, tmp_path: Path) -> None:
    done = example_bot.run(python, "-c", "import tradyn", cwd=tmp_path)
    assert "ModuleNotFoundError: No module named 'tradyn'" in done.stderr
    program = "import json, moving_average_bot as bot, tradyn_client as client"
    program += "; print(json.dumps([client.__file__, bot.__file__]))"
    done = example_bot.run(python, "-c", program, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (packages,) = python.parents[1].glob("lib/python*/site-packages")
    for file in json.loads(done.stdout):
        assert packages in Path(file).parents
        assert example_bot.ROOT not in Path(file).resolve().parents


def test_its_own_tests_pass_there(python: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(
        example_bot.BOT / "tests", project / "tests", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(example_bot.BOT / "pyproject.toml", project)
    options = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--basetemp", str(tmp_path / "pytest")]
    done = example_bot.run(
        python,
        *options,
        cwd=project,
        TRADYN=str(example_bot.tradyn_command(tmp_path)),
        PYTHONDONTWRITEBYTECODE="1",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout and "skipped" not in done.stdout


def test_it_trades_at_whatever_address_it_is_given(
    python: Path, start_server: StartServer, tmp_path: Path
) -> None:
    server = start_server(feed="push")
    with Client(base_url=server.base_url, token=server.admin_key) as admin:
        bids = [1.1] * 6 + [1.102, 1.1025]
        for minute, bid in enumerate(bids):
            time = f"2026-03-02T10:{minute:02}:00Z"
            quote = {"symbol": "EURUSD", "bid": bid, "ask": round(bid + 0.0001, 5), "time": time}
            push_quotes.sync(client=admin, body=PushQuotesRequest(quotes=[PushedQuote.from_dict(quote)]))
    bot = ["-m", "moving_average_bot", "--symbol=EURUSD", "--timeframe=M1", "--fast=2", "--slow=4"]
    bot += ["--volume=0.1", "--once"]
    with prism(server.base_url.removesuffix("/v1")) if IS_INSTALLED else nullcontext() as proxy:
        address = server.base_url if proxy is None else proxy.base_url
        environment = {"TRADYN_BASE_URL": address, "TRADYN_API_KEY": server.api_key}
        for _ in range(2):
            done = example_bot.run(python, *bot, cwd=tmp_path, **environment)
            assert done.returncode == 0, done.stderr
        if proxy is not None:
            assert proxy.requests()
            assert (proxy.wrong_answers(), proxy.wrong_requests()) == ([], [])
    with Client(base_url=server.base_url, token=server.api_key) as client:
        _, bought = get_account_history.iterate(client=client)
    assert (bought.price, bought.client_order_id) == (1.1026, "1-EURUSD-M1-20260302T100600-open-1")
    assert (tmp_path / "EURUSD-M1.jsonl").read_text().count("\n") == 3


def test_it_imports_the_client_and_the_standard_library_only() -> None:
    assert SOURCES
    known = {*sys.stdlib_module_names, "tradyn_client"}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                assert {each.name.partition(".")[0] for each in node.names} <= known, path
            elif isinstance(node, ast.ImportFrom) and not node.level:
                assert (node.module or "").partition(".")[0] in known, path
