# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .close_failure import CloseFailure
from .close_result import CloseResult


@define(kw_only=True)
class CloseAllResult:
    """What was closed, and what was not.

    Attributes:
        closed: The positions that were closed.
        failed: The positions that could not be closed.
    """

    closed: list[CloseResult]
    failed: list[CloseFailure]

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            closed=[CloseResult.from_dict(each) for each in source["closed"]],
            failed=[CloseFailure.from_dict(each) for each in source["failed"]],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "closed": [each.to_dict() for each in self.closed],
            "failed": [each.to_dict() for each in self.failed],
        }
