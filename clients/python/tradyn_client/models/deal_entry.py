# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class DealEntry(StrEnum):
    """`in`: opened a position. `out`: closed one, or part of it. `out_by`: the same, by an opposite
    position.
    """

    IN = "in"
    OUT = "out"
    OUT_BY = "out_by"
