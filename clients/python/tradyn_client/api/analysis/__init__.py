# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""The operations under the tag Analysis."""

from . import preview_trade

__all__ = [
    "preview_trade",
]
