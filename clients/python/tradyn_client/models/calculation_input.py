# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define


@define(kw_only=True)
class CalculationInput:
    """A name of a formula, and its value.

    Attributes:
        name: Name in the formula.
        value: Its value, as an expression: `1.08750`, or of a rate `1 / 150.419`.
    """

    name: str
    value: str

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            name=source["name"],
            value=source["value"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "name": self.name,
            "value": self.value,
        }
