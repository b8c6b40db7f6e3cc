"""Reads what a server shows of an account, page by page, and only what is new since the last time."""

from __future__ import annotations

from typing import Any, Final

import httpx

from reliability.book import Json, read_json
from reliability.history_check import Observation

__all__ = ["HistoryReader", "read"]

PAGE: Final = 250
_ENDED: Final = ("filled", "canceled", "expired", "rejected")


class HistoryReader:
    """One account's lists, each followed by its cursor.

    The last page is read again each time: what it had must still be there, unchanged.
    """

    def __init__(self, key: str) -> None:
        self._headers = {"Authorization": f"Bearer {key}"}
        self._deals = _Listing("/api/account/history", {"order": "asc"})
        self._ended = [_Listing("/api/orders", {"state": each}) for each in _ENDED]

    async def observe(self, client: httpx.AsyncClient) -> Observation:
        """The account as it stands; nothing may move meanwhile."""
        changed: list[tuple[Json | None, Json | None]] = []
        deals = await self._deals.news(client, self._headers, changed)
        ended = [row for each in self._ended for row in await each.news(client, self._headers, changed)]
        placed: list[Json] = await _Listing("/api/orders", {"state": "placed"}).news(
            client, self._headers, changed
        )
        return Observation(
            account=await read(client, self._headers, "/api/account"),
            positions=await read(client, self._headers, "/api/positions"),
            placed=placed,
            deals=deals,
            ended=ended,
            shown_before=changed,
        )


class _Listing:
    def __init__(self, path: str, parameters: dict[str, str]) -> None:
        self._path, self._parameters = path, parameters
        self._cursor: str | None = None
        self._page: list[Json] = []

    async def news(
        self,
        client: httpx.AsyncClient,
        headers: dict[str, str],
        changed: list[tuple[Json | None, Json | None]],
    ) -> list[Json]:
        found: list[Json] = []
        while True:
            parameters = {**self._parameters, "limit": str(PAGE)}
            if self._cursor is not None:
                parameters["cursor"] = self._cursor
            reply = await client.get(self._path, params=parameters, headers=headers)
            page = read_json(reply.raise_for_status().content)
            rows = page["data"]
            for each in rows:
                each.pop("price_current", None)
            for place, before in enumerate(self._page):
                now = rows[place] if place < len(rows) else None
                if before != now:
                    changed.append((before, now))
            found += rows[len(self._page) :]
            self._page = rows
            if page["next_cursor"] is None:
                return found
            self._cursor, self._page = page["next_cursor"], []


async def read(client: httpx.AsyncClient, headers: dict[str, str], path: str) -> Any:
    """The data of an answer that must be a success."""
    return read_json((await client.get(path, headers=headers)).raise_for_status().content)["data"]
