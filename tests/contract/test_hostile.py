"""Hostile requests against the real server on a real port: the table, and conversations of several steps.

Every answer is looked at in full: its status line, its headers (none that nobody asked for), its body against
the document's `Error`, the reason it gives. Around every row the state of all accounts, the server's own and
the journal stay what they were, the connection goes on or ends as it should, and nothing fails inside.
"""

from __future__ import annotations

import json
import logging
import re
import socket
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import jsonschema_rs
import pytest

from contract.hostile_requests import (
    ACCOUNT,
    ADMIN,
    BUY,
    CHUNKED,
    JSON,
    KEY,
    LIMITED,
    LIVE,
    PLACEHOLDERS,
    PREVIEW,
    ROWS,
    TRADE,
    WRONG_METHODS,
    After,
    Answer,
    Row,
    get,
    in_chunks,
    post,
    request,
)
from contract.served import DOCUMENT, Served, served
from tradyn.desk import SERVER

_KNOWN_HEADERS: Final = frozenset(
    {
        "content-type",
        "content-length",
        "cache-control",
        "x-content-type-options",
        "x-request-id",
        "connection",
        "allow",
        "www-authenticate",
        "retry-after",
        "ratelimit",
        "ratelimit-policy",
    }
)
_ERROR: Final = jsonschema_rs.Draft4Validator(DOCUMENT.compilable("Error"))
_PIECE: Final = 7
_LONGEST_IN_PIECES: Final = 3000
_LAST: Final = get(LIVE, b"X-Request-Id: last")
_AFTER: Final = Answer(200, echo="last")


# ── the server ─────────────────────────────────────────────────────────────────────────────────────────────


class _Failures(logging.Handler):
    """Whatever was logged as an error, or with an exception."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.ERROR or record.exc_info:
            self.found.append(self.format(record))
        else:
            self.told.append(record.getMessage())


@dataclass
class Target:
    """The server, and what is watched of it."""

    broker: Served
    failures: _Failures

    def fill_in(self, raw: bytes) -> bytes:
        """The bytes with the keys and tickets of this server."""
        world = self.broker.world
        values = {**world.keys, "position": str(world.position), "order": str(world.order)}
        for name in PLACEHOLDERS:
            raw = raw.replace(f"<{name}>".encode(), values[name].encode())
        return raw

    def state(self) -> tuple[object, ...]:
        """All that a request could have changed, and what the journal has beyond it: nothing."""
        return self.broker.run(self._state())

    async def _state(self) -> tuple[object, ...]:
        server = self.broker.world.server
        desk = server.desk
        accounts = desk.broker.accounts
        heads = {SERVER: desk.server_version, **{each.login: each.version for each in accounts.values()}}
        beyond = [await server.journal.read(login, head) for login, head in heads.items()]
        keys = tuple((each.key_id, each.revoked_at, each.expires_at) for each in server.access.keys(None))
        return heads, beyond, tuple(map(repr, accounts.values())), desk.now, keys


def _uvloop() -> Any:
    import uvloop

    return uvloop.new_event_loop()


@contextmanager
def _target(**changes: Any) -> Iterator[Target]:
    failures = _Failures()
    root = logging.getLogger()
    root.addHandler(failures)
    try:
        # The loop that `tradyn serve` has.
        loop_factory = None if sys.platform == "win32" else _uvloop
        with served(loop_factory=loop_factory, **changes) as broker:
            yield Target(broker, failures)
    finally:
        root.removeHandler(failures)
    assert failures.found == []


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    with _target() as found:
        yield found


@pytest.fixture(scope="module")
def limited() -> Iterator[Target]:
    with _target(rate_limit=0) as found:
        yield found


# ── the client ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Received:
    """One answer as it came."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """A socket, and the answers that come out of it."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._socket = socket.create_connection(("127.0.0.1", target.broker.port), timeout=20)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, raw: bytes, piece: int | None = None) -> None:
        """Send it whole, or in pieces."""
        raw = self._target.fill_in(raw)
        for start in range(0, len(raw), piece or max(len(raw), 1)):
            self._socket.sendall(raw[start : start + piece] if piece else raw)

    def finish(self) -> None:
        """Say that all is said; answers can still come."""
        self._socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Leave without a goodbye."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self._socket.close()

    def read(self, *, has_body: bool = True) -> Received:
        """The next answer, to its last byte."""
        while b"\r\n\r\n" not in self._buffer:
            self._fill()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        start, *lines = head.decode("ascii").split("\r\n")
        found = re.fullmatch(r"HTTP/1\.1 ([1-5][0-9]{2}) [A-Za-z ]+", start)
        assert found, start
        pairs = [line.split(": ", 1) for line in lines]
        headers = {name: value for name, value in pairs}
        assert len(headers) == len(pairs), lines
        length = int(headers["content-length"]) if has_body and int(found[1]) >= 200 else 0
        while len(self._buffer) < length:
            self._fill()
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return Received(int(found[1]), headers, body)

    def read_end(self) -> None:
        """The server closes the connection, and has nothing more to say."""
        while piece := self._socket.recv(65_536):
            self._buffer += piece
        assert self._buffer == b""

    def _fill(self) -> None:
        piece = self._socket.recv(65_536)
        assert piece, f"the server closed the connection after {self._buffer!r}"
        self._buffer += piece


