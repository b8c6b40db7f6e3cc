# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class Relation(StrEnum):
    """How two values are compared: ≤, ≥ or <."""

    AT_OR_BELOW = "at_or_below"
    AT_OR_ABOVE = "at_or_above"
    BELOW = "below"
