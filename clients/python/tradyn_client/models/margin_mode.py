# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class MarginMode(StrEnum):
    """`hedging`: each trade is a position of its own, also opposite ones on one symbol."""

    HEDGING = "hedging"
