"""The command line as a demanding stranger would use it: every promise, and every mistake."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from serving import TRADYN, Running, environment, free_port, refusal, serving, tradyn
from tradyn import __version__
from tradyn.access import LIVE_PREFIX, TEST_PREFIX, generate_key, is_wellformed

SERVE_OPTIONS = re.findall(
    r"\S+",
    "--config --host --port --data-dir --feed --seed --clock --speed --start --profile --rate-limit "
    "--failed-auth-limit --cors-origin --log-format --instruments --symbol --spread --test-keys "
    "--allowed-host --behind-tls-proxy --insecure-listen",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for the tests that only talk to it."""
    with serving(tmp_path_factory.mktemp("cli") / "data") as running:
        yield running


@pytest.fixture(scope="module")
def at_rest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that has been used, with a position in it; to be copied."""
    folder = tmp_path_factory.mktemp("rest") / "data"
    with serving(folder, "--clock", "manual") as running, running.client() as client:
        _buy(client)
    return folder


@pytest.fixture
def folder(at_rest: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(at_rest, tmp_path / "data"))


def _buy(client: httpx.Client, **more: Any) -> Any:
    order = {"symbol": "EURUSD", "action": "buy", "volume": 0.01, **more}
    return client.post("/api/trade", json=order).raise_for_status().json()["data"]


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def _printed_request(welcome: str) -> tuple[str, dict[str, str], str | None]:
    """Address, headers and body of the curl command, as a shell would read it."""
    lines = welcome.replace("\\\n", " ").splitlines()
    (command,) = [shlex.split(line) for line in lines if line.strip().startswith("curl ")]
    headers, body, address = {}, None, ""
    rest = iter(command[1:])
    for each in rest:
        if each == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif each == "-d":
            body = next(rest)
        elif each != "-s":
            address = each
    return address, headers, body


def _paste(welcome: str) -> Any:
    address, headers, body = _printed_request(welcome)
    answer = (
        httpx.get(address, headers=headers)
        if body is None
        else httpx.post(address, headers=headers, content=body)
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


# ---------------------------------------------------------------------- the first start


def test_the_first_start(tmp_path: Path) -> None:
    with serving(tmp_path / "a" / "data") as server:
        known = server.credentials
        assert list(known) == ["base_url", "login", "api_key", "admin_key"]
        assert known["base_url"] == f"http://127.0.0.1:{server.port}/v1"
        assert stat.S_IMODE((server.data_dir / "credentials.json").stat().st_mode) == 0o600
        assert stat.S_IMODE(server.data_dir.stat().st_mode) == 0o700
        assert is_wellformed(known["api_key"])
        assert known["api_key"].startswith(LIVE_PREFIX)
        for said in (known["base_url"], known["api_key"], "10,000.00 USD", "1:100", str(known["login"])):
            assert said in server.welcome
        assert known["admin_key"] not in server.welcome
        with server.client() as client:
            account = client.get("/api/account").json()["data"]
        assert (account["balance"], account["currency"], account["leverage"]) == (10_000, "USD", 100)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is missing")
def test_the_printed_request_is_pasted_into_a_shell_and_fills(server: Running) -> None:
    start = server.welcome.index("  curl")
    command = server.welcome[start : server.welcome.index("\n\n", start)]
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout)
    assert answer["success"], answer
    with server.client() as client:
        held = client.get(f"/api/positions/{answer['data']['ticket']}").json()["data"]
    assert (held["symbol"], held["volume"]) == ("EURUSD", 0.1)
    assert held["sl"] < held["price_open"] < held["tp"]


@pytest.mark.parametrize("options", [("--feed", "push"), ("--feed", "push", "--clock", "manual")])
def test_without_quotes_the_printed_request_works_too(tmp_path: Path, options: tuple[str, ...]) -> None:
    with serving(tmp_path / "data", *options) as server:
        assert _paste(server.welcome)["balance"] == 10_000
        assert "push" in server.welcome
        with server.client("admin_key") as admin, server.client() as client:
            quote = {"symbol": "EURUSD", "bid": 1.1, "ask": 1.1001}
            admin.post("/api/simulation/quotes", json={"quotes": [quote]}).raise_for_status()
            assert _buy(client)["price"] == 1.1001


def test_the_printed_request_fits_another_catalogue(tmp_path: Path) -> None:
    (tmp_path / "my.toml").write_text("[symbol.EURUSD]\nvolume_min = 1\nvolume_step = 0.5\n")
    with serving(tmp_path / "data", "--instruments", tmp_path / "my.toml") as server:
        assert _paste(server.welcome)["volume"] == 1


def test_keys_for_tests(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--test-keys") as server:
        assert server.credentials["api_key"].startswith(TEST_PREFIX)
        assert server.credentials["admin_key"].startswith(TEST_PREFIX)
    made = tradyn("keys", "create", "--data-dir", tmp_path / "data")
    assert made.stdout.startswith(TEST_PREFIX)


# ---------------------------------------------------------------------- the next starts


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_restart_goes_on_where_it_stopped(tmp_path: Path, number: int) -> None:
    port = free_port()
    speed = ("--clock", "accelerated", "--speed", "500")
    with serving(tmp_path / "data", *speed, port=port) as server, server.client() as client:
        known = server.credentials
        tickets = [_buy(client)["ticket"] for _ in range(5)]
        time = client.get("/api/account").json()["data"]["time"]
        code = server.stop(number)
        assert code == (-signal.SIGKILL if number == signal.SIGKILL else 0)
    with serving(tmp_path / "data", port=port) as again, again.client() as client:
        assert again.credentials == known
        assert known["api_key"] in again.welcome
        assert [each["ticket"] for each in client.get("/api/positions").json()["data"]] == tickets
        account = client.get("/api/account").json()["data"]
        assert account["time"] >= time
        assert "accelerated, 500 times" in again.welcome
        _paste(again.welcome)


def test_another_port_is_written_down(folder: Path) -> None:
    with serving(folder) as server:
        assert server.credentials["base_url"] == f"http://127.0.0.1:{server.port}/v1"


def test_an_earlier_start_goes_on_and_says_so(folder: Path) -> None:
    with serving(folder, "--start", "2020-01-01") as server, server.client() as client:
        assert "past --start" in server.welcome
        assert client.get("/api/account").json()["data"]["time"] > "2021"


def test_a_later_start_jumps_forward(folder: Path) -> None:
    later = datetime.now(UTC) + timedelta(days=40)
    with serving(folder, "--start", f"{later:%Y-%m-%d}") as server, server.client() as client:
        assert client.get("/api/account").json()["data"]["time"].startswith(f"{later:%Y-%m-%d}")


@pytest.mark.parametrize(
    "content", [None, "", "{}", "not json", '{"login": 1}', '{"base_url": 1, "login": 2}']
)
def test_lost_credentials_are_made_anew(folder: Path, content: str | None) -> None:
    file = folder / "credentials.json"
    file.unlink()
    if content is not None:
        file.write_text(content)
    with serving(folder) as server:
        _paste(server.welcome)
        with server.client() as client, server.client("admin_key") as admin:
            assert len(client.get("/api/positions").json()["data"]) == 2
            assert admin.get("/api/accounts").status_code == 200
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_credentials_of_another_journal_are_replaced(folder: Path) -> None:
    old = json.loads((folder / "credentials.json").read_text())
    (folder / "journal.sqlite").unlink()
    with serving(folder) as server:
        assert server.credentials["api_key"] != old["api_key"]
        assert _paste(server.welcome)["volume"] == 0.1


def test_a_revoked_first_key_is_replaced_at_the_next_start(folder: Path) -> None:
    old = json.loads((folder / "credentials.json").read_text())["api_key"]
    key_id = next(row[0] for row in _keys(folder) if row[2] == "full")
    assert tradyn("keys", "revoke", key_id, "--data-dir", folder).returncode == 0
    with serving(folder) as server, server.client(old) as client:
        assert client.get("/api/account").status_code == 403
        _paste(server.welcome)


def test_another_feed_values_what_is_open(folder: Path) -> None:
    with serving(folder, "--feed", "push") as server, server.client() as client:
        assert len(client.get("/api/positions").json()["data"]) == 1
        assert client.get("/api/account").json()["data"]["margin"] > 0


# ---------------------------------------------------------------------- refusals before anything is changed


def test_a_second_process_on_the_same_folder(server: Running) -> None:
    sentence = refusal("serve", "--data-dir", server.data_dir, "--port", free_port())
    assert "in use by another tradyn process" in sentence
    with server.client() as client:
        assert client.get("/api/account").status_code == 200


def test_a_port_in_use(server: Running, tmp_path: Path, folder: Path) -> None:
    fresh = tmp_path / "fresh"
    sentence = refusal("serve", "--data-dir", fresh, "--port", server.port)
    assert sentence == (
        f"tradyn: Cannot listen on 127.0.0.1:{server.port}: Address already in use; take another --port"
    )
    assert not fresh.exists()
    before = _contents(folder)
    refusal("serve", "--data-dir", folder, "--port", server.port)
    assert _contents(folder) == before


@pytest.mark.parametrize("more", [(), ("--behind-tls-proxy",)])
def test_a_host_that_can_be_no_name(tmp_path: Path, more: tuple[str, ...]) -> None:
    port = free_port()
    for host in ("a..b", "a" * 64):
        sentence = refusal("serve", "--host", host, *more, "--port", port, "--data-dir", tmp_path / "data")
        assert sentence == (
            f"tradyn: Cannot listen on {host}:{port}: that is no host's name; take another --host"
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--start", "yesterday"), "'yesterday' is no time; right would be 2026-03-02T09:30:00Z"),
        (("--start", "2026-13-01"), "is no time"),
        (("--start", "1066-10-14"), "1971 to 2998"),
        (("--start", "9999-12-31"), "1971 to 2998"),
        (("--feed", "foo"), "'foo' is no feed; take synthetic, push or replay:FILE"),
        (("--feed", "replay:"), "is no feed"),
        (("--feed", "replay:none.csv"), "No such file"),
        (("--feed", "replay:."), "cannot be read"),
        (("--speed", "-1"), "above 0 to 1000000"),
        (("--speed", "0"), "above 0 to 1000000"),
        (("--speed", "nan"), "above 0 to 1000000"),
        (("--speed", "fast"), "above 0 to 1000000"),
        (("--clock", "sundial"), "realtime"),
        (("--seed", "-1"), "--seed"),
        (("--port", "0"), "--port"),
        (("--port", "http"), "--port"),
        (("--rate-limit", "0"), "--rate-limit"),
        (("--log-format", "xml"), "json"),
        (
            ("--profile", "ecn"),
            'There is no profile "ecn"; it must be one of demo, mt5 or the path of a .toml file',
        ),
        (("--host", "nowhere.invalid"), "take another --host"),
        (("--host", "192.0.2.1", "--insecure-listen"), "take another --host"),
        (("--host", "192.0.2.1"), "or, on a network whose every user may trade here, --insecure-listen"),
        (("--instruments", "none.toml"), "No such file"),
        (("--config", "none.toml"), "Cannot read none.toml: No such file or directory"),
        (("--bogus",), "No such option"),
        (("stray",), "unexpected extra argument"),
    ],
)
def test_wrong_options(tmp_path: Path, options: tuple[str, ...], told: str) -> None:
    port = () if "--port" in options else ("--port", free_port())
    assert told in refusal("serve", "--data-dir", "data", *port, *options, cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("nonsense = [", "not valid TOML"),
        ("[symbols.EURUSD]\ndigits = 3\n", "there is no table [symbols]"),
        ("[symbol.EURUSD]\ndigts = 3\n", "digts"),
        ("[symbol.EURUSD]\ndigits = 'three'\n", "digits"),
        ("[symbol.NEWONE]\ndigits = 3\n", "NEWONE"),
    ],
)
def test_broken_instruments(folder: Path, content: str, told: str) -> None:
    file = folder.parent / "mine.toml"
    file.write_text(content)
    before = _contents(folder)
    sentence = refusal("serve", "--data-dir", folder, "--port", free_port(), "--instruments", file)
    assert told in sentence
    assert "mine.toml" in sentence
    assert _contents(folder) == before


def test_a_catalogue_that_would_change_what_is_stored(folder: Path) -> None:
    file = folder.parent / "mine.toml"
    for content, told in (
        ("[symbol.EURUSD]\ndigits = 4\n", "EURUSD: digits is 4 in the catalogue and 5 in the journal"),
        (
            "[symbol.EURUSD]\nenabled = false\n",
            "has deals or orders of EURUSD, not in the catalogue any more",
        ),
    ):
        file.write_text(content)
        before = _contents(folder)
        assert told in refusal("serve", "--data-dir", folder, "--port", free_port(), "--instruments", file)
        assert _contents(folder) == before


@pytest.mark.parametrize("damage", ["head", "middle", "cut", "text"])
@pytest.mark.parametrize("command", [("serve",), ("keys", "list")])
def test_a_corrupt_journal(folder: Path, damage: str, command: tuple[str, ...]) -> None:
    file = folder / "journal.sqlite"
    content = bytearray(file.read_bytes())
    match damage:
        case "head":
            content[:16] = b"x" * 16
        case "middle":
            content[9_000:20_000] = b"\xff" * 11_000
        case "cut":
            del content[30_000:]
        case "text":
            content = bytearray(b"dear diary\n")
    file.write_bytes(content)
    before = _contents(folder)
    port = ("--port", free_port()) if command == ("serve",) else ()
    assert "journal.sqlite is damaged" in refusal(*command, "--data-dir", folder, *port)
    assert _contents(folder) == before


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("bad.csv", b"what is this\n", "line 1"),
        ("noise.csv", bytes(range(256)) * 8, "UTF-8"),
        ("empty.csv", b"", "empty"),
        ("EURUSD.csv", b"time,bid,ask\n2026-01-05 00:00,1.1,1.0\n", "line 2"),
        ("EURUSD.csv", b"time,bid,ask\n2026-01-05 00:01,1,1\n2026-01-05 00:00,1,1\n", "line 3"),
        ("NOSUCH.csv", b"time,bid,ask\n2026-01-05 00:00,1.1,1.2\n", "symbol"),
    ],
)
def test_malformed_recorded_data(folder: Path, name: str, content: bytes, told: str) -> None:
    file = folder.parent / name
    file.write_bytes(content)
    before = _contents(folder)
    served = refusal("serve", "--data-dir", folder, "--port", free_port(), "--feed", f"replay:{file}")
    replayed = refusal("replay", file)
    assert told in served
    assert served == replayed
    assert _contents(folder) == before


def test_another_seed_on_an_old_folder(folder: Path) -> None:
    before = _contents(folder)
    sentence = refusal("serve", "--data-dir", folder, "--port", free_port(), "--seed", "7")
    assert "was made with seed 1, not 7" in sentence
    assert _contents(folder) == before


def test_a_start_too_far_ahead_on_an_old_folder(folder: Path) -> None:
    before = _contents(folder)
    sentence = refusal("serve", "--data-dir", folder, "--port", free_port(), "--start", "2040-01-01")
    assert "--start can jump at most 366 days ahead" in sentence
    assert _contents(folder) == before


def test_a_data_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "is a file" in refusal("serve", "--data-dir", tmp_path / "file", "--port", free_port())
    below = tmp_path / "file" / "below"
    assert "Cannot make the data folder" in refusal("serve", "--data-dir", below, "--port", free_port())


# ---------------------------------------------------------------------- settings


def test_every_option_is_in_the_help() -> None:
    page = tradyn("serve", "--help").stdout
    assert [option for option in SERVE_OPTIONS if option not in page] == []
    assert "TRADYN_PORT" in page
    for command in ("", "replay", "keys", "keys create", "keys rotate", "accounts create"):
        done = tradyn(*command.split(), "-h")
        assert (done.returncode, done.stderr) == (0, "")
        assert "Usage: " in done.stdout


def test_version() -> None:
    installed = Path(sys.executable).with_name("tradyn")
    for command in ([*TRADYN, "--version"], [str(installed), "--version"]):
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment())
        assert done.stdout == f"tradyn {__version__}\n"


@pytest.mark.parametrize("command", [("serve",), ("keys", "list"), ("accounts", "list"), ("replay", "x.csv")])
def test_unknown_variables_are_errors(tmp_path: Path, command: tuple[str, ...]) -> None:
    told = refusal(*command, cwd=tmp_path, env={"TRADYN_FOO": "1"})
    assert "The environment variable TRADYN_FOO is no setting; there are: TRADYN_" in told
    told = refusal(*command, cwd=tmp_path, env={"TRADYN_DATADIR": "x"})
    assert told.endswith("TRADYN_DATADIR is no setting; did you mean TRADYN_DATA_DIR?")
    assert list(tmp_path.iterdir()) == []


def test_variables_of_tests_and_clients_are_left_alone(tmp_path: Path) -> None:
    env = {
        "TRADYN_TEST_CUTS": "5",
        "TRADYN_TEST_SOAK": "1",
        "TRADYN_API_KEY": "tk",
        "TRADYN_BASE_URL": "http:",
    }
    told = refusal("journal", "verify", cwd=tmp_path, env=env)
    assert told == "tradyn: There is no journal tradyn-data/journal.sqlite"


def test_a_wrong_value_in_the_environment(tmp_path: Path) -> None:
    assert "'abc' is not a valid integer" in refusal("serve", cwd=tmp_path, env={"TRADYN_PORT": "abc"})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("prot = 1", "there is no setting 'prot'; did you mean port?"),
        ("zzz = 1", "there is no setting 'zzz'; there are: "),
        ("config = 'other.toml'", "there is no setting 'config'"),
        ("[serve]\nport = 1", "there is no setting 'serve'"),
        ("port = ", "not valid TOML"),
        ("port = 'x'", "--port"),
        ("feed = 'foo'", "'foo' is no feed"),
    ],
)
def test_wrong_files(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "tradyn.toml").write_text(content)
    assert told in refusal("serve", "--config", "tradyn.toml", cwd=tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["tradyn.toml"]


def test_flag_before_environment_before_file(tmp_path: Path) -> None:
    config = tmp_path / "tradyn.toml"
    port = free_port()
    config.write_text(
        "rate-limit = 7\nseed = 3\nclock = 'manual'\nstart = 2026-03-02T09:30:00Z\n"
        "cors-origin = 'https://a.example'\ntest-keys = true\nlabel = 'of another command'\n"
    )
    settings = {"TRADYN_CONFIG": str(config), "TRADYN_SEED": "4", "TRADYN_RATE_LIMIT": "8"}
    with (
        serving(tmp_path / "data", "--rate-limit", 9, port=port, env=settings) as server,
        server.client() as client,
    ):
        answer = client.get("/api/account", headers={"Origin": "https://a.example"})
        assert '"default";q=9;w=1' in answer.headers["ratelimit-policy"]
        assert answer.json()["data"]["time"] == "2026-03-02T09:30:00.000Z"
        assert answer.headers["access-control-allow-origin"] == "https://a.example"
        assert server.credentials["api_key"].startswith(TEST_PREFIX)
    # The same environment and file serve the other commands, and the seed was the environment's.
    elsewhere = {**settings, "TRADYN_DATA_DIR": str(tmp_path / "data"), "TRADYN_PORT": str(port)}
    assert tradyn("keys", "list", env=elsewhere).returncode == 0
    assert "was made with seed 4, not 3" in refusal(
        "serve", "--seed", 3, env={**elsewhere, "TRADYN_PORT": str(free_port())}
    )


# ---------------------------------------------------------------------- keys


def _keys(folder: Path) -> list[list[str]]:
    done = tradyn("keys", "list", "--data-dir", folder)
    assert (done.returncode, done.stderr) == (0, "")
    return [re.split(r"  +", line) for line in done.stdout.splitlines()[1:]]


@pytest.fixture(params=["running", "at rest"])
def keys_folder(request: pytest.FixtureRequest, folder: Path) -> Iterator[tuple[Path, Running | None]]:
    """A data folder whose server runs, or not."""
    if request.param == "running":
        with serving(folder) as running:
            yield folder, running
    else:
        yield folder, None


def test_the_life_of_a_key(keys_folder: tuple[Path, Running | None]) -> None:
    folder, running = keys_folder

    def does(*arguments: object) -> str:
        done = tradyn("keys", *arguments, "--data-dir", folder)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout.strip()

    def works(*keys: str) -> list[bool]:
        if running is not None:
            return [_answers(running, key) for key in keys]
        with serving(folder) as server:
            return [_answers(server, key) for key in keys]

    first = does("create", "--scope", "read", "--label", "dash board", "--expires-at", "2090-01-01")
    second = does("create")
    assert is_wellformed(first) and is_wellformed(second)
    rows = _keys(folder)
    assert [row[2] for row in rows] == ["full", "admin", "read", "full"]
    assert rows[2][4] == "valid until 2090-01-01T00:00:00.000Z"
    assert rows[2][6] == "dash board"
    assert rows[1][3] == "-"
    replaced = does("rotate", rows[2][0], "--overlap", "600")
    assert does("revoke", rows[3][0]) == f"{rows[3][0]} is revoked"
    assert does("revoke", rows[3][0]) == f"{rows[3][0]} is revoked"
    assert works(first, replaced, second) == [True, True, False]
    rows = _keys(folder)
    assert rows[3][4].startswith("revoked 20")
    assert rows[2][4].startswith("valid until 20")
    last = does("rotate", rows[4][0])
    assert works(replaced, last) == [False, True]
    # Nothing that is listed or stored gives a key away, not even to who has the disk.
    listed = does("list")
    known = json.loads((folder / "credentials.json").read_text())
    stored = b"".join(
        content for name, content in _contents(folder).items() if name.startswith("journal.sqlite")
    )
    assert sha256(last.encode()).hexdigest().encode() in stored
    for key in (first, second, replaced, last, known["api_key"], known["admin_key"]):
        assert key[13:] not in listed
        assert key[13:].encode() not in stored


def _answers(server: Running, key: str) -> bool:
    with server.client(key) as client:
        return client.get("/api/account").status_code == 200


def test_a_revoked_key_is_refused_at_the_next_request(server: Running) -> None:
    key = tradyn("keys", "create", "--data-dir", server.data_dir).stdout.strip()
    row = next(row for row in _keys(server.data_dir) if row[1] == key[:12])
    with server.client(key) as client:
        assert client.get("/api/account").status_code == 200
        tradyn("keys", "revoke", row[0], "--data-dir", server.data_dir)
        answer = client.get("/api/account")
        assert (answer.status_code, answer.json()["error"]) == (403, "Invalid API key")


def test_wrong_keys_are_refused(server: Running) -> None:
    key = server.credentials["api_key"]
    typo = key[:-1] + ("a" if key[-1] != "a" else "b")
    for wrong in (typo, key[:-1], key + "a", key.upper(), generate_key(LIVE_PREFIX), "tk_live_a1b2c3d4e5f6"):
        with server.client(wrong) as client:
            answer = client.get("/api/account")
            assert (answer.status_code, answer.json()["code"]) == (403, "INVALID_API_KEY")


def test_the_admin_key_can_be_rotated_and_the_command_goes_on(
    keys_folder: tuple[Path, Running | None],
) -> None:
    folder, _ = keys_folder
    old = json.loads((folder / "credentials.json").read_text())
    admin = next(row[0] for row in _keys(folder) if row[2] == "admin")
    assert "rotate it instead" in refusal("keys", "revoke", admin, "--data-dir", folder)
    made = tradyn("keys", "rotate", admin, "--data-dir", folder).stdout.strip()
    known = json.loads((folder / "credentials.json").read_text())
    assert known == {**old, "admin_key": made}
    assert stat.S_IMODE((folder / "credentials.json").stat().st_mode) == 0o600
    assert len(_keys(folder)) == 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("create", "--scope", "god"), "'god' is not one of"),
        (("create", "--login", "5"), "there is no account 5"),
        (("create", "--login", "0"), "--login: must be at least 1"),
        (("create", "--scope", "admin", "--login", "10001"), "leave --login out"),
        (("create", "--expires-at", "2020-01-01"), "must be later than the present time"),
        (("create", "--expires-at", "never"), "is no time"),
        (("create", "--expires-at", "9999-12-31"), "1971 to 2998"),
        (("create", "--label", "x" * 300), "--label: must be at most 64 characters long"),
        (("rotate", "nope"), "There is no API key 'nope'; `tradyn keys list` shows"),
        (("rotate", "../accounts"), "There is no API key"),
        (("revoke", "a?b c"), "There is no API key"),
        (("revoke", ""), "There is no API key"),
        (("revoke",), "Missing argument 'KEY_ID'"),
        (("rotate", "x", "--overlap", "-1"), "--overlap"),
    ],
)
def test_wrong_use_of_keys(server: Running, arguments: tuple[str, ...], told: str) -> None:
    assert told in refusal("keys", *arguments, "--data-dir", server.data_dir)


def test_commands_on_a_folder_without_a_broker(tmp_path: Path) -> None:
    for command in (("keys", "list"), ("keys", "create"), ("accounts", "list")):
        assert "There is no broker in tradyn-data" in refusal(*command, cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_crashed_folder_is_at_rest(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server, server.client() as client:
        _buy(client)
        server.stop(signal.SIGKILL)
    assert len(_keys(tmp_path / "data")) == 2
    assert tradyn("accounts", "list", "--data-dir", tmp_path / "data").stdout.startswith("10001  USD 1:100")


def test_looking_at_a_folder_leaves_its_address(folder: Path) -> None:
    before = (folder / "credentials.json").read_bytes()
    _keys(folder)
    assert (folder / "credentials.json").read_bytes() == before


# ---------------------------------------------------------------------- accounts


def test_accounts(keys_folder: tuple[Path, Running | None]) -> None:
    folder, _ = keys_folder
    options = ("--currency", "EUR", "--leverage", 30, "--balance", "1234567.89", "--name", "Ünïcode bot")
    made = tradyn("accounts", "create", *options, "--data-dir", folder)
    login, key = made.stdout.split()
    assert is_wellformed(key)
    listed = tradyn("accounts", "list", "--data-dir", folder).stdout.splitlines()
    assert len(listed) == 2
    assert listed[1].split() == [login, "EUR", "1:30", "balance", "1,234,567.89", "Ünïcode", "bot"]
    assert [row[3] for row in _keys(folder)] == ["10001", "-", login]


def test_the_levels_of_an_account(server: Running) -> None:
    options = ("--margin-call-level", "80.5", "--stop-out-level", 30)
    made = tradyn("accounts", "create", *options, "--data-dir", server.data_dir)
    with server.client(made.stdout.split()[1]) as client:
        account = client.get("/api/account").json()["data"]
    assert (account["margin_call_level"], account["stop_out_level"]) == (80.5, 30)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--currency", "XXX"), '--currency: must be one of "USD"'),
        (("--currency", "dollar"), "--currency: must be one of"),
        (("--leverage", "0"), "--leverage: must be at least 1"),
        (("--balance", "-1"), "from 0 to"),
        (("--balance", "lots"), "from 0 to"),
        (("--margin-call-level", "-1"), "from 0 to 1000"),
        (("--stop-out-level", "1001"), "from 0 to 1000"),
    ],
)
def test_wrong_accounts(server: Running, options: tuple[str, ...], told: str) -> None:
    assert told in refusal("accounts", "create", *options, "--data-dir", server.data_dir)


# ---------------------------------------------------------------------- replay


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real hours of EURUSD, from the package backtesting."""
    import backtesting  # type: ignore[import-untyped,unused-ignore]

    source = Path(backtesting.__file__).parent / "test" / "EURUSD.csv"
    file = tmp_path_factory.mktemp("recorded") / "EURUSD_H1.csv"
    with source.open() as read, file.open("w") as write:
        rows = list(csv.reader(read))
        rows[0][0] = "time"
        csv.writer(write).writerows(rows)
    return file


