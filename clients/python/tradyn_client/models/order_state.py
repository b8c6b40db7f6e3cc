# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class OrderState(StrEnum):
    """`placed`: waits. `filled`: opened or closed a position. `canceled`: taken back by you or by a
    stop-out. `expired`: its time ran out. `rejected`: it triggered and could not be filled, mostly for
    want of margin. A stop-limit order whose stop was reached is `placed` until the limit order that it
    has become is done.
    """

    PLACED = "placed"
    FILLED = "filled"
    CANCELED = "canceled"
    EXPIRED = "expired"
    REJECTED = "rejected"
