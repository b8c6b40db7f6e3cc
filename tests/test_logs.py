"""The log: one line a request, readable by machines, and never a secret in it."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from serving import Running, serving
from tradyn.access import LIVE_PREFIX, generate_key

FIELDS = {
    "event",
    "level",
    "timestamp",
    "method",
    "path",
    "status",
    "code",
    "ms",
    "operation",
    "login",
    "key_id",
    "request_id",
}


def test_json_lines_match_the_answers(tmp_path: Path) -> None:
    stranger = generate_key(LIVE_PREFIX)
    with serving(tmp_path / "data", "--log-format", "json") as server, server.client() as client:
        own, admin = server.credentials["api_key"], server.credentials["admin_key"]
        answers = [
            client.get("/api/account"),
            client.get("/api/account", headers={"X-Request-Id": "mine-1"}),
            client.get("/api/account", headers={"X-Request-Id": 'a"b\\c'}),
            client.get("/api/account", params={"api_key": own, "token": stranger}),
            client.get("/api/account", headers={"Authorization": f"Bearer {stranger}"}),
            client.get("/api/account", headers={"Authorization": f"Bearer {own[:-1]}"}),
            client.get("/api/account", headers={"Authorization": f"Basic {own}"}),
            client.get("/api/account", headers={"Authorization": own}),
            client.get("/api/accounts", headers={"Authorization": f"Bearer {admin}"}),
            client.post("/api/trade", json={"symbol": "EURUSD", "action": "buy", "volume": 0.01}),
            client.post("/api/trade", content=own, headers={"Content-Type": "application/json"}),
            client.get("/api/nothing%0A%1B[31mred"),
            client.put("/api/account"),
            client.head("/api/account"),
            client.get("/health/live"),
        ]
    all_lines = [json.loads(line) for line in server.log.splitlines()]
    lines = [line for line in all_lines if line["event"] == "request"]
    (note,) = [line for line in all_lines if line not in lines]
    assert (note["event"], note["address"]) == ("A request with an invalid API key", "127.0.0.1")
    assert note["key"] == "not valid, or not any more"
    assert all(set(line) == FIELDS for line in lines)
    assert [line["request_id"] for line in lines] == [each.headers["x-request-id"] for each in answers]
    assert [line["status"] for line in lines] == [each.status_code for each in answers]
    assert [line["method"] for line in lines] == [each.request.method for each in answers]
    assert [line["code"] for line in lines] == [
        each.json().get("code") if each.content else "METHOD_NOT_ALLOWED" for each in answers
    ]
    assert lines[0]["operation"] == "getAccount"
    assert lines[0]["login"] == server.credentials["login"]
    assert lines[1]["request_id"] == "mine-1"
    assert all(isinstance(line["ms"], float) and line["ms"] > 0 for line in lines)
    _holds_no_secret(server, stranger)


def test_text_lines_say_only_what_there_is_to_say(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server, server.client() as client:
        client.get("/api/account")
        client.get("/api/positions/77")
    first, second = server.log.splitlines()
    assert "request method=GET path=/v1/api/account status=200 ms=" in first
    assert "None" not in first + second
    assert "code=NOT_FOUND" in second
    assert "\x1b" not in first + second
    _holds_no_secret(server)


def test_a_key_in_the_path_is_not_logged(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--log-format", "json") as server, server.client() as client:
        own, admin = server.credentials["api_key"], server.credentials["admin_key"]
        client.get(f"/api/positions/{own}")
        client.delete(f"/api/keys/{own}")
        client.get(f"/{admin}")
        httpx.get(f"{server.root}/v1/api/account?key={own}")
        echoed = client.get("/api/account", headers={"X-Request-Id": own})
    assert own not in echoed.headers["x-request-id"]
    assert len(server.log.splitlines()) == 5
    assert json.loads(server.log.splitlines()[1])["path"] == "/v1/api/keys/tk_live_…"
    _holds_no_secret(server)


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_nothing_is_logged_at_a_quiet_start_and_stop(tmp_path: Path, log_format: str) -> None:
    with serving(tmp_path / "data", "--log-format", log_format) as server:
        pass
    assert server.log == ""


def _holds_no_secret(server: Running, *more: str) -> None:
    known = server.credentials
    for secret in (known["api_key"], known["admin_key"], *more):
        assert secret[16:] not in server.log
