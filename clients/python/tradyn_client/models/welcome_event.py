# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time


@define(kw_only=True)
class WelcomeEvent:
    """The key opens the stream.

    Attributes:
        event: `welcome`.
        id: The id of the request, if it had one.
        time: Market time.
        server_version: Version of the server.
        heartbeat_seconds: The server pings so often, in seconds.
    """

    event: str
    id: str | None
    time: datetime.datetime
    server_version: str
    heartbeat_seconds: int

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            event=source["event"],
            id=source["id"],
            time=datetime.datetime.fromisoformat(source["time"]),
            server_version=source["server_version"],
            heartbeat_seconds=source["heartbeat_seconds"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "event": self.event,
            "id": self.id,
            "time": format_time(self.time),
            "server_version": self.server_version,
            "heartbeat_seconds": self.heartbeat_seconds,
        }
