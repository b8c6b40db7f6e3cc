# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time


@define(kw_only=True)
class Disconnect:
    """A time in which the trading server is not connected.

    Attributes:
        from_: Market time at which the connection breaks.
        to: Market time at which it is back; later than `from`.
    """

    from_: datetime.datetime
    to: datetime.datetime

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            from_=datetime.datetime.fromisoformat(source["from"]),
            to=datetime.datetime.fromisoformat(source["to"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "from": format_time(self.from_),
            "to": format_time(self.to),
        }
