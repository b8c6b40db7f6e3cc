"""What grows with what: the sizes that are measured, and what is drawn of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["CURVES", "Curve"]

_REQUESTS: Final = {
    "account_us": "GET account",
    "history_us": "GET history, last 10",
    "trade_us": "POST trade, 64 at once",
    "tick_us": "a tick",
}


@dataclass(frozen=True)
class Curve:
    """One subject of `measure`.

    Attributes:
        title: what grows.
        sizes: to which sizes.
        costs: measures in CPU µs that are drawn together, and what they are called.
        long: sizes that take minutes, measured only when asked for.
    """

    title: str
    sizes: tuple[int, ...]
    costs: dict[str, str]
    long: tuple[int, ...] = ()


CURVES: Final = {
    "accounts": Curve("accounts", (1, 10, 100, 1_000, 10_000), _REQUESTS, (100_000,)),
    "orders": Curve(
        "resting orders on one symbol",
        (10, 100, 1_000, 10_000, 100_000),
        {"tick_us": "a quiet tick", "place_and_cancel_us": "an order placed and canceled"},
        (1_000_000,),
    ),
    "positions": Curve("open positions of an account", (1, 10, 100, 1_000, 10_000), _REQUESTS),
    "converted": Curve("open positions of an account in another currency", (1, 10, 100, 1_000), _REQUESTS),
    "history": Curve(
        "transactions of an account", (100, 1_000, 10_000, 100_000), _REQUESTS, (1_000_000, 10_000_000)
    ),
    "readers": Curve(
        "readers of the stream",
        (1, 10, 100, 1_000),
        {"message_us": "a message to one reader"},
        (2_000,),
    ),
}
