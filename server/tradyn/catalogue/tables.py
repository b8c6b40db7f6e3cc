"""The tables of a catalogue: files laid over each other, field by field."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from tradyn.catalogue.fields import CHECKS, CatalogueError, Entry, did_you_mean, fail, show, text_of

__all__ = ["HEADINGS", "Layer", "Source", "check_groups", "fields_of", "lay", "parse_toml", "read_toml"]

HEADINGS: Final = ("common", "group", "symbol")
_SYMBOL: Final = re.compile(r"[A-Za-z0-9._#-]{1,32}")


class Layer(NamedTuple):
    """The tables of one file: `HEADINGS`, as TOML has them, and the file's name for errors."""

    file: str
    tables: Mapping[str, Any]


class Source(NamedTuple):
    """One or more files laid over each other: fields common to all, by group, and by symbol."""

    common: dict[str, Entry]
    groups: dict[str, dict[str, Entry]]
    symbols: dict[str, dict[str, Entry]]


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file with its numbers exact; every way it cannot be read is a `CatalogueError`."""
    try:
        return parse_toml(str(path), path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise CatalogueError(
            f"{path}: the file is not UTF-8 text (byte {error.start}); save it as UTF-8"
        ) from error
    except OSError as error:
        raise CatalogueError(
            f"{path}: the file cannot be read ({error.strerror}); name a readable TOML file"
        ) from error


def parse_toml(file: str, text: str) -> dict[str, Any]:
    """TOML with its numbers exact."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{file}: not valid TOML: {error}") from error


def lay(source: Source, layer: Layer) -> None:
    """Lay one file over what was read before; a table changes only the fields it names."""
    file = layer.file
    for heading, content in layer.tables.items():
        if heading not in HEADINGS:
            raise CatalogueError(
                f"{file}: there is no table [{heading}]; a catalogue has [common], [group.NAME] "
                "and [symbol.NAME] tables"
            )
        if not isinstance(content, dict):
            raise CatalogueError(
                f"{file}: {heading} is {show(content)}; it must be a table, such as [symbol.EURUSD]"
            )
        if heading == "common":
            source.common.update(_entries(file, "common", content))
            continue
        tables = source.groups if heading == "group" else source.symbols
        for name, fields in content.items():
            _check_table(file, heading, name, fields)
            tables.setdefault(name, {}).update(_entries(file, f"{heading}.{name}", fields))


def _check_table(file: str, heading: str, name: str, fields: object) -> None:
    if not isinstance(fields, dict):
        raise CatalogueError(
            f"{file}: {heading}.{name} is {show(fields)}; it must be a table, such as [symbol.EURUSD]"
        )
    if heading == "symbol" and not _SYMBOL.fullmatch(name):
        raise CatalogueError(
            f'{file}: [symbol."{name}"] is not a symbol name; it must be 1 to 32 letters, digits or . _ # -'
        )


def _entries(file: str, table: str, fields: Mapping[str, Any]) -> dict[str, Entry]:
    known = [each for each in CHECKS if table.startswith("symbol") or each != "group"]
    for name in fields:
        if name not in known:
            raise CatalogueError(
                f"{file}: [{table}] has an unknown field {name}{did_you_mean(name, known)}; "
                f"it may have {', '.join(known)}"
            )
    entries = {name: Entry(value, file, table) for name, value in fields.items()}
    for name, entry in entries.items():
        CHECKS[name](entry, name)
    return entries


def check_groups(source: Source, layers: Iterable[Layer]) -> None:
    """A group that no symbol is in would have no effect, and is a slip of the pen."""
    used = {own["group"].value: None for own in source.symbols.values() if "group" in own}
    for layer in layers:
        for name in layer.tables.get("group", {}):
            if name not in used:
                raise CatalogueError(
                    f"{layer.file}: [group.{name}] is the group of no symbol{did_you_mean(name, used)}; "
                    f"there are {', '.join(used)}"
                )


def fields_of(source: Source, own: Mapping[str, Entry]) -> dict[str, Entry]:
    """A symbol's fields: its own, else its group's, else the common ones."""
    group: Mapping[str, Entry] = {}
    if "group" in own:
        name = text_of(own["group"], "group")
        if name not in source.groups:
            fail(own["group"], "group", f"one of {', '.join(source.groups)}")
        group = source.groups[name]
    return {**source.common, **group, **own}
