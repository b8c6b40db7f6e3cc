"""Starlette with handlers written by hand: orjson, and the checks that one writes when nobody looks."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any, Final

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.side_by_side.peers.data import read_data

__all__ = ["app"]

_DATA: Final = read_data()
_TICKETS: Final = count(1)
_TIMEFRAMES: Final = frozenset({"M1", "M5", "M15", "M30", "H1", "H4", "D1", "W1", "MN1"})


class _JsonResponse(Response):
    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return orjson.dumps(content, option=orjson.OPT_UTC_Z)


def _login(request: Request) -> int:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    login = _DATA.logins.get(key)
    if scheme.lower() != "bearer" or login is None:
        raise HTTPException(401, "Invalid API key")
    return login


async def get_account(request: Request) -> Response:
    """The account."""
    return _JsonResponse({"success": True, "data": _DATA.accounts[_login(request)]})


async def list_positions(request: Request) -> Response:
    """The open positions."""
    positions = _DATA.positions.get(_login(request), [])
    symbol = request.query_params.get("symbol")
    if symbol is not None:
        positions = [each for each in positions if each["symbol"] == symbol]
    return _JsonResponse({"success": True, "data": positions})


async def get_candles(request: Request) -> Response:
    """Candles."""
    _login(request)
    wanted = request.query_params.get("count", "100")
    if request.query_params.get("timeframe") not in _TIMEFRAMES or not wanted.isdecimal():
        raise HTTPException(400, "timeframe or count is wrong")
    return _JsonResponse({"success": True, "data": _DATA.candles[-min(max(int(wanted), 1), 1000) :]})


async def trade(request: Request) -> Response:
    """Echo a trade."""
    _login(request)
    try:
        body = orjson.loads(await request.body())
        symbol, action, volume = body["symbol"], body["action"], body["volume"]
    except (ValueError, KeyError, TypeError) as error:
        raise HTTPException(400, "The body is wrong") from error
    if not isinstance(symbol, str) or action not in ("buy", "sell"):
        raise HTTPException(400, "symbol or action is wrong")
    if not isinstance(volume, int | float) or not 0 < volume <= 1_000_000:
        raise HTTPException(400, "volume is wrong")
    ticket = next(_TICKETS)
    result = {
        **_DATA.trade,
        "ticket": ticket,
        "order": ticket,
        "deal": ticket,
        "symbol": symbol,
        "action": action,
        "volume": volume,
        "sl": body.get("sl"),
        "tp": body.get("tp"),
        "time": datetime.now(UTC),
    }
    return _JsonResponse({"success": True, "data": result})


app = Starlette(
    routes=[
        Route("/v1/api/account", get_account),
        Route("/v1/api/positions", list_positions),
        Route("/v1/api/candles/{symbol}", get_candles),
        Route("/v1/api/trade", trade, methods=["POST"]),
    ]
)
