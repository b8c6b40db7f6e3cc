# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .deal import Deal
from .position import Position


@define(kw_only=True)
class CloseByResult:
    """Two positions that were closed against each other.

    Attributes:
        deals: The closing deals: of the position with the whole profit, then of the opposite one.
        position: What remains of the larger position. Null when both were of the same volume.
    """

    deals: list[Deal]
    position: Position | None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            deals=[Deal.from_dict(each) for each in source["deals"]],
            position=None if source["position"] is None else Position.from_dict(source["position"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "deals": [each.to_dict() for each in self.deals],
            "position": None if self.position is None else self.position.to_dict(),
        }
