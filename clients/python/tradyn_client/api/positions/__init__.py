# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""The operations under the tag Positions."""

from . import close_position, get_position, list_positions, modify_position

__all__ = [
    "close_position",
    "get_position",
    "list_positions",
    "modify_position",
]
