"""Shapes of requests: paths, parameters and bodies, and the leniencies of stock connexion that are cured."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract.test_compiled_sample import Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()


# ── paths ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "",
        "*",
        "/v1",
        "/v1/",
        "/api/account",
        "/v2/api/account",
        "/v1/api",
        "/v1/api/account/",
        "/v1//api/account",
        "/v1/api/Account",
        "/v1/api%2Faccount",
        "/v1/api/account%2F",
        "/v1/api/positions/",
        "/v1/api/positions/1/2",
        "/v1/api/../api/account",
        "/v1/api/account;a=1",
        "/v1/api/\xff",
        "/v1/api/account%00",
        "x/v1/api/account",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_path_is_404_without_a_key(bench: Bench, target: str, method: str) -> None:
    reply = bench.ask(method, target, token=None)
    assert (reply.status, reply.json["code"], reply.json["success"]) == (404, "NOT_FOUND", False)
    assert bench.answered[0].operation_id is None


def test_the_path_of_a_404_is_echoed_short(bench: Bench) -> None:
    reply = bench.ask("GET", "/v1/" + "x" * 5000, token=None)
    assert len(reply.json["error"]) < 150


@pytest.mark.parametrize(
    ("target", "allow"),
    [("/v1/api/account", "GET"), ("/v1/api/positions/7", "GET, PATCH"), ("/v1/api/trade", "POST")],
)
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "get", "BREW"])
def test_a_wrong_method_is_405_with_all_that_are_right(
    bench: Bench, target: str, allow: str, method: str
) -> None:
    reply = bench.ask(method, target, token=None)
    assert reply.status == 405
    assert reply.header("allow") == allow
    if method == "HEAD":
        assert reply.body == b""
    else:
        assert reply.json["code"] == "METHOD_NOT_ALLOWED"


def test_a_constant_segment_wins_over_a_template(bench: Bench) -> None:
    assert bench.ask("GET", "/v1/api/positions/all").status == 200
    assert bench.sample.called == [("listPositions", {})]


def test_a_path_is_the_same_however_it_is_encoded(bench: Bench) -> None:
    assert bench.ask("GET", "/v1/%61pi/acc%6Funt").status == 200


@pytest.mark.parametrize(
    ("segment", "symbol"), [("EURUSD", "EURUSD"), ("EUR%2FUSD", "EUR/USD"), ("%45URUSD", "EURUSD")]
)
def test_an_encoded_slash_does_not_split(bench: Bench, segment: str, symbol: str) -> None:
    assert bench.ask("GET", f"/v1/api/quotes/{segment}").status == 200
    assert bench.sample.called == [("getQuote", {"symbol": symbol})]


def test_without_a_raw_path_the_decoded_one_is_used(bench: Bench) -> None:
    import asyncio

    from contract.test_compiled_sample import exchange

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/v1/health/live",
        "query_string": b"",
        "headers": [],
    }
    assert asyncio.run(exchange(bench.app, scope, None)).status == 200


# ── parameters ─────────────────────────────────────────────────────────────────────────────────────────────

INTEGER = "must be an integer, got "


@pytest.mark.parametrize(
    ("target", "at", "problem"),
    [
        ("/v1/api/positions/abc", "path.ticket", INTEGER + '"abc"'),
        ("/v1/api/positions/1.0", "path.ticket", INTEGER + '"1.0"'),
        ("/v1/api/positions/+5", "path.ticket", INTEGER + '"+5"'),
        ("/v1/api/positions/0", "path.ticket", "must be at least 1, got 0"),
        ("/v1/api/positions/-3", "path.ticket", "must be at least 1, got -3"),
        (
            "/v1/api/positions/9223372036854775808",
            "path.ticket",
            "must be at most 9223372036854775807, got 9223372036854775808",
        ),
        (
            "/v1/api/positions/" + "5" * 5000,
            "path.ticket",
            "must be an integer of at most 100 digits, got 5000",
        ),
        ("/v1/api/positions/%FF", "path.ticket", "must be UTF-8, percent-encoded"),
        ("/v1/api/positions/%zz", "path.ticket", "has a % that is not followed by two hexadecimal digits"),
        ("/v1/api/quotes/eur", "path.symbol", 'must match ^[A-Z/]+$, got "eur"'),
        ("/v1/api/quotes/EUR%0A", "path.symbol", 'must match ^[A-Z/]+$, got "EUR\\n"'),
        ("/v1/api/deals?limit=5000", "query.limit", "must be at most 1000, got 5000"),
        ("/v1/api/deals?limit=", "query.limit", INTEGER + '""'),
        ("/v1/api/deals?limit", "query.limit", INTEGER + '""'),
        ("/v1/api/deals?limit=%205%20", "query.limit", INTEGER + '" 5 "'),
        ("/v1/api/deals?limit=+5", "query.limit", INTEGER + '" 5"'),
        ("/v1/api/deals?limit=%2B5", "query.limit", INTEGER + '"+5"'),
        ("/v1/api/deals?limit=5_0", "query.limit", INTEGER + '"5_0"'),
        ("/v1/api/deals?limit=1.0", "query.limit", INTEGER + '"1.0"'),
        ("/v1/api/deals?limit=1e2", "query.limit", INTEGER + '"1e2"'),
        ("/v1/api/deals?limit=5%0A", "query.limit", INTEGER + '"5\\n"'),
        ("/v1/api/deals?limit=%D9%A5", "query.limit", INTEGER + '"\u0665"'),
        (
            "/v1/api/deals?limit=" + "9" * 5000,
            "query.limit",
            "must be an integer of at most 100 digits, got 5000",
        ),
        ("/v1/api/deals?limit=1&limit=1", "query.limit", "is given more than once"),
        ("/v1/api/deals?limit=1&%6Cimit=1", "query.limit", "is given more than once"),
        ("/v1/api/deals?volume=NaN", "query.volume", 'must be a number, got "NaN"'),
        ("/v1/api/deals?volume=.5", "query.volume", 'must be a number, got ".5"'),
        ("/v1/api/deals?volume=1e999", "query.volume", 'must be a number a double can hold, got "1e999"'),
        ("/v1/api/deals?volume=0", "query.volume", "must be greater than 0, got 0"),
        ("/v1/api/deals?open=True", "query.open", 'must be true or false, got "True"'),
        ("/v1/api/deals?open=1", "query.open", 'must be true or false, got "1"'),
        ("/v1/api/deals?state=lost", "query.state", 'must be one of "placed", "filled", got "lost"'),
        ("/v1/api/deals?symbol=EURUSD%0A", "query.symbol", 'must match ^[A-Z]{3,6}$, got "EURUSD\\n"'),
        ("/v1/api/deals?symbol=%FF", "query.symbol", "must be UTF-8, percent-encoded"),
        ("/v1/api/deals?symbol=%ED%A0%80", "query.symbol", "must be UTF-8, percent-encoded"),
        (
            "/v1/api/deals?foo=1",
            "query",
            'unknown parameter "foo"; this operation takes: from, limit, volume, open, symbol, state',
        ),
        ("/v1/api/account?a", "query", 'unknown parameter "a"; this operation takes: none'),
        ("/v1/api/deals?%FF=1", "query", "must be UTF-8, percent-encoded"),
    ],
)
def test_a_parameter_of_the_wrong_shape_is_400(bench: Bench, target: str, at: str, problem: str) -> None:
    reply = bench.ask("GET", target)
    assert reply.status == 400
    assert reply.details == [(at, problem)]
    assert reply.json["error"] == f"{at}: {problem}"
    assert (reply.json["code"], reply.json["retcode"]) == ("INVALID_REQUEST", 10013)
    assert bench.sample.called == []


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-30T00:00:00Z",
        "2025-01-01T23:59:60Z",
        "2025-01-01",
        "2025-01-01T00:00:00",
        "2025-01-01 00:00:00Z",
        "2025-01-01T24:00:00Z",
        "2025-01-01T00:00Z",
        "2025-01-01T00:00:00+24:00",
        "2025-01-01T00:00:00+0100",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "2025-01-01T00:00:00.Z",
        "2025-01-01T00:00:00Z\n",
        "\u0662025-01-01T00:00:00Z",
        "2025-01-01t00:00:00z",
        "2025-W01-1T00:00:00Z",
        "",
    ],
)
def test_a_time_that_cannot_be_is_refused(bench: Bench, text: str) -> None:
    from urllib.parse import quote

    reply = bench.ask("GET", f"/v1/api/deals?from={quote(text, safe='')}")
    assert reply.status == 400
    assert reply.details[0][1].startswith("must be an RFC 3339 date and time with its offset")
    body = {"symbol": "A", "action": "buy", "volume": 1, "expiration": text}
    assert [at for at, _ in bench.ask("POST", "/v1/api/trade", json_body=body).details] == ["body.expiration"]


@pytest.mark.parametrize(
    "text",
    [
        "2025-01-31T12:00:00Z",
        "2024-02-29T00:00:00.123456789Z",
        "2025-01-31T12:00:00.5-00:00",
        "9999-12-31T23:59:59Z",
    ],
)
def test_what_is_accepted_as_a_time_can_be_read_by_python(bench: Bench, text: str) -> None:
    from datetime import UTC, datetime

    assert bench.ask("GET", f"/v1/api/deals?from={text}").status == 200
    assert datetime.fromisoformat(bench.sample.called[0][1]["from_"]).astimezone(UTC)


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ("", {}),
        ("limit=7", {"limit": 7}),
        ("limit=007", {"limit": 7}),
        ("&&limit=7&", {"limit": 7}),
        ("volume=1.0", {"volume": 1.0}),
        ("volume=2", {"volume": 2}),
        ("volume=1e-2", {"volume": 0.01}),
        ("open=true", {"open_": True}),
        ("open=false", {"open_": False}),
        ("symbol=%45URUSD", {"symbol": "EURUSD"}),
        ("state=filled", {"state": "filled"}),
        ("from=2025-01-01T00%3A00%3A00%2B01:00", {"from_": "2025-01-01T00:00:00+01:00"}),
    ],
)
def test_parameters_reach_the_handler(bench: Bench, query: str, arguments: dict[str, Any]) -> None:
    assert bench.ask("GET", f"/v1/api/deals?{query}").status == 200
    given = bench.sample.called[0][1]
    assert given == {"limit": 100, "state": "placed", **arguments}
    assert {type(given[name]) for name in arguments} == {type(value) for value in arguments.values()}


def test_all_problems_are_told_but_not_more_than_twenty(bench: Bench) -> None:
    reply = bench.ask("PATCH", "/v1/api/positions/x?a=1", json_body={"sl": "x", "zz": 1})
    assert [at for at, _ in reply.details] == ["path.ticket", "query", "body.sl", "body"]
    reply = bench.ask("GET", "/v1/api/deals?" + "&".join(f"x{n}=1" for n in range(2000)))
    assert len(reply.details) == 20
    reply = bench.ask("POST", "/v1/api/trade", json_body={f"x{n}": 1 for n in range(100)})
    assert len(reply.details) == 20


def test_at_most_100_characters_of_a_value_are_echoed(bench: Bench) -> None:
    reply = bench.ask("GET", "/v1/api/deals?symbol=" + "Z" * 3000)
    assert 90 < reply.body.count(b"Z") <= 2 * 101  # once in `error`, once in `details`, and in the pattern
    body = {"symbol": "z" * 1900}
    assert len(bench.ask("POST", "/v1/api/trade", json_body=body).body) < 1300
    assert len(bench.ask("POST", "/v1/api/trade", json_body={"Z" * 1900: 1}).body) < 1300
    assert len(bench.ask("POST", "/v1/api/trade", body=b"[" + b"1," * 900 + b"1]").body) < 1000


# ── bodies ─────────────────────────────────────────────────────────────────────────────────────────────────

TRADE = {"symbol": "EURUSD", "action": "buy", "volume": 0.1}


@pytest.mark.parametrize(
    ("changes", "at", "problem"),
    [
        ({"volume": -1}, "body.volume", "must be greater than 0, got -1"),
        ({"volume": 101}, "body.volume", "must be at most 100, got 101"),
        ({"volume": "1"}, "body.volume", 'must be a number, got "1"'),
        ({"volume": None}, "body.volume", "must be a number, got null"),
        ({"volume": True}, "body.volume", "must be a number, got true"),
        ({"symbol": "eurusd"}, "body.symbol", 'must match ^[A-Z]+$, got "eurusd"'),
        ({"symbol": "EURUSD\n"}, "body.symbol", 'must match ^[A-Z]+$, got "EURUSD\\n"'),
        ({"symbol": "A" * 13}, "body.symbol", 'must be at most 12 characters long, got 13: "AAAAAAAAAAAAA"'),
        ({"action": "hold"}, "body.action", 'must be one of "buy", "sell", got "hold"'),
        ({"magic": 1.0}, "body.magic", "must be an integer, got 1.0"),
        ({"magic": 2**31}, "body.magic", "must be at most 2147483647, got 2147483648"),
        ({"magic": 10**50}, "body.magic", f"must be at most 2147483647, got {10**50}"),
        ({"tags": ["a", "b", "c"]}, "body.tags", "must have at most 2 items, got 3"),
        ({"tags": ["a", "a"]}, "body.tags", 'must not have the same item twice, got ["a","a"]'),
        ({"tags": ["a", 1]}, "body.tags[1]", "must be a string, got 1"),
        ({"tags": [""]}, "body.tags[0]", 'must be at least 1 character long, got 0: ""'),
        ({"tags": {}}, "body.tags", "must be an array, got {}"),
        ({"hook": "nowhere"}, "body.hook", 'must be an absolute URI, got "nowhere"'),
        (
            {"sl2": 1},
            "body",
            '"sl2" is not a known property; known: '
            "symbol, action, volume, magic, expiration, tags, hook, comment",
        ),
    ],
)
def test_a_body_of_the_wrong_shape_is_400(
    bench: Bench, changes: dict[str, Any], at: str, problem: str
) -> None:
    reply = bench.ask("POST", "/v1/api/trade", json_body={**TRADE, **changes})
    assert (reply.status, reply.details) == (400, [(at, problem)])
    assert reply.json["error"] == f"{at}: {problem}"


@pytest.mark.parametrize(
    ("method", "target", "body", "details"),
    [
        ("POST", "/v1/api/trade", b"[]", [("body", "must be an object, got []")]),
        ("POST", "/v1/api/trade", b"null", [("body", "must be an object, got null")]),
        ("POST", "/v1/api/trade", b"{}", [(f"body.{name}", "is required") for name in TRADE]),
        ("POST", "/v1/api/trade", b"", [("body", "is required")]),
        ("POST", "/v1/api/trade", None, [("body", "is required")]),
        ("POST", "/v1/api/trade", [b"", b""], [("body", "is required")]),
        (
            "PATCH",
            "/v1/api/positions/1",
            b"{}",
            [("body", "must have at least 1 property of sl, tp, mode, got 0")],
        ),
        ("PATCH", "/v1/api/positions/1", b"null", [("body", "must be an object, got null")]),
        ("PATCH", "/v1/api/positions/1", b'{"sl":"x"}', [("body.sl", 'must be a number or null, got "x"')]),
        (
            "PATCH",
            "/v1/api/positions/1",
            b'{"mode":"x"}',
            [("body.mode", 'must be one of "hard", "soft", null, got "x"')],
        ),
        (
            "POST",
            "/v1/api/preview",
            b'{"symbol":"A","action":"buy","volume":-1}',
            [("body.volume", "must be greater than 0, got -1")],
        ),
        ("POST", "/v1/api/preview", b'{"symbol":"A","type":2}', [("body.price", "is required")]),
    ],
)
def test_whole_bodies(bench: Bench, method: str, target: str, body: Any, details: Any) -> None:
    reply = bench.ask(method, target, body)
    assert (reply.status, reply.details) == (400, details)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"\xff", "must be UTF-8; byte 0 is not"),
        (b'{"a":"\xed\xa0\x80"}', "must be UTF-8; byte 6 is not"),
        ('{"a":1}'.encode("utf-16"), "must be UTF-8; byte 0 is not"),
        (b"\xef\xbb\xbf{}", "must not begin with a byte order mark"),
        (b"NaN", "is not JSON: NaN is no number in JSON"),
        (b"[-Infinity]", "is not JSON: -Infinity is no number in JSON"),
        (b"1e400", 'has a number that no double can hold: "1e400"'),
        (b"[-1e999]", 'has a number that no double can hold: "-1e999"'),
        (b'{"a":1,"b":2,"a":1}', 'has the key "a" twice in one object'),
        (b'[{"a":1,"\\u0061":2}]', 'has the key "a" twice in one object'),
        (b'{"\\ud800":1,"\\ud800":2}', "has the key \\ud800 twice in one object"),
        (b"5" * 5000, "has an integer of 5000 digits; at most 100 are read"),
        (b"[" * 33 + b"]" * 33, "is nested deeper than 32 levels"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "is nested deeper than 32 levels"),
        (b"[" * 30_000 + b"]" * 30_000, "is nested deeper than 32 levels"),
        (b"[" * 60_000, "is nested deeper than 32 levels"),
        (b'"\\ud800"', "has a string with half a surrogate pair (\\ud800 to \\udfff)"),
        (b'{"\\uDC00x":1}', "has a string with half a surrogate pair (\\ud800 to \\udfff)"),
        (b'{"a":1} x', "is not JSON: Extra data at character 8"),
        (b"{'a':1}", "is not JSON: Expecting property name enclosed in double quotes at character 1"),
        (b"[1,]", "is not JSON: Expecting value at character 3"),
        (b" ", "is not JSON: Expecting value at character 1"),
        (b"01", "is not JSON: Extra data at character 1"),
        (b'"\n"', "is not JSON: Invalid control character at at character 1"),
        (b"a" * 65_537, "must be at most 65536 bytes long"),
    ],
)
def test_what_is_not_strict_json_is_400(bench: Bench, body: bytes, problem: str) -> None:
    reply = bench.ask("POST", "/v1/api/echo", body)
    assert (reply.status, reply.details) == (400, [("body", problem)])


@pytest.mark.parametrize(
    "text",
    [
        '{"a":{"a":1}}',
        '"\\ud83d\\ude00 \\u00e9"',
        "[" * 32 + "]" * 32,
        "[{},{}]",
        "-0.0",
        "1E2",
        "12345678901234567890123",
        " [1.5, 2]\r\n\t",
        "[" + "{}," * 40 + "1]",
        "null",
        "false",
    ],
)
def test_strict_json_reaches_the_handler(bench: Bench, text: str) -> None:
    assert bench.ask("POST", "/v1/api/echo", text.encode()).status == 200
    assert bench.sample.called == [("echo", {"body": json.loads(text)})]


def test_body_defaults_are_not_filled_in_and_an_absent_body_is_none(bench: Bench) -> None:
    for body, given in ((b'{"tp":null}', {"tp": None}), (None, None), (b"", None), ([b""], None)):
        bench.sample.called.clear()
        assert bench.ask("PATCH", "/v1/api/positions/7", body).status == 200
        assert bench.sample.called == [("modifyPosition", {"ticket": 7, "body": given})]


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        'Application/Json;Charset="UTF-8"',
        "application/json ; charset=UTF-8",
        "application/json;",
    ],
)
def test_content_types_of_json(bench: Bench, content_type: str) -> None:
    assert bench.ask("POST", "/v1/api/echo", b"1", headers={"content-type": content_type}).status == 200


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
        "application/json; charset=latin-1",
        "application/json, text/plain",
        "application/json; version=1",
        "",
        "application/merge-patch+json",
    ],
)
def test_other_content_types_are_400(bench: Bench, content_type: str) -> None:
    reply = bench.ask("POST", "/v1/api/echo", b"1", headers={"content-type": content_type})
    assert reply.status == 400
    assert reply.details[0][0] == "header.Content-Type"


def test_headers_of_a_body(bench: Bench) -> None:
    assert bench.ask("POST", "/v1/api/echo", b"1", headers={"content-type": "-"}).details == [
        ("header.Content-Type", "is required with a body and must be application/json")
    ]
    twice = [("content-type", "application/json")] * 2
    assert bench.ask("POST", "/v1/api/echo", b"1", headers=twice).status == 400
    assert bench.ask("POST", "/v1/api/echo", b"1", headers={"content-encoding": "Identity"}).status == 200
    assert bench.ask("POST", "/v1/api/echo", b"1", headers={"content-encoding": "gzip"}).details == [
        ("header.Content-Encoding", 'must be identity or absent, got "gzip"')
    ]
    # Without a body they say nothing.
    odd = {"content-type": "multipart/form-data", "content-encoding": "gzip"}
    assert bench.ask("GET", "/v1/api/account", headers=odd).status == 200
    assert bench.ask("PATCH", "/v1/api/positions/7", headers=odd).status == 200


def test_a_body_in_pieces_is_one_body(bench: Bench) -> None:
    assert bench.ask("POST", "/v1/api/echo", [b"", b"[1", b",2]", b""]).status == 200
    assert bench.sample.called == [("echo", {"body": [1, 2]})]


def test_no_more_is_read_than_the_limit_needs(bench: Bench) -> None:
    reply = bench.ask("POST", "/v1/api/trade", [b"x" * 1000] * 50)
    assert (reply.details, reply.received) == ([("body", "must be at most 2000 bytes long")], 3)
    reply = bench.ask("POST", "/v1/api/trade", b"x" * 2001)
    assert (reply.details, reply.received) == ([("body", "must be at most 2000 bytes long")], 0)
    reply = bench.ask("POST", "/v1/api/trade", [b"", b"x", b"x"], headers={"content-type": "text/plain"})
    assert (reply.status, reply.received) == (400, 2)


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 200), ([b"", b""], 200), (b"{}", 400), ([b"", b" "], 400), (b"x" * 100_000, 400)],
)
def test_an_operation_without_a_body_takes_none(bench: Bench, body: Any, status: int) -> None:
    reply = bench.ask("GET", "/v1/api/account", body)
    assert reply.status == status
    if status == 400:
        assert reply.details == [("body", "this operation takes no body")]


def test_without_an_announced_body_nothing_is_read(bench: Bench) -> None:
    assert bench.ask("GET", "/v1/api/account").received == 0
    assert bench.ask("PATCH", "/v1/api/positions/7").received == 0


def test_a_client_that_leaves_gets_no_answer(bench: Bench) -> None:
    import asyncio

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        raise AssertionError(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/api/echo",
        "query_string": b"",
        "headers": [(b"content-length", b"5"), (b"content-type", b"application/json")],
    }
    asyncio.run(bench.app(scope, receive, send))  # type: ignore[arg-type]
    assert [(each.status, each.operation_id) for each in bench.answered] == [(0, "echo")]
    assert bench.sample.called == []
