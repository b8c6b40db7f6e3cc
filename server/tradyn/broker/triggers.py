"""The trigger book of one symbol: what waits for a price, sorted, so that a quiet tick costs four looks.

Four heaps, one for each way a quote can reach a price: ask at or below, ask at or above, bid at
or below, bid at or above. Entries are never searched for or removed; an entry that no
longer agrees with the account's state is dropped when it comes up, and a heap that is
mostly such entries is rebuilt. So an insertion costs O(log n), a tick O(1 + fired · log n).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from tradyn.broker.market import Quote
from tradyn.broker.orders import Order
from tradyn.broker.positions import Position

__all__ = ["Trigger", "TriggerBook", "TriggerKind"]


class TriggerKind(IntEnum):
    """What an entry is, in the order in which a tick handles them."""

    SL = 0
    TP = 1
    TRAIL = 2
    ORDER = 3
    MARGIN = 4


# A member's name on its class costs more than a name of this module.
_SL, _TP, _TRAIL = TriggerKind.SL, TriggerKind.TP, TriggerKind.TRAIL
_ORDER, _MARGIN = TriggerKind.ORDER, TriggerKind.MARGIN


class Trigger(NamedTuple):
    """An entry: `ticket` is a position's or an order's, or for a margin alarm its generation."""

    price: int
    login: int
    ticket: int
    kind: TriggerKind


_REBUILD_AT = 256


class _Heap:
    """A heap of triggers by `sign` × price, rebuilt when it has doubled since the last rebuild.

    Attributes:
        entries: the one that is reached first stands first, each after its `sign` × price.
        is_loading: entries are only gathered, to be put in order together.
    """

    __slots__ = ("_limit", "_sign", "entries", "is_loading")

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self.entries: list[tuple[int, Trigger]] = []
        self._limit = _REBUILD_AT
        self.is_loading = False

    def add(self, trigger: Trigger, is_live: Callable[[Trigger], bool]) -> None:
        if self.is_loading:
            self.entries.append((self._sign * trigger.price, trigger))
            return
        if len(self.entries) >= self._limit:
            self.entries = sorted({each for each in self.entries if is_live(each[1])})
            self._limit = max(_REBUILD_AT, 2 * len(self.entries))
        heapq.heappush(self.entries, (self._sign * trigger.price, trigger))

    def arrange(self) -> None:
        self.is_loading = False
        heapq.heapify(self.entries)
        self._limit = max(_REBUILD_AT, 2 * len(self.entries))

    def __bool__(self) -> bool:
        return bool(self.entries)

    def take(self, price: int, taken: list[Trigger]) -> None:
        """Move the entries that `price` reaches over to `taken`."""
        bound = self._sign * price
        entries = self.entries
        while entries and entries[0][0] <= bound:
            taken.append(heapq.heappop(entries)[1])


class TriggerBook:
    """Everything on one symbol that waits for a price."""

    __slots__ = ("_ask_falls", "_ask_rises", "_bid_falls", "_bid_rises", "_is_live")

    def __init__(self, is_live: Callable[[Trigger], bool]) -> None:
        self._is_live = is_live
        # A price that is reached from above is kept negated: the highest comes up first.
        self._ask_falls = _Heap(-1)
        self._ask_rises = _Heap(1)
        self._bid_falls = _Heap(-1)
        self._bid_rises = _Heap(1)

    def load(self) -> None:
        """Only gather what is added, until `arrange`: in between nothing may be asked."""
        for heap in self._heaps:
            heap.is_loading = True

    def arrange(self) -> None:
        """Put what was gathered in order."""
        for heap in self._heaps:
            heap.arrange()

    @property
    def _heaps(self) -> tuple[_Heap, ...]:
        return self._ask_falls, self._ask_rises, self._bid_falls, self._bid_rises

    def add_stops(self, login: int, position: Position) -> None:
        """SL, TP and trailing stop of a position: longs by the bid, shorts by the ask."""
        if position.side.is_buy:
            stop, take = self._bid_falls, self._bid_rises
        else:
            stop, take = self._ask_rises, self._ask_falls
        if position.sl is not None:
            stop.add(Trigger(position.sl, login, position.ticket, _SL), self._is_live)
        if position.tp is not None:
            take.add(Trigger(position.tp, login, position.ticket, _TP), self._is_live)
        if (price := position.trail_price) is not None:
            take.add(Trigger(price, login, position.ticket, _TRAIL), self._is_live)

    def add_order(self, login: int, order: Order) -> None:
        """A pending order: buys by the ask, sells by the bid."""
        if order.type.side.is_buy:
            heap = self._ask_falls if order.type.falls else self._ask_rises
        else:
            heap = self._bid_falls if order.type.falls else self._bid_rises
        heap.add(Trigger(order.price, login, order.ticket, _ORDER), self._is_live)

    def add_alarm(self, login: int, generation: int, quote: Quote, distance: int) -> None:
        """A margin alarm: rings once bid or ask has moved `distance` points either way."""
        for heap, price in (
            (self._bid_falls, quote.bid - distance),
            (self._bid_rises, quote.bid + distance),
            (self._ask_falls, quote.ask - distance),
            (self._ask_rises, quote.ask + distance),
        ):
            heap.add(Trigger(price, login, generation, _MARGIN), self._is_live)

    def is_empty(self) -> bool:
        """Whether nothing at all waits on this symbol."""
        return not any((self._bid_falls, self._bid_rises, self._ask_falls, self._ask_rises))

    def is_quiet(self, bid_low: int, bid_high: int, ask_low: int, ask_high: int) -> bool:
        """Whether quotes within these bounds (points, inclusive) reach nothing."""
        # Asked at every tick, so that four calls of a method would be most of its price.
        bid_falls, bid_rises = self._bid_falls.entries, self._bid_rises.entries
        ask_falls, ask_rises = self._ask_falls.entries, self._ask_rises.entries
        return not (
            (bid_falls and bid_falls[0][0] <= -bid_low)
            or (bid_rises and bid_rises[0][0] <= bid_high)
            or (ask_falls and ask_falls[0][0] <= -ask_low)
            or (ask_rises and ask_rises[0][0] <= ask_high)
        )

    def take(self, quote: Quote) -> set[Trigger]:
        """Remove and return the live entries that `quote` reaches."""
        taken: list[Trigger] = []
        self._bid_falls.take(quote.bid, taken)
        self._bid_rises.take(quote.bid, taken)
        self._ask_falls.take(quote.ask, taken)
        self._ask_rises.take(quote.ask, taken)
        return {each for each in taken if self._is_live(each)}
