# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .position_change import PositionChange


@define(kw_only=True)
class WebhookPositionData:
    """How the position has changed.

    Attributes:
        login: Account in which it happened.
        version: Number of the account's transaction that this tells of.
        position: How a position has changed. `volume` is what is open now. `sl`, `tp` and
            `trailing_stop` are told of `opened` and `modified`, and null otherwise; `price`, `deal` and
            `profit` of what a deal did.
    """

    login: int
    version: int
    position: PositionChange

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            login=source["login"],
            version=source["version"],
            position=PositionChange.from_dict(source["position"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "login": self.login,
            "version": self.version,
            "position": self.position.to_dict(),
        }
