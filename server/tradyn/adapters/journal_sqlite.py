"""The journal in one SQLite file: every account's transactions, durable before they are acknowledged.

What must always hold:

* A future of `append` is done only after the COMMIT that holds its batch returned, and with
  `synchronous=FULL` every COMMIT has synced the write-ahead log. Batches that queued up while the disk
  was busy share one COMMIT (group commit); a batch is never split over two.
* Batches become durable in the order in which they were appended.
* Versions of an account have no gap. They are compared when a batch is appended, in memory, so a
  wrong batch fails alone and before it is queued; the primary key is the last guard.
* `time` never goes backwards within an account as versions grow. Whoever appends sees to it; `deals`
  finds a range of time by bisecting versions and would miss rows if it did not hold.
* After the first failure of the disk, be it in reading, nothing more is written, not even a checkpoint:
  a sync that failed once may succeed the second time without having written anything. What was queued
  and what comes later fails with `JournalFailed`. The next start finds what was committed.
* Readers have a connection of their own and see only what is committed, without waiting for syncs.
* One process has the file: `<path>.lock` is held from `open` to `close`. SQLite's own locks
  could not say so, because they are let go of between transactions.
* Until a file is known to be a sound journal of a version that this program can read, it is not changed;
  but for a change that a power cut interrupted, which SQLite takes back first.
* What is read is what was written: every row has a checksum, which is compared when the row is read. The
  columns of `transactions` that it leaves out are looked at in indexes; a full check finds where they differ.

A snapshot is only there to save time. Whoever changes what `accounts.evolve` computes adds a
migration that empties the table of snapshots.

Known limitations:

* A `client_order_id` that is settled twice is a bug of the caller and found by the database only, at
  COMMIT time; it fails the journal as a disk would.
* Read verbs run on the caller's thread. Most are point queries; `deals` and `orders` with a rare symbol
  or state walk the account's part of the index (about 10 million rows a second) before they find it.
* Only files up to 16 MB are checked to the last row at start, because that takes 5 ms a megabyte; the
  structure alone is checked up to 64 MB. A larger file has its header, its length, its schema and its log
  checked; damage further in shows when it is read, or in `journal_verify`.
* A log whose end is missing or damaged after a crash looks like one that a power cut has interrupted: what
  is there before is taken. From two lost commits on the damage is found.
* Read verbs, like `append`, are for one thread (the event loop's): a connection serves one at a time.
* The journal grows for ever: nothing deletes or archives old transactions.
* The lock is advisory. Network file systems that ignore it, or do not sync, are not supported.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import cache
from itertools import chain, groupby, islice
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Final, NamedTuple

import apsw

from tradyn.adapters.journal_checks import (
    DAMAGE,
    JournalCorrupt,
    check_content,
    check_header,
    check_length,
    damaged,
    has_log,
    reason,
    remedy,
)
from tradyn.adapters.journal_lock import JournalBusy, hold_lock
from tradyn.adapters.journal_records import (
    UnreadableRecord,
    decode_account,
    decode_delivery,
    decode_transaction,
    encode_account,
    encode_delivery,
)
from tradyn.adapters.journal_rows import Row, bar_row, checked, transaction_row
from tradyn.adapters.journal_schema import checksum, connect, migrate
from tradyn.adapters.settled_ids import SettledIds
from tradyn.broker.accounts import Account, evolve
from tradyn.broker.deals import Deal
from tradyn.broker.market import Quote
from tradyn.broker.orders import Order, OrderState
from tradyn.broker.transactions import RequestSettled, Transaction
from tradyn.ports import Bar, Batch, Commit, JournalFailed
from tradyn.webhooks import Delivery

__all__ = ["JournalBusy", "JournalCorrupt", "SqliteJournal", "VersionConflict"]

_WRITABLE: Final = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE

CHECKPOINT_PAGES: Final = 4096
"""The write-ahead log is copied into the file when it has grown to so many pages (16 MB)."""

_ACCOUNTS: Final = """
    WITH RECURSIVE logins (login) AS (
        SELECT min(account) FROM transactions WHERE account > 0
        UNION ALL
        SELECT (SELECT min(account) FROM transactions WHERE account > login)
        FROM logins WHERE login IS NOT NULL
    )
