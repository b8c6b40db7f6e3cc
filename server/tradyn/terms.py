"""On what terms symbols trade, for people: a table of groups, and the whole specification of one symbol.

Values are called and written as in the catalogue's files.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from tradyn.broker.calendar import weekday_multiplier
from tradyn.broker.instruments import (
    WEEK,
    CommissionMode,
    ExpirationMode,
    Holiday,
    Instrument,
    OrderKind,
    SwapMode,
)
from tradyn.catalogue import CatalogueError, Listing, did_you_mean

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["deviations", "group_table", "specification"]

_ALL_DAY: Final = ((0, 24 * 60),)
_NO_GROUP: Final = "(none)"
_MOST_NAMED: Final = 6


# ---------------------------------------------------------------------- the groups


def group_table(listings: Mapping[str, Listing]) -> Table:
    """A row for each group with the terms that most of its symbols have."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    # Days and money may be broken into lines; then all fits into 80 columns.
    for heading in ("Group", "Hours (UTC)", "Holidays", "Stops/\nfreeze", "Swap", "Commis-\nsion"):
        table.add_column(heading, no_wrap=heading not in ("Holidays", "Commis-\nsion"), overflow="fold")
    for group, members in _groups(listings).items():
        deviating = len(_deviating(members))
        table.add_row(
            f"{group}\n{len(members)} symbols" + (f"\n{deviating} deviate" if deviating else ""),
            *(_usual(members, term) for term in (_hours, _holidays, _levels)),
            _swaps(members),
            _usual(members, _commission),
        )
    return table


def deviations(listings: Mapping[str, Listing]) -> list[str]:
    """For each group in which symbols deviate from its row: how many, which, and in what."""
    lines = []
    for group, members in _groups(listings).items():
        found = _deviating(members)
        if found:
            named = [f"{symbol} ({', '.join(terms)})" for symbol, terms in found.items()]
            if len(named) > _MOST_NAMED:
                named = [*named[: _MOST_NAMED - 1], f"and {len(named) - _MOST_NAMED + 1} more"]
            lines.append(f"{group}: {len(found)} of {len(members)} deviate: {', '.join(named)}")
    return lines


def _groups(listings: Mapping[str, Listing]) -> dict[str, list[Instrument]]:
    groups: dict[str, list[Instrument]] = {}
    for each in listings.values():
        groups.setdefault(each.group or _NO_GROUP, []).append(each.instrument)
    return groups


def _deviating(members: Sequence[Instrument]) -> dict[str, list[str]]:
    """The symbols that differ from most of their group, with the terms in which they do."""
    usual = {name: _usual(members, term) for name, term in _TERMS.items()}
    found = {
        each.symbol: [name for name, term in _TERMS.items() if term(each) != usual[name]] for each in members
    }
    return {symbol: terms for symbol, terms in found.items() if terms}


def _usual(members: Iterable[Instrument], term: Callable[[Instrument], str]) -> str:
    return Counter(map(term, members)).most_common(1)[0][0]


def _hours(instrument: Instrument) -> str:
    if all(each == _ALL_DAY for each in instrument.week):
        return "always open"
    lines = []
    for days, sessions in _same_days(instrument):
        if sessions:
            names = "-".join(day[:3].capitalize() for day in days)
            # One below the other, under the name of the first.
            lines += [f"{'' if place else names:<7} {_span(*each)}" for place, each in enumerate(sessions)]
    return "\n".join(lines) or "never open"


def _holidays(instrument: Instrument) -> str:
    yearly = [_holiday(each) for each in instrument.holidays if each.year is None]
    dated = [_holiday(each) for each in instrument.holidays if each.year is not None]
    # Other days of other years would fill the table; the specification has them all.
    return ", ".join([*yearly, f"{len(dated)} dated"] if dated else yearly) or "none"


def _levels(instrument: Instrument) -> str:
    return f"{instrument.stops_level}/{instrument.freeze_level}"


def _swap_mode(instrument: Instrument) -> str:
    mode = instrument.swap_mode.value
    if instrument.swap_mode is SwapMode.DISABLED:
        return mode
    multipliers = [weekday_multiplier(instrument, each) for each in range(len(WEEK))]
    several = [f"{WEEK[day][:3]} ×{_number(each)}" for day, each in enumerate(multipliers) if each > 1]
    return f"{mode}\n{', '.join(several) or 'each day ×1'}"


def _swaps(members: Sequence[Instrument]) -> str:
    mode = _usual(members, _swap_mode)
    alike = [each for each in members if _swap_mode(each) == mode]
    if alike[0].swap_mode is SwapMode.DISABLED:
        return mode
    longs, shorts = [each.swap_long for each in alike], [each.swap_short for each in alike]
    return f"{mode}\nlong {_range(longs)}\nshort {_range(shorts)}"


def _range(values: Sequence[Decimal]) -> str:
    least, most = min(values), max(values)
    return _number(least) if least == most else f"{_number(least)}…{_number(most)}"


