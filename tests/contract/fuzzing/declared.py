"""What schemathesis calls a failure and is none: every exception, each a condition on one answer.

The fuzzer of the tests and that of `make fuzz` both ask here, so neither forgives more than the other.
"""

from __future__ import annotations

from typing import Any, Final

from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.openapi.checks import RejectedPositiveData, UseAfterFree

from contract.served import DOCUMENT, scopes_of

__all__ = ["MAY_REFUSE", "NO_KEY", "is_declared", "operations_of", "refusal_of"]

NO_KEY: Final = "none"
"""Stands for a scope where no key is sent at all."""

# Where the broker may refuse what is well-formed: trading, and whatever a request names beside its path.
MAY_REFUSE: Final = frozenset(
    {
        "getAccountHistory",
        "getStatistics",
        "listPositions",
        "modifyPosition",
        "closePosition",
        "listOrders",
        "placeOrder",
        "modifyOrder",
        "cancelOrder",
        "trade",
        "closeAll",
        "closeBy",
        "createKey",
        "rotateKey",
        "createWebhook",
        "updateWebhook",
        "testWebhook",
        "redeliver",
        "listDeliveries",
        "listAccounts",
        "changeBalance",
        "updateClock",
        "advanceClock",
        "pushQuotes",
        "setFaults",
    }
)
# What these free can be read afterwards: an order as it ended, a position of which a part was closed.
READABLE_AFTERWARDS: Final = ("DELETE /api/orders/{ticket}", "DELETE /api/positions/{ticket}")


def operations_of(scope: str, *, own: bool) -> list[str]:
    """Those that a key of this scope may call, or those it may not; the rest needs no key."""
    wanted = []
    for operation in DOCUMENT.operations:
        scopes = scopes_of(operation.node)
        if (not scopes and own and scope == NO_KEY) or (scopes and (scope in scopes) is own):
            wanted.append(operation.id)
    return wanted


def refusal_of(scope: str) -> int:
    """The status with which an operation that a key may not call answers, whatever else is wrong."""
    return 401 if scope == NO_KEY else 403


def is_declared(failure: Failure, operation_id: str, answer: Any, *, scope: str) -> bool:
    """Whether a failure is none.

    Three are: a refusal of valid data by the broker; what is freed and still readable; and a key that may
    not, which is refused before anybody looks at the data.

    Args:
        answer: the envelope.
        scope: of the key that was sent.
    """
    if isinstance(failure, RejectedPositiveData | AcceptedNegativeData) and operation_id in operations_of(
        scope, own=False
    ):
        return failure.status_code == refusal_of(scope)
    if isinstance(failure, RejectedPositiveData):
        return (
            failure.status_code == 400
            and operation_id in MAY_REFUSE
            and answer.get("code") not in (None, "INVALID_REQUEST")
        )
    return isinstance(failure, UseAfterFree) and failure.operation in READABLE_AFTERWARDS