"""
"""All accounts but 0, by one jump through the primary key for each: a DISTINCT would read every row."""

_TAILS: Final = (
    _ACCOUNTS
    + """
    SELECT transactions.account, transactions.version, kind, time, transactions.payload, transactions.checksum
    FROM logins LEFT JOIN snapshots ON snapshots.account = login
    CROSS JOIN transactions
        ON transactions.account = login AND transactions.version > coalesce(snapshots.version, 0)
    ORDER BY transactions.account, transactions.version
"""
)

_ROWS_AT_ONCE: Final = 10_000

MANY_FOLDED: Final = 20_000
"""Accounts get a snapshot at a start that has folded so many transactions."""


class VersionConflict(Exception):
    """A batch whose versions are not the next ones of its accounts: a bug of whoever appended it."""


class _Insert:
    """Inserts many rows with few statements.

    Each statement that runs lets go of the interpreter's lock and must get it back from a busy event
    loop, so one row at a time would be slow. Powers of two keep the number of different statements small.
    """

    LARGEST = 256

    def __init__(self, verb: str, table: str, width: int) -> None:
        self._head = f"{verb} INTO {table} VALUES "
        self._row = "(" + ",".join("?" * width) + ")"

    def run(self, connection: apsw.Connection, rows: Sequence[Row]) -> None:
        """Insert `rows` in their order."""
        done = 0
        while done < len(rows):
            count = min(1 << ((len(rows) - done).bit_length() - 1), self.LARGEST)
            values = tuple(chain.from_iterable(rows[done : done + count]))
            connection.execute(self._statement(count), values)
            done += count

    @cache  # noqa: B019 - the instances live as long as the module
    def _statement(self, count: int) -> str:
        return self._head + ",".join([self._row] * count)


class _Delete:
    """Deletes rows by the values of one column."""

    def __init__(self, table: str, column: str) -> None:
        self._statement = f"DELETE FROM {table} WHERE {column} = ?"

    def run(self, connection: apsw.Connection, rows: Sequence[Row]) -> None:
        """Delete what has one of these values."""
        if rows:
            connection.executemany(self._statement, rows)


# OR ROLLBACK, because the default would have SQLite keep a copy of every page that a statement changes.
_TRANSACTIONS: Final = _Insert("INSERT OR ROLLBACK", "transactions", 12)
_SNAPSHOTS: Final = _Insert("REPLACE", "snapshots", 4)
_MARKS: Final = _Insert("REPLACE", "marks", 3)
_QUOTES: Final = _Insert("REPLACE", "quotes", 5)
_BARS: Final = _Insert("REPLACE", "bars", 11)
_DELIVERIES: Final = _Insert("REPLACE", "deliveries", 5)
_NO_MARK: Final = _Delete("marks", "name")
_NO_DELIVERIES: Final = _Delete("deliveries", "webhook_id")


class _Others(NamedTuple):
    """What is in a batch beside transactions, which few have, as rows."""

    marks: Sequence[Row]
    quotes: Sequence[Row]
    bars: Sequence[Row]
    deliveries: Sequence[Row]
    forgotten: Sequence[Row]


@dataclass(slots=True)
class _Write:
    """A batch on its way to the disk, as rows, and the future of whoever waits for it."""

    future: Commit
    transactions: Sequence[Row]
    others: _Others | None


@dataclass(frozen=True, slots=True)
class _Snapshots:
    rows: Sequence[Row]


class _Stop:
    """The last item of the queue."""


class SqliteJournal:
    """A `ports.Journal` in one SQLite file, or in memory.

    Attributes:
        failed: why the journal writes no more; None while all is well.
    """

    def __init__(
        self,
        *,
        name: str,
        writer: apsw.Connection,
        reader: apsw.Connection,
        held: ExitStack,
        on_failure: Callable[[BaseException], None] | None,
    ) -> None:
        """Use `open`."""
        self.failed: JournalFailed | None = None
        self._name = name
        self._writer = writer
        self._reader = reader
        self._held = held
        self._on_failure = on_failure
        # One connection can serve one thread at a time, and would show its reader what is not committed.
        self._turn: AbstractContextManager[object] = Lock() if reader is writer else nullcontext()
        self._heads: dict[int, int] = {}
        self._settled_ids = SettledIds(self._load_settled_ids)
        self._queue: SimpleQueue[_Write | _Snapshots | _Stop] = SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self._failing = Lock()
        self._log_pages = 0
        writer.set_wal_hook(self._on_log_grown)
        self._thread = Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    # ------------------------------------------------------------------ opening and closing

    @classmethod
    def open(
        cls,
        path: Path | None,
        *,
        on_failure: Callable[[BaseException], None] | None = None,
        vfs: str | None = None,
        synchronous: str = "FULL",
    ) -> SqliteJournal:
        """Open the journal at `path`, or make it; `path` None is a journal in memory.

        Args:
            on_failure: called once, on the event loop, when the disk fails.
            vfs: the name of the SQLite VFS to use, for tests.
            synchronous: SQLite's `PRAGMA synchronous`; only FULL and EXTRA survive a power failure.

        Raises:
            JournalBusy: another process has it.
            JournalCorrupt: it is not a journal, of a newer version, or damaged.
            JournalFailed: the folder or the file cannot be read or written.
        """
        with ExitStack() as held:
            if path is None:
                name = "the journal in memory"
                writer = reader = held.enter_context(closing(connect(Path(":memory:"), None, _WRITABLE)))
                migrate(writer)
            else:
                name = f"the journal {path}"
                check_header(path)
                held.enter_context(hold_lock(path))
                check_length(path)
                writer = held.enter_context(_closing(_open_file(path, vfs)))
                _prepare(writer, path, synchronous)
                reader = held.enter_context(_closing(_open_reader(path, vfs)))
            return cls(name=name, writer=writer, reader=reader, held=held.pop_all(), on_failure=on_failure)

    def close(self) -> None:
        """Write what is queued, copy the log into the file, and let go of it. May be called twice.

        Raises:
            JournalFailed: the log cannot be copied; it stays, and the next start has all that is in it.
        """
        if self._closed:
            return
        self._closed = True
        self._queue.put(_Stop())
        self._thread.join()
        # The last connection to go copies the log into the file and removes it, but not on a failed disk.
        if self.failed is not None:
            self._writer.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
            self._reader.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        try:
            self._held.close()
        except apsw.Error as error:
            if self.failed is None:
                self.failed = JournalFailed(f"Cannot write to {self._name}: {reason(error)}")
                raise self.failed from error

    # ------------------------------------------------------------------ writing

    def append(self, batch: Batch) -> Commit:
        """Queue a batch; the future is done when it is durable.

        The future fails with `VersionConflict`, which concerns this batch alone, or with
        `JournalFailed`, after which nothing is written any more.
        """
        loop = self._loop = asyncio.get_running_loop()
        future = Commit(loop=loop)
        try:
            refusal = self._refusal() or self._conflict(batch.transactions)
        except JournalFailed as failure:
            refusal = failure
        if refusal is not None:
            future.set_exception(refusal)
            return future
        write = _Write(future, [transaction_row(each) for each in batch.transactions], _others(batch))
        for each in batch.transactions:
            self._heads[each.account] = each.version
            settled = each.settles or each.event
            if type(settled) is RequestSettled:
                self._settled_ids.add(each.account, settled.client_order_id)
        self._queue.put(write)
        return future

    def snapshot(self, accounts: Iterable[Account]) -> None:
        """Queue snapshots of accounts as they are now; they are written in a transaction of their own.

        Encoding takes the caller's time, about 1 µs an account and 0.3 µs a position: for very many
        accounts, call it with some thousands at a time.
        """
        rows = []
        for account in accounts:
            try:
                head = self._head(account.login)
            except JournalFailed:
                # Whoever must know has been told.
                return
            if account.version > head:
                raise VersionConflict(
                    f"The snapshot of account {account.login} is at version {account.version}, "
                    f"and its journal at {head}"
                )
            rows.append(checked(account.login, account.version, encode_account(account)))
        if rows and self._refusal() is None:
            self._queue.put(_Snapshots(rows))

    def _refusal(self) -> JournalFailed | None:
        if self._closed:
            return JournalFailed(f"Cannot write to {self._name}: it is closed")
        return self.failed

    def _head(self, account: int) -> int:
        """The last version of an account that was appended, durable or still on its way."""
        if account not in self._heads:
            self._heads[account] = self._last_version(account)
        return self._heads[account]

    def _conflict(self, transactions: Sequence[Transaction]) -> VersionConflict | None:
        if len(transactions) == 1 and transactions[0].version == self._head(transactions[0].account) + 1:
            return None  # as it mostly is
        heads: dict[int, int] = {}
        for each in transactions:
            head = heads.get(each.account)
            if head is None:
                head = self._head(each.account)
            if each.version != head + 1:
                brought = ", ".join(str(one.version) for one in transactions if one.account == each.account)
                return VersionConflict(
                    f"Account {each.account} is at version {self._head(each.account)} in {self._name}, "
                    f"and a batch came with {brought}"
                )
            heads[each.account] = each.version
        return None

    # ------------------------------------------------------------------ the writer's thread

    def _run(self) -> None:
        while True:
            items = [self._queue.get()]
            items += [self._queue.get() for _ in range(self._queue.qsize())]
            for kind, group in groupby(items, type):
                if kind is _Stop:
                    return
                self._commit(list(group))

    def _commit(self, group: list[Any]) -> None:
        """Make a group durable, all or nothing, and tell those who wait for it."""
        error = self.failed or self._attempt(lambda: self._write(group))
        _resolve([each.future for each in group if isinstance(each, _Write)], error)
        # Those who wait need not wait for the log to be copied too.
        if error is None and self._log_pages >= CHECKPOINT_PAGES:
            self._attempt(self._checkpoint)

    def _attempt(self, work: Callable[[], None]) -> JournalFailed | None:
        """Do it; its failure is the journal's. Nothing may escape, or those in the queue wait for ever."""
        try:
            with self._turn:
                work()
        except Exception as error:
            failure = JournalFailed(f"Cannot write to {self._name}: {reason(error)}")
            failure.__cause__ = error
            return self._fail(failure)
        return None

    def _fail(self, failure: JournalFailed) -> JournalFailed:
        """Write no more, and tell of it once; the failure that was the first."""
        with self._failing:
            if self.failed is not None:
                return self.failed
            self.failed = failure
        if self._on_failure is not None:
            _call(self._loop, self._on_failure, failure)
        return failure

    def _write(self, group: Sequence[Any]) -> None:
        connection = self._writer
        try:
            connection.execute("BEGIN IMMEDIATE")
            for change, rows in _changes(group):
                change.run(connection, rows)
            connection.execute("COMMIT")
        except Exception:
            if connection.in_transaction:
                with suppress(apsw.Error):
                    connection.execute("ROLLBACK")
            raise

    def _checkpoint(self) -> None:
        self._log_pages = 0
        self._writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)

    def _on_log_grown(self, _connection: apsw.Connection, _database: str, pages: int) -> int:
        # In place of SQLite's own automatic checkpoint, which keeps its errors to itself.
        self._log_pages = pages
        return apsw.SQLITE_OK

    # ------------------------------------------------------------------ reading

    async def read(self, account: int, after: int = 0, limit: int = 1000) -> list[Transaction]:
        """Transactions of one account with `version > after`, in order."""
        sql = """
            SELECT account, version, kind, time, payload, checksum FROM transactions
            WHERE account = ? AND version > ? ORDER BY version LIMIT ?
        """
        return [self._transaction(row) for row in self._rows(sql, (account, after, limit))]

    def is_new(self, account: int, client_order_id: str) -> bool:
        """Whether it is certain that no request of this `client_order_id` was settled."""
        return self._settled_ids.is_new(account, client_order_id)

    async def settled(self, account: int, client_order_id: str) -> Transaction | None:
        """The transaction that settled a request: by the way, or as its event."""
        sql = """
            SELECT account, version, kind, time, payload, checksum FROM transactions
            WHERE account = ? AND client_order_id = ?
        """
        rows = self._rows(sql, (account, client_order_id))
        return self._transaction(rows[0]) if rows else None

    def _load_settled_ids(self, account: int, limit: int) -> list[str]:
        sql = """
            SELECT client_order_id FROM transactions INDEXED BY settled
            WHERE account = ? AND client_order_id IS NOT NULL LIMIT ?
        """
        return [row[0] for row in self._rows(sql, (account, limit))]

    async def order(self, account: int, ticket: int) -> Order | None:
        """An order that is no longer placed, as it ended."""
        # In its own story, where its end comes before all closings, or as a closing order: the first branch
        # that has a row.
        sql = """
            SELECT * FROM (
                SELECT account, version, kind, time, payload, checksum FROM transactions INDEXED BY story
                WHERE account = ?1 AND subject = ?2 AND ticket IS NOT NULL ORDER BY rowid LIMIT 1
            )
            UNION ALL
            SELECT account, version, kind, time, payload, checksum FROM transactions INDEXED BY closing
            WHERE account = ?1 AND ticket = ?2 AND ticket IS NOT subject
            LIMIT 1
        """
        rows = self._rows(sql, (account, ticket))
        return self._transaction(rows[0]).event.order if rows else None

    async def orders(
        self, account: int, states: Iterable[OrderState], *, symbol: str | None, after: int, limit: int
    ) -> list[tuple[int, Order]]:
        """Ended orders with the version of the transaction that ended them, from `after` on."""
        wanted = [state.value for state in states]
        if not wanted:
            return []
        places = ",".join("?" * len(wanted))
        condition, bindings = _symbol_is(symbol)
        sql = f"""
            SELECT account, version, kind, time, payload, checksum FROM transactions INDEXED BY history
            WHERE account = ? AND version > ? AND state IS NOT NULL AND state IN ({places}) {condition}
            ORDER BY version LIMIT ?
        """
        rows = self._rows(sql, (account, after, *wanted, *bindings, limit))
        return [(row[1], self._transaction(row).event.order) for row in rows]

    async def deals(
        self,
        account: int,
        *,
        symbol: str | None,
        since: int | None,
        until: int | None,
        after: int | None,
        limit: int,
        descending: bool,
    ) -> list[tuple[int, Deal]]:
        """Deals with their versions, `since <= time < until`, beyond version `after` in that direction."""
        first = 1 if since is None else self._first_version(account, since)
        end = 2**63 - 1 if until is None else self._first_version(account, until)
        if after is not None:
            first, end = (first, min(end, after)) if descending else (max(first, after + 1), end)
        condition, bindings = _symbol_is(symbol)
        sql = f"""
            SELECT account, version, kind, time, payload, checksum FROM transactions INDEXED BY history
            WHERE account = ? AND version >= ? AND version < ? AND deal IS NOT NULL {condition}
            ORDER BY version {"DESC" if descending else "ASC"} LIMIT ?
        """
        rows = self._rows(sql, (account, first, end, *bindings, limit))
        return [(row[1], self._transaction(row).event.deal) for row in rows]

    async def story(self, account: int, ticket: int) -> list[Transaction]:
        """Every transaction about what `ticket` names, in order; empty where it names nothing.

        Of an order or a position that is all that happened to either; of a closing order or of a
        deal the same story of its position; of a balance deal its own transaction.
        """
        found = self._about(account, ticket)
        if found:
            return found
        # UNION ALL takes the branches in their order, and stops at the first row.
        sql = """
            SELECT account, version, kind, time, payload, checksum, subject
            FROM transactions INDEXED BY closing
            WHERE account = ?1 AND ticket = ?2 AND ticket IS NOT subject
            UNION ALL
            SELECT account, version, kind, time, payload, checksum, subject
            FROM transactions INDEXED BY story
            WHERE account = ?1 AND subject = ?2 - 1 AND deal = ?2
            UNION ALL
            SELECT account, version, kind, time, payload, checksum, subject
            FROM transactions INDEXED BY closing
            WHERE account = ?1 AND ticket = ?2 - 1 AND ticket IS NOT subject AND deal = ?2
            UNION ALL
            SELECT account, version, kind, time, payload, checksum, subject
            FROM transactions INDEXED BY lone_deal
            WHERE account = ?1 AND deal = ?2 AND deal IS NOT ticket + 1
            LIMIT 1
        """
        for *row, subject in self._rows(sql, (account, ticket)):
            return [self._transaction(tuple(row))] if subject is None else self._about(account, subject)
        return []

    def _about(self, account: int, subject: int) -> list[Transaction]:
        sql = """
            SELECT account, version, kind, time, payload, checksum FROM transactions INDEXED BY story
            WHERE account = ? AND subject = ? ORDER BY rowid
        """
        return [self._transaction(row) for row in self._rows(sql, (account, subject))]

    async def bars(self, symbol: str, since: int, until: int) -> list[Bar]:
        """The bars of pushed quotes with `since <= time < until`."""
        sql = "SELECT * FROM bars WHERE symbol = ? AND time >= ? AND time < ? ORDER BY time"
        return [Bar(*self._intact("bar", row)) for row in self._rows(sql, (symbol, since, until))]

    async def last_bar(self, symbol: str, at: int) -> Bar | None:
        """The latest bar of pushed quotes that opens at or before `at`."""
        sql = "SELECT * FROM bars WHERE symbol = ? AND time <= ? ORDER BY time DESC LIMIT 1"
        rows = self._rows(sql, (symbol, at))
        return Bar(*self._intact("bar", rows[0])) if rows else None

    async def deliveries(self, webhook_id: str, before: int | None, limit: int) -> list[Delivery]:
        """The deliveries of a webhook, the newest first, with `number < before`."""
        sql = "SELECT * FROM deliveries WHERE webhook_id = ? AND number < ? ORDER BY number DESC LIMIT ?"
        rows = self._rows(sql, (webhook_id, 2**63 - 1 if before is None else before, limit))
        return [self._delivery(row) for row in rows]

    async def delivery(self, webhook_id: str, delivery_id: str) -> Delivery | None:
        """One delivery of a webhook."""
        sql = "SELECT * FROM deliveries WHERE webhook_id = ? AND delivery_id = ?"
        rows = self._rows(sql, (webhook_id, delivery_id))
        return self._delivery(rows[0]) if rows else None

    def accounts(self) -> list[Account]:
        """Every account but 0 as the fold of its transactions, with the help of snapshots."""
        folded = {}
        for row in self._each("SELECT * FROM snapshots ORDER BY account"):
            login, _, payload = self._intact("snapshot", row)
            try:
                folded[login] = decode_account(payload)
            except UnreadableRecord as error:
                raise self._damaged(
                    f"The snapshot of account {login} in {self._name} cannot be read: {error}. "
                    "Snapshots only save time: empty the table `snapshots` to start without them"
                ) from error
        count = 0
        tails: dict[int, Account] = {}
        for row in self._each(_TAILS):
            transaction = self._transaction(row)
            login = transaction.account
            account = tails.get(login)
            if account is None:
                account = tails[login] = folded.setdefault(login, Account(login=login))
            evolve(account, transaction)
            count += 1
        if count >= MANY_FOLDED:
            # What has been folded once need not be folded at the next start too.
            for login, account in tails.items():
                self._heads.setdefault(login, account.version)
            self.snapshot(tails.values())
        return [folded[login] for login in sorted(folded)]

    def symbols(self) -> set[str]:
        """Every symbol that has a deal or an order that ended; reads the whole history."""
        return {row[0] for row in self._rows("SELECT DISTINCT symbol FROM transactions WHERE symbol > ''")}

    def marks(self) -> dict[str, str]:
        """All marks."""
        rows = self._rows("SELECT * FROM marks ORDER BY name")
        return dict(self._intact("mark", row) for row in rows)

    def quotes(self) -> list[Quote]:
        """The saved last quotes."""
        rows = self._rows("SELECT * FROM quotes ORDER BY symbol")
        return [Quote(*self._intact("quote", row)) for row in rows]

    def _rows(self, sql: str, bindings: Row = ()) -> list[Any]:
        try:
            with self._turn:
                return self._reader.execute(sql, bindings).fetchall()
        except (*DAMAGE, apsw.Error) as error:
            raise self._unreadable(error) from error

    def _each(self, sql: str) -> Iterator[Any]:
        """Rows of which there may be more than memory should hold."""
        rows: list[Any] | None = None
        cursor: Iterator[Any] | None = None
        while rows is None or rows:
            try:
                with self._turn:
                    cursor = cursor or iter(self._reader.execute(sql))
                    rows = list(islice(cursor, _ROWS_AT_ONCE))
            except (*DAMAGE, apsw.Error) as error:
                raise self._unreadable(error) from error
            yield from rows

    def _unreadable(self, error: Exception) -> JournalFailed:
        """What the journal fails with as it cannot be read."""
        if isinstance(error, DAMAGE):
            return self._damaged(f"{_capital(self._name)} is damaged: {reason(error)}")
        failure = JournalFailed(f"Cannot read {self._name}: {reason(error)}")
        self._fail(failure)
        return failure

    def _damaged(self, sentence: str) -> JournalCorrupt:
        """What the journal fails with, because a disk that changes what was written cannot be trusted."""
        failure = JournalCorrupt(sentence)
        self._fail(failure)
        return failure

    def _intact(self, what: str, row: Row) -> Row:
        """A row without its checksum, which fits."""
        *values, found = row
        if found != checksum(*values):
            raise self._damaged(
                f"The {what} of {values[0]!r} in {self._name} is damaged: its checksum does not fit"
            )
        return tuple(values)

    def _last_version(self, account: int) -> int:
        """The version of the last durable transaction of an account; 0 where there is none."""
        found = self._rows("SELECT max(version) FROM transactions WHERE account = ?", (account,))[0][0] or 0
        if not isinstance(found, int):
            raise self._damaged(f"{_capital(self._name)} is damaged: a version in it is {found!r}")
        return found

    def _first_version(self, account: int, time: int) -> int:
        """The first version at `time` or later; one past the last where there is none."""
        versions = range(1, self._last_version(account) + 1)
        return 1 + bisect_left(versions, time, key=lambda version: self._time(account, version))

    def _time(self, account: int, version: int) -> int:
        sql = """
            SELECT account, version, kind, time, payload, checksum FROM transactions
            WHERE account = ? AND version = ?
        """
        for row in self._rows(sql, (account, version)):
            self._intact("transaction", row)
            time: int = row[3]
            return time
        raise self._damaged(f"Transaction {version} of account {account} is missing in {self._name}")

    def _transaction(self, row: Row) -> Transaction:
        account, version, kind, time, payload, found = row
        if found != checksum(account, version, kind, time, payload):
            raise self._damaged(
                f"Transaction {version} of account {account} in {self._name} is damaged: "
                "its checksum does not fit"
            )
        try:
            return decode_transaction(account, version, kind, time, payload)
        except UnreadableRecord as error:
            raise self._damaged(
                f"Transaction {version} of account {account} in {self._name} cannot be read: {error}"
            ) from error

    def _delivery(self, row: Row) -> Delivery:
        *_, payload = self._intact("delivery", row)
        try:
            return decode_delivery(payload)
        except UnreadableRecord as error:
            raise self._damaged(f"A delivery in {self._name} cannot be read: {error}") from error


