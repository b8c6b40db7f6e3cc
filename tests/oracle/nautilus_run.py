"""Quotes and bracket orders through nautilus_trader's BacktestEngine: a job in JSON in, fates in JSON out.

Runs in the oracle's own environment, which has nautilus_trader and not Tradyn: nothing of Tradyn is
imported here. Prices and amounts are text in both files, times are milliseconds since 1970. The job:

    {"balance": "10000.00", "leverage": 100, "fills": "quote",
     "quotes": [[time, bid, ask], …],
     "orders": [{"number", "quote", "kind", "side", "units", "price", "sl", "tp", "attached"}, …]}

`quote` is the index of the quote an order is given on; `kind` is market, limit or stop. An `attached`
order is one bracket: nautilus activates its SL and TP while it fills the entry. Those of any other order
are sent on the quote after the one that filled it, as a pair of which one ends the other.
"""

import json
import sys
from decimal import Decimal
from pathlib import Path

from nautilus_trader import __version__
from nautilus_trader.backtest.engine import BacktestEngine, BacktestEngineConfig
from nautilus_trader.backtest.models import FillModel
from nautilus_trader.config import LoggingConfig
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.model.book import OrderBook
from nautilus_trader.model.currencies import EUR, USD
from nautilus_trader.model.data import BookOrder, QuoteTick
from nautilus_trader.model.enums import (
    AccountType,
    BookType,
    ContingencyType,
    OmsType,
    OrderSide,
    OrderType,
    TriggerType,
)
from nautilus_trader.model.identifiers import ClientOrderId, InstrumentId, OrderListId, Symbol, Venue
from nautilus_trader.model.instruments import CurrencyPair
from nautilus_trader.model.objects import Money, Price, Quantity
from nautilus_trader.model.orders import LimitOrder, MarketOrder, OrderList, StopMarketOrder
from nautilus_trader.trading.strategy import Strategy

VENUE = Venue("ORACLE")
DIGITS = 5
MILLISECOND = 1_000_000
PLENTY = Quantity.from_int(1_000_000_000)
OPPOSITE = {OrderSide.BUY: OrderSide.SELL, OrderSide.SELL: OrderSide.BUY}


class QuoteFills(FillModel):
    """A limit order fills at its own price, every other order at the quote; size never runs out.

    Without a model of fills, nautilus lets a stop order fill at its trigger price although the quote is
    beyond it, and has the market stand at a filled order's price until all others have been matched.
    """

    def get_orderbook_for_fill_simulation(self, instrument, order, best_bid, best_ask):
        """The one level of the other side that the order meets."""
        level = best_ask if order.side == OrderSide.BUY else best_bid
        if order.order_type == OrderType.LIMIT:
            level = order.price
        book = OrderBook(instrument.id, BookType.L2_MBP)
        book.add(BookOrder(OPPOSITE[order.side], level, PLENTY, 1), 0, 0)
        return book


FILLS = {"own": FillModel, "quote": QuoteFills}


