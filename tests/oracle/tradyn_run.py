"""Recorded bars and bracket orders through Tradyn, as `tradyn replay` does it; its deals read as fates."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from journeys import real_data
from journeys.real_data import Bracket, Tick
from oracle.fates import Entry, Exit, Fate, Outcome
from tradyn import __version__
from tradyn.app import open_server
from tradyn.clock import ClockMode
from tradyn.config import Settings
from tradyn.replay import read_requests, run_replay
from tradyn.wire import read_time


@dataclass(frozen=True)
class Account:
    """What another engine must be told of the account: its deposit, and 100 for 1:100."""

    deposit: Decimal
    leverage: int


async def run(folder: Path, market: list[Tick], orders: list[Bracket]) -> tuple[Account, Outcome]:
    """Play the bars with the orders given on their ticks.

    Args:
        folder: for the files of bars and requests.

    Raises:
        RuntimeError: Tradyn refused an order.
    """
    bars, requests = folder / "EURUSD_H1.csv", folder / "requests.jsonl"
    real_data.write_bars(bars)
    real_data.write_requests(requests, market, orders)
    settings = Settings(
        feed=f"replay:{bars}",
        clock=ClockMode.MANUAL,
        rate_limit=10_000_000,
        spread=int(real_data.SPREAD / real_data.POINT),
    )
    async with open_server(settings, on_answer=lambda _: None) as server:
        statement = await run_replay(server, read_requests(requests), lambda _: None)
    if statement.refused:
        raise RuntimeError(f"Tradyn refused orders that are valid: {'; '.join(statement.refused)}")
    account = statement.account
    deposit = sum(
        (_exact(deal["profit"]) for deal in statement.deals if deal["type"] == "balance"), Decimal(0)
    )
    outcome = Outcome(
        f"tradyn {__version__}",
        _fates(orders, statement.deals),
        _exact(account["balance"]),
        _exact(account["equity"]) - _exact(account["balance"]),
    )
    return Account(deposit, account["leverage"]), outcome


def _fates(orders: list[Bracket], deals: list[dict[str, Any]]) -> dict[int, Fate]:
    own = defaultdict(list)
    for deal in deals:
        if deal["type"] != "balance":
            own[deal["magic"]].append(deal)
    return {order.number: _fate(order, own[order.number]) for order in orders}


def _fate(order: Bracket, deals: list[dict[str, Any]]) -> Fate:
    fate = Fate()
    for deal in deals:
        time, price = read_time(deal["time"]), _exact(deal["price"])
        if Decimal(str(deal["volume"])) != order.volume or deal["swap"] or deal["commission"]:
            fate = replace(fate, trouble=(*fate.trouble, f"a deal of other volume or with costs: {deal}"))
        if deal["entry"] == "in" and fate.entry is None:
            fate = replace(fate, entry=Entry(time, price))
        elif deal["entry"] == "out" and fate.exit is None:
            fate = replace(fate, exit=Exit(time, price, deal["reason"], _exact(deal["profit"])))
        else:
            fate = replace(fate, trouble=(*fate.trouble, f"one deal too many: {deal}"))
    return fate


def _exact(number: float) -> Decimal:
    return Decimal(str(number))
