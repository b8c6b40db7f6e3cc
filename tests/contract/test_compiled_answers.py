"""The order of the checks, and every answer: headers, schemas, failures, lost replies, what is reported."""

from __future__ import annotations

import asyncio
import json
import logging
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from contract.test_compiled_sample import Bench, exchange
from tradyn.contract import Admission, compile_contract
from tradyn.errors import ApiError, Problem
from tradyn.lasting import Lasting


@pytest.fixture
def bench() -> Bench:
    return Bench()


# ── order ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_check_that_applies_is_the_answer(bench: Bench) -> None:
    """One request with everything wrong; each time the answer is understood, one thing less is."""
    method, target, token, body = "PUT", "/v1/api/nowhere/x?foo=1", None, b"\xff"

    def code() -> tuple[int, str | None]:
        reply = bench.ask(method, target, body, token=token)
        return reply.status, reply.json.get("code")

    bench.sample.outcome = ApiError("NOT_FOUND", "no such position")
    bench.guard.refusal = ApiError("RATE_LIMITED", "too fast")
    assert code() == (404, "NOT_FOUND")
    target = "/v1/api/positions/x?foo=1"
    assert code() == (405, "METHOD_NOT_ALLOWED")
    method = "PATCH"
    assert code() == (401, "UNAUTHORIZED")
    assert bench.guard.asked == []
    token = "bad"
    assert code() == (429, "RATE_LIMITED")
    bench.guard.refusal = None
    assert code() == (403, "INVALID_API_KEY")
    token = "good"
    assert code() == (400, "INVALID_REQUEST")
    assert bench.sample.called == []
    target, body = "/v1/api/positions/1", b'{"sl":1}'
    assert code() == (404, "NOT_FOUND")
    bench.sample.outcome = ApiError("NO_CHANGES", "nothing to change")
    assert code() == (400, "NO_CHANGES")
    bench.sample.outcome = None
    assert code() == (200, None)
    assert bench.guard.asked[-1] == ("modifyPosition", frozenset({"trade"}), "good")


@pytest.mark.parametrize(
    "values",
    [
        [],
        [""],
        ["Bearer"],
        ["Bearer "],
        ["Basic good"],
        ["good"],
        ["Bearer a b"],
        ["Bearer good, Bearer good"],
        ["Bearer good", "Bearer good"],
        ["Bearer g\xf6\xf6d"],
        ["Bearergood"],
        ["Bearer\tgood"],
        ["", "Bearer good"],
        ["Bearer good\n"],
    ],
)
def test_401(bench: Bench, values: list[str]) -> None:
    headers = [("Authorization", value) for value in values]
    reply = bench.ask("GET", "/v1/api/account", token=None, headers=headers)
    assert (reply.status, reply.json["code"]) == (401, "UNAUTHORIZED")
    assert reply.header("www-authenticate") == "Bearer"


@pytest.mark.parametrize("value", ["Bearer good", "bearer good", "BEARER  good"])
def test_the_scheme_has_no_case(bench: Bench, value: str) -> None:
    assert bench.ask("GET", "/v1/api/account", token=None, headers={"authorization": value}).status == 200


def test_an_operation_without_security_asks_nobody(bench: Bench) -> None:
    assert bench.ask("GET", "/v1/health/live", token=None).status == 200
    assert bench.ask("GET", "/v1/health/live", token="anything").status == 200
    assert bench.guard.asked == []


# ── headers ────────────────────────────────────────────────────────────────────────────────────────────────

REQUESTS = [
    ("GET", "/v1/api/account", "good", 200),
    ("GET", "/nowhere", "good", 404),
    ("POST", "/v1/api/account", "good", 405),
    ("GET", "/v1/api/account", None, 401),
    ("GET", "/v1/api/account", "bad", 403),
    ("GET", "/v1/api/deals?a=1", "good", 400),
]


