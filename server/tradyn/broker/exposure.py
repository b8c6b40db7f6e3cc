"""What an account holds of each symbol, as sums that are kept in step with its positions.

A leg is all positions of one symbol in one direction. Margin needs only its sums, and profit too
where the profit currency is the account's and nothing has to be rounded, so neither costs more
with a hundred positions than with one. The sums are derived: they are never written down.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from tradyn.broker.orders import Side
from tradyn.broker.positions import Position

__all__ = ["Exposure", "Leg"]


@dataclass(slots=True)
class Leg:
    """All positions of one symbol in one direction.

    Attributes:
        volume: in steps.
        price_volume: Σ price_open × volume, in points × steps.
        rate_volume: Σ margin_rate × volume.
        own_margin: Σ of what each position would need alone, in minor units.
        swap: Σ swap, in minor units.
        tickets: of its positions, in the order in which they came.
    """

    side: Side
    volume: int = 0
    price_volume: int = 0
    rate_volume: Fraction = Fraction(0)
    own_margin: int = 0
    swap: int = 0
    tickets: dict[int, None] = field(default_factory=dict)

    def add(self, position: Position, own_margin: int) -> None:
        """Take a position in."""
        self._count(position, own_margin, 1)
        self.tickets[position.ticket] = None

    def remove(self, position: Position, own_margin: int) -> None:
        """Take a position out."""
        self._count(position, own_margin, -1)
        del self.tickets[position.ticket]

    def with_volume(self, volume: int, price: int, rate: Fraction, own_margin: int) -> Leg:
        """The sums as they would be with one more position."""
        return Leg(
            self.side,
            self.volume + volume,
            self.price_volume + price * volume,
            self.rate_volume + rate * volume,
            self.own_margin + own_margin,
        )

    def _count(self, position: Position, own_margin: int, sign: int) -> None:
        volume = sign * position.volume
        self.volume += volume
        self.price_volume += position.price_open * volume
        self.rate_volume += Fraction(*position.margin_rate) * volume
        self.own_margin += sign * own_margin
        self.swap += sign * position.swap


@dataclass(slots=True)
class Exposure:
    """Both legs of one symbol, and the margin they need together (minor units)."""

    long: Leg = field(default_factory=lambda: Leg(Side.BUY))
    short: Leg = field(default_factory=lambda: Leg(Side.SELL))
    margin: int = 0

    def leg(self, side: Side) -> Leg:
        """The leg of a direction."""
        return self.long if side is Side.BUY else self.short

    @property
    def legs(self) -> tuple[Leg, Leg]:
        """Long and short."""
        return self.long, self.short

    def __bool__(self) -> bool:
        return bool(self.long.tickets or self.short.tickets)
