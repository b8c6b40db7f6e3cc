# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""The operations under the tag Webhooks."""

from . import (
    create_webhook,
    delete_webhook,
    get_webhook,
    list_deliveries,
    list_webhooks,
    redeliver,
    rotate_webhook_secret,
    test_webhook,
    update_webhook,
)

__all__ = [
    "create_webhook",
    "delete_webhook",
    "get_webhook",
    "list_deliveries",
    "list_webhooks",
    "redeliver",
    "rotate_webhook_secret",
    "test_webhook",
    "update_webhook",
]
