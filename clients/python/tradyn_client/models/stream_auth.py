# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define


@define(kw_only=True)
class StreamAuth:
    """The API key, as the first message of a socket that was opened without one.

    Attributes:
        op: `auth`.
        key: The API key.
        id: Your own name for this request; its answer repeats it. Printable ASCII without spaces.
    """

    op: str
    key: str
    id: str | None = None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            op=source["op"],
            key=source["key"],
            id=source.get("id"),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        fields: dict[str, Any] = {
            "op": self.op,
            "key": self.key,
        }
        if self.id is not None:
            fields["id"] = self.id
        return fields
