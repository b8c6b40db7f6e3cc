"""Symbols made of a catalogue's tables, with prices for a synthetic market.

Always holds: the price and volatility of a cross follow from its two currencies' pairs with USD, so no cross
can contradict its majors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files
from math import sqrt
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn

from tradyn.broker.instruments import CalcMode, CommissionMode, Instrument, SwapMode
from tradyn.broker.money import ACCOUNT_CURRENCIES
from tradyn.catalogue.fields import CHECKS, OPTIONAL, CatalogueError, Entry, did_you_mean, fail, show
from tradyn.catalogue.tables import Layer, Source, check_groups, fields_of, lay, parse_toml, read_toml

__all__ = ["DOLLAR_SHARE", "Listing", "load_catalogue"]

#: The part of a currency's variance against USD that is the dollar's own, hence common to all of them.
DOLLAR_SHARE: Final = 0.5

_SHIPPED: Final = "instruments.toml"
_PIVOT: Final = "USD"
_MOST_POINTS: Final = 10**12
_MOST_PERCENT: Final = 100


@dataclass(frozen=True, slots=True)
class Listing:
    """A symbol and where a synthetic market of it starts.

    Attributes:
        price: the mid price at the start.
        volatility: standard deviation of a year's log return.
        group: the one whose table it takes fields from; empty if it is in none.
    """

    instrument: Instrument
    price: Decimal
    volatility: float
    group: str = ""


class _Draft(NamedTuple):
    """A valid symbol that may still lack the price and volatility of a cross."""

    instrument: Instrument
    price: Decimal | None
    volatility: Decimal | None
    enabled: bool
    group: str
    entries: Mapping[str, Entry]


def load_catalogue(override: Path | None = None, layers: Iterable[Layer] = ()) -> dict[str, Listing]:
    """The shipped symbols in their order, with other files laid over them; new ones come last.

    Args:
        override: a user's file, which lies over all others.
        layers: files between the shipped one and the user's, the later over the earlier.

    Raises:
        CatalogueError: the user's file cannot be read, or something in it is wrong.
    """
    shipped = (files("tradyn") / "data" / _SHIPPED).read_text("utf-8")
    stack = [Layer(_SHIPPED, parse_toml(_SHIPPED, shipped)), *layers]
    if override is not None:
        stack.append(Layer(str(override), read_toml(override)))
    source = Source({}, {}, {})
    for layer in stack:
        lay(source, layer)
    fields = {symbol: fields_of(source, own) for symbol, own in source.symbols.items()}
    for symbol, entries in fields.items():
        _check_whole(symbol, entries, stack)
    # A shipped group may have been emptied by a user, who has all its symbols in others.
    check_groups(source, stack[1:])
    drafts = {symbol: _draft(symbol, entries) for symbol, entries in fields.items()}
    levels = _levels(drafts.values())
    listings = {
        symbol: _listing(draft, levels.get(symbol)) for symbol, draft in drafts.items() if draft.enabled
    }
    if not listings:
        raise CatalogueError(f"{stack[-1].file}: no symbol is left; at least one must be enabled")
    _check_commission_currencies(drafts, listings)
    return listings


def _draft(symbol: str, entries: dict[str, Entry]) -> _Draft:
    values = {name: CHECKS[name](entry, name) for name, entry in entries.items()}
    price, volatility = values.pop("price", None), values.pop("volatility", None)
    enabled = values.pop("enabled", True)
    group = values.pop("group", "")
    is_forex = values["calc_mode"].is_forex
    values.setdefault("currency_margin", values["currency_base" if is_forex else "currency_profit"])
    values.setdefault("margin_hedged", values["contract_size"])
    if is_forex and values["currency_base"] == values["currency_profit"]:
        fail(entries["currency_base"], "currency_base", "another currency than currency_profit in forex")
    _check_futures(entries, values)
    _check_volumes(entries, values)
    _check_percentages(entries, values)
    if price is not None and price.scaleb(values["digits"]) > _MOST_POINTS:
        fail(entries["price"], "price", f"at most {_MOST_POINTS} points, so lower it or digits")
    return _Draft(Instrument(symbol=symbol, **values), price, volatility, enabled, group, entries)


def _check_whole(symbol: str, entries: Mapping[str, Entry], stack: Sequence[Layer]) -> None:
    missing = [name for name in CHECKS if name not in entries and name not in OPTIONAL]
    if not missing:
        return
    # What has a group or a description is meant to be new; the rest may be meant for another symbol.
    own = [name for name, each in entries.items() if each.table == f"symbol.{symbol}"]
    if "group" in own or "description" in own:
        _fail_missing(symbol, entries, missing[0])
    file = next(each.file for each in reversed(stack) if symbol in each.tables.get("symbol", {}))
    others = {name: None for each in stack for name in each.tables.get("symbol", {}) if name != symbol}
    raise CatalogueError(
        f"{file}: there is no symbol {symbol}{did_you_mean(symbol, others)}; a new one needs "
        f"{', '.join(missing)}, or a group that has them"
    )


def _fail_missing(symbol: str, entries: Mapping[str, Entry], field: str) -> NoReturn:
    file = next((each.file for each in entries.values() if each.table == f"symbol.{symbol}"), _SHIPPED)
    raise CatalogueError(
        f"{file}: [symbol.{symbol}] has no {field}; it must be given there, in its group or in [common]"
    )


def _check_futures(entries: Mapping[str, Entry], values: Mapping[str, Any]) -> None:
    if values["calc_mode"] is CalcMode.FUTURES and not values["margin_initial"]:
        fail(entries["margin_initial"], "margin_initial", "a number above 0 in futures")


def _check_volumes(entries: Mapping[str, Entry], values: dict[str, Any]) -> None:
    """Lots to steps: a minimum, maximum and limit must be multiples of the step."""
    step = values["volume_step"]
    for name in ("volume_min", "volume_max", "volume_limit"):
        steps, rest = divmod(values[name], step)
        if rest:
            fail(entries[name], name, f"a multiple of volume_step, {show(step)}")
        values[name] = int(steps)
    if values["volume_max"] < values["volume_min"]:
        fail(entries["volume_max"], "volume_max", f"at least volume_min, {show(entries['volume_min'].value)}")


def _check_percentages(entries: Mapping[str, Entry], values: Mapping[str, Any]) -> None:
    """More than a hundred percent is points or money by mistake."""
    if values["swap_mode"] in (SwapMode.INTEREST_CURRENT, SwapMode.INTEREST_OPEN):
        for name in ("swap_long", "swap_short"):
            if abs(values[name]) > _MOST_PERCENT:
                mode = values["swap_mode"]
                fail(entries[name], name, f"a percentage from -{_MOST_PERCENT} to {_MOST_PERCENT} in {mode}")
    is_percent = values.get("commission_mode") is CommissionMode.PERCENT
    if is_percent and values.get("commission", 0) > _MOST_PERCENT:
        fail(entries["commission"], "commission", f"a percentage from 0 to {_MOST_PERCENT}")


def _check_commission_currencies(drafts: Mapping[str, _Draft], listings: Mapping[str, Listing]) -> None:
    """Commission is converted to the account's currency, so symbols must lead from the one to the other."""
    known = {*ACCOUNT_CURRENCIES}
    for listing in listings.values():
        known |= {listing.instrument.currency_base, listing.instrument.currency_profit}
    for symbol in listings:
        currency = drafts[symbol].instrument.commission_currency
        if currency and currency not in known:
            entry = drafts[symbol].entries["commission_currency"]
            fail(entry, "commission_currency", "a currency of the catalogue, such as USD, or empty")


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
                fail(
                    draft.entries[name],
                    name,
                    f"left out, because it follows from {base} and {profit} against {_PIVOT}",
                )
        price, volatility = _cross_price(instrument, *levels), _cross_volatility(*levels)
        return Listing(instrument, price, volatility, draft.group)
    if draft.price is None or draft.volatility is None:
        _fail_missing(instrument.symbol, draft.entries, "price" if draft.price is None else "volatility")
    return Listing(instrument, draft.price, float(draft.volatility), draft.group)


def _cross_price(instrument: Instrument, base: _Level, profit: _Level) -> Decimal:
    return max((base.price / profit.price).quantize(instrument.point, ROUND_HALF_UP), instrument.point)


def _cross_volatility(base: _Level, profit: _Level) -> float:
    shared = DOLLAR_SHARE if base.is_currency and profit.is_currency else 0.0
    variance = base.volatility**2 + profit.volatility**2 - 2 * shared * base.volatility * profit.volatility
    return sqrt(variance)
