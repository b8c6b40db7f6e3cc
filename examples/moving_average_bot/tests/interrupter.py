"""Stands between a bot and its broker, and kills the bot at a request of the test's choice."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Final
from urllib.parse import urlsplit

from .broker import Trader, arguments

COMMAND: Final = [sys.executable, "-m", "moving_average_bot"]


class Moment(Enum):
    BEFORE = "the request has reached the broker"
    AFTER = "the answer has reached the bot"


class Interrupter(ThreadingHTTPServer):
    """Passes on what comes, and keeps a list of it."""

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = urlsplit(upstream).netloc
        self.base_url = f"http://127.0.0.1:{self.server_port}/v1"
        self.bot: subprocess.Popen[str] | None = None
        self.victim: tuple[int, Moment] | None = None
        self.seen: list[str] = []

    def run(self, trader: Trader, victim: tuple[int, Moment] | None = None) -> int:
        """One look of the bot as a process of its own; its exit code.

        Args:
            trader: Whose.
            victim: The request, counted from 0, and the moment before which the bot is killed.
        """
        self.seen, self.victim = [], victim
        self.bot = start_bot(trader, "--once", base_url=self.base_url)
        self.bot.communicate()
        return self.bot.returncode

    def kill(self) -> None:
        assert self.bot is not None
        self.bot.kill()
        self.bot.wait()


class _Handler(BaseHTTPRequestHandler):
    server: Interrupter

    def do_GET(self) -> None:
        number = len(self.server.seen)
        self.server.seen.append(f"{self.command} {urlsplit(self.path).path}")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.victim == (number, Moment.BEFORE):
            return self.server.kill()
        upstream = http.client.HTTPConnection(self.server.upstream)
        upstream.request(self.command, self.path, body, dict(self.headers))
        answer = upstream.getresponse()
        content = answer.read()
        if self.server.victim == (number, Moment.AFTER):
            return self.server.kill()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "date", "server"):
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        return None

    do_POST = do_DELETE = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test keeps its own list."""


@contextmanager
def interrupting(upstream: str) -> Iterator[Interrupter]:
    with Interrupter(upstream) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def start_bot(
    trader: Trader, *options: str, base_url: str | None = None, stderr: Path | None = None
) -> subprocess.Popen[str]:
    """The command, with the trader's key and journal."""
    client = trader.client
    own = os.environ | {"TRADYN_BASE_URL": base_url or client.base_url, "TRADYN_API_KEY": client.token or ""}
    with (stderr or Path(f"{trader.journal}.log")).open("a") as log:
        return subprocess.Popen([*COMMAND, *arguments(trader), *options], env=own, stderr=log, text=True)
