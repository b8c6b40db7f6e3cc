"""The `tradyn` command as a user runs it: processes of their own, in folders of their own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import httpx

__all__ = ["TRADYN", "Running", "environment", "free_port", "refusal", "serving", "tradyn"]

TRADYN = (sys.executable, "-m", "tradyn")
_LAST_LINE = "Stop with Ctrl-C"


def free_port(host: str = "127.0.0.1") -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("TRADYN_")}
    # Else every process compiles all that it imports anew, which takes half of its start.
    return {**own, "PYTHONDONTWRITEBYTECODE": "", **(extra or {})}


def tradyn(
    *arguments: object, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """One command, to its end: in a process of its own, forked from one that has imported everything."""
    with tempfile.TemporaryDirectory() as folder:
        given = [*map(str, arguments)]
        order = {
            "arguments": given,
            "cwd": str(cwd or Path.cwd()),
            "environment": environment(env),
            "output": [f"{folder}/stdout", f"{folder}/stderr"],
        }
        code = _nursery().carry_out(order)
        said, told = (Path(folder, each).read_text(encoding="utf-8") for each in ("stdout", "stderr"))
    return subprocess.CompletedProcess(given, code, said, told)


class _Nursery:
    """A process that imports the program once and forks a child for each command."""

    def __init__(self) -> None:
        command = [sys.executable, __file__]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), text=True
        )

    def carry_out(self, order: dict[str, Any]) -> int:
        """The command's exit code."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@cache
def _nursery() -> _Nursery:
    # It ends with this process, which has the other end of its pipe.
    return _Nursery()


def _bear_children() -> None:
    from importlib import import_module

    for name in ("tradyn.admin", "tradyn.replay", "rich.progress"):
        import_module(name)
    cli = import_module("tradyn.cli").cli
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _be_a_child(cli, json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _be_a_child(cli: Callable[..., Any], order: dict[str, Any]) -> NoReturn:
    code = 70
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, file in enumerate(order["output"], 1):
            os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
        os.chdir(order["cwd"])
        # The usual one, so that what is private is so by the program's doing.
        os.umask(0o022)
        os.environ.clear()
        os.environ.update(order["environment"])
        cli(args=order["arguments"], prog_name="tradyn")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def refusal(*arguments: object, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """The one sentence with which a command that cannot work ends."""
    done = tradyn(*arguments, cwd=cwd, env=env)
    assert done.returncode != 0, done.stdout
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    *usage, sentence = done.stderr.strip().splitlines()
    assert all(line.startswith(("Usage: ", "Try ")) or not line for line in usage), done.stderr
    return sentence


@dataclass
class Running:
    """A server that is ready."""

    process: subprocess.Popen[str]
    data_dir: Path
    welcome: str
    log_file: Path
    port: int

    @property
    def credentials(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.data_dir / "credentials.json").read_text())
        return content

    @property
    def root(self) -> str:
        return str(self.credentials["base_url"]).removesuffix("/v1")

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    def client(self, key: str = "api_key") -> httpx.Client:
        known = self.credentials
        token = known.get(key, key)
        return httpx.Client(base_url=known["base_url"], headers={"Authorization": f"Bearer {token}"})

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end; its exit code. Five seconds are what it promises."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(5)


@contextmanager
def serving(
    data_dir: Path, *options: object, port: int | None = None, env: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """`tradyn serve` until the end of the block; then it must end well, and have logged no traceback."""
    port = port or free_port()
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    log_file = data_dir.parent / f"{data_dir.name}.log"
    command = [*TRADYN, "serve", "--data-dir", str(data_dir), "--port", str(port), *map(str, options)]
    with log_file.open("w") as log:
        process = subprocess.Popen(
            command, env=environment(env), stdout=subprocess.PIPE, stderr=log, text=True
        )
    assert process.stdout is not None
    running = Running(process, data_dir, "", log_file, port)
    try:
        for line in process.stdout:
            running.welcome += line
            if line.startswith(_LAST_LINE):
                break
        assert running.welcome, running.log
        yield running
        if process.poll() is None:
            assert running.stop() == 0
        assert "Traceback" not in running.log
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdout.close()


if __name__ == "__main__":
    _bear_children()
