"""The lines of the request log: as structlog would have written them, and no worse for what clients send."""

from __future__ import annotations

import asyncio
import io
import sys

import orjson
import pytest

from tradyn.contract import Answered
from tradyn.logs import LogFormat, console_renderer
from tradyn.request_log import json_line, request_log, text_line

NOW = 1_772_443_800.000005
FULL = Answered("0a1b", "POST", "/v1/api/trade", "trade", 400, "NO_MONEY", 0.0123456, "f00d", 10_001)
LEAST = Answered('a"b', "GET", "/v1/no thing", None, 404, None, 0.5, None, None)


@pytest.mark.parametrize("answered", [FULL, LEAST])
def test_a_line_for_people_is_what_structlog_makes_of_the_same(answered: Answered) -> None:
    event = orjson.loads(json_line(answered, NOW))
    assert text_line(answered, NOW) == console_renderer(colors=False)(None, "info", event)


def test_lines_say_what_there_is() -> None:
    assert text_line(FULL, NOW) == (
        "2026-03-02T09:30:00.000005Z [info] request method=POST path=/v1/api/trade status=400 code=NO_MONEY "
        "ms=12.346 operation=trade login=10001 key_id=f00d request_id=0a1b"
    )
    assert orjson.loads(json_line(LEAST, NOW)) == {
        "method": "GET",
        "path": "/v1/no thing",
        "status": 404,
        "code": None,
        "ms": 500.0,
        "operation": None,
        "login": None,
        "key_id": None,
        "request_id": 'a"b',
        "event": "request",
        "level": "info",
        "timestamp": "2026-03-02T09:30:00.000005Z",
    }


@pytest.mark.parametrize(
    "path", ["/a\nb", "/a\x1b[31m", "/a status=200", "/'", "/\u202e", "/tk_live_abcdef12"]
)
def test_a_path_can_neither_pretend_nor_give_away(path: str) -> None:
    line = text_line(Answered("0a1b", "GET", path, None, 404, None, 0.5, None, None), NOW)
    assert line.isprintable()
    assert line.count(" status=") == 1 + path.count(" status=")
    assert "abcdef12" not in line
    assert (f"path={path!r}" in line) == ("tk_live_" not in path)


def test_all_lines_of_a_turn_are_written_at_once_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    class Kept(io.StringIO):
        def write(self, text: str) -> int:
            written.append(text)
            return len(text)

    monkeypatch.setattr(sys, "stderr", Kept())

    async def answer() -> None:
        write = request_log(LogFormat.TEXT)
        write(FULL)
        write(LEAST)
        assert written == []
        await asyncio.sleep(0)
        write(FULL)

    asyncio.run(answer())
    assert [text.count("\n") for text in written] == [2, 1]
    assert [line.split()[3] for line in "".join(written).splitlines()] == [
        "method=POST",
        "method=GET",
        "method=POST",
    ]


def test_a_log_that_cannot_be_written_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stderr", Full())
    failures: list[object] = []

    async def answer() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context))
        write = request_log(LogFormat.JSON)
        for _ in range(3):
            write(FULL)
            await asyncio.sleep(0)

    asyncio.run(answer())
    assert failures == []
