# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class DealType(StrEnum):
    """`buy` and `sell`: a trade. `balance`: a deposit, a withdrawal, the initial balance or a reset.
    `correction`: the broker made up for a balance below zero.
    """

    BUY = "buy"
    SELL = "sell"
    BALANCE = "balance"
    CORRECTION = "correction"
