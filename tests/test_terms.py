"""`tradyn profiles NAME` tells the terms of the symbols, `--symbol` all of one as the catalogue writes it."""

from __future__ import annotations

import dataclasses
import re
from decimal import Decimal
from pathlib import Path

import pytest

from serving import refusal, tradyn
from tradyn.broker.calendar import weekday_multiplier
from tradyn.broker.instruments import Instrument
from tradyn.catalogue import CatalogueError, Layer, Listing, load_catalogue
from tradyn.profiles import load_profile
from tradyn.terms import deviations, specification

MT5 = load_catalogue(None, load_profile("mt5").layers)
GROUPS = ("forex", "metals", "indices", "energies", "crypto", "shares")


def laid(tables: dict[str, object]) -> dict[str, Listing]:
    return load_catalogue(None, [*load_profile("mt5").layers, Layer("mine.toml", tables)])


def comparable(instrument: Instrument) -> Instrument:
    """With its multipliers written out, however they were given."""
    multipliers = tuple(weekday_multiplier(instrument, day) for day in range(7))
    return dataclasses.replace(instrument, swap_multipliers=multipliers)


@pytest.mark.parametrize("symbol", MT5)
def test_a_specification_is_a_table_that_makes_the_same_symbol(tmp_path: Path, symbol: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(specification(MT5, symbol), "utf-8")
    # Over the shipped catalogue, so that everything that mt5 changes must be in it.
    assert comparable(load_catalogue(path)[symbol].instrument) == comparable(MT5[symbol].instrument)


def test_names_that_toml_must_quote(tmp_path: Path) -> None:
    table = {
        "group": "forex",
        "description": 'A "pro" symbol',
        "currency_base": "EUR",
        "currency_profit": "USD",
    }
    listings = laid(
        {"symbol": {"EURUSD.pro": {**table, "calc_mode": "cfd", "price": 1, "volatility": 1, "spread": 1}}}
    )
    path = tmp_path / "mine.toml"
    # Where a synthetic market starts is a comment, because of a cross it may not be given.
    text = specification(listings, "EURUSD.pro")
    path.write_text(f"{text}\nprice = 1\nvolatility = 1\n", "utf-8")
    made = load_catalogue(path)["EURUSD.pro"].instrument
    assert comparable(made) == comparable(listings["EURUSD.pro"].instrument)


def test_a_symbol_that_is_not_there() -> None:
    with pytest.raises(
        CatalogueError, match=r"^There is no symbol EURUSX \(did you mean EURUSD\?\); there are EUR"
    ):
        specification(MT5, "EURUSX")


def test_deviations_are_what_differs_from_most_of_the_group() -> None:
    assert "energies: 1 of 3 deviate: XBRUSD (hours)" in deviations(MT5)
    assert not [line for line in deviations(MT5) if line.startswith(("forex", "crypto", "shares"))]
    assert deviations(load_catalogue()) == []
    changed = laid(
        {
            "symbol": {
                "EURUSD": {"commission": Decimal(1), "stops_level": 11, "swap_long": Decimal(-1)},
                "GBPUSD": {"holidays": ["12-25"], "swap_rollover3days": "friday"},
                "USDJPY": {"swap_long": Decimal(-1), "spread": 7},
            }
        }
    )
    assert deviations(changed)[0] == (
        "forex: 2 of 38 deviate: EURUSD (levels, commission), GBPUSD (holidays, swap)"
    )


def test_the_command_shows_the_terms_of_every_group(tmp_path: Path) -> None:
    shown = tradyn("profiles", "mt5", cwd=tmp_path).stdout
    assert "The terms of the 61 symbols" in shown
    for group in GROUPS:
        assert re.search(rf"^{group} ", shown, re.MULTILINE), group
    forex = shown[shown.index("\nforex ") : shown.index("\nmetals ")]
    for term in ("Sun     22:00-24:00", "12-25, 01-01", "10/5", "points", "wed ×3", "3.5 USD", "38 symbols"):
        assert term in forex, term
    indices = shown[shown.index("\nindices ") : shown.index("\nenergies ")]
    for term in ("7 dated", "100/50", "interest_current", "long -6", "short 1", "4 deviate", "none"):
        assert term in indices, term
    assert "always open" in shown[shown.index("\ncrypto ") : shown.index("\nshares ")]
    assert "\nindices: 4 of 9 deviate: DE40 (hours), " in shown


def test_the_command_shows_a_symbol(tmp_path: Path) -> None:
    shown = tradyn("profiles", "mt5", "--symbol", "EURUSD", cwd=tmp_path).stdout
    assert shown == specification(MT5, "EURUSD") + "\n"
    for line in ("[symbol.EURUSD]", 'group = "forex"', "swap_long = -6.8", "contract_size = 100000"):
        assert f"{line}\n" in shown
    told = refusal("profiles", "mt5", "--symbol", "EURUSX", cwd=tmp_path)
    assert told.startswith("tradyn: There is no symbol EURUSX (did you mean EURUSD?)")
    assert "tradyn profiles mt5 --symbol EURUSD" in refusal("profiles", "--symbol", "EURUSD", cwd=tmp_path)
