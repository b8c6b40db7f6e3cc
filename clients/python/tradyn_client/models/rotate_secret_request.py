# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define


@define(kw_only=True)
class RotateSecretRequest:
    """How to change over.

    Attributes:
        overlap_seconds: How long the former secret signs too, in seconds of wall time; at most
            seven days.
    """

    overlap_seconds: int = 0

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            overlap_seconds=source.get("overlap_seconds", 0),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "overlap_seconds": self.overlap_seconds,
        }
