# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""A client for Tradyn, the broker on your own machine.

    from tradyn_client import Client
    from tradyn_client.api.account import get_account

    with Client(token="tk_live_…") as client:
        print(get_account.sync(client=client).balance)

The operations are in `api`, what they take and return in `models`, and what they raise in `errors`.
"""

from . import api, errors, models
from .client import Client
from .errors import TradynError
from .types import UNSET, Unset

__version__ = "1.1.0"

__all__ = ["UNSET", "Client", "TradynError", "Unset", "__version__", "api", "errors", "models"]
