"""Processes at work on a core of their own, and the CPU time they have used."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

__all__ = [
    "LOAD_CORE",
    "SERVER_CORE",
    "StartError",
    "answering",
    "cpu_seconds",
    "free_port",
    "on_core",
    "resident_mb",
]

LOAD_CORE: Final = 0
SERVER_CORE: Final = 1
_READY_WITHIN_SECONDS: Final = 30
_STOPPED_WITHIN_SECONDS: Final = 10


class StartError(Exception):
    """A contender did not start."""


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Run this thread, and what it starts, on one core, where there are two and the system allows it."""
    if not hasattr(os, "sched_setaffinity") or len(before := os.sched_getaffinity(0)) < 2:
        yield
        return
    os.sched_setaffinity(0, {sorted(before)[core]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_seconds(pid: int) -> float:
    """CPU time, of user and system, that a process has used with all its threads and children."""
    # Of .venv-bench alone; the arithmetic of the benchmarks is tested without it.
    import psutil

    process = psutil.Process(pid)
    times = [each.cpu_times() for each in (process, *process.children(recursive=True))]
    return sum(float(each.user + each.system) for each in times)


def resident_mb(pid: int) -> float:
    """Memory that a process holds now."""
    import psutil

    return float(psutil.Process(pid).memory_info().rss) / 1024**2


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def answering(
    command: list[str], port: int, path: str, *, environment: Mapping[str, str], log: Path
) -> Iterator[tuple[int, float]]:
    """A server until the end of the block: its process id, and the seconds from start to first answer.

    Args:
        path: what it is asked for to see whether it is ready; any answer will do that is no 5xx.
        log: where its standard error goes.
    """
    began = time.perf_counter()
    with on_core(SERVER_CORE), log.open("w") as file:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=file
        )
    try:
        _wait_for_answer(process, port, path, log)
        yield process.pid, time.perf_counter() - began
    finally:
        process.terminate()
        try:
            process.wait(_STOPPED_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for_answer(process: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    until = time.perf_counter() + _READY_WITHIN_SECONDS
    while time.perf_counter() < until:
        if process.poll() is not None:
            raise StartError(f"{process.args!r} ended at once:\n{log.read_text()[-2000:]}")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_READY_WITHIN_SECONDS)
        try:
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.005)
    raise StartError(f"{process.args!r} did not answer in time:\n{log.read_text()[-2000:]}")
