# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class ExpirationMode(StrEnum):
    """`gtc`: good till cancelled. `specified`: until a time."""

    GTC = "gtc"
    SPECIFIED = "specified"