def _trade(time: str, volume: float) -> dict[str, Any]:
    order = {"symbol": "EURUSD", "action": "buy", "volume": volume}
    return {"time": time, "path": "/api/trade", "body": order}


REQUESTS: list[dict[str, Any]] = [
    _trade("2017-05-02T09:00:00Z", 0.1),
    _trade("2017-05-03T09:00:00Z", 999),
    {"time": "2017-05-03T09:00:00Z", "method": "GET", "path": "/api/nothing"},
    {"time": "2017-05-04T09:00:00Z", "method": "DELETE", "path": "/api/positions/2"},
    {"time": "2027-05-04T09:00:00Z", "method": "DELETE", "path": "/api/positions/2"},
]


def _write_requests(file: Path, requests: list[Any]) -> Path:
    file.write_text("\n\n".join(json.dumps(each) for each in requests))
    return file


def test_replay_with_requests(recorded: Path, tmp_path: Path) -> None:
    requests = _write_requests(tmp_path / "requests.jsonl", REQUESTS)
    done = tradyn("replay", recorded, "--requests", requests, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    first, *lines = done.stdout.splitlines()
    assert re.fullmatch(r"Replayed to 2018-02-07T\S+Z in \d+\.\d\d s", first)
    fields = dict(re.split(r"  +", line.strip(), maxsplit=1) for line in lines[:8])
    assert (fields["Requests"], fields["Refused"], fields["Deals"]) == ("4", "2", "2")
    assert fields["Closed"].startswith("1 (")
    assert fields["Balance"] == fields["Equity"]
    assert fields["Floating profit"] == fields["Floating swap"] == "0.00 USD"
    assert lines[8].startswith("  refused, line 3: Invalid volume 999: ")
    assert lines[9].startswith("  refused, line 5: ")
    assert lines[10] == "  1 of the requests are later than the data and were not made"
    assert "\x1b" not in done.stdout
    assert [each.name for each in tmp_path.iterdir()] == ["requests.jsonl"]
    again = tradyn("replay", recorded, "--requests", requests, cwd=tmp_path).stdout
    assert again.splitlines()[1:] == lines


def test_the_totals_of_a_replay_add_up(recorded: Path, tmp_path: Path) -> None:
    """With a broker that charges swap, and a position that is left open."""
    requests = _write_requests(tmp_path / "requests.jsonl", REQUESTS[:1])
    shown = tradyn("replay", recorded, "--requests", requests, "--profile", "mt5").stdout
    amounts = {
        name: Decimal(value.replace(",", ""))
        for name, value in re.findall(r"^  (\S+(?: \S+)*) {2,}(-?[\d,.]+) USD$", shown, re.MULTILINE)
    }
    assert list(amounts) == ["Balance", "Floating profit", "Floating swap", "Equity"]
    assert amounts["Floating swap"] and amounts["Floating profit"]
    *parts, equity = amounts.values()
    assert sum(parts) == equity


def test_the_readmes_replay(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    (script,) = re.findall(r"```sh\n(.*?)```", readme, re.DOTALL)
    *prepared, last = script.strip().splitlines()
    subprocess.run(["sh", "-c", "\n".join(prepared)], cwd=tmp_path, check=True)
    name, *arguments = last.split()
    assert name == "tradyn"
    shown = " ".join(tradyn(*arguments, cwd=tmp_path).stdout.split())
    assert "Requests 1 Refused 0 Deals 1 " in shown
    assert "Floating profit 14.00 USD" in shown


def test_replay_into_a_folder(recorded: Path, tmp_path: Path) -> None:
    requests = _write_requests(tmp_path / "requests.jsonl", REQUESTS[:1])
    folder = tmp_path / "kept"
    done = tradyn("replay", recorded, "--requests", requests, "--data-dir", folder)
    assert done.returncode == 0
    before = _contents(folder)
    assert "is not empty; a replay begins in a new one" in refusal("replay", recorded, "--data-dir", folder)
    assert _contents(folder) == before
    # What the replay did can be looked at, and its position is still open.
    assert tradyn("accounts", "list", "--data-dir", folder).stdout.startswith("10001")
    with serving(folder, "--feed", f"replay:{recorded}") as server, server.client() as client:
        assert [each["ticket"] for each in client.get("/api/positions").json()["data"]] == [2]


def test_a_progress_bar_is_for_terminals(recorded: Path) -> None:
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [*TRADYN, "replay", str(recorded)],
        stdout=subprocess.PIPE,
        stderr=follower,
        env=environment({"TERM": "xterm", "COLUMNS": "80"}),
        text=True,
    )
    os.close(follower)
    shown = b""
    try:
        while piece := os.read(leader, 65_536):
            shown += piece
    except OSError:
        pass  # Linux says so when the other side has closed.
    finally:
        os.close(leader)
    statement, _ = process.communicate()
    assert process.returncode == 0
    assert b"Replay" in shown and b"%" in shown
    assert statement.startswith("Replayed to ")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("nonsense", "line 1: not a request"),
        ("[1]", "not an object"),
        ('{"time": 1, "path": "/api/trade"}', "time must be given, as text"),
        ('{"time": "tomorrow", "path": "/api/trade"}', "line 1: not a request"),
        ('{"time": "2017-05-02T09:00:00Z"}', "path must be given"),
        ('{"time": "2017-05-02T09:00:00Z", "path": "api/trade"}', "path must begin with /"),
        ('{"time": "2017-05-02T09:00:00Z", "path": "/api/trade", "methd": "GET"}', "'methd' is unknown"),
        ('{"time": "2017-05-02T09:00:00Z", "path": "/api/trade", "method": "HEAD"}', "method must be one of"),
    ],
)
def test_wrong_requests(recorded: Path, tmp_path: Path, line: str, told: str) -> None:
    file = tmp_path / "requests.jsonl"
    file.write_text(line)
    sentence = refusal("replay", recorded, "--requests", file, "--data-dir", tmp_path / "kept")
    assert told in sentence
    assert not (tmp_path / "kept").exists()


def test_unsorted_and_missing_requests(recorded: Path, tmp_path: Path) -> None:
    file = _write_requests(tmp_path / "requests.jsonl", [REQUESTS[1], REQUESTS[0]])
    assert "line 3: time goes backwards" in refusal("replay", recorded, "--requests", file)
    missing = tmp_path / "missing.jsonl"
    assert refusal("replay", recorded, "--requests", missing).endswith(
        f"Cannot read {missing}: No such file or directory"
    )


# ---------------------------------------------------------------------- what must not happen


def test_a_stranger_on_the_port_is_told_apart(folder: Path) -> None:
    """The folder is in use, and what listens at its address is something else."""
    with serving(folder) as server, socket.create_server(("127.0.0.1", 0)) as stranger:
        known = server.credentials
        known["base_url"] = f"http://127.0.0.1:{stranger.getsockname()[1]}/v1"
        stranger.close()
        (folder / "credentials.json").write_text(json.dumps(known))
        sentence = refusal("keys", "list", "--data-dir", folder)
        assert f"The server at {known['base_url']}" in sentence
        assert "does not answer" in sentence
        (folder / "credentials.json").unlink()
        assert "credentials.json cannot be read" in refusal("keys", "list", "--data-dir", folder)
