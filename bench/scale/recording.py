"""A recording of ticks as MetaTrader 5 would export it, and a file of orders to place in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

__all__ = ["write_orders", "write_ticks"]

# A Sunday on which a week without holidays begins, also for a broker whose markets close.
_FIRST: Final = int(datetime(2024, 1, 7, 22, 5, tzinfo=UTC).timestamp())
_MID: Final = 108_750


def write_ticks(path: Path, count: int, seed: int = 1) -> None:
    """So many ticks of EURUSD, one every quarter of a second, at a price that wanders.

    The market is in session for the first 1.7 million.
    """
    chance = Random(seed)
    price, quarters = _MID, 0
    with path.open("w", encoding="ascii") as file:
        file.write("time,bid,ask\n")
        for _ in range(count):
            price = max(price + chance.randrange(-2, 3), 1_000)
            second = _FIRST + quarters // 4
            moment = datetime.fromtimestamp(second, UTC)
            stamp = f"{moment:%Y-%m-%d %H:%M:%S}.{quarters % 4 * 250:03}"
            file.write(f"{stamp},{price / 100_000:.5f},{(price + 10) / 100_000:.5f}\n")
            quarters += 1


def write_orders(path: Path, count: int) -> None:
    """So many orders of all kinds, 10 points apart, which come to rest with the first ticks."""
    time = f"{datetime.fromtimestamp(_FIRST + 1, UTC):%Y-%m-%dT%H:%M:%SZ}"
    with path.open("w", encoding="ascii") as file:
        for number in range(count):
            is_below = number % 4 in (0, 3)
            kind = (2, 3, 4, 5)[number % 4]
            distance = 100 + number // 4 * 10
            price = (_MID - distance if is_below else _MID + 10 + distance) / 100_000
            body = {"symbol": "EURUSD", "type": kind, "volume": 0.01, "price": round(price, 5)}
            file.write(json.dumps({"time": time, "path": "/api/orders", "body": body}) + "\n")
