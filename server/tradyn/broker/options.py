"""Rules that vary among brokers: the broker profile. The first variant named is the default."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

__all__ = ["HedgedMargin", "LimitFill", "Options"]


class HedgedMargin(StrEnum):
    """How margin is computed where both directions of a symbol are held."""

    COVERED = "covered"
    LARGER_LEG = "larger_leg"


class LimitFill(StrEnum):
    """At what price a limit order is filled that the market has passed."""

    PRICE = "price"
    BETTER = "better"


Value = TypeVar("Value")


def _option(default: Value, explanation: str, most: int = 0) -> Value:
    """A field of `Options`: what it does in one sentence for people, and the largest of a whole number."""
    made: Value = field(default=default, metadata={"explanation": explanation, "most": most})
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The rules of one broker. What each option does is said in its metadata, for documents and people alike."""

    hedged_margin: HedgedMargin = _option(
        HedgedMargin.COVERED,
        "Margin where a symbol is held long and short: covered takes the covered volume with margin_hedged as "
        "contract size and the rest of the larger leg; larger_leg takes whichever leg alone needs more.",
    )
    limit_fill: LimitFill = _option(
        LimitFill.PRICE,
        "Where a limit order is filled that the market has passed: price is the order's own; better is the "
        "market's where that is better for the client, as after a gap.",
    )
    negative_balance_compensation: bool = _option(
        False,
        "Whether a balance below zero is made up for with a deal of type correction, once nothing is open any more.",
    )
    max_quote_age_s: int = _option(
        0,
        "Seconds of market time after which a quote is too old to trade on; 0 is never.",
        most=31_536_000,
    )
    max_orders: int = _option(
        500,
        "How many pending orders an account may have at once; 0 is no limit.",
        most=1_000_000,
    )
