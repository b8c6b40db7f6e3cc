# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class ExplanationEvent(StrEnum):
    """What happened. `order_triggered`: the stop of a stop-limit order was reached, and it became a limit
    order. `position_reduced`: a part was closed. `order_now`, `position_now`: nothing did, that is how
    it stands.
    """

    ORDER_PLACED = "order_placed"
    ORDER_MODIFIED = "order_modified"
    ORDER_TRIGGERED = "order_triggered"
    ORDER_CANCELED = "order_canceled"
    ORDER_EXPIRED = "order_expired"
    ORDER_REJECTED = "order_rejected"
    POSITION_OPENED = "position_opened"
    POSITION_MODIFIED = "position_modified"
    POSITION_REDUCED = "position_reduced"
    POSITION_CLOSED = "position_closed"
    SWAP_CHARGED = "swap_charged"
    BALANCE_CHANGED = "balance_changed"
    ORDER_NOW = "order_now"
    POSITION_NOW = "position_now"