# ---------------------------------------------------------------------- changes


def _others(batch: Batch) -> _Others | None:
    if not (batch.marks or batch.quotes or batch.bars or batch.deliveries or batch.forgotten):
        return None
    return _Others(
        list(batch.marks.items()),
        [checked(*each) for each in batch.quotes],
        [bar_row(each) for each in batch.bars],
        [
            checked(each.webhook_id, each.number, each.delivery_id, encode_delivery(each))
            for each in batch.deliveries
        ],
        [(each,) for each in batch.forgotten],
    )


def _changes(group: Sequence[Any]) -> Iterable[tuple[_Insert | _Delete, list[Row]]]:
    if isinstance(group[0], _Snapshots):
        yield _SNAPSHOTS, [row for each in group for row in each.rows]
        return
    yield _TRANSACTIONS, [row for each in group for row in each.transactions]
    others = [each.others for each in group if each.others is not None]
    if not others:
        return
    # Of a mark that is set and removed in the same group the last counts.
    marks = dict(row for each in others for row in each.marks)
    yield _MARKS, [checked(*row) for row in marks.items() if row[1] is not None]
    yield _NO_MARK, [(name,) for name, value in marks.items() if value is None]
    yield _QUOTES, [row for each in others for row in each.quotes]
    yield _BARS, [row for each in others for row in each.bars]
    yield _DELIVERIES, [row for each in others for row in each.deliveries]
    yield _NO_DELIVERIES, [row for each in others for row in each.forgotten]


