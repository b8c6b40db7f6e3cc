# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class Timeframe(StrEnum):
    """Length of a candle: minutes (M), hours (H), a day from 00:00 UTC (D1), a week (W1), a calendar month
    (MN1).
    """

    M1 = "M1"
    M5 = "M5"
    M15 = "M15"
    M30 = "M30"
    H1 = "H1"
    H4 = "H4"
    D1 = "D1"
    W1 = "W1"
    MN1 = "MN1"
