# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""The operations of the API: a package for each tag of the contract, in it a module for each operation.

Every module has `sync` and `asyncio`. Both take the operation's parameters and the client, return what the
server found or made, and raise a class of `tradyn_client.errors` for everything else.
"""

from . import (
    account,
    accounts,
    analysis,
    api_keys,
    market_data,
    orders,
    positions,
    service,
    simulation,
    trading,
    webhooks,
)

__all__ = [
    "account",
    "accounts",
    "analysis",
    "api_keys",
    "market_data",
    "orders",
    "positions",
    "service",
    "simulation",
    "trading",
    "webhooks",
]
