"""Prism as a validating proxy: what is sent through it is held against the document, both ways.

The proxy changes nothing: what it finds wrong it writes into its log (and into the header `sl-violations` of
the answer), and the answer goes on. It looks at paths, parameters, bodies, keys, statuses, media types and
headers of answers. Where the server has refused a request (4xx), it does not say again what is wrong with it.

    with prism("http://127.0.0.1:8080") as proxy:
        ...                                # whatever speaks to `proxy.base_url` instead of the server's
        assert proxy.wrong_answers() == []
"""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from contract.review_tools import ENVIRONMENT, command
from contract.served import DOCUMENT
from serving import free_port

__all__ = ["Proxy", "prism"]

_BASE_PATH: Final = "/v1"
_PATIENCE_S: Final = 60
_VIOLATION: Final = re.compile(r"\[VALIDATOR\].*?Violation: (.*)")
_REQUEST: Final = re.compile(r"\[HTTP SERVER\] (\S+) (\S+) .*Request received")


@dataclass
class Proxy:
    """A running proxy.

    Attributes:
        base_url: what clients use instead of the server's.
    """

    base_url: str
    _root: str
    _log: Path
    _marks: Iterator[int] = field(default_factory=itertools.count)

    def wrong_answers(self) -> list[str]:
        """What the server did wrong until now: request, part of the answer, sentence.

        With requests at the same time, the request named may be another one's.
        """
        return self._violations("response")

    def wrong_requests(self) -> list[str]:
        """The same for the clients: what should not have been accepted, no key, a path that is none."""
        return self._violations("request")

    def _violations(self, side: str) -> list[str]:
        found, at = [], "?"
        for line in self._lines():
            if (request := _REQUEST.search(line)) is not None:
                at = f"{request[1].upper()} {request[2]}"
            elif (violation := _VIOLATION.search(line)) is not None and violation[1].startswith(side):
                found.append(f"{at}: {violation[1]}")
        return found

    def requests(self) -> int:
        """How many requests came through."""
        return sum(1 for line in self._lines() if _REQUEST.search(line) is not None)

    def _lines(self) -> list[str]:
        """Its log, up to a request of our own, which shows that what was before it has been written."""
        mark = f"/mark-{next(self._marks)}-of-the-log"
        httpx.get(self._root + mark)
        lines: list[str] = []
        deadline = time.monotonic() + _PATIENCE_S
        while not any(mark in line for line in lines):
            assert time.monotonic() < deadline, "Prism does not write its log"
            time.sleep(0.02)
            lines = self._log.read_text("utf-8").splitlines()
        kept, is_own = [], False
        for line in lines:
            if _REQUEST.search(line) is not None:
                is_own = "/mark-" in line
            if not is_own:
                kept.append(line)
        return kept


@contextmanager
def prism(server: str, *, root: Mapping[str, Any] = DOCUMENT.root) -> Iterator[Proxy]:
    """Start Prism in front of a server, for as long as the block lasts.

    Args:
        server: its address without `/v1`.
        root: the document.

    Raises:
        AssertionError: Prism does not start; the message is its log.
    """
    port = free_port()
    # The base path is part of the paths, so that clients can keep it.
    paths = {_BASE_PATH + path: item for path, item in root["paths"].items()}
    document = {**root, "servers": [{"url": server}], "paths": paths}
    with tempfile.TemporaryDirectory(prefix="tradyn-prism-") as folder:
        described, log = Path(folder, "document.json"), Path(folder, "prism.log")
        described.write_text(json.dumps(document), "utf-8")
        with log.open("w") as output:
            process = subprocess.Popen(
                command("prism", "proxy", described, server, "--port", port, "--cors", "false"),
                env={**ENVIRONMENT, "FORCE_COLOR": "0"},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait_until_it_listens(process, log)
            yield Proxy(f"http://127.0.0.1:{port}{_BASE_PATH}", f"http://127.0.0.1:{port}", log)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_it_listens(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while "Prism is listening" not in log.read_text("utf-8"):
        is_running = process.poll() is None and time.monotonic() < deadline
        assert is_running, f"Prism does not start:\n{log.read_text('utf-8')[-3000:]}"
        time.sleep(0.05)