def check(received: Received, expected: Answer) -> None:
    """The answer is the one that is expected, and all of it is as the contract has it."""
    assert received.status == expected.status, received.body[:300]
    headers = received.headers
    assert headers.keys() <= _KNOWN_HEADERS
    assert headers["content-type"] == "application/json"
    assert headers.get("allow") == expected.allow
    assert headers.get("www-authenticate") == ("Bearer" if expected.status == 401 else None)
    assert headers.get("retry-after") == ("1" if expected.status == 429 else None)
    if expected.echo is None:
        assert re.fullmatch("[0-9a-f]{24}", headers["x-request-id"])
    else:
        assert headers["x-request-id"] == expected.echo
    if not expected.has_body:
        assert received.body == b""
        return
    envelope = json.loads(received.body)
    assert envelope["success"] is (expected.status == 200)
    if expected.code is not None:
        assert list(_ERROR.iter_errors(envelope)) == []
        assert envelope["code"] == expected.code
        assert envelope["request_id"] == headers["x-request-id"]
        assert expected.says in envelope["error"]
        assert len(received.body) < 5000


def converse(target: Target, row: Row, piece: int | None = None) -> None:
    """Send the row, and see its answers and what becomes of the connection."""
    with Connection(target) as connection:
        connection.send(row.raw, piece)
        for expected in row.answers:
            check(connection.read(has_body=expected.has_body), expected)
        match row.after:
            case After.GOES_ON:
                connection.send(_LAST)
                check(connection.read(), _AFTER)
            case After.WAITS:
                connection.finish()
        if row.after is not After.GOES_ON:
            connection.read_end()


def _ids(rows: Sequence[Row]) -> list[Any]:
    return [pytest.param(row, id=row.name.encode("ascii", "backslashreplace").decode()) for row in rows]


# ── the table ──────────────────────────────────────────────────────────────────────────────────────────────


def _check_row(target: Target, row: Row) -> None:
    before = target.state()
    converse(target, row)
    if not row.whole and len(row.raw) <= _LONGEST_IN_PIECES:
        # What a request means does not depend on how the network cuts it up.
        converse(target, row, _PIECE)
    assert target.state() == before
    assert target.failures.found == []


@pytest.mark.parametrize("row", _ids(ROWS))
def test_a_hostile_request_has_one_answer(target: Target, row: Row) -> None:
    _check_row(target, row)


