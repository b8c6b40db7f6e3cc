"""The journal in SQLite: the suite in a file and in memory, and what only a file can do or suffer."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import IO

import apsw
import pytest

from adapters.journal_suite import (
    LOGIN,
    START,
    STORIES,
    JournalSuite,
    a_bar,
    a_life,
    a_quote,
    account_opened,
    deposit,
    ended,
    numbered,
    opened,
    placed,
    settled,
)
from adapters.older_journals import write_older_journal
from tradyn.adapters import journal_checks, journal_schema, journal_sqlite
from tradyn.adapters.journal_sqlite import JournalBusy, JournalCorrupt, SqliteJournal, VersionConflict
from tradyn.broker.accounts import Account
from tradyn.broker.orders import OrderState
from tradyn.ports import Batch, Journal, JournalFailed


class TestInAFile(JournalSuite):
    def open(self, place: Path) -> Journal:
        return SqliteJournal.open(place / "journal.db")


class TestInMemory(JournalSuite):
    survives = False

    def open(self, place: Path) -> Journal:
        return SqliteJournal.open(None)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def count(path: Path) -> int:
    """How many transactions a stranger to the process's own connections can see."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        found: int = connection.execute("SELECT count(*) FROM transactions").get
        return found
    finally:
        connection.close()


async def write(path: Path, transactions: int = 3) -> None:
    """Make a sound journal at `path`."""
    journal = SqliteJournal.open(path)
    await journal.append(Batch(numbered([deposit(ticket) for ticket in range(1, transactions + 1)])))
    journal.close()


# ---------------------------------------------------------------------- durability


async def test_a_future_is_done_only_when_another_connection_can_read(path: Path) -> None:
    journal = SqliteJournal.open(path)
    seen: list[tuple[int, int]] = []
    futures = []
    for version in range(1, 101):
        future = journal.append(Batch(numbered([deposit(version)], first=version)))
        future.add_done_callback(lambda _, version=version: seen.append((version, count(path))))  # type: ignore[misc]
        futures.append(future)
    await asyncio.gather(*futures)
    await asyncio.sleep(0)
    journal.close()
    assert len(seen) == 100
    assert all(rows >= version for version, rows in seen)


async def test_appends_that_wait_together_share_a_commit(path: Path, disk: Disk) -> None:
    journal = SqliteJournal.open(path, vfs=disk.name)
    await journal.append(Batch(numbered([deposit(1)])))
    before = disk.syncs
    await asyncio.gather(
        *[journal.append(Batch(numbered([deposit(version)], first=version))) for version in range(2, 502)]
    )
    assert disk.syncs - before < 250
    journal.close()


async def test_every_commit_syncs_the_log(path: Path, disk: Disk) -> None:
    journal = SqliteJournal.open(path, vfs=disk.name)
    for version in range(1, 51):
        before = disk.syncs
        await journal.append(Batch(numbered([deposit(version)], first=version)))
        assert disk.syncs > before
    journal.close()


async def test_the_log_is_copied_into_the_file_as_it_grows(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_sqlite, "CHECKPOINT_PAGES", 10)
    journal = SqliteJournal.open(path)
    for version in range(1, 201):
        await journal.append(Batch(numbered([deposit(version)], first=version)))
    assert Path(f"{path}-wal").stat().st_size < 50 * 4096
    journal.close()
    assert not Path(f"{path}-wal").exists()
    assert count(path) == 200


APPENDER = """
import asyncio, sys
from pathlib import Path
from adapters.journal_suite import deposit, numbered
from tradyn.adapters.journal_sqlite import SqliteJournal
from tradyn.ports import Batch

async def appender(journal, login):
    done = await journal.read(login, limit=10_000_000)
    for version in range(len(done) + 1, 1_000_000):
        await journal.append(Batch(numbered([deposit(version)], login, version)))
        print(login, version, flush=True)

async def main():
    journal = SqliteJournal.open(Path(sys.argv[1]))
    await asyncio.gather(*[appender(journal, login) for login in range(1, 9)])

asyncio.run(main())
"""