def _symbol_is(symbol: str | None) -> tuple[str, Row]:
    return ("", ()) if symbol is None else ("AND symbol = ?", (symbol,))


# ---------------------------------------------------------------------- futures


def _resolve(futures: Sequence[Commit], error: BaseException | None) -> None:
    """Wake those who wait, by one call for each event loop (there is one)."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Commit]] = {}
    for future in futures:
        by_loop.setdefault(future.get_loop(), []).append(future)
    for loop, its_futures in by_loop.items():
        # A loop that has ended has nobody waiting.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_end, its_futures, error)


def _end(futures: Sequence[Commit], error: BaseException | None) -> None:
    for future in futures:
        future.end(error)


def _call(
    loop: asyncio.AbstractEventLoop | None, function: Callable[[BaseException], None], failure: BaseException
) -> None:
    """Call a function on the loop, or on a thread of its own where there is no loop (any more)."""
    if loop is not None:
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(function, failure)
            return
    Thread(target=function, args=(failure,), name="journal failed").start()


# ---------------------------------------------------------------------- the file


@contextmanager
def _closing(connection: apsw.Connection) -> Iterator[apsw.Connection]:
    """Close it at the end; after an error without more writing."""
    with _closed_on_error(connection):
        yield connection
    connection.close()


@contextmanager
def _closed_on_error(connection: apsw.Connection) -> Iterator[apsw.Connection]:
    try:
        yield connection
    except BaseException:
        # It has an error already, and would copy the log; but one that is empty it shall remove.
        with suppress(apsw.Error):
            connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, has_log(Path(connection.filename)))
        with suppress(apsw.Error):
            connection.close()
        raise


def _open_file(path: Path, vfs: str | None) -> apsw.Connection:
    """The writer's connection to a file that was checked, or found to be new."""
    try:
        with _closed_on_error(connect(path, vfs, _WRITABLE)) as connection:
            if connection.readonly("main"):
                raise JournalFailed(f"Cannot write to the journal {path}: the file is read-only")
            check_content(connection, path)
            _make_private(path)
            return connection
    except DAMAGE as error:
        raise damaged(path, reason(error)) from error
    except apsw.Error as error:
        raise _cannot("open", path, error) from error


