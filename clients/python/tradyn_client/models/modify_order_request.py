# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import UNSET, Unset, format_time


@define(kw_only=True)
class ModifyOrderRequest:
    """Changes to a pending order. What is absent stays as it is.

    Attributes:
        price: Limit or stop price, in the symbol's profit currency.
        price_stop_limit: Of a stop-limit order, the price of the limit order to be, in the symbol's
            profit currency.
        sl: Stop loss of the position to be, a price in the symbol's profit currency. Null or 0
            clears it.
        tp: Take profit of the position to be, a price in the symbol's profit currency. Null or 0
            clears it.
        expiration: Market time at which it expires. Null makes it good till cancelled.
    """

    price: float | None = None
    price_stop_limit: float | None = None
    sl: float | Unset | None = UNSET
    tp: float | Unset | None = UNSET
    expiration: datetime.datetime | Unset | None = UNSET

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            price=source.get("price"),
            price_stop_limit=source.get("price_stop_limit"),
            sl=source.get("sl", UNSET),
            tp=source.get("tp", UNSET),
            expiration=(
                None
                if source["expiration"] is None
                else datetime.datetime.fromisoformat(source["expiration"])
            )
            if "expiration" in source
            else UNSET,
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        fields: dict[str, Any] = {}
        if self.price is not None:
            fields["price"] = self.price
        if self.price_stop_limit is not None:
            fields["price_stop_limit"] = self.price_stop_limit
        if self.sl is not UNSET:
            fields["sl"] = self.sl
        if self.tp is not UNSET:
            fields["tp"] = self.tp
        if self.expiration is not UNSET:
            fields["expiration"] = None if self.expiration is None else format_time(self.expiration)
        return fields
