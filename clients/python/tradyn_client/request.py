"""What an operation asks for, before it is sent."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from attrs import define, evolve, field


@define(frozen=True)
class Request:
    """What an operation sends.

    Attributes:
        method: HTTP's.
        path: Path behind the base URL.
        params: Parameters of the query.
        json: The body; None for no body.
        names: Where its `client_order_id` stands. None for operations that have none.
        is_read: Whether it changes nothing.
    """

    method: str
    path: str
    params: Mapping[str, Any] = field(factory=dict)
    json: Mapping[str, Any] | None = None
    names: Literal["params", "json"] | None = None
    is_read: bool = False

    @property
    def client_order_id(self) -> str | None:
        """The user's own name for it, so that it is done once."""
        return self._named().get("client_order_id") if self.names else None

    def with_client_order_id(self, name: str) -> Self:
        """The same under this name."""
        named = {**self._named(), "client_order_id": name}
        return evolve(self, params=named) if self.names == "params" else evolve(self, json=named)

    def _named(self) -> Mapping[str, Any]:
        return (self.params if self.names == "params" else self.json) or {}

    @property
    def is_repeatable(self) -> bool:
        """Whether doing it twice is as good as doing it once."""
        return self.is_read or self.client_order_id is not None


__all__ = ["Request"]
