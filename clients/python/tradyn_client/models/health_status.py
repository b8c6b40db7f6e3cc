# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class HealthStatus(StrEnum):
    """`ok`; otherwise the answer is an error."""

    OK = "ok"
