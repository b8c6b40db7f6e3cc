# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class SwapMode(StrEnum):
    """What `swap_long` and `swap_short` are. `disabled`: there is no swap. `points`: points of price.
    `currency_symbol`, `currency_margin`, `currency_deposit`, `currency_profit`: money for each lot, in
    the base, margin, account's or profit currency. `interest_current`, `interest_open`: percent a year
    (of 360 days) of the position's value, at the current price or at the one it was opened at.
    """

    DISABLED = "disabled"
    POINTS = "points"
    CURRENCY_SYMBOL = "currency_symbol"
    CURRENCY_MARGIN = "currency_margin"
    CURRENCY_DEPOSIT = "currency_deposit"
    CURRENCY_PROFIT = "currency_profit"
    INTEREST_CURRENT = "interest_current"
    INTEREST_OPEN = "interest_open"
