"""What it costs each request that names and origins are checked: GET /api/account with the check and without.

Measured is the application without the network below it, in CPU time, on one core; both take turns within one
run, and the quietest turn of each counts, because machines are noisy. Run it with
`PYTHONPATH=server .venv/bin/python bench/request_guard.py`.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from tradyn import app as composition
from tradyn.clock import ClockMode
from tradyn.config import Settings
from tradyn.contract import Application

TURNS, REQUESTS = 60, 1_000
PATH = "/v1/api/account"


async def cpu_us(app: Application, headers: list[tuple[bytes, bytes]]) -> float:
    """CPU time of one request, in microseconds."""

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        assert message.get("status", 200) == 200, message

    started = time.process_time()
    for _ in range(REQUESTS):
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "path": PATH,
            "raw_path": PATH.encode(),
            "query_string": b"",
            "headers": headers,
            "server": ("127.0.0.1", 8080),
        }
        await app(scope, receive, send)
    return (time.process_time() - started) / REQUESTS * 1e6


async def main() -> None:
    """Print both, and their ratio."""
    bare: list[Application] = []
    guarded = composition.guarded

    def watched(app: Application, *rest: Any) -> Application:
        bare.append(app)
        return guarded(app, *rest)

    composition.guarded = watched
    settings = Settings(feed="push", clock=ClockMode.MANUAL, rate_limit=1_000_000_000)
    async with composition.open_server(settings, on_answer=lambda _: None) as server:
        headers = [
            (b"host", b"127.0.0.1:8080"),
            (b"user-agent", b"curl/8.5.0"),
            (b"accept", b"*/*"),
            (b"accept-encoding", b"gzip, deflate"),
            (b"connection", b"keep-alive"),
            (b"authorization", f"Bearer {server.credentials.api_key}".encode()),
        ]
        without, with_it = [], []
        for _ in range(TURNS):
            without.append(await cpu_us(bare[0], headers))
            with_it.append(await cpu_us(server.app, headers))
    low, high = min(without), min(with_it)
    print(f"{low:.2f} us without the check, {high:.2f} us with it: ratio {high / low:.3f}")


if __name__ == "__main__":
    asyncio.run(main())
