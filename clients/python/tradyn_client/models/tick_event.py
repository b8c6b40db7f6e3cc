# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .quote import Quote


@define(kw_only=True)
class TickEvent:
    """A quote.

    Attributes:
        event: `tick`.
        data: The last prices of a symbol, in its profit currency.
    """

    event: str
    data: Quote

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            event=source["event"],
            data=Quote.from_dict(source["data"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "event": self.event,
            "data": self.data.to_dict(),
        }
