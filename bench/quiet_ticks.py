"""What a quiet tick costs: one on which nothing fires, with few and with many orders resting on its symbol.

Measured is the broker's own function for one quote (`Broker.on_quote`), in CPU time, on one core; the brokers
take turns within one run, because machines are noisy. Run it with `make bench-ticks`.
"""

from __future__ import annotations

import statistics
import sys
import time
from decimal import Decimal

from tradyn.broker.commands import PlaceOrder
from tradyn.broker.engine import Broker
from tradyn.broker.market import Quote
from tradyn.broker.options import Options
from tradyn.broker.orders import OrderType
from tradyn.broker.transactions import AccountOpened
from tradyn.catalogue import load_catalogue

FEW, MANY = 100, 100_000
MOST_RATIO, LEAST_TICKS = 1.3, 150_000
ROUNDS, TICKS = 30, 20_000
START = 1_772_000_000_000
MID = 108_750
LOGIN = 1


def broker_with(orders: int) -> Broker:
    """A broker with one account and so many orders on EURUSD, of all kinds, on both sides of the market."""
    listings = load_catalogue()
    broker = Broker({symbol: each.instrument for symbol, each in listings.items()}, Options(max_orders=0))
    opened = AccountOpened(
        login=LOGIN,
        name="Bench",
        currency="USD",
        leverage=500,
        margin_call_level=Decimal(100),
        stop_out_level=Decimal(50),
        initial_balance=10**12,
    )
    broker.open_account(opened, START)
    broker.on_quote(Quote("EURUSD", MID, MID + 10, START))
    kinds = (OrderType.BUY_LIMIT, OrderType.SELL_LIMIT, OrderType.BUY_STOP, OrderType.SELL_STOP)
    for index in range(orders):
        kind = kinds[index % 4]
        is_below = kind in (OrderType.BUY_LIMIT, OrderType.SELL_STOP)
        distance = 500 + index * 7 % 20_000
        price = Decimal(MID + (-distance if is_below else distance)).scaleb(-5)
        order = PlaceOrder(symbol="EURUSD", type=kind, volume=Decimal("0.01"), price=price)
        outcome = broker.execute(LOGIN, order, START)
        if outcome.refusal is not None:
            raise SystemExit(f"order {index} was refused: {outcome.refusal.message}")
    return broker


def cpu_ns(broker: Broker, first: int) -> float:
    """CPU nanoseconds of a quiet tick, the mean of many."""
    quotes = [
        Quote("EURUSD", MID + index % 41 - 20, MID + index % 41 - 10, START + first + index)
        for index in range(TICKS)
    ]
    begun = time.process_time_ns()
    for quote in quotes:
        broker.on_quote(quote)
    return (time.process_time_ns() - begun) / TICKS


def main() -> int:
    """Measure, print, and fail if what is promised does not hold."""
    brokers = {count: broker_with(count) for count in (FEW, MANY)}
    costs: dict[int, list[float]] = {count: [] for count in brokers}
    for turn in range(ROUNDS):
        for count, broker in brokers.items():
            costs[count].append(cpu_ns(broker, turn * TICKS))
    for broker, count in zip(brokers.values(), brokers, strict=True):
        if len(broker.accounts[LOGIN].orders) != count:
            raise SystemExit("an order was filled: these ticks were not quiet")
    medians = {count: statistics.median(each) for count, each in costs.items()}
    ratio = statistics.median(many / few for few, many in zip(costs[FEW], costs[MANY], strict=True))
    for count, cost in medians.items():
        print(f"{count:>8,} resting orders: {cost:6.0f} ns a tick, {1e9 / cost:>10,.0f} ticks/s")
    print(f"ratio {ratio:.2f} (at most {MOST_RATIO}), at least {LEAST_TICKS:,} ticks/s wanted")
    return 0 if ratio <= MOST_RATIO and 1e9 / medians[MANY] >= LEAST_TICKS else 1


if __name__ == "__main__":
    sys.exit(main())
