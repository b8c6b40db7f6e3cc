"""Rules that vary among brokers: the broker profile. The first variant named is the default."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["HedgedMargin", "LimitFill", "Options"]


class HedgedMargin(StrEnum):
    """How margin is computed where both directions of a symbol are held."""

    COVERED = "covered"
    LARGER_LEG = "larger_leg"


class LimitFill(StrEnum):
    """At what price a limit order is filled that the market has passed."""

    PRICE = "price"
    BETTER = "better"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """A broker profile.

    Attributes:
        hedged_margin: `covered`: the covered volume with `margin_hedged` as contract size, and the
            uncovered volume of the larger leg; `larger_leg`: whichever leg alone needs more.
        limit_fill: `price`: at the order's own price; `better`: at the market's where that is better
            for the client, as after a gap.
        negative_balance_compensation: whether a balance below zero is made up for with a deal of type
            `correction`, once nothing is open any more.
        max_quote_age_s: seconds of market time after which a quote is too old to trade on; 0 = never.
        max_orders: how many pending orders an account may have at once; 0 = no limit.
    """

    hedged_margin: HedgedMargin = HedgedMargin.COVERED
    limit_fill: LimitFill = LimitFill.PRICE
    negative_balance_compensation: bool = False
    max_quote_age_s: int = 0
    max_orders: int = 500
