# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class TradeMode(StrEnum):
    """What may be done. `disabled`: nothing. `long_only`: no short positions. `short_only`: no long
    positions. `close_only`: nothing new. `full`: everything.
    """

    DISABLED = "disabled"
    LONG_ONLY = "long_only"
    SHORT_ONLY = "short_only"
    CLOSE_ONLY = "close_only"
    FULL = "full"
