# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define


@define(kw_only=True)
class StreamPing:
    """Ask for a `pong`.

    Attributes:
        op: `ping`.
        id: Your own name for this request; its answer repeats it. Printable ASCII without spaces.
    """

    op: str
    id: str | None = None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            op=source["op"],
            id=source.get("id"),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        fields: dict[str, Any] = {
            "op": self.op,
        }
        if self.id is not None:
            fields["id"] = self.id
        return fields
