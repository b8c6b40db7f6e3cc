"""Errors answered before the compiled contract is asked, or beside it: in the envelope all the same."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

import orjson

from tradyn.browser_headers import NOSNIFF
from tradyn.errors import ApiError

__all__ = ["FIRST_HEADERS", "REQUEST_ID", "refusal_bytes", "request_id_of", "send_refusal"]

REQUEST_ID: Final = re.compile(rb"(?!.*(?:tk_(?:live|test)|whsec)_)[!-~]{1,128}")
"""What a client may name its request: no key, which would go wherever the answer goes."""
FIRST_HEADERS: Final = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"), NOSNIFF)
"""Of every answer of the API."""


def request_id_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The client's name for its request, if it gave one that can be taken; else a new one."""
    given = [value for name, value in headers if name == b"x-request-id"]
    if len(given) == 1 and REQUEST_ID.fullmatch(given[0]):
        return given[0].decode("ascii")
    return secrets.token_hex(12)


async def send_refusal(
    error: ApiError,
    request_id: str,
    send: Callable[[Any], Awaitable[None]],
    *,
    kind: str = "http.response",
    has_body: bool = True,
) -> None:
    """Answer with an error through ASGI.

    Args:
        kind: of the messages; `websocket.http.response` in place of a WebSocket.
        has_body: HEAD is answered without.
    """
    body = orjson.dumps(error.envelope(request_id))
    headers = _headers(error.headers, request_id, len(body))
    await send({"type": f"{kind}.start", "status": error.code.status, "headers": headers})
    await send({"type": f"{kind}.body", "body": body if has_body else b""})


def refusal_bytes(error: ApiError, request_id: str, *, closes: bool, has_body: bool = True) -> bytes:
    """The whole answer with an error as HTTP/1.1.

    Args:
        closes: the connection is closed after it.
        has_body: HEAD is answered without.
    """
    body = orjson.dumps(error.envelope(request_id))
    status = HTTPStatus(error.code.status)
    headers = _headers(error.headers, request_id, len(body))
    if closes:
        headers.append((b"connection", b"close"))
    lines = [b"%s: %s\r\n" % header for header in headers]
    start = f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode()
    return b"".join((start, *lines, b"\r\n", body if has_body else b""))


def _headers(own: Mapping[str, str], request_id: str, length: int) -> list[tuple[bytes, bytes]]:
    return [
        *FIRST_HEADERS,
        *((name.lower().encode(), value.encode()) for name, value in own.items()),
        (b"content-length", b"%d" % length),
        (b"x-request-id", request_id.encode()),
    ]
