# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""The operations under the tag Orders."""

from . import cancel_order, get_order, list_orders, modify_order, place_order

__all__ = [
    "cancel_order",
    "get_order",
    "list_orders",
    "modify_order",
    "place_order",
]
