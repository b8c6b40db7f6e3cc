"""`tradyn serve` on one data folder, started again and again, each time as a process of its own.

A process that has imported the program forks each of them, so that a thousand starts spend their time in what
a start does with its journal and not in Python's imports.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NoReturn

__all__ = ["ServerProcess"]

_SERVER: Final = Path(__file__).parents[2] / "server"
# All that a start imports, also what it imports late.
_MODULES: Final = (
    *("tradyn.cli", "tradyn.app", "tradyn.http_server", "tradyn.welcome", "tradyn.logs"),
    *("connexion", "uvloop", "httptools", "uvicorn"),
)


class ServerProcess:
    """A server that can be killed and started again on the same folder and port.

    Args:
        folder: gets the data folder `data` and the file `log`, the output of the latest, and `log.before`.
        options: of `tradyn serve`, beside folder and port.
    """

    def __init__(self, folder: Path, options: tuple[str, ...]) -> None:
        self.data_dir, self.log = folder / "data", folder / "log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}/v1"
        self._arguments = ["serve", "--data-dir", str(self.data_dir), "--port", str(self.port), *options]
        self._pid: int | None = None
        own = {name: value for name, value in os.environ.items() if not name.startswith("TRADYN_")}
        # Unbuffered, so that `select` tells whether a line is there.
        self._nursery = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**own, "PYTHONPATH": str(_SERVER)},
            bufsize=0,
        )

    @property
    def journal(self) -> Path:
        """The journal's file; its log lies beside it."""
        return self.data_dir / "journal.sqlite"

    def start(self) -> None:
        """Begin a start; it is ready when `/health/ready` says so."""
        assert self._pid is None and self._nursery.stdin is not None
        if self.log.exists():
            self.log.replace(self.log.with_name("log.before"))
        order = {"arguments": self._arguments, "log": str(self.log)}
        self._nursery.stdin.write(json.dumps(order).encode() + b"\n")
        self._pid = self._line()

    def is_running(self) -> bool:
        """Whether it has not ended by itself."""
        assert self._nursery.stdout is not None
        return not select.select([self._nursery.stdout.fileno()], [], [], 0)[0]

    def terminate(self) -> None:
        """Ask it to end."""
        assert self._pid is not None
        if self.is_running():
            os.kill(self._pid, signal.SIGTERM)

    def kill(self) -> int:
        """Kill it; its exit code, which is not -9 if it had ended before."""
        assert self._pid is not None
        if self.is_running():
            os.kill(self._pid, signal.SIGKILL)
        self._pid = None
        return self._line()

    def close(self) -> None:
        """End everything."""
        if self._pid is not None:
            self.kill()
        assert self._nursery.stdin is not None and self._nursery.stdout is not None
        self._nursery.stdin.close()
        self._nursery.wait()
        self._nursery.stdout.close()

    def has_logged_an_error(self) -> bool:
        """Whether something went wrong in the latest process."""
        text = self.log.read_bytes()
        return b"Traceback" in text or b"[error" in text

    def log_end(self) -> str:
        """What it said last."""
        return self.log.read_text("utf-8", "replace")[-3000:]

    def _line(self) -> int:
        assert self._nursery.stdout is not None
        return int(self._nursery.stdout.readline())


def _bear_children() -> None:
    for name in _MODULES:
        import_module(name)
    cli = import_module("tradyn.cli").cli
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _serve(cli, json.loads(line))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _serve(cli: Any, order: dict[str, Any]) -> NoReturn:
    code = 70
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        cli(args=order["arguments"], prog_name="tradyn")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _bear_children()
