# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""The operations under the tag Trading."""

from . import close_all, trade

__all__ = [
    "close_all",
    "trade",
]
