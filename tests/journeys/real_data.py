"""The real EURUSD H1 bars of 2017 that `backtesting` ships, bracket orders on them, and their fates.

The expectation is computed here with plain loops and decimals, from the broker's published rules
alone: nothing in this module imports the broker.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

POINT = Decimal("0.00001")
SPREAD = 10 * POINT
SEED = 20170419
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Tick:
    """One quote."""

    time: datetime
    bid: Decimal
    ask: Decimal


@dataclass(frozen=True)
class Bracket:
    """One order with SL and TP, given at a tick. Type as in MetaTrader: 0 to 5."""

    number: int
    tick: int
    type: int
    volume: Decimal
    price: Decimal | None
    sl: Decimal
    tp: Decimal

    @property
    def is_buy(self) -> bool:
        return self.type % 2 == 0

    @property
    def kind(self) -> str:
        """Market, limit or stop."""
        return ("market", "limit", "stop")[self.type // 2]


@dataclass(frozen=True)
class Fill:
    """One deal: at which tick, at what price, why, with what profit."""

    time: datetime
    price: Decimal
    reason: str
    profit: Decimal


@dataclass(frozen=True)
class Fate:
    """What becomes of a bracket: its entry and its exit, as far as they come."""

    entry: Fill | None
    exit: Fill | None


def write_bars(path: Path) -> None:
    """The bars as pandas writes them."""
    frame: Any = import_module("backtesting.test").EURUSD
    frame.to_csv(path)


def ticks() -> list[Tick]:
    """Four quotes of each bar: open, low, high, close if it rises, else open, high, low, close."""
    frame: Any = import_module("backtesting.test").EURUSD
    found = []
    for moment, row in frame.iterrows():
        opened, high, low, close = (
            Decimal(repr(float(row[name]))).quantize(POINT, ROUND_HALF_UP)
            for name in ("Open", "High", "Low", "Close")
        )
        path = (opened, low, high, close) if close >= opened else (opened, high, low, close)
        start = moment.to_pydatetime().replace(tzinfo=UTC)
        for quarter, bid in enumerate(path):
            found.append(Tick(start + quarter * HOUR / 4, bid, bid + SPREAD))
    return found


def brackets(market: list[Tick], count: int, seed: int) -> list[Bracket]:
    """Random orders of all six types, valid where they are given."""
    dice = random.Random(seed)
    made = []
    for number, index in enumerate(sorted(dice.sample(range(len(market) - 500), count))):
        tick, kind = market[index], dice.randrange(6)
        distance, sl, tp = (dice.randrange(50, limit) * POINT for limit in (600, 800, 1200))
        price = None
        if kind >= 2:
            away = distance if kind in (3, 4) else -distance
            price = (tick.ask if kind % 2 == 0 else tick.bid) + away
        reference = price if price is not None else (tick.bid if kind % 2 == 0 else tick.ask)
        side = 1 if kind % 2 == 0 else -1
        volume = Decimal(dice.randrange(1, 4)) / 100
        made.append(
            Bracket(number + 1, index, kind, volume, price, reference - side * sl, reference + side * tp)
        )
    return made


def write_requests(path: Path, market: list[Tick], orders: list[Bracket]) -> None:
    """The orders as `tradyn replay` takes them; `magic` tells them apart."""
    lines = [
        {
            "time": market[order.tick].time.isoformat(),
            "path": "/api/trade" if order.price is None else "/api/orders",
            "body": _body(order),
        }
        for order in orders
    ]
    path.write_text("".join(json.dumps(each) + "\n" for each in lines))


def _body(order: Bracket) -> dict[str, Any]:
    common = {
        "symbol": "EURUSD",
        "volume": float(order.volume),
        "sl": float(order.sl),
        "tp": float(order.tp),
        "magic": order.number,
    }
    if order.price is None:
        return {**common, "action": "buy" if order.is_buy else "sell"}
    return {**common, "type": order.type, "price": float(order.price)}


def fate(market: list[Tick], order: Bracket) -> Fate:
    """What the rules say becomes of an order."""
    entry, at = _entry(market, order)
    if entry is None:
        return Fate(None, None)
    for tick in market[at + 1 :]:
        price = tick.bid if order.is_buy else tick.ask
        if (price <= order.sl) if order.is_buy else (price >= order.sl):
            return Fate(entry, _exit(order, entry, tick, price, "sl"))
        if (price >= order.tp) if order.is_buy else (price <= order.tp):
            return Fate(entry, _exit(order, entry, tick, order.tp, "tp"))
    return Fate(entry, None)


def _entry(market: list[Tick], order: Bracket) -> tuple[Fill | None, int]:
    if order.price is None:
        tick = market[order.tick]
        return _fill(tick, tick.ask if order.is_buy else tick.bid), order.tick
    for index in range(order.tick + 1, len(market)):
        tick = market[index]
        match order.type:
            case 2 if tick.ask <= order.price:
                return _fill(tick, order.price), index
            case 3 if tick.bid >= order.price:
                return _fill(tick, order.price), index
            case 4 if tick.ask >= order.price:
                return _fill(tick, tick.ask), index
            case 5 if tick.bid <= order.price:
                return _fill(tick, tick.bid), index
    return None, -1


def _fill(tick: Tick, price: Decimal) -> Fill:
    return Fill(tick.time, price, "client", Decimal(0))


def _exit(order: Bracket, entry: Fill, tick: Tick, price: Decimal, reason: str) -> Fill:
    profit = _value(order, price) - _value(order, entry.price)
    return Fill(tick.time, price, reason, profit if order.is_buy else -profit)


def _value(order: Bracket, price: Decimal) -> Decimal:
    return (price * order.volume * 100_000).quantize(Decimal("0.01"), ROUND_HALF_UP)


def expected_deals(market: list[Tick], orders: list[Bracket]) -> list[tuple[int, str, Fill]]:
    """All deals: the order's number, in or out, and the fill."""
    deals = []
    for order in orders:
        found = fate(market, order)
        deals += [(order.number, "in", found.entry)] if found.entry else []
        deals += [(order.number, "out", found.exit)] if found.exit else []
    return deals
