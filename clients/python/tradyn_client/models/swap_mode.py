# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class SwapMode(StrEnum):
    """`disabled`: there is no swap. `points`: `swap_long` and `swap_short` are in points."""

    DISABLED = "disabled"
    POINTS = "points"
