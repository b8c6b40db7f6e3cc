"""A broker of any size, made as a broker is: every account and every trade through the desk and its journal.

    python -m bench.scale.world FOLDER --accounts 1000 --transactions 10000 [--end killed]

Each account is opened with a deposit and trades: it buys or sells, and closes again. What it does last is
left: a position is open and an order rests. So its transactions are opening and deposit, an even number of
deals, and those two.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Final

from rich.progress import Progress

from tradyn.app import Server, open_server
from tradyn.broker.commands import ClosePosition, PlaceMarketOrder, PlaceOrder
from tradyn.broker.orders import OrderType, Side
from tradyn.clock import ClockMode
from tradyn.config import Settings
from tradyn.desk import Desk

__all__ = ["SYMBOL", "build", "fill", "open_accounts", "trade"]

SYMBOL: Final = "EURUSD"
_BALANCE: Final = 1_000_000_00
_LOT: Final = Decimal("0.01")
_AT_ONCE: Final = 512
_LEFT: Final = 4
"""Transactions of an account that trades nothing: opened, deposit, a position, an order."""


async def open_accounts(desk: Desk, count: int, currency: str = "USD") -> list[int]:
    """So many more accounts, each with a deposit; their logins."""

    async def opened() -> int:
        account = await desk.open_account(
            name="Scale",
            currency=currency,
            leverage=500,
            balance=_BALANCE,
            margin_call_level=Decimal(100),
            stop_out_level=Decimal(50),
        )
        return account.login

    logins: list[int] = []
    while len(logins) < count:
        logins += await asyncio.gather(*(opened() for _ in range(min(_AT_ONCE, count - len(logins)))))
    return logins


async def trade(desk: Desk, login: int, deals: int) -> None:
    """So many deals of one account, in turn in and out."""
    account = desk.account(login)
    for number in range(deals):
        if account.positions:
            await desk.execute(login, ClosePosition(ticket=next(iter(account.positions))), "closePosition")
        else:
            side = (Side.BUY, Side.SELL)[(login + number // 2) % 2]
            await desk.execute(login, PlaceMarketOrder(symbol=SYMBOL, side=side, volume=_LOT), "trade")


async def _leave(desk: Desk, login: int) -> None:
    """A position that stays open, and an order that rests far from the market."""
    await trade(desk, login, 1)
    bid = desk.broker.market.quotes[SYMBOL].bid
    price = Decimal(bid * 4 // 5 - login % 1000).scaleb(-5)
    order = PlaceOrder(symbol=SYMBOL, type=OrderType.BUY_LIMIT, volume=_LOT, price=price)
    await desk.execute(login, order, "placeOrder")


async def fill(
    server: Server, accounts: int, transactions: int, advance: Callable[[int], None] = lambda _: None
) -> None:
    """Give a server so many more accounts with so many transactions together.

    Args:
        advance: told of transactions that are durable.
    """
    deals = (transactions // accounts - _LEFT) // 2 * 2
    desk = server.desk
    for begin in range(0, accounts, _AT_ONCE):
        count = min(_AT_ONCE, accounts - begin)
        logins = await open_accounts(desk, count)
        done = 0
        while done < deals:
            step = min(1000, deals - done)
            await asyncio.gather(*(trade(desk, login, step) for login in logins))
            done += step
            advance(step * count)
        await asyncio.gather(*(_leave(desk, login) for login in logins))
        advance(_LEFT * count)


async def build(
    folder: Path, accounts: int, transactions: int, end: str, advance: Callable[[int], None]
) -> None:
    """Make a data folder; an `end` of `killed` leaves it as a crash would."""
    settings = Settings(data_dir=folder, clock=ClockMode.MANUAL)
    async with open_server(settings, on_answer=lambda _: None) as server:
        server.desk.take_quote(server.desk.broker.market.quotes[SYMBOL])
        await fill(server, accounts, transactions, advance)
        await server.desk.save()
        if end == "killed":
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    """Make a folder, as the arguments say."""
    parser = argparse.ArgumentParser(prog="bench.scale.world", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--accounts", type=int, default=1000)
    parser.add_argument("--transactions", type=int, default=10_000)
    parser.add_argument("--end", choices=("clean", "killed"), default="clean")
    given = parser.parse_args()
    with Progress(transient=True) as progress:
        task = progress.add_task("Transactions", total=given.transactions)
        asyncio.run(
            build(
                given.folder,
                given.accounts,
                given.transactions,
                given.end,
                lambda count: progress.advance(task, count),
            )
        )


if __name__ == "__main__":
    main()
