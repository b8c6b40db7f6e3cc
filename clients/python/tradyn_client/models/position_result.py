# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class PositionResult(StrEnum):
    """`winning`: profit and swap together are above zero. `losing`: they are below zero. `all`: whatever
    they are.
    """

    ALL = "all"
    WINNING = "winning"
    LOSING = "losing"
