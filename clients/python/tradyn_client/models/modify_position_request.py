# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import UNSET, Unset


@define(kw_only=True)
class ModifyPositionRequest:
    """New stops. What is absent stays as it is.

    Attributes:
        sl: Stop loss, a price in the symbol's profit currency. Null or 0 clears it.
        tp: Take profit, a price in the symbol's profit currency. Null or 0 clears it.
        trailing_stop: Distance in points at which the stop loss follows the market. Null or 0 ends
            it.
    """

    sl: float | Unset | None = UNSET
    tp: float | Unset | None = UNSET
    trailing_stop: int | Unset | None = UNSET

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            sl=source.get("sl", UNSET),
            tp=source.get("tp", UNSET),
            trailing_stop=source.get("trailing_stop", UNSET),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        fields: dict[str, Any] = {}
        if self.sl is not UNSET:
            fields["sl"] = self.sl
        if self.tp is not UNSET:
            fields["tp"] = self.tp
        if self.trailing_stop is not UNSET:
            fields["trailing_stop"] = self.trailing_stop
        return fields
