# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class WebhookDeliveryState(StrEnum):
    """`pending`: it is sent again. `delivered`: the last attempt was taken. `failed`: the last attempt was
    not, and no other follows by itself.
    """

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
