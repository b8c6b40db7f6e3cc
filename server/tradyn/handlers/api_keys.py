"""Tag API Keys. A full key manages the keys of its own account, an admin key those of any."""

from __future__ import annotations

from typing import Any

from tradyn import wire
from tradyn.access import Access, ApiKey, Scope
from tradyn.desk import Desk
from tradyn.errors import ApiError

__all__ = ["create_key", "list_keys", "revoke_key", "rotate_key"]

Json = dict[str, Any]


async def list_keys(access: Access, token_info: Json, login: int | None = None) -> Json:
    """Keys, oldest first."""
    own = token_info["login"]
    if own is not None and login not in (None, own):
        raise ApiError("INSUFFICIENT_SCOPE", "Only an admin key can list the keys of another account")
    keys = access.keys(login if own is None else own)
    return wire.ok([_view(access, each) for each in keys])


async def create_key(desk: Desk, access: Access, token_info: Json, body: Json) -> Json:
    """A new key, shown this once."""
    own, login = token_info["login"], body.get("login")
    scope = Scope(body["scope"])
    if own is not None:
        if scope is Scope.ADMIN or login not in (None, own):
            raise ApiError("INSUFFICIENT_SCOPE", "A full key can only make keys of its own account")
        login = own
    elif scope is not Scope.ADMIN and login not in desk.broker.accounts:
        said = "login is missing" if login is None else f"there is no account {login}"
        raise ApiError("UNKNOWN_ACCOUNT", f"A key of scope {scope} belongs to an account: {said}")
    elif scope is Scope.ADMIN and login is not None:
        raise ApiError("UNKNOWN_ACCOUNT", "A key of scope admin belongs to no account: leave login out")
    expires_at = wire.optional_read_time(body.get("expires_at"))
    return _issued(access, *await access.issue(login, scope, body.get("label", ""), expires_at))


async def rotate_key(access: Access, token_info: Json, key_id: str, body: Json | None = None) -> Json:
    """A new key in place of an old one."""
    key = access.get(key_id, token_info["login"])
    overlap = (body or {}).get("overlap_seconds", 0)
    return _issued(access, *await access.rotate(key, overlap))


async def revoke_key(access: Access, token_info: Json, key_id: str) -> Json:
    """Void from the next request on."""
    key = await access.revoke(access.get(key_id, token_info["login"]))
    return wire.ok(_view(access, key))


def _view(access: Access, key: ApiKey) -> Json:
    return wire.key_json(key, access.last_used.get(key.key_id))


def _issued(access: Access, key: ApiKey, token: str) -> Json:
    return wire.ok({**_view(access, key), "api_key": token})
