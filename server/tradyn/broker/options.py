"""Rules that vary among brokers: the broker profile. The first variant named is the default."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Options"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """A broker profile.

    Attributes:
        max_orders: how many pending orders an account may have at once; 0 = no limit.
    """

    max_orders: int = 500
