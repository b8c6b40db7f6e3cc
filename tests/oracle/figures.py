"""How much of what one engine did the other did too, and which differences have a name."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

from rich.table import Table

from journeys.real_data import Bracket
from oracle.fates import Outcome
from oracle.named import NAMES, Named

_ROWS = (
    "never filled",
    "entries, market orders",
    "entries, limit orders",
    "entries, stop orders",
    "exits, sl",
    "exits, tp",
    "profits, to the cent",
    "balances at the end",
    "floating profits at the end",
)


class Figures:
    """Counts over any number of rounds."""

    def __init__(self) -> None:
        self._had: Counter[str] = Counter(dict.fromkeys(_ROWS, 0))
        self._equal: Counter[str] = Counter()
        self._named: Counter[str] = Counter()
        self._orders = 0
        self._engines = ("", "")

    def add(self, orders: list[Bracket], ours: Outcome, theirs: Outcome) -> None:
        """Count one round: what Tradyn had, and of that what the other engine had too."""
        self._orders += len(orders)
        self._engines = ours.engine, theirs.engine
        for order in orders:
            one, other = ours.fates[order.number], theirs.fates[order.number]
            if one.entry is None:
                self._count("never filled", True, other.entry is None)
            else:
                self._count(f"entries, {order.kind} orders", one.entry, other.entry)
            if one.exit is None:
                continue
            end = other.exit and replace(other.exit, profit=Decimal(0))
            self._count(f"exits, {one.exit.reason}", replace(one.exit, profit=Decimal(0)), end)
            self._count("profits, to the cent", one.exit.profit, other.exit and other.exit.profit)
        self._count("balances at the end", ours.balance, theirs.balance)
        self._count("floating profits at the end", ours.floating, theirs.floating)

    def name(self, named: Named) -> None:
        """Count the orders that named differences concern."""
        self._named.update({name: len(orders) for name, orders in named.orders.items()})

    def table(self, title: str) -> Table:
        """All counts, to print."""
        ours, theirs = self._engines
        table = Table(title=f"{title}: {ours}, and the same in {theirs}", title_justify="left")
        table.add_column("")
        table.add_column("Tradyn", justify="right")
        table.add_column("equal", justify="right")
        table.add_row("orders", f"{self._orders:,}", "", end_section=True)
        for row in self._had:
            table.add_row(row, f"{self._had[row]:,}", f"{self._equal[row]:,}")
        table.add_section()
        for name, what in NAMES.items():
            table.add_row(f"{name}\n  {what}", f"{self._named[name]:,}", "")
        return table

    def _count(self, row: str, one: Any, other: Any) -> None:
        self._had[row] += 1
        self._equal[row] += one == other
