# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time


@define(kw_only=True)
class PongEvent:
    """The server is there.

    Attributes:
        event: `pong`.
        id: The id of the request, if it had one.
        time: Market time.
    """

    event: str
    id: str | None
    time: datetime.datetime

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            event=source["event"],
            id=source["id"],
            time=datetime.datetime.fromisoformat(source["time"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "event": self.event,
            "id": self.id,
            "time": format_time(self.time),
        }
