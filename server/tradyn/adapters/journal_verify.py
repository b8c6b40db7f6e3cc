"""Whether a journal is sound from end to end: its file, every record, and every account's sums.

What is looked at: SQLite's own check of the file with its indexes; the schema; the checksum of every row;
that every record can be read and stands in the columns by which it is found; that the versions of each
account have no gap and its time never goes back; that the fold of an account's transactions is what its
snapshot says; and that its balance is the sum of its deals.

Whoever calls it has imported every module that has events in the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import apsw

from tradyn.adapters.journal_checks import (
    JournalCorrupt,
    check_header,
    check_length,
    check_log,
    reason,
    rows_damaged,
    schema_damage,
)
from tradyn.adapters.journal_reading import reading
from tradyn.adapters.journal_records import (
    UnreadableRecord,
    decode_account,
    decode_delivery,
    decode_transaction,
)
from tradyn.adapters.journal_rows import transaction_row
from tradyn.adapters.journal_schema import CHECKED_COLUMNS, CHECKSUMS_SINCE, checksum
from tradyn.broker.accounts import Account, evolve
from tradyn.broker.transactions import Transaction

__all__ = ["MOST_FINDINGS", "Verified", "verify"]

MOST_FINDINGS: Final = 100
"""So many are listed; whoever has more needs no longer list."""

_SERVER: Final = 0
_PAYLOAD: Final = 9
_STRUCTURE_SHARE: Final = 0.2
_ROWS_BETWEEN_STEPS: Final = 2000


@dataclass
class Verified:
    """What was found.

    Attributes:
        size: of the file, in bytes.
        version: of the schema.
        is_at_rest: whether no other process had it open.
        own: how many of the transactions are the server's own: keys, clock, faults and webhooks.
        findings: what is wrong, a sentence each; empty if all is well.
    """

    path: Path
    size: int = 0
    version: int = 0
    is_at_rest: bool = True
    accounts: int = 0
    transactions: int = 0
    own: int = 0
    deals: int = 0
    deliveries: int = 0
    findings: list[str] = field(default_factory=list)


def verify(
    path: Path, progress: Callable[[float], None] = lambda _: None, *, is_copy: bool = False
) -> Verified:
    """Look at all of a journal, as it is now; it may be in use.

    Args:
        is_copy: as a backup is, so that nothing is made beside it.
        progress: told from time to time which part is done, from 0 to 1.

    Raises:
        JournalFailed: it is not there, or cannot be read.
    """
    found = Verified(path)
    try:
        with reading(path, is_copy=is_copy) as (connection, found.is_at_rest):
            found.size = path.stat().st_size
            if found.is_at_rest:
                check_header(path)
                check_length(path)
                check_log(connection, path)
            # All of it as it is now, whatever is written meanwhile.
            connection.execute("BEGIN")
            _Verification(connection, found, progress).run()
    except JournalCorrupt as error:
        found.findings.append(str(error))
    return found


class _Verification:
    def __init__(
        self, connection: apsw.Connection, found: Verified, progress: Callable[[float], None]
    ) -> None:
        self._connection = connection
        self._found = found
        self._progress = progress
        self._heads: dict[int, int] = {}
        self._times: dict[int, int] = {}
        self._accounts: dict[int, Account] = {}
        self._sums: dict[int, int] = {}
        self._unfolded: set[int] = set()
        self._snapshots: dict[int, tuple[int, bytes]] = {}

    def run(self) -> None:
        """Find all there is to find."""
        self._found.version = self._connection.pragma("user_version")
        self._try(self._check_structure)
        self._progress(_STRUCTURE_SHARE)
        # A table that is broken in one place may still be read in others.
        for check in (self._check_checksums, self._read_snapshots, self._check_transactions):
            self._try(check)
        self._check_sums()
        self._try(self._check_deliveries)
        self._progress(1.0)

    def _tell(self, finding: str) -> None:
        if len(self._found.findings) < MOST_FINDINGS:
            self._found.findings.append(finding)

    def _try(self, check: Callable[[], None]) -> None:
        try:
            check()
        except (apsw.Error, UnicodeDecodeError) as error:
            self._tell(f"the file cannot be read to its end: {reason(error)}")

    def _check_structure(self) -> None:
        if finding := schema_damage(self._connection):
            self._tell(finding)
        for (finding,) in self._connection.execute(f"PRAGMA integrity_check({MOST_FINDINGS})"):
            if finding != "ok":
                self._tell(str(finding).splitlines()[-1])

    def _check_checksums(self) -> None:
        if self._found.version < CHECKSUMS_SINCE:
            return
        # Those of transactions are looked at when they are read.
        for table in CHECKED_COLUMNS.keys() - {"transactions"}:
            for first in rows_damaged(self._connection, table):
                self._tell(f"a row of {table} is not what was written; it begins with {first!r}")

    def _read_snapshots(self) -> None:
        for login, version, payload in self._connection.execute(
            "SELECT account, version, payload FROM snapshots"
        ):
            self._snapshots[login] = (version, payload)

    # ------------------------------------------------------------------ transactions

    def _check_transactions(self) -> None:
        last = self._connection.execute("SELECT max(rowid) FROM transactions").get or 1
        # In the order in which they were written, which is that of the file too.
        for count, (rowid, *row) in enumerate(
            self._connection.execute("SELECT rowid, * FROM transactions ORDER BY rowid")
        ):
            self._check_transaction(row)
            if count % _ROWS_BETWEEN_STEPS == 0:
                self._progress(_STRUCTURE_SHARE + (1 - _STRUCTURE_SHARE) * rowid / last)

    def _check_transaction(self, row: list[Any]) -> None:
        login, version, kind, time, payload = *row[:4], row[_PAYLOAD]
        name = f"transaction {version!r} of account {login!r}"
        self._found.transactions += 1
        if tuple(map(type, (login, version, kind, time, payload))) != (int, int, str, int, bytes):
            self._tell(f"{name} is not what was written: it has values of another kind")
            return
        self._found.own += login == _SERVER
        expected = self._heads.get(login, 0) + 1
        if version != expected:
            self._tell(f"{name} stands where version {expected} should")
            self._unfolded.add(login)
        self._heads[login] = version
        if time < self._times.get(login, time):
            self._tell(f"{name} is earlier than the one before it")
        self._times[login] = time
        if self._found.version >= CHECKSUMS_SINCE and row[-1] != checksum(
            login, version, kind, time, payload
        ):
            self._tell(f"{name} is not what was written: its checksum does not fit")
        try:
            transaction = decode_transaction(login, version, kind, time, payload)
        except UnreadableRecord as error:
            self._tell(f"{name} cannot be read: {error}")
            self._unfolded.add(login)
            return
        self._check_columns(name, row, transaction)
        if login != _SERVER and login not in self._unfolded:
            self._fold(name, transaction)

    def _check_columns(self, name: str, row: list[Any], transaction: Transaction) -> None:
        """What a transaction is found by is what it is."""
        made = transaction_row(transaction)
        # A record of an older program may lack what has its default now; its checksum is of its own bytes.
        columns = [each for each in range(min(len(row), len(made) - 1)) if each != _PAYLOAD]
        if any(row[each] != made[each] for each in columns):
            self._tell(f"{name} stands in columns that are not its own, so that it would not be found")

    def _fold(self, name: str, transaction: Transaction) -> None:
        login = transaction.account
        account = self._accounts.setdefault(login, Account(login=login))
        try:
            evolve(account, transaction)
        except (AssertionError, KeyError) as error:
            self._tell(f"{name} does not fit to those before it: {type(error).__name__} {error}")
            self._unfolded.add(login)
            return
        deal = getattr(transaction.event, "deal", None)
        if deal is not None:
            self._found.deals += 1
            self._sums[login] = self._sums.get(login, 0) + deal.amount
        if login in self._snapshots and self._snapshots[login][0] == transaction.version:
            self._check_snapshot(account, self._snapshots.pop(login)[1])

    def _check_snapshot(self, account: Account, payload: bytes) -> None:
        name = f"the snapshot of account {account.login} at version {account.version}"
        try:
            if decode_account(payload) != account:
                self._tell(f"{name} is not what its transactions come to")
        except UnreadableRecord as error:
            self._tell(f"{name} cannot be read: {error}")

    # ------------------------------------------------------------------ the end

    def _check_sums(self) -> None:
        self._found.accounts = len(self._heads.keys() - {_SERVER})
        for login, account in self._accounts.items():
            total = self._sums.get(login, 0)
            if login not in self._unfolded and account.balance != total:
                self._tell(
                    f"account {login} has a balance of {account.balance} and deals of {total} (minor units)"
                )
        for login, (version, _) in self._snapshots.items():
            if login not in self._unfolded:
                head = self._heads.get(login, 0)
                self._tell(f"the snapshot of account {login} is of version {version}, and it has {head}")

    def _check_deliveries(self) -> None:
        if not self._connection.table_exists(None, "deliveries"):
            return
        for webhook, number, payload in self._connection.execute(
            "SELECT webhook_id, number, payload FROM deliveries"
        ):
            self._found.deliveries += 1
            try:
                decode_delivery(payload)
            except UnreadableRecord as error:
                self._tell(f"delivery {number} of webhook {webhook} cannot be read: {error}")
