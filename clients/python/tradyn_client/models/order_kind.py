# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class OrderKind(StrEnum):
    """A thing that may be done with a symbol: market orders, pending orders of a kind, a stop loss, a take
    profit, closing a position by its opposite.
    """

    MARKET = "market"
    LIMIT = "limit"
    STOP = "stop"
    STOP_LIMIT = "stop_limit"
    SL = "sl"
    TP = "tp"
    CLOSE_BY = "close_by"
