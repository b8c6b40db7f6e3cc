"""The server's own API for the command line: a running server's, or that of a data folder at rest.

Either way the same requests are made with the admin key of `credentials.json`; a folder that no
process has open is opened here for the time of the call.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from tradyn.adapters.journal_sqlite import JournalBusy
from tradyn.app import JOURNAL_FILE, open_server
from tradyn.config import ConfigError, Settings
from tradyn.credentials import read_credentials

__all__ = ["AdminApi", "open_admin_api"]

_TIMEOUT_SECONDS = 10.0


class AdminApi:
    """Requests with the admin key, unwrapped.

    Raises:
        ConfigError: the server refused, with its sentence.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def call(self, method: str, path: str, **options: Any) -> Any:
        """The `data` of one answer."""
        return (await self._envelope(method, path, **options))["data"]

    async def pages(self, path: str) -> list[Any]:
        """The `data` of all pages of a list."""
        items: list[Any] = []
        parameters: dict[str, str] = {}
        while True:
            envelope = await self._envelope("GET", path, params=parameters)
            items += envelope["data"]
            if not envelope.get("next_cursor"):
                return items
            parameters = {"cursor": envelope["next_cursor"]}

    async def _envelope(self, method: str, path: str, **options: Any) -> Any:
        try:
            response = await self._client.request(method, path, **options)
            envelope = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ConfigError(f"The server at {self._client.base_url} does not answer: {error}") from error
        if not envelope.get("success"):
            raise ConfigError(f"{envelope.get('error')} ({envelope.get('code')})")
        return envelope


@asynccontextmanager
async def open_admin_api(data_dir: Path) -> AsyncIterator[AdminApi]:
    """The admin API of a data folder, through its running server or without one."""
    if not (data_dir / JOURNAL_FILE).exists():
        raise ConfigError(f"There is no broker in {data_dir}; `tradyn serve --data-dir {data_dir}` makes one")
    try:
        async with open_server(Settings(data_dir=data_dir), runs=False, on_answer=lambda _: None) as server:
            transport = httpx.ASGITransport(app=server.app)
            async with _client(
                server.credentials.base_url, server.credentials.admin_key, transport
            ) as client:
                yield AdminApi(client)
            return
    except JournalBusy:
        pass
    credentials = read_credentials(data_dir)
    if credentials is None:
        raise ConfigError(f"A server is running on {data_dir}, but its credentials.json cannot be read")
    async with _client(credentials.base_url, credentials.admin_key) as client:
        yield AdminApi(client)


def _client(base_url: str, key: str, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=base_url,
        headers={"Authorization": f"Bearer {key}"},
        transport=transport,
        timeout=_TIMEOUT_SECONDS,
    )
