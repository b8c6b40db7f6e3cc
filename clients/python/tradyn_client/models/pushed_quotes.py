# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time


@define(kw_only=True)
class PushedQuotes:
    """What became of pushed quotes.

    Attributes:
        accepted: How many quotes were taken.
        time: Market time afterwards.
    """

    accepted: int
    time: datetime.datetime

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            accepted=source["accepted"],
            time=datetime.datetime.fromisoformat(source["time"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "accepted": self.accepted,
            "time": format_time(self.time),
        }
