"""Whether what lies on the disk is a sound journal: looked at before anything in it is believed or changed.

What must always hold: whatever a power cut can leave of a sound journal on a disk that syncs is let
through, for nothing that was acknowledged is missing from it; and what is refused has not been touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from struct import Struct
from typing import Final, NamedTuple

import apsw

from tradyn.adapters import journal_schema
from tradyn.adapters.journal_schema import APPLICATION_ID, CHECKED_COLUMNS, CHECKSUMS_SINCE, connect, migrate
from tradyn.ports import JournalFailed

__all__ = [
    "DAMAGE",
    "JournalCorrupt",
    "check_content",
    "check_header",
    "check_length",
    "check_log",
    "damaged",
    "has_log",
    "reason",
    "remedy",
    "rows_damaged",
    "schema_damage",
]

FULL_CHECK_LIMIT: Final = 16 * 1024 * 1024
"""Files up to this size (bytes) are checked when they are opened, with every index and every row."""

QUICK_CHECK_LIMIT: Final = 64 * 1024 * 1024
"""Of files up to this size (bytes) the structure is checked from end to end when they are opened."""

# The header of the file and that of a rollback journal: https://sqlite.org/fileformat.html
_HEADER_SIZE: Final = 100
_AT_PAGE_SIZE: Final = 16
_AT_WRITE_VERSION: Final = 18
_AT_PAGE_COUNT: Final = 28
_AT_USER_VERSION: Final = 60
_AT_APPLICATION_ID: Final = 68
_ROLLBACK_MAGIC: Final = bytes.fromhex("d9d505f920a163d7")
_AT_FORMER_PAGE_COUNT: Final = 16


class JournalCorrupt(JournalFailed):
    """The file is no journal that this program can read, or it is damaged."""


DAMAGE: Final = (apsw.CorruptError, apsw.NotADBError, UnicodeDecodeError)
"""What reading a damaged file fails with; the last where a text is no longer one."""


def damaged(path: Path, finding: str) -> JournalCorrupt:
    """What a damaged file is refused with."""
    return JournalCorrupt(
        f"The journal {path} is damaged: {finding}. Restore it from a backup (`tradyn journal backup` makes "
        "them), or move it away to begin a new one; `tradyn journal verify` lists all that is wrong with it"
    )


def remedy(failure: JournalFailed) -> str:
    """What to do about a failure, and what becomes of what was acknowledged; without a full stop."""
    if isinstance(failure, JournalCorrupt):
        return (
            "Keep a copy of the file, and restore the journal from a backup: what was acknowledged after "
            "that was made may be lost"
        )
    return (
        "Free space on its disk, or see what is wrong with it, and start again: what was acknowledged is "
        "there"
    )


def reason(error: Exception) -> str:
    """Why, in the system's or SQLite's words."""
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__


# ---------------------------------------------------------------------- before it is opened


def check_header(path: Path) -> None:
    """Refuse a file that is not ours by its first bytes, before anything else touches it."""
    if not path.parent.is_dir():
        raise JournalFailed(f"Cannot open the journal {path}: there is no folder {path.parent}")
    header = _beginning(path)
    if not header:
        _check_no_orphan(path)
        return
    if _was_being_made(path):
        return
    if header[:16] != b"SQLite format 3\0" or len(header) < _HEADER_SIZE:
        raise damaged(path, "it is not a database, or its beginning was overwritten")
    if _number(header, _AT_APPLICATION_ID) != APPLICATION_ID:
        raise JournalCorrupt(
            f"The file {path} is a database of another program, not a journal: choose another path"
        )
    _check_version(_number(header, _AT_USER_VERSION), f"The journal {path}")
    if header[_AT_WRITE_VERSION] == 1 and _size(_log(path)) > _LOG_HEADER.size:
        raise JournalCorrupt(
            f"The journal {path} has a write-ahead log beside it that is not its own, as when a backup was "
            f"put in the place of another journal: move {_log(path).name} away"
        )


def check_length(path: Path) -> None:
    """Refuse a file that was cut off. With a log beside it, SQLite knows better how long it should be."""
    header = _beginning(path)
    if not header or _size(_log(path)) or _size(_rollback_journal(path)):
        return
    page_size = int.from_bytes(header[_AT_PAGE_SIZE : _AT_PAGE_SIZE + 2], "big")
    expected = _number(header, _AT_PAGE_COUNT) * (65536 if page_size == 1 else page_size)
    found = path.stat().st_size
    if found < expected:
        raise damaged(path, f"it has {found} bytes and should have {expected}")


def has_log(path: Path) -> bool:
    """Whether there is anything in the write-ahead log beside a file."""
    return _size(_log(path)) > 0


def _log(path: Path) -> Path:
    return Path(f"{path}-wal")


def _rollback_journal(path: Path) -> Path:
    return Path(f"{path}-journal")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _beginning(path: Path) -> bytes:
    """The header of a file; nothing of a file that is not there."""
    try:
        with path.open("rb") as file:
            return file.read(_HEADER_SIZE)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise JournalFailed(f"Cannot read the journal {path}: {reason(error)}") from error


def _number(header: bytes, offset: int) -> int:
    return int.from_bytes(header[offset : offset + 4], "big")


def _was_being_made(path: Path) -> bool:
    """Whether the file was empty before a change that was interrupted, so that SQLite will empty it again."""
    header = _beginning(_rollback_journal(path))
    return header[:8] == _ROLLBACK_MAGIC and header[_AT_FORMER_PAGE_COUNT:][:4] == bytes(4)


def _check_no_orphan(path: Path) -> None:
    """SQLite deletes a log without a file; but it may hold the only copy of what was acknowledged."""
    log = _log(path)
    if _size(log):
        raise JournalCorrupt(
            f"The journal {path} is missing, but its write-ahead log {log.name} is there: "
            "put the file back beside it, or move the log away to begin a new journal"
        )


def _check_version(version: int, name: str) -> None:
    if version > len(journal_schema.MIGRATIONS):
        raise JournalCorrupt(
            f"{name} has version {version} and this program knows versions up to "
            f"{len(journal_schema.MIGRATIONS)}: use the newer tradyn that wrote it"
        )


# ---------------------------------------------------------------------- once it is open


def check_content(connection: apsw.Connection, path: Path) -> None:
    """Refuse what is damaged inside, as far as there is time to look.

    Raises:
        JournalCorrupt: damage, or a newer version.
        apsw.Error: of SQLite's own finding.
    """
    version = connection.pragma("user_version")
    _check_version(version, f"The journal {path}")
    check_log(connection, path)
    if finding := schema_damage(connection):
        raise damaged(path, finding)
    size = path.stat().st_size
    if size <= QUICK_CHECK_LIMIT:
        check = "integrity_check" if size <= FULL_CHECK_LIMIT else "quick_check"
        found = connection.execute(f"PRAGMA {check}(1)").get
        if found != "ok":
            raise damaged(path, str(found).splitlines()[-1])
    if size <= FULL_CHECK_LIMIT and version >= CHECKSUMS_SINCE:
        for table in CHECKED_COLUMNS:
            for row in rows_damaged(connection, table):
                raise damaged(path, f"a row of {table} is not what was written; it begins with {row!r}")


def rows_damaged(connection: apsw.Connection, table: str) -> Iterator[tuple[object, ...]]:
    """The beginning of every row whose checksum does not fit."""
    first = ", ".join(CHECKED_COLUMNS[table].split(", ")[:2])
    yield from connection.execute(
        f"SELECT {first} FROM {table} WHERE checksum IS NOT checksum({CHECKED_COLUMNS[table]})"
    )


def schema_damage(connection: apsw.Connection) -> str | None:
    """What is wrong with the tables, indexes and triggers; None if they are those of their version."""
    version = connection.pragma("user_version")
    expected = _schema(version, len(journal_schema.MIGRATIONS))
    found = _schema_of(connection)
    for name, sql in expected.items():
        if found.get(name) != sql:
            return f"{name} is {'not as it should be' if name in found else 'missing'} in version {version}"
    if not version and found:
        return f"it holds {', '.join(sorted(found))} and has no version"
    return None


@cache
def _schema(version: int, _known: int) -> dict[str, str]:
    connection = connect(Path(":memory:"), None, apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE)
    migrate(connection, version)
    return _schema_of(connection)


def _schema_of(connection: apsw.Connection) -> dict[str, str]:
    return dict(connection.execute("SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema"))


# ---------------------------------------------------------------------- the log

_LOG_HEADER: Final = Struct(">8I")
_FRAME_HEADER: Final = Struct(">6I")


class _Frame(NamedTuple):
    """The header of one page in the log.

    Attributes:
        size: of the file in pages after a commit; 0 in a frame that is not a commit's last.
        salts: those of the log's header when it was written; another round has others.
        sums: the checksum of all up to here.
        at: offset of the page in the log.
    """

    page: int
    size: int
    salts: tuple[int, int]
    sums: tuple[int, int]
    at: int


def check_log(connection: apsw.Connection, path: Path) -> None:
    """Refuse a log that holds commits which SQLite does not see, because something before them is damaged.

    SQLite takes a log up to its first frame that does not fit, as a power cut leaves it; and a power cut can
    leave no more than one commit after that, for the next one is only written when it is synced.
    """
    try:
        log = _log(path).read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise JournalFailed(f"Cannot read the journal {path}: {reason(error)}") from error
    seen = max(connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_NOOP)[0], 0)
    page_size = connection.pragma("page_size")
    frames = _frames(log, page_size)
    if not frames:
        return
    salts = _round(log)
    if salts is not None:
        lost = sum(_is_commit(frames, index, salts, log, page_size) for index in range(seen, len(frames)))
        if lost > 1:
            raise damaged(path, f"{lost} commits stand in its log after frame {seen + 1}, which is damaged")
    elif not _is_copied(frames, log, path, page_size):
        raise damaged(path, "the beginning of its log was overwritten, and not all of the log is in the file")


def _round(log: bytes) -> tuple[int, int] | None:
    """The salts of a log's header; None if the header is not what was written."""
    _, *words, first, second = _LOG_HEADER.unpack_from(log)
    is_whole = _order(log) and _summed(_order(log), (0, 0), log[:24]) == (first, second)
    return (words[3], words[4]) if is_whole else None


