"""Decisions: a command and the state of an account → the event that follows, or a refusal.

Nothing here changes anything. Each decision reads from top to bottom in the fixed order of
the checks (see `checks`), so the first failure is the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from tradyn.broker import checks
from tradyn.broker.accounts import Account
from tradyn.broker.commands import (
    UNCHANGED,
    CancelOrder,
    ChangeBalance,
    ClosePosition,
    ModifyOrder,
    ModifyPosition,
    PlaceMarketOrder,
    PlaceOrder,
)
from tradyn.broker.deals import Deal, DealEntry, DealReason, DealType
from tradyn.broker.exposure import Exposure
from tradyn.broker.instruments import Instrument
from tradyn.broker.margin import margin_rate, required_margin, symbol_margin
from tradyn.broker.market import Market, Quote
from tradyn.broker.money import Rate, convert, divide, format_amount, to_minor_units
from tradyn.broker.options import Options
from tradyn.broker.orders import Order, OrderState, OrderType, Side
from tradyn.broker.positions import Position
from tradyn.broker.profit import Figures, closing_price, profit_rate, raw_profit
from tradyn.broker.refusals import Refusal
from tradyn.broker.transactions import (
    BalanceChanged,
    OrderClosed,
    OrderModified,
    OrderPlaced,
    PositionModified,
    PositionOpened,
    PositionReduced,
)

__all__ = ["Scene"]


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a decision may look at.

    Attributes:
        now: market time in milliseconds since 1970.
        exposures: what the account holds of each symbol.
        figures: the account's figures at this moment, computed when asked for.
        slippage: points by which market and stop fills move against the client, drawn per fill.
        arrival: the quote when the request arrived, if it is carried out later (latency).
    """

    market: Market
    options: Options
    account: Account
    now: int
    exposures: Mapping[str, Exposure]
    figures: Callable[[], Figures]
    slippage: Callable[[], int]
    arrival: Quote | None = None

    # ------------------------------------------------------------------ market orders

    def place_market_order(self, command: PlaceMarketOrder) -> PositionOpened | Refusal:
        """Buy at the ask or sell at the bid, now."""
        instrument = checks.find_instrument(self.market, command.symbol)
        if isinstance(instrument, Refusal):
            return instrument
        side = command.side
        quote = self._tradable(instrument, side)
        if isinstance(quote, Refusal):
            return quote
        volume = checks.check_volume(instrument, command.volume)
        if isinstance(volume, Refusal):
            return volume
        if refusal := checks.check_volume_limit(instrument, self.account, side, volume):
            return refusal
        price = quote.ask if side is Side.BUY else quote.bid
        if refusal := self._check_deviation(instrument, command.deviation, side, price):
            return refusal
        price = max(price + side.sign * self.slippage(), 1)
        sl, tp = _stop(instrument, command.sl), _stop(instrument, command.tp)
        reference = quote.bid if side is Side.BUY else quote.ask
        if refusal := checks.check_stops(instrument, side, sl, tp, reference, reference):
            return refusal
        ticket = self.account.next_ticket
        order = replace(
            self._market_order(instrument, side, volume, price, ticket),
            sl=sl,
            tp=tp,
            magic=command.magic,
            comment=command.comment,
            client_order_id=command.client_order_id,
        )
        return self._open(instrument, order, price, quote, DealReason.CLIENT, deal_ticket=ticket + 1)

    def _tradable(self, instrument: Instrument, side: Side | None) -> Quote | Refusal:
        """The quote to trade on, if the symbol may be opened in this direction, or (None) closed at all."""
        refusal = checks.check_direction(instrument, side)
        return checks.find_quote(self.market, instrument.symbol) if refusal is None else refusal

    def _market_order(
        self, instrument: Instrument, side: Side, volume: int, price: int, position: int
    ) -> Order:
        """An order that is born filled, for the position that it opens or closes."""
        return Order(
            ticket=self.account.next_ticket,
            symbol=instrument.symbol,
            type=OrderType.BUY if side is Side.BUY else OrderType.SELL,
            state=OrderState.FILLED,
            volume=volume,
            price=price,
            sl=None,
            tp=None,
            expiration=None,
            time_setup=self.now,
            time_done=self.now,
            position=position,
            magic=0,
            comment="",
            client_order_id=None,
        )

    def _check_deviation(
        self, instrument: Instrument, deviation: int | None, side: Side, price: int
    ) -> Refusal | None:
        """A price that moved against the client by more than `deviation` points is a requote."""
        if deviation is None or self.arrival is None:
            return None
        asked = self.arrival.ask if side is Side.BUY else self.arrival.bid
        moved = side.sign * (price - asked)
        if moved <= deviation:
            return None
        return Refusal(
            "REQUOTE",
            f"The price moved from {instrument.price(asked)} to {instrument.price(price)}, "
            f"{moved} points; at most {deviation} were allowed",
            {"price": instrument.price(price), "deviation": str(deviation), "moved": str(moved)},
        )

    def _open(
        self,
        instrument: Instrument,
        order: Order,
        price: int,
        quote: Quote,
        reason: DealReason,
        *,
        deal_ticket: int,
    ) -> PositionOpened | Refusal:
        """The deal that fills `order` at `price`, if there is margin for it."""
        side = order.type.side
        rate = margin_rate(self.market, instrument, self.account, side, price)
        if rate is None:
            return self._no_conversion(instrument.currency_margin)
        if profit_rate(self.market, instrument, self.account, side, 0) is None:
            return self._no_conversion(instrument.currency_profit)
        needed, margin = self.margin_change(instrument, side, order.volume, price, rate)
        if refusal := checks.check_margin(self.account, needed, self.figures().margin_free):
            return refusal
        return PositionOpened(
            deal=Deal(
                ticket=deal_ticket,
                order=order.ticket,
                position=order.ticket,
                symbol=instrument.symbol,
                type=DealType(side.value),
                entry=DealEntry.IN,
                volume=order.volume,
                price=price,
                profit=0,
                swap=0,
                commission=0,
                reason=reason,
                time=self.now,
                magic=order.magic,
                comment=order.comment,
                client_order_id=order.client_order_id,
            ),
            order=order,
            sl=order.sl,
            tp=order.tp,
            margin=margin,
            margin_rate=rate,
            quote=quote,
        )

    def margin_change(
        self, instrument: Instrument, side: Side, volume: int, price: int, rate: Rate
    ) -> tuple[int, int]:
        """By how much the account's margin would grow, and the new position's own margin."""
        own = required_margin(instrument, self.account, side, volume, price, rate)
        held = self.exposures.get(instrument.symbol)
        if held is None or not held.leg(side.opposite).tickets:
            return own, own
        grown = held.leg(side).with_volume(volume, price, Fraction(*rate), own)
        long, short = (grown, held.short) if side is Side.BUY else (held.long, grown)
        return symbol_margin(instrument, self.account, long, short) - held.margin, own

    def _no_conversion(self, currency: str) -> Refusal:
        return Refusal(
            "NO_QUOTES",
            f"There is no quote to convert {currency} into {self.account.currency} yet",
            {"currency": currency},
        )

    # ------------------------------------------------------------------ pending orders

    def place_order(self, command: PlaceOrder) -> OrderPlaced | Refusal:
        """A pending order comes to rest."""
        instrument = checks.find_instrument(self.market, command.symbol)
        if isinstance(instrument, Refusal):
            return instrument
        kind = command.type
        quote = self._tradable(instrument, kind.side)
        if isinstance(quote, Refusal):
            return quote
        if kind.is_market:
            return Refusal(
                "INVALID_ORDER",
                f"Order type {kind.value} ({kind.name}) is executed at once: send it to POST /api/trade",
            )
        if refusal := checks.check_expiration(command.expiration, self.now):
            return refusal
        volume = checks.check_volume(instrument, command.volume)
        if isinstance(volume, Refusal):
            return volume
        if refusal := checks.check_volume_limit(instrument, self.account, kind.side, volume):
            return refusal
        order = Order(
            ticket=self.account.next_ticket,
            symbol=instrument.symbol,
            type=kind,
            state=OrderState.PLACED,
            volume=volume,
            price=checks.to_points(instrument, command.price),
            sl=_stop(instrument, command.sl),
            tp=_stop(instrument, command.tp),
            expiration=command.expiration,
            time_setup=self.now,
            time_done=None,
            position=None,
            magic=command.magic,
            comment=command.comment,
            client_order_id=command.client_order_id,
        )
        if refusal := checks.check_order_price(instrument, kind, order.price, quote):
            return refusal
        if refusal := _check_order_stops(instrument, order):
            return refusal
        if refusal := checks.check_order_count(self.account, self.options):
            return refusal
        margin = self.order_margin(order)
        if isinstance(margin, Refusal):
            return margin
        if refusal := checks.check_margin(self.account, margin, self.figures().margin_free):
            return refusal
        return OrderPlaced(order=order, quote=quote)

    def order_margin(self, order: Order) -> int | Refusal:
        """By how much the account's margin would grow if `order` were filled at its price."""
        instrument = self.market.instruments[order.symbol]
        side = order.type.side
        rate = margin_rate(self.market, instrument, self.account, side, order.price)
        if rate is None:
            return self._no_conversion(instrument.currency_margin)
        return self.margin_change(instrument, side, order.volume, order.price, rate)[0]

    def modify_order(self, command: ModifyOrder) -> OrderModified | Refusal:
        """A pending order gets another price, other stops or another expiration."""
        order = self.account.orders.get(command.ticket)
        if order is None:
            return _no_such("order", command.ticket)
        instrument = self.market.instruments[order.symbol]
        quote = self._tradable(instrument, None)
        if isinstance(quote, Refusal):
            return quote
        expiration = order.expiration if command.expiration is UNCHANGED else command.expiration
        if expiration != order.expiration and (refusal := checks.check_expiration(expiration, self.now)):
            return refusal
        changed = replace(
            order,
            price=order.price if command.price is UNCHANGED else checks.to_points(instrument, command.price),
            sl=order.sl if command.sl is UNCHANGED else _stop(instrument, command.sl),
            tp=order.tp if command.tp is UNCHANGED else _stop(instrument, command.tp),
            expiration=expiration,
        )
        if changed == order:
            return Refusal("NO_CHANGES", f"Order {order.ticket} has these values already")
        # A price that stays as it is was valid when it was set, however near the market is by now.
        if changed.price != order.price and (
            refusal := checks.check_order_price(instrument, order.type, changed.price, quote)
        ):
            return refusal
        if refusal := _check_order_stops(instrument, changed):
            return refusal
        if refusal := checks.check_freeze(instrument, _trigger_side(order.type, quote), [order.price]):
            return refusal
        return OrderModified(order=changed, quote=quote)

    def cancel_order(self, command: CancelOrder) -> OrderClosed | Refusal:
        """A pending order is deleted by the client."""
        order = self.account.orders.get(command.ticket)
        if order is None:
            return _no_such("order", command.ticket)
        instrument = self.market.instruments[order.symbol]
        quote = self.market.quotes.get(order.symbol)
        if quote is not None and (
            refusal := checks.check_freeze(instrument, _trigger_side(order.type, quote), [order.price])
        ):
            return refusal
        return self.end_order(order, OrderState.CANCELED, "client", quote)

    def end_order(
        self, order: Order, state: OrderState, cause: str, quote: Quote | None, *, at: int | None = None
    ) -> OrderClosed:
        """The order ends without a deal, now or `at` its expiration."""
        done = self.now if at is None else at
        return OrderClosed(order=replace(order, state=state, time_done=done), cause=cause, quote=quote)

    def fill_order(self, order: Order, quote: Quote) -> PositionOpened | OrderClosed:
        """A triggered order: limits fill at their price, stops at the tick; without margin it is rejected."""
        instrument = self.market.instruments[order.symbol]
        side = order.type.side
        if order.type.is_limit:
            price = order.price
        else:
            price = max(_trigger_side(order.type, quote) + side.sign * self.slippage(), 1)
        filled = replace(order, state=OrderState.FILLED, time_done=self.now, position=order.ticket)
        outcome = self._open(
            instrument, filled, price, quote, DealReason.CLIENT, deal_ticket=self.account.next_ticket
        )
        if isinstance(outcome, Refusal):
            return self.end_order(order, OrderState.REJECTED, outcome.message, quote)
        return outcome

    # ------------------------------------------------------------------ positions

    def modify_position(self, command: ModifyPosition) -> PositionModified | Refusal:
        """A position gets other stops."""
        position = self.account.positions.get(command.ticket)
        if position is None:
            return _no_such("position", command.ticket)
        instrument = self.market.instruments[position.symbol]
        quote = self._tradable(instrument, None)
        if isinstance(quote, Refusal):
            return quote
        sl = position.sl if command.sl is UNCHANGED else _stop(instrument, command.sl)
        tp = position.tp if command.tp is UNCHANGED else _stop(instrument, command.tp)
        if (sl, tp) == (position.sl, position.tp):
            return Refusal("NO_CHANGES", f"Position {position.ticket} has these stops already")
        price = closing_price(position, quote)
        # A stop that stays as it is was valid when it was set, however near the market is by now.
        if refusal := checks.check_stops(
            instrument,
            position.side,
            sl if sl != position.sl else None,
            tp if tp != position.tp else None,
            price,
            price,
        ):
            return refusal
        if refusal := checks.check_freeze(instrument, price, [position.sl, position.tp]):
            return refusal
        return PositionModified(position=replace(position, sl=sl, tp=tp, time_update=self.now), quote=quote)

    def close_position(self, command: ClosePosition) -> PositionReduced | Refusal:
        """A long closes at the bid, a short at the ask; a part of it keeps the rest as it is."""
        position = self.account.positions.get(command.ticket)
        if position is None:
            return _no_such("position", command.ticket)
        instrument = self.market.instruments[position.symbol]
        quote = self._tradable(instrument, None)
        if isinstance(quote, Refusal):
            return quote
        volume = position.volume
        if command.volume is not None:
            steps = checks.to_steps(instrument, command.volume)
            if steps is None or not 0 < steps <= position.volume:
                open_lots = instrument.lots(position.volume)
                return Refusal(
                    "INVALID_CLOSE_VOLUME",
                    f"Invalid close volume {command.volume:f}: position {position.ticket} has {open_lots} "
                    f"lots, in steps of {instrument.volume_step.normalize():f}",
                    {"volume": open_lots},
                )
            volume = steps
        price = closing_price(position, quote)
        side = position.side.opposite
        if refusal := self._check_deviation(instrument, command.deviation, side, price):
            return refusal
        if refusal := checks.check_freeze(instrument, price, [position.sl, position.tp]):
            return refusal
        price = max(price + side.sign * self.slippage(), 1)
        return self.reduce(
            position, volume, price, quote, DealReason.CLIENT, client_order_id=command.client_order_id
        )

    def stop_out_position(self, position: Position, quote: Quote) -> PositionReduced:
        """The broker closes a position at the market because margin ran out."""
        return self.reduce(position, position.volume, closing_price(position, quote), quote, DealReason.SO)

    def fire_stop(self, position: Position, reason: DealReason, quote: Quote) -> PositionReduced:
        """SL fills at the tick (gaps slip), TP at its own price."""
        if reason is DealReason.TP and position.tp is not None:
            price = position.tp
        else:
            price = max(closing_price(position, quote) - position.side.sign * self.slippage(), 1)
        return self.reduce(position, position.volume, price, quote, reason)

    def reduce(
        self,
        position: Position,
        volume: int,
        price: int,
        quote: Quote,
        reason: DealReason,
        *,
        client_order_id: str | None = None,
    ) -> PositionReduced:
        """The deal that closes `volume` steps of `position` at `price`."""
        account = self.account
        instrument = self.market.instruments[position.symbol]
        profit = raw_profit(instrument, position.side, volume, position.price_open, price)
        traded = (instrument.symbol, price)
        rate = profit_rate(self.market, instrument, account, position.side, profit, traded=traded)
        if rate is None:
            raise AssertionError(f"position {position.ticket} lost the conversion rate it was opened with")
        side = position.side.opposite
        ticket = account.next_ticket
        order = replace(
            self._market_order(instrument, side, volume, price, position.ticket),
            magic=position.magic,
            comment=position.comment,
            client_order_id=client_order_id,
        )
        return PositionReduced(
            deal=Deal(
                ticket=ticket + 1,
                order=ticket,
                position=position.ticket,
                symbol=instrument.symbol,
                type=DealType(side.value),
                entry=DealEntry.OUT,
                volume=volume,
                price=price,
                profit=convert(profit, rate, instrument.profit_digits, account.digits),
                swap=divide(position.swap * volume, position.volume),
                commission=0,
                reason=reason,
                time=self.now,
                magic=position.magic,
                comment=position.comment,
                client_order_id=client_order_id,
            ),
            order=order,
            volume_remaining=position.volume - volume,
            profit_rate=rate,
            quote=quote,
        )

    # ------------------------------------------------------------------ balance

    def change_balance(self, command: ChangeBalance) -> BalanceChanged | Refusal:
        """A deposit, or a withdrawal of what is free."""
        account = self.account
        amount = to_minor_units(command.amount, account.digits)
        if not amount:
            return Refusal(
                "NO_CHANGES", f"An amount of {command.amount:f} {account.currency} changes nothing"
            )
        free = self.figures().margin_free
        if amount < 0 and free + amount < 0:
            wanted, has = format_amount(-amount, account.digits), format_amount(free, account.digits)
            return Refusal(
                "INSUFFICIENT_MARGIN",
                f"Insufficient funds: {wanted} {account.currency} asked for, {has} free",
                {"amount": wanted, "margin_free": has},
            )
        return self.balance_deal(amount, command.comment, command.client_order_id)

    def balance_deal(self, amount: int, comment: str, client_order_id: str | None = None) -> BalanceChanged:
        """A deal that only changes the balance, by `amount` minor units."""
        return BalanceChanged(
            deal=Deal(
                ticket=self.account.next_ticket,
                order=None,
                position=None,
                symbol=None,
                type=DealType.BALANCE,
                entry=None,
                volume=None,
                price=None,
                profit=amount,
                swap=0,
                commission=0,
                reason=DealReason.CLIENT,
                time=self.now,
                magic=0,
                comment=comment,
                client_order_id=client_order_id,
            )
        )


def _stop(instrument: Instrument, price: Decimal | None) -> int | None:
    """A stop in points; None and 0 both mean none, as in MetaTrader."""
    return None if price is None or not price else checks.to_points(instrument, price)


def _check_order_stops(instrument: Instrument, order: Order) -> Refusal | None:
    """A pending order's stops are measured from its price, not from the market."""
    return checks.check_stops(instrument, order.type.side, order.sl, order.tp, order.price, order.price)


def _trigger_side(kind: OrderType, quote: Quote) -> int:
    return quote.ask if kind.side is Side.BUY else quote.bid


def _no_such(what: str, ticket: int) -> Refusal:
    return Refusal("NOT_FOUND", f"There is no {what} {ticket}")
