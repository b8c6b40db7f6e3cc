# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time
from .side import Side


@define(kw_only=True)
class Position:
    """An open position at the present quote. Prices are in the symbol's profit currency, money in the
    account's currency.

    Attributes:
        ticket: Number of the position: the ticket of the order that opened it.
        symbol: Name of the symbol.
        type_: `buy`: long, profits when the price rises. `sell`: short, profits when it falls.
        volume: Open volume, in lots.
        price_open: Price at which it was opened, in the symbol's profit currency.
        price_current: Price at which it would be closed now (long: bid, short: ask), in the
            symbol's profit currency.
        sl: Stop loss, a price in the symbol's profit currency. Null for none.
        tp: Take profit, a price in the symbol's profit currency. Null for none.
        trailing_stop: Distance in points at which the stop loss follows the market. Null for none.
        profit: Profit at `price_current` without swap, in the account's currency; negative for a
            loss.
        swap: Swap gathered so far, in the account's currency; negative when paid.
        commission: Commission booked when it was opened, of the volume still open; in the account's
            currency, negative when paid.
        margin: Margin it would need alone, in the account's currency.
        time_open: Market time of the opening.
        time_update: Market time of the last change of stops or volume, at first of the opening.
        magic: Number of the strategy that opened it; 0 for none.
        comment: Comment of the request that opened it.
        client_order_id: Your own name for the request that opened it, if it had one.
    """

    ticket: int
    symbol: str
    type_: Side
    volume: float
    price_open: float
    price_current: float
    sl: float | None
    tp: float | None
    trailing_stop: int | None
    profit: float
    swap: float
    commission: float
    margin: float
    time_open: datetime.datetime
    time_update: datetime.datetime
    magic: int
    comment: str
    client_order_id: str | None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            ticket=source["ticket"],
            symbol=source["symbol"],
            type_=Side(source["type"]),
            volume=source["volume"],
            price_open=source["price_open"],
            price_current=source["price_current"],
            sl=source["sl"],
            tp=source["tp"],
            trailing_stop=source["trailing_stop"],
            profit=source["profit"],
            swap=source["swap"],
            commission=source["commission"],
            margin=source["margin"],
            time_open=datetime.datetime.fromisoformat(source["time_open"]),
            time_update=datetime.datetime.fromisoformat(source["time_update"]),
            magic=source["magic"],
            comment=source["comment"],
            client_order_id=source["client_order_id"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "ticket": self.ticket,
            "symbol": self.symbol,
            "type": self.type_,
            "volume": self.volume,
            "price_open": self.price_open,
            "price_current": self.price_current,
            "sl": self.sl,
            "tp": self.tp,
            "trailing_stop": self.trailing_stop,
            "profit": self.profit,
            "swap": self.swap,
            "commission": self.commission,
            "margin": self.margin,
            "time_open": format_time(self.time_open),
            "time_update": format_time(self.time_update),
            "magic": self.magic,
            "comment": self.comment,
            "client_order_id": self.client_order_id,
        }
