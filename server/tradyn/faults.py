"""Failures on demand: what a broker or a network does on a bad day, seeded so that it repeats.

Faults touch the 17 operations of the terminal and Analysis, never the keys, the accounts, or the
simulation itself, so that a bad day can always be ended. Without settings nothing fails.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tradyn.broker.transactions import recorded

__all__ = ["Disconnect", "FaultSettings", "Faults", "FaultsSet"]


@dataclass(frozen=True, slots=True)
class Disconnect:
    """A stretch of market time (milliseconds since 1970, end exclusive) without a connection."""

    since: int
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultSettings:
    """Which faults happen, and how often (rates from 0 to 1)."""

    connected: bool = True
    latency_ms: int = 0
    reject_rate: Decimal = Decimal(0)
    error_rate: Decimal = Decimal(0)
    lost_reply_rate: Decimal = Decimal(0)
    slippage_points: int = 0
    disconnects: tuple[Disconnect, ...] = field(default=())
    seed: int = 0


@recorded
@dataclass(frozen=True, slots=True, kw_only=True)
class FaultsSet:
    """These faults happen from here on. A transaction of the server's own account."""

    settings: FaultSettings


class Faults:
    """The faults in force, and the dice they are drawn with.

    Attributes:
        is_quiet: nothing can go wrong.
    """

    def __init__(self) -> None:
        self.set(FaultSettings())

    def set(self, settings: FaultSettings) -> None:
        """Replace all faults; the dice start again from the seed."""
        self.settings = settings
        self.is_quiet = settings == replace(FaultSettings(), seed=settings.seed)
        self._dice = random.Random(settings.seed)

    def dice(self) -> str:
        """Where the dice stand, as a text for `go_on`."""
        return json.dumps(self._dice.getstate())

    def go_on(self, dice: str) -> None:
        """Go on with the dice where they stood."""
        version, state, gauss = json.loads(dice)
        self._dice.setstate((version, tuple(state), gauss))

    def is_connected(self, now: int) -> bool:
        """Whether the trading server can be reached at market time `now`."""
        settings = self.settings
        return settings.connected and not any(each.since <= now < each.until for each in settings.disconnects)

    def error(self) -> bool:
        """Whether this request meets an internal error."""
        return self._happens(self.settings.error_rate)

    def rejection(self) -> bool:
        """Whether the broker rejects this trade for no reason of its own."""
        return self._happens(self.settings.reject_rate)

    def lost_reply(self) -> bool:
        """Whether the answer to this request gets lost."""
        return self._happens(self.settings.lost_reply_rate)

    def slippage(self) -> int:
        """Points by which a market or stop fill moves against the client."""
        limit = self.settings.slippage_points
        return self._dice.randint(0, limit) if limit else 0

    def _happens(self, rate: Decimal) -> bool:
        return bool(rate) and self._dice.random() < rate
