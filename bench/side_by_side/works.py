"""The works: what is asked of every contender, byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["CANDLES", "LENGTH_OF_ID", "ONE_CLIENT", "START", "WORKS", "Work"]

CANDLES: Final = 500
"""How many candles a client asks for."""

LENGTH_OF_ID: Final = 10
"""Digits of the number that makes a `client_order_id` one of its kind."""

ONE_CLIENT: Final = "one-client"
START: Final = "start"

_HEAD: Final = "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer @KEY@\r\n"


@dataclass(frozen=True)
class Work:
    """One request, and who makes it.

    Attributes:
        path: with the query, below the server's base path.
        route: the path as the document has it.
        holder: of the accounts made for the purpose, which asks: `one`, `twenty` (by how many positions it
            has), or `traders` for all those that trade, in turn.
        connections: how many ask at the same time. Few for long answers: what the last of them is being
            answered when the time is up has cost CPU time and is not counted.
        body: JSON in which `@SIDE@` and `@ID@` are filled in anew for each request.
    """

    name: str
    title: str
    method: str
    path: str
    route: str
    holder: str
    connections: int = 64
    body: str = ""

    def template(self, run: str) -> str:
        """The whole request, of one length whatever is filled in for `@KEY@`, `@SIDE@` and `@ID@`.

        Args:
            run: tells the ids of this run from those of others, which the server still knows.
        """
        head = _HEAD.format(method=self.method, path=f"/v1{self.path}")
        if not self.body:
            return f"{head}\r\n"
        body = self.body.replace("@ID@", f"{run}-@ID@")
        length = len(self.fill(body, "", 0))
        return f"{head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"

    @staticmethod
    def fill(template: str, key: str, number: int) -> str:
        """One request: buys and sells take turns."""
        # JSON allows the blank, and the length stays the same.
        side = '"sell"' if number % 2 else '"buy" '
        return (
            template.replace("@KEY@", key)
            .replace("@SIDE@", side)
            .replace("@ID@", f"{number:0{LENGTH_OF_ID}}")
        )


WORKS: Final = {
    work.name: work
    for work in (
        Work("account", "GET /api/account", "GET", "/api/account", "/api/account", "one"),
        Work(
            "positions",
            "GET /api/positions, 20 positions",
            "GET",
            "/api/positions",
            "/api/positions",
            "twenty",
        ),
        Work(
            "candles",
            f"GET /api/candles, {CANDLES}",
            "GET",
            f"/api/candles/EURUSD?timeframe=M1&count={CANDLES}",
            "/api/candles/{symbol}",
            "one",
            connections=8,
        ),
        Work(
            "trade",
            "POST /api/trade",
            "POST",
            "/api/trade",
            "/api/trade",
            "traders",
            body='{"symbol":"EURUSD","action":@SIDE@,"volume":0.01,"client_order_id":"@ID@"}',
        ),
    )
}
