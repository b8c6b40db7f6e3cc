# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class HealthStatus(StrEnum):
    """`ok`; whatever else there might be to say comes as an error."""

    OK = "ok"
