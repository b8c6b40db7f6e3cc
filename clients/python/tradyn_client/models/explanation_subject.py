# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class ExplanationSubject(StrEnum):
    """What the ticket names. An order that opened a position shares its ticket with it, and is called
    `position`.
    """

    ORDER = "order"
    POSITION = "position"
    DEAL = "deal"
