"""The log of requests: one line for each, to standard error. Never a key, never a body.

The lines look like those of `tradyn.logs`, but are put together by themselves: with structlog they cost more
than all else that is done for a short request. All lines of one turn of the event loop are written at once,
at the end of the turn; a process that is killed in the midst of it does not write them any more.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final

import orjson

from tradyn.contract import Answered
from tradyn.logs import LogFormat, console_renderer
from tradyn.masking import masked

__all__ = ["json_line", "request_log", "text_line"]

_SHORT: Final = 128
# Without blanks, quotes, the equals sign, and what a terminal might obey.
_PLAIN: Final = re.compile("[!#-&(-<>-~…]+")


def request_log(log_format: LogFormat) -> Callable[[Answered], None]:
    """A function that writes one line for a request. It is to be called on an event loop."""
    line = _line_maker(log_format)
    lines: list[str] = []

    def write_all() -> None:
        text = "".join(lines)
        lines.clear()
        # Who closed it, or filled the disk behind it, cannot be told so in it.
        with suppress(OSError, ValueError):
            sys.stderr.write(text)
            sys.stderr.flush()

    def write(answered: Answered) -> None:
        if not lines:
            asyncio.get_running_loop().call_soon(write_all)
        lines.append(f"{line(answered, time.time())}\n")

    return write


def _line_maker(log_format: LogFormat) -> Callable[[Answered, float], str]:
    if log_format is LogFormat.JSON:
        return json_line
    return _coloured_lines() if sys.stderr.isatty() else text_line


def json_line(answered: Answered, now: float) -> str:
    """The line as JSON, without its end.

    Args:
        now: seconds since 1970.
    """
    return orjson.dumps(_event(answered, now)).decode()


def text_line(answered: Answered, now: float) -> str:
    """The line for people, without its end and without what there is nothing to say about.

    Args:
        now: seconds since 1970.
    """
    code = "" if answered.code is None else f" code={answered.code}"
    operation = "" if answered.operation_id is None else f" operation={answered.operation_id}"
    login = "" if answered.login is None else f" login={answered.login}"
    key_id = "" if answered.key_id is None else f" key_id={answered.key_id}"
    return (
        f"{_timestamp(now)} [info] request method={answered.method} path={_shown_path(answered.path)} "
        f"status={answered.status}{code} ms={_milliseconds(answered)}{operation}{login}{key_id} "
        f"request_id={_shown(answered.request_id)}"
    )


def _coloured_lines() -> Callable[[Answered, float], str]:
    render = console_renderer(colors=True)

    def coloured_line(answered: Answered, now: float) -> str:
        return str(render(None, "info", _event(answered, now)))

    return coloured_line


def _event(answered: Answered, now: float) -> dict[str, Any]:
    return {
        "method": answered.method,
        "path": masked(answered.path),
        "status": answered.status,
        "code": answered.code,
        "ms": _milliseconds(answered),
        "operation": answered.operation_id,
        "login": answered.login,
        "key_id": answered.key_id,
        "request_id": masked(answered.request_id),
        "event": "request",
        "level": "info",
        "timestamp": _timestamp(now),
    }


def _milliseconds(answered: Answered) -> float:
    return round(answered.seconds * 1000, 3)


def _shown(text: str) -> str:
    """What a client sent: as it is, or quoted where it would pass for something else."""
    if text.isascii() and text.isalnum():
        return text
    text = masked(text)
    return text if _PLAIN.fullmatch(text) else repr(text)


def _shown_path(path: str) -> str:
    return _shown(path) if len(path) > _SHORT else _shown_before(path)


# Robots ask for the same again and again.
_shown_before = lru_cache(maxsize=1024)(_shown)


def _timestamp(now: float) -> str:
    second, microsecond = divmod(int(now * 1_000_000), 1_000_000)
    return f"{_second(second)}.{microsecond:06d}Z"


@lru_cache(maxsize=4)
def _second(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
