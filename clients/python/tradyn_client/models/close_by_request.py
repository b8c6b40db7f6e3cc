# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define


@define(kw_only=True)
class CloseByRequest:
    """Which position to close by.

    Attributes:
        opposite: Ticket of the opposite position.
        client_order_id: Your own name for this request, so that it is done once: printable ASCII
            without spaces.
    """

    opposite: int
    client_order_id: str | None = None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            opposite=source["opposite"],
            client_order_id=source.get("client_order_id"),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        fields: dict[str, Any] = {
            "opposite": self.opposite,
        }
        if self.client_order_id is not None:
            fields["client_order_id"] = self.client_order_id
        return fields
