# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .position_change import PositionChange


@define(kw_only=True)
class PositionEvent:
    """A position has changed.

    Attributes:
        event: `position`.
        version: Number of the account's transaction that this tells of.
        data: How a position has changed. `volume` is what is open now. `sl`, `tp` and
            `trailing_stop` are told of `opened` and `modified`, and null otherwise; `price`, `deal` and
            `profit` of what a deal did.
    """

    event: str
    version: int
    data: PositionChange

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            event=source["event"],
            version=source["version"],
            data=PositionChange.from_dict(source["data"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "event": self.event,
            "version": self.version,
            "data": self.data.to_dict(),
        }
