# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time
from .position_change_kind import PositionChangeKind


@define(kw_only=True)
class PositionChange:
    """How a position has changed. `volume` is what is open now. `sl`, `tp` and `trailing_stop` are told of
    `opened` and `modified`, and null otherwise; `price`, `deal` and `profit` of what a deal did.

    Attributes:
        ticket: Ticket of the position.
        symbol: Name of the symbol.
        type_: `buy`: long. `sell`: short. Null of `swap`.
        change: `opened`: by a deal. `modified`: its stops have moved. `reduced`: a part was closed.
            `closed`: all of it. `swap`: swap was charged or paid.
        volume: Volume that is open now, in lots; 0 of a closed position.
        price_open: Price at which it was opened, in the symbol's profit currency. Null of `swap`.
        sl: Stop loss, a price in the symbol's profit currency.
        tp: Take profit, a price in the symbol's profit currency.
        trailing_stop: Distance in points at which the stop loss follows.
        price: Price of the deal, in the symbol's profit currency.
        deal: Ticket of the deal.
        profit: Profit that was booked, in the account's currency; 0 unless a part was closed.
        swap: Swap that was booked or charged, in the account's currency; negative when paid.
        time: Market time of the change.
    """

    ticket: int
    symbol: str
    type_: str | None
    change: PositionChangeKind
    volume: float
    price_open: float | None
    sl: float | None
    tp: float | None
    trailing_stop: int | None
    price: float | None
    deal: int | None
    profit: float
    swap: float
    time: datetime.datetime

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            ticket=source["ticket"],
            symbol=source["symbol"],
            type_=source["type"],
            change=PositionChangeKind(source["change"]),
            volume=source["volume"],
            price_open=source["price_open"],
            sl=source["sl"],
            tp=source["tp"],
            trailing_stop=source["trailing_stop"],
            price=source["price"],
            deal=source["deal"],
            profit=source["profit"],
            swap=source["swap"],
            time=datetime.datetime.fromisoformat(source["time"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "ticket": self.ticket,
            "symbol": self.symbol,
            "type": self.type_,
            "change": self.change,
            "volume": self.volume,
            "price_open": self.price_open,
            "sl": self.sl,
            "tp": self.tp,
            "trailing_stop": self.trailing_stop,
            "price": self.price,
            "deal": self.deal,
            "profit": self.profit,
            "swap": self.swap,
            "time": format_time(self.time),
        }
