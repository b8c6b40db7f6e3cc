# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class WebhookTestEventType(StrEnum):
    """Nothing has happened."""

    WEBHOOK_TEST = "webhook.test"