class Recorder(Strategy):
    """Gives each order on its quote and writes down what becomes of it."""

    def __init__(self, instrument, orders):
        super().__init__()
        self.fates = {order["number"]: {"entry": None, "exit": None, "trouble": []} for order in orders}
        self._instrument = instrument
        self._orders = {order["number"]: order for order in orders}
        self._quote = -1
        self._naked = []

    def on_start(self):
        """Ask for the quotes."""
        self.subscribe_quote_ticks(self._instrument.id)

    def on_quote_tick(self, tick):
        """Nautilus has matched this quote already."""
        self._quote += 1
        for number, position in [due for time, *due in self._naked if time < tick.ts_event]:
            self._send_list(number, self._stops(number), position)
        self._naked = [each for each in self._naked if each[0] == tick.ts_event]
        for number, order in self._orders.items():
            if order["quote"] == self._quote:
                self._give(number)

    def on_order_filled(self, event):
        """An entry or an exit."""
        number, role = self._whose(event.client_order_id)
        fate, units = self.fates[number], self._orders[number]["units"]
        name = "entry" if role == "entry" else "exit"
        if fate[name] is not None or event.last_qty != Quantity.from_int(units):
            fate["trouble"].append(f"{role} filled with {event.last_qty} of {units} units")
        fate[name] = {"time": _time(event), "price": str(event.last_px), "reason": role}
        if role == "entry" and not self._orders[number]["attached"]:
            self._naked.append((event.ts_event, number, event.position_id))

    def on_position_closed(self, event):
        """The profit, as nautilus counts it."""
        number, _ = self._whose(event.opening_order_id)
        self.fates[number]["exit"]["profit"] = str(event.realized_pnl.as_decimal())

    def on_order_rejected(self, event):
        """Nothing may be refused but the TP of a position that its SL has just closed."""
        number, role = self._whose(event.client_order_id)
        closed = self.fates[number]["exit"]
        if role != "tp" or closed is None or closed["reason"] != "sl" or closed["time"] != _time(event):
            self.fates[number]["trouble"].append(f"{role} rejected: {event.reason}")

    def on_order_denied(self, event):
        """Nothing may be refused."""
        number, role = self._whose(event.client_order_id)
        self.fates[number]["trouble"].append(f"{role} denied: {event.reason}")

    def _give(self, number):
        if self._orders[number]["attached"]:
            links = {
                "contingency_type": ContingencyType.OTO,
                "order_list_id": OrderListId(f"{number}"),
                "linked_order_ids": [_name(number, "sl"), _name(number, "tp")],
            }
            stops = self._stops(number, parent_order_id=_name(number, "entry"))
            self._send_list(number, [self._order(number, "entry", links), *stops])
        else:
            self.submit_order(self._order(number, "entry", {}))

    def _send_list(self, number, orders, position=None):
        self.submit_order_list(OrderList(OrderListId(f"{number}"), orders), position)

    def _stops(self, number, **links):
        """SL before TP, so that it wins where both could fill."""
        links = {
            "contingency_type": ContingencyType.OUO,
            "order_list_id": OrderListId(f"{number}"),
            "reduce_only": True,
            **links,
        }
        return [
            self._order(number, role, {**links, "linked_order_ids": [_name(number, other)]})
            for role, other in (("sl", "tp"), ("tp", "sl"))
        ]

    def _order(self, number, role, links):
        order = self._orders[number]
        kind, price = {
            "entry": (order["kind"], order["price"]),
            "sl": ("stop", order["sl"]),
            "tp": ("limit", order["tp"]),
        }[role]
        is_buy = (order["side"] == "buy") == (role == "entry")
        common = {
            "trader_id": self.trader_id,
            "strategy_id": self.id,
            "instrument_id": self._instrument.id,
            "client_order_id": _name(number, role),
            "order_side": OrderSide.BUY if is_buy else OrderSide.SELL,
            "quantity": Quantity.from_int(order["units"]),
            "init_id": UUID4(),
            "ts_init": self.clock.timestamp_ns(),
            **links,
        }
        if kind == "market":
            return MarketOrder(**common)
        if kind == "limit":
            return LimitOrder(price=Price.from_str(price), **common)
        return StopMarketOrder(
            trigger_price=Price.from_str(price), trigger_type=TriggerType.BID_ASK, **common
        )

    @staticmethod
    def _whose(name):
        number, role = name.value.split("-")
        return int(number), role


def _time(event):
    return event.ts_event // MILLISECOND


def _name(number, role):
    return ClientOrderId(f"{number}-{role}")


def run(job):
    """What nautilus makes of a job."""
    eurusd = CurrencyPair(
        instrument_id=InstrumentId(Symbol("EURUSD"), VENUE),
        raw_symbol=Symbol("EURUSD"),
        base_currency=EUR,
        quote_currency=USD,
        price_precision=DIGITS,
        size_precision=0,
        price_increment=Price(10**-DIGITS, DIGITS),
        size_increment=Quantity.from_int(1),
        margin_init=Decimal(1),
        margin_maint=Decimal(1),
        maker_fee=Decimal(0),
        taker_fee=Decimal(0),
        ts_event=0,
        ts_init=0,
    )
    engine = BacktestEngine(
        BacktestEngineConfig(logging=LoggingConfig(bypass_logging=True), run_analysis=False)
    )
    engine.add_venue(
        venue=VENUE,
        oms_type=OmsType.HEDGING,
        account_type=AccountType.MARGIN,
        base_currency=USD,
        starting_balances=[Money(Decimal(job["balance"]), USD)],
        default_leverage=Decimal(job["leverage"]),
        book_type=BookType.L1_MBP,
        fill_model=FILLS[job["fills"]](),
        # A stop that a gap has passed before it could be sent closes at the market.
        reject_stop_orders=False,
        bar_execution=False,
    )
    engine.add_instrument(eurusd)
    engine.add_data(
        [
            QuoteTick(
                eurusd.id,
                Price.from_str(bid),
                Price.from_str(ask),
                PLENTY,
                PLENTY,
                time * MILLISECOND,
                time * MILLISECOND,
            )
            for time, bid, ask in job["quotes"]
        ]
    )
    recorder = Recorder(eurusd, job["orders"])
    engine.add_strategy(recorder)
    engine.run()
    balance = engine.portfolio.account(VENUE).balance_total(USD)
    floating = engine.portfolio.unrealized_pnls(VENUE).get(USD, Money(0, USD))
    engine.dispose()
    return {
        "engine": f"nautilus_trader {__version__}",
        "fates": recorder.fates,
        "balance": str(balance.as_decimal()),
        "floating": str(floating.as_decimal()),
    }


if __name__ == "__main__":
    task, result = map(Path, sys.argv[1:])
    result.write_text(json.dumps(run(json.loads(task.read_text()))))
