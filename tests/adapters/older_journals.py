"""Journals as former versions of the program left them after a clean end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

import apsw

from tradyn.adapters import journal_schema
from tradyn.adapters.journal_rows import transaction_row
from tradyn.broker.transactions import Transaction

__all__ = ["write_older_journal"]


def write_older_journal(
    path: Path,
    version: int,
    transactions: Iterable[Transaction],
    marks: Mapping[str, str] | None = None,
    journal_mode: str = "wal",
) -> None:
    """A file of an older version of the schema, made by its own migrations.

    What a later version added to a row stands at its end, and is left out.
    """
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    with closing(journal_schema.connect(path, None, flags)) as connection:
        journal_schema.migrate(connection, version)
        connection.pragma("journal_mode", journal_mode)
        with connection:
            width = len(list(connection.execute("PRAGMA table_info(transactions)")))
            places = ",".join("?" * width)
            connection.executemany(
                f"INSERT INTO transactions VALUES ({places})",
                [transaction_row(each)[:width] for each in transactions],
            )
            connection.executemany("INSERT INTO marks (name, value) VALUES (?, ?)", (marks or {}).items())
            if version >= journal_schema.CHECKSUMS_SINCE:
                connection.execute("UPDATE marks SET checksum = checksum(name, value)")
