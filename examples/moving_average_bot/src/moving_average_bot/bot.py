"""The bot: looks at the market, and follows the last cross, one order after another.

Always holds: an order's name is made of the symbol, the candle of the cross and how often it was refused.
Whoever sends it again, after an outage or after a crash, sends the same name, and the broker does it once.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from tradyn_client import Client, TradynError, errors
from tradyn_client.models import CloseResult, Deal, Position, Side, Timeframe

from .journal import Entry, Journal
from .strategy import CannotSize, Rules, average, cross, exact, market_order

MOST_MISSED: Final = 100
"""Candles: crosses that were slept through for longer are not followed."""

LONGEST_AVERAGE: Final = 1000 - MOST_MISSED - 2
"""Candles: with those that may have been missed, as many as the broker gives at once."""

REFUSALS_AT_ONCE: Final = 3
"""After so many refusals a cross is followed only candle by candle."""

_GONE = (errors.PositionClosed, errors.NotFound)
_ANOTHER_PRICE = (errors.Requote, errors.Rejected)
_ANOTHER_TIME = (errors.MarketClosed, errors.NoQuotes, errors.Frozen)


class Bot:
    """Trades one symbol.

    Args:
        client: The broker; its key needs the scope `full`.
        journal: What the bot remembers.
        symbol: What is traded.
        timeframe: Length of the candles.
        rules: How it is traded.
    """

    def __init__(
        self, client: Client, journal: Journal, symbol: str, timeframe: Timeframe, rules: Rules
    ) -> None:
        self._client = client
        self._journal = journal
        self._symbol = symbol
        self._timeframe = timeframe
        self._rules = rules

    def step(self) -> None:
        """Look at the market once, and do what is to be done.

        Raises:
            TradynError: The broker cannot be asked. Nothing is lost: the next step goes on here.
        """
        state = self._journal.state
        if state.sent is not None:
            self._send(state.sent)
        if state.ticket is not None:
            self._own_position()
        self._look()
        while state.is_due:
            self._follow()

    def _look(self) -> None:
        """Enter the candles that have closed since the last look, each with its cross."""
        fast, slow, seen = self._rules.fast, self._rules.slow, self._journal.state.candle
        candles = self._client.get_candles(
            self._symbol, timeframe=self._timeframe, count=slow + 2 + MOST_MISSED
        )
        closed = candles[:-1]  # the last one is still forming
        closes = [exact(each.close) for each in closed]
        for count, candle in enumerate(closed, 1):
            # A bot without a past begins with the present.
            if count < len(closed) if seen is None else candle.time <= datetime.fromisoformat(seen):
                continue
            known = closes[:count]
            self._journal.write(
                "candle",
                time=candle.time.isoformat(),
                close=str(known[-1]),
                fast=_shown(average(known, fast)),
                slow=_shown(average(known, slow)),
                cross=cross(known, fast, slow),
            )

    def _follow(self) -> None:
        """Go one order nearer to the side that is wanted: out of the other one, or in."""
        side, position = self._journal.state.wanted, self._own_position()
        assert side is not None
        if position is None:
            self._open(side)
        elif position.type_ is side:
            self._journal.write("kept", ticket=position.ticket, time=position.time_open.isoformat())
        else:
            self._order("close", ticket=position.ticket, deviation=self._rules.deviation)

    def _open(self, side: Side) -> None:
        account = self._client.get_account()
        symbol = self._client.get_symbol(self._symbol)
        try:
            order = market_order(side, self._journal.state.close, self._rules, symbol, account)
        except CannotSize as error:
            self._journal.write("skipped", reason=str(error))
        else:
            self._order("open", order=order.to_dict())

    def _order(self, kind: Literal["open", "close"], **what: object) -> None:
        state = self._journal.state
        candle = f"{datetime.fromisoformat(state.cross):%Y%m%dT%H%M%S}"
        name = f"{self._rules.magic}-{self._symbol}-{self._timeframe}-{candle}-{kind}-{state.refusals + 1}"
        self._journal.write(kind, name=name, **what)
        assert state.sent is not None
        self._send(state.sent)

    def _send(self, sent: Entry) -> None:
        """Send an order of the journal, perhaps not for the first time, and enter its outcome."""
        try:
            if sent["event"] == "open":
                opened = self._client.trade(**sent["order"], client_order_id=sent["name"])
                self._journal.write(
                    "opened", ticket=opened.ticket, price=opened.price, time=opened.time.isoformat()
                )
            else:
                closed = self._client.close_position(
                    sent["ticket"], deviation=sent["deviation"], client_order_id=sent["name"]
                )
                self._enter_close(closed.ticket, "client", [closed])
        except (errors.Refused, errors.InvalidRequest, errors.NotFound) as error:
            self._journal.write(
                "refused", name=sent["name"], code=error.code, reason=error.message, again=self._again(error)
            )

    def _again(self, error: TradynError) -> Literal["now", "later", "never"]:
        """When to follow the cross after a refusal, under the next name."""
        if isinstance(error, _GONE):
            return "now"
        if isinstance(error, _ANOTHER_PRICE) and self._journal.state.refusals + 1 < REFUSALS_AT_ONCE:
            return "now"
        return "later" if isinstance(error, _ANOTHER_PRICE + _ANOTHER_TIME) else "never"

    def _own_position(self) -> Position | None:
        """The bot's position as the broker knows it; one that the broker has closed is entered as such."""
        positions = self._client.list_positions(symbol=self._symbol)
        own = next((each for each in positions if each.magic == self._rules.magic), None)
        ticket, opened = self._journal.state.ticket, self._journal.state.opened
        if ticket is not None and (own is None or own.ticket != ticket):
            deals = self._client.iterate_account_history(
                symbol=self._symbol, from_=datetime.fromisoformat(opened)
            )
            closing = [each for each in deals if each.position == ticket and each.entry != "in"]
            self._enter_close(ticket, closing[-1].reason if closing else "unknown", closing)
        return own

    def _enter_close(self, ticket: int, reason: str, closing: Sequence[Deal | CloseResult]) -> None:
        parts = [exact(part) for each in closing for part in (each.profit, each.swap, each.commission)]
        last = closing[-1] if closing else None
        self._journal.write(
            "closed",
            ticket=ticket,
            reason=reason,
            price=last and last.price,
            profit=str(sum(parts, Decimal(0))),
            time=last and last.time.isoformat(),
        )


def _shown(mean: Decimal | None) -> str | None:
    return None if mean is None else str(round(mean, 7))
