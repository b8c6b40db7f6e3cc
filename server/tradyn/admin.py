"""The server's own API for the command line: a running server's, or that of a data folder at rest.

Either way the same requests are made with the admin key of `credentials.json`; a folder that no
process has open is opened here for the time of the call.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from tradyn.access import TEST_PREFIX
from tradyn.adapters.journal_sqlite import JournalBusy
from tradyn.app import JOURNAL_FILE, open_server
from tradyn.config import ConfigError, Settings
from tradyn.credentials import Credentials, read_credentials, write_credentials
from tradyn.statement import Statement, read_statement

__all__ = ["AdminApi", "open_admin_api"]

_TIMEOUT_SECONDS = 10.0
# A long history takes its time.
_STATEMENT_TIMEOUT_SECONDS = 600.0
_SHOWN_LOGINS = 20


class AdminApi:
    """Requests with the admin key, unwrapped.

    Raises:
        ConfigError: the server refused, with its sentence.
    """

    def __init__(self, client: httpx.AsyncClient, data_dir: Path, credentials: Credentials) -> None:
        self._client = client
        self._data_dir = data_dir
        self._credentials = credentials

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

    async def rotate_key(self, key_id: str, overlap_seconds: int) -> str:
        """The key in place of another; `credentials.json` follows if it was one of its two."""
        old = await self._key(key_id)
        body = {"overlap_seconds": overlap_seconds}
        made: str = (await self.call("POST", f"{_path(key_id)}/rotate", json=body))["api_key"]
        known = self._credentials
        if known.api_key.startswith(old["prefix"]):
            write_credentials(self._data_dir, replace(known, api_key=made))
        elif known.admin_key.startswith(old["prefix"]):
            write_credentials(self._data_dir, replace(known, admin_key=made))
        return made

    async def revoke_key(self, key_id: str) -> Any:
        """The key, void; not that of `credentials.json` with which this request is made."""
        if self._credentials.admin_key.startswith((await self._key(key_id))["prefix"]):
            raise ConfigError(
                f"{key_id} is the admin key of credentials.json, which this command works with: "
                "rotate it instead"
            )
        return await self.call("DELETE", _path(key_id))

    async def statement(self, login: int | None) -> Statement:
        """The statement of an account, or of the first one.

        It is read with the account's key of `credentials.json`, or for another account with a
        key made for it and revoked at the end.
        """
        known = self._credentials
        if login in (None, known.login):
            return await self._statement(known.api_key)
        logins = [each["login"] for each in await self.pages("/api/accounts")]
        if login not in logins:
            raise ConfigError(f"There is no account {login}; there are: {_some(logins)}")
        body = {"scope": "read", "login": login, "label": "statement"}
        made = await self.call("POST", "/api/keys", json=body)
        try:
            return await self._statement(made["api_key"])
        finally:
            await self.call("DELETE", _path(made["key_id"]))

    async def _statement(self, key: str) -> Statement:
        headers = {"Authorization": f"Bearer {key}"}

        async def get(path: str, query: Mapping[str, Any]) -> dict[str, Any]:
            envelope: dict[str, Any] = await self._envelope(
                "GET", path, params=query, headers=headers, timeout=_STATEMENT_TIMEOUT_SECONDS
            )
            return envelope

        return await read_statement(get)

    async def _key(self, key_id: str) -> Any:
        for key in await self.call("GET", "/api/keys"):
            if key["key_id"] == key_id:
                return key
        raise ConfigError(f"There is no API key {key_id!r}; `tradyn keys list` shows the key_id of each")

    async def _envelope(self, method: str, path: str, **options: Any) -> Any:
        try:
            response = await self._client.request(method, path, **options)
            envelope = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ConfigError(f"The server at {self._client.base_url} does not answer: {error}") from error
        if not envelope.get("success"):
            # What the contract calls body.expires_at is an option here.
            told = re.sub(
                r"\bbody\.(\w+)", lambda found: "--" + found[1].replace("_", "-"), envelope["error"]
            )
            raise ConfigError(f"{told} ({envelope['code']})")
        return envelope


def _some(logins: list[int]) -> str:
    """Logins for a sentence, not more than a reader would look through."""
    shown = ", ".join(map(str, logins[:_SHOWN_LOGINS]))
    more = len(logins) - _SHOWN_LOGINS
    return f"{shown} and {more} more; `tradyn accounts list` shows them" if more > 0 else shown


def _path(key_id: str) -> str:
    return f"/api/keys/{quote(key_id, safe='')}"


@asynccontextmanager
async def open_admin_api(
    data_dir: Path, profile: str | None = None, instruments: Path | None = None
) -> AsyncIterator[AdminApi]:
    """The admin API of a data folder, through its running server or without one.

    Args:
        profile, instruments: for a folder at rest, other ones than its server was started with.
    """
    if not (data_dir / JOURNAL_FILE).exists():
        raise ConfigError(f"There is no broker in {data_dir}; `tradyn serve --data-dir {data_dir}` makes one")
    known = read_credentials(data_dir)
    settings = Settings(
        data_dir=data_dir,
        profile=profile,
        instruments=instruments,
        # New keys are of the kind that the folder has.
        test_keys=known is not None and known.api_key.startswith(TEST_PREFIX),
    )
    try:
        async with open_server(settings, runs=False, on_answer=lambda _: None) as server:
            credentials = server.credentials
            async with _client(credentials, httpx.ASGITransport(app=server.app)) as client:
                yield AdminApi(client, data_dir, credentials)
            return
    except JournalBusy:
        pass
    if known is None:
        raise ConfigError(f"A server is running on {data_dir}, but its credentials.json cannot be read")
    async with _client(known) as client:
        yield AdminApi(client, data_dir, known)


def _client(credentials: Credentials, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=credentials.base_url,
        headers={"Authorization": f"Bearer {credentials.admin_key}"},
        transport=transport,
        timeout=_TIMEOUT_SECONDS,
    )
