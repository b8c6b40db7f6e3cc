"""A disk that loses power: what was not synced is kept, lost or torn, as a seeded dice has it.

The files in a folder are what a running system sees. Beside them the disk keeps, for each file, what is
durable and what has been done since its last sync; and, for the folder, which names are durable. A cut
turns that into one of the folders that a machine could find when it is switched on again:

* Of what was written since the last sync each 512-byte sector is there, not there, or half there,
  independently of the others and of the order in which they were written.
* The same goes for a change of size. Where a file has grown and the data is not there, there are zeros, or
  what other files left behind.
* A name that was made or removed since the folder was last synced may be there or not.

What makes things durable is what SQLite's own VFS for Unix does: the sync of a file is that file's, the first
sync of a log or a rollback journal after it was opened is the folder's too, and so is a removal that asks
for it.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Final

import apsw

__all__ = ["SECTOR", "PowerCut", "VolatileDisk"]

SECTOR: Final = 512
_UNSYNCED_LOGS: Final = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_SUPER_JOURNAL
_numbers = itertools.count()


class PowerCut(apsw.IOError):
    """The power is gone."""


@dataclass
class _Write:
    offset: int
    data: bytes


@dataclass
class _Truncate:
    size: int


@dataclass
class _Inode:
    """A file: what a sync has made durable, and what was done since."""

    durable: bytes = b""
    pending: list[_Write | _Truncate] = field(default_factory=list)

    def sync(self) -> None:
        content = bytearray(self.durable)
        for each in self.pending:
            if isinstance(each, _Truncate):
                _resize(content, each.size, b"\0")
            else:
                end = each.offset + len(each.data)
                _resize(content, max(len(content), end), b"\0")
                content[each.offset : end] = each.data
        self.durable, self.pending = bytes(content), []

    def survivor(self, dice: random.Random, kept: float) -> bytes:
        """What is found after a cut, if of every hundred sectors about 100 `kept` are."""
        content = bytearray(self.durable)
        stale = b"\0" if dice.random() < 0.7 else dice.randbytes(1)
        for each in self.pending:
            if isinstance(each, _Truncate):
                if dice.random() < kept:
                    _resize(content, each.size, b"\0")
                continue
            for start, piece in _sectors(each):
                fate = dice.random()
                if fate >= kept:
                    continue
                # A sector in ten of those that are there is there in part.
                if kept < 1 and fate < kept / 10:
                    split = dice.randrange(len(piece) + 1)
                    begin, end = (0, split) if dice.random() < 0.5 else (split, len(piece))
                else:
                    begin, end = 0, len(piece)
                _resize(content, max(len(content), start + end), stale)
                content[start + begin : start + end] = piece[begin:end]
        if len(content) > len(self.durable) and dice.random() >= kept:
            # The data was written and the new size was not.
            del content[dice.choice((len(self.durable), dice.randint(len(self.durable), len(content)))) :]
        return bytes(content)


def _resize(content: bytearray, size: int, filling: bytes) -> None:
    if size < len(content):
        del content[size:]
    else:
        content.extend(filling * (size - len(content)))


def _sectors(write: _Write) -> list[tuple[int, bytes]]:
    """A write as pieces that lie in one sector each, with their offsets."""
    pieces, start, end = [], write.offset, write.offset + len(write.data)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        pieces.append((start, write.data[start - write.offset : stop - write.offset]))
        start = stop
    return pieces


class VolatileDisk(apsw.VFS):
    """A folder on a disk whose power can be cut.

    Args:
        folder: where the files are; what is in it now is durable.
        dice: decides what a cut leaves.
        lies: syncs say that they are done, and do nothing.

    Attributes:
        name: of the VFS, for connections.
        cut_when: asked at each change ("write", "sync", "truncate", "make" or "remove", and the name of a
            file) whether the power is cut at it; None for never.
        at_cut: at which change the power was cut; empty before.
    """

    def __init__(self, folder: Path, dice: random.Random, *, lies: bool = False) -> None:
        self.name = f"disk {next(_numbers)}"
        self.folder = folder
        self.cut_when: Callable[[str], bool] | None = None
        self.at_cut = ""
        self._dice = dice
        self._lies = lies
        self._lock = Lock()
        self._names = {each.name: _Inode(each.read_bytes()) for each in folder.iterdir() if each.is_file()}
        self._durable_names = dict(self._names)
        self._left: dict[str, bytes] | None = None
        super().__init__(self.name, "")

    def cut(self, reason: str = "between two operations") -> None:
        """Cut the power now, unless that has happened; nothing can be written after."""
        with self._lock:
            if self._left is None:
                self.at_cut = reason
                self._left = self._leave()

    def survivors(self, folder: Path) -> None:
        """Write what the cut has left into a new folder."""
        assert self._left is not None
        folder.mkdir()
        for name, content in self._left.items():
            (folder / name).write_bytes(content)

    def _leave(self) -> dict[str, bytes]:
        dice = self._dice
        # Now and then all or nothing, which evenly thrown dice would hardly ever give.
        kept = dice.choice((0.0, 0.1, 0.5, 0.9, 1.0, dice.random()))
        names: dict[str, _Inode] = {}
        for name in sorted(self._names.keys() | self._durable_names.keys()):
            durable, volatile = self._durable_names.get(name), self._names.get(name)
            found = volatile if durable is volatile or dice.random() < kept else durable
            if found is not None:
                names[name] = found
        return {name: inode.survivor(dice, kept) for name, inode in names.items()}

    # ------------------------------------------------------------------ what SQLite does

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is None or Path(path).parent != self.folder:
            return apsw.VFSFile("", name, flags)
        file_name = Path(path).name
        with self._lock:
            if file_name not in self._names and flags[0] & apsw.SQLITE_OPEN_CREATE:
                self._count(f"make {file_name}")
                self._names[file_name] = _Inode()
        return _VolatileFile(self, file_name, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        name = Path(filename).name
        with self._lock:
            self._count(f"remove {name}")
            self._names.pop(name, None)
            if syncdir and not self._lies:
                self._durable_names = dict(self._names)
        super().xDelete(filename, syncdir)

    def change(self, name: str, inode: _Inode, what: str, change: _Write | _Truncate) -> None:
        """Note a change; the one at which the power is cut has begun."""
        with self._lock:
            inode.pending.append(change)
            self._count(f"{what} {name}")

    def sync(self, name: str, inode: _Inode, *, folder_too: bool) -> None:
        """Make durable; a sync at which the power is cut has not ended."""
        with self._lock:
            self._count(f"sync {name}")
            if self._lies:
                return
            inode.sync()
            if folder_too:
                self._durable_names = dict(self._names)

    def inode(self, name: str) -> _Inode:
        return self._names[name]

    def check_power(self) -> None:
        if self._left is not None:
            raise PowerCut("the power is gone")

    def _count(self, what: str) -> None:
        self.check_power()
        if self.cut_when is not None and self.cut_when(what):
            self.at_cut = what
            self._left = self._leave()
            raise PowerCut(f"the power is gone: {what}")


class _VolatileFile(apsw.VFSFile):
    def __init__(
        self, disk: VolatileDisk, file_name: str, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> None:
        self._disk = disk
        self._name = file_name
        self._inode = disk.inode(file_name)
        self._syncs_folder = bool(flags[0] & _UNSYNCED_LOGS)
        super().__init__("", name, flags)

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        self._disk.check_power()
        return super().xRead(amount, offset)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._disk.change(self._name, self._inode, "write", _Write(offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._disk.change(self._name, self._inode, "truncate", _Truncate(newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        # The real disk is not asked: what counts as durable is kept in memory.
        self._disk.sync(self._name, self._inode, folder_too=self._syncs_folder)
        self._syncs_folder = False
