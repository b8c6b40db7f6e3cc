"""A bare ASGI application that sends constant bytes: as fast as uvicorn lets any application be."""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any, Final

from bench.side_by_side.peers.data import DATA_VARIABLE
from bench.side_by_side.works import WORKS

__all__ = ["app"]

Message = MutableMapping[str, Any]

_ANSWERS: Final[dict[str, bytes]] = {
    f"/v1{WORKS[name].path.partition('?')[0]}": json.dumps(answer, separators=(",", ":")).encode()
    for name, answer in json.loads(Path(os.environ[DATA_VARIABLE]).read_text())["answers"].items()
}


async def app(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Answer by path."""
    if scope["type"] != "http":
        return
    if scope["method"] == "POST":
        while (await receive()).get("more_body"):
            pass
    body = _ANSWERS.get(scope["path"], b"{}")
    headers = ((b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
