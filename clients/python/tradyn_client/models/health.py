# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .health_status import HealthStatus


@define(kw_only=True)
class Health:
    """State of the server.

    Attributes:
        status: `ok`; otherwise the answer is an error.
        version: Version of the server, not of this API.
    """

    status: HealthStatus
    version: str

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            status=HealthStatus(source["status"]),
            version=source["version"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "status": self.status,
            "version": self.version,
        }
