# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define


@define(kw_only=True)
class ErrorDetail:
    """One thing that is wrong with the shape of a request.

    Attributes:
        at: Where: `body.volume`, `query.limit`, `path.ticket` …
        problem: What is wrong, and what would be right.
    """

    at: str
    problem: str

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            at=source["at"],
            problem=source["problem"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "at": self.at,
            "problem": self.problem,
        }
