# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class WebhookPositionEventType(StrEnum):
    """How a position has changed."""

    POSITION_OPENED = "position.opened"
    POSITION_MODIFIED = "position.modified"
    POSITION_REDUCED = "position.reduced"
    POSITION_CLOSED = "position.closed"
    POSITION_SWAP = "position.swap"
