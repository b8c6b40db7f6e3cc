# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""The operations under the tag API Keys."""

from . import create_key, list_keys, revoke_key, rotate_key

__all__ = [
    "create_key",
    "list_keys",
    "revoke_key",
    "rotate_key",
]
