"""One process has a journal: `<path>.lock` is held for as long as it does."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from filelock import FileLock, Timeout

from tradyn.adapters.journal_checks import reason
from tradyn.ports import JournalFailed

__all__ = ["JournalBusy", "hold_lock", "lock_path"]


class JournalBusy(JournalFailed):
    """Another process has the journal open."""


def lock_path(path: Path) -> Path:
    """Where the lock of a journal is; it stays when it is let go of."""
    return Path(f"{path}.lock")


def hold_lock(path: Path) -> AbstractContextManager[object]:
    """Take the lock of a journal, until the end of the block.

    Raises:
        JournalBusy: another process has it.
        JournalFailed: its file cannot be made.
    """
    try:
        return FileLock(lock_path(path), thread_local=False).acquire(timeout=0)
    except Timeout as error:
        raise JournalBusy(f"The journal {path} is in use by another tradyn process") from error
    except OSError as error:
        raise JournalFailed(f"Cannot lock the journal {path}: {reason(error)}") from error