@pytest.fixture
def appenders(path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts processes that append to 8 accounts and print what is acknowledged, until they are killed."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", APPENDER, str(path)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(each for each in sys.path if each)},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def acknowledged(lines: list[str]) -> dict[int, int]:
    """The last version of each account that was printed; a line that was cut off says nothing."""
    heads: dict[int, int] = {}
    for line in lines:
        if line.endswith("\n"):
            login, version = map(int, line.split())
            heads[login] = version
    return heads


async def test_nothing_acknowledged_is_lost_by_kill_9(
    path: Path, appenders: Callable[[], subprocess.Popen[str]]
) -> None:
    chance = random.Random(9)
    for _ in range(10):
        process = appenders()
        output: IO[str] = process.stdout  # type: ignore[assignment]
        lines = list(itertools.islice(output, chance.randint(50, 800)))
        process.send_signal(signal.SIGKILL)
        lines += list(output)
        process.wait()
        journal = SqliteJournal.open(path)
        for login, version in acknowledged(lines).items():
            transactions = await journal.read(login, limit=1_000_000)
            assert [each.version for each in transactions] == list(range(1, len(transactions) + 1))
            assert len(transactions) >= version
        journal.close()


# ---------------------------------------------------------------------- one process


def test_a_second_process_is_refused(path: Path, appenders: Callable[[], subprocess.Popen[str]]) -> None:
    output = appenders().stdout
    assert output is not None
    output.readline()
    with pytest.raises(JournalBusy, match=r"journal\.db is in use by another tradyn process"):
        SqliteJournal.open(path)


def test_the_file_is_free_after_close_and_after_a_failed_open(path: Path) -> None:
    journal = SqliteJournal.open(path)
    with pytest.raises(JournalBusy):
        SqliteJournal.open(path)
    journal.close()
    with pytest.raises(JournalFailed):
        SqliteJournal.open(path, vfs="no such vfs")
    SqliteJournal.open(path).close()


def test_it_opens_and_closes_without_a_loop(path: Path) -> None:
    journal = SqliteJournal.open(path)
    journal.snapshot([])
    journal.close()
    journal.close()


async def test_nothing_is_appended_after_close(path: Path) -> None:
    journal = SqliteJournal.open(path)
    journal.close()
    with pytest.raises(JournalFailed, match="closed"):
        await journal.append(Batch())


def test_what_a_loop_left_behind_is_written(path: Path) -> None:
    journal = SqliteJournal.open(path)

    async def leave() -> None:
        journal.append(Batch(numbered([deposit(1)])))

    asyncio.run(leave())
    journal.close()
    assert count(path) == 1


async def test_a_conflict_is_not_a_failed_journal(path: Path) -> None:
    journal = SqliteJournal.open(path)
    with pytest.raises(VersionConflict, match=f"Account {LOGIN} is at version 0 .* came with 2, 3"):
        await journal.append(Batch(numbered([deposit(1), deposit(2)], first=2)))
    assert journal.failed is None
    journal.close()


async def test_an_event_that_is_none_is_told_to_its_caller_alone(path: Path) -> None:
    journal = SqliteJournal.open(path)
    with pytest.raises(NotImplementedError, match="object has no form"):
        journal.append(Batch(numbered([object()])))
    await journal.append(Batch(numbered([deposit(1)])))
    journal.close()


# ---------------------------------------------------------------------- files that are no journals


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def foreign(path: Path) -> None:
    connection = apsw.Connection(str(path))
    connection.execute("CREATE TABLE theirs (a)")
    connection.close()


def garbage(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(20_000))


def text(path: Path) -> None:
    path.write_text("account,version\n")


def torn_header(path: Path) -> None:
    asyncio.run(write(path))
    path.write_bytes(path.read_bytes()[:60])


def zeroed_header(path: Path) -> None:
    asyncio.run(write(path))
    path.write_bytes(bytes(4096) + path.read_bytes()[4096:])


