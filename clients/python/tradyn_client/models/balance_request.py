# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from collections.abc import Mapping
from typing import Any, Self

from attrs import define


@define(kw_only=True)
class BalanceRequest:
    """A deposit or a withdrawal.

    Attributes:
        amount: Amount in the account's currency: positive to deposit, negative to withdraw, not 0.
        comment: A comment, at most 31 characters.
        client_order_id: Your own name for this request, so that it is done once: printable ASCII
            without spaces.
    """

    amount: float
    comment: str = ""
    client_order_id: str | None = None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            amount=source["amount"],
            comment=source.get("comment", ""),
            client_order_id=source.get("client_order_id"),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        fields: dict[str, Any] = {
            "amount": self.amount,
            "comment": self.comment,
        }
        if self.client_order_id is not None:
            fields["client_order_id"] = self.client_order_id
        return fields
