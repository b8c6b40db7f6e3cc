"""A server of its own for a benchmark: `tradyn serve` on a free port and in a folder that is thrown away."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

__all__ = ["Running", "serving"]

_SERVER: Final = Path(__file__).parents[1] / "server"


@dataclass(frozen=True)
class Running:
    """A server that is ready.

    Attributes:
        credentials: what it has written down: `base_url`, `api_key`, `admin_key` and so on.
    """

    pid: int
    port: int
    credentials: dict[str, Any]


@contextmanager
def serving(folder: Path, *options: str, core: int | None = None) -> Iterator[Running]:
    """`tradyn serve` on the tree's own code until the end of the block.

    Args:
        folder: gets the data folder and the log.
        core: of the processor, if it is to have but one.

    Raises:
        TimeoutError: it was not ready within half a minute; with its log.
    """
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    data, log = folder / "data", folder / "log"
    command = [sys.executable, "-m", "tradyn", "serve", "--port", str(port), "--data-dir", str(data)]
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, *options],
            env={**os.environ, "PYTHONPATH": str(_SERVER)},
            stdout=subprocess.DEVNULL,
            stderr=output,
        )
    try:
        if core is not None:
            # Before its first thread: those inherit it.
            os.sched_setaffinity(process.pid, {core})
        _wait(f"http://127.0.0.1:{port}/v1/health/ready", log)
        yield Running(process.pid, port, json.loads((data / "credentials.json").read_text()))
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(address: str, log: Path) -> None:
    for _ in range(300):
        try:
            httpx.get(address).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise TimeoutError(f"The server was not ready within half a minute: {log.read_text()}")
