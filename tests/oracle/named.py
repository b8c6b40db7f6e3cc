"""The rules of MetaTrader that nautilus must be told, by name, and which orders each of them concerns.

None of them lets anything pass in the comparison: they say how nautilus is set up before it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from journeys.real_data import Bracket, Tick
from oracle.fates import Entry, Exit, Fate, Outcome

__all__ = [
    "LIMIT_AT_ITS_PRICE",
    "NAMES",
    "QUOTE_STANDS",
    "STOPS_FROM_THE_NEXT_QUOTE",
    "STOP_AT_THE_QUOTE",
    "Named",
    "name_fills",
    "name_stops",
]

STOP_AT_THE_QUOTE = "stop-at-the-quote"
LIMIT_AT_ITS_PRICE = "limit-at-its-price"
QUOTE_STANDS = "quote-stands"
STOPS_FROM_THE_NEXT_QUOTE = "stops-from-the-next-quote"

NAMES = {
    STOP_AT_THE_QUOTE: "a gap fills a stop or SL at the quote; nautilus: at its trigger price",
    LIMIT_AT_ITS_PRICE: "a TP behind the market fills at its price; nautilus: at the quote",
    QUOTE_STANDS: "a fill leaves the quote where it is; nautilus: moves it to the fill",
    STOPS_FROM_THE_NEXT_QUOTE: "SL and TP act from the next quote on; nautilus: on the entry's",
}


@dataclass(frozen=True)
class Named:
    """Orders, by number, that a name concerns; and a line for each difference that no name explains."""

    orders: Mapping[str, set[int]]
    unexplained: list[str]


def name_fills(orders: list[Bracket], own: Outcome, told: Outcome) -> Named:
    """Compare nautilus's own fills with those it is told to make, both with its own brackets."""
    named: defaultdict[str, set[int]] = defaultdict(set)
    unexplained = []
    at_work = _at_work(own, told)
    for order in orders:
        one, other = own.fates[order.number], told.fates[order.number]
        for name, time in _differing(order, one, other):
            # Only what another order did on the same quote can have moved nautilus's market.
            if name == QUOTE_STANDS and at_work[time] == {order.number}:
                unexplained.append(f"order {order.number}: {own.engine} by itself {one}, told {other}")
            else:
                named[name].add(order.number)
    return Named(named, unexplained)


def name_stops(orders: list[Bracket], told: Outcome, market: list[Tick]) -> Named:
    """Find the orders whose SL or TP nautilus acted on at the entry: those that its quote had reached."""
    acted = {number for number, fate in told.fates.items() if _ends_where_it_began(fate)}
    quotes = {round(tick.time.timestamp() * 1000): tick for tick in market}
    reached = {order.number for order in orders if _is_reached(order, told.fates[order.number], quotes)}
    unexplained = [
        f"order {number}: {told.engine}: SL and TP on the entry's quote: {told.fates[number]}"
        for number in sorted(acted ^ reached)
    ]
    return Named({STOPS_FROM_THE_NEXT_QUOTE: acted}, unexplained)


def _at_work(*outcomes: Outcome) -> Mapping[int, set[int]]:
    """Which orders were filled at a time."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for outcome in outcomes:
        for number, fate in outcome.fates.items():
            for fill in (fate.entry, fate.exit):
                if fill is not None:
                    found[fill.time].add(number)
    return found


def _differing(order: Bracket, own: Fate, told: Fate) -> Iterator[tuple[str, int]]:
    """The name of a differing entry or exit, and when it began to differ."""
    if own.entry != told.entry:
        is_stop = order.kind == "stop" and own.entry is not None and own.entry.price == order.price
        same = _is_same_quote(own.entry, told.entry)
        yield (STOP_AT_THE_QUOTE if is_stop and same else QUOTE_STANDS), _first(own.entry, told.entry)
        if not same:
            # Another entry is another position: its exit is not comparable.
            return
    if _at(own.exit) != _at(told.exit):
        yield _exit_name(order, own, told), _first(own.exit, told.exit)


def _exit_name(order: Bracket, own: Fate, told: Fate) -> str:
    if own.exit is None or told.exit is None or not _is_same_quote(own.exit, told.exit):
        return QUOTE_STANDS
    if own.exit.reason == told.exit.reason == "sl" and own.exit.price == order.sl:
        return STOP_AT_THE_QUOTE
    if own.exit.reason == told.exit.reason == "tp" and _ends_where_it_began(told):
        return LIMIT_AT_ITS_PRICE
    return QUOTE_STANDS


def _at(leave: Exit | None) -> object:
    return leave and (leave.time, leave.price, leave.reason)


def _first(*fills: Entry | Exit | None) -> int:
    return min(fill.time for fill in fills if fill is not None)


def _is_same_quote(one: Entry | Exit | None, other: Entry | Exit | None) -> bool:
    return one is not None and other is not None and one.time == other.time


def _ends_where_it_began(fate: Fate) -> bool:
    return _is_same_quote(fate.entry, fate.exit)


def _is_reached(order: Bracket, fate: Fate, quotes: Mapping[int, Tick]) -> bool:
    if fate.entry is None:
        return False
    tick = quotes[fate.entry.time]
    low, high = sorted((order.sl, order.tp))
    return not low < (tick.bid if order.is_buy else tick.ask) < high
