"""The contract: the OpenAPI document, loaded strictly, compiled once, and every request answered from it.

The only room that imports connexion. What always holds: what the document says is enforced, on
requests and on answers, and what this room would not enforce in a document it refuses at start.
"""

# First of all: connexion must be imported through it, here and nowhere else.
from tradyn.contract import lean  # noqa: F401  # isort: skip

from tradyn.contract.callbacks import CallbackContract, compile_callback
from tradyn.contract.document import ContractError, load_document
from tradyn.contract.serve import (
    ABORT,
    ANSWER,
    Admission,
    Answered,
    Application,
    Guard,
    client_address,
    compile_contract,
)
from tradyn.contract.stock import stock_app
from tradyn.contract.streams import STREAM_PATH, StreamContract, compile_stream

__all__ = [
    "ABORT",
    "ANSWER",
    "STREAM_PATH",
    "Admission",
    "Answered",
    "Application",
    "CallbackContract",
    "ContractError",
    "Guard",
    "StreamContract",
    "client_address",
    "compile_callback",
    "compile_contract",
    "compile_stream",
    "load_document",
    "stock_app",
]
