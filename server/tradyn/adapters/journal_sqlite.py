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
* After the first failure of the disk nothing more is written, not even a checkpoint: a sync that
  failed once may succeed the second time without having written anything. What was queued and
  what comes later fails with `JournalFailed`. The next start finds what was committed.
* Readers have a connection of their own and see only what is committed, without waiting for syncs.
* One process has the file: `<path>.lock` is held from `open` to `close`. SQLite's own locks
  could not say so, because they are let go of between transactions.
* Until a file is known to be a sound journal of a version that this program can read, it is not changed.

A snapshot is only there to save time. Whoever changes what `accounts.evolve` computes adds a
migration that empties the table of snapshots.

Known limitations:

* A `client_order_id` that is settled twice is a bug of the caller and found by the database only, at
  COMMIT time; it fails the journal as a disk would.
* Read verbs run on the caller's thread. Most are point queries; `deals` and `orders` with a rare symbol
  or state walk the account's part of the index (about 10 million rows a second) before they find it.
* `quick_check` reads the whole file, so at start it is done up to 64 MB only. A larger file has its
  header, its length and its schema checked; damage further in shows when it is read.
* Read verbs, like `append`, are for one thread (the event loop's): a connection serves one at a time.
* The journal grows for ever: nothing deletes or archives old transactions.
* The lock is advisory. Network file systems that ignore it, or do not sync, are not supported.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext, suppress
from dataclasses import dataclass
from functools import cache
from itertools import chain, groupby
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any, Final

import apsw
from filelock import FileLock, Timeout

from tradyn.adapters.journal_records import (
    UnreadableRecord,
    decode,
    decode_account,
    decode_delivery,
    encode,
    encode_account,
    encode_delivery,
)
from tradyn.broker.accounts import Account, evolve
from tradyn.broker.deals import Deal
from tradyn.broker.market import Quote
from tradyn.broker.orders import Order, OrderState
from tradyn.broker.transactions import (
    OrderClosed,
    OrderModified,
    OrderPlaced,
    OrderTriggered,
    PositionModified,
    PositionOpened,
    PositionReduced,
    RequestSettled,
    SwapCharged,
    Transaction,
)
from tradyn.ports import Bar, Batch, JournalFailed
from tradyn.webhooks import Delivery

__all__ = ["JournalBusy", "JournalCorrupt", "SqliteJournal", "VersionConflict"]

APPLICATION_ID: Final = 0x54524459
"""In the file's header: "TRDY". A file with another number belongs to another program."""

QUICK_CHECK_LIMIT: Final = 64 * 1024 * 1024
"""Files up to this size (bytes) are checked from end to end when they are opened."""

CHECKPOINT_PAGES: Final = 4096
"""The write-ahead log is copied into the file when it has grown to so many pages (16 MB)."""

# Rows of `transactions` stand in the order they were written (so it is not WITHOUT ROWID): many accounts
# then share the page at the end, where a tree by account would write a page of its own for each. Within an
# account rowids grow with versions, and an index holds the rows of one key in the order of their rowids.
MIGRATIONS: list[str] = [
    """
    CREATE TABLE transactions (
        account INTEGER NOT NULL,
        version INTEGER NOT NULL,
        kind TEXT NOT NULL,
        time INTEGER NOT NULL,
        ticket INTEGER,         -- of the order that this transaction ended
        state TEXT,             -- in which it ended
        deal INTEGER,           -- ticket of the deal that was done
        symbol TEXT,            -- of that order or deal
        client_order_id TEXT,   -- of the request that was settled
        payload BLOB NOT NULL,
        PRIMARY KEY (account, version)
    ) STRICT;

    CREATE UNIQUE INDEX settled ON transactions (account, client_order_id)
        WHERE client_order_id IS NOT NULL;
    CREATE INDEX ended ON transactions (account, ticket) WHERE ticket IS NOT NULL;
    CREATE INDEX history ON transactions (account, version, deal, state, symbol)
        WHERE deal IS NOT NULL OR state IS NOT NULL;

    CREATE TABLE snapshots (
        account INTEGER PRIMARY KEY, version INTEGER NOT NULL, payload BLOB NOT NULL
    ) STRICT;
    CREATE TABLE marks (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE quotes (
        symbol TEXT PRIMARY KEY, bid INTEGER NOT NULL, ask INTEGER NOT NULL, time INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE bars (
        symbol TEXT NOT NULL,
        time INTEGER NOT NULL,
        first_time INTEGER NOT NULL,
        last_time INTEGER NOT NULL,
        open INTEGER NOT NULL,
        high INTEGER NOT NULL,
        low INTEGER NOT NULL,
        close INTEGER NOT NULL,
        tick_volume INTEGER NOT NULL,
        spread INTEGER NOT NULL,
        PRIMARY KEY (symbol, time)
    ) STRICT, WITHOUT ROWID;
    """,
    # A story is what happened to one order and its position. Its closing orders are found by `ended`,
    # and so is a deal made with its order, whose ticket is the one before; what else has a deal is rare.
    """
    ALTER TABLE transactions ADD COLUMN subject INTEGER;  -- ticket of the order or position it is about
    UPDATE transactions SET subject = CASE kind
            WHEN 'PositionReduced' THEN json_extract(CAST(payload AS TEXT), '$.deal.position')
            WHEN 'PositionModified' THEN json_extract(CAST(payload AS TEXT), '$.position.ticket')
            WHEN 'SwapCharged' THEN json_extract(CAST(payload AS TEXT), '$.position')
            ELSE json_extract(CAST(payload AS TEXT), '$.order.ticket')
        END
        WHERE kind IN ('OrderPlaced', 'OrderModified', 'OrderTriggered', 'OrderClosed', 'PositionOpened',
                       'PositionReduced', 'PositionModified', 'SwapCharged');
    CREATE INDEX story ON transactions (account, subject) WHERE subject IS NOT NULL;
    CREATE INDEX lone_deal ON transactions (account, deal)
        WHERE deal IS NOT NULL AND deal IS NOT ticket + 1;
    """,
    """
    CREATE TABLE deliveries (
        webhook_id TEXT NOT NULL,
        number INTEGER NOT NULL,
        delivery_id TEXT NOT NULL,
        payload BLOB NOT NULL,
        PRIMARY KEY (webhook_id, number)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX delivery ON deliveries (webhook_id, delivery_id);
    CREATE TRIGGER kept_deliveries AFTER INSERT ON deliveries BEGIN
        DELETE FROM deliveries WHERE webhook_id = new.webhook_id AND number <= new.number - 1000;
    END;
    """,
]
"""How version n of the schema becomes version n + 1; each runs in a transaction of its own."""

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
    SELECT transactions.account, transactions.version, kind, time, transactions.payload
    FROM logins LEFT JOIN snapshots ON snapshots.account = login
    CROSS JOIN transactions
        ON transactions.account = login AND transactions.version > coalesce(snapshots.version, 0)
    ORDER BY transactions.account, transactions.version
"""
)

Row = tuple[Any, ...]


class JournalBusy(JournalFailed):
    """Another process has the journal open."""


class JournalCorrupt(JournalFailed):
    """The file is no journal that this program can read, or it is damaged."""


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
_TRANSACTIONS: Final = _Insert("INSERT OR ROLLBACK", "transactions", 11)
_SNAPSHOTS: Final = _Insert("REPLACE", "snapshots", 3)
_MARKS: Final = _Insert("REPLACE", "marks", 2)
_QUOTES: Final = _Insert("REPLACE", "quotes", 4)
_BARS: Final = _Insert("REPLACE", "bars", 10)
_DELIVERIES: Final = _Insert("REPLACE", "deliveries", 4)
_NO_MARK: Final = _Delete("marks", "name")
_NO_DELIVERIES: Final = _Delete("deliveries", "webhook_id")


@dataclass(frozen=True, slots=True)
class _Write:
    """A batch on its way to the disk, as rows, and the future of whoever waits for it."""

    future: asyncio.Future[None]
    transactions: Sequence[Row]
    marks: Sequence[Row]
    quotes: Sequence[Row]
    bars: Sequence[Row]
    deliveries: Sequence[Row]
    forgotten: Sequence[Row]


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
        self._queue: SimpleQueue[_Write | _Snapshots | _Stop] = SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
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
                writer = reader = held.enter_context(closing(apsw.Connection(":memory:")))
                _migrate(writer)
            else:
                name = f"the journal {path}"
                _check_header(path)
                held.enter_context(_lock(path))
                _check_length(path)
                writer = held.enter_context(closing(_open_file(path, vfs)))
                _prepare(writer, path, synchronous)
                reader = held.enter_context(closing(_connect(path, vfs, apsw.SQLITE_OPEN_READONLY)))
                reader.pragma("cache_size", -16_384)
            return cls(name=name, writer=writer, reader=reader, held=held.pop_all(), on_failure=on_failure)

    def close(self) -> None:
        """Write what is queued, copy the log into the file, and let go of it. May be called twice."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(_Stop())
        self._thread.join()
        # The last connection to go copies the log into the file and removes it, but not on a failed disk.
        if self.failed is not None:
            self._writer.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
            self._reader.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        self._held.close()

    # ------------------------------------------------------------------ writing

    def append(self, batch: Batch) -> asyncio.Future[None]:
        """Queue a batch; the future is done when it is durable.

        The future fails with `VersionConflict`, which concerns this batch alone, or with
        `JournalFailed`, after which nothing is written any more.
        """
        loop = self._loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        refusal = self._refusal() or self._conflict(batch.transactions)
        if refusal is not None:
            future.set_exception(refusal)
            return future
        write = _Write(
            future,
            [_row(each) for each in batch.transactions],
            list(batch.marks.items()),
            list(batch.quotes),
            [_bar_row(each) for each in batch.bars],
            [
                (each.webhook_id, each.number, each.delivery_id, encode_delivery(each))
                for each in batch.deliveries
            ],
            [(each,) for each in batch.forgotten],
        )
        for each in batch.transactions:
            self._heads[each.account] = each.version
        self._queue.put(write)
        return future

    def snapshot(self, accounts: Iterable[Account]) -> None:
        """Queue snapshots of accounts as they are now; they are written in a transaction of their own.

        Encoding takes the caller's time, about 1 µs an account and 0.3 µs a position: for very many
        accounts, call it with some thousands at a time.
        """
        rows = []
        for account in accounts:
            head = self._head(account.login)
            if account.version > head:
                raise VersionConflict(
                    f"The snapshot of account {account.login} is at version {account.version}, "
                    f"and its journal at {head}"
                )
            rows.append((account.login, account.version, encode_account(account)))
        if rows and self._refusal() is None:
            self._queue.put(_Snapshots(rows))

    def _refusal(self) -> JournalFailed | None:
        if self._closed:
            return JournalFailed(f"Cannot write to {self._name}: it is closed")
        return self.failed

    def _head(self, account: int) -> int:
        """The last version of an account that was appended, durable or still on its way."""
        if account not in self._heads:
            sql = "SELECT max(version) FROM transactions WHERE account = ?"
            self._heads[account] = self._rows(sql, (account,))[0][0] or 0
        return self._heads[account]

    def _conflict(self, transactions: Sequence[Transaction]) -> VersionConflict | None:
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
        known = self.failed
        error = known or self._attempt(lambda: self._write(group))
        _resolve([each.future for each in group if isinstance(each, _Write)], error)
        # Those who wait need not wait for the log to be copied too.
        if error is None and self._log_pages >= CHECKPOINT_PAGES:
            error = self._attempt(self._checkpoint)
        if error is not None and error is not known and self._on_failure is not None:
            _call(self._loop, self._on_failure, error)

    def _attempt(self, work: Callable[[], None]) -> JournalFailed | None:
        """Do it; its failure is the journal's. Nothing may escape, or those in the queue wait for ever."""
        try:
            with self._turn:
                work()
        except Exception as error:
            self.failed = JournalFailed(f"Cannot write to {self._name}: {_reason(error)}")
            self.failed.__cause__ = error
        return self.failed

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
            SELECT account, version, kind, time, payload FROM transactions
            WHERE account = ? AND version > ? ORDER BY version LIMIT ?
        """
        return [self._transaction(row) for row in self._rows(sql, (account, after, limit))]

    async def settled(self, account: int, client_order_id: str) -> Transaction | None:
        """The `RequestSettled` transaction of a `client_order_id`."""
        sql = """
            SELECT account, version, kind, time, payload FROM transactions
            WHERE account = ? AND client_order_id = ?
        """
        rows = self._rows(sql, (account, client_order_id))
        return self._transaction(rows[0]) if rows else None

    async def order(self, account: int, ticket: int) -> Order | None:
        """An order that is no longer placed, as it ended."""
        sql = """
            SELECT account, version, kind, time, payload FROM transactions INDEXED BY ended
            WHERE account = ? AND ticket = ? ORDER BY rowid DESC LIMIT 1
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
            SELECT account, version, kind, time, payload FROM transactions INDEXED BY history
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
            SELECT account, version, kind, time, payload FROM transactions INDEXED BY history
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
            SELECT account, version, kind, time, payload, subject FROM transactions INDEXED BY ended
            WHERE account = ?1 AND ticket = ?2
            UNION ALL
            SELECT account, version, kind, time, payload, subject FROM transactions INDEXED BY ended
            WHERE account = ?1 AND ticket = ?2 - 1 AND deal = ?2
            UNION ALL
            SELECT account, version, kind, time, payload, subject FROM transactions INDEXED BY lone_deal
            WHERE account = ?1 AND deal = ?2 AND deal IS NOT ticket + 1
            LIMIT 1
        """
        for *row, subject in self._rows(sql, (account, ticket)):
            return [self._transaction(tuple(row))] if subject is None else self._about(account, subject)
        return []

    def _about(self, account: int, subject: int) -> list[Transaction]:
        sql = """
            SELECT account, version, kind, time, payload FROM transactions INDEXED BY story
            WHERE account = ? AND subject = ? ORDER BY rowid
        """
        return [self._transaction(row) for row in self._rows(sql, (account, subject))]

    async def bars(self, symbol: str, since: int, until: int) -> list[Bar]:
        """The bars of pushed quotes with `since <= time < until`."""
        sql = "SELECT * FROM bars WHERE symbol = ? AND time >= ? AND time < ? ORDER BY time"
        return [Bar(*row) for row in self._rows(sql, (symbol, since, until))]

    async def last_bar(self, symbol: str, at: int) -> Bar | None:
        """The latest bar of pushed quotes that opens at or before `at`."""
        sql = "SELECT * FROM bars WHERE symbol = ? AND time <= ? ORDER BY time DESC LIMIT 1"
        rows = self._rows(sql, (symbol, at))
        return Bar(*rows[0]) if rows else None

    async def deliveries(self, webhook_id: str, before: int | None, limit: int) -> list[Delivery]:
        """The deliveries of a webhook, the newest first, with `number < before`."""
        sql = (
            "SELECT payload FROM deliveries WHERE webhook_id = ? AND number < ? ORDER BY number DESC LIMIT ?"
        )
        rows = self._rows(sql, (webhook_id, 2**63 - 1 if before is None else before, limit))
        return [self._delivery(row) for row in rows]

    async def delivery(self, webhook_id: str, delivery_id: str) -> Delivery | None:
        """One delivery of a webhook."""
        sql = "SELECT payload FROM deliveries WHERE webhook_id = ? AND delivery_id = ?"
        rows = self._rows(sql, (webhook_id, delivery_id))
        return self._delivery(rows[0]) if rows else None

    def accounts(self) -> list[Account]:
        """Every account but 0 as the fold of its transactions, with the help of snapshots."""
        folded = {}
        for login, payload in self._rows("SELECT account, payload FROM snapshots ORDER BY account"):
            try:
                folded[login] = decode_account(payload)
            except UnreadableRecord as error:
                raise JournalCorrupt(
                    f"The snapshot of account {login} in {self._name} cannot be read: {error}. "
                    "Snapshots only save time: empty the table `snapshots` to start without them"
                ) from error
        for row in self._rows(_TAILS):
            transaction = self._transaction(row)
            login = transaction.account
            if login not in folded:
                folded[login] = Account(login=login)
            evolve(folded[login], transaction)
        return [folded[login] for login in sorted(folded)]

    def symbols(self) -> set[str]:
        """Every symbol that has a deal or an order that ended; reads the whole history."""
        return {row[0] for row in self._rows("SELECT DISTINCT symbol FROM transactions WHERE symbol > ''")}

    def marks(self) -> dict[str, str]:
        """All marks."""
        return dict(self._rows("SELECT name, value FROM marks ORDER BY name"))

    def quotes(self) -> list[Quote]:
        """The saved last quotes."""
        return [Quote(*row) for row in self._rows("SELECT * FROM quotes ORDER BY symbol")]

    def _rows(self, sql: str, bindings: Row = ()) -> list[Any]:
        try:
            with self._turn:
                return self._reader.execute(sql, bindings).fetchall()
        except apsw.Error as error:
            raise JournalFailed(f"Cannot read {self._name}: {_reason(error)}") from error

    def _first_version(self, account: int, time: int) -> int:
        """The first version at `time` or later; one past the last where there is none."""
        head = self._rows("SELECT max(version) FROM transactions WHERE account = ?", (account,))[0][0] or 0
        sql = "SELECT time FROM transactions WHERE account = ? AND version = ?"
        versions = range(1, head + 1)
        return 1 + bisect_left(versions, time, key=lambda version: self._rows(sql, (account, version))[0][0])

    def _transaction(self, row: Row) -> Transaction:
        account, version, kind, time, payload = row
        try:
            return Transaction(account, version, time, decode(kind, payload))
        except UnreadableRecord as error:
            raise JournalCorrupt(
                f"Transaction {version} of account {account} in {self._name} cannot be read: {error}"
            ) from error

    def _delivery(self, row: Row) -> Delivery:
        try:
            return decode_delivery(row[0])
        except UnreadableRecord as error:
            raise JournalCorrupt(f"A delivery in {self._name} cannot be read: {error}") from error


# ---------------------------------------------------------------------- rows


def _row(transaction: Transaction) -> Row:
    """A transaction as a row: `ticket` and `state` where an order ends, `deal` where money moves.

    `subject` stands last, because it came later.
    """
    event = transaction.event
    order: Order | None = getattr(event, "order", None)
    if order is not None and order.state is OrderState.PLACED:
        order = None
    deal: Deal | None = getattr(event, "deal", None)
    return (
        transaction.account,
        transaction.version,
        type(event).__name__,
        transaction.time,
        order.ticket if order else None,
        order.state.value if order else None,
        deal.ticket if deal else None,
        order.symbol if order else deal.symbol if deal else None,
        event.client_order_id if isinstance(event, RequestSettled) else None,
        encode(event),
        _subject(event),
    )


def _subject(event: Any) -> int | None:
    """Ticket of the order or position that an event is about; a closing order is about its position."""
    match event:
        case PositionReduced():
            return event.deal.position
        case PositionModified():
            return event.position.ticket
        case SwapCharged():
            return event.position
        case OrderPlaced() | OrderModified() | OrderTriggered() | OrderClosed() | PositionOpened():
            return event.order.ticket
    return None


def _bar_row(bar: Bar) -> Row:
    return (
        bar.symbol,
        bar.time,
        bar.first_time,
        bar.last_time,
        bar.open,
        bar.high,
        bar.low,
        bar.close,
        bar.tick_volume,
        bar.spread,
    )


def _changes(group: Sequence[Any]) -> Iterable[tuple[_Insert | _Delete, list[Row]]]:
    if isinstance(group[0], _Snapshots):
        yield _SNAPSHOTS, [row for each in group for row in each.rows]
        return
    yield _TRANSACTIONS, [row for each in group for row in each.transactions]
    # Of a mark that is set and removed in the same group the last counts.
    marks = dict(row for each in group for row in each.marks)
    yield _MARKS, [row for row in marks.items() if row[1] is not None]
    yield _NO_MARK, [(name,) for name, value in marks.items() if value is None]
    yield _QUOTES, [row for each in group for row in each.quotes]
    yield _BARS, [row for each in group for row in each.bars]
    yield _DELIVERIES, [row for each in group for row in each.deliveries]
    yield _NO_DELIVERIES, [row for each in group for row in each.forgotten]


def _symbol_is(symbol: str | None) -> tuple[str, Row]:
    return ("", ()) if symbol is None else ("AND symbol = ?", (symbol,))


# ---------------------------------------------------------------------- futures


def _resolve(futures: Sequence[asyncio.Future[None]], error: BaseException | None) -> None:
    """Wake those who wait, by one call for each event loop (there is one)."""
    by_loop: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for future in futures:
        by_loop.setdefault(future.get_loop(), []).append(future)
    for loop, its_futures in by_loop.items():
        # A loop that has ended has nobody waiting.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle, its_futures, error)


def _settle(futures: Sequence[asyncio.Future[None]], error: BaseException | None) -> None:
    for future in futures:
        if future.done():
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)


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


def _lock(path: Path) -> AbstractContextManager[object]:
    try:
        return FileLock(f"{path}.lock", thread_local=False).acquire(timeout=0)
    except Timeout as error:
        raise JournalBusy(f"The journal {path} is in use by another tradyn process") from error
    except OSError as error:
        raise JournalFailed(f"Cannot lock the journal {path}: {_reason(error)}") from error


def _check_header(path: Path) -> None:
    """Refuse a file that is not ours by its first bytes, before anything else touches it."""
    if not path.parent.is_dir():
        raise JournalFailed(f"Cannot open the journal {path}: there is no folder {path.parent}")
    header = _header(path)
    if not header:
        _check_no_orphan(path)
        return
    if header[:16] != b"SQLite format 3\0" or len(header) < _HEADER_SIZE:
        raise _corrupt(path, "it is not a database, or its beginning was overwritten")
    if _number(header, _AT_APPLICATION_ID) != APPLICATION_ID:
        raise JournalCorrupt(
            f"The file {path} is a database of another program, not a journal: choose another path"
        )
    _check_version(_number(header, _AT_USER_VERSION), f"The journal {path}")


_HEADER_SIZE: Final = 100
_AT_PAGE_SIZE: Final = 16
_AT_PAGE_COUNT: Final = 28
_AT_USER_VERSION: Final = 60
_AT_APPLICATION_ID: Final = 68


def _header(path: Path) -> bytes:
    """The header of the file (https://sqlite.org/fileformat.html); nothing of a file that is not there."""
    try:
        with path.open("rb") as file:
            return file.read(_HEADER_SIZE)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise JournalFailed(f"Cannot read the journal {path}: {_reason(error)}") from error


def _number(header: bytes, offset: int) -> int:
    return int.from_bytes(header[offset : offset + 4], "big")


def _check_no_orphan(path: Path) -> None:
    """SQLite deletes a log without a file; but it may hold the only copy of what was acknowledged."""
    log = Path(f"{path}-wal")
    if log.exists() and log.stat().st_size:
        raise JournalCorrupt(
            f"The journal {path} is missing, but its write-ahead log {log.name} is there: "
            "put the file back beside it, or move the log away to begin a new journal"
        )


def _check_length(path: Path) -> None:
    """Refuse a file that was cut off. With a log beside it, SQLite knows better how long it should be."""
    header, log = _header(path), Path(f"{path}-wal")
    if not header or (log.exists() and log.stat().st_size):
        return
    page_size = int.from_bytes(header[_AT_PAGE_SIZE : _AT_PAGE_SIZE + 2], "big")
    expected = _number(header, _AT_PAGE_COUNT) * (65536 if page_size == 1 else page_size)
    found = path.stat().st_size
    if found < expected:
        raise _corrupt(path, f"it has {found} bytes and should have {expected}")


def _check_version(version: int, name: str) -> None:
    if version > len(MIGRATIONS):
        raise JournalCorrupt(
            f"{name} has version {version} and this program knows versions up to {len(MIGRATIONS)}: "
            "use the newer tradyn that wrote it"
        )


def _corrupt(path: Path, finding: str) -> JournalCorrupt:
    return JournalCorrupt(
        f"The journal {path} is damaged: {finding}. "
        "Restore it from a backup, or move it away to begin a new one"
    )


def _connect(path: Path, vfs: str | None, flags: int) -> apsw.Connection:
    connection = apsw.Connection(str(path), flags=flags, vfs=vfs)
    connection.set_busy_timeout(5_000)
    return connection


def _open_file(path: Path, vfs: str | None) -> apsw.Connection:
    """The writer's connection to a file that was checked from end to end, or found to be new."""
    try:
        with ExitStack() as held:
            connection = held.enter_context(
                closing(_connect(path, vfs, apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE))
            )
            if connection.readonly("main"):
                raise JournalFailed(f"Cannot write to the journal {path}: the file is read-only")
            _check_content(connection, path)
            held.pop_all()
            return connection
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise _corrupt(path, _reason(error)) from error
    except apsw.Error as error:
        raise JournalFailed(f"Cannot open the journal {path}: {_reason(error)}") from error


def _check_content(connection: apsw.Connection, path: Path) -> None:
    _check_version(connection.pragma("user_version"), f"The journal {path}")
    if path.stat().st_size <= QUICK_CHECK_LIMIT:
        finding = connection.execute("PRAGMA quick_check(1)").get
        if finding != "ok":
            raise _corrupt(path, str(finding).splitlines()[-1])


def _prepare(connection: apsw.Connection, path: Path, synchronous: str) -> None:
    """Bring the schema up to date and turn the log on, in this order: so the header of a new
    journal is in the file itself, and not in the log only.
    """
    try:
        connection.pragma("synchronous", synchronous)
        connection.pragma("cache_size", -32_768)
        connection.pragma("journal_size_limit", 64 * 1024 * 1024)
        _migrate(connection)
        mode = connection.pragma("journal_mode", "wal")
    except apsw.Error as error:
        raise JournalFailed(f"Cannot prepare the journal {path}: {_reason(error)}") from error
    if mode != "wal":
        raise JournalFailed(f"Cannot prepare the journal {path}: its disk does not allow a write-ahead log")


def _migrate(connection: apsw.Connection) -> None:
    known: int = connection.pragma("user_version")
    for version, statements in enumerate(MIGRATIONS[known:], known + 1):
        with connection:
            connection.execute(statements)
            connection.pragma("application_id", APPLICATION_ID)
            connection.pragma("user_version", version)


def _reason(error: Exception) -> str:
    """Why, in the system's or SQLite's words."""
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
