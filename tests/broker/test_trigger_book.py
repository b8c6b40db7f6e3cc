"""The trigger book gives what a scan of everything would give."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from broker.scenery import examples
from tradyn.broker.market import Quote
from tradyn.broker.money import UNITY
from tradyn.broker.orders import Order, OrderState, OrderType, Side
from tradyn.broker.positions import Position
from tradyn.broker.triggers import Trigger, TriggerBook, TriggerKind


@dataclass
class Naive:
    """Entries with the way a quote reaches them, and a scan."""

    entries: list[tuple[str, Trigger]] = field(default_factory=list)
    live: set[Trigger] = field(default_factory=set)

    def add(self, way: str, trigger: Trigger) -> None:
        self.entries.append((way, trigger))
        self.live.add(trigger)

    def reached(self, quote: Quote) -> list[tuple[str, Trigger]]:
        reaches = {
            "bid falls": lambda price: quote.bid <= price,
            "bid rises": lambda price: quote.bid >= price,
            "ask falls": lambda price: quote.ask <= price,
            "ask rises": lambda price: quote.ask >= price,
        }
        return [each for each in self.entries if reaches[each[0]](each[1].price)]

    def take(self, quote: Quote) -> set[Trigger]:
        reached = self.reached(quote)
        self.entries = [each for each in self.entries if each not in reached]
        return {trigger for _, trigger in reached if trigger in self.live}


def position(ticket: int, side: Side, sl: int | None, tp: int | None) -> Position:
    return Position(
        ticket=ticket,
        symbol="EURUSD",
        side=side,
        volume=1,
        price_open=1,
        sl=sl,
        tp=tp,
        margin_rate=UNITY,
        swap=0,
        commission=0,
        time_open=0,
        time_update=0,
        magic=0,
        comment="",
        client_order_id=None,
    )


def order(ticket: int, kind: OrderType, price: int) -> Order:
    return Order(
        ticket=ticket,
        symbol="EURUSD",
        type=kind,
        state=OrderState.PLACED,
        volume=1,
        price=price,
        sl=None,
        tp=None,
        expiration=None,
        time_setup=0,
        time_done=None,
        position=None,
        magic=0,
        comment="",
        client_order_id=None,
    )


ORDER_WAYS = {
    OrderType.BUY_LIMIT: "ask falls",
    OrderType.SELL_LIMIT: "bid rises",
    OrderType.BUY_STOP: "ask rises",
    OrderType.SELL_STOP: "bid falls",
}
STOP_WAYS = {Side.BUY: ("bid falls", "bid rises"), Side.SELL: ("ask rises", "ask falls")}


def add_something(dice: Random, book: TriggerBook, naive: Naive, ticket: int, middle: int) -> None:
    def price() -> int:
        return middle + dice.randint(-300, 300)

    login = dice.randint(1, 3)
    what = dice.random()
    if what < 0.4:
        kind = dice.choice(tuple(ORDER_WAYS))
        placed = order(ticket, kind, price())
        book.add_order(login, placed)
        naive.add(ORDER_WAYS[kind], Trigger(placed.price, login, ticket, TriggerKind.ORDER))
    elif what < 0.8:
        side = dice.choice(tuple(Side))
        held = position(ticket, side, dice.choice((None, price())), dice.choice((None, price())))
        book.add_stops(login, held)
        ways = STOP_WAYS[side]
        for way, stop, what_kind in ((ways[0], held.sl, TriggerKind.SL), (ways[1], held.tp, TriggerKind.TP)):
            if stop is not None:
                naive.add(way, Trigger(stop, login, ticket, what_kind))
    else:
        quote, distance = Quote("EURUSD", middle, middle + 10, 0), dice.randint(0, 300)
        book.add_alarm(login, ticket, quote, distance)
        for side_name, at in (("bid", quote.bid), ("ask", quote.ask)):
            for way, reach in (("falls", -distance), ("rises", distance)):
                naive.add(f"{side_name} {way}", Trigger(at + reach, login, ticket, TriggerKind.MARGIN))


@examples(60)
@given(st.integers(0, 2**48), st.sampled_from([0.0, 0.3, 0.95]))
def test_taken_entries_equal_a_scan(seed: int, dying: float) -> None:
    """Also through rebuilds: hundreds of entries, of which most may be dead."""
    dice, naive = Random(seed), Naive()
    book = TriggerBook(lambda each: each in naive.live)
    middle = 10_000
    for ticket in range(1, dice.choice((40, 400, 1_500))):
        add_something(dice, book, naive, ticket, middle)
        if dice.random() < dying:
            naive.live.discard(
                dice.choice(naive.entries)[1] if naive.entries else Trigger(0, 0, 0, TriggerKind.SL)
            )
        if dice.random() < 0.03:
            middle += dice.randint(-40, 40)
            quote = Quote("EURUSD", middle, middle + dice.randint(0, 30), 0)
            quiet = book.is_quiet(quote.bid, quote.bid, quote.ask, quote.ask)
            if any(trigger in naive.live for _, trigger in naive.reached(quote)):
                assert not quiet
            assert book.take(quote) == naive.take(quote)
            assert book.is_quiet(quote.bid, quote.bid, quote.ask, quote.ask)
    lowest, highest = Quote("EURUSD", 1, 1, 0), Quote("EURUSD", 10**6, 10**6, 0)
    assert book.take(lowest) | book.take(highest) == naive.take(lowest) | naive.take(highest)
    assert book.is_empty()


def test_quiet_bounds_are_inclusive() -> None:
    book = TriggerBook(lambda _: True)
    book.add_order(1, order(1, OrderType.BUY_LIMIT, 100))
    book.add_order(1, order(2, OrderType.SELL_LIMIT, 200))
    assert book.is_quiet(50, 199, 101, 500)
    assert not book.is_quiet(50, 199, 100, 500)
    assert not book.is_quiet(50, 200, 101, 500)
