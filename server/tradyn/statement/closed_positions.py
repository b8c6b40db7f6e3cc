"""What was closed, position by position: from an account's deals in order, in one pass.

A position that was closed in parts has a row for each of them. The commission of its opening is
shared among the parts as the broker shares it: what is left of it is rounded, half away from
zero, and the part that was closed has the rest, so that the parts sum to what was charged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tradyn import wire

__all__ = ["ClosedPosition", "closed_positions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedPosition:
    """A position, or a part of it, from its opening to its closing.

    Attributes:
        opening, closing: the two deals, as the contract has them.
        volume: what was closed, in lots.
        commission: of the closing deal, and the share of the opening one's.
    """

    opening: Mapping[str, Any]
    closing: Mapping[str, Any]
    volume: Decimal
    commission: Decimal
    swap: Decimal
    profit: Decimal


@dataclass(slots=True)
class _Held:
    """A position as it stands: its opening deal, what is left of its volume and of that deal's commission."""

    opening: Mapping[str, Any]
    volume: Decimal
    commission: Decimal


def closed_positions(deals: Iterable[Mapping[str, Any]], digits: int) -> list[ClosedPosition]:
    """The closed positions in the order of their closing.

    Args:
        deals: all deals of an account, oldest first.
        digits: decimal places of its currency.
    """
    held: dict[int, _Held] = {}
    closed = []
    cent = Decimal(1).scaleb(-digits)
    for deal in deals:
        if deal["entry"] is None:
            continue
        volume, commission = wire.decimal(deal["volume"]), wire.decimal(deal["commission"])
        if deal["entry"] == "in":
            held[deal["position"]] = _Held(deal, volume, commission)
            continue
        position = held[deal["position"]]
        left = position.volume - volume
        kept = (position.commission * left / position.volume).quantize(cent, ROUND_HALF_UP)
        closed.append(
            ClosedPosition(
                opening=position.opening,
                closing=deal,
                volume=volume,
                commission=position.commission - kept + commission,
                swap=wire.decimal(deal["swap"]),
                profit=wire.decimal(deal["profit"]),
            )
        )
        position.volume, position.commission = left, kept
        if not left:
            del held[deal["position"]]
    return closed
