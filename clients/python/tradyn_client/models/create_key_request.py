# Generated from openapi/tradyn.yaml by clients/generate.py. Do not edit.

import datetime
from collections.abc import Mapping
from typing import Any, Self

from attrs import define

from ..types import UNSET, Unset, format_time
from .key_scope import KeyScope


@define(kw_only=True)
class CreateKeyRequest:
    """A key to be made.

    Attributes:
        scope: `read`: account and market data. `trade`: trading and market data. `full`: both, and
            the account's own keys. `admin`: the server, and nothing of an account.
        label: What it is for, in your words; at most 64 characters.
        expires_at: Wall time from which it is refused. Null or absent for never.
        login: Account it shall belong to; only an admin key may name one. Null or absent: the
            caller's own, or none for scope `admin`.
    """

    scope: KeyScope
    label: str = ""
    expires_at: datetime.datetime | Unset | None = UNSET
    login: int | Unset | None = UNSET

    @classmethod
    def from_dict(cls, source: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            scope=KeyScope(source["scope"]),
            label=source.get("label", ""),
            expires_at=(
                None
                if source["expires_at"] is None
                else datetime.datetime.fromisoformat(source["expires_at"])
            )
            if "expires_at" in source
            else UNSET,
            login=source.get("login", UNSET),
        )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON."""
        fields: dict[str, Any] = {
            "scope": self.scope,
            "label": self.label,
        }
        if self.expires_at is not UNSET:
            fields["expires_at"] = None if self.expires_at is None else format_time(self.expires_at)
        if self.login is not UNSET:
            fields["login"] = self.login
        return fields
