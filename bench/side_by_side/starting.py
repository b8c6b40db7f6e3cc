"""How a contender is started: all on uvloop and httptools, and none but Tradyn with a log of requests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.side_by_side.contenders import QUIET, Contender
from bench.side_by_side.market import RATE_LIMIT, Market, server_environment, tradyn_command
from bench.side_by_side.peers.data import DATA_VARIABLE
from bench.side_by_side.processes import answering, free_port

__all__ = ["Running", "running", "seconds_to_start"]

_READY: Final = "/v1/health/ready"
# Of the peers' answers even 404 says that they are at work.
_ANYTHING: Final = "/"


@dataclass(frozen=True)
class Running:
    """A contender that is ready, and the folder with its data, if it keeps any."""

    pid: int
    port: int
    folder: Path


@contextmanager
def running(contender: Contender, market: Market, folder: Path) -> Iterator[Running]:
    """Start a contender on the market's data, in a folder of its own that is there already and empty."""
    port = free_port()
    environment = {**server_environment(), **contender.environment}
    if contender.peer:
        data = folder / "data.json"
        market.write(data)
        environment[DATA_VARIABLE] = str(data)
        command = _uvicorn(f"bench.side_by_side.peers.{contender.peer}:app", port)
    else:
        data = market.copy(folder / "data")
        command = tradyn_command(port, data)
        if contender.name == QUIET:
            command = [sys.executable, "-m", "bench.side_by_side.quiet_server", str(port), str(data)]
            command.append(str(RATE_LIMIT))
    ask = _ANYTHING if contender.peer else _READY
    with answering(command, port, ask, environment=environment, log=folder / "log") as (pid, _):
        yield Running(pid, port, folder)


def _uvicorn(app: str, port: int) -> list[str]:
    options = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
    options += ["--no-server-header", "--no-date-header", "--port", str(port)]
    return [sys.executable, "-m", "uvicorn", app, *options]


def seconds_to_start(folder: Path) -> float:
    """How long `tradyn serve` takes on a new folder, from the command to its first answer."""
    port = free_port()
    command = tradyn_command(port, folder / "new")
    log = folder / "log"
    with answering(command, port, _READY, environment=server_environment(), log=log) as (_, seconds):
        return seconds
