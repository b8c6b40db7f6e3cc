"""FastAPI and pydantic, as their documentation has it: models, dependencies, a model of each response."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from itertools import count
from typing import Annotated, Any, Final

from fastapi import Depends, FastAPI, HTTPException, Path, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from bench.side_by_side.peers.data import read_data

__all__ = ["app"]

_DATA: Final = read_data()
_TICKETS: Final = count(1)

Ticket = Annotated[int, Field(ge=1, le=9007199254740991)]
SymbolName = Annotated[str, Field(max_length=32, pattern=r"^[A-Za-z0-9._#-]{1,32}$")]
ClientOrderId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[!-~]{1,64}$")]
Stop = Annotated[float, Field(ge=0, le=1_000_000_000)]


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


class Account(BaseModel):
    """An account."""

    login: Ticket
    name: Annotated[str, Field(max_length=64)]
    server: str
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    currency_digits: Annotated[int, Field(ge=0, le=8)]
    leverage: Annotated[int, Field(ge=1, le=10_000)]
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


class Position(BaseModel):
    """An open position."""

    ticket: Ticket
    symbol: str
    type: Side
    volume: float
    price_open: float
    price_current: float
    sl: float | None
    tp: float | None
    trailing_stop: Annotated[int, Field(ge=0, le=1_000_000)] | None
    profit: float
    swap: float
    commission: float
    margin: float
    time_open: datetime
    time_update: datetime
    magic: Annotated[int, Field(ge=0)]
    comment: str
    client_order_id: str | None


class Candle(BaseModel):
    """A candle."""

    time: datetime
    open: float
    high: float
    low: float
    close: float
    tick_volume: Annotated[int, Field(ge=0)]
    spread: Annotated[int, Field(ge=0)]


class TradeRequest(BaseModel):
    """A trade at the market."""

    model_config = ConfigDict(extra="forbid")

    symbol: SymbolName
    action: Side
    volume: Annotated[float, Field(gt=0, le=1_000_000)]
    sl: Stop | None = None
    tp: Stop | None = None
    deviation: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    magic: Annotated[int, Field(ge=0, le=9007199254740991)] = 0
    comment: Annotated[str, Field(max_length=31)] = ""
    client_order_id: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[!-~]{1,64}$")] | None = (
        None
    )


class TradeResult(BaseModel):
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


class AccountResponse(BaseModel):
    """The envelope of an account."""

    success: bool = True
    data: Account


class PositionListResponse(BaseModel):
    """The envelope of positions."""

    success: bool = True
    data: list[Position]


class CandleListResponse(BaseModel):
    """The envelope of candles."""

    success: bool = True
    data: list[Candle]


class TradeResponse(BaseModel):
    """The envelope of a trade's result."""

    success: bool = True
    data: TradeResult


_bearer = HTTPBearer()


async def authenticated(credentials: Annotated[HTTPAuthorizationCredentials, Depends(_bearer)]) -> int:
    """The account that the key is for."""
    login = _DATA.logins.get(credentials.credentials)
    if login is None:
        raise HTTPException(403, "Invalid API key")
    return login


Login = Annotated[int, Depends(authenticated)]

app = FastAPI()


@app.get("/v1/api/account", response_model=AccountResponse)
async def get_account(login: Login) -> Any:
    """The account."""
    return {"data": _DATA.accounts[login]}


@app.get("/v1/api/positions", response_model=PositionListResponse)
async def list_positions(login: Login, symbol: Annotated[SymbolName | None, Query()] = None) -> Any:
    """The open positions."""
    positions = _DATA.positions.get(login, [])
    return {"data": [each for each in positions if symbol is None or each["symbol"] == symbol]}


@app.get("/v1/api/candles/{symbol}", response_model=CandleListResponse)
async def get_candles(
    _login: Login,
    symbol: Annotated[SymbolName, Path()],
    timeframe: Timeframe,
    count: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Any:
    """Candles."""
    return {"data": _DATA.candles[-count:]}


@app.post("/v1/api/trade", response_model=TradeResponse)
async def trade(login: Login, wanted: TradeRequest) -> Any:
    """Echo a trade."""
    ticket = next(_TICKETS)
    return {
        "data": {
            **_DATA.trade,
            "ticket": ticket,
            "order": ticket,
            "deal": ticket,
            "symbol": wanted.symbol,
            "action": wanted.action,
            "volume": wanted.volume,
            "sl": wanted.sl,
            "tp": wanted.tp,
            "time": datetime.now(UTC),
        }
    }
