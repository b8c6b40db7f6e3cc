"""Random, repeatable lives of a broker: three accounts, symbols that convert each other, walks with gaps."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from broker.scenery import NOW, instrument
from tradyn.broker.accounts import Account
from tradyn.broker.commands import (
    CancelOrder,
    ChangeBalance,
    CloseAll,
    ClosePosition,
    CloseResultFilter,
    Command,
    ModifyOrder,
    ModifyPosition,
    PlaceMarketOrder,
    PlaceOrder,
    ResetAccount,
)
from tradyn.broker.engine import Broker, Outcome
from tradyn.broker.instruments import CalcMode
from tradyn.broker.market import Quote
from tradyn.broker.options import Options
from tradyn.broker.orders import OrderType, Side
from tradyn.broker.transactions import AccountOpened, Transaction

START = {
    "EURUSD": 110_000,
    "USDJPY": 150_000,
    "EURJPY": 165_000,
    "GBPUSD": 130_000,
    "EURGBP": 84_600,
    "DE40": 180_000,
    "XAUUSD": 200_000,
    "JP225": 38_000,
}

INSTRUMENTS = {
    each.symbol: each
    for each in (
        instrument("EURUSD", margin_hedged=Decimal(50_000)),
        instrument("USDJPY", margin_rate_buy=Decimal("1.5")),
        instrument("EURJPY", margin_hedged=Decimal(0)),
        instrument("GBPUSD", calc_mode=CalcMode.FOREX_NO_LEVERAGE),
        instrument("EURGBP", margin_initial=Decimal(50_000), margin_rate_sell=Decimal("0.7")),
        instrument(
            "DE40",
            calc_mode=CalcMode.CFD,
            contract_size=Decimal(1),
            margin_hedged=Decimal(1),
            digits=1,
            currency_base="EUR",
            currency_profit="EUR",
            currency_margin="EUR",
        ),
        instrument(
            "XAUUSD",
            calc_mode=CalcMode.CFD_LEVERAGE,
            contract_size=Decimal(100),
            margin_hedged=Decimal(100),
            digits=2,
            currency_margin="USD",
        ),
        instrument(
            "JP225",
            calc_mode=CalcMode.FUTURES,
            contract_size=Decimal(10),
            margin_initial=Decimal(9_000),
            margin_hedged=Decimal(4_000),
            digits=0,
            currency_base="JPY",
            currency_profit="JPY",
            currency_margin="JPY",
        ),
    )
}

CURRENCIES = ("USD", "EUR", "JPY", "GBP")
STOP_OUTS = (50, 20, 0, 100, 120)


@dataclass
class Story:
    """A broker, the dice that move it, and everything that happened."""

    random: Random
    trades: float = 0.3
    broker: Broker = field(init=False)
    now: int = NOW
    journal: list[Transaction] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.broker = Broker(INSTRUMENTS, Options(max_orders=6))
        for symbol, price in START.items():
            self.broker.on_quote(Quote(symbol, price, price + 10, self.now))
        for login in range(1, 4):
            currency = self.random.choice(CURRENCIES)
            event = AccountOpened(
                login=login,
                name="",
                currency=currency,
                leverage=self.random.choice((30, 100, 500)),
                margin_call_level=Decimal(100),
                stop_out_level=Decimal(self.random.choice(STOP_OUTS)),
                initial_balance=self.random.choice((0, 2_000, 10_000, 50_000))
                * (100 if currency != "JPY" else 150),
            )
            self.journal += self.broker.open_account(event, self.now).transactions

    def quote(self) -> Quote:
        """The next quote: mostly near the last one, now and then over a gap, with a spread that breathes."""
        dice = self.random
        symbol = dice.choice(tuple(START))
        last = self.broker.market.quotes[symbol]
        size = dice.choices((0.0004, 0.004, 0.06), (70, 26, 4))[0]
        bid = min(
            max(round(last.bid * (1 + dice.uniform(-size, size))), START[symbol] // 3), START[symbol] * 3
        )
        spread = round(dice.choices((bid / 20_000, bid / 1_000, bid / 50), (80, 17, 3))[0] * dice.random())
        self.now += dice.choice((0, 100, 1_000, 60_000))
        return Quote(symbol, bid, bid + spread, self.now)

    def account(self) -> Account:
        return self.broker.accounts[self.random.randint(1, 3)]

    def command(self, account: Account) -> Command:
        """Something a client might ask, often enough refused."""
        dice = self.random
        makers = (self._trade,) * 6 + (self._order,) * 5 + (self._change_order, self._stops, self._close) * 2
        rare = (self._close_all, self._money, self._reset)
        return dice.choice(rare if dice.random() < 0.05 else makers)(account)

    def do(self, account: Account, command: Command) -> Outcome:
        outcome = self.broker.execute(account.login, command, self.now)
        self.journal += outcome.transactions
        return outcome

    def step(self) -> None:
        """A command or a quote."""
        if self.random.random() < self.trades:
            account = self.account()
            self.do(account, self.command(account))
        else:
            self.journal += self.broker.on_quote(self.quote())

    def trade_or_order(self, account: Account) -> PlaceMarketOrder | PlaceOrder:
        return self.random.choice((self._trade, self._order))(account)

    # ------------------------------------------------------------------ commands

    def _near(self, symbol: str, reach: float = 0.004) -> Decimal:
        price = self.broker.market.quotes[symbol].bid * (1 + self.random.uniform(-reach, reach))
        return Decimal(round(price)).scaleb(-INSTRUMENTS[symbol].digits)

    def _stop(self, symbol: str) -> Decimal | None:
        return self._near(symbol, 0.01) if self.random.random() < 0.25 else None

    def _volume(self, account: Account, symbol: str) -> Decimal:
        """From a tenth to all of what a balance can carry, roughly."""
        wealth = max(account.balance, 100) / (100 if account.currency != "JPY" else 150)
        lot = {"DE40": 18_000.0, "XAUUSD": 200_000 / account.leverage, "JP225": 60.0}.get(
            symbol, 110_000 if symbol == "GBPUSD" else 110_000 / account.leverage
        )
        lots = wealth / lot * self.random.choice((0.05, 0.2, 0.5, 0.9))
        return Decimal(max(round(lots * 100), 1)) / 100

    def _trade(self, account: Account) -> PlaceMarketOrder:
        symbol = self.random.choice(tuple(START))
        return PlaceMarketOrder(
            symbol=symbol,
            side=self.random.choice(tuple(Side)),
            volume=self._volume(account, symbol),
            sl=self._stop(symbol),
            tp=self._stop(symbol),
        )

    def _order(self, account: Account) -> PlaceOrder:
        symbol = self.random.choice(tuple(START))
        return PlaceOrder(
            symbol=symbol,
            type=OrderType(self.random.randint(2, 5)),
            volume=self._volume(account, symbol),
            price=self._near(symbol),
            sl=self._stop(symbol),
            tp=self._stop(symbol),
            expiration=self.now + 90_000 if self.random.random() < 0.3 else None,
        )

    def _ticket(self, held: dict[int, Any]) -> int:
        return self.random.choice(tuple(held)) if held else 99_999

    def _change_order(self, account: Account) -> Command:
        ticket = self._ticket(account.orders)
        if ticket not in account.orders or self.random.random() < 0.3:
            return CancelOrder(ticket=ticket)
        symbol = account.orders[ticket].symbol
        return ModifyOrder(ticket=ticket, price=self._near(symbol), sl=self._stop(symbol))

    def _stops(self, account: Account) -> Command:
        ticket = self._ticket(account.positions)
        symbol = account.positions[ticket].symbol if ticket in account.positions else "EURUSD"
        return ModifyPosition(ticket=ticket, sl=self._stop(symbol), tp=self._stop(symbol))

    def _close(self, account: Account) -> Command:
        ticket = self._ticket(account.positions)
        volume = None
        if ticket in account.positions and self.random.random() < 0.5:
            volume = Decimal(self.random.randint(1, account.positions[ticket].volume)) / 100
        return ClosePosition(ticket=ticket, volume=volume)

    def _close_all(self, account: Account) -> Command:
        return CloseAll(
            symbol=self.random.choice((None, "EURUSD")),
            side=self.random.choice((None, Side.BUY)),
            result=self.random.choice(tuple(CloseResultFilter)),
        )

    def _money(self, account: Account) -> Command:
        return ChangeBalance(amount=Decimal(self.random.randint(-300_000, 300_000)) / 100)

    def _reset(self, account: Account) -> Command:
        return ResetAccount()
