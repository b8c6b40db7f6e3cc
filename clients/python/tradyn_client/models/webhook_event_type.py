# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class WebhookEventType(StrEnum):
    """`order.…`: what became of an order; `order.filled` also of a market order. `position.…`: how a
    position has changed; `position.swap`: swap was charged or paid. `deal.created`: something was
    booked. `notification.…`: what a person would want to hear of, of which nothing was asked for just
    then. `webhook.test`: sent by `POST …/test` alone, to any webhook; to ask for it changes nothing.

    One transaction can be several events. Then they come in the order of order, deal, position and
    notification.
    """

    ORDER_PLACED = "order.placed"
    ORDER_MODIFIED = "order.modified"
    ORDER_TRIGGERED = "order.triggered"
    ORDER_FILLED = "order.filled"
    ORDER_CANCELED = "order.canceled"
    ORDER_EXPIRED = "order.expired"
    ORDER_REJECTED = "order.rejected"
    POSITION_OPENED = "position.opened"
    POSITION_MODIFIED = "position.modified"
    POSITION_REDUCED = "position.reduced"
    POSITION_CLOSED = "position.closed"
    POSITION_SWAP = "position.swap"
    DEAL_CREATED = "deal.created"
    NOTIFICATION_ORDER_FILLED = "notification.order_filled"
    NOTIFICATION_ORDER_EXPIRED = "notification.order_expired"
    NOTIFICATION_ORDER_REJECTED = "notification.order_rejected"
    NOTIFICATION_STOP_LOSS = "notification.stop_loss"
    NOTIFICATION_TAKE_PROFIT = "notification.take_profit"
    NOTIFICATION_STOP_OUT = "notification.stop_out"
    WEBHOOK_TEST = "webhook.test"
