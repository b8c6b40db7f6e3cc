# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class PositionChangeKind(StrEnum):
    """`opened`: by a deal. `modified`: its stops have moved. `reduced`: a part was closed. `closed`: all
    of it. `swap`: swap was charged or paid.
    """

    OPENED = "opened"
    MODIFIED = "modified"
    REDUCED = "reduced"
    CLOSED = "closed"
    SWAP = "swap"
