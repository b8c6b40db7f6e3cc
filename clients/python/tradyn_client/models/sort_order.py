# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class SortOrder(StrEnum):
    """`asc`, the default: oldest first. `desc`: newest first."""

    ASC = "asc"
    DESC = "desc"
