# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .relation import Relation


@define(kw_only=True)
class ExplanationCondition:
    """Two values that were compared.

    Attributes:
        name: What was compared: `bid`, `ask` or `margin_level`.
        value: Its value.
        relation: How two values are compared: ≤, ≥ or <.
        limit_name: What it was compared with: `price`, `stop`, `sl`, `tp` …
        limit: Its value.
        holds: Whether it is so.
    """

    name: str
    value: float
    relation: Relation
    limit_name: str
    limit: float
    holds: bool

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            name=source["name"],
            value=source["value"],
            relation=Relation(source["relation"]),
            limit_name=source["limit_name"],
            limit=source["limit"],
            holds=source["holds"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "name": self.name,
            "value": self.value,
            "relation": self.relation,
            "limit_name": self.limit_name,
            "limit": self.limit,
            "holds": self.holds,
        }
