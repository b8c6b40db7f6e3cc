# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .pushed_quote import PushedQuote


@define(kw_only=True)
class PushQuotesRequest:
    """Quotes to be taken in this order.

    Attributes:
        quotes: The quotes.
    """

    quotes: list[PushedQuote]

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            quotes=[PushedQuote.from_dict(each) for each in source["quotes"]],
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "quotes": [each.to_dict() for each in self.quotes],
        }
