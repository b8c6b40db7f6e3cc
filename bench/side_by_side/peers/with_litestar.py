"""Litestar and msgspec, as their documentation has it: Structs in and out, and a guard for the key."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from itertools import count as counter
from typing import Annotated, Any, Final

import msgspec
from litestar import Litestar, Request, get, post
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.params import Parameter
from msgspec import Meta, Struct

from bench.side_by_side.peers.data import read_data

__all__ = ["app"]

_DATA: Final = read_data()
_TICKETS: Final = counter(1)

Ticket = Annotated[int, Meta(ge=1, le=9007199254740991)]
SymbolName = Annotated[str, Meta(max_length=32, pattern=r"^[A-Za-z0-9._#-]{1,32}$")]
ClientOrderId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[!-~]{1,64}$")]
Stop = Annotated[float, Meta(ge=0, le=1_000_000_000)]


class Side(StrEnum):
    """Buy or sell."""

    BUY = "buy"
    SELL = "sell"


class Timeframe(StrEnum):
    """How long a candle is."""

    M1 = "M1"
    M5 = "M5"
    M15 = "M15"
    M30 = "M30"
    H1 = "H1"
    H4 = "H4"
    D1 = "D1"
    W1 = "W1"
    MN1 = "MN1"


class Account(Struct):
    """An account."""

    login: Ticket
    name: Annotated[str, Meta(max_length=64)]
    server: str
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    currency_digits: Annotated[int, Meta(ge=0, le=8)]
    leverage: Annotated[int, Meta(ge=1, le=10_000)]
    margin_mode: str
    balance: float
    credit: float
    profit: float
    equity: float
    margin: float
    margin_free: float
    margin_level: float | None
    margin_call_level: float
    stop_out_level: float
    trade_allowed: bool
    time: datetime


class Position(Struct):
    """An open position."""

    ticket: Ticket
    symbol: str
    type: Side
    volume: float
    price_open: float
    price_current: float
    sl: float | None
    tp: float | None
    trailing_stop: Annotated[int, Meta(ge=0, le=1_000_000)] | None
    profit: float
    swap: float
    commission: float
    margin: float
    time_open: datetime
    time_update: datetime
    magic: Annotated[int, Meta(ge=0)]
    comment: str
    client_order_id: str | None


class Candle(Struct):
    """A candle."""

    time: datetime
    open: float
    high: float
    low: float
    close: float
    tick_volume: Annotated[int, Meta(ge=0)]
    spread: Annotated[int, Meta(ge=0)]


class TradeRequest(Struct, forbid_unknown_fields=True):
    """A trade at the market."""

    symbol: SymbolName
    action: Side
    volume: Annotated[float, Meta(gt=0, le=1_000_000)]
    sl: Stop | None = None
    tp: Stop | None = None
    deviation: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    magic: Annotated[int, Meta(ge=0, le=9007199254740991)] = 0
    comment: Annotated[str, Meta(max_length=31)] = ""
    client_order_id: ClientOrderId | None = None


class TradeResult(Struct):
    """What became of a trade."""

    ticket: Ticket
    order: Ticket
    deal: Ticket
    symbol: str
    action: Side
    volume: float
    price: float
    sl: float | None
    tp: float | None
    commission: float
    margin: float
    time: datetime


class AccountResponse(Struct):
    """The envelope of an account."""

    data: Account
    success: bool = True


class PositionListResponse(Struct):
    """The envelope of positions."""

    data: list[Position]
    success: bool = True


class CandleListResponse(Struct):
    """The envelope of candles."""

    data: list[Candle]
    success: bool = True


class TradeResponse(Struct):
    """The envelope of a trade's result."""

    data: TradeResult
    success: bool = True


def require_key(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Let in who has a key, and note the account that it is for."""
    scheme, _, key = connection.headers.get("authorization", "").partition(" ")
    login = _DATA.logins.get(key)
    if scheme.lower() != "bearer" or login is None:
        raise NotAuthorizedException("Invalid API key")
    connection.state.login = login


@get("/v1/api/account")
async def get_account(request: Request[Any, Any, Any]) -> AccountResponse:
    """The account."""
    return AccountResponse(msgspec.convert(_DATA.accounts[request.state.login], Account))


@get("/v1/api/positions")
async def list_positions(
    request: Request[Any, Any, Any], symbol: SymbolName | None = None
) -> PositionListResponse:
    """The open positions."""
    positions = _DATA.positions.get(request.state.login, [])
    found = [each for each in positions if symbol is None or each["symbol"] == symbol]
    return PositionListResponse(msgspec.convert(found, list[Position]))


@get("/v1/api/candles/{symbol:str}")
async def get_candles(
    symbol: SymbolName, timeframe: Timeframe, count: Annotated[int, Parameter(ge=1, le=1000)] = 100
) -> CandleListResponse:
    """Candles."""
    return CandleListResponse(msgspec.convert(_DATA.candles[-count:], list[Candle]))


@post("/v1/api/trade", status_code=200)
async def trade(data: TradeRequest) -> TradeResponse:
    """Echo a trade."""
    ticket = next(_TICKETS)
    return TradeResponse(
        TradeResult(
            ticket=ticket,
            order=ticket,
            deal=ticket,
            symbol=data.symbol,
            action=data.action,
            volume=data.volume,
            price=_DATA.trade["price"],
            sl=data.sl,
            tp=data.tp,
            commission=_DATA.trade["commission"],
            margin=_DATA.trade["margin"],
            time=datetime.now(UTC),
        )
    )


app = Litestar([get_account, list_positions, get_candles, trade], guards=[require_key], openapi_config=None)
