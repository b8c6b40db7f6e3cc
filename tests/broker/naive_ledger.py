"""An account and its past: what was decided is done here, and every deal is kept."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from broker import naive_money as money
from broker.naive_money import NaiveMarket
from broker.reference import rounded
from tradyn.broker.accounts import Account
from tradyn.broker.deals import Deal, DealEntry, DealReason, DealType
from tradyn.broker.orders import Order, OrderState, OrderType, Side
from tradyn.broker.positions import Position


@dataclass
class Ledger:
    """An account, every deal of it, the orders that ended, and when what happened to which ticket."""

    account: Account
    market: NaiveMarket
    deals: list[Deal] = field(default_factory=list)
    ended: dict[int, Order] = field(default_factory=dict)
    story: list[tuple[int, str, int]] = field(default_factory=list)

    def position_at(self, order: Order, price: int, now: int) -> Position:
        """The position that `order` makes at `price`, its commission with it."""
        market, account = self.market, self.account
        instrument = market.instruments[order.symbol]
        conversion = money.margin_rate(market, account, instrument, order.type.side, price)
        cost = money.commission(market, account, instrument, order.volume, price)
        # The rate that its profit will need must be there too.
        money.rate(market, instrument.currency_profit, account.currency, ask=True)
        return money.position_of(order, price, conversion, time=now, commission=cost)

    def open_position(self, order: Order, position: Position, now: int) -> None:
        """The deal, the order filled, the position. A market order takes a ticket of its own first."""
        account = self.account
        if order.type.is_market:
            account.next_ticket += 1
        account.positions[order.ticket] = position
        self.ended[order.ticket] = replace(
            order, state=OrderState.FILLED, time_done=now, position=order.ticket
        )
        self.book(
            Deal(
                ticket=account.next_ticket,
                order=order.ticket,
                position=order.ticket,
                symbol=order.symbol,
                type=DealType(order.type.side.value),
                entry=DealEntry.IN,
                volume=order.volume,
                price=position.price_open,
                profit=0,
                swap=0,
                commission=position.commission,
                reason=DealReason.CLIENT,
                time=now,
                magic=order.magic,
                comment=order.comment,
                client_order_id=order.client_order_id,
            ),
            "PositionOpened",
        )

    def reduce(
        self,
        position: Position,
        volume: int,
        price: int,
        now: int,
        *,
        reason: DealReason = DealReason.CLIENT,
        by: bool = False,
        profit: int | None = None,
        client_order_id: str | None = None,
    ) -> None:
        """Close `volume` of a position at `price`: an order of the other direction, and its deal."""
        account = self.account
        instrument = self.market.instruments[position.symbol]
        side = position.side.opposite
        if profit is None:
            profit = money.profit(self.market, account, position, volume, price)
        swap = share(position.swap, volume, position.volume)
        cost = 0 if by else money.commission(self.market, account, instrument, volume, price)
        ticket = account.next_ticket
        account.next_ticket += 1
        self.ended[ticket] = Order(
            ticket=ticket,
            symbol=position.symbol,
            type=OrderType.BUY if side is Side.BUY else OrderType.SELL,
            state=OrderState.FILLED,
            volume=volume,
            price=price,
            sl=None,
            tp=None,
            expiration=None,
            time_setup=now,
            time_done=now,
            position=position.ticket,
            magic=position.magic,
            comment=position.comment,
            client_order_id=client_order_id,
        )
        remaining = position.volume - volume
        if remaining:
            account.positions[position.ticket] = replace(
                position,
                volume=remaining,
                swap=position.swap - swap,
                commission=share(position.commission, remaining, position.volume),
                time_update=now,
            )
        else:
            del account.positions[position.ticket]
        self.book(
            Deal(
                ticket=account.next_ticket,
                order=ticket,
                position=position.ticket,
                symbol=position.symbol,
                type=DealType(side.value),
                entry=DealEntry.OUT_BY if by else DealEntry.OUT,
                volume=volume,
                price=price,
                profit=profit,
                swap=swap,
                commission=cost,
                reason=reason,
                time=now,
                magic=position.magic,
                comment=position.comment,
                client_order_id=client_order_id,
            ),
            "PositionReduced",
        )

    def end_order(self, order: Order, state: OrderState, now: int) -> None:
        del self.account.orders[order.ticket]
        self.ended[order.ticket] = replace(order, state=state, time_done=now)
        self.story.append((now, "OrderClosed", order.ticket))

    def book_money(
        self,
        amount: int,
        comment: str,
        now: int,
        *,
        kind: DealType = DealType.BALANCE,
        reason: DealReason = DealReason.CLIENT,
        client_order_id: str | None = None,
    ) -> None:
        self.book(
            Deal(
                ticket=self.account.next_ticket,
                order=None,
                position=None,
                symbol=None,
                type=kind,
                entry=None,
                volume=None,
                price=None,
                profit=amount,
                swap=0,
                commission=0,
                reason=reason,
                time=now,
                magic=0,
                comment=comment,
                client_order_id=client_order_id,
            ),
            "BalanceChanged",
        )

    def book(self, deal: Deal, name: str) -> None:
        self.account.balance += deal.amount
        self.account.next_ticket += 1
        self.deals.append(deal)
        self.story.append((deal.time, name, deal.ticket))


def share(amount: int, part: int, whole: int) -> int:
    """`part` of `whole` of an amount in minor units."""
    return int(rounded(Fraction(amount * part, whole), 0))