@pytest.mark.parametrize(("method", "target", "token", "status"), REQUESTS)
def test_headers_of_every_answer(
    bench: Bench, method: str, target: str, token: str | None, status: int
) -> None:
    reply = bench.ask(method, target, token=token, headers={"X-Request-Id": "my~id"})
    assert reply.status == status
    names = [name for name, _ in reply.headers]
    assert len(names) == len(set(names))
    assert all(name == name.lower() for name in names)
    assert reply.header("content-type") == "application/json"
    assert reply.header("content-length") == str(len(reply.body))
    assert reply.header("cache-control") == "no-store"
    assert reply.header("x-request-id") == "my~id"
    if status != 200:
        assert reply.json["request_id"] == "my~id"
        assert set(reply.json) - {"details"} == {"success", "error", "code", "retcode", "request_id"}


@pytest.mark.parametrize("value", ["", "a b", "a" * 129, "\xe4", "a\x7f", "\t", "a\r\nb"])
def test_a_request_id_that_cannot_be_echoed_is_made(bench: Bench, value: str) -> None:
    first = bench.ask("GET", "/v1/api/account", headers={"X-Request-Id": value}).header("x-request-id")
    second = bench.ask("GET", "/v1/api/account", headers={"X-Request-Id": value}).header("x-request-id")
    assert first and second and first != second and value != first
    assert (
        bench.ask("GET", "/", headers=[("X-Request-Id", "a"), ("X-Request-Id", "a")]).json["request_id"]
        != "a"
    )
    assert bench.ask("GET", "/", headers={"X-Request-Id": "a" * 128}).json["request_id"] == "a" * 128


def test_headers_of_the_admission_are_on_every_later_answer(bench: Bench) -> None:
    for outcome in (None, ApiError("NOT_FOUND", "gone"), RuntimeError("boom"), {"wrong": 1}):
        bench.sample.outcome = outcome
        assert bench.ask("GET", "/v1/api/account").header("ratelimit") == "r=99"
    assert bench.ask("GET", "/v1/api/account?a=1").header("ratelimit") == "r=99"
    assert bench.ask("GET", "/v1/api/account", token="bad").header("ratelimit") is None


def test_headers_of_an_error_are_on_its_answer(bench: Bench) -> None:
    bench.guard.refusal = ApiError("RATE_LIMITED", "too fast", headers={"Retry-After": "1"})
    reply = bench.ask("GET", "/v1/api/account")
    assert (reply.status, reply.header("retry-after")) == (429, "1")


# ── failures ───────────────────────────────────────────────────────────────────────────────────────────────


def envelope(data: Any) -> dict[str, Any]:
    return {"success": True, "data": data}


@pytest.mark.parametrize(
    "outcome",
    [
        RuntimeError("secret"),
        ValueError("secret"),
        KeyError("secret"),
        RecursionError("secret"),
        StopAsyncIteration(),
        {"wrong": "secret"},
        [],
        "secret",
        7,
        ({"success": True, "data": None}, 200),
        envelope({"ticket": "secret"}),
        envelope({"ticket": 1.0}),
        envelope({"ticket": 1, "time": "secret"}),
        envelope({"ticket": 1, "more": "secret"}),
        envelope({"ticket": 2**70}),
        envelope({"ticket": Decimal(1)}),
        envelope({"ticket": 1, "time": datetime(2025, 1, 1)}),
        envelope({"ticket": 1, "time": "\ud800"}),
        ApiError("NOT_CONNECTED", "secret: 503 is not documented here"),
        ApiError("NOT_FOUND", "secret" * 100),
        # In the details, because the message would stand in the log, and pytest-xdist sends no half pairs.
        ApiError("NOT_FOUND", "x", details=[Problem("secret", "\ud800")]),
        ApiError("NOT_FOUND", "x", details=[Problem("secret", "x")] * 21),
    ],
)
def test_what_is_not_in_the_document_is_a_500_that_tells_nothing(
    bench: Bench, outcome: Any, caplog: pytest.LogCaptureFixture
) -> None:
    bench.sample.outcome = outcome
    body = {"symbol": "EURUSD", "action": "buy", "volume": 0.1}
    with caplog.at_level(logging.INFO, "tradyn.contract"):
        reply = bench.ask("POST", "/v1/api/trade", json_body=body)
    assert (reply.status, reply.json["code"]) == (500, "INTERNAL_ERROR")
    assert (
        reply.json["error"]
        == "The server failed at this request; its log has the reason under the request_id."
    )
    assert b"secret" not in reply.body
    (record,) = [each for each in caplog.records if each.name == "tradyn.contract"]
    assert record.levelno == logging.ERROR
    assert reply.json["request_id"] in record.getMessage()
    if isinstance(outcome, Exception) and not isinstance(outcome, ApiError):
        assert record.exc_info is not None
    assert (bench.answered[0].status, bench.answered[0].code) == (500, "INTERNAL_ERROR")


