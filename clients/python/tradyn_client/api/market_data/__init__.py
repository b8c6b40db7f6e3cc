# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""The operations under the tag Market Data."""

from . import get_candles, get_quote, get_symbol, list_symbols

__all__ = [
    "get_candles",
    "get_quote",
    "get_symbol",
    "list_symbols",
]
