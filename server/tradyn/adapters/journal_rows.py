"""What stands in the rows of a journal: what is recorded, in columns by which it is found, and a checksum.

What must always hold: the columns are those of the newest version in `journal_schema`, in their order.
"""

from __future__ import annotations

from typing import Any, Final

from tradyn.adapters.journal_records import encode
from tradyn.adapters.journal_schema import checksum, transaction_checksum
from tradyn.broker.orders import OrderState
from tradyn.broker.transactions import (
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
from tradyn.ports import Bar

__all__ = ["Row", "bar_row", "checked", "transaction_row"]

Row = tuple[Any, ...]


_STATES: Final = {state: state.value for state in OrderState}


def transaction_row(transaction: Transaction) -> Row:
    """A transaction as a row: `ticket` and `state` where an order ends, `deal` where money moves.

    `subject` and the checksum stand last, because they came later.
    """
    account, version = transaction.account, transaction.version
    event, time = transaction.event, transaction.time
    cls = type(event)
    kind, payload = cls.__name__, encode(event, transaction.settles)
    fits = transaction_checksum(account, version, kind, time, payload)
    settled = event if cls is RequestSettled else transaction.settles
    settled_id = None if settled is None else settled.client_order_id
    # First those that come the most. A closing order is about its position.
    if cls is PositionOpened or cls is PositionReduced:
        deal, order = event.deal, event.order
        subject = order.ticket if cls is PositionOpened else deal.position
        ended = order.ticket, _STATES[order.state], deal.ticket, order.symbol
        return account, version, kind, time, *ended, settled_id, payload, subject, fits
    order = getattr(event, "order", None)
    if order is not None and order.state is OrderState.PLACED:
        order = None
    deal = getattr(event, "deal", None)
    return (
        account,
        version,
        kind,
        time,
        order.ticket if order else None,
        _STATES[order.state] if order else None,
        deal.ticket if deal else None,
        order.symbol if order else deal.symbol if deal else None,
        settled_id,
        payload,
        _subject(event),
        fits,
    )


def _subject(event: Any) -> int | None:
    """Ticket of the order or position that an event is about."""
    match event:
        case OrderPlaced() | OrderModified() | OrderTriggered() | OrderClosed():
            return event.order.ticket
        case PositionModified():
            return event.position.ticket
        case SwapCharged():
            return event.position
    return None


def checked(*values: object) -> Row:
    """Values with their checksum after them."""
    return (*values, checksum(*values))


def bar_row(bar: Bar) -> Row:
    """A bar of pushed quotes as a row."""
    return checked(
        bar.symbol,
        bar.time,
        bar.first_time,
        bar.last_time,
        bar.open,
        bar.high,
        bar.low,
        bar.close,
        bar.tick_volume,
        bar.spread,
    )
