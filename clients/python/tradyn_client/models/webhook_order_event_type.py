# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class WebhookOrderEventType(StrEnum):
    """What became of an order."""

    ORDER_PLACED = "order.placed"
    ORDER_MODIFIED = "order.modified"
    ORDER_TRIGGERED = "order.triggered"
    ORDER_FILLED = "order.filled"
    ORDER_CANCELED = "order.canceled"
    ORDER_EXPIRED = "order.expired"
    ORDER_REJECTED = "order.rejected"
