# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class StreamChannel(StrEnum):
    """`ticks`: quotes. `candles`: the candle that is forming, and each that has closed. `account`:
    balance, equity and margin. `positions`, `orders`, `deals`: every change, numbered. `notifications`:
    what a person would want to hear of.
    """

    TICKS = "ticks"
    CANDLES = "candles"
    ACCOUNT = "account"
    POSITIONS = "positions"
    ORDERS = "orders"
    DEALS = "deals"
    NOTIFICATIONS = "notifications"
