# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""The operations under the tag Accounts."""

from . import change_balance, create_account, get_account_by_login, list_accounts, reset_account

__all__ = [
    "change_balance",
    "create_account",
    "get_account_by_login",
    "list_accounts",
    "reset_account",
]
