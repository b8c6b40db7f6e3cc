"""`tradyn journal verify` and `tradyn journal backup`: what they find, what they leave, and under load."""

from __future__ import annotations

import asyncio
import shutil
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import httpx
import pytest

from adapters.journal_suite import LOGIN, account_opened, deposit, numbered
from adapters.older_journals import write_older_journal
from in_process import terminal
from serving import Running, refusal, serving, tradyn
from tradyn.adapters import journal_schema
from tradyn.adapters.journal_reading import reading
from tradyn.adapters.journal_verify import verify

START = "2026-03-02T09:30:00Z"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with a position, a pending order and a webhook."""
    folder = tmp_path_factory.mktemp("care") / "data"
    options = ("--clock", "manual", "--start", START, "--rate-limit", 1_000_000, "--allow-local-webhooks")
    with serving(folder, *options) as running:
        with running.client() as client:
            for number in range(5):
                buy(client, f"first-{number}")
            webhook = {"url": "http://127.0.0.1:9/", "events": ["deal.created"]}
            assert client.post("/api/webhooks", json=webhook).json()["success"]
        yield running


@pytest.fixture(scope="module")
def at_rest(server: Running, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose server has ended, made of a backup; it is only copied."""
    made = tmp_path_factory.mktemp("rest") / "data"
    made.mkdir()
    back_up(server.data_dir, made / "journal.sqlite")

    async def trade() -> None:
        async with terminal(data_dir=made, feed="synthetic", start=None) as running:
            await running.buy()

    asyncio.run(trade())
    return made


@pytest.fixture
def folder(at_rest: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(at_rest, tmp_path / "copied"))


def buy(client: httpx.Client, client_order_id: str) -> Any:
    body = {"symbol": "EURUSD", "action": "buy", "volume": 0.01, "client_order_id": client_order_id}
    return client.post("/api/trade", json=body).json()


def back_up(data_dir: Path, file: Path) -> str:
    done = tradyn("journal", "backup", file, "--data-dir", data_dir)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def rows(file: Path) -> list[Any]:
    connection = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
    found = list(connection.execute("SELECT * FROM transactions ORDER BY account, version"))
    connection.close()
    return found


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir() if not each.name.endswith(".lock")}


# ---------------------------------------------------------------------- verify


def test_a_sound_journal_is_reported(server: Running, folder: Path) -> None:
    used = tradyn("journal", "verify", "--data-dir", server.data_dir)
    assert (used.returncode, used.stderr) == (0, "")
    assert f"{server.data_dir}/journal.sqlite" in used.stdout
    assert "in use by another tradyn process" in used.stdout
    assert "It is sound" in used.stdout
    before = contents(folder)
    at_rest = tradyn("journal", "verify", "--data-dir", folder)
    assert at_rest.returncode == 0
    assert "in use" not in at_rest.stdout
    assert "1 accounts with" in at_rest.stdout
    assert contents(folder) == before
    by_name = tradyn("journal", "verify", folder / "journal.sqlite")
    assert by_name.stdout == at_rest.stdout


