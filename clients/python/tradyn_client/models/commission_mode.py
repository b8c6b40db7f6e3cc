# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class CommissionMode(StrEnum):
    """How `commission` is charged, on each deal that opens or closes, but not on a close-by. `disabled`:
    not at all. `money`: for each lot, in `commission_currency`. `percent`: of the deal's value (lots ×
    contract size × price).
    """

    DISABLED = "disabled"
    MONEY = "money"
    PERCENT = "percent"
