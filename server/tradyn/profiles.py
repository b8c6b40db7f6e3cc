"""Broker profiles: the rules that vary among brokers, and the terms of their symbols, under one name.

A profile is a TOML file: a `description`, optionally the name of another profile that it `extends`, a table
`[options]` with fields of `broker.options.Options`, and tables of the catalogue (`[common]`, `[group.NAME]`,
`[symbol.NAME]`), which are laid over the shipped symbols. `demo` and `mt5` ship in `data/profiles`.
Every failure is one sentence that names file, field, what is wrong, and what would be right.

Not simulated: a profile that changes while a server runs.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn

from tradyn.broker.options import Options
from tradyn.catalogue import HEADINGS, CatalogueError, Layer, did_you_mean, parse_toml, read_toml, show

__all__ = ["SHIPPED", "OptionLine", "Profile", "ProfileError", "describe_options", "load_profile"]

SHIPPED: Final = ("demo", "mt5")
"""The profiles that can be named; the first is the default."""

_OPTIONS: Final = {each.name: each for each in dataclasses.fields(Options)}
_DEFAULTS: Final = Options()


class ProfileError(CatalogueError):
    """A profile that cannot be used; the message is one sentence for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A broker profile with all that it extends.

    Attributes:
        name: as it was asked for.
        extends: the names of the profiles below it, the nearest first.
        layers: its part of the catalogue, the lowest first.
    """

    name: str
    description: str
    extends: tuple[str, ...]
    options: Options
    layers: tuple[Layer, ...]


class OptionLine(NamedTuple):
    """One option as people read it."""

    name: str
    value: str
    default: str
    allowed: str
    explanation: str


def load_profile(name: str) -> Profile:
    """A shipped profile by its name, or a user's by the path of its `.toml` file.

    Raises:
        ProfileError, CatalogueError: there is no such profile, or something in it is wrong. Its catalogue is
            checked when it is loaded.
    """
    chain = list(_chain(name))
    options: dict[str, Any] = {}
    for file in reversed(chain):
        options.update(file.options)
    return Profile(
        name=name,
        description=chain[0].description,
        extends=tuple(file.name for file in chain[1:]),
        options=Options(**options),
        layers=tuple(Layer(file.title, file.tables) for file in reversed(chain)),
    )


def describe_options(profile: Profile) -> list[OptionLine]:
    """Every option with its value in the profile, its default, what is allowed, and what it does."""
    return [
        OptionLine(
            name=name,
            value=show_option(getattr(profile.options, name)),
            default=show_option(getattr(_DEFAULTS, name)),
            allowed=_allowed(name),
            explanation=each.metadata["explanation"],
        )
        for name, each in _OPTIONS.items()
    ]


def show_option(value: object) -> str:
    """A value as a profile has it, without quotes."""
    return str(value).lower() if isinstance(value, bool) else str(value)


# --- files --------------------------------------------------------------------------------------------


class _File(NamedTuple):
    """One profile's own file; `title` is how errors call it."""

    name: str
    title: str
    description: str
    extends: str | None
    options: Mapping[str, Any]
    tables: Mapping[str, Any]


def _chain(name: str) -> Iterator[_File]:
    """A profile's file, and those it extends one after the other."""
    # A path is taken from where the file that names it lies; the first from where the program was started.
    folder, seen, said_by = Path(), set[str](), None
    while True:
        title, document, folder = _find(name, folder, said_by)
        if title in seen:
            _fail(
                said_by or title, "extends", name, "another profile, which does not extend this one in turn"
            )
        seen.add(title)
        file = _read(name, title, document)
        yield file
        if file.extends is None:
            return
        name, said_by = file.extends, title


def _find(name: str, folder: Path, said_by: str | None) -> tuple[str, dict[str, Any], Path]:
    """A profile's title, content and folder."""
    if name in SHIPPED:
        title = f"{name}.toml"
        text = (files("tradyn") / "data" / "profiles" / title).read_text("utf-8")
        return title, parse_toml(title, text), folder
    if not name.endswith(".toml"):
        right = f"one of {', '.join(SHIPPED)} or the path of a .toml file"
        if said_by is not None:
            _fail(said_by, "extends", name, right)
        raise ProfileError(f"There is no profile {show(name)}; it must be {right}")
    path = folder / name
    return str(path), read_toml(path), path.parent


def _read(name: str, title: str, document: dict[str, Any]) -> _File:
    known = ("description", "extends", "options", *HEADINGS)
    for field in document:
        if field not in known:
            raise ProfileError(
                f"{title}: there is no field or table {field}; a profile has description, extends and "
                "the tables [options], [common], [group.NAME] and [symbol.NAME]"
            )
    description, extends = document.get("description"), document.get("extends")
    if description is None:
        raise ProfileError(f"{title}: there is no description; it must be given, as text")
    if not isinstance(description, str) or not description.strip():
        _fail(title, "description", description, "text")
    if extends is not None and not isinstance(extends, str):
        _fail(title, "extends", extends, f"one of {', '.join(SHIPPED)} or the path of a .toml file")
    options = document.get("options", {})
    if not isinstance(options, dict):
        _fail(title, "options", options, "a table, [options]")
    return _File(
        name=name,
        title=title,
        description=description.strip(),
        extends=extends,
        options={field: _option(title, field, value) for field, value in options.items()},
        tables={heading: document[heading] for heading in HEADINGS if heading in document},
    )


# --- options ------------------------------------------------------------------------------------------


def _option(title: str, name: str, value: Any) -> Any:
    if name not in _OPTIONS:
        raise ProfileError(
            f"{title}: [options] has an unknown field {name}{did_you_mean(name, _OPTIONS)}; "
            f"it may have {', '.join(_OPTIONS)}"
        )
    default = getattr(_DEFAULTS, name)
    if isinstance(default, StrEnum):
        fits = value in [each.value for each in type(default)]
        value = type(default)(value) if fits else value
    elif isinstance(default, bool):
        fits = isinstance(value, bool)
    else:
        fits = type(value) is int and 0 <= value <= _OPTIONS[name].metadata["most"]
    if not fits:
        _fail(title, f"[options] {name}", value, _allowed(name))
    return value


def _allowed(name: str) -> str:
    default = getattr(_DEFAULTS, name)
    if isinstance(default, StrEnum):
        return f"one of {', '.join(each.value for each in type(default))}"
    if isinstance(default, bool):
        return "true or false"
    return f"a whole number from 0 to {_OPTIONS[name].metadata['most']}"


def _fail(title: str, field: str, value: object, right: str) -> NoReturn:
    raise ProfileError(f"{title}: {field} is {show(value)}; it must be {right}")
