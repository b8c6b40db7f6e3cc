"""Full and broken disks: the request is answered 503, the server stops and says why, and nothing is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import apsw
import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from delivery.listening import listening
from in_process import terminal
from serving import environment, free_port, tradyn

RUNNER = Path(__file__).with_name("serve_on_failing_disk.py")


@dataclass
class Troubled:
    """A server on a disk that can be told to fail."""

    process: subprocess.Popen[str]
    data_dir: Path
    trouble: Path
    welcome: str
    log_file: Path

    def end(self) -> str:
        """What is in the log once it has ended by itself, with exit code 1 and no traceback."""
        assert self.process.wait(timeout=15) == 1
        log = self.log_file.read_text()
        assert "Traceback" not in log, log
        return log


@contextmanager
def on_a_failing_disk(folder: Path, trouble: str = "") -> Iterator[Troubled]:
    """A server that is ready; or that has ended before it was, with an empty welcome."""
    told, data_dir = folder / "trouble", folder / "data"
    told.write_text(trouble)
    command = [sys.executable, str(RUNNER), str(told), "serve", "--data-dir", str(data_dir)]
    command += [
        "--port",
        str(free_port()),
        "--clock",
        "manual",
        "--feed",
        "synthetic",
        "--rate-limit",
        "100000",
    ]
    log = folder / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command, env=environment(), stdout=subprocess.PIPE, stderr=output, text=True
        )
    try:
        assert process.stdout is not None
        welcome = ""
        for line in process.stdout:
            welcome += line
            if line.startswith("Stop with Ctrl-C"):
                break
        yield Troubled(process, data_dir, told, welcome, log)
    finally:
        process.kill()
        process.communicate()


def order(number: int) -> dict[str, Any]:
    return {"symbol": "EURUSD", "action": "buy", "volume": 0.01, "client_order_id": f"id-{number}"}


def trade(client: httpx.Client, number: int) -> httpx.Response:
    return client.post("/api/trade", json=order(number))


def credentials(data_dir: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((data_dir / "credentials.json").read_text())
    return content


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        ("full", "database or disk is full"),
        ("short", "database or disk is full"),
        ("write", "disk I/O error: write"),
        ("sync", "disk I/O error: sync"),
        ("read", "disk I/O error: read"),
        ("short read", "journal.sqlite"),
    ],
)
async def test_trouble_is_told_and_nothing_is_lost(tmp_path: Path, trouble: str, told: str) -> None:
    acknowledged: dict[int, Any] = {}
    with on_a_failing_disk(tmp_path) as server:
        assert server.welcome
        known = credentials(server.data_dir)
        headers = {"Authorization": f"Bearer {known['api_key']}"}
        with httpx.Client(base_url=known["base_url"], headers=headers, timeout=10) as client:
            for number in range(20):
                acknowledged[number] = trade(client, number).json()["data"]
            server.trouble.write_text(trouble)
            refused = []
            # Until the server is gone. A trade writes, and reads first whether its id was used before.
            with suppress(httpx.TransportError):
                for number in range(20, 1000):
                    answer = trade(client, number)
                    if answer.status_code == 200:
                        acknowledged[number] = answer.json()["data"]
                    else:
                        refused.append(answer)
        log = server.end()
    assert refused
    for answer in refused:
        envelope = answer.json()
        assert (answer.status_code, envelope["success"], envelope["code"]) == (503, False, "NOT_CONNECTED")
        # Where the journal lies is for who runs the server.
        assert "Not connected to the trading server" in envelope["error"]
        assert str(tmp_path) not in answer.text
    sentence = log.strip().splitlines()[-1]
    assert sentence.startswith("tradyn: The server has stopped. ")
    kept = "start again: what was acknowledged is there"
    for part in (told, str(tmp_path / "data"), kept, "tradyn journal verify --data-dir"):
        assert part in sentence
    assert tradyn("journal", "verify", "--data-dir", tmp_path / "data").returncode == 0
    async with terminal(data_dir=tmp_path / "data", feed="synthetic", start=None, test_keys=False) as sound:
        for number, result in acknowledged.items():
            assert await sound.ok("POST", "/api/trade", order(number)) == result, number
        deals = await sound.ok("GET", "/api/account/history", limit=1000)
        ids = [each["client_order_id"] for each in deals if each["client_order_id"]]
        assert len(ids) == len(set(ids))
        assert {f"id-{number}" for number in acknowledged} <= set(ids)


@pytest.mark.parametrize(("trouble", "is_new"), [("full", True), ("sync", True), ("read", False)])
async def test_a_start_on_a_troubled_disk_says_so(tmp_path: Path, trouble: str, is_new: bool) -> None:
    """Be it the very first, or one on a journal that is there; a later one on a sound disk goes well."""
    if not is_new:
        async with terminal(data_dir=tmp_path / "data", feed="synthetic"):
            pass
    with on_a_failing_disk(tmp_path, trouble) as server:
        log = server.end()
    assert server.welcome == ""
    (sentence,) = log.strip().splitlines()
    assert str(tmp_path / "data" / "journal.sqlite") in sentence
    assert "start again" in sentence
    async with terminal(data_dir=tmp_path / "data", feed="synthetic") as sound:
        assert (await sound.ok("GET", "/api/account"))["balance"] == 10_000


def test_what_is_damaged_is_not_said_to_be_there(tmp_path: Path) -> None:
    """A record that has changed under a server that works, found when it is read."""
    with on_a_failing_disk(tmp_path) as server:
        known = credentials(server.data_dir)
        headers = {"Authorization": f"Bearer {known['api_key']}"}
        with httpx.Client(base_url=known["base_url"], headers=headers, timeout=10) as client:
            assert trade(client, 1).status_code == 200
            with closing(apsw.Connection(str(server.data_dir / "journal.sqlite"))) as connection:
                connection.execute("UPDATE transactions SET payload = x'7b7d' WHERE client_order_id = 'id-1'")
            answer = trade(client, 1)
        sentence = server.end().strip().splitlines()[-1]
    assert (answer.status_code, answer.json()["code"]) == (503, "NOT_CONNECTED")
    assert "is damaged: its checksum does not fit. Keep a copy of the file, and restore" in sentence
    assert "what was acknowledged after that was made may be lost" in sentence
    assert "is there" not in sentence
    assert "tradyn journal verify --data-dir" in sentence


SUBSCRIPTIONS: Final[list[dict[str, Any]]] = [
    # Answered from the journal, and brought up from it.
    {"channel": "deals"},
    {"channel": "deals", "after": 0},
    # Put together from the journal from time to time.
    {"channel": "candles", "symbols": ["EURUSD"], "timeframe": "M1"},
]


@pytest.mark.parametrize("asked", SUBSCRIPTIONS, ids=["snapshot", "after", "candles"])
def test_trouble_is_told_on_the_stream(tmp_path: Path, asked: dict[str, Any]) -> None:
    """A request is answered, and what was being brought up is closed: both say NOT_CONNECTED."""
    heard: list[dict[str, Any]] = []
    with on_a_failing_disk(tmp_path) as server:
        known = credentials(server.data_dir)
        headers = {"Authorization": f"Bearer {known['api_key']}"}
        with httpx.Client(base_url=known["base_url"], headers=headers, timeout=10) as client:
            assert trade(client, 1).status_code == 200
        with listening(known["base_url"], known["api_key"]) as reader:
            server.trouble.write_text("read")
            reader.say(op="subscribe", id="mine", **asked)
            with pytest.raises(ConnectionClosed) as closed:
                while True:
                    heard.append(reader.hear())
        server.end()
    assert closed.value.rcvd is not None, "there was no close frame"
    told = [each for each in heard if each["event"] in ("error", "closing")]
    if asked["channel"] == "deals":
        assert [each["code"] for each in told] == ["NOT_CONNECTED"]
        assert told[0]["event"] == ("closing" if "after" in asked else "error")
    assert {each["code"] for each in told} <= {"NOT_CONNECTED"}
    assert str(tmp_path) not in json.dumps(heard)


def test_trouble_at_the_end_is_told_too(tmp_path: Path) -> None:
    with on_a_failing_disk(tmp_path) as server:
        server.trouble.write_text("full")
        server.process.terminate()
        sentence = server.end().strip().splitlines()[-1]
    assert "The server has stopped. Cannot write to the journal" in sentence
    assert "database or disk is full" in sentence
