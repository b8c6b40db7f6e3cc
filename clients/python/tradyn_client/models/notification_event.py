# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .notification import Notification


@define(kw_only=True)
class NotificationEvent:
    """Something that a person would want to hear of.

    Attributes:
        event: `notification`.
        version: Number of the account's transaction that this tells of. Null where it is none.
        data: Something that a person would want to hear of.
    """

    event: str
    version: int | None
    data: Notification

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            event=source["event"],
            version=source["version"],
            data=Notification.from_dict(source["data"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "event": self.event,
            "version": self.version,
            "data": self.data.to_dict(),
        }
