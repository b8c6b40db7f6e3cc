# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

from enum import StrEnum


class KeyScope(StrEnum):
    """`read`: account and market data. `trade`: trading and market data. `full`: both, and the account's
    own keys. `admin`: the server, and nothing of an account.
    """

    READ = "read"
    TRADE = "trade"
    FULL = "full"
    ADMIN = "admin"
