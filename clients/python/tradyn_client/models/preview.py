# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define


@define(kw_only=True)
class Preview:
    """What would come of a trade or an order now. When it is refused before price or margin are known,
    these are null.

    Attributes:
        accepted: Whether it would be accepted.
        price: Price it would be filled at, of an order its own price; in the symbol's profit
            currency.
        margin: Margin the position would need alone, in the account's currency.
        margin_free_after: Free margin that would be left once spread and commission are paid, of a
            pending order if it were filled at its price; in the account's currency.
        code: The `code` of the refusal, one of ErrorCode. Null when accepted.
        error: The refusal, a sentence for people. Null when accepted.
        retcode: MetaTrader 5's return code of the refusal. Null when accepted or when it has none.
    """

    accepted: bool
    price: float | None
    margin: float | None
    margin_free_after: float | None
    code: str | None
    error: str | None
    retcode: int | None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            accepted=source["accepted"],
            price=source["price"],
            margin=source["margin"],
            margin_free_after=source["margin_free_after"],
            code=source["code"],
            error=source["error"],
            retcode=source["retcode"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "accepted": self.accepted,
            "price": self.price,
            "margin": self.margin,
            "margin_free_after": self.margin_free_after,
            "code": self.code,
            "error": self.error,
            "retcode": self.retcode,
        }
