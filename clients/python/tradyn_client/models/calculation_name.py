# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class CalculationName(StrEnum):
    """What is calculated. Of a deal that closes, `swap` adds the charges that the story has (`swap_1`,
    `swap_2` …) and takes off what earlier deals booked of them (`booked_1` …). `margin_level`: the one
    that led to a stop-out.
    """

    MARGIN = "margin"
    PROFIT = "profit"
    COMMISSION = "commission"
    SWAP = "swap"
    MARGIN_LEVEL = "margin_level"
    CONVERSION = "conversion"
