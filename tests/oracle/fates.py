"""What became of bracket orders in two engines, and where it differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Entry:
    """The fill of an order; `time` in milliseconds since 1970."""

    time: int
    price: Decimal


@dataclass(frozen=True)
class Exit:
    """How its position ended; `reason` is sl or tp, `profit` in the account's currency."""

    time: int
    price: Decimal
    reason: str
    profit: Decimal


@dataclass(frozen=True)
class Fate:
    """Of one order. `trouble` is all that should not have happened, in the engine's words."""

    entry: Entry | None = None
    exit: Exit | None = None
    trouble: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """Of all orders by number; `floating` is the profit of the positions that are still open."""

    engine: str
    fates: dict[int, Fate]
    balance: Decimal
    floating: Decimal


def differences(ours: Outcome, theirs: Outcome) -> Iterator[str]:
    """Every difference there is, one line each; times, prices and amounts must be the same, not close."""
    for number in sorted(ours.fates.keys() | theirs.fates.keys()):
        one, other = ours.fates.get(number, Fate()), theirs.fates.get(number, Fate())
        yield from (f"order {number}, {ours.engine}: {each}" for each in one.trouble)
        yield from (f"order {number}, {theirs.engine}: {each}" for each in other.trouble)
        if one.entry != other.entry:
            yield f"order {number}: entry: {ours.engine} {one.entry}, {theirs.engine} {other.entry}"
        if one.exit != other.exit:
            yield f"order {number}: exit: {ours.engine} {one.exit}, {theirs.engine} {other.exit}"
    for name in ("balance", "floating"):
        mine, its = getattr(ours, name), getattr(theirs, name)
        if mine != its:
            yield f"{name}: {ours.engine} {mine}, {theirs.engine} {its}"
