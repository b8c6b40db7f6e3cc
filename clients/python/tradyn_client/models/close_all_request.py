# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from .position_result import PositionResult
from .side import Side


@define(kw_only=True)
class CloseAllRequest:
    """Which positions to close: by symbol, long (`buy`) or short (`sell`), by result. What is absent does
    not narrow the choice.

    Attributes:
        symbol: Only positions in this symbol.
        type_: `buy`: long, profits when the price rises. `sell`: short, profits when it falls.
        result: `winning`: profit and swap together are above zero. `losing`: they are below zero.
            `all`: whatever they are.
        client_order_id: Your own name for this request, so that it is done once: printable ASCII
            without spaces.
    """

    symbol: str | None = None
    type_: Side | None = None
    result: PositionResult = PositionResult.ALL
    client_order_id: str | None = None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            symbol=source.get("symbol"),
            type_=Side(source["type"]) if "type" in source else None,
            result=PositionResult(source["result"]) if "result" in source else PositionResult.ALL,
            client_order_id=source.get("client_order_id"),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        fields: dict[str, Any] = {
            "result": self.result,
        }
        if self.symbol is not None:
            fields["symbol"] = self.symbol
        if self.type_ is not None:
            fields["type"] = self.type_
        if self.client_order_id is not None:
            fields["client_order_id"] = self.client_order_id
        return fields
