"""A copy of a journal while a server works with it: consistent, on the disk, and found to be sound.

What must always hold: under its name a backup is there whole and durable or not at all, nothing is ever
overwritten, and only its owner can read it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import apsw

from tradyn.adapters.journal_checks import JournalCorrupt, reason
from tradyn.adapters.journal_reading import reading
from tradyn.adapters.journal_verify import Verified, verify
from tradyn.ports import JournalFailed

__all__ = ["back_up"]

_PAGES_IN_A_STEP: Final = 500
_COPY_SHARE: Final = 0.5


def back_up(path: Path, target: Path, progress: Callable[[float], None] = lambda _: None) -> Verified:
    """Copy the journal as it is now to `target`, one file that needs no log beside it.

    Args:
        progress: told from time to time which part is done, from 0 to 1.

    Raises:
        JournalFailed: there is no journal, `target` is there already, or it cannot be written.
        JournalCorrupt: the journal is damaged; then no backup is left.
    """
    _check_target(target)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            _copy(path, unfinished, lambda part: progress(_COPY_SHARE * part))
            verified = verify(
                unfinished, lambda part: progress(_COPY_SHARE + (1 - _COPY_SHARE) * part), is_copy=True
            )
            if verified.findings:
                raise JournalCorrupt(
                    f"The journal {path} is damaged, so no backup was made: {verified.findings[0]}; "
                    "`tradyn journal verify` lists all that is wrong with it"
                )
            _name(unfinished, target)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise JournalFailed(f"Cannot write the backup {target}: {reason(error)}") from error
    _sync(target.parent)
    verified.path = target
    return verified


def _check_target(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise JournalFailed(f"{target} is there already, and a backup overwrites nothing: take another name")
    if not target.parent.is_dir():
        raise JournalFailed(f"Cannot write the backup {target}: there is no folder {target.parent}")


def _copy(path: Path, target: Path, progress: Callable[[float], None]) -> None:
    with reading(path) as (source, _):
        # What is written meanwhile is not in the transaction that is read in.
        source.execute("BEGIN")
        source.pragma("user_version")
        try:
            with closing(apsw.Connection(str(target), flags=apsw.SQLITE_OPEN_READWRITE)) as copy:
                with copy.backup("main", source, "main") as pages:
                    while not pages.done:
                        pages.step(_PAGES_IN_A_STEP)
                        progress(1 - pages.remaining / max(pages.page_count, 1))
                copy.pragma("journal_mode", "delete")
        except (apsw.FullError, apsw.IOError, apsw.CantOpenError, apsw.ReadOnlyError) as error:
            raise JournalFailed(f"Cannot copy the journal {path} to {target}: {reason(error)}") from error
    _sync(target)


def _name(unfinished: Path, target: Path) -> None:
    """Give the finished file its name, unless somebody else has taken it by now."""
    try:
        # A link fails where a rename would overwrite.
        os.link(unfinished, target)
    except FileExistsError as error:
        raise JournalFailed(f"{target} is there already, and a backup overwrites nothing") from error
    except OSError:
        # Some file systems have no links.
        _check_target(target)
        unfinished.rename(target)


def _sync(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        # Not every system can sync a folder.
        if not path.is_dir():
            raise
