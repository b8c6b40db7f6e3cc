# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class CalcMode(StrEnum):
    """How margin is calculated. `forex`: lots × contract size / leverage. `forex_no_leverage`: lots ×
    contract size. `cfd`: lots × contract size × price. `cfd_leverage`: the same / leverage. `futures`:
    lots × `margin_initial`.
    """

    FOREX = "forex"
    FOREX_NO_LEVERAGE = "forex_no_leverage"
    CFD = "cfd"
    CFD_LEVERAGE = "cfd_leverage"
    FUTURES = "futures"
