# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class Side(StrEnum):
    """`buy`: long, profits when the price rises. `sell`: short, profits when it falls."""

    BUY = "buy"
    SELL = "sell"
