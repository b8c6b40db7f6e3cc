"""The gate: may this request come in? Key → rate → scope → connection and faults, in this order."""

from __future__ import annotations

from tradyn.access import Access
from tradyn.contract import Admission
from tradyn.desk import Desk
from tradyn.errors import ApiError
from tradyn.faults import Faults
from tradyn.lean_import import left_out

with left_out(never_called=("limits.aio",)):
    from limits import RateLimitItemPerSecond
    from limits.storage import MemoryStorage
    from limits.strategies import FixedWindowRateLimiter

__all__ = ["Gate"]


class Gate:
    """The contract's guard, over the keys, the limits and the faults of this server.

    Args:
        rate_limit: requests a second for each key.
        faulty: the operationIds that faults may touch.
    """

    def __init__(
        self, access: Access, desk: Desk, faults: Faults, *, rate_limit: int, faulty: frozenset[str]
    ) -> None:
        self._access = access
        self._desk = desk
        self._faults = faults
        self._faulty = faulty
        self._limit = RateLimitItemPerSecond(rate_limit)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._policy = f'"default";q={rate_limit};w=1'

    def admit(self, operation_id: str, scopes: frozenset[str], token: str) -> Admission:
        """Admit the request, or raise the ApiError that answers it."""
        key = self._access.verify(token)
        within = self._limiter.hit(self._limit, key.key_id)
        remaining = self._limiter.get_window_stats(self._limit, key.key_id).remaining
        limits = f'"default";r={max(remaining, 0)};t=1'
        headers = {"RateLimit-Policy": self._policy, "RateLimit": limits}
        if not within:
            raise ApiError(
                "RATE_LIMITED",
                f"More than {self._limit.amount} requests a second; send this one again after a second",
                headers={**headers, "Retry-After": "1"},
            )
        try:
            if key.scope not in scopes:
                needed = " or ".join(sorted(scopes))
                raise ApiError(
                    "INSUFFICIENT_SCOPE",
                    f"This needs a key of scope {needed}; this one has scope {key.scope}",
                )
            lose_reply = self._meet_faults(operation_id)
        except ApiError as error:
            error.headers = headers
            raise
        return Admission(
            token_info={"key_id": key.key_id, "login": key.login, "scope": key.scope.value},
            headers=tuple((name.lower().encode(), value.encode()) for name, value in headers.items()),
            lose_reply=lose_reply,
        )

    def _meet_faults(self, operation_id: str) -> bool:
        """Raise what goes wrong on its own; else whether the answer will get lost."""
        if self._desk.failed:
            raise ApiError("NOT_CONNECTED", "Not connected to the trading server: the journal cannot write")
        if operation_id not in self._faulty:
            return False
        if not self._faults.is_connected(self._desk.now):
            raise ApiError("NOT_CONNECTED", "Not connected to the trading server")
        if self._faults.error():
            raise ApiError("INTERNAL_ERROR", "Internal error (by the error_rate of the faults)")
        return self._faults.lost_reply()
