"""One random life of a server for each seed, and a digest of the journal that it leaves.

Run as a program it lives through a range of seeds and prints a digest for each; so the same lives can be
led in other processes, with other hash seeds, and with a restart in the middle.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Any

import apsw

from in_process import Terminal, terminal
from tradyn.app import JOURNAL_FILE
from tradyn.catalogue import load_catalogue

REQUESTS = 36
SYMBOLS = ("EURUSD", "GBPUSD", "USDJPY", "EURGBP", "XAUUSD", "US500", "BTCUSD")


async def live(seed: int, folder: Path, *, restarts: bool) -> None:
    """Requests of all kinds at simulated times; with `restarts` the server is begun again half-way."""
    dice = Random(seed)
    profile = ("demo", "mt5")[seed % 2]
    # Symbols that nobody asks for would only cost time.
    others = folder / "fewer.toml"
    others.write_text(
        "".join(f'[symbol."{each}"]\nenabled = false\n' for each in load_catalogue() if each not in SYMBOLS)
    )
    settings: dict[str, Any] = {
        "data_dir": folder,
        "instruments": others,
        "feed": "synthetic",
        "seed": seed,
        "profile": profile,
    }
    async with terminal(**settings) as first:
        faults = {"slippage_points": 5, "reject_rate": 0.05, "seed": seed}
        await first.ok("PUT", "/api/simulation/faults", faults)
        await _ask(first, dice, REQUESTS // 2)
        if not restarts:
            await _ask(first, dice, REQUESTS // 2)
    if restarts:
        async with terminal(**settings, start=None) as second:
            await _ask(second, dice, REQUESTS // 2)


async def _ask(on: Terminal, dice: Random, count: int) -> None:
    for number in range(count):
        await _one(on, dice, number)
        await on.ok(
            "POST", "/api/simulation/clock/advance", {"seconds": dice.choice((1, 30, 600, 5_000, 40_000))}
        )


async def _one(on: Terminal, dice: Random, number: int) -> None:
    symbol = dice.choice(SYMBOLS)
    volume = dice.choice((0.01, 0.1, 0.5, 2))
    quote = await on.ok("GET", f"/api/quotes/{symbol}")
    digits = (await on.ok("GET", f"/api/symbols/{symbol}"))["digits"]
    client_order_id = {"client_order_id": f"{number}-{dice.randrange(10**9)}"} if dice.random() < 0.3 else {}

    def near(*factors: float) -> float:
        return float(round(quote["bid"] * dice.choice(factors), digits))

    positions = [each["ticket"] for each in await on.ok("GET", "/api/positions")]
    orders = [each["ticket"] for each in await on.ok("GET", "/api/orders")]
    what = dice.randrange(12)
    if what <= 3 or (what in (7, 8, 9, 10) and not positions):
        action = dice.choice(("buy", "sell"))
        stops = {"sl": near(0.995), "tp": near(1.005)} if action == "buy" else {"sl": near(1.004)}
        body = {"symbol": symbol, "action": action, "volume": volume, **client_order_id}
        await on.envelope("POST", "/api/trade", body | (stops if dice.random() < 0.6 else {}))
    elif what <= 5 or not orders:
        kind = dice.randrange(2, 8)
        price = near(0.995, 0.998) if kind in (2, 5, 7) else near(1.002, 1.006)
        body = {"symbol": symbol, "type": kind, "volume": volume, "price": price, **client_order_id}
        if kind in (6, 7):
            body["price_stop_limit"] = round(price * (1.001 if kind == 7 else 0.999), digits)
        await on.envelope("POST", "/api/orders", body)
    elif what == 6:
        await on.envelope("DELETE", f"/api/orders/{dice.choice(orders)}")
    elif what == 7:
        await on.envelope(
            "DELETE", f"/api/positions/{dice.choice(positions)}", volume=dice.choice((None, 0.01))
        )
    elif what == 8:
        await on.envelope("PATCH", f"/api/positions/{dice.choice(positions)}", {"trailing_stop": 50})
    elif what == 9:
        path = f"/api/positions/{dice.choice(positions)}/close-by"
        await on.envelope("POST", path, {"opposite": dice.choice(positions), **client_order_id})
    elif what == 10:
        await on.envelope("POST", "/api/trade/close-all", {"result": dice.choice(("winning", "losing"))})
    else:
        await on.envelope("PATCH", f"/api/orders/{dice.choice(orders)}", {"price": near(0.99, 1.01)})


def digest(folder: Path) -> str:
    """What the journal says of the accounts, as a hash with the number of its rows and kinds of events.

    The server's own account is left out: keys are drawn from the system's randomness, as they must be.
    """
    connection = apsw.Connection(str(folder / JOURNAL_FILE), flags=apsw.SQLITE_OPEN_READONLY)
    columns = "account, version, kind, time, ticket, state, deal, symbol, client_order_id, payload"
    query = f"SELECT {columns} FROM transactions WHERE account > 0 ORDER BY account, version"
    rows = list(connection.execute(query))
    connection.close()
    content = hashlib.sha256()
    for row in rows:
        content.update(repr(row).encode())
    kinds = ",".join(sorted({row[2] for row in rows}))
    return f"{content.hexdigest()} {len(rows)} {kinds}"


def main() -> None:
    """FIRST LAST RESTARTS: the lives of the seeds from FIRST up to LAST, a line for each."""
    first, last, restarts = (int(each) for each in sys.argv[1:])
    for seed in range(first, last):
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(live(seed, Path(folder), restarts=bool(restarts)))
            print(seed, digest(Path(folder)), flush=True)


if __name__ == "__main__":
    main()
