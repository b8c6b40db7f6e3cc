"""Rules that vary among brokers: the broker profile. The first variant named is the default."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

__all__ = ["HedgedMargin", "LimitFill", "Options"]


class HedgedMargin(StrEnum):
    """How margin is computed where both directions of a symbol are held."""

    COVERED = "covered"
    LARGER_LEG = "larger_leg"


class LimitFill(StrEnum):
    """At what price a limit order is filled that the market has passed."""

    PRICE = "price"
    BETTER = "better"


def _says(explanation: str, most: int = 0) -> dict[str, Any]:
    """Metadata of an option: one sentence for people, and the largest whole number that it takes."""
    return {"explanation": explanation, "most": most}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The rules of one broker; the metadata of each field says what it does, to readers and programs."""

    hedged_margin: HedgedMargin = field(
        default=HedgedMargin.COVERED,
        metadata=_says(
            "Margin where a symbol is held long and short: covered needs that of the covered volume, with "
            "margin_hedged as contract size, and that of the rest; larger_leg that of the dearer leg alone."
        ),
    )
    limit_fill: LimitFill = field(
        default=LimitFill.PRICE,
        metadata=_says(
            "Where a limit order is filled that the market has passed: price is the order's own; better is "
            "the market's where that is better for the client, as after a gap."
        ),
    )
    negative_balance_compensation: bool = field(
        default=False,
        metadata=_says(
            "Whether a balance below zero is made up for with a deal of type correction, once nothing is "
            "open any more."
        ),
    )
    max_quote_age_s: int = field(
        default=0,
        metadata=_says(
            "Seconds of market time after which a quote is too old to trade on; 0 is never.",
            most=31_536_000,
        ),
    )
    max_orders: int = field(
        default=500,
        metadata=_says(
            "How many pending orders an account may have at once; 0 is no limit.",
            most=1_000_000,
        ),
    )
