# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import UNSET, Unset
from .side import Side


@define(kw_only=True)
class TradeRequest:
    """A market order.

    Attributes:
        symbol: Name of the symbol, in its exact spelling.
        action: `buy`: long, profits when the price rises. `sell`: short, profits when it falls.
        volume: Volume, in lots; a multiple of the symbol's `volume_step`.
        sl: Stop loss, a price in the symbol's profit currency. Null or 0 for none.
        tp: Take profit, a price in the symbol's profit currency. Null or 0 for none.
        deviation: How many points worse than the quote at arrival the price may be. Absent, any
            price.
        magic: A number for your strategy.
        comment: A comment, at most 31 characters.
        client_order_id: Your own name for this request, so that it is done once: printable ASCII
            without spaces.
    """

    symbol: str
    action: Side
    volume: float
    sl: float | Unset | None = UNSET
    tp: float | Unset | None = UNSET
    deviation: int | None = None
    magic: int = 0
    comment: str = ""
    client_order_id: str | None = None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            symbol=source["symbol"],
            action=Side(source["action"]),
            volume=source["volume"],
            sl=source.get("sl", UNSET),
            tp=source.get("tp", UNSET),
            deviation=source.get("deviation"),
            magic=source.get("magic", 0),
            comment=source.get("comment", ""),
            client_order_id=source.get("client_order_id"),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        fields: dict[str, Any] = {
            "symbol": self.symbol,
            "action": self.action,
            "volume": self.volume,
            "magic": self.magic,
            "comment": self.comment,
        }
        if self.sl is not UNSET:
            fields["sl"] = self.sl
        if self.tp is not UNSET:
            fields["tp"] = self.tp
        if self.deviation is not None:
            fields["deviation"] = self.deviation
        if self.client_order_id is not None:
            fields["client_order_id"] = self.client_order_id
        return fields
