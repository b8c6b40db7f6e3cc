# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import UNSET, Unset, format_time
from .order_type import OrderType


@define(kw_only=True)
class OrderRequest:
    """A pending order.

    Attributes:
        symbol: Name of the symbol, in its exact spelling.
        type_: Kind of order, numbered as in MetaTrader 5: 0 buy and 1 sell at the market; 2 buy
            limit, 3 sell limit, 4 buy stop, 5 sell stop; as an extension 6 buy stop-limit, 7 sell
            stop-limit.
        volume: Volume, in lots; a multiple of the symbol's `volume_step`.
        price: Limit or stop price, in the symbol's profit currency.
        price_stop_limit: Of the types 6 and 7, the price of the limit order to be, in the symbol's
            profit currency. Null or absent for the others.
        sl: Stop loss of the position to be, a price in the symbol's profit currency. Null or 0 for
            none.
        tp: Take profit of the position to be, a price in the symbol's profit currency. Null or 0
            for none.
        expiration: Market time at which it expires. Null or absent is good till cancelled.
        magic: A number for your strategy.
        comment: A comment, at most 31 characters.
        client_order_id: Your own name for this request, so that it is done once: printable ASCII
            without spaces.
    """

    symbol: str
    type_: OrderType
    volume: float
    price: float
    price_stop_limit: float | Unset | None = UNSET
    sl: float | Unset | None = UNSET
    tp: float | Unset | None = UNSET
    expiration: datetime.datetime | Unset | None = UNSET
    magic: int = 0
    comment: str = ""
    client_order_id: str | None = None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            symbol=source["symbol"],
            type_=OrderType(source["type"]),
            volume=source["volume"],
            price=source["price"],
            price_stop_limit=source.get("price_stop_limit", UNSET),
            sl=source.get("sl", UNSET),
            tp=source.get("tp", UNSET),
            expiration=(
                None
                if source["expiration"] is None
                else datetime.datetime.fromisoformat(source["expiration"])
            )
            if "expiration" in source
            else UNSET,
            magic=source.get("magic", 0),
            comment=source.get("comment", ""),
            client_order_id=source.get("client_order_id"),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        fields: dict[str, Any] = {
            "symbol": self.symbol,
            "type": self.type_,
            "volume": self.volume,
            "price": self.price,
            "magic": self.magic,
            "comment": self.comment,
        }
        if self.price_stop_limit is not UNSET:
            fields["price_stop_limit"] = self.price_stop_limit
        if self.sl is not UNSET:
            fields["sl"] = self.sl
        if self.tp is not UNSET:
            fields["tp"] = self.tp
        if self.expiration is not UNSET:
            fields["expiration"] = None if self.expiration is None else format_time(self.expiration)
        if self.client_order_id is not None:
            fields["client_order_id"] = self.client_order_id
        return fields
