"""The catalogue: which symbols there are, on what terms, and where a synthetic market starts.

The shipped file is `data/instruments.toml`, whose head describes the form; a user's file of the same
form is laid over it. Always holds: a catalogue is complete and valid or there is none, and the price
and volatility of a cross follow from its two currencies' pairs with USD, so no cross can contradict
its majors. Every failure is one sentence that names file, table, field, what is wrong, and what
would be right.

Not simulated: specifications that change while a server runs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from importlib.resources import files
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn

from tradyn.broker.instruments import CalcMode, Instrument, Session, SwapMode, TradeMode

__all__ = ["DOLLAR_SHARE", "CatalogueError", "Listing", "load_catalogue"]

#: The part of a currency's variance against USD that is the dollar's own, hence common to all of them.
DOLLAR_SHARE: Final = 0.5

_SHIPPED: Final = "instruments.toml"
_PIVOT: Final = "USD"
_DAYS: Final = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_MOST_POINTS: Final = 10**12
_SYMBOL: Final = re.compile(r"[A-Za-z0-9._#-]{1,32}")
_CURRENCY: Final = re.compile(r"[A-Z]{3,5}")
_SESSION: Final = re.compile(r"([a-z]+)(?:-([a-z]+))? ([0-2]\d):([0-5]\d)-([0-2]\d):([0-5]\d)")


class CatalogueError(Exception):
    """A catalogue that cannot be used; the message is one sentence for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A symbol and where a synthetic market of it starts.

    Attributes:
        price: the mid price at the start.
        volatility: standard deviation of a year's log return.
    """

    instrument: Instrument
    price: Decimal
    volatility: float


class _Entry(NamedTuple):
    """A field's value and the table it was read from."""

    value: Any
    file: str
    table: str


class _Source(NamedTuple):
    """One or more files laid over each other: fields by group, and by symbol."""

    common: dict[str, _Entry]
    groups: dict[str, dict[str, _Entry]]
    symbols: dict[str, dict[str, _Entry]]


class _Draft(NamedTuple):
    """A valid symbol that may still lack the price and volatility of a cross."""

    instrument: Instrument
    price: Decimal | None
    volatility: Decimal | None
    enabled: bool
    entries: Mapping[str, _Entry]


def load_catalogue(override: Path | None = None) -> dict[str, Listing]:
    """The shipped symbols in their order, with a user's file laid over them; its new ones come last.

    Raises:
        CatalogueError: the user's file cannot be read, or something in it is wrong.
    """
    source = _Source({}, {}, {})
    _lay(source, _SHIPPED, (files("tradyn") / "data" / _SHIPPED).read_text("utf-8"))
    if override is not None:
        _lay(source, str(override), _read(override))
    drafts = {symbol: _draft(symbol, _fields(source, own)) for symbol, own in source.symbols.items()}
    levels = _levels(drafts.values())
    listings = {
        symbol: _listing(draft, levels.get(symbol)) for symbol, draft in drafts.items() if draft.enabled
    }
    if not listings:
        raise CatalogueError(f"{override or _SHIPPED}: no symbol is left; at least one must be enabled")
    return listings


# --- files and tables ---------------------------------------------------------------------------------


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise CatalogueError(
            f"{path}: the file is not UTF-8 text (byte {error.start}); save it as UTF-8"
        ) from error
    except OSError as error:
        raise CatalogueError(
            f"{path}: the file cannot be read ({error.strerror}); name a readable TOML file"
        ) from error


def _lay(source: _Source, file: str, text: str) -> None:
    """Lay one file over what was read before; a table changes only the fields it names."""
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{file}: not valid TOML: {error}") from error
    for heading, content in document.items():
        if heading not in ("common", "group", "symbol"):
            raise CatalogueError(
                f"{file}: there is no table [{heading}]; a catalogue has [common], [group.NAME] "
                "and [symbol.NAME] tables"
            )
        if not isinstance(content, dict):
            raise CatalogueError(
                f"{file}: {heading} is {_show(content)}; it must be a table, such as [symbol.EURUSD]"
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
            f"{file}: {heading}.{name} is {_show(fields)}; it must be a table, such as [symbol.EURUSD]"
        )
    if heading == "symbol" and not _SYMBOL.fullmatch(name):
        raise CatalogueError(
            f'{file}: [symbol."{name}"] is not a symbol name; it must be 1 to 32 letters, digits or . _ # -'
        )


def _entries(file: str, table: str, fields: Mapping[str, Any]) -> dict[str, _Entry]:
    known = [each for each in _CHECKS if table.startswith("symbol") or each != "group"]
    for name in fields:
        if name not in known:
            raise CatalogueError(
                f"{file}: [{table}] has an unknown field {name}; it may have {', '.join(known)}"
            )
    entries = {name: _Entry(value, file, table) for name, value in fields.items()}
    for name, entry in entries.items():
        _CHECKS[name](entry, name)
    return entries