@pytest.mark.parametrize("row", _ids(WRONG_METHODS))
def test_every_wrong_method_of_a_path_is_405_with_all_that_are_right(target: Target, row: Row) -> None:
    _check_row(target, row)


@pytest.mark.parametrize("row", _ids(LIMITED))
def test_a_hostile_request_beyond_the_limit(limited: Target, row: Row) -> None:
    _check_row(limited, row)


def test_the_table_is_a_table() -> None:
    rows = (*ROWS, *WRONG_METHODS, *LIMITED)
    assert [name for name, count in Counter(row.name for row in rows).items() if count > 1] == []
    assert len({row.raw for row in ROWS}) == len(ROWS) >= 250
    assert {answer.status for row in rows for answer in row.answers} == {200, 400, 401, 403, 404, 405, 429}


# ── conversations ──────────────────────────────────────────────────────────────────────────────────────────


def _trade(name: str) -> bytes:
    return post(TRADE, BUY[:-1] + b',"client_order_id":"%s"}' % name.encode())


@contextmanager
def _one_trade(target: Target) -> Iterator[None]:
    """In the block exactly one position is opened, and nothing fails."""
    before = _positions(target)
    yield
    assert _positions(target) == before + 1
    assert target.failures.found == []


@contextmanager
def _no_change(target: Target) -> Iterator[None]:
    before = target.state()
    yield
    assert target.state() == before
    assert target.failures.found == []


def _positions(target: Target) -> int:
    world = target.broker.world
    return len(world.server.desk.broker.accounts[world.login].positions)


def test_what_was_asked_before_an_unreadable_request_is_answered(target: Target) -> None:
    with _one_trade(target), Connection(target) as connection:
        connection.send(_trade("before-garbage") + b"garbage\r\n\r\n")
        assert connection.read().status == 200
        check(connection.read(), Answer(400, "INVALID_REQUEST", "Invalid method encountered"))
        connection.read_end()


def test_who_has_said_all_is_told_what_was_wrong_with_the_last_of_it(target: Target) -> None:
    with _one_trade(target), Connection(target) as connection:
        connection.send(_trade("before-chunks") + in_chunks(PREVIEW, b"zz\r\n"))
        connection.finish()
        assert connection.read().status == 200
        check(connection.read(), Answer(400, "INVALID_REQUEST", "Invalid character in chunk size"))
        connection.read_end()


def test_what_comes_after_an_unreadable_request_is_not_done(target: Target) -> None:
    with _no_change(target), Connection(target) as connection:
        connection.send(b"garbage\r\n\r\n" + _trade("after"))
        check(connection.read(), Answer(400, "INVALID_REQUEST", "Invalid method encountered"))
        connection.send(_trade("after"))
        connection.read_end()


def test_a_trade_whose_chunks_break_off_is_not_done(target: Target) -> None:
    head, _, body = _trade("broken").partition(b"\r\n\r\n")
    head = re.sub(rb"Content-Length: \d+", CHUNKED, head)
    with _no_change(target), Connection(target) as connection:
        connection.send(head + b"\r\n\r\n%x\r\n%s\r\n" % (len(body), body))
        connection.send(b"not the end\r\n")
        check(connection.read(), Answer(400, "INVALID_REQUEST", "Invalid character in chunk size"))
        connection.read_end()


def test_a_request_is_answered_once_even_if_its_body_breaks_later(target: Target) -> None:
    with _no_change(target), Connection(target) as connection:
        connection.send(request(b"POST", b"/nowhere", CHUNKED))
        check(connection.read(), Answer(404, "NOT_FOUND"))
        connection.send(b"zz\r\n" + get(LIVE))
        connection.read_end()


def test_a_trade_cut_at_any_byte_is_no_trade(target: Target) -> None:
    whole = target.fill_in(_trade("cut"))
    with _no_change(target):
        for cut in range(len(whole)):
            with Connection(target) as connection:
                connection.send(whole[:cut])
                connection.finish()
                connection.read_end()
            with Connection(target) as connection:
                connection.send(whole[:cut])
                connection.reset()
    with _one_trade(target), Connection(target) as connection:
        connection.send(whole)
        assert connection.read().status == 200


