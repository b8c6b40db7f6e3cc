# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .price_side import PriceSide


@define(kw_only=True)
class ConversionLeg:
    """A pair that an amount was converted through.

    Attributes:
        symbol: Name of the pair.
        side: Which price counted. `deal`: that of the deal itself, where its own pair converts.
        inverse: Whether the amount was divided by the price.
        price: Price that was taken, in the pair's profit currency.
        rate: The factor as an expression: the price, or 1 / the price.
    """

    symbol: str
    side: PriceSide
    inverse: bool
    price: float
    rate: str

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            symbol=source["symbol"],
            side=PriceSide(source["side"]),
            inverse=source["inverse"],
            price=source["price"],
            rate=source["rate"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "symbol": self.symbol,
            "side": self.side,
            "inverse": self.inverse,
            "price": self.price,
            "rate": self.rate,
        }
