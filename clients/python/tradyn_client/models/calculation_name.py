# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class CalculationName(StrEnum):
    """What is calculated."""

    MARGIN = "margin"
    PROFIT = "profit"
    COMMISSION = "commission"
    SWAP = "swap"
    CONVERSION = "conversion"
