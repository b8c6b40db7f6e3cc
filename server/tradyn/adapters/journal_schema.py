"""What stands in a journal's file: tables, their versions, and the checksum of every row.

What must always hold: a migration that has shipped is never changed, and rows end with their checksum.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final
from zlib import crc32

import apsw

__all__ = [
    "APPLICATION_ID",
    "CHECKED_COLUMNS",
    "CHECKSUMS_SINCE",
    "MIGRATIONS",
    "checksum",
    "connect",
    "migrate",
    "transaction_checksum",
]

APPLICATION_ID: Final = 0x54524459
"""In the file's header: "TRDY". A file with another number belongs to another program."""

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
    # SQLite finds damage to its pages' structure, but not to what they hold.
    """
    ALTER TABLE transactions ADD COLUMN checksum INTEGER;
    UPDATE transactions SET checksum = checksum(account, version, kind, time, payload);
    ALTER TABLE snapshots ADD COLUMN checksum INTEGER;
    UPDATE snapshots SET checksum = checksum(account, version, payload);
    ALTER TABLE marks ADD COLUMN checksum INTEGER;
    UPDATE marks SET checksum = checksum(name, value);
    ALTER TABLE quotes ADD COLUMN checksum INTEGER;
    UPDATE quotes SET checksum = checksum(symbol, bid, ask, time);
    ALTER TABLE bars ADD COLUMN checksum INTEGER;
    UPDATE bars SET checksum = checksum(
        symbol, time, first_time, last_time, open, high, low, close, tick_volume, spread
    );
    ALTER TABLE deliveries ADD COLUMN checksum INTEGER;
    UPDATE deliveries SET checksum = checksum(webhook_id, number, delivery_id, payload);
    """,
    # An order is found by its story, unless it is the closing order of a position. From this version on a
    # request may be settled by the last transaction of its outcome, which older programs would not see.
    """
    DROP INDEX ended;
    CREATE INDEX closing ON transactions (account, ticket)
        WHERE ticket IS NOT NULL AND ticket IS NOT subject;
    """,
]
"""How version n of the schema becomes version n + 1; each runs in a transaction of its own."""

CHECKED_COLUMNS: Final = {
    "transactions": "account, version, kind, time, payload",
    "snapshots": "account, version, payload",
    "marks": "name, value",
    "quotes": "symbol, bid, ask, time",
    "bars": "symbol, time, first_time, last_time, open, high, low, close, tick_volume, spread",
    "deliveries": "webhook_id, number, delivery_id, payload",
}
"""What the checksum of each table's rows is made of."""

CHECKSUMS_SINCE: Final = 4
"""The version of the schema from which on rows have a checksum."""


def checksum(*values: object) -> int:
    """The checksum of a row: CRC-32, which finds every damage to up to 32 bits in a row."""
    *others, last = values
    if isinstance(last, bytes):
        # A payload is long, and need not be spelled out.
        return crc32(last, crc32(repr(others).encode()))
    return crc32(repr(values).encode())


def transaction_checksum(account: int, version: int, kind: str, time: int, payload: bytes) -> int:
    """The same of a row of `transactions` that is written, of which there are the most, in half the time.

    For one that is read it would not do: if it is damaged, its values may be of any kind.
    """
    return crc32(payload, crc32(f"[{account}, {version}, '{kind}', {time}]".encode()))


def connect(path: Path, vfs: str | None, flags: int) -> apsw.Connection:
    """A connection that knows what a journal needs."""
    connection = apsw.Connection(str(path), flags=flags, vfs=vfs)
    connection.set_busy_timeout(5_000)
    connection.create_scalar_function("checksum", checksum, deterministic=True)
    return connection


def migrate(connection: apsw.Connection, until: int | None = None) -> None:
    """Bring the schema to the version `until`, or to the newest."""
    known: int = connection.pragma("user_version")
    for version, statements in enumerate(MIGRATIONS[known:until], known + 1):
        with connection:
            connection.execute(statements)
            connection.pragma("application_id", APPLICATION_ID)
            connection.pragma("user_version", version)
