# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class WebhookDealEventType(StrEnum):
    """Something was booked."""

    DEAL_CREATED = "deal.created"