def test_what_a_crash_leaves_is_verified_and_left(folder: Path, tmp_path: Path) -> None:
    with serving(folder) as running:
        with running.client() as client:
            buy(client, "before-the-crash")
        running.process.kill()
        running.process.wait()
    log = (folder / "journal.sqlite-wal").read_bytes()
    assert log
    assert tradyn("journal", "verify", "--data-dir", folder).returncode == 0
    assert (folder / "journal.sqlite-wal").read_bytes() == log
    back_up(folder, tmp_path / "after a crash.sqlite")
    assert (folder / "journal.sqlite-wal").read_bytes() == log
    assert "before-the-crash" in {row[8] for row in rows(tmp_path / "after a crash.sqlite")}


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE transactions SET payload = CAST(replace(CAST(payload AS TEXT), '1', '2') AS BLOB)"
         " WHERE kind = 'PositionOpened'", "its checksum does not fit"),
        ("DELETE FROM transactions WHERE account > 0 AND version = 3", "stands where version 3 should"),
        ("UPDATE transactions SET ticket = ticket + 1000 WHERE ticket = 2", "would not be found"),
        ("UPDATE transactions SET time = time - 1 WHERE account > 0 AND version = 4", "is earlier than"),
        ("UPDATE transactions SET kind = 'Unheard' WHERE account > 0 AND version = 4", "no event 'Unheard'"),
        ("UPDATE snapshots SET version = 10000", "is of version 10000, and it has"),
        ("UPDATE snapshots SET payload = x'7b7d'", "cannot be read"),
        ("UPDATE snapshots SET payload = CAST(replace(CAST(payload AS TEXT), '\"name\":\"Demo\"',"
         " '\"name\":\"Dome\"') AS BLOB)", "is not what its transactions come to"),
        ("UPDATE marks SET value = value || '0' WHERE name = 'clock.played'", "a row of marks"),
        ("DROP INDEX closing", "index closing is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_listed(folder: Path, statement: str, finding: str) -> None:
    path = folder / "journal.sqlite"
    connection = apsw.Connection(str(path))
    connection.execute(statement)
    assert connection.changes() or "DROP" in statement
    connection.close()
    found = tradyn("journal", "verify", "--data-dir", folder)
    assert found.returncode == 1
    assert finding in found.stdout
    assert "restore a backup" in found.stdout
    assert "Traceback" not in found.stderr


def test_a_gap_among_records_that_are_whole(tmp_path: Path) -> None:
    """Versions have no gap, even where every checksum fits."""
    path = tmp_path / "journal.sqlite"
    write_older_journal(path, 4, numbered([account_opened(), deposit(1), deposit(2)]))
    assert verify(path).findings == []
    connection = journal_schema.connect(path, None, apsw.SQLITE_OPEN_READWRITE)
    connection.execute("UPDATE transactions SET version = 7 WHERE version = 3")
    connection.execute("UPDATE transactions SET checksum = checksum(account, version, kind, time, payload)")
    connection.close()
    assert verify(path).findings == [f"transaction 7 of account {LOGIN} stands where version 3 should"]


def test_nothing_is_made_beside_a_backup(server: Running, tmp_path: Path) -> None:
    """So it can be verified twice at once, and where nothing can be written."""
    backup = tmp_path / "backup.sqlite"
    back_up(server.data_dir, backup)
    with reading(backup, is_copy=True) as (_, is_at_rest):
        assert is_at_rest
        verified = tradyn("journal", "verify", backup)
        assert (verified.returncode, verified.stderr) == (0, "")
        assert "in use" not in verified.stdout
        assert [each.name for each in tmp_path.iterdir()] == ["backup.sqlite"]


def test_a_journal_that_is_used_is_told_so_by_its_name_too(server: Running) -> None:
    used = tradyn("journal", "verify", server.data_dir / "journal.sqlite")
    assert (used.returncode, used.stderr) == (0, "")
    assert "in use by another tradyn process" in used.stdout


def test_older_versions_can_be_verified(tmp_path: Path) -> None:
    for version in range(1, len(journal_schema.MIGRATIONS) + 1):
        path = tmp_path / f"{version}.sqlite"
        write_older_journal(path, version, numbered([account_opened(), deposit(1)]))
        found = verify(path)
        assert (found.findings, found.version, found.transactions) == ([], version, 2)


def test_where_there_is_no_journal(tmp_path: Path) -> None:
    assert "There is no journal" in refusal("journal", "verify", "--data-dir", tmp_path)
    assert "There is no journal" in refusal("journal", "backup", tmp_path / "b", "--data-dir", tmp_path)
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------------- backup


def test_a_backup_under_load_is_one_moment_and_can_be_restored(server: Running, tmp_path: Path) -> None:
    """Everything that was acknowledged before it began is in it, and nothing is torn."""
    acknowledged: list[str] = []
    stop = threading.Event()

    def load(name: str) -> None:
        with server.client() as client:
            number = 0
            while not stop.is_set():
                number += 1
                if buy(client, f"{name}-{number}")["success"]:
                    acknowledged.append(f"{name}-{number}")

    threads = [threading.Thread(target=load, args=(f"load{each}",)) for each in range(4)]
    for each in threads:
        each.start()
    backups = []
    try:
        for number in range(3):
            while len(acknowledged) < 20 * (number + 1):
                stop.wait(0.01)
            before = list(acknowledged)
            backups.append((before, tmp_path / f"{number}.sqlite"))
            back_up(server.data_dir, backups[-1][1])
    finally:
        stop.set()
        for each in threads:
            each.join()
    last = tmp_path / "last.sqlite"
    back_up(server.data_dir, last)
    truth = {(row[0], row[1]): row for row in rows(last)}
    for before, file in backups:
        found = rows(file)
        assert {row[8] for row in found} >= set(before)
        heads: dict[int, int] = {}
        for row in found:
            assert truth[row[0], row[1]] == row
            assert row[1] == heads.get(row[0], 0) + 1
            heads[row[0]] = row[1]
    restored = tmp_path / "restored"
    restored.mkdir()
    shutil.copy(last, restored / "journal.sqlite")
    key = server.credentials["api_key"]
    with server.client() as client:
        history = client.get("/api/account/history", params={"limit": 1000}).json()["data"]
    with serving(restored) as again, again.client(key) as client:
        # The keys of before are still good, and there are new ones where there was no credentials.json.
        assert client.get("/api/account/history", params={"limit": 1000}).json()["data"] == history
        assert again.credentials["api_key"] != key


def test_what_a_backup_is(server: Running, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite"
    said = back_up(server.data_dir, file)
    assert "It is sound" in said
    for part in ("secrets of webhooks", "credentials.json", "To restore it: stop the server", "-wal"):
        assert part in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["backup.sqlite"]
    for key in ("api_key", "admin_key"):
        assert server.credentials[key].encode() not in file.read_bytes()


def test_a_backup_overwrites_nothing(server: Running, tmp_path: Path) -> None:
    file = tmp_path / "backup.sqlite"
    file.write_text("mine")
    assert "overwrites nothing" in refusal("journal", "backup", file, "--data-dir", server.data_dir)
    assert file.read_text() == "mine"
    elsewhere = tmp_path / "nowhere" / "backup.sqlite"
    assert "there is no folder" in refusal("journal", "backup", elsewhere, "--data-dir", server.data_dir)
    own = server.data_dir / "journal.sqlite"
    assert "overwrites nothing" in refusal("journal", "backup", own, "--data-dir", server.data_dir)
    assert len(list(tmp_path.iterdir())) == 1


def test_no_backup_is_made_of_a_damaged_journal(folder: Path, tmp_path: Path) -> None:
    path = folder / "journal.sqlite"
    connection = apsw.Connection(str(path))
    connection.execute("UPDATE marks SET value = '7' WHERE name = 'clock.played'")
    connection.close()
    told = refusal("journal", "backup", tmp_path / "b.sqlite", "--data-dir", folder)
    assert "is damaged, so no backup was made" in told
    assert [each.name for each in tmp_path.iterdir()] == ["copied"]