def _order(log: bytes) -> str:
    """In which order the bytes of a log are summed; empty if it does not begin as a log."""
    return {0x377F0682: "<", 0x377F0683: ">"}.get(_number(log, 0), "")


def _summed(order: str, sums: tuple[int, int], data: bytes) -> tuple[int, int]:
    """The checksum of a log: https://sqlite.org/fileformat.html#checksum_algorithm"""
    one, two = sums
    for even, odd in Struct(f"{order}2I").iter_unpack(data):
        one = (one + even + two) & 0xFFFFFFFF
        two = (two + odd + one) & 0xFFFFFFFF
    return one, two


def _is_commit(frames: list[_Frame], index: int, salts: tuple[int, int], log: bytes, page_size: int) -> bool:
    """Whether a frame ends a commit of this round, and is whole: half a header may look like anything."""
    frame = frames[index]
    if not frame.size or frame.salts != salts or not index:
        return False
    head = log[frame.at - _FRAME_HEADER.size : frame.at - _FRAME_HEADER.size + 8]
    sums = _summed(_order(log), frames[index - 1].sums, head)
    return _summed(_order(log), sums, log[frame.at : frame.at + page_size]) == frame.sums


def _frames(log: bytes, page_size: int) -> list[_Frame]:
    step = _FRAME_HEADER.size + page_size
    frames = []
    for start in range(_LOG_HEADER.size, len(log) - step + 1, step):
        page, size, *pairs = _FRAME_HEADER.unpack_from(log, start)
        at = start + _FRAME_HEADER.size
        frames.append(_Frame(page, size, (pairs[0], pairs[1]), (pairs[2], pairs[3]), at))
    return frames


def _is_copied(frames: list[_Frame], log: bytes, path: Path, page_size: int) -> bool:
    """Whether all that was committed in the last round of a log without a header is in the file.

    So it is when the power went while the next round began.
    """
    own = [each for each in frames if each.salts == frames[0].salts]
    commits = [index for index, each in enumerate(own) if each.size]
    last = {each.page: each for each in own[: commits[-1] + 1]} if commits else {}
    with path.open("rb") as file:
        for page, each in last.items():
            file.seek((page - 1) * page_size)
            if file.read(page_size) != log[each.at : each.at + page_size]:
                return False
    return True