@pytest.mark.parametrize("piece", [None, 1])
def test_who_has_said_all_still_gets_the_answers(target: Target, piece: int | None) -> None:
    with _one_trade(target), Connection(target) as connection:
        connection.send(get(LIVE) + _trade(f"said-all-{piece}") + get(LIVE), piece)
        connection.finish()
        assert [connection.read().status for _ in range(3)] == [200, 200, 200]
        connection.read_end()


EXPECTING: Final = b"Expect: 100-continue"


def _expecting(target_path: bytes, length: int, *headers: bytes, version: bytes = b"HTTP/1.1") -> bytes:
    size = b"Content-Length: %d" % length
    return request(b"POST", target_path, JSON, size, EXPECTING, *headers, version=version)


def test_an_expected_body_is_asked_for(target: Target) -> None:
    with _no_change(target), Connection(target) as connection:
        connection.send(_expecting(PREVIEW, len(BUY), KEY))
        assert connection.read().status == 100
        connection.send(BUY + _LAST)
        check(connection.read(), Answer(200))
        check(connection.read(), _AFTER)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (_expecting(b"/nowhere", 48), Answer(404, "NOT_FOUND")),
        (_expecting(ACCOUNT, 48), Answer(405, "METHOD_NOT_ALLOWED", allow="GET")),
        (_expecting(TRADE, 48), Answer(401, "UNAUTHORIZED")),
        (_expecting(TRADE, 48, ADMIN), Answer(403, "INSUFFICIENT_SCOPE")),
        (_expecting(TRADE, 70_000, KEY), Answer(400, "INVALID_REQUEST", "must be at most 65536 bytes long")),
    ],
)
def test_a_body_that_would_be_for_nothing_is_not_asked_for(
    target: Target, raw: bytes, expected: Answer
) -> None:
    with _no_change(target), Connection(target) as connection:
        connection.send(raw)
        check(connection.read(), expected)
        connection.finish()
        connection.read_end()


def test_http_1_0_is_not_asked_for_a_body(target: Target) -> None:
    with _no_change(target), Connection(target) as connection:
        connection.send(_expecting(PREVIEW, len(BUY), KEY, version=b"HTTP/1.0"))
        connection.send(BUY)
        check(connection.read(), Answer(200))
        connection.read_end()


def test_only_the_request_whose_answer_gets_lost_is_aborted(target: Target) -> None:
    faults = b"/v1/api/simulation/faults"

    def set_faults(body: bytes) -> None:
        length = b"Content-Length: %d" % len(body)
        with Connection(target) as connection:
            connection.send(request(b"PUT", faults, ADMIN, JSON, length, body=body))
            assert connection.read().status == 200

    set_faults(b'{"lost_reply_rate":1}')
    with _one_trade(target), Connection(target) as connection:
        connection.send(_trade("lost") + get(LIVE) + get(LIVE))
        with pytest.raises((AssertionError, ConnectionResetError)):
            connection.read()
        # The account is looked at once the server has done its part.
        set_faults(b"{}")


def test_what_cannot_be_read_is_logged_with_its_id_and_its_reason(target: Target) -> None:
    target.failures.told.clear()
    with Connection(target) as connection:
        connection.send(b"secret\r\n\r\n")
        received = connection.read()
    request_id = received.headers["x-request-id"]
    (told,) = [line for line in target.failures.told if request_id in line]
    assert told.endswith("The request is not valid HTTP/1.1: Invalid method encountered")
    assert "secret" not in told


def test_a_normal_trade_still_works_and_would_have_been_seen(target: Target) -> None:
    before = target.state()
    with _one_trade(target), Connection(target) as connection:
        connection.send(post(TRADE, BUY))
        check(connection.read(), Answer(200))
    assert target.state() != before
