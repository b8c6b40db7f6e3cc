# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time


@define(kw_only=True)
class AdvanceRequest:
    """How far market time shall move on: either `seconds` or `to`.

    Attributes:
        seconds: By how much, in seconds of market time; at most seven days.
        to: To which market time; not earlier than it is, and at most seven days on.
    """

    seconds: float | None = None
    to: datetime.datetime | None = None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            seconds=source.get("seconds"),
            to=datetime.datetime.fromisoformat(source["to"]) if "to" in source else None,
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        fields: dict[str, Any] = {}
        if self.seconds is not None:
            fields["seconds"] = self.seconds
        if self.to is not None:
            fields["to"] = format_time(self.to)
        return fields
