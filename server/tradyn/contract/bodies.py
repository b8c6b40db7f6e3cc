"""Bodies of requests: bytes to JSON, strictly.

What always holds: what comes out is JSON of RFC 8259 in UTF-8 without a byte order mark, in which no key
stands twice, every number fits a double, no string holds half a surrogate pair and nothing is nested deeper
than `DEEPEST`; no more bytes are read than the limit allows. All else is one sentence for a 400.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from tradyn.contract.failures import show
from tradyn.contract.schemas import Shape
from tradyn.errors import Problem

__all__ = ["DEEPEST", "DEFAULT_LIMIT", "Body", "ClientGoneError", "Receive", "parse", "refuse_body"]

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

DEFAULT_LIMIT: Final = 65_536
DEEPEST: Final = 32
_LONGEST_INTEGER: Final = 100
_MEDIA_TYPE: Final = re.compile(
    rb'application/json[ \t]*(?:;[ \t]*(?:charset=(?:utf-8|"utf-8"))?[ \t]*)*', re.IGNORECASE
)


class ClientGoneError(Exception):
    """The client closed the connection before its request was complete: nobody waits for an answer."""


# ── strict JSON ────────────────────────────────────────────────────────────────────────────────────────


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise ValueError(f"has the key {show(key)} twice in one object")
            seen.add(key)
    return result


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"has a number that no double can hold: {show(text)}")
    return value


def _int(text: str) -> int:
    if len(text) > _LONGEST_INTEGER:
        raise ValueError(f"has an integer of {len(text)} digits; at most {_LONGEST_INTEGER} are read")
    return int(text)


def _constant(name: str) -> Any:
    raise ValueError(f"is not JSON: {name} is no number in JSON")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_float, parse_int=_int, parse_constant=_constant
)


def parse(raw: bytes) -> Any:
    """The JSON value.

    Raises:
        ValueError: with the end of a sentence that begins with "body:".
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"must be UTF-8; byte {error.start} is not") from None
    if text.startswith("\ufeff"):
        raise ValueError("must not begin with a byte order mark")
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise ValueError(f"is nested deeper than {DEEPEST} levels") from None
    if raw.count(b"{") + raw.count(b"[") > DEEPEST:
        _refuse_depth(value)
    if b"\\u" in raw:
        _refuse_surrogates(value)
    return value


def _refuse_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            child
            for parent in level
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, dict | list)
        ]
        if not level:
            return
    raise ValueError(f"is nested deeper than {DEEPEST} levels")


def _refuse_surrogates(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("has a string with half a surrogate pair (\\ud800 to \\udfff)") from None


# ── reading ────────────────────────────────────────────────────────────────────────────────────────────


async def _read(message: MutableMapping[str, Any], receive: Receive, limit: int) -> bytes | None:
    """The bytes of the body that begins with a message; None as soon as they are more than the limit."""
    pieces, size = [], 0
    while True:
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        piece = message.get("body", b"")
        size += len(piece)
        if size > limit:
            return None
        pieces.append(piece)
        if not message.get("more_body", False):
            return b"".join(pieces)
        message = await receive()


async def refuse_body(receive: Receive, problems: list[Problem]) -> None:
    """For an operation without a body: any byte is one too many."""
    if await _read(await receive(), receive, 0) is None:
        problems.append(Problem("body", "this operation takes no body"))


class Body:
    """The body of one operation, compiled."""

    __slots__ = ("_limit", "_required", "_shape")

    def __init__(self, shape: Shape, *, required: bool, limit: int) -> None:
        self._shape = shape
        self._required = required
        self._limit = limit

    async def read(
        self,
        receive: Receive | None,
        content_type: bytes | None,
        content_length: bytes | None,
        content_encoding: bytes | None,
        problems: list[Problem],
    ) -> Any:
        """The JSON value, or None where an optional body is absent; whatever is wrong is added to `problems`.

        Args:
            receive: None when the request's headers announce no body.
        """
        wrong = _refuse_headers(content_type, content_encoding)
        # With wrong headers it only matters whether there is a body at all.
        limit = 0 if wrong else self._limit
        raw: bytes | None = b""
        if receive is not None:
            if _announces_more(content_length, limit):
                raw = None
            else:
                message = await receive()
                if message.get("more_body", True) or len(raw := message.get("body", b"")) > limit:
                    raw = await _read(message, receive, limit)
        if raw is None:
            problems.append(wrong or Problem("body", f"must be at most {self._limit} bytes long"))
            return None
        if not raw:
            if self._required:
                problems.append(Problem("body", "is required"))
            return None
        try:
            value = parse(raw)
            fits = self._shape.is_valid(value)
        except ValueError as error:
            problems.append(Problem("body", str(error)))
            return None
        if not fits:
            problems.extend(self._shape.problems(value, "body"))
        return value


def _refuse_headers(content_type: bytes | None, content_encoding: bytes | None) -> Problem | None:
    if content_type is None:
        return Problem("header.Content-Type", "is required with a body and must be application/json")
    if content_type != b"application/json" and not _MEDIA_TYPE.fullmatch(content_type):
        got = show(content_type.decode("latin-1"))
        return Problem("header.Content-Type", f"must be application/json, in UTF-8, got {got}")
    if content_encoding is not None and content_encoding.strip().lower() != b"identity":
        got = show(content_encoding.decode("latin-1"))
        return Problem("header.Content-Encoding", f"must be identity or absent, got {got}")
    return None


def _announces_more(content_length: bytes | None, limit: int) -> bool:
    return content_length is not None and content_length.isdigit() and int(content_length[:20]) > limit
