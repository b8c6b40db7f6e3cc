"""Tradyn against nautilus_trader on real data: the same entries, exits and profits, or exit code 1.

Each round gives random brackets of all six order types to both engines, and to nautilus three times:

1. with its own fills, its own brackets: only to count how often they are not MetaTrader's;
2. with fills at the quote, its own brackets: whose SL and TP act on the entry's own quote already;
3. the same, but the stops of just those orders sent one quote later, as MetaTrader activates them.

The third must equal Tradyn in everything.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from rich.console import Console

from journeys import real_data
from journeys.real_data import Bracket, Tick
from oracle import tradyn_run
from oracle.fates import Entry, Exit, Fate, Outcome, differences
from oracle.figures import Figures
from oracle.named import STOPS_FROM_THE_NEXT_QUOTE, name_fills, name_stops
from oracle.tradyn_run import Account

LOT = 100_000
SCRIPT = Path(__file__).with_name("nautilus_run.py")
SHOWN = 20


@dataclass(frozen=True)
class Nautilus:
    """The other engine, in its own environment."""

    python: Path
    folder: Path
    market: list[Tick]
    orders: list[Bracket]
    account: Account

    def run(self, fills: str, later: set[int]) -> Outcome:
        """One backtest.

        Args:
            fills: `own` or `quote`.
            later: orders whose stops are sent on the quote after the entry's.
        """
        job, result = self.folder / "job.json", self.folder / "result.json"
        job.write_text(json.dumps(self._job(fills, later)))
        # Isolated: what lies on this program's path is not for the other environment.
        subprocess.run([self.python, "-I", SCRIPT, job, result], check=True)
        found = json.loads(result.read_text())
        fates = {int(number): _fate(each) for number, each in found["fates"].items()}
        return Outcome(found["engine"], fates, Decimal(found["balance"]), Decimal(found["floating"]))

    def _job(self, fills: str, later: set[int]) -> dict[str, Any]:
        return {
            "balance": str(self.account.deposit),
            "leverage": self.account.leverage,
            "fills": fills,
            "quotes": [
                (round(tick.time.timestamp() * 1000), str(tick.bid), str(tick.ask)) for tick in self.market
            ],
            "orders": [
                {
                    "number": order.number,
                    "quote": order.tick,
                    "kind": order.kind,
                    "side": "buy" if order.is_buy else "sell",
                    "units": int(order.volume * LOT),
                    "price": None if order.price is None else str(order.price),
                    "sl": str(order.sl),
                    "tp": str(order.tp),
                    "attached": order.number not in later,
                }
                for order in self.orders
            ],
        }


def _fate(found: dict[str, Any]) -> Fate:
    entry, leave = found["entry"], found["exit"]
    return Fate(
        entry and Entry(entry["time"], Decimal(entry["price"])),
        leave and Exit(leave["time"], Decimal(leave["price"]), leave["reason"], Decimal(leave["profit"])),
        tuple(found["trouble"]),
    )


def play_round(python: Path, market: list[Tick], orders: list[Bracket], figures: Figures) -> list[str]:
    """Give the same orders to both engines, count what was equal, and say what was not."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        account, ours = asyncio.run(tradyn_run.run(folder, market, orders))
        nautilus = Nautilus(python, folder, market, orders, account)
        own, attached = nautilus.run("own", set()), nautilus.run("quote", set())
        fills, stops = name_fills(orders, own, attached), name_stops(orders, attached, market)
        theirs = nautilus.run("quote", stops.orders[STOPS_FROM_THE_NEXT_QUOTE])
    figures.add(orders, ours, theirs)
    figures.name(fills)
    figures.name(stops)
    return [*differences(ours, theirs), *fills.unexplained, *stops.unexplained]


@click.command()
@click.option("--python", type=click.Path(path_type=Path, exists=True), required=True, help="The oracle's.")
@click.option("--rounds", type=click.IntRange(1), default=10, show_default=True, help="Sets of orders.")
@click.option("--orders", type=click.IntRange(1, 2000), default=200, show_default=True, help="In each set.")
@click.option("--seed", type=int, default=real_data.SEED, show_default=True, help="Of the first set.")
def main(python: Path, rounds: int, orders: int, seed: int) -> None:
    """Compare Tradyn with nautilus_trader, and end with 1 if anything differs."""
    # A virtual environment's python is a link; followed, it would be the one without the packages.
    python = python.absolute()
    market = real_data.ticks()
    figures, wrong = Figures(), list[str]()
    for each in range(seed, seed + rounds):
        made = real_data.brackets(market, orders, each)
        wrong += [f"seed {each}: {line}" for line in play_round(python, market, made, figures)]
        click.echo(f"seed {each}: {len(wrong)} differences so far", err=True)
    Console(width=100).print(figures.table(f"{len(market):,} quotes, {rounds} × {orders} bracket orders"))
    if not wrong:
        click.echo("Everything is equal.")
        return
    click.echo(f"{len(wrong)} differences, the first of them:")
    for line in wrong[:SHOWN]:
        click.echo(f"  {line}")
    sys.exit(1)


if __name__ == "__main__":
    main()
