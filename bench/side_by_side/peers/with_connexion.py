"""Stock connexion on the document itself, with handlers that answer from memory.

`BENCH_VALIDATE` set to 1 has it hold its answers against the document, too.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count as counter
from typing import Any, Final

import yaml
from connexion import AsyncApp  # type: ignore[import-untyped]
from connexion.resolver import Resolver  # type: ignore[import-untyped]
from connexion.security import BearerSecurityHandler  # type: ignore[import-untyped]

from bench.side_by_side.peers.data import DOCUMENT, read_data

__all__ = ["VALIDATE_VARIABLE", "app"]

VALIDATE_VARIABLE: Final = "BENCH_VALIDATE"

Json = dict[str, Any]
Answer = tuple[Json, int, dict[str, str]]

_DATA: Final = read_data()
_TICKETS: Final = counter(1)


def _answer(data: Any) -> Answer:
    # connexion holds headers against the document, too, and this one it wants on every answer.
    return {"success": True, "data": data}, 200, {"X-Request-Id": secrets.token_hex(12)}


async def get_account(token_info: Json) -> Answer:
    """The account."""
    return _answer(_DATA.accounts[token_info["login"]])


async def list_positions(token_info: Json, symbol: str | None = None) -> Answer:
    """The open positions."""
    positions = _DATA.positions.get(token_info["login"], [])
    return _answer([each for each in positions if symbol is None or each["symbol"] == symbol])


async def get_candles(symbol: str, timeframe: str, count: int) -> Answer:
    """Candles."""
    return _answer(_DATA.candles[-count:])


async def trade(body: Json) -> Answer:
    """Echo a trade."""
    ticket = next(_TICKETS)
    result = {
        **_DATA.trade,
        "ticket": ticket,
        "order": ticket,
        "deal": ticket,
        "symbol": body["symbol"],
        "action": body["action"],
        "volume": body["volume"],
        "sl": body.get("sl"),
        "tp": body.get("tp"),
        "time": datetime.now(UTC),
    }
    return _answer(result)


async def elsewhere() -> Answer:
    """What no work asks for."""
    raise NotImplementedError


_HANDLERS: Final[dict[str, Callable[..., Any]]] = {
    "getAccount": get_account,
    "listPositions": list_positions,
    "getCandles": get_candles,
    "trade": trade,
}


class _Keys(BearerSecurityHandler):  # type: ignore[misc]
    def get_fn(self, security_scheme: Json, required_scopes: list[str]) -> Any:
        return self._get_verify_func(_token_info)


def _token_info(token: str) -> Json | None:
    login = _DATA.logins.get(token)
    return None if login is None else {"login": login}


app = AsyncApp(
    __name__,
    resolver=Resolver(lambda operation_id: _HANDLERS.get(operation_id, elsewhere)),
    pythonic_params=True,
    strict_validation=True,
    validate_responses=os.environ.get(VALIDATE_VARIABLE) == "1",
    security_map={"bearer": _Keys},
)
app.add_api(yaml.safe_load(DOCUMENT.read_text(encoding="utf-8")))
