"""Tag Service: is the process alive, and is the broker ready?"""

from __future__ import annotations

from typing import Any

from tradyn import __version__, wire
from tradyn.desk import Desk
from tradyn.errors import ApiError

__all__ = ["get_liveness", "get_readiness"]

Json = dict[str, Any]


async def get_liveness() -> Json:
    """The process answers."""
    return wire.ok({"status": "ok", "version": __version__})


async def get_readiness(desk: Desk) -> Json:
    """The journal can write."""
    if desk.failed:
        raise ApiError("NOT_CONNECTED", "The journal cannot write; the server is stopping")
    return wire.ok({"status": "ok", "version": __version__})
