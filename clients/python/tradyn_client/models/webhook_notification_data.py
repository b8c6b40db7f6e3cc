# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .notification import Notification


@define(kw_only=True)
class WebhookNotificationData:
    """What a person would want to hear of.

    Attributes:
        login: Account in which it happened.
        version: Number of the account's transaction that this tells of.
        notification: Something that a person would want to hear of.
    """

    login: int
    version: int
    notification: Notification

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            login=source["login"],
            version=source["version"],
            notification=Notification.from_dict(source["notification"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "login": self.login,
            "version": self.version,
            "notification": self.notification.to_dict(),
        }