def test_a_lasting_answer_is_checked_once_and_its_bytes_are_sent_again(bench: Bench) -> None:
    lasting = Lasting(envelope({"ticket": 1}))
    bench.sample.outcome = lasting
    body = {"symbol": "EURUSD", "action": "buy", "volume": 0.1}
    first = bench.ask("POST", "/v1/api/trade", json_body=body)
    assert (first.status, first.json) == (200, lasting)
    assert lasting.payload == first.body
    lasting["data"] = "no longer looked at"
    again = bench.ask("POST", "/v1/api/trade", json_body=body)
    assert (again.status, again.body) == (200, first.body)


def test_a_lasting_answer_that_does_not_fit_is_a_500_each_time(bench: Bench) -> None:
    lasting = Lasting(envelope({"ticket": "secret"}))
    bench.sample.outcome = lasting
    body = {"symbol": "EURUSD", "action": "buy", "volume": 0.1}
    replies = [bench.ask("POST", "/v1/api/trade", json_body=body) for _ in range(2)]
    assert [each.status for each in replies] == [500, 500]
    assert lasting.payload is None


def test_a_guard_that_fails_is_a_500(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.guard.refusal = RuntimeError("secret")
    reply = bench.ask("GET", "/v1/api/account")
    assert (reply.status, b"secret" in reply.body) == (500, False)
    assert "secret" in caplog.text


def test_a_500_that_was_meant_is_not_logged_as_a_failure(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.guard.refusal = ApiError("INTERNAL_ERROR", "a fault that was asked for")
    reply = bench.ask("GET", "/v1/api/account")
    assert (reply.status, reply.json["error"]) == (500, "a fault that was asked for")
    assert not caplog.records


@pytest.mark.parametrize("data", [None, {"ticket": 1}, {"ticket": 1, "time": "2025-01-01T00:00:00Z"}])
def test_nullable_beside_a_composition_means_or_null(bench: Bench, data: Any) -> None:
    bench.sample.outcome = envelope(data)
    reply = bench.ask("POST", "/v1/api/trade", json_body={"symbol": "A", "action": "buy", "volume": 1})
    assert (reply.status, reply.json) == (200, envelope(data))


def test_answers_are_utf8_json(bench: Bench) -> None:
    bench.sample.outcome = envelope(["ä", 1.08, 1, True, None])
    reply = bench.ask("GET", "/v1/api/account")
    assert reply.body == '{"success":true,"data":["ä",1.08,1,true,null]}'.encode()
    assert reply.header("content-length") == str(len(reply.body))


# ── lost replies, reports ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("outcome", [None, ApiError("NOT_FOUND", "gone"), RuntimeError("boom")])
def test_a_lost_reply_runs_the_handler_and_closes_the_connection(bench: Bench, outcome: Any) -> None:
    bench.guard.admission = Admission({"key_id": "k1", "login": 1}, lose_reply=True)
    bench.sample.outcome = outcome
    aborted: list[bool] = []
    extensions = {"tradyn.abort": lambda: aborted.append(True)}
    reply = bench.ask("GET", "/v1/api/positions/7", extensions=extensions)
    assert (reply.status, reply.headers, reply.body, aborted) == (0, [], b"", [True])
    assert bench.sample.called == [("getPosition", {"ticket": 7})]
    assert [(each.status, each.code, each.key_id) for each in bench.answered] == [(0, None, "k1")]


@pytest.mark.parametrize("extensions", [None, {}])
def test_a_lost_reply_where_the_server_cannot_close(bench: Bench, extensions: Any) -> None:
    bench.guard.admission = Admission({}, lose_reply=True)
    with pytest.raises(ConnectionAbortedError):
        bench.ask("GET", "/v1/api/positions/7", extensions=extensions)
    assert len(bench.sample.called) == len(bench.answered) == 1


def test_a_malformed_request_is_answered_also_where_replies_are_lost(bench: Bench) -> None:
    bench.guard.admission = Admission({}, lose_reply=True)
    assert bench.ask("GET", "/v1/api/positions/x").status == 400


@pytest.mark.parametrize(
    ("method", "target", "token", "expected"),
    [
        ("GET", "/v1/api/account", "good", ("getAccount", 200, None, "k1", 1001)),
        ("GET", "/nowhere", "good", (None, 404, "NOT_FOUND", None, None)),
        ("POST", "/v1/api/account", "good", (None, 405, "METHOD_NOT_ALLOWED", None, None)),
        ("GET", "/v1/api/account", None, ("getAccount", 401, "UNAUTHORIZED", None, None)),
        ("GET", "/v1/api/account", "bad", ("getAccount", 403, "INVALID_API_KEY", None, None)),
        ("GET", "/v1/api/deals?a=1", "good", ("listDeals", 400, "INVALID_REQUEST", "k1", 1001)),
    ],
)
def test_each_request_is_reported_once(
    bench: Bench, method: str, target: str, token: str | None, expected: tuple[Any, ...]
) -> None:
    bench.ask(method, target, token=token, headers={"X-Request-Id": "r1"})
    (answered,) = bench.answered
    assert (
        answered.operation_id,
        answered.status,
        answered.code,
        answered.key_id,
        answered.login,
    ) == expected
    path = target.partition("?")[0]
    assert (answered.request_id, answered.method, answered.path) == ("r1", method, path)
    assert 0 < answered.seconds < 5


def test_a_report_that_fails_does_not_hinder_the_answer(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    from contract.test_compiled_sample import DOCUMENT

    def fail(_: Any) -> None:
        raise RuntimeError("no room in the log")

    bench.app = compile_contract(DOCUMENT, bench.sample.handlers(), bench.guard, fail)
    assert bench.ask("GET", "/v1/api/account").status == 200
    assert "no room in the log" in caplog.text


def test_what_is_no_http_is_left_alone(bench: Bench) -> None:
    reply = asyncio.run(exchange(bench.app, {"type": "lifespan"}, None))
    assert (reply.status, bench.answered) == (0, [])


def test_many_requests_at_once_do_not_mix(bench: Bench) -> None:
    import httpx

    async def ask_all() -> list[httpx.Response]:
        transport = httpx.ASGITransport(bench.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://h") as client:
            return await asyncio.gather(
                *(
                    client.post("/v1/api/echo", json={"n": n}, headers={"X-Request-Id": f"r{n}"})
                    for n in range(50)
                )
            )

    replies = asyncio.run(ask_all())
    assert [reply.headers["x-request-id"] for reply in replies] == [f"r{n}" for n in range(50)]
    assert sorted(json.dumps(given) for _, given in bench.sample.called) == sorted(
        json.dumps({"body": {"n": n}}) for n in range(50)
    )
