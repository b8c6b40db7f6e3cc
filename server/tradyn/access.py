"""API keys: who may call what. Keys are events of the server's own account; only hashes are kept.

A key is its prefix, 33 base62 characters of chance (192 bits) and 6 base62 characters of CRC32, by which
a program can tell a typo from a key that is void. Times here are wall time in milliseconds since 1970.

Why one SHA-256 is enough: a slow hash is there to make guesses dear where secrets are short. Of 192 bits
from the system's generator nobody guesses one, at any speed.

Why a look-up by digest tells nothing by the time it takes: what is compared is not the key, but SHA-256 of
what was sent. To learn a stored digest piece by piece one would have to choose the digests to send, which is
to invert SHA-256; and a digest that is known whole still opens nothing. The digest that was found is compared
once more in constant time, so that no dictionary's way of comparing decides.
"""

from __future__ import annotations

import hmac
import secrets
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from tradyn.broker.transactions import recorded
from tradyn.errors import ApiError

__all__ = [
    "Access",
    "ApiKey",
    "KeyExpirySet",
    "KeyIssued",
    "KeyRevoked",
    "Scope",
    "generate_key",
    "is_wellformed",
]

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM_LENGTH = 33
_CHECK_LENGTH = 6
# One sentence for all, so that nobody learns whether a key ever was one.
_INVALID = "Invalid API key"
LIVE_PREFIX, TEST_PREFIX = "tk_live_", "tk_test_"