def _make_private(path: Path) -> None:
    """Let nobody else read what is there, as it came from an older program, a copy or another mask.

    What SQLite makes beside the file later has its mode.
    """
    for name in ("", "-wal", "-shm", ".lock"):
        # Some file systems have no modes; and of a file that is somebody else's they say who reads it.
        with suppress(OSError):
            Path(f"{path}{name}").chmod(0o600)


def _open_reader(path: Path, vfs: str | None) -> apsw.Connection:
    try:
        with _closed_on_error(connect(path, vfs, apsw.SQLITE_OPEN_READONLY)) as connection:
            connection.pragma("cache_size", -16_384)
            return connection
    except apsw.Error as error:
        raise _cannot("open", path, error) from error


def _prepare(connection: apsw.Connection, path: Path, synchronous: str) -> None:
    """Bring the schema up to date and turn the log on, in this order: so the header of a new
    journal is in the file itself, and not in the log only.
    """
    try:
        connection.pragma("synchronous", synchronous)
        connection.pragma("cache_size", -32_768)
        connection.pragma("journal_size_limit", 64 * 1024 * 1024)
        # A log that begins anew has nothing left in it of former crashes; `_check_log` relies on that.
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        migrate(connection)
        mode = connection.pragma("journal_mode", "wal")
    except apsw.Error as error:
        raise _cannot("prepare", path, error) from error
    if mode != "wal":
        raise JournalFailed(f"Cannot prepare the journal {path}: its disk does not allow a write-ahead log")


def _cannot(do: str, path: Path, error: Exception) -> JournalFailed:
    failure = JournalFailed(f"Cannot {do} the journal {path}: {reason(error)}")
    return JournalFailed(f"{failure}. {remedy(failure)}")


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
