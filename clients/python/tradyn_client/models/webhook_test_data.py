# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define


@define(kw_only=True)
class WebhookTestData:
    """Where the trial comes from.

    Attributes:
        login: Account that the webhook belongs to.
        webhook_id: Id of the webhook.
    """

    login: int
    webhook_id: str

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            login=source["login"],
            webhook_id=source["webhook_id"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "login": self.login,
            "webhook_id": self.webhook_id,
        }
