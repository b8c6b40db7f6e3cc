# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""The operations under the tag Simulation."""

from . import advance_clock, get_clock, get_faults, push_quotes, set_faults, update_clock

__all__ = [
    "advance_clock",
    "get_clock",
    "get_faults",
    "push_quotes",
    "set_faults",
    "update_clock",
]
