"""One round of one work on one contender."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path
from typing import Final

import psutil

from bench.side_by_side.answers import check_answer
from bench.side_by_side.load import LoadError, ask_in_turn, ask_steadily, drive, percentile
from bench.side_by_side.market import Market
from bench.side_by_side.processes import LOAD_CORE, SERVER_CORE, cpu_seconds, on_core
from bench.side_by_side.starting import Running
from bench.side_by_side.works import WORKS, Work

__all__ = ["fsync_ms", "measure_load", "measure_one_client"]

_WARM_UP_SECONDS: Final = 1
_LEAST_TURNS: Final = 25
_MOST_SECONDS: Final = 30
_IDLE_SECONDS: Final = 0.1
_IDLE_WITHIN_SECONDS: Final = 10
_FSYNCS: Final = 100
_PAGE: Final = bytes(4096)


def measure_load(server: Running, work: Work, market: Market, *, seconds: float) -> dict[str, float]:
    """Load it, after it has shown that it does the work.

    Returns:
        `cpu_us` of the contender for a request, `per_second`, `p50_ms` and `p99_ms`; `others` is the part of
        the core's time that other programs took, which should be next to nothing.

    Raises:
        LoadError: a request failed.
    """
    check_answer(server.port, work, market, "check")
    keys = market.keys[work.holder]
    with on_core(LOAD_CORE):
        warm = drive(server.port, work, keys, run="warm", seconds=_WARM_UP_SECONDS)
        # What is cut off at the end has cost CPU time; of many requests it is a small part.
        enough = _LEAST_TURNS * work.connections * warm.seconds / max(warm.requests, 1)
        _wait_until_idle(server.pid)
        began, used, busy = time.perf_counter(), cpu_seconds(server.pid), _busy_seconds()
        load = drive(server.port, work, keys, run="load", seconds=max(seconds, min(enough, _MOST_SECONDS)))
        used, busy = cpu_seconds(server.pid) - used, _busy_seconds() - busy
        elapsed = time.perf_counter() - began
    if not load.requests:
        raise LoadError(f"{work.name}: nothing was answered within {load.seconds} s")
    return {
        "cpu_us": used / load.requests * 1e6,
        "per_second": load.requests / load.seconds,
        "p50_ms": load.p50_ms,
        "p99_ms": load.p99_ms,
        "requests": load.requests,
        "others": max(busy - used, 0) / elapsed,
    }


def measure_one_client(
    server: Running, market: Market, *, requests: int, steady_seconds: float
) -> dict[str, float]:
    """Trades of one client: one after another, then 100 a second; beside what the disk takes for one of them.

    Returns:
        `p50_ms` and `p99_ms` one after another, `steady_p50_ms` and `steady_p99_ms`, and `fsync_ms`.

    Raises:
        LoadError: a request failed.
    """
    work = WORKS["trade"]
    keys = market.keys[work.holder]
    check_answer(server.port, work, market, "check-one")
    with on_core(LOAD_CORE):
        disk = fsync_ms(server.folder)
        ask_in_turn(server.port, work, keys, run="warm-one", requests=requests // 10)
        turns = ask_in_turn(server.port, work, keys, run="turn", requests=requests)
        steady = ask_steadily(
            server.port, work, keys, run="steady", per_second=100, requests=round(steady_seconds * 100)
        )
        disk += fsync_ms(server.folder)
    return {
        "p50_ms": statistics.median(turns),
        "p99_ms": percentile(turns, 99),
        "steady_p50_ms": statistics.median(steady),
        "steady_p99_ms": percentile(steady, 99),
        "fsync_ms": statistics.median(disk),
    }


def _wait_until_idle(pid: int) -> None:
    """A slow contender still works at what it was asked last, for nobody."""
    until = time.perf_counter() + _IDLE_WITHIN_SECONDS
    before = cpu_seconds(pid)
    while time.perf_counter() < until:
        time.sleep(_IDLE_SECONDS)
        now = cpu_seconds(pid)
        if now - before < _IDLE_SECONDS / 2:
            return
        before = now


def fsync_ms(folder: Path) -> list[float]:
    """What it takes each time to append a page to a file in the folder and to bring it to the disk."""
    took = []
    path = folder / "fsync"
    with path.open("wb", buffering=0) as file:
        for _ in range(_FSYNCS):
            began = time.perf_counter()
            file.write(_PAGE)
            os.fsync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    path.unlink()
    return took


def _busy_seconds() -> float:
    cores = psutil.cpu_times(percpu=True)
    core = cores[min(SERVER_CORE, len(cores) - 1)]
    return float(sum(core) - core.idle - getattr(core, "iowait", 0.0) - getattr(core, "guest", 0.0))
