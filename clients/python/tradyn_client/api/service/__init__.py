# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""The operations under the tag Service."""

from . import get_liveness, get_readiness

__all__ = [
    "get_liveness",
    "get_readiness",
]
