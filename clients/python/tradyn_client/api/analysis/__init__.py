# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""The operations under the tag Analysis."""

from . import close_by, explain, get_equity, get_statistics, preview_trade

__all__ = [
    "close_by",
    "explain",
    "get_equity",
    "get_statistics",
    "preview_trade",
]
