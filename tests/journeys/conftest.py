"""A server as a user starts one: a process of its own, spoken to over the network."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import httpx
import pytest

SERVER: Final = Path(__file__).parents[2] / "server"
STOP_SECONDS: Final = 5
_POLL_SECONDS: Final = 0.05

# A Monday morning that stands still until a test moves it, with a market that makes its own quotes.
DEFAULTS: Final = {
    "feed": "synthetic",
    "clock": "manual",
    "start": "2026-03-02T09:30:00Z",
    "rate-limit": "100000",
}


@dataclass(frozen=True)
class LiveServer:
    """A running server, and the keys that it made at its first start."""

    base_url: str
    login: int
    api_key: str
    admin_key: str
    data_dir: Path
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()


class StartServer(Protocol):
    """Starts a server with other options than the usual ones; it is stopped at the end.

    None is to leave a usual option out, "" to give one that takes no value.
    """

    def __call__(self, **options: object) -> LiveServer: ...


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    with ExitStack() as running:

        def start(**options: object) -> LiveServer:
            given = DEFAULTS | {name.replace("_", "-"): value for name, value in options.items()}
            texts = {name: str(value) for name, value in given.items() if value is not None}
            return running.enter_context(_serve(tmp_path_factory.mktemp("server"), texts))

        yield start


@pytest.fixture(scope="session")
def live_server(start_server: StartServer) -> LiveServer:
    """One server for all tests that do not mind each other; each opens an account of its own."""
    return start_server(allow_local_webhooks="")


@contextmanager
def _serve(folder: Path, options: dict[str, str]) -> Iterator[LiveServer]:
    log = folder / "log"
    data_dir = Path(options.pop("data-dir", folder / "data"))
    port = _free_port()
    command = [sys.executable, "-m", "tradyn", "serve", "--data-dir", str(data_dir), "--port", str(port)]
    for name, value in options.items():
        command += [f"--{name}", value] if value else [f"--{name}"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRADYN_")}
    environment["PYTHONPATH"] = str(SERVER)
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait_until_ready(process, f"http://127.0.0.1:{port}/v1", log)
        credentials = json.loads((data_dir / "credentials.json").read_text())
        yield LiveServer(**credentials, data_dir=data_dir, process=process)
        if process.poll() != -signal.SIGKILL:  # unless a test killed it; one that died by itself is a failure
            process.send_signal(signal.SIGTERM)
            assert process.wait(STOP_SECONDS) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(process: subprocess.Popen[bytes], base_url: str, log: Path) -> None:
    while process.poll() is None:
        try:
            if httpx.get(f"{base_url}/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(_POLL_SECONDS)
    pytest.fail(f"The server ended with {process.returncode}:\n{log.read_text()}")
