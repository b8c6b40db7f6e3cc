"""An account, and how each transaction changes it.

`evolve` is the only code that changes an account, at work and at start alike. It never
refuses: what must not happen is kept out before, by the decision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from tradyn.broker.deals import Deal
from tradyn.broker.money import currency_digits, divide
from tradyn.broker.orders import Order
from tradyn.broker.positions import Position
from tradyn.broker.transactions import (
    AccountOpened,
    BalanceChanged,
    OrderClosed,
    OrderModified,
    OrderPlaced,
    OrderTriggered,
    PositionModified,
    PositionOpened,
    PositionReduced,
    RequestSettled,
    SwapCharged,
    Transaction,
)

__all__ = ["Account", "evolve", "opened_position", "remaining_position"]


@dataclass(slots=True, kw_only=True)
class Account:
    """The state of one account: what is open, and the counters. Amounts in minor units.

    History is not here but in the journal, so an account's size does not grow with it.
    """

    login: int
    name: str = ""
    currency: str = "USD"
    leverage: int = 100
    margin_call_level: Decimal = Decimal(100)
    stop_out_level: Decimal = Decimal(50)
    initial_balance: int = 0
    balance: int = 0
    credit: int = 0
    next_ticket: int = 1
    version: int = 0
    time: int = 0
    positions: dict[int, Position] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)

    @property
    def digits(self) -> int:
        """Decimal places of the account's currency."""
        return currency_digits(self.currency)


def evolve(account: Account, transaction: Transaction) -> None:
    """Change `account` by what happened. Transactions come in the order of their versions."""
    if transaction.version != account.version + 1:
        raise AssertionError(
            f"account {account.login} is at version {account.version}, "
            f"and transaction {transaction.version} came next"
        )
    change = _CHANGES.get(type(transaction.event))
    if change is None:
        raise AssertionError(f"{type(transaction.event).__name__} is no event of an account")
    account.version = transaction.version
    account.time = transaction.time
    change(transaction.event, account)


def _open(event: AccountOpened, account: Account) -> None:
    account.name = event.name
    account.currency = event.currency
    account.leverage = event.leverage
    account.margin_call_level = event.margin_call_level
    account.stop_out_level = event.stop_out_level
    account.initial_balance = event.initial_balance


def _place_order(event: OrderPlaced, account: Account) -> None:
    account.orders[event.order.ticket] = event.order
    _take_ticket(account, event.order.ticket)


def _change_order(event: OrderModified | OrderTriggered, account: Account) -> None:
    account.orders[event.order.ticket] = event.order


def _close_order(event: OrderClosed, account: Account) -> None:
    del account.orders[event.order.ticket]


def _open_position(event: PositionOpened, account: Account) -> None:
    ticket = event.order.ticket
    account.orders.pop(ticket, None)
    account.positions[ticket] = opened_position(event)
    _book(account, event.deal)


def _reduce_position(event: PositionReduced, account: Account) -> None:
    deal = event.deal
    ticket = deal.position or 0
    if event.volume_remaining:
        account.positions[ticket] = remaining_position(
            account.positions[ticket], deal, event.volume_remaining
        )
    else:
        del account.positions[ticket]
    _book(account, deal)


def _change_position(event: PositionModified, account: Account) -> None:
    account.positions[event.position.ticket] = event.position


def _charge_swap(event: SwapCharged, account: Account) -> None:
    position = account.positions[event.position]
    account.positions[event.position] = replace(position, swap=position.swap + event.amount)


def _change_balance(event: BalanceChanged, account: Account) -> None:
    _book(account, event.deal)


def _settle_request(event: RequestSettled, account: Account) -> None:
    """Nothing but the version changes: the outcome is kept in the journal."""


_CHANGES: Final[Mapping[type[Any], Callable[[Any, Account], None]]] = {
    AccountOpened: _open,
    OrderPlaced: _place_order,
    OrderModified: _change_order,
    OrderTriggered: _change_order,
    OrderClosed: _close_order,
    PositionOpened: _open_position,
    PositionReduced: _reduce_position,
    PositionModified: _change_position,
    SwapCharged: _charge_swap,
    BalanceChanged: _change_balance,
    RequestSettled: _settle_request,
}


def opened_position(event: PositionOpened) -> Position:
    """The position that the event opens."""
    deal, order = event.deal, event.order
    return Position(
        ticket=order.ticket,
        symbol=order.symbol,
        side=order.type.side,
        volume=order.volume,
        price_open=deal.price or 0,
        sl=event.sl,
        tp=event.tp,
        margin_rate=event.margin_rate,
        swap=0,
        commission=deal.commission,
        time_open=deal.time,
        time_update=deal.time,
        magic=deal.magic,
        comment=deal.comment,
        client_order_id=order.client_order_id,
    )


def remaining_position(position: Position, deal: Deal, volume: int) -> Position:
    """What `deal` leaves of a position: `volume` steps, and their share of what was gathered and charged."""
    # Not by `replace`, which takes three times as long.
    return Position(
        ticket=position.ticket,
        symbol=position.symbol,
        side=position.side,
        volume=volume,
        price_open=position.price_open,
        sl=position.sl,
        tp=position.tp,
        margin_rate=position.margin_rate,
        swap=position.swap - deal.swap,
        commission=divide(position.commission * volume, position.volume),
        time_open=position.time_open,
        time_update=deal.time,
        magic=position.magic,
        comment=position.comment,
        client_order_id=position.client_order_id,
        trailing_stop=position.trailing_stop,
    )


def _book(account: Account, deal: Deal) -> None:
    account.balance += deal.amount
    _take_ticket(account, deal.ticket)


def _take_ticket(account: Account, ticket: int) -> None:
    if ticket >= account.next_ticket:
        account.next_ticket = ticket + 1
