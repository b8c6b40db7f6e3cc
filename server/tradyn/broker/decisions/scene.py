"""All that a decision may look at, and what every kind of decision asks of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tradyn.broker import checks
from tradyn.broker.accounts import Account
from tradyn.broker.exposure import Exposure
from tradyn.broker.instruments import Instrument, TradeMode
from tradyn.broker.margin import required_margin, symbol_margin
from tradyn.broker.market import Market, Quote
from tradyn.broker.money import Rate
from tradyn.broker.options import Options
from tradyn.broker.orders import Order, OrderState, OrderType, Side
from tradyn.broker.profit import Figures
from tradyn.broker.records import record
from tradyn.broker.refusals import Refusal

__all__ = ["Scene", "no_such"]


# A member's name on its class costs more than a name of this module.
_BUY, _SELL, _FILLED = OrderType.BUY, OrderType.SELL, OrderState.FILLED
_FULL = TradeMode.FULL


@record(frozen=True, slots=True)
class Scene:
    """An account and the market at one moment.

    Attributes:
        now: market time in milliseconds since 1970.
        exposures: what the account holds of each symbol.
        figures: gives the account's figures at this moment.
        slippage: points by which market and stop fills move against the client, drawn per fill.
        arrival: the quote when the request arrived, if it is carried out later (latency).
    """

    market: Market
    options: Options
    account: Account
    now: int
    exposures: Mapping[str, Exposure]
    figures: Callable[[Account], Figures]
    slippage: Callable[[], int]
    arrival: Quote | None = None

    def tradable(self, instrument: Instrument, side: Side | None) -> Quote | Refusal:
        """The quote to trade on, if the symbol may be opened in this direction, or (None) closed at all."""
        if instrument.trade_mode is not _FULL and (refusal := checks.check_direction(instrument, side)):
            return refusal
        if not instrument.always_open and (refusal := checks.check_session(instrument, self.now)):
            return refusal
        return checks.find_quote(self.market, instrument.symbol, self.now, self.options)

    def check_deviation(
        self, instrument: Instrument, deviation: int, side: Side, quote: Quote, price: int
    ) -> Refusal | None:
        """A deal more than `deviation` points worse than the quote at arrival is a requote.

        Worse by latency (the market has moved to `quote` since), by slippage, or by both.
        """
        arrival = self.arrival or quote
        asked = arrival.ask if side.is_buy else arrival.bid
        moved = side.sign * (price - asked)
        if moved <= deviation:
            return None
        return Refusal(
            "REQUOTE",
            f"The price moved from {instrument.price(asked)} to {instrument.price(price)}, "
            f"{moved} points; at most {deviation} were allowed",
            {"price": instrument.price(price), "deviation": str(deviation), "moved": str(moved)},
        )

    def slipped(self, price: int, side: Side) -> int:
        """A price to deal at, moved against the client by the slippage of this fill."""
        moved = price + side.sign * self.slippage()
        return moved if moved > 0 else 1

    def margin_change(
        self, instrument: Instrument, side: Side, volume: int, price: int, rate: Rate
    ) -> tuple[int, int]:
        """By how much the account's margin would grow, and the new position's own margin."""
        own = required_margin(instrument, self.account, side, volume, price, rate)
        held = self.exposures.get(instrument.symbol)
        if held is None or not (held.short if side.is_buy else held.long).tickets:
            return own, own
        grown = held.leg(side).with_volume(volume, price, rate, own)
        long, short = (grown, held.short) if side.is_buy else (held.long, grown)
        method = self.options.hedged_margin
        return symbol_margin(instrument, self.account, long, short, method) - held.margin, own

    def no_conversion(self, currency: str) -> Refusal:
        """There is no way to turn `currency` into the account's."""
        return Refusal(
            "NO_QUOTES",
            f"There is no quote to convert {currency} into {self.account.currency} yet",
            {"currency": currency},
        )

    def market_order(
        self,
        instrument: Instrument,
        side: Side,
        volume: int,
        price: int,
        position: int,
        *,
        sl: int | None = None,
        tp: int | None = None,
        magic: int = 0,
        comment: str = "",
        client_order_id: str | None = None,
    ) -> Order:
        """An order that is born filled, for the position that it opens or closes."""
        return Order(
            ticket=self.account.next_ticket,
            symbol=instrument.symbol,
            type=_BUY if side.is_buy else _SELL,
            state=_FILLED,
            volume=volume,
            price=price,
            sl=sl,
            tp=tp,
            expiration=None,
            time_setup=self.now,
            time_done=self.now,
            position=position,
            magic=magic,
            comment=comment,
            client_order_id=client_order_id,
        )


def no_such(what: str, ticket: int) -> Refusal:
    """The account has nothing of this ticket."""
    return Refusal("NOT_FOUND", f"There is no {what} {ticket}")
