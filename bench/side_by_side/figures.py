"""The arithmetic: of rounds to figures, of figures to ratios, and of ratios to what was promised. Pure.

A ratio is taken within each round, where both contenders met the same machine; their median counts.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from bench.side_by_side.contenders import BARE, CONNEXION, CONNEXION_VALIDATED, FASTAPI, QUIET, TRADYN
from bench.side_by_side.works import ONE_CLIENT, START

__all__ = ["TARGETS", "Found", "Spread", "Target", "Verdict", "cost_ratios", "judge", "spread"]

Found = Mapping[str, Mapping[str, Sequence[Mapping[str, float]]]]
"""Work → contender → round after round: measure → figure."""


@dataclass(frozen=True)
class Spread:
    """The least, the median and the most of a figure over the rounds."""

    least: float
    median: float
    most: float


def spread(values: Sequence[float]) -> Spread:
    """Of at least one value."""
    return Spread(min(values), statistics.median(values), max(values))


def _rounds(found: Found, work: str, contender: str) -> Sequence[Mapping[str, float]]:
    return found.get(work, {}).get(contender, ())


def cost_ratios(found: Found, work: str, contender: str, beside: str) -> list[float]:
    """How many times the contender's CPU time `beside` takes for the same request, round by round."""
    pairs = zip(_rounds(found, work, beside), _rounds(found, work, contender), strict=False)
    return [other["cpu_us"] / own["cpu_us"] for other, own in pairs]


class Target(Protocol):
    """Something promised."""

    @property
    def work(self) -> str:
        """The work it is about."""
        ...

    @property
    def text(self) -> str:
        """What is promised, but for the figure."""
        ...

    def values(self, found: Found) -> list[float]:
        """The figure, round by round."""
        ...

    def wanted(self, found: Found) -> tuple[str, float]:
        """`>=` or `<=`, and what the median is held against."""
        ...


@dataclass(frozen=True)
class _Cost:
    """The CPU time of a request, beside another contender's."""

    work: str
    text: str
    contender: str
    beside: str
    at_least: float

    def values(self, found: Found) -> list[float]:
        return cost_ratios(found, self.work, self.contender, self.beside)

    def wanted(self, found: Found) -> tuple[str, float]:
        return ">=", self.at_least


@dataclass(frozen=True)
class _Rate:
    """Requests a second, as a part of another contender's."""

    work: str
    text: str
    contender: str
    beside: str
    at_least: float

    def values(self, found: Found) -> list[float]:
        pairs = zip(
            _rounds(found, self.work, self.contender), _rounds(found, self.work, self.beside), strict=False
        )
        return [own["per_second"] / other["per_second"] for own, other in pairs]

    def wanted(self, found: Found) -> tuple[str, float]:
        return ">=", self.at_least


@dataclass(frozen=True)
class _Time:
    """A time, beside a limit and (if `plus` names one) another time of the same rounds."""

    work: str
    text: str
    contender: str
    measure: str
    at_most: float
    plus: str = ""

    def values(self, found: Found) -> list[float]:
        return [each[self.measure] for each in _rounds(found, self.work, self.contender)]

    def wanted(self, found: Found) -> tuple[str, float]:
        rounds = _rounds(found, self.work, self.contender)
        added = statistics.median(each[self.plus] for each in rounds) if self.plus and rounds else 0.0
        return "<=", self.at_most + added


TARGETS: Final[tuple[Target, ...]] = (
    _Cost("account", "of bare ASGI, everything on", TRADYN, BARE, 0.5),
    _Cost("account", "times FastAPI, without the log", QUIET, FASTAPI, 3.5),
    _Cost("account", "times connexion, without the log", QUIET, CONNEXION, 7),
    _Cost("positions", "times FastAPI", TRADYN, FASTAPI, 3),
    _Cost("candles", "times FastAPI", TRADYN, FASTAPI, 6),
    _Cost("candles", "times connexion, answers validated", TRADYN, CONNEXION_VALIDATED, 50),
    _Cost("trade", "times FastAPI's echo", TRADYN, FASTAPI, 1),
    _Rate("trade", "of bare ASGI's requests a second", TRADYN, BARE, 0.2),
    _Time(ONE_CLIENT, "ms p50, one after another (1 ms + one fsync)", TRADYN, "p50_ms", 1, "fsync_ms"),
    _Time(ONE_CLIENT, "ms p99 at 100 requests a second", TRADYN, "steady_p99_ms", 5),
    _Time(START, "s to be ready on an empty folder", TRADYN, "seconds", 0.7),
)


@dataclass(frozen=True)
class Verdict:
    """A promise beside what was found."""

    work: str
    text: str
    found: Spread
    relation: str
    limit: float
    met: bool


def judge(found: Found, targets: Sequence[Target] = TARGETS) -> list[Verdict]:
    """What of the targets is met, by the median; those nothing was measured for are left out."""
    verdicts = []
    for target in targets:
        values = target.values(found)
        if not values:
            continue
        got = spread(values)
        relation, limit = target.wanted(found)
        met = got.median >= limit if relation == ">=" else got.median <= limit
        verdicts.append(Verdict(target.work, target.text, got, relation, limit, met))
    return verdicts
