"""Lives of a journal whose power is cut again and again, and what must be true of it after each cut."""

from __future__ import annotations

import asyncio
import itertools
import random
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import apsw

from adapters.journal_suite import START, account_opened, deposit, numbered, settled
from adapters.older_journals import write_older_journal
from reliability.failing_disk import VolatileDisk
from tradyn.adapters import journal_schema
from tradyn.adapters.journal_sqlite import SqliteJournal
from tradyn.broker.accounts import evolve
from tradyn.broker.transactions import Transaction
from tradyn.ports import Batch, JournalFailed

__all__ = ["Life", "Loss", "Tally", "live"]

CUTS_IN_A_LIFE: Final = 10
_ACCOUNTS: Final = 6
_NUMBER: Final = "number"


class Loss(AssertionError):
    """What is found after a cut is not what it must be."""


@dataclass
class Tally:
    """What came of the cuts.

    Attributes:
        acknowledged: appends whose future was done before a cut.
        unacknowledged: appends that were on their way; of these `kept` were found.
        during: how many cuts fell upon which operation on which kind of file.
    """

    cuts: int = 0
    acknowledged: int = 0
    unacknowledged: int = 0
    kept: int = 0
    in_recovery: int = 0
    in_migration: int = 0
    during: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        for name in ("cuts", "acknowledged", "unacknowledged", "kept", "in_recovery", "in_migration"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.during += other.during

    def report(self) -> str:
        lines = [
            f"{self.cuts} cuts, {self.in_recovery} of them while a journal was opened "
            f"({self.in_migration} of these of an older version)",
            f"{self.acknowledged} appends acknowledged, 0 lost; of {self.unacknowledged} on their way "
            f"{self.kept} were there",
        ]
        lines += [f"  {count:>5}  {what}" for what, count in self.during.most_common()]
        return "\n".join(lines)


class Life:
    """One journal from its first creation through a number of cuts.

    Args:
        folder: an empty one; every cut goes on in a new one inside it.
        seed: of everything that is left to chance.
        synchronous, lies: of the journal and of the disk, for those that must lose something.
    """

    def __init__(
        self,
        folder: Path,
        seed: int,
        *,
        cuts: int = CUTS_IN_A_LIFE,
        synchronous: str = "FULL",
        lies: bool = False,
    ) -> None:
        self.tally = Tally()
        self._folder = folder
        self._dice = random.Random(seed)
        self._seed = seed
        self._cuts = cuts
        self._synchronous = synchronous
        self._lies = lies
        self._current = folder / "0"
        # Every batch in the order in which it was appended, and how many of them were acknowledged.
        self._batches: list[Batch] = []
        self._acknowledged = 0

    def run(self) -> Tally:
        """Live it.

        Raises:
            Loss: with the seed that repeats it.
        """
        self._current.mkdir()
        try:
            if self._dice.random() < 0.3:
                self._begin_in_an_older_version()
            for _ in range(self._cuts):
                asyncio.run(self._until_a_cut())
                self.tally.cuts += 1
            asyncio.run(self._check_the_last())
        except Loss as loss:
            raise Loss(f"seed {self._seed}, cut {self.tally.cuts + 1}: {loss}") from loss
        return self.tally

    # ------------------------------------------------------------------ until a cut

    async def _until_a_cut(self) -> None:
        disk = VolatileDisk(self._current, self._dice, lies=self._lies)
        disk.cut_when = self._draw_a_cut()
        try:
            is_older = self._is_older()
            journal = self._open(disk)
            if journal is None:
                self.tally.in_recovery += 1
                self.tally.in_migration += is_older
            else:
                try:
                    await self._check(journal)
                    await self._work(journal, disk)
                except JournalFailed as failure:
                    if not disk.at_cut:
                        raise Loss(f"the journal fails on a sound disk: {failure}") from failure
                finally:
                    disk.cut()
                    _close(journal)
        finally:
            disk.unregister()
        self.tally.during[_kind(disk.at_cut)] += 1
        self._go_on_with_what_is_left(disk)

    def _draw_a_cut(self) -> Callable[[str], bool]:
        """At a change of some kind: any, which is mostly a write to the log, or one that is rarer."""
        kind, most = self._dice.choice(
            (
                ("", 12),
                ("", 60),
                ("", 900),
                ("sync", 8),
                ("sync", 80),
                ("write journal.db-wal", 2000),
                ("write journal.db ", 60),
                ("sync journal.db ", 3),
                ("remove", 4),
                ("truncate", 4),
            )
        )
        left = itertools.count(self._dice.randrange(most), -1)
        return lambda change: f"{change} ".startswith(kind) and next(left) == 0

    def _open(self, disk: VolatileDisk) -> SqliteJournal | None:
        """The journal; None if the power went while it was opened."""
        path = self._current / "journal.db"
        try:
            return SqliteJournal.open(path, vfs=disk.name, synchronous=self._synchronous)
        except JournalFailed as failure:
            if not disk.at_cut:
                raise Loss(f"the journal cannot be opened: {failure}") from failure
            return None

    async def _work(self, journal: SqliteJournal, disk: VolatileDisk) -> None:
        """Append until the power goes; or, now and then, until it goes at rest."""
        futures: list[asyncio.Future[None]] = []
        accounts = {each.login: each for each in journal.accounts()}
        before = len(self._batches)
        for _ in range(self._dice.randint(1, 250)):
            if journal.failed is not None:
                break
            batch = self._batch()
            self._batches.append(batch)
            futures.append(journal.append(batch))
            chance = self._dice.random()
            if chance < 0.5:
                await asyncio.wait(futures[-1:])
            elif chance < 0.55:
                snapshots = [each for each in accounts.values() if each.login % 2 == self._dice.randrange(2)]
                journal.snapshot(snapshots)
        if self._dice.random() < 0.3:
            await asyncio.wait(futures)
            if self._dice.random() < 0.5:
                # The cut may come while the log is copied at a clean end.
                _close(journal)
        disk.cut()
        _close(journal)
        # Whoever was told before the cut that a batch is durable hears it now.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        done = [each.done() and each.exception() is None for each in futures]
        acknowledged = done.count(True)
        if not all(done[:acknowledged]):
            raise Loss("batches were not acknowledged in the order in which they were appended")
        if not all(each.done() for each in futures):
            raise Loss("somebody waits for ever")
        self._acknowledged = before + acknowledged
        self.tally.acknowledged += acknowledged
        self.tally.unacknowledged += len(futures) - acknowledged

    def _batch(self) -> Batch:
        """Transactions of one account or of some, and a mark that numbers the batch."""
        number = len(self._batches) + 1
        transactions: list[Transaction] = []
        heads = self._heads()
        for login in self._dice.sample(range(_ACCOUNTS), self._dice.choice((1, 1, 1, 2, 4))):
            first = heads.get(login, 0) + 1
            events: list[Any] = [account_opened(login)] if first == 1 else []
            events += [deposit(first + len(events), amount=number) for _ in range(self._dice.randint(1, 2))]
            if self._dice.random() < 0.3:
                events.append(settled(f"{login}-{number}"))
            transactions += numbered(events, login, first, START + number)
        return Batch(transactions, {_NUMBER: str(number)})

    def _heads(self) -> dict[int, int]:
        return {each.account: each.version for batch in self._batches for each in batch.transactions}

    # ------------------------------------------------------------------ after a cut

    def _go_on_with_what_is_left(self, disk: VolatileDisk) -> None:
        left = self._folder / str(int(self._current.name) + 1)
        disk.survivors(left)
        shutil.rmtree(self._current)
        self._current = left

    async def _check(self, journal: SqliteJournal) -> None:
        """What is there is what was appended, in its order, and at least what was acknowledged."""
        number = int(journal.marks().get(_NUMBER, "0"))
        if number < self._acknowledged:
            raise Loss(f"batch {self._acknowledged} was acknowledged, and {number} is the last one there")
        expected = self._batches[:number]
        transactions = [each for batch in expected for each in batch.transactions]
        found = _rows(self._current / "journal.db")
        if found != [(each.account, each.version) for each in transactions]:
            raise Loss(
                f"{len(found)} transactions are there, not the {len(transactions)} of {number} batches"
            )
        accounts = {}
        for login in range(_ACCOUNTS):
            own = [each for each in transactions if each.account == login]
            if await journal.read(login, limit=1_000_000) != own:
                raise Loss(f"the transactions of account {login} are not those that were appended")
            if login and own:
                accounts[login] = _folded(own)
        if journal.accounts() != list(accounts.values()):
            raise Loss("the accounts are not the folds of their transactions")
        self.tally.kept += number - self._acknowledged
        # What was not acknowledged and is not there never happened.
        self._batches = expected
        self._acknowledged = number

    async def _check_the_last(self) -> None:
        journal = SqliteJournal.open(self._current / "journal.db")
        try:
            await self._check(journal)
        finally:
            journal.close()

    # ------------------------------------------------------------------ older versions

    def _begin_in_an_older_version(self) -> None:
        """A sound journal as a former version of the program left it, after its own clean end."""
        for _ in range(200):
            self._batches.append(self._batch())
        self._acknowledged = len(self._batches)
        write_older_journal(
            self._current / "journal.db",
            self._dice.randrange(1, len(journal_schema.MIGRATIONS)),
            [each for batch in self._batches for each in batch.transactions],
            {_NUMBER: str(len(self._batches))},
            self._dice.choice(("wal", "delete")),
        )

    def _is_older(self) -> bool:
        path = self._current / "journal.db"
        content = path.read_bytes()[:100] if path.exists() else b""
        return len(content) == 100 and 0 < int.from_bytes(content[60:64], "big") < len(
            journal_schema.MIGRATIONS
        )


def live(folder: Path, cuts: int, seed: int, *, synchronous: str = "FULL", lies: bool = False) -> Tally:
    """So many cuts, in lives of ten each."""
    total = Tally()
    for number in range(-(-cuts // CUTS_IN_A_LIFE)):
        place = folder / f"life {number}"
        place.mkdir()
        life = Life(
            place,
            seed + number,
            cuts=min(CUTS_IN_A_LIFE, cuts - total.cuts),
            synchronous=synchronous,
            lies=lies,
        )
        total.add(life.run())
        shutil.rmtree(place)
    return total


def _rows(path: Path) -> list[tuple[int, int]]:
    """Account and version of every transaction, in the order in which they were written."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        found = connection.execute("PRAGMA integrity_check").get
        if found != "ok":
            raise Loss(f"the file is damaged: {found}")
        return list(connection.execute("SELECT account, version FROM transactions ORDER BY rowid"))
    finally:
        connection.close()


def _folded(transactions: Sequence[Transaction]) -> object:
    from tradyn.broker.accounts import Account

    account = Account(login=transactions[0].account)
    for each in transactions:
        evolve(account, each)
    return account


def _close(journal: SqliteJournal) -> None:
    with suppress(JournalFailed):
        journal.close()


def _kind(operation: str) -> str:
    return operation.replace("journal.db-", "the ").replace("journal.db", "the file")
