"""What the tests of the broker share: instruments, commands, and a broker with one account."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from hypothesis import settings

from tradyn.broker.accounts import Account, evolve
from tradyn.broker.commands import ClosePosition, PlaceMarketOrder, PlaceOrder
from tradyn.broker.deals import Deal
from tradyn.broker.engine import Broker, Outcome
from tradyn.broker.instruments import WEEK, CalcMode, Instrument, Session, SwapMode, TradeMode
from tradyn.broker.market import Quote
from tradyn.broker.options import Options
from tradyn.broker.orders import OrderType, Side
from tradyn.broker.transactions import AccountOpened, Transaction

NOW = 1_772_000_000_000
LOGIN = 10001
SOAK = os.environ.get("TRADYN_TEST_SOAK") == "1"


def examples(count: int) -> settings:
    """Always the same `count` examples; with TRADYN_TEST_SOAK=1 thirty times as many, and new ones."""
    return settings(
        max_examples=count * (30 if SOAK else 1), derandomize=not SOAK, deadline=None, database=None
    )


def buy(symbol: str, volume: str, **more: Any) -> PlaceMarketOrder:
    return PlaceMarketOrder(symbol=symbol, side=Side.BUY, volume=Decimal(volume), **_decimals(more))


def sell(symbol: str, volume: str, **more: Any) -> PlaceMarketOrder:
    return PlaceMarketOrder(symbol=symbol, side=Side.SELL, volume=Decimal(volume), **_decimals(more))


def pending(symbol: str, kind: OrderType, volume: str, price: str, **more: Any) -> PlaceOrder:
    return PlaceOrder(
        symbol=symbol, type=kind, volume=Decimal(volume), price=Decimal(price), **_decimals(more)
    )


def close(ticket: int, volume: str | None = None, **more: Any) -> ClosePosition:
    return ClosePosition(ticket=ticket, volume=None if volume is None else Decimal(volume), **more)


def _decimals(values: dict[str, Any]) -> dict[str, Any]:
    stops = {
        name: Decimal(each) for name, each in values.items() if name in ("sl", "tp") and each is not None
    }
    return {**values, **stops}


def fold(journal: Iterable[Transaction]) -> dict[int, Account]:
    """The accounts that follow from the transactions alone."""
    accounts: dict[int, Account] = {}
    for each in journal:
        evolve(accounts.setdefault(each.account, Account(login=each.account)), each)
    return accounts


def deals(journal: Iterable[Transaction]) -> list[Deal]:
    return [each.event.deal for each in journal if hasattr(each.event, "deal")]


def instrument(symbol: str, **changes: Any) -> Instrument:
    """A symbol like a retail forex pair, but for `changes`; volumes in lots."""
    quote = symbol[3:6] if len(symbol) == 6 else "USD"
    step = Decimal(changes.pop("volume_step", "0.01"))
    values: dict[str, Any] = {
        "symbol": symbol,
        "description": symbol,
        "currency_base": symbol[:3],
        "currency_profit": quote,
        "currency_margin": symbol[:3],
        "digits": 3 if quote == "JPY" else 5,
        "contract_size": Decimal(100_000),
        "volume_step": step,
        "volume_min": int(Decimal(changes.pop("volume_min", "0.01")) / step),
        "volume_max": int(Decimal(changes.pop("volume_max", "100")) / step),
        "volume_limit": int(Decimal(changes.pop("volume_limit", "0")) / step),
        "stops_level": 0,
        "freeze_level": 0,
        "spread": 10,
        "calc_mode": CalcMode.FOREX,
        "trade_mode": TradeMode.FULL,
        "swap_mode": SwapMode.DISABLED,
        "swap_long": Decimal(0),
        "swap_short": Decimal(0),
        "swap_rollover3days": "wednesday",
        "margin_initial": Decimal(0),
        "margin_hedged": Decimal(100_000),
        "margin_rate_buy": Decimal(1),
        "margin_rate_sell": Decimal(1),
        "sessions": tuple(Session(day, 0, 24 * 60) for day in WEEK),
    }
    return Instrument(**{**values, **changes})


class Desk:
    """A broker with one account, spoken to in prices; keeps every transaction."""

    def __init__(
        self,
        *instruments: Instrument,
        currency: str = "USD",
        leverage: int = 100,
        balance: int = 1_000_000,
        stop_out: int = 50,
        options: Options | None = None,
    ) -> None:
        self.broker = Broker({each.symbol: each for each in instruments}, options)
        self.now = NOW
        self.journal: list[Transaction] = []
        event = AccountOpened(
            login=LOGIN,
            name="Test",
            currency=currency,
            leverage=leverage,
            margin_call_level=Decimal(100),
            stop_out_level=Decimal(stop_out),
            initial_balance=balance,
        )
        self.journal += self.broker.open_account(event, NOW).transactions

    @property
    def account(self) -> Account:
        return self.broker.accounts[LOGIN]

    def points(self, symbol: str, price: str) -> int:
        return int(Decimal(price).scaleb(self.broker.market.instruments[symbol].digits))

    def quote(self, symbol: str, bid: str, ask: str | None = None, after: int = 1000) -> list[Transaction]:
        """One quote, `after` milliseconds later; what it did."""
        self.now += after
        quote = Quote(symbol, self.points(symbol, bid), self.points(symbol, ask or bid), self.now)
        done = self.broker.on_quote(quote)
        self.journal += done
        return done

    def tick(self, bid: int, ask: int, symbol: str = "EURUSD", after: int = 1000) -> list[Transaction]:
        """One quote in points, `after` milliseconds later; what it did."""
        self.now += after
        done = self.broker.on_quote(Quote(symbol, bid, ask, self.now))
        self.journal += done
        return done

    def change(self, symbol: str, **changes: Any) -> None:
        """Another specification from now on, as after a restart."""
        known = cast("dict[str, Instrument]", self.broker.market.instruments)
        known[symbol] = replace(known[symbol], **changes)

    def do(self, command: Any) -> Outcome:
        """Carry out a command; it may be refused."""
        outcome = self.broker.execute(LOGIN, command, self.now)
        self.journal += outcome.transactions
        return outcome

    def done(self, command: Any) -> Any:
        """Carry out a command that must not be refused; its first event."""
        outcome = self.do(command)
        assert outcome.refusal is None, outcome.refusal
        return outcome.transactions[0].event

    def refused(self, command: Any) -> str:
        """Carry out a command that must be refused; the code."""
        outcome = self.do(command)
        assert outcome.refusal is not None, outcome.transactions
        assert outcome.transactions == ()
        return outcome.refusal.code

    @property
    def figures(self) -> Any:
        return self.broker.figures(self.account)

    @property
    def margin(self) -> Decimal:
        return Decimal(self.figures.margin).scaleb(-self.account.digits)

    @property
    def equity(self) -> Decimal:
        return Decimal(self.figures.equity).scaleb(-self.account.digits)

    @property
    def balance(self) -> Decimal:
        return Decimal(self.account.balance).scaleb(-self.account.digits)