def _fields(source: _Source, own: Mapping[str, _Entry]) -> dict[str, _Entry]:
    """A symbol's fields: its own, else its group's, else the common ones."""
    group: Mapping[str, _Entry] = {}
    if "group" in own:
        name = _text(own["group"], "group")
        if name not in source.groups:
            _fail(own["group"], "group", f"one of {', '.join(source.groups)}")
        group = source.groups[name]
    return {**source.common, **group, **own}


# --- fields -------------------------------------------------------------------------------------------


def _fail(entry: _Entry, field: str, right: str) -> NoReturn:
    raise CatalogueError(f"{entry.file}: [{entry.table}] {field} is {_show(entry.value)}; it must be {right}")


def _show(value: object) -> str:
    """A value as the user wrote it, more or less."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Decimal):
        # Without exponents, except where the number would fill the screen.
        return f"{value:f}" if not value.is_finite() or -20 < value.adjusted() < 20 else str(value)
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return str(value)


def _text(entry: _Entry, field: str) -> str:
    if not isinstance(entry.value, str) or not entry.value.strip():
        _fail(entry, field, "text")
    return entry.value


def _flag(entry: _Entry, field: str) -> bool:
    if not isinstance(entry.value, bool):
        _fail(entry, field, "true or false")
    return entry.value


def _currency(entry: _Entry, field: str) -> str:
    if not isinstance(entry.value, str) or not _CURRENCY.fullmatch(entry.value):
        _fail(entry, field, "3 to 5 capital letters")
    return entry.value


def _whole(most: int) -> Callable[[_Entry, str], int]:
    def check(entry: _Entry, field: str) -> int:
        value = entry.value
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            _fail(entry, field, f"a whole number from 0 to {most}")
        return value

    return check


def _number(right: str, fits: Callable[[Decimal], bool]) -> Callable[[_Entry, str], Decimal]:
    def check(entry: _Entry, field: str) -> Decimal:
        value = entry.value
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            _fail(entry, field, right)
        number = Decimal(value)
        if not number.is_finite() or abs(number) >= 10**15 or not fits(number):
            _fail(entry, field, right)
        return number

    return check


def _mode(modes: type[StrEnum]) -> Callable[[_Entry, str], StrEnum]:
    def check(entry: _Entry, field: str) -> StrEnum:
        values = [each.value for each in modes]
        if entry.value not in values:
            _fail(entry, field, f"one of {', '.join(values)}")
        return modes(entry.value)

    return check


def _day(entry: _Entry, field: str) -> str:
    if entry.value not in _DAYS:
        _fail(entry, field, f"one of {', '.join(_DAYS)}")
    return str(entry.value)


def _sessions(entry: _Entry, field: str) -> tuple[Session, ...]:
    """`["sunday-friday 22:00-24:00", "monday 00:00-12:00"]` as sessions, in the order of the week."""
    right = 'a list such as ["monday-friday 09:00-17:30"], without overlaps'
    if not isinstance(entry.value, list):
        _fail(entry, field, right)
    sessions: list[Session] = []
    for text in entry.value:
        part = _Entry(text, entry.file, entry.table)
        match = _SESSION.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            _fail(part, field, right)
        first, last, *clock = match.groups()
        begin, end = (int(hour) * 60 + int(minute) for hour, minute in (clock[:2], clock[2:]))
        if first not in _DAYS or (last or first) not in _DAYS or not begin < end <= 24 * 60:
            _fail(part, field, right)
        from_day, to_day = _DAYS.index(first), _DAYS.index(last or first)
        # A range may run over the end of the week: friday-monday is four days.
        sessions += [
            Session(_DAYS[(from_day + each) % 7], begin, end) for each in range((to_day - from_day) % 7 + 1)
        ]
    sessions.sort(key=lambda each: (_DAYS.index(each.day), each.open))
    for one, other in pairwise(sessions):
        if one.day == other.day and other.open < one.close:
            _fail(entry, field, right)
    return tuple(sessions)


_positive = _number("a number above 0", lambda value: value > 0)
_not_negative = _number("a number not below 0", lambda value: value >= 0)
_points = _whole(1_000_000)

_CHECKS: Final[dict[str, Callable[[_Entry, str], Any]]] = {
    "group": _text,
    "enabled": _flag,
    "description": _text,
    "currency_base": _currency,
    "currency_profit": _currency,
    "currency_margin": _currency,
    "digits": _whole(8),
    "contract_size": _positive,
    "volume_min": _positive,
    "volume_max": _positive,
    "volume_step": _number("a number from 0.00000001", lambda value: value >= Decimal("0.00000001")),
    "volume_limit": _not_negative,
    "stops_level": _points,
    "freeze_level": _points,
    "spread": _points,
    "calc_mode": _mode(CalcMode),
    "trade_mode": _mode(TradeMode),
    "swap_mode": _mode(SwapMode),
    "swap_long": _number("a number", lambda value: True),
    "swap_short": _number("a number", lambda value: True),
    "swap_rollover3days": _day,
    "margin_initial": _not_negative,
    "margin_hedged": _not_negative,
    "margin_rate_buy": _not_negative,
    "margin_rate_sell": _not_negative,
    "sessions": _sessions,
    "price": _positive,
    "volatility": _number("a number above 0 and not above 5", lambda value: 0 < value <= 5),
}
# What may be left out, because it follows from something else.
_OPTIONAL: Final = ("group", "enabled", "currency_margin", "margin_hedged", "price", "volatility")


# --- symbols ------------------------------------------------------------------------------------------


def _draft(symbol: str, entries: dict[str, _Entry]) -> _Draft:
    values = {name: _CHECKS[name](entry, name) for name, entry in entries.items()}
    for name in _CHECKS:
        if name not in values and name not in _OPTIONAL:
            _fail_missing(symbol, entries, name)
    price, volatility = values.pop("price", None), values.pop("volatility", None)
    enabled = values.pop("enabled", True)
    values.pop("group", None)
    is_forex = values["calc_mode"].is_forex
    values.setdefault("currency_margin", values["currency_base" if is_forex else "currency_profit"])
    values.setdefault("margin_hedged", values["contract_size"])
    if is_forex and values["currency_base"] == values["currency_profit"]:
        _fail(entries["currency_base"], "currency_base", "another currency than currency_profit in forex")
    _check_futures(entries, values)
    _check_volumes(entries, values)
    if price is not None and price.scaleb(values["digits"]) > _MOST_POINTS:
        _fail(entries["price"], "price", f"at most {_MOST_POINTS} points, so lower it or digits")
    return _Draft(Instrument(symbol=symbol, **values), price, volatility, enabled, entries)


def _fail_missing(symbol: str, entries: Mapping[str, _Entry], field: str) -> NoReturn:
    file = next((each.file for each in entries.values() if each.table == f"symbol.{symbol}"), _SHIPPED)
    raise CatalogueError(
        f"{file}: [symbol.{symbol}] has no {field}; it must be given there, in its group or in [common]"
    )


def _check_futures(entries: Mapping[str, _Entry], values: Mapping[str, Any]) -> None:
    if values["calc_mode"] is CalcMode.FUTURES and not values["margin_initial"]:
        _fail(entries["margin_initial"], "margin_initial", "a number above 0 in futures")


def _check_volumes(entries: Mapping[str, _Entry], values: dict[str, Any]) -> None:
    """Lots to steps: a minimum, maximum and limit must be multiples of the step."""
    step = values["volume_step"]
    for name in ("volume_min", "volume_max", "volume_limit"):
        steps, rest = divmod(values[name], step)
        if rest:
            _fail(entries[name], name, f"a multiple of volume_step, {_show(step)}")
        values[name] = int(steps)
    if values["volume_max"] < values["volume_min"]:
        _fail(
            entries["volume_max"], "volume_max", f"at least volume_min, {_show(entries['volume_min'].value)}"
        )


class _Level(NamedTuple):
    """The worth of a currency, metal or coin in USD; `is_currency` if the dollar is common to it."""

    price: Decimal
    volatility: float
    is_currency: bool


def _levels(drafts: Iterable[_Draft]) -> dict[str, tuple[_Level, _Level]]:
    """For each cross the levels of its base and of its profit currency.

    Symbols that are not enabled count too: removing GBPUSD leaves EURGBP a price.
    """
    drafts = list(drafts)
    levels: dict[str, _Level] = {}
    for draft in drafts:
        base, profit = draft.instrument.currency_base, draft.instrument.currency_profit
        if base == profit or _PIVOT not in (base, profit) or not draft.price or not draft.volatility:
            continue
        price, other = (draft.price, base) if profit == _PIVOT else (1 / draft.price, profit)
        level = _Level(price, float(draft.volatility), draft.instrument.calc_mode.is_forex)
        levels.setdefault(other, level)
    return {
        each.instrument.symbol: (levels[base], levels[profit])
        for each in drafts
        if (base := each.instrument.currency_base) in levels
        and (profit := each.instrument.currency_profit) in levels
        and base != profit
    }


def _listing(draft: _Draft, levels: tuple[_Level, _Level] | None) -> Listing:
    instrument = draft.instrument
    if levels is not None:
        for name in ("price", "volatility"):
            if name in draft.entries:
                base, profit = instrument.currency_base, instrument.currency_profit
                _fail(
                    draft.entries[name],
                    name,
                    f"left out, because it follows from {base} and {profit} against {_PIVOT}",
                )
        return Listing(instrument, _cross_price(instrument, *levels), _cross_volatility(*levels))
    if draft.price is None or draft.volatility is None:
        _fail_missing(instrument.symbol, draft.entries, "price" if draft.price is None else "volatility")
    return Listing(instrument, draft.price, float(draft.volatility))


def _cross_price(instrument: Instrument, base: _Level, profit: _Level) -> Decimal:
    return max((base.price / profit.price).quantize(instrument.point, ROUND_HALF_UP), instrument.point)


def _cross_volatility(base: _Level, profit: _Level) -> float:
    shared = DOLLAR_SHARE if base.is_currency and profit.is_currency else 0.0
    variance = base.volatility**2 + profit.volatility**2 - 2 * shared * base.volatility * profit.volatility
    return sqrt(variance)
