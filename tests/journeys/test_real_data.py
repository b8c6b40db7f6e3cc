"""5,000 real bars, 20,000 quotes, 200 random brackets: every entry and exit at the expected tick and price.

Once through `tradyn replay`, once through a running server's feed and the generated client.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tradyn_client import Client
from tradyn_client.api.account import get_account, get_account_history
from tradyn_client.api.orders import place_order
from tradyn_client.api.simulation import advance_clock
from tradyn_client.api.trading import trade
from tradyn_client.models import AdvanceRequest, OrderRequest, OrderType, Side, TradeRequest

from in_process import terminal
from journeys import real_data
from journeys.real_data import Bracket, Tick

Deals = list[tuple[int, str, datetime, Decimal, str, Decimal]]


@pytest.fixture(scope="module")
def market() -> list[Tick]:
    return real_data.ticks()


@pytest.fixture(scope="module")
def orders(market: list[Tick]) -> list[Bracket]:
    return real_data.brackets(market, 200, real_data.SEED)


@pytest.fixture(scope="module")
def expected(market: list[Tick], orders: list[Bracket]) -> Deals:
    deals = real_data.expected_deals(market, orders)
    kinds = {order.type for order in orders if (order.number, "out") in {deal[:2] for deal in deals}}
    assert kinds == {0, 1, 2, 3, 4, 5}, "the seed must bring every type to its end"
    assert {fill.reason for _, _, fill in deals} == {"client", "sl", "tp"}
    return sorted(
        (number, entry, fill.time, fill.price, fill.reason, fill.profit) for number, entry, fill in deals
    )


def bracket(order: Bracket) -> Any:
    """What the requests of all types have in common."""
    return {"sl": float(order.sl), "tp": float(order.tp), "magic": order.number}


def seen(deals: list[dict[str, Any]]) -> Deals:
    """The deals of a history, without those of the balance."""
    return sorted(
        (
            deal["magic"],
            deal["entry"],
            datetime.fromisoformat(deal["time"]),
            Decimal(repr(deal["price"])),
            deal["reason"],
            Decimal(str(deal["profit"])),
        )
        for deal in deals
        if deal["type"] != "balance"
    )


def cents(amounts: Any) -> int:
    return sum(round(100 * each) for each in amounts)


async def test_through_tradyn_replay(
    tmp_path: Path, market: list[Tick], orders: list[Bracket], expected: Deals
) -> None:
    bars, requests, folder = tmp_path / "EURUSD_H1.csv", tmp_path / "requests.jsonl", tmp_path / "data"
    real_data.write_bars(bars)
    real_data.write_requests(requests, market, orders)
    command = ["replay", str(bars), "--requests", str(requests), "--data-dir", str(folder), "--spread", "10"]
    done = subprocess.run([sys.executable, "-m", "tradyn", *command], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Refused 0" in " ".join(done.stdout.split())
    async with terminal(data_dir=folder, start=None, feed=f"replay:{bars}", spread=10) as desk:
        deals = await desk.ok("GET", "/api/account/history", limit=1000)
        account = await desk.ok("GET", "/api/account")
    assert seen(deals) == expected
    assert round(100 * account["balance"]) == cents(deal["profit"] for deal in deals)
    profit = sum((deal[-1] for deal in expected), Decimal(0))
    assert Decimal(str(account["balance"])) == 10_000 + profit


def test_through_a_running_server_and_the_generated_client(
    tmp_path: Path,
    market: list[Tick],
    orders: list[Bracket],
    expected: Deals,
    start_server: Callable[..., Any],
) -> None:
    bars = tmp_path / "EURUSD_H1.csv"
    real_data.write_bars(bars)
    server = start_server(feed=f"replay:{bars}", start=None, spread=10)
    with (
        Client(base_url=server.base_url, token=server.api_key) as client,
        Client(base_url=server.base_url, token=server.admin_key) as admin,
    ):

        def advance(until: datetime) -> None:
            while True:
                now = get_account.sync(client=client).time
                if now >= until:
                    return
                step = min(until, now + timedelta(days=7))
                advance_clock.sync(client=admin, body=AdvanceRequest(to=step))

        for order in orders:
            advance(market[order.tick].time)
            if order.price is None:
                side = Side.BUY if order.is_buy else Side.SELL
                trade.sync(
                    client=client,
                    body=TradeRequest(
                        symbol="EURUSD", action=side, volume=float(order.volume), **bracket(order)
                    ),
                )
            else:
                place_order.sync(
                    client=client,
                    body=OrderRequest(
                        symbol="EURUSD",
                        type_=OrderType(order.type),
                        volume=float(order.volume),
                        price=float(order.price),
                        **bracket(order),
                    ),
                )
        advance(market[-1].time)
        deals: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = get_account_history.sync(client=client, limit=100, cursor=cursor)
            deals += [deal.to_dict() for deal in page.data]
            if (cursor := page.next_cursor) is None:
                break
        account = get_account.sync(client=client)
    assert seen(deals) == expected
    assert round(100 * account.balance) == cents(deal["profit"] for deal in deals)
