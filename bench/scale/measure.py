"""One measurement in a process of its own: `python -m bench.scale.measure SUBJECT SIZE` prints JSON.

Costs are CPU time. Requests go through the whole application (key, limits, validation both ways, handler,
desk, journal on disk) but for HTTP itself, whose cost does not depend on what the broker holds.
"""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import uvloop

from bench import stream_fanout
from bench.quiet_ticks import broker_with
from bench.quiet_ticks import cpu_ns as tick_ns
from bench.scale.world import SYMBOL, fill, open_accounts, trade
from tradyn import garbage
from tradyn.access import Scope
from tradyn.app import Server, open_server
from tradyn.broker.commands import CancelOrder, PlaceMarketOrder, PlaceOrder
from tradyn.broker.orders import OrderType, Side
from tradyn.clock import ClockMode
from tradyn.config import Settings

__all__ = ["SUBJECTS", "Figures"]

Figures = dict[str, float]

_ROUNDS: Final = 7
_LOT: Final = Decimal("0.01")
_FILLS: Final = 20_000
_CLIENTS: Final = 256
_TOGETHER: Final = 64
_HEARD_SECONDS: Final = 4.0


def _memory_mb() -> float:
    """The most that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@asynccontextmanager
async def _server(folder: Path) -> AsyncIterator[Server]:
    settings = Settings(data_dir=folder, clock=ClockMode.MANUAL, rate_limit=10_000_000)
    async with open_server(settings, on_answer=lambda _: None) as server:
        # As `tradyn serve` does once it is ready.
        garbage.begin_to_collect()
        yield server


async def _median_us(work: Callable[[], Awaitable[object]], times: int = 200) -> float:
    """CPU microseconds of one, the median over rounds of the mean."""
    costs = []
    for _ in range(_ROUNDS):
        gc.collect()
        begun = time.process_time()
        for _ in range(times):
            await work()
        costs.append((time.process_time() - begun) / times * 1e6)
    return statistics.median(costs)


async def _ask(server: Server, key: str, method: str, path: str, body: Any = None) -> None:
    """A request as the web server would hand it over; it must be answered 200."""
    path, _, query = path.partition("?")
    content = b"" if body is None else json.dumps(body).encode()
    headers = [(b"host", b"127.0.0.1:8080"), (b"authorization", f"Bearer {key}".encode())]
    if content:
        headers += [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
    }
    scope |= {"scheme": "http", "path": f"/v1{path}", "raw_path": f"/v1{path}".encode(), "root_path": ""}
    scope |= {"query_string": query.encode(), "headers": headers, "client": ("127.0.0.1", 1)}
    scope |= {"server": ("127.0.0.1", 8080), "state": {}}
    statuses = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await server.app(scope, receive, send)
    if statuses != [200]:
        raise SystemExit(f"{method} {path} was answered {statuses}")


async def _request_costs(server: Server, login: int) -> Figures:
    _, key = await server.access.issue(login, Scope.FULL, "Scale")
    bodies = [{"symbol": SYMBOL, "action": side, "volume": 0.01} for side in ("buy", "sell")]
    turn = 0

    async def trades() -> None:
        await asyncio.gather(
            *(_ask(server, key, "POST", "/api/trade", bodies[n % 2]) for n in range(_TOGETHER))
        )

    quote = server.desk.broker.market.quotes[SYMBOL]

    async def tick() -> None:
        nonlocal turn
        turn += 1
        server.desk.take_quote(quote._replace(bid=quote.bid + turn % 3))

    return {
        "account_us": await _median_us(lambda: _ask(server, key, "GET", "/api/account")),
        "history_us": await _median_us(
            lambda: _ask(server, key, "GET", "/api/account/history?limit=10&order=desc")
        ),
        "tick_us": await _median_us(tick, 2000),
        # Last, because it adds to what the account holds.
        "trade_us": await _median_us(trades, 1) / _TOGETHER,
    }


async def _accounts(size: int) -> Figures:
    """Requests of one account among so many, each with a position and an order."""
    with tempfile.TemporaryDirectory() as folder:
        async with _server(Path(folder)) as server:
            await fill(server, size, 4 * size)
            return {
                **await _request_costs(server, max(server.desk.broker.accounts)),
                "memory_mb": _memory_mb(),
            }


async def _positions(size: int, currency: str) -> Figures:
    """Requests of an account that holds so many positions, long and short."""
    with tempfile.TemporaryDirectory() as folder:
        async with _server(Path(folder)) as server:
            (login,) = await open_accounts(server.desk, 1, currency)
            desk = server.desk
            for begin in range(0, size, 1000):
                await asyncio.gather(
                    *(
                        desk.execute(
                            login,
                            PlaceMarketOrder(
                                symbol=SYMBOL, side=Side.BUY if number % 3 else Side.SELL, volume=_LOT
                            ),
                            "trade",
                        )
                        for number in range(min(1000, size - begin))
                    )
                )
            return await _request_costs(server, login)


async def _positions_usd(size: int) -> Figures:
    return await _positions(size, "USD")


async def _positions_eur(size: int) -> Figures:
    return await _positions(size, "EUR")


async def _history(size: int) -> Figures:
    """Requests of an account with so many transactions."""
    with tempfile.TemporaryDirectory() as folder:
        async with _server(Path(folder)) as server:
            (login,) = await open_accounts(server.desk, 1)
            clients = await open_accounts(server.desk, 1)
            await trade(server.desk, clients[0], 1)
            await _deals_together(server, login, size)
            figures = await _request_costs(server, login)
        begun = time.process_time()
        async with _server(Path(folder)):
            figures["start_s"] = time.process_time() - begun
        figures["file_mb"] = (Path(folder) / "journal.sqlite").stat().st_size / 1e6
        return figures


async def _deals_together(server: Server, login: int, count: int) -> None:
    """So many deals of one account, hundreds in one commit; it ends with no position."""
    desk = server.desk
    for begin in range(0, count, 1000):
        half = min(1000, count - begin) // 2
        order = PlaceMarketOrder(symbol=SYMBOL, side=Side.BUY, volume=_LOT)
        await asyncio.gather(*(desk.execute(login, order, "trade") for _ in range(half)))
        await asyncio.gather(*(trade(desk, login, 1) for _ in range(half)))


async def _orders(size: int) -> Figures:
    """A quiet tick with so many orders resting on its symbol; an order more, and one less."""
    before = _memory_mb()
    broker = broker_with(size)
    memory = _memory_mb() - before
    quote = broker.market.quotes[SYMBOL]
    ticks = [tick_ns(broker, turn * 20_000) for turn in range(_ROUNDS)]
    now = quote.time + _ROUNDS * 20_000
    place = PlaceOrder(
        symbol=SYMBOL, type=OrderType.BUY_LIMIT, volume=_LOT, price=Decimal(quote.bid - 9_000).scaleb(-5)
    )

    async def place_and_cancel() -> None:
        (placed,) = broker.execute(1, place, now).transactions
        broker.execute(1, CancelOrder(ticket=placed.event.order.ticket), now)

    return {
        "tick_us": statistics.median(ticks) / 1000,
        "place_and_cancel_us": await _median_us(place_and_cancel),
        "memory_mb": memory,
    }


async def _readers(size: int) -> Figures:
    """Ticks of ten symbols to so many readers of the stream."""
    found = await stream_fanout.run_tradyn(size, _HEARD_SECONDS, 10)
    return {"message_us": found.cpu_us}


async def _fills(accounts: int) -> Figures:
    """Deals of so many accounts through the desk: decided, applied and durable, 256 at a time."""
    with tempfile.TemporaryDirectory() as folder:
        async with _server(Path(folder)) as server:
            logins = await open_accounts(server.desk, accounts)
            each = _FILLS // max(_CLIENTS, accounts)
            wall, cpu = time.perf_counter(), time.process_time()
            loop = time.thread_time()
            groups = [logins[number::_CLIENTS] for number in range(_CLIENTS)]

            async def client(own: list[int]) -> None:
                for login in own:
                    await trade(server.desk, login, each)

            await asyncio.gather(*(client(own) for own in groups if own))
            done = each * len(logins)
            return {
                "per_cpu_second": done / (time.process_time() - cpu),
                "per_second": done / (time.perf_counter() - wall),
                "loop_us": (time.thread_time() - loop) / done * 1e6,
            }


SUBJECTS: Final[dict[str, Callable[[int], Awaitable[Figures]]]] = {
    "accounts": _accounts,
    "orders": _orders,
    "positions": _positions_usd,
    "converted": _positions_eur,
    "history": _history,
    "readers": _readers,
    "fills": _fills,
}


def main() -> None:
    """Measure what the arguments name."""
    subject, size = sys.argv[1], int(sys.argv[2])
    # The loop that the server runs on; the readers are no server.
    run = asyncio.run if subject == "readers" else uvloop.run
    figures = run(_main(subject, size))
    json.dump(figures, sys.stdout)


async def _main(subject: str, size: int) -> Figures:
    return await SUBJECTS[subject](size)


if __name__ == "__main__":
    main()
