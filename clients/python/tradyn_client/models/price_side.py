# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class PriceSide(StrEnum):
    """Which price counted. `deal`: that of the deal itself, where its own pair converts."""

    BID = "bid"
    ASK = "ask"
    DEAL = "deal"