def newer(path: Path) -> None:
    asyncio.run(write(path))
    connection = apsw.Connection(str(path))
    connection.pragma("user_version", 99)
    connection.close()


def lost(path: Path) -> None:
    garbage(Path(f"{path}-wal"))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (foreign, "database of another program"),
        (garbage, "not a database"),
        (text, "not a database"),
        (torn_header, "not a database"),
        (zeroed_header, "not a database"),
        (
            newer,
            f"has version 99 and this program knows versions up to {len(journal_schema.MIGRATIONS)}: "
            "use the newer tradyn",
        ),
        (lost, "is missing, but its write-ahead log journal.db-wal is there"),
    ],
)
def test_a_file_that_is_no_journal_is_refused_and_left_alone(
    path: Path, make: Callable[[Path], None], sentence: str
) -> None:
    make(path)
    Path(f"{path}.lock").unlink(missing_ok=True)
    before = contents(path.parent)
    with pytest.raises(JournalCorrupt, match=re.escape(sentence)):
        SqliteJournal.open(path)
    assert contents(path.parent) == before


@pytest.mark.parametrize("limit", [0, journal_checks.QUICK_CHECK_LIMIT])
@pytest.mark.parametrize("missing", [1, 4096, 3 * 4096])
async def test_a_truncated_file_is_refused(
    path: Path, missing: int, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_checks, "QUICK_CHECK_LIMIT", limit)
    await write(path)
    short = path.read_bytes()[:-missing]
    path.write_bytes(short)
    with pytest.raises(JournalCorrupt, match=r"damaged: it has \d+ bytes and should have \d+\. Restore it"):
        SqliteJournal.open(path)
    assert path.read_bytes() == short


async def test_a_damaged_page_is_found(path: Path) -> None:
    await write(path, 200)
    damaged = bytearray(path.read_bytes())
    damaged[4096:-4096] = random.Random(2).randbytes(len(damaged) - 2 * 4096)
    path.write_bytes(damaged)
    with pytest.raises(JournalCorrupt, match=r"is damaged: .* Restore it from a backup"):
        SqliteJournal.open(path)
    assert path.read_bytes() == damaged


def test_an_empty_file_becomes_a_journal(path: Path) -> None:
    path.touch()
    SqliteJournal.open(path).close()
    assert count(path) == 0


def change(path: Path, statement: str, *bindings: object) -> None:
    """Change a row as a disk would not: with a checksum that fits."""
    connection = journal_schema.connect(path, None, apsw.SQLITE_OPEN_READWRITE)
    connection.execute(statement, bindings)
    for table, columns in journal_schema.CHECKED_COLUMNS.items():
        connection.execute(f"UPDATE {table} SET checksum = checksum({columns})")
    connection.close()


async def test_a_row_that_cannot_be_read_is_named(path: Path) -> None:
    await write(path)
    change(path, "UPDATE transactions SET payload = x'00' WHERE version = 2")
    journal = SqliteJournal.open(path)
    with pytest.raises(
        JournalCorrupt, match=f"Transaction 2 of account {LOGIN} in the journal .* BalanceChanged"
    ):
        await journal.read(LOGIN)
    journal.close()


async def test_a_snapshot_that_cannot_be_read_is_named(path: Path) -> None:
    await write(path)
    change(path, "INSERT INTO snapshots VALUES (?, 1, x'00', 0)", LOGIN)
    journal = SqliteJournal.open(path)
    with pytest.raises(JournalCorrupt, match="empty the table `snapshots`"):
        journal.accounts()
    journal.close()


