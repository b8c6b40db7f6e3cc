"""The data that all contenders serve: made once by Tradyn, kept as the folder it goes on with and as JSON.

`one` is an account with one position, `twenty` one with 20 on four symbols. `traders` are many accounts with
plenty of money that trade in turn, so that none gathers more positions in a round than a busy robot would.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from bench.side_by_side.peers.data import REPOSITORY
from bench.side_by_side.processes import answering, free_port
from bench.side_by_side.works import WORKS

__all__ = ["RATE_LIMIT", "Market", "make_market", "server_environment", "tradyn_command"]

RATE_LIMIT: Final = 10_000_000
"""Requests a second for each key: evaluated, and never met."""

_START: Final = "2026-03-02T09:30:00Z"
_SYMBOLS: Final = ("EURUSD", "GBPUSD", "USDJPY", "XAUUSD")


@dataclass(frozen=True)
class Market:
    """What there is to serve.

    Attributes:
        keys: by holder, as `Work.holder` has it.
        logins: by key.
        answers: by work, the whole answer.
        folder: the data folder of a server that has stopped; to be copied, not used.
    """

    keys: dict[str, list[str]]
    logins: dict[str, int]
    answers: dict[str, dict[str, Any]]
    folder: Path

    def write(self, path: Path) -> None:
        """Put it where the peers read it."""
        path.write_text(json.dumps({**asdict(self), "folder": None}))

    def copy(self, folder: Path) -> Path:
        """A data folder of its own for a server."""
        return Path(shutil.copytree(self.folder, folder))


def tradyn_command(port: int, folder: Path) -> list[str]:
    """`tradyn serve` with everything on."""
    options = ["--port", str(port), "--data-dir", str(folder), "--rate-limit", str(RATE_LIMIT)]
    return [sys.executable, "-m", "tradyn", "serve", *options]


def server_environment() -> dict[str, str]:
    """What makes this tree's code run."""
    # A user starts it with compiled modules, whatever the shell of this run says of them.
    return {"PYTHONPATH": f"{REPOSITORY / 'server'}:{REPOSITORY}", "PYTHONDONTWRITEBYTECODE": ""}


def make_market(folder: Path, traders: int) -> Market:
    """Start a broker in a new folder, open accounts and positions, and write down what it says."""
    port, data = free_port(), folder / "made"
    command = [*tradyn_command(port, data), "--start", _START]
    with answering(
        command, port, "/v1/health/ready", environment=server_environment(), log=folder / "made.log"
    ):
        known = json.loads((data / "credentials.json").read_text())
        with httpx.Client(base_url=known["base_url"], timeout=30) as client:
            return _fill(client, known["admin_key"], data, traders)


def _fill(client: httpx.Client, admin_key: str, folder: Path, traders: int) -> Market:
    logins: dict[str, int] = {}

    def call(method: str, path: str, key: str, body: Any = None) -> Any:
        answer = client.request(method, path, json=body, headers={"Authorization": f"Bearer {key}"})
        answer.raise_for_status()
        return answer.json()

    def opened(name: str) -> str:
        wanted = {"name": name, "balance": 1_000_000_000, "leverage": 500}
        made = call("POST", "/api/accounts", admin_key, wanted)["data"]
        login = made["account"]["login"] if "account" in made else made["login"]
        issued = call("POST", "/api/keys", admin_key, {"scope": "full", "login": login})["data"]
        logins[issued["api_key"]] = login
        return str(issued["api_key"])

    def buy(key: str, symbol: str, action: str) -> None:
        call("POST", "/api/trade", key, {"symbol": symbol, "action": action, "volume": 0.1})

    keys = {"one": [opened("One")], "twenty": [opened("Twenty")]}
    keys["traders"] = [opened(f"Trader {number + 1}") for number in range(traders)]
    buy(keys["one"][0], "EURUSD", "buy")
    for number in range(20):
        buy(keys["twenty"][0], _SYMBOLS[number % len(_SYMBOLS)], ("buy", "sell")[number // 4 % 2])
    answers = {}
    for name, work in WORKS.items():
        body = json.loads(work.fill(work.body, "", 0)) if work.body else None
        answers[name] = call(work.method, work.path, keys[work.holder][0], body)
    return Market(keys, logins, answers, folder)
