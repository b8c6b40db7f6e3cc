"""The market as the broker sees it: the latest quote of every symbol, and the rates they imply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tradyn.broker.instruments import Instrument
from tradyn.broker.money import UNITY, Rate

__all__ = ["Leg", "Market", "Quote", "Step"]

_PIVOT = "USD"


class Quote(NamedTuple):
    """Bid and ask of one symbol in points, at a market time in milliseconds since 1970."""

    symbol: str
    bid: int
    ask: int
    time: int


class Leg(NamedTuple):
    """One step of a conversion: through `symbol`, against its direction if `inverse`."""

    symbol: str
    inverse: bool


class Step(NamedTuple):
    """A leg of a conversion as it was taken: at `price` (points) of `symbol`, divided by if `inverse`."""

    symbol: str
    inverse: bool
    price: int


class Market:
    """Instruments and their latest quotes.

    Conversion follows MetaTrader 5: the direct pair, else the inverse pair, else both
    legs through USD. Through an inverse pair the ask is 1 / its bid.
    """

    def __init__(self, instruments: Mapping[str, Instrument]) -> None:
        self.instruments = instruments
        self.quotes: dict[str, Quote] = {}
        self._pairs = {
            (each.currency_base, each.currency_profit): each.symbol
            for each in reversed(list(instruments.values()))
            if each.calc_mode.is_forex
        }
        self._paths: dict[tuple[str, str], tuple[Leg, ...] | None] = {}

    def path(self, source: str, target: str) -> tuple[Leg, ...] | None:
        """The legs that turn `source` into `target`; None where no pairs connect them."""
        key = (source, target)
        try:
            return self._paths[key]
        except KeyError:
            found = self._paths[key] = self._find_path(source, target)
            return found

    def rate(
        self, source: str, target: str, *, ask: bool, traded: tuple[str, int] | None = None
    ) -> Rate | None:
        """The rate from `source` to `target` on the ask or bid side; None while a quote is missing.

        Args:
            traded: symbol and price (points) of the deal the rate is for: where that pair
                itself converts, the deal's price is the rate.
        """
        if source == target:
            return UNITY
        steps = self.steps(source, target, ask=ask, traded=traded)
        return None if steps is None else self.rate_of(steps)

    def steps(
        self, source: str, target: str, *, ask: bool, traded: tuple[str, int] | None = None
    ) -> tuple[Step, ...] | None:
        """The legs from `source` to `target` with the prices that `rate` takes; None while one is missing."""
        if source == target:
            return ()
        legs = self.path(source, target)
        if legs is None:
            return None
        steps = []
        for symbol, inverse in legs:
            if traded is not None and symbol == traded[0]:
                price = traded[1]
            else:
                quote = self.quotes.get(symbol)
                if quote is None:
                    return None
                price = quote.ask if ask is not inverse else quote.bid
            steps.append(Step(symbol, inverse, price))
        return tuple(steps)

    def rate_of(self, steps: tuple[Step, ...]) -> Rate:
        """The rate that `steps` make together."""
        if not steps:
            return UNITY
        numerator = denominator = 1
        for symbol, inverse, price in steps:
            scale = self.instruments[symbol].scale
            if inverse:
                numerator *= scale
                denominator *= price
            else:
                numerator *= price
                denominator *= scale
        return Rate(numerator, denominator)

    def _find_path(self, source: str, target: str) -> tuple[Leg, ...] | None:
        if source == target:
            return ()
        leg = self._leg(source, target)
        if leg is not None:
            return (leg,)
        first, second = self._leg(source, _PIVOT), self._leg(_PIVOT, target)
        return (first, second) if first is not None and second is not None else None

    def _leg(self, source: str, target: str) -> Leg | None:
        if (symbol := self._pairs.get((source, target))) is not None:
            return Leg(symbol, inverse=False)
        if (symbol := self._pairs.get((target, source))) is not None:
            return Leg(symbol, inverse=True)
        return None
