# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .deal import Deal


@define(kw_only=True)
class DealEvent:
    """A deal was done.

    Attributes:
        event: `deal`.
        version: Number of the account's transaction that this tells of.
        data: Something that changed the balance, by `profit` + `swap` + `commission`. Of a deal of
            type `balance` or `correction`, the `profit` is the amount, and `order`, `position`,
            `symbol`, `entry`, `volume` and `price` are null.
    """

    event: str
    version: int
    data: Deal

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            event=source["event"],
            version=source["version"],
            data=Deal.from_dict(source["data"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "event": self.event,
            "version": self.version,
            "data": self.data.to_dict(),
        }
