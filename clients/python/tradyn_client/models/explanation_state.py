# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class ExplanationState(StrEnum):
    """How the story stands. `placed`, `canceled`, `expired`, `rejected`: the order, which became no
    position. `open`, `closed`: the position. `booked`: a balance deal.
    """

    PLACED = "placed"
    CANCELED = "canceled"
    EXPIRED = "expired"
    REJECTED = "rejected"
    OPEN = "open"
    CLOSED = "closed"
    BOOKED = "booked"
