"""What stands in the rows of a journal: what is recorded, in columns by which it is found, and a checksum.

What must always hold: the columns are those of the newest version in `journal_schema`, in their order.
"""

from __future__ import annotations

from typing import Any

from tradyn.adapters.journal_records import encode
from tradyn.adapters.journal_schema import checksum
from tradyn.broker.deals import Deal
from tradyn.broker.orders import Order, OrderState
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


def transaction_row(transaction: Transaction) -> Row:
    """A transaction as a row: `ticket` and `state` where an order ends, `deal` where money moves.

    `subject` and the checksum stand last, because they came later.
    """
    event = transaction.event
    kind, payload = type(event).__name__, encode(event)
    order: Order | None = getattr(event, "order", None)
    if order is not None and order.state is OrderState.PLACED:
        order = None
    deal: Deal | None = getattr(event, "deal", None)
    return (
        transaction.account,
        transaction.version,
        kind,
        transaction.time,
        order.ticket if order else None,
        order.state.value if order else None,
        deal.ticket if deal else None,
        order.symbol if order else deal.symbol if deal else None,
        event.client_order_id if isinstance(event, RequestSettled) else None,
        payload,
        _subject(event),
        checksum(transaction.account, transaction.version, kind, transaction.time, payload),
    )


def _subject(event: Any) -> int | None:
    """Ticket of the order or position that an event is about; a closing order is about its position."""
    match event:
        case PositionReduced():
            return event.deal.position
        case PositionModified():
            return event.position.ticket
        case SwapCharged():
            return event.position
        case OrderPlaced() | OrderModified() | OrderTriggered() | OrderClosed() | PositionOpened():
            return event.order.ticket
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