# ---------------------------------------------------------------------- folders


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(JournalFailed, match="there is no folder"):
        SqliteJournal.open(tmp_path / "nowhere" / "journal.db")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_place_of_the_file(path: Path) -> None:
    path.mkdir()
    with pytest.raises(JournalFailed, match=r"Cannot read the journal .*: Is a directory"):
        SqliteJournal.open(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
@pytest.mark.parametrize("mode", [0o000, 0o500])
def test_a_folder_that_may_not_be_written(path: Path, mode: int) -> None:
    path.parent.chmod(mode)
    try:
        with pytest.raises(JournalFailed, match="Permission denied"):
            SqliteJournal.open(path)
    finally:
        path.parent.chmod(0o700)


def test_a_lock_that_cannot_be_made(path: Path) -> None:
    Path(f"{path}.lock").mkdir()
    with pytest.raises(JournalFailed, match="Cannot lock the journal"):
        SqliteJournal.open(path)


# ---------------------------------------------------------------------- migrations


async def test_a_migration_keeps_what_was_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await write(path)
    known = journal_schema.MIGRATIONS
    added = "CREATE TABLE added (a); DELETE FROM snapshots"
    monkeypatch.setattr(journal_schema, "MIGRATIONS", [*known, added])
    journal = SqliteJournal.open(path)
    assert len(await journal.read(LOGIN)) == 3
    journal.close()
    connection = apsw.Connection(str(path))
    assert connection.pragma("user_version") == len(known) + 1
    assert connection.table_exists(None, "added")
    connection.close()


async def test_a_journal_without_stories_gets_them(path: Path) -> None:
    """A file as the first version of the schema wrote it tells the same stories as a new one."""
    events = a_life()
    write_older_journal(path, 1, [*numbered(events), *numbered([settled("of the server")], account=0)])
    journal = SqliteJournal.open(path)
    try:
        for tickets, versions in STORIES:
            for ticket in tickets:
                assert [each.version for each in await journal.story(LOGIN, ticket)] == versions, ticket
        await journal.append(Batch(numbered([deposit(99)], first=len(events) + 1)))
        assert [each.version for each in await journal.story(LOGIN, 99)] == [len(events) + 1]
    finally:
        journal.close()


async def test_a_migration_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await write(path)
    before = path.read_bytes()
    with monkeypatch.context() as patch:
        statements = "CREATE TABLE added (a); SELECT * FROM nowhere"
        patch.setattr(journal_schema, "MIGRATIONS", [*journal_schema.MIGRATIONS, statements])
        with pytest.raises(JournalFailed, match=r"Cannot prepare the journal .*: no such table: nowhere"):
            SqliteJournal.open(path)
    assert path.read_bytes() == before
    SqliteJournal.open(path).close()


# ---------------------------------------------------------------------- a failing disk


class Disk(apsw.VFS):
    """A disk that counts syncs of the log and can be told to fail."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "")
        self.name = name
        self.syncs = 0
        self.writes = 0
        self.fails: Callable[[str], type[apsw.Error] | None] = lambda _: None

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        return DiskFile(self, name, flags)

    def does(self, what: str) -> None:
        if error := self.fails(what):
            raise error(f"this disk does not {what}")


class DiskFile(apsw.VFSFile):
    def __init__(self, disk: Disk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        self.disk = disk
        self.is_log = bool(flags[0] & apsw.SQLITE_OPEN_WAL)
        super().__init__("", name, flags)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self.disk.does("sync" if self.is_log else "sync the file")
        super().xSync(flags)
        self.disk.syncs += self.is_log

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self.disk.does("write" if self.is_log else "write the file")
        super().xWrite(data, offset)
        self.disk.writes += self.is_log


@pytest.fixture
def disk(path: Path) -> Iterator[Disk]:
    disk = Disk(f"disk of {path}")
    yield disk
    disk.unregister()


def after(times: int, what: str, error: type[apsw.Error]) -> Callable[[str], type[apsw.Error] | None]:
    """Does it so many times more, and then never again."""
    left = itertools.count(times, -1)
    return lambda done: error if done == what and next(left) <= 0 else None


@pytest.mark.parametrize("error", [apsw.IOError, apsw.FullError])
@pytest.mark.parametrize("what", ["sync", "write"])
@pytest.mark.parametrize("times", [0, 1, 7, 30])
async def test_a_failing_disk_loses_nothing_acknowledged(
    path: Path, disk: Disk, what: str, times: int, error: type[apsw.Error]
) -> None:
    told: asyncio.Queue[BaseException] = asyncio.Queue()
    journal = SqliteJournal.open(path, vfs=disk.name, on_failure=told.put_nowait)
    await journal.append(Batch(numbered([deposit(1)], 20)))
    disk.fails = after(times, what, error)
    done = {}

    async def appender(login: int) -> None:
        for version in range(1, 200):
            await journal.append(Batch(numbered([deposit(version)], login, version)))
            done[login] = version

    results = await asyncio.gather(*[appender(login) for login in range(1, 11)], return_exceptions=True)
    assert all(isinstance(each, JournalFailed) for each in results)
    assert "Cannot write to the journal" in str(results[0])
    assert isinstance(journal.failed, JournalFailed)
    assert await told.get() is journal.failed

    disk.fails = lambda _: None
    with pytest.raises(JournalFailed):
        await journal.append(Batch(numbered([deposit(2)], 20, first=2)))
    journal.close()
    await asyncio.sleep(0)
    assert told.empty()

    again = SqliteJournal.open(path)
    assert len(await again.read(20)) == 1
    for login in range(1, 11):
        versions = [each.version for each in await again.read(login)]
        assert versions == list(range(1, len(versions) + 1))
        assert len(versions) >= done.get(login, 0)
    again.close()


@pytest.mark.parametrize("what", ["sync the file", "write the file"])
async def test_a_disk_that_fails_while_the_log_is_copied(
    path: Path, disk: Disk, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_sqlite, "CHECKPOINT_PAGES", 10)
    journal = SqliteJournal.open(path, vfs=disk.name)
    disk.fails = after(0, what, apsw.IOError)
    version = 0
    with pytest.raises(JournalFailed):
        for version in range(1, 1000):
            await journal.append(Batch(numbered([deposit(version)], first=version)))
    assert version > 1
    journal.close()
    again = SqliteJournal.open(path)
    assert len(await again.read(LOGIN)) >= version - 1
    again.close()


def test_a_failure_without_a_loop_is_told_too(path: Path, disk: Disk) -> None:
    told: SimpleQueue[BaseException] = SimpleQueue()
    asyncio.run(write(path))
    journal = SqliteJournal.open(path, vfs=disk.name, on_failure=told.put)
    disk.fails = after(0, "write", apsw.FullError)
    journal.snapshot([Account(login=LOGIN, version=3)])
    assert told.get() is journal.failed
    journal.close()


async def test_what_is_durable_can_be_read_after_a_failure(path: Path, disk: Disk) -> None:
    journal = SqliteJournal.open(path, vfs=disk.name)
    await journal.append(Batch(numbered([account_opened()])))
    disk.fails = after(0, "sync", apsw.IOError)
    with pytest.raises(JournalFailed):
        await journal.append(Batch(numbered([deposit(1)], first=2)))
    assert len(await journal.read(LOGIN)) == 1
    assert len(journal.accounts()) == 1
    journal.close()


async def test_a_request_that_is_settled_twice_fails_the_journal(path: Path) -> None:
    journal = SqliteJournal.open(path)
    await journal.append(Batch(numbered([settled("a")])))
    with pytest.raises(JournalFailed, match="UNIQUE"):
        await journal.append(Batch(numbered([settled("a")], first=2)))
    assert journal.failed
    journal.close()
    assert count(path) == 1


async def test_an_order_is_found_though_its_ticket_is_damaged_beside_its_record(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a file too large to be checked to the last row at each start."""
    ticket = 70_001
    journal = SqliteJournal.open(path)
    await journal.append(Batch(numbered([placed(ticket), ended(ticket)])))
    journal.close()
    raw = path.read_bytes()
    row = ticket.to_bytes(3, "big") + ended(ticket).order.state.value.encode()
    assert raw.count(row) == 1
    path.write_bytes(raw.replace(row, (ticket + 4).to_bytes(3, "big") + row[3:]))
    monkeypatch.setattr(journal_checks, "FULL_CHECK_LIMIT", 0)
    journal = SqliteJournal.open(path)
    assert await journal.order(LOGIN, ticket) == ended(ticket).order
    journal.close()


async def test_a_request_that_is_settled_twice_by_the_way_fails_the_journal_too(path: Path) -> None:
    journal = SqliteJournal.open(path)
    for version in (1, 2):
        twin = replace(numbered([deposit(1)], first=version)[0], settles=settled("a"))
        with nullcontext() if version == 1 else pytest.raises(JournalFailed, match="UNIQUE"):
            await journal.append(Batch((twin,)))
    journal.close()
    assert count(path) == 1


async def test_a_snapshot_that_cannot_be_written_fails_the_journal(path: Path, disk: Disk) -> None:
    told: asyncio.Queue[BaseException] = asyncio.Queue()
    journal = SqliteJournal.open(path, vfs=disk.name, on_failure=told.put_nowait)
    await journal.append(Batch(numbered([account_opened()])))
    disk.fails = after(0, "write", apsw.FullError)
    journal.snapshot(journal.accounts())
    with pytest.raises(JournalFailed, match="does not write"):
        await journal.append(Batch(numbered([deposit(1)], first=2)))
    assert await told.get() is journal.failed
    journal.close()


# ---------------------------------------------------------------------- speed that does not fade


async def test_a_long_fold_is_done_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_sqlite, "MANY_FOLDED", 3)
    await write(path, 3)
    journal = SqliteJournal.open(path)
    (account,) = journal.accounts()
    journal.close()
    (snapshot,) = apsw.Connection(str(path)).execute("SELECT account, version FROM snapshots")
    assert snapshot == (account.login, account.version)
    journal = SqliteJournal.open(path)
    assert journal.accounts() == [account]
    await journal.append(Batch(numbered([deposit(1)], first=account.version + 1)))
    journal.close()


