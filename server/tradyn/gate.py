"""The gate: may this request come in? Key → rate → scope → connection and faults, in this order."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from ipaddress import IPv6Address, ip_address, ip_network
from time import monotonic
from typing import Any

from tradyn.access import Access, ApiKey, is_wellformed
from tradyn.contract import Admission
from tradyn.desk import Desk
from tradyn.errors import ApiError
from tradyn.faults import Faults
from tradyn.fixed_windows import FixedWindows
from tradyn.logs import log_note

__all__ = ["MOST_ADDRESSES", "FailedAttempts", "Gate", "neighbourhood"]

MOST_ADDRESSES = 4096
"""Addresses whose failures are counted one by one; all further ones are counted together."""

Headers = tuple[tuple[bytes, bytes], ...]


class Gate:
    """The contract's guard, over the keys, the limits and the faults of this server.

    Args:
        rate_limit: requests a second for each key.
        failed_auth_limit: requests with an invalid key that an address may make in a minute.
        faulty: the operationIds that faults may touch.
    """

    def __init__(
        self,
        access: Access,
        desk: Desk,
        faults: Faults,
        *,
        rate_limit: int,
        failed_auth_limit: int,
        faulty: frozenset[str],
    ) -> None:
        self._access = access
        self._desk = desk
        self._faults = faults
        self._faulty = faulty
        self._rate_limit = rate_limit
        self._requests = FixedWindows(1)
        self._policy = (b"ratelimit-policy", b'"default";q=%d;w=1' % rate_limit)
        self._failures = FailedAttempts(failed_auth_limit)
        # By key_id: what handlers are told of a key, made anew when the key changes.
        self._told: dict[str, tuple[ApiKey, dict[str, Any]]] = {}

    def admit(self, operation_id: str, scopes: frozenset[str], token: str, address: str | None) -> Admission:
        """Admit the request, or raise the ApiError that answers it."""
        key = self._known(token, address)
        remaining = self._rate_limit - self._requests.count(key.key_id)
        headers = (self._policy, (b"ratelimit", b'"default";r=%d;t=1' % max(remaining, 0)))
        if remaining < 0:
            raise ApiError(
                "RATE_LIMITED",
                f"More than {self._rate_limit} requests a second; send this one again after a second",
                headers={**_readable(headers), "Retry-After": "1"},
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
            error.headers = _readable(headers)
            raise
        token_info = self._token_info(key)
        return Admission(token_info, headers, lose_reply, token_info["recheck"])

    def _token_info(self, key: ApiKey) -> dict[str, Any]:
        known = self._told.get(key.key_id)
        if known is not None and known[0] is key:
            return known[1]
        token_info = {
            "key_id": key.key_id,
            "login": key.login,
            "scope": key.scope.value,
            "recheck": partial(self._access.recheck, key.key_id),
        }
        self._told[key.key_id] = (key, token_info)
        return token_info

    def _known(self, token: str, address: str | None) -> ApiKey:
        """The valid key that the token is. A key that is valid is so whatever else its address sends."""
        try:
            return self._access.verify(token)
        except ApiError:
            self._failures.count(address, is_mistyped=not is_wellformed(token))
            raise

    def _meet_faults(self, operation_id: str) -> bool:
        """Raise what goes wrong on its own; else whether the answer will get lost."""
        if self._desk.failed:
            raise ApiError("NOT_CONNECTED", "Not connected to the trading server: the journal cannot write")
        if self._faults.is_quiet or operation_id not in self._faulty:
            return False
        if not self._faults.is_connected(self._desk.now):
            raise ApiError("NOT_CONNECTED", "Not connected to the trading server")
        if self._faults.error():
            raise ApiError("INTERNAL_ERROR", "Internal error (by the error_rate of the faults)")
        return self._faults.lost_reply()


def _readable(headers: Headers) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in headers}


class FailedAttempts:
    """Requests with an invalid key, by address, in windows of a minute.

    What always holds: nothing here can keep a valid key out, because only what has failed already is counted;
    and at most `MOST_ADDRESSES` addresses are remembered, none for longer than a minute.

    Args:
        limit: failures of one address in a minute.
        clock: seconds that never go back.
    """

    def __init__(self, limit: int, clock: Callable[[], float] = monotonic) -> None:
        self._limit = limit
        self._failures = FixedWindows(60, clock)

    def __len__(self) -> int:
        """How many addresses are remembered."""
        return len(self._failures)

    def count(self, address: str | None, *, is_mistyped: bool = False) -> None:
        """One more; 429 `RATE_LIMITED` beyond the limit.

        Args:
            is_mistyped: of the key; for the log alone.
        """
        near = neighbourhood(address)
        if near not in self._failures and len(self._failures) >= MOST_ADDRESSES - 1:
            near = "further addresses"
        failed = self._failures.count(near)
        # Nothing of the key: a typo away from a valid one, it is half a secret.
        if failed == 1:
            reason = (
                "mistyped or cut off: its checksum is wrong" if is_mistyped else "not valid, or not any more"
            )
            log_note("A request with an invalid API key", address=near, key=reason)
        if failed <= self._limit:
            return
        if failed == self._limit + 1:
            log_note(
                f"More than {self._limit} requests a minute with invalid API keys: further ones are "
                "answered 429",
                address=near,
            )
        seconds = max(math.ceil(self._failures.seconds_left(near)), 1)
        raise ApiError(
            "RATE_LIMITED",
            f"More than {self._limit} requests a minute with invalid API keys came from this address. "
            f"Check the key, and send this one again after {seconds} seconds; a valid key works at any time",
            headers={"Retry-After": str(seconds)},
        )


def neighbourhood(address: str | None) -> str:
    """What counts as one address: an IPv4 address, or the /64 around an IPv6 address: one host has it all.

    Whatever is no address counts as one.
    """
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)
