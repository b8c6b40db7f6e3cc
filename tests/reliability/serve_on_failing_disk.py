"""`tradyn` on a disk that fails when it is told to, by the name of a trouble in a file.

    python serve_on_failing_disk.py TROUBLE_FILE serve --data-dir …

The troubles are those of `TROUBLES`. An empty or missing file means that the disk is sound.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import apsw

__all__ = ["TROUBLES"]

_SYSTEM: Final = apsw.vfs_names()[0]


def _write(file: apsw.VFSFile, data: bytes, offset: int) -> None:
    apsw.VFSFile.xWrite(file, data, offset)


def _full(_: apsw.VFSFile, _data: bytes, _offset: int) -> None:
    raise apsw.FullError("database or disk is full")


def _failing(_: apsw.VFSFile, _data: bytes, _offset: int) -> None:
    raise apsw.IOError("disk I/O error: write")


def _short(file: apsw.VFSFile, data: bytes, offset: int) -> None:
    """A part is written, and then there is no more room."""
    if len(data) > 1:
        _write(file, data[: len(data) // 2], offset)
    raise apsw.FullError("database or disk is full")


TROUBLES: dict[str, Callable[[apsw.VFSFile, bytes, int], None]] = {
    "full": _full,
    "write": _failing,
    "short": _short,
    "sync": _write,
    "read": _write,
    "short read": _write,
}
"""What each does to a write."""


class _TroubledDisk(apsw.VFS):
    def __init__(self, told: Path) -> None:
        self._told = told
        super().__init__("troubled", _SYSTEM, makedefault=True)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        return _TroubledFile(self, name, flags)

    @property
    def trouble(self) -> str:
        try:
            return self._told.read_text()
        except FileNotFoundError:
            return ""


class _TroubledFile(apsw.VFSFile):
    def __init__(self, disk: _TroubledDisk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        self._disk = disk
        super().__init__(_SYSTEM, name, flags)

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        match self._disk.trouble:
            case "read":
                raise apsw.IOError("disk I/O error: read")
            case "short read":
                return super().xRead(amount, offset)[: amount // 2]
        return super().xRead(amount, offset)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        TROUBLES.get(self._disk.trouble, _write)(self, data, offset)

    def xSync(self, flags: int) -> None:  # noqa: N802
        if self._disk.trouble == "sync":
            raise apsw.IOError("disk I/O error: sync")
        super().xSync(flags)


if __name__ == "__main__":
    _disk = _TroubledDisk(Path(sys.argv.pop(1)))
    from tradyn.cli import main

    main()