def _commission(instrument: Instrument) -> str:
    amount = _number(instrument.commission)
    match instrument.commission_mode:
        case CommissionMode.DISABLED:
            return "none"
        case CommissionMode.MONEY:
            return f"{amount} {instrument.commission_currency or 'of the account'} a lot"
        case CommissionMode.PERCENT:
            return f"{amount} % of the deal"


# What a symbol can deviate in. Every symbol has its own swaps, so there only the mode and the days count.
_TERMS: Final[dict[str, Callable[[Instrument], str]]] = {
    "hours": _hours,
    "holidays": lambda each: ", ".join(map(_holiday, each.holidays)),
    "levels": _levels,
    "swap": _swap_mode,
    "commission": _commission,
}


# ---------------------------------------------------------------------- one symbol


def specification(listings: Mapping[str, Listing], symbol: str) -> str:
    """A symbol's table as a catalogue would have it if nothing were left to groups and defaults.

    Raises:
        CatalogueError: there is no such symbol.
    """
    if symbol not in listings:
        raise CatalogueError(
            f"There is no symbol {symbol}{did_you_mean(symbol, listings)}; there are {', '.join(listings)}"
        )
    listing = listings[symbol]
    # The name of a symbol may have dots, which a key may not.
    bare = symbol.replace("_", "").replace("-", "").isalnum()
    lines = [f"[symbol.{symbol if bare else json.dumps(symbol)}]"]
    if listing.group:
        lines.append(f"group = {json.dumps(listing.group, ensure_ascii=False)}")
    fields = _fields(listing.instrument)
    lines += [f"{name} = {_toml(value)}" for name, value in fields.items()]
    lines.append(
        f"# a synthetic market starts at {listing.price:f}; volatility {listing.volatility:.4g} a year"
    )
    return "\n".join(lines)


def _fields(instrument: Instrument) -> dict[str, Any]:
    step = instrument.volume_step
    return {
        "description": instrument.description,
        "currency_base": instrument.currency_base,
        "currency_profit": instrument.currency_profit,
        "currency_margin": instrument.currency_margin,
        "digits": instrument.digits,
        "contract_size": instrument.contract_size,
        "calc_mode": instrument.calc_mode.value,
        "trade_mode": instrument.trade_mode.value,
        "order_kinds": [each.value for each in OrderKind if each in instrument.order_kinds],
        "expiration_modes": [each.value for each in ExpirationMode if each in instrument.expiration_modes],
        "volume_min": instrument.volume_min * step,
        "volume_max": instrument.volume_max * step,
        "volume_step": step,
        "volume_limit": instrument.volume_limit * step,
        "spread": instrument.spread,
        "stops_level": instrument.stops_level,
        "freeze_level": instrument.freeze_level,
        "margin_initial": instrument.margin_initial,
        "margin_hedged": instrument.margin_hedged,
        "margin_rate_buy": instrument.margin_rate_buy,
        "margin_rate_sell": instrument.margin_rate_sell,
        "swap_mode": instrument.swap_mode.value,
        "swap_long": instrument.swap_long,
        "swap_short": instrument.swap_short,
        "swap_rollover3days": instrument.swap_rollover3days,
        "swap_multipliers": [weekday_multiplier(instrument, each) for each in range(len(WEEK))],
        "commission_mode": instrument.commission_mode.value,
        "commission": instrument.commission,
        "commission_currency": instrument.commission_currency,
        "sessions": [
            f"{'-'.join(days)} {_span(*each)}"
            for days, sessions in _same_days(instrument)
            for each in sessions
        ],
        "holidays": [_holiday(each) for each in instrument.holidays],
    }


def _toml(value: Any) -> str:
    match value:
        case str():
            # A basic string of TOML is written as one of JSON.
            return json.dumps(value, ensure_ascii=False)
        case Decimal():
            return _number(value)
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            return str(value)


# ---------------------------------------------------------------------- as the catalogue writes it


def _same_days(instrument: Instrument) -> list[tuple[tuple[str, ...], tuple[tuple[int, int], ...]]]:
    """Runs of days with the same sessions: the first and last of them, if several, and the sessions."""
    runs: list[tuple[tuple[str, ...], tuple[tuple[int, int], ...]]] = []
    for sessions, days in groupby(range(len(WEEK)), key=lambda day: instrument.week[day]):
        run = [WEEK[day] for day in days]
        runs.append(((run[0], run[-1]) if len(run) > 1 else (run[0],), sessions))
    return runs


def _span(opened: int, closed: int) -> str:
    return f"{_clock(opened)}-{_clock(closed)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _holiday(holiday: Holiday) -> str:
    year = "" if holiday.year is None else f"{holiday.year:04d}-"
    hours = f" {_span(holiday.open, holiday.close)}" if holiday.open < holiday.close else ""
    return f"{year}{holiday.month:02d}-{holiday.day:02d}{hours}"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