class Scope(StrEnum):
    """What a key may do."""

    READ = "read"
    TRADE = "trade"
    FULL = "full"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as it is kept: everything but the key itself."""

    key_id: str
    login: int | None
    label: str
    scope: Scope
    prefix: str
    digest: str
    created_at: int
    expires_at: int | None
    revoked_at: int | None = None


@recorded
@dataclass(frozen=True, slots=True, kw_only=True)
class KeyIssued:
    """A key exists from here on."""

    key: ApiKey


@recorded
@dataclass(frozen=True, slots=True, kw_only=True)
class KeyExpirySet:
    """A key that was rotated ends at `expires_at`."""

    key_id: str
    expires_at: int


@recorded
@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRevoked:
    """A key is void from `revoked_at` on."""

    key_id: str
    revoked_at: int


def generate_key(prefix: str) -> str:
    """A new key with 192 bits of chance and a checksum."""
    number = secrets.randbits(192)
    return _with_checksum(prefix + _base62(number, _RANDOM_LENGTH))


def is_wellformed(token: str) -> bool:
    """Whether the checksum is right, so that `token` may be a key at all."""
    expected = len(LIVE_PREFIX) + _RANDOM_LENGTH + _CHECK_LENGTH
    if len(token) != expected or not token.isascii() or not token.startswith((LIVE_PREFIX, TEST_PREFIX)):
        return False
    return hmac.compare_digest(_with_checksum(token[:-_CHECK_LENGTH]), token)


def _with_checksum(body: str) -> str:
    return body + _base62(zlib.crc32(body.encode()), _CHECK_LENGTH)


def _base62(number: int, length: int) -> str:
    characters = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        characters.append(_ALPHABET[digit])
    return "".join(reversed(characters))


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


class Access:
    """All keys, and the only place that compares one.

    Args:
        record: makes an event of the server's own account durable.
        wall: wall time in milliseconds since 1970.
        prefix: of new keys, `tk_live_` or `tk_test_`.
    """

    def __init__(
        self,
        record: Callable[..., Awaitable[None]],
        wall: Callable[[], int],
        prefix: str = LIVE_PREFIX,
    ) -> None:
        self._record = record
        self._wall = wall
        self._prefix = prefix
        self._keys: dict[str, ApiKey] = {}
        self._ids: dict[str, str] = {}
        # Keys in the overlap of their rotation; a rotation is all that ever sets an expiry anew.
        self._rotated: set[str] = set()
        self.last_used: dict[str, int] = {}

    def apply(self, event: KeyIssued | KeyExpirySet | KeyRevoked) -> None:
        """Change the keys by what happened: the same at work and at start."""
        match event:
            case KeyIssued(key=key):
                self._keys[key.key_id] = key
                self._ids[key.digest] = key.key_id
            case KeyExpirySet(key_id=key_id, expires_at=expires_at):
                self._keys[key_id] = replace(self._keys[key_id], expires_at=expires_at)
                self._rotated.add(key_id)
            case KeyRevoked(key_id=key_id, revoked_at=revoked_at):
                self._keys[key_id] = replace(self._keys[key_id], revoked_at=revoked_at)

    def verify(self, token: str) -> ApiKey:
        """The key that `token` is, now; 403 `INVALID_API_KEY` for any other."""
        key = self.find(token)
        if key is None:
            raise ApiError("INVALID_API_KEY", _INVALID)
        self.last_used[key.key_id] = self._wall()
        return key

    def find(self, token: str) -> ApiKey | None:
        """The valid key that `token` is; None for any other."""
        # The checksum is not looked at: to compute it takes several times as long as the digest.
        digest = _digest(token)
        key_id = self._ids.get(digest)
        if key_id is None:
            return None
        key = self._keys[key_id]
        return key if hmac.compare_digest(key.digest, digest) and self._is_valid(key) else None

    def valid(self, key_id: str) -> ApiKey | None:
        """The key of this id, as long as it is valid."""
        key = self._keys[key_id]
        return key if self._is_valid(key) else None

    def recheck(self, key_id: str) -> None:
        """403 `INVALID_API_KEY` once a key that was let in is no longer valid.

        For whatever has waited between being let in and being carried out.
        """
        if self.valid(key_id) is None:
            raise ApiError("INVALID_API_KEY", _INVALID)

    def now(self) -> int:
        """Wall time, in milliseconds since 1970."""
        return self._wall()

    def keys(self, login: int | None = None) -> list[ApiKey]:
        """All keys of an account, or (login None) of the server, oldest first."""
        return [each for each in self._keys.values() if login is None or each.login == login]

    def get(self, key_id: str, login: int | None) -> ApiKey:
        """One key, if it belongs to `login` (None: of any account); else 404."""
        key = self._keys.get(key_id)
        if key is None or (login is not None and key.login != login):
            raise ApiError("NOT_FOUND", f"There is no API key {key_id}")
        return key

    async def issue(
        self, login: int | None, scope: Scope, label: str = "", expires_at: int | None = None
    ) -> tuple[ApiKey, str]:
        """Make a key; the second of the answer is the key itself, shown this once."""
        if expires_at is not None and expires_at <= self._wall():
            raise ApiError("INVALID_EXPIRATION", "expires_at must be later than the present time")
        key, token = self._make(login, scope, label, expires_at)
        await self._do(KeyIssued(key=key))
        return key, token

    def _make(
        self, login: int | None, scope: Scope, label: str, expires_at: int | None
    ) -> tuple[ApiKey, str]:
        token = generate_key(self._prefix)
        key = ApiKey(
            key_id=secrets.token_hex(8),
            login=login,
            label=label,
            scope=scope,
            prefix=token[: len(self._prefix) + 4],
            digest=_digest(token),
            created_at=self._wall(),
            expires_at=expires_at,
        )
        return key, token

    async def rotate(self, key: ApiKey, overlap_seconds: int = 0) -> tuple[ApiKey, str]:
        """A new key in place of `key`, which stays valid for the overlap and no longer.

        Raises:
            ApiError: 400 `REJECTED` for a key that is no longer valid, or that was rotated already.
        """
        if not self._is_valid(key):
            raise ApiError("REJECTED", f"API key {key.key_id} is revoked or expired and cannot be rotated")
        if key.key_id in self._rotated:
            # Its end is that of the overlap: a successor of the same life would die with it.
            raise ApiError(
                "REJECTED",
                f"API key {key.key_id} was rotated already; its successor is in the list of keys. If the "
                "answer with it was lost, revoke the successor and create a key",
            )
        fresh, token = self._make(key.login, key.scope, key.label, key.expires_at)
        now = self._wall()
        ending: KeyExpirySet | KeyRevoked = KeyRevoked(key_id=key.key_id, revoked_at=now)
        if overlap_seconds:
            until = now + overlap_seconds * 1000
            ends = until if key.expires_at is None else min(until, key.expires_at)
            ending = KeyExpirySet(key_id=key.key_id, expires_at=ends)
        # At once and together: nobody can rotate or revoke the old key in between.
        await self._do(KeyIssued(key=fresh), ending)
        return fresh, token

    async def revoke(self, key: ApiKey) -> ApiKey:
        """Void from the next request on; revoking twice changes nothing."""
        if key.revoked_at is None:
            await self._do(KeyRevoked(key_id=key.key_id, revoked_at=self._wall()))
        return self._keys[key.key_id]

    async def _do(self, *events: KeyIssued | KeyExpirySet | KeyRevoked) -> None:
        # In force at once, and answered only when durable.
        for event in events:
            self.apply(event)
        await self._record(*events)

    def _is_valid(self, key: ApiKey) -> bool:
        return key.revoked_at is None and (key.expires_at is None or self._wall() < key.expires_at)
