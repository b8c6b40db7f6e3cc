# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import format_time
from .key_scope import KeyScope


@define(kw_only=True)
class ApiKey:
    """An API key, without its secret. Times are wall time.

    Attributes:
        key_id: Id of the key.
        login: Account it belongs to. Null for an admin key.
        label: What it is for, in your words.
        scope: `read`: account and market data. `trade`: trading and market data. `full`: both, and
            the account's own keys. `admin`: the server, and nothing of an account.
        prefix: How the key begins, to recognise it by.
        created_at: Wall time at which it was made.
        expires_at: Wall time from which it is refused, also the end of an overlap. Null for never.
        last_used_at: Wall time of its last use. Null before the first.
        revoked_at: Wall time at which it was revoked. Null unless it was.
    """

    key_id: str
    login: int | None
    label: str
    scope: KeyScope
    prefix: str
    created_at: datetime.datetime
    expires_at: datetime.datetime | None
    last_used_at: datetime.datetime | None
    revoked_at: datetime.datetime | None

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            key_id=source["key_id"],
            login=source["login"],
            label=source["label"],
            scope=KeyScope(source["scope"]),
            prefix=source["prefix"],
            created_at=datetime.datetime.fromisoformat(source["created_at"]),
            expires_at=None
            if source["expires_at"] is None
            else datetime.datetime.fromisoformat(source["expires_at"]),
            last_used_at=None
            if source["last_used_at"] is None
            else datetime.datetime.fromisoformat(source["last_used_at"]),
            revoked_at=None
            if source["revoked_at"] is None
            else datetime.datetime.fromisoformat(source["revoked_at"]),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        return {
            "key_id": self.key_id,
            "login": self.login,
            "label": self.label,
            "scope": self.scope,
            "prefix": self.prefix,
            "created_at": format_time(self.created_at),
            "expires_at": None if self.expires_at is None else format_time(self.expires_at),
            "last_used_at": None if self.last_used_at is None else format_time(self.last_used_at),
            "revoked_at": None if self.revoked_at is None else format_time(self.revoked_at),
        }
