# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""The operations under the tag Account."""

from . import get_account, get_account_history

__all__ = [
    "get_account",
    "get_account_history",
]
