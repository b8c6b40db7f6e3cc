# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class WebhookNotificationEventType(StrEnum):
    """What a person would want to hear of."""

    NOTIFICATION_ORDER_FILLED = "notification.order_filled"
    NOTIFICATION_ORDER_EXPIRED = "notification.order_expired"
    NOTIFICATION_ORDER_REJECTED = "notification.order_rejected"
    NOTIFICATION_STOP_LOSS = "notification.stop_loss"
    NOTIFICATION_TAKE_PROFIT = "notification.take_profit"
    NOTIFICATION_STOP_OUT = "notification.stop_out"
