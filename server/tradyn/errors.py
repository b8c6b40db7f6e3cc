"""The one table of refusals and faults: code → HTTP status, MetaTrader 5 retcode.

Whatever goes wrong reaches the client as an `ApiError`; nothing else in the server
chooses a status. The codes of `broker.refusals` are a subset of the table (a test
keeps it so), because a refusal of the broker is always HTTP 400.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from tradyn.masking import masked

__all__ = ["CODES", "ApiError", "Code", "Problem"]


@dataclass(frozen=True, slots=True)
class Code:
    """One error code: its name, its HTTP status and MetaTrader 5's retcode, where one exists."""

    name: str
    status: int
    retcode: int | None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with the shape of a request: where, and what would be right."""

    at: str
    problem: str


CODES: Final[Mapping[str, Code]] = {
    code.name: code
    for code in (
        Code("INVALID_REQUEST", 400, 10013),
        Code("UNAUTHORIZED", 401, None),
        Code("INVALID_API_KEY", 403, None),
        Code("INSUFFICIENT_SCOPE", 403, None),
        Code("NOT_FOUND", 404, None),
        Code("METHOD_NOT_ALLOWED", 405, None),
        Code("RATE_LIMITED", 429, 10024),
        Code("INTERNAL_ERROR", 500, 10011),
        Code("NOT_CONNECTED", 503, 10031),
        Code("CLIENT_ORDER_ID_REUSED", 400, None),
        Code("UNKNOWN_SYMBOL", 400, None),
        Code("UNKNOWN_ACCOUNT", 400, None),
        Code("INVALID_CURSOR", 400, None),
        Code("INVALID_TIME", 400, None),
        Code("INVALID_URL", 400, None),
        Code("LIMIT_WEBHOOKS", 400, None),
        Code("REQUOTE", 400, 10004),
        Code("REJECTED", 400, 10006),
        Code("INVALID_VOLUME", 400, 10014),
        Code("INVALID_PRICE", 400, 10015),
        Code("INVALID_STOPS", 400, 10016),
        Code("TRADE_DISABLED", 400, 10017),
        Code("MARKET_CLOSED", 400, 10018),
        Code("INSUFFICIENT_MARGIN", 400, 10019),
        Code("NO_QUOTES", 400, 10021),
        Code("INVALID_EXPIRATION", 400, 10022),
        Code("NO_CHANGES", 400, 10025),
        Code("FROZEN", 400, 10029),
        Code("LIMIT_ORDERS", 400, 10033),
        Code("LIMIT_VOLUME", 400, 10034),
        Code("INVALID_ORDER", 400, 10035),
        Code("POSITION_CLOSED", 400, 10036),
        Code("INVALID_CLOSE_VOLUME", 400, 10038),
        Code("LONG_ONLY", 400, 10042),
        Code("SHORT_ONLY", 400, 10043),
        Code("CLOSE_ONLY", 400, 10044),
    )
}


class ApiError(Exception):
    """An answer that is not a success. What it repeats of a request is free of secrets.

    Args:
        code: a name of `CODES`; it decides the HTTP status and the retcode.
        message: one sentence for a person: what was wrong, where, what would be right.
        details: for a malformed request, each problem with its place.
        headers: response headers that belong to this answer (`Allow`, `Retry-After` …).
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        details: Iterable[Problem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = CODES[code]
        self.message = masked(message)
        self.details = tuple(Problem(masked(each.at), masked(each.problem)) for each in details)
        self.headers: Mapping[str, str] = headers or {}

    def envelope(self, request_id: str) -> dict[str, object]:
        """The body of the answer, as the contract's `Error` schema has it."""
        body: dict[str, object] = {
            "success": False,
            "error": self.message,
            "code": self.code.name,
            "retcode": self.code.retcode,
            "request_id": request_id,
        }
        if self.details:
            body["details"] = [{"at": each.at, "problem": each.problem} for each in self.details]
        return body