async def test_no_verb_reads_the_whole_table(path: Path) -> None:
    journal = SqliteJournal.open(path)
    await journal.append(Batch(numbered([account_opened(), opened(1), placed(3), ended(3), settled("a")])))
    await journal.append(Batch(quotes=[a_quote()], bars=[a_bar()], marks={"a": "b"}))
    asked: list[tuple[str, object]] = []

    def remember(_: apsw.Cursor, sql: str, bindings: object) -> bool:
        asked.append((sql, bindings))
        return True

    journal._reader.set_exec_trace(remember)
    await journal.read(LOGIN, 1)
    await journal.settled(LOGIN, "a")
    await journal.order(LOGIN, 1)
    await journal.orders(LOGIN, [OrderState.FILLED, OrderState.CANCELED], symbol="EURUSD", after=0, limit=5)
    for descending in (False, True):
        await journal.deals(
            LOGIN, symbol=None, since=START, until=START + 9, after=1, limit=5, descending=descending
        )
    for ticket in (1, 2, 1000):
        await journal.story(LOGIN, ticket)
    await journal.bars("EURUSD", START, START + 1)
    journal.accounts()
    journal._reader.set_exec_trace(None)
    journal.close()

    connection = apsw.Connection(str(path))
    for sql, bindings in asked:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", bindings)]  # type: ignore[arg-type]
        assert not [each for each in plan if re.match(r"SCAN (transactions|bars)", each)], plan
        if "SELECT max(version)" not in sql and "logins" not in sql:
            assert not [each for each in plan if "TEMP B-TREE" in each], plan
        if "ticket = ?" in sql or "subject = ?" in sql or "deal = ?" in sql:
            found = [each for each in plan if "SEARCH" in each]
            assert all(re.search(r"account=\? AND (ticket|subject|deal)=\?", each) for each in found), plan
    connection.close()
    assert len(asked) > 12
