"""What an account holds of each symbol, as sums that are kept in step with its positions.

A leg is all positions of one symbol in one direction. Margin needs only its sums, and profit too
where the profit currency is the account's and nothing has to be rounded, so neither costs more
with a hundred positions than with one. The sums are derived: they are never written down.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from tradyn.broker.money import Rate
from tradyn.broker.orders import Side
from tradyn.broker.positions import Position

__all__ = ["Exposure", "Leg"]


@dataclass(slots=True)
class Leg:
    """All positions of one symbol in one direction.

    Attributes:
        volume: in steps.
        price_volume: Σ price_open × volume, in points × steps.
        rates: denominator of a margin rate → Σ numerator × volume. Rates of an inverted pair have a price
            below the line, so that one common denominator would grow with every position.
        own_margin: Σ of what each position would need alone, in minor units.
        swap: Σ swap, in minor units.
        tickets: of its positions, in the order in which they came, and what each would need alone.
        profits: what the positions have gained at which prices, kept while none comes or goes; see `profit`.
    """

    side: Side
    volume: int = 0
    price_volume: int = 0
    rates: dict[int, int] = field(default_factory=dict)
    own_margin: int = 0
    swap: int = 0
    tickets: dict[int, int] = field(default_factory=dict)
    profits: tuple[tuple[int, Rate, Rate], tuple[int, int]] | None = None

    def add(self, position: Position, own_margin: int) -> None:
        """Take a position in."""
        self._count(position, own_margin, 1)
        self.tickets[position.ticket] = own_margin

    def remove(self, position: Position) -> None:
        """Take a position out."""
        self._count(position, self.tickets.pop(position.ticket), -1)

    def with_volume(self, volume: int, price: int, rate: Rate, own_margin: int) -> Leg:
        """The sums as they would be with one more position."""
        rates = dict(self.rates)
        rates[rate.denominator] = rates.get(rate.denominator, 0) + rate.numerator * volume
        return Leg(
            self.side,
            self.volume + volume,
            self.price_volume + price * volume,
            rates,
            self.own_margin + own_margin,
        )

    def rate_volume(self) -> tuple[int, int]:
        """Σ margin_rate × volume, as numerator and denominator."""
        if len(self.rates) == 1:
            ((below, above),) = self.rates.items()
            return above, below
        total = sum((Fraction(above, below) for below, above in self.rates.items()), Fraction(0))
        return total.as_integer_ratio()

    def _count(self, position: Position, own_margin: int, sign: int) -> None:
        self.profits = None
        volume, rate = sign * position.volume, position.margin_rate
        self.volume += volume
        self.price_volume += position.price_open * volume
        rates = self.rates
        rates[rate.denominator] = above = rates.get(rate.denominator, 0) + rate.numerator * volume
        if not above:
            del rates[rate.denominator]
        self.own_margin += sign * own_margin
        self.swap += sign * position.swap


_BUY, _SELL = Side.BUY, Side.SELL


@dataclass(slots=True)
class Exposure:
    """Both legs of one symbol, and the margin they need together (minor units)."""

    long: Leg = field(default_factory=lambda: Leg(_BUY))
    short: Leg = field(default_factory=lambda: Leg(_SELL))
    margin: int = 0

    def leg(self, side: Side) -> Leg:
        """The leg of a direction."""
        return self.long if side.is_buy else self.short

    @property
    def legs(self) -> tuple[Leg, Leg]:
        """Long and short."""
        return self.long, self.short

    def __bool__(self) -> bool:
        return bool(self.long.tickets or self.short.tickets)
