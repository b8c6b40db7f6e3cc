# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import IntEnum


class OrderType(IntEnum):
    """Kind of order, numbered as in MetaTrader 5: 0 buy and 1 sell at the market; 2 buy limit, 3 sell
    limit, 4 buy stop, 5 sell stop; as an extension 6 buy stop-limit, 7 sell stop-limit.
    """

    BUY = 0
    SELL = 1
    BUY_LIMIT = 2
    SELL_LIMIT = 3
    BUY_STOP = 4
    SELL_STOP = 5
    BUY_STOP_LIMIT = 6
    SELL_STOP_LIMIT = 7
