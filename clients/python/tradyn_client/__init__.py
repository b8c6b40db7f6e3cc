# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.
"""A client for Tradyn, the broker on your own machine.

    from tradyn_client import Client

    with Client(token="tk_live_…") as client:
        client.trade(symbol="EURUSD", action="buy", volume=0.1)
        print(client.get_account().equity)

`Client` and `AsyncClient` have a method for each operation. What the operations take and return is in `models`, what they
raise in `errors`; `Retries` says how patiently a request is tried. The same operations as functions are in `api`, which
take the body of a request as a model.

`client`, `api`, `models` and `errors` are generated; the rest is written by hand.
"""

from . import api, errors, models
from .client import AsyncClient, Client
from .errors import TradynError
from .retries import Retries
from .types import UNSET, Unset
from .version import __version__

__all__ = [
    "UNSET",
    "AsyncClient",
    "Client",
    "Retries",
    "TradynError",
    "Unset",
    "__version__",
    "api",
    "errors",
    "models",
]
