"""Replay: recorded data through the broker as fast as it can, with requests at their recorded times.

The requests are lines of JSON: `{"time": "2017-05-02T09:00:00Z", "method": "POST", "path":
"/api/trade", "body": {…}}`. Each is made through the whole contract when market time has come to
its `time`, so what a file of requests does here, it does to a running server.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tradyn import wire
from tradyn.app import Server
from tradyn.config import ConfigError
from tradyn.statement import Statement, read_statement

__all__ = ["Replayed", "Request", "read_requests", "replay_statement", "run_replay"]

_STEPS = 200
_METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")


@dataclass(frozen=True, slots=True)
class Request:
    """One line of a file of requests; `time` in milliseconds since 1970."""

    line: int
    time: int
    method: str
    path: str
    body: Any


@dataclass(frozen=True, slots=True)
class Replayed:
    """How it ended. `account` is the contract's Account, `deals` its Deals, amounts as numbers."""

    account: dict[str, Any]
    deals: list[dict[str, Any]]
    refused: list[str]


def read_requests(path: Path) -> list[Request]:
    """Read a file of requests.

    Raises:
        ConfigError: naming the line, what was wrong and what would be right.
    """
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"Cannot read {path}: {getattr(error, 'strerror', None) or error}") from error
    requests: list[Request] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        request = _read_request(path, number, line)
        if requests and request.time < requests[-1].time:
            raise ConfigError(f"{path}, line {number}: time goes backwards; sort the lines by time")
        requests.append(request)
    return requests


def _read_request(path: Path, number: int, line: str) -> Request:
    try:
        content = json.loads(line)
        _check_request(content)
        return Request(
            number,
            wire.read_time(content["time"]),
            content.get("method", "POST"),
            content["path"],
            content.get("body"),
        )
    except ValueError as error:
        raise ConfigError(
            f"{path}, line {number}: not a request ({error}); right would be "
            '{"time": "2017-05-02T09:00:00Z", "path": "/api/trade", "body": {…}}'
        ) from error


def _check_request(content: Any) -> None:
    if not isinstance(content, dict):
        raise ValueError("not an object")
    for name in content:
        if name not in ("time", "method", "path", "body"):
            raise ValueError(f"{name!r} is unknown")
    for name in ("time", "path"):
        if not isinstance(content.get(name), str):
            raise ValueError(f"{name} must be given, as text")
    if not content["path"].startswith("/"):
        raise ValueError("path must begin with /")
    if content.get("method", "POST") not in _METHODS:
        raise ValueError(f"method must be one of {', '.join(_METHODS)}")


async def run_replay(server: Server, requests: list[Request], progress: Callable[[float], None]) -> Replayed:
    """Play the feed from its beginning to its end.

    Args:
        server: with a manual clock, at the feed's first quote.
        progress: told the part that is done, from 0 to 1.
    """
    start, end = server.desk.now, server.market.feed.end
    if end is None:
        raise AssertionError("only a recorded feed has an end")
    refused = []
    async with _client(server) as client:
        for request in requests:
            if request.time > end:
                break
            await _play(server, request.time, start, end, progress)
            answer = await _send(client, request)
            if not answer["success"]:
                refused.append(f"line {request.line}: {answer['error']} ({answer['code']})")
        await _play(server, end, start, end, progress)
        account = (await _get(client, "/api/account"))["data"]
        deals: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = await _get(client, "/api/account/history", limit=1000, cursor=cursor)
            deals += page["data"]
            cursor = page["next_cursor"]
            if cursor is None:
                return Replayed(account, deals, refused)


async def replay_statement(server: Server) -> Statement:
    """The statement of the account, with its curve and statistics."""
    async with _client(server) as client:

        async def get(path: str, query: Mapping[str, Any]) -> dict[str, Any]:
            envelope: dict[str, Any] = await _get(client, path, **query)
            return envelope

        return await read_statement(get)


async def _play(server: Server, until: int, start: int, end: int, progress: Callable[[float], None]) -> None:
    span = max(end - start, 1)
    while server.desk.now < until:
        await server.market.play(min(until, server.desk.now + max(span // _STEPS, 1)))
        progress((server.desk.now - start) / span)


async def _send(client: httpx.AsyncClient, request: Request) -> Any:
    return (await client.request(request.method, request.path, json=request.body)).json()


async def _get(client: httpx.AsyncClient, path: str, **parameters: Any) -> Any:
    given = {name: value for name, value in parameters.items() if value is not None}
    return (await client.get(path, params=given)).json()


def _client(server: Server) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=server.app),
        base_url=server.credentials.base_url,
        headers={"Authorization": f"Bearer {server.credentials.api_key}"},
    )
