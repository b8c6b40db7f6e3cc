"""A journal for those who only read it, whether a server has it open or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import apsw

from tradyn.adapters.journal_checks import DAMAGE, damaged, reason
from tradyn.adapters.journal_lock import JournalBusy, hold_lock, lock_path
from tradyn.adapters.journal_schema import connect
from tradyn.ports import JournalFailed

__all__ = ["reading"]


@contextmanager
def reading(path: Path, *, is_copy: bool = False) -> Iterator[tuple[apsw.Connection, bool]]:
    """A connection that cannot write, and whether the journal is at rest.

    At rest no server can start on it meanwhile, and nothing in its folder is changed but for the lock, unless
    a crash has left a log, which takes an index of it in shared memory to read.

    Args:
        is_copy: it is nobody's to work on, as a backup is: it gets no lock beside it, unless it has one.

    Raises:
        JournalFailed, JournalCorrupt: it is not there, or cannot be read.
    """
    if not path.is_file():
        raise JournalFailed(f"There is no journal {path}")
    with ExitStack() as held:
        is_at_rest = True
        try:
            if not is_copy or lock_path(path).exists():
                held.enter_context(hold_lock(path))
        except JournalBusy:
            is_at_rest = False
        except JournalFailed:
            # Its folder cannot be written, so there is no server either.
            pass
        has_log = any(_is_filled(Path(f"{path}-{name}")) for name in ("wal", "journal"))
        try:
            connection = held.enter_context(closing(_connect(path, is_alone=is_at_rest and not has_log)))
            # Only a read finds out what is in a log.
            connection.pragma("user_version")
            yield connection, is_at_rest
        except DAMAGE as error:
            raise damaged(path, reason(error)) from error
        except apsw.Error as error:
            raise JournalFailed(f"Cannot read the journal {path}: {reason(error)}") from error


def _connect(path: Path, *, is_alone: bool) -> apsw.Connection:
    if not is_alone:
        return connect(path, None, apsw.SQLITE_OPEN_READONLY)
    # Else SQLite would make a log and its index to say that there is none.
    address = Path(f"file:{quote(str(path.absolute()))}?immutable=1")
    return connect(address, None, apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)


def _is_filled(path: Path) -> bool:
    with suppress(FileNotFoundError):
        return path.stat().st_size > 0
    return False
