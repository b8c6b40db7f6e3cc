"""What is promised of a broker that holds much, and how each promise is measured."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.scale.recording import write_orders, write_ticks
from bench.side_by_side.market import server_environment, tradyn_command
from bench.side_by_side.processes import answering, cpu_seconds, free_port, resident_mb

__all__ = ["TARGETS", "WORKS", "Round", "Target", "measure"]

Round = dict[str, float]

_ACCOUNTS: Final = 100_000
_TRANSACTIONS: Final = 1_000_000
_TICKS: Final = 1_000_000
_ORDERS: Final = 1_000
_READY: Final = "/v1/health/ready"
# Else an account has at most 500 orders.
_PROFILE: Final = 'description = "Any number of orders"\nextends = "demo"\n[options]\nmax_orders = 0\n'


@dataclass(frozen=True)
class Target:
    """A promise about one figure: its median is held against the limit."""

    work: str
    measure: str
    text: str
    limit: float
    at_least: bool

    def met(self, rounds: list[Round]) -> bool:
        """Whether the rounds keep it."""
        found = statistics.median(each[self.measure] for each in rounds)
        return found >= self.limit if self.at_least else found <= self.limit


TARGETS: Final = (
    Target("ticks", "per_cpu_second", "quiet ticks/s, 100,000 orders on the symbol", 150_000, True),
    Target("ticks", "ratio", "times the cost with 100 orders", 1.3, False),
    Target("fills", "per_cpu_second", "fills/s through decide, append, evolve", 20_000, True),
    Target("start", "cpu_seconds", "s to be ready, 100,000 accounts and 1,000,000 transactions", 3, False),
    Target("start", "memory_mb", "MB by then", 1024, False),
    Target("start", "crash_cpu_seconds", "s to be ready after a crash, the same", 3, False),
    Target("replay", "per_cpu_second", "ticks/s of a replay, 1,000 orders", 100_000, True),
)


def measure(subject: str, size: int) -> Round:
    """Figures of `bench.scale.measure`, from a process of its own."""
    command = [sys.executable, "-m", "bench.scale.measure", subject, str(size)]
    done = subprocess.run(command, env=_environment(), stdout=subprocess.PIPE, check=True)
    figures: Round = json.loads(done.stdout)
    return figures


def _environment() -> dict[str, str]:
    # Python keeps what it has compiled, as it does unless it is forbidden.
    return {**os.environ, **server_environment(), "PYTHONDONTWRITEBYTECODE": ""}


def ticks(rounds: int) -> list[Round]:
    """Quiet ticks; both sizes take turns."""
    found = []
    for _ in range(rounds):
        few, many = (measure("orders", size)["tick_us"] for size in (100, 100_000))
        found.append({"per_cpu_second": 1e6 / many, "ratio": many / few})
    return found


def fills(rounds: int) -> list[Round]:
    """Deals of 256 accounts."""
    return [measure("fills", 256) for _ in range(rounds)]


def start(rounds: int) -> list[Round]:
    """From the command `tradyn serve` to the first answer, after a crash and after a clean end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world = folder / "world"
        command = [sys.executable, "-m", "bench.scale.world", str(world), "--end", "killed"]
        command += ["--accounts", str(_ACCOUNTS), "--transactions", str(_TRANSACTIONS)]
        subprocess.run(command, env=_environment(), check=False)
        found = []
        for _ in range(rounds):
            data = Path(shutil.copytree(world, folder / "data"))
            crash, clean = _start(data, folder / "log"), _start(data, folder / "log")
            shutil.rmtree(data)
            found.append({**clean, **{f"crash_{key}": value for key, value in crash.items()}})
        return found


def _start(data: Path, log: Path) -> Round:
    port = free_port()
    command = [*tradyn_command(port, data), "--clock", "manual"]
    with answering(command, port, _READY, environment=_environment(), log=log) as (pid, seconds):
        return {"seconds": seconds, "cpu_seconds": cpu_seconds(pid), "memory_mb": resident_mb(pid)}


def replay(rounds: int) -> list[Round]:
    """`tradyn replay`, from the command to its end, with the reading of the file."""
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data, requests, profile = folder / "EURUSD.csv", folder / "orders.jsonl", folder / "scale.toml"
        write_ticks(data, _TICKS)
        write_orders(requests, _ORDERS)
        profile.write_text(_PROFILE)
        command = [sys.executable, "-m", "tradyn", "replay", str(data), "--requests", str(requests)]
        command += ["--profile", str(profile)]
        for _ in range(rounds):
            began, before = time.perf_counter(), os.times()
            done = subprocess.run(command, env=_environment(), stdout=subprocess.PIPE, check=True, text=True)
            took, after = time.perf_counter() - began, os.times()
            if "Refused          0" not in done.stdout:
                raise SystemExit(f"orders were refused:\n{done.stdout[:500]}")
            cpu = after.children_user + after.children_system
            cpu -= before.children_user + before.children_system
            found.append({"per_second": _TICKS / took, "per_cpu_second": _TICKS / cpu})
    return found


WORKS: Final[dict[str, Callable[[int], list[Any]]]] = {
    "ticks": ticks,
    "fills": fills,
    "start": start,
    "replay": replay,
}
