# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class NotificationKind(StrEnum):
    """`order_filled`, `order_expired`, `order_rejected`: what became of a pending order. `stop_loss`,
    `take_profit`: a position was closed by it. `margin_call`: the margin level has fallen below the
    account's `margin_call_level`. `stop_out`: a position was closed or an order deleted for want of
    margin. `connection_lost`, `connection_restored`: to the trading server. `key_expiring`: the key of
    this socket expires within a day. `webhook_disabled`: a webhook of the account has taken nothing for
    a day, or answered 410, and is sent nothing more.
    """

    ORDER_FILLED = "order_filled"
    ORDER_EXPIRED = "order_expired"
    ORDER_REJECTED = "order_rejected"
    STOP_LOSS = "stop_loss"
    TAKE_PROFIT = "take_profit"
    MARGIN_CALL = "margin_call"
    STOP_OUT = "stop_out"
    CONNECTION_LOST = "connection_lost"
    CONNECTION_RESTORED = "connection_restored"
    KEY_EXPIRING = "key_expiring"
    WEBHOOK_DISABLED = "webhook_disabled"
