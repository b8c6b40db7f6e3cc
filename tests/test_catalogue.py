"""The shipped catalogue is complete, consistent and tradable; a user's is laid over it or refused clearly."""

# ruff: noqa: E501 - sentences stay in one piece, so that they can be read and searched for

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tradyn.broker.accounts import Account
from tradyn.broker.instruments import (
    CalcMode,
    CommissionMode,
    ExpirationMode,
    Holiday,
    OrderKind,
    Session,
    SwapMode,
    TradeMode,
)
from tradyn.broker.margin import margin_path, required_margin
from tradyn.broker.market import Market, Quote
from tradyn.broker.money import ACCOUNT_CURRENCIES
from tradyn.broker.orders import Side
from tradyn.catalogue import CatalogueError, Layer, load_catalogue

SHIPPED = load_catalogue()
PLN_CROSS = """
[symbol.GBPPLN]
group = "forex"
description = "Pound Sterling vs Polish Zloty"
currency_base = "GBP"
currency_profit = "PLN"
spread = 300
"""


def shipped_market() -> Market:
    market = Market({symbol: each.instrument for symbol, each in SHIPPED.items()})
    for symbol, each in SHIPPED.items():
        points = int(each.price.scaleb(each.instrument.digits))
        market.quotes[symbol] = Quote(symbol, points, points + each.instrument.spread, 0)
    return market


def load(tmp_path: Path, text: str) -> dict[str, object]:
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    return dict(load_catalogue(path))


def sentence(tmp_path: Path, text: str) -> str:
    with pytest.raises(CatalogueError) as failure:
        load(tmp_path, text)
    return str(failure.value).removeprefix(f"{tmp_path}/")


def test_eurusd_is_as_at_a_common_broker() -> None:
    eurusd = SHIPPED["EURUSD"]
    instrument = eurusd.instrument
    assert next(iter(SHIPPED)) == "EURUSD"
    assert (eurusd.price, eurusd.volatility) == (Decimal("1.0875"), 0.07)
    assert (instrument.digits, instrument.spread) == (5, 10)
    assert instrument.contract_size == 100_000
    assert (instrument.volume_min, instrument.volume_max, instrument.volume_limit) == (1, 10_000, 0)
    assert instrument.volume_step == Decimal("0.01")
    assert (instrument.stops_level, instrument.freeze_level) == (0, 0)
    assert instrument.margin_hedged == instrument.contract_size
    assert {instrument.margin_rate_buy, instrument.margin_rate_sell} == {Decimal(1)}
    assert (instrument.calc_mode, instrument.trade_mode) == (CalcMode.FOREX, TradeMode.FULL)
    assert instrument.swap_mode is SwapMode.DISABLED
    assert {instrument.swap_long, instrument.swap_short} == {Decimal(0)}
    assert instrument.sessions[0] == Session("sunday", 0, 24 * 60)
    assert len(instrument.sessions) == 7


def test_it_has_all_kinds_of_symbols() -> None:
    assert len(SHIPPED) >= 40
    assert {"EURUSD", "EURJPY", "USDMXN", "XAUUSD", "DE40", "XBRUSD", "BTCUSD", "AAPL"} <= set(SHIPPED)


@pytest.mark.parametrize("symbol", SHIPPED)
def test_crosses_agree_with_their_majors(symbol: str) -> None:
    listing = SHIPPED[symbol]
    base, profit = listing.instrument.currency_base, listing.instrument.currency_profit
    if base == profit:
        return

    def in_dollars(currency: str) -> Decimal:
        if currency == "USD":
            return Decimal(1)
        if f"{currency}USD" in SHIPPED:
            return SHIPPED[f"{currency}USD"].price
        return 1 / SHIPPED[f"USD{currency}"].price

    assert abs(listing.price - in_dollars(base) / in_dollars(profit)) <= listing.instrument.point


@pytest.mark.parametrize("currency", ACCOUNT_CURRENCIES)
def test_every_currency_converts_to_every_account(currency: str) -> None:
    market = shipped_market()
    for each in SHIPPED.values():
        for source in (each.instrument.currency_profit, each.instrument.currency_margin):
            assert market.path(source, currency) is not None, (each.instrument.symbol, source)


@pytest.mark.parametrize("symbol", SHIPPED)
def test_ten_thousand_dollars_buy_a_tenth_of_a_lot(symbol: str) -> None:
    market, instrument = shipped_market(), SHIPPED[symbol].instrument
    account = Account(login=1, currency="USD", leverage=100)
    ask = market.quotes[symbol].ask
    path = margin_path(market, instrument, account, Side.BUY, ask)
    assert path is not None
    volume = int(Decimal("0.1") / instrument.volume_step)
    assert 0 < required_margin(instrument, account, Side.BUY, volume, ask, market.rate_of(path)) < 1_000_000


def test_a_table_changes_only_what_it_names(tmp_path: Path) -> None:
    laid = load(tmp_path, "[symbol.EURUSD]\nspread = 2\n[group.shares]\nvolume_max = 7\n")
    assert list(laid) == list(SHIPPED)
    changed = {symbol for symbol in SHIPPED if laid[symbol] != SHIPPED[symbol]}
    shares = {symbol for symbol, each in SHIPPED.items() if each.instrument.calc_mode is CalcMode.CFD}
    assert changed == {"EURUSD"} | shares


def test_common_fields_reach_every_symbol(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[common]\nstops_level = 30\nswap_mode = 'points'\n")
    assert {each.instrument.stops_level for each in load_catalogue(path).values()} == {30}


def test_crosses_follow_a_changed_major(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[symbol.EURUSD]\nprice = 2\n" + PLN_CROSS)
    laid = load_catalogue(path)
    assert list(laid)[-1] == "GBPPLN"
    assert laid["GBPPLN"].price == Decimal("5.02128")
    assert laid["EURJPY"].price == Decimal("303.000")


def test_symbols_and_groups_can_be_removed(tmp_path: Path) -> None:
    laid = load(tmp_path, "[symbol.GBPUSD]\nenabled = false\n[group.crypto]\nenabled = false\n")
    assert set(SHIPPED) - set(laid) == {"GBPUSD", "BTCUSD", "ETHUSD"}
    # The price of a cross does not need its major to be traded.
    assert laid["EURGBP"] == SHIPPED["EURGBP"]


def test_sessions(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        '[symbol.AAPL]\nsessions = ["friday-monday 22:00-24:00", "monday 09:00-12:30"]\n', "utf-8"
    )
    assert load_catalogue(path)["AAPL"].instrument.sessions == (
        Session("sunday", 1320, 1440),
        Session("monday", 540, 750),
        Session("monday", 1320, 1440),
        Session("friday", 1320, 1440),
        Session("saturday", 1320, 1440),
    )


def test_the_brokers_further_rules(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        """
        [symbol.AAPL]
        holidays = ["12-25", "2026-04-03", "2026-12-24 14:30-18:00", "02-29"]
        swap_multipliers = { sunday = 0, monday = 1, tuesday = 1, wednesday = 1, thursday = 1, friday = 2.5, saturday = 0 }
        commission_mode = "percent"
        commission = 0.05
        order_kinds = ["market", "sl", "market"]
        expiration_modes = ["gtc"]
        [symbol.MSFT]
        swap_mode = "interest_open"
        swap_long = -100
        swap_short = 1.25
        swap_multipliers = [1, 1, 1, 1, 1, 1, 1]
        commission_mode = "money"
        commission = 3
        commission_currency = "EUR"
        """,
        "utf-8",
    )
    listings = load_catalogue(path)
    apple, microsoft = listings["AAPL"].instrument, listings["MSFT"].instrument
    assert apple.holidays == (
        Holiday(12, 25),
        Holiday(4, 3, 2026),
        Holiday(12, 24, 2026, 870, 1080),
        Holiday(2, 29),
    )
    assert apple.swap_multipliers == tuple(map(Decimal, ("0", "1", "1", "1", "1", "2.5", "0")))
    assert (apple.commission_mode, apple.commission) == (CommissionMode.PERCENT, Decimal("0.05"))
    assert apple.commission_currency == ""
    assert apple.order_kinds == {OrderKind.MARKET, OrderKind.SL}
    assert apple.expiration_modes == {ExpirationMode.GTC}
    assert microsoft.swap_mode is SwapMode.INTEREST_OPEN
    assert (microsoft.swap_long, microsoft.swap_short) == (Decimal(-100), Decimal("1.25"))
    assert microsoft.swap_multipliers == (Decimal(1),) * 7
    assert (microsoft.commission_mode, microsoft.commission_currency) == (CommissionMode.MONEY, "EUR")


def test_what_is_left_out_of_the_further_rules_restricts_nothing() -> None:
    for each in SHIPPED.values():
        instrument = each.instrument
        assert (instrument.holidays, instrument.swap_multipliers) == ((), ())
        assert (instrument.commission_mode, instrument.commission) == (CommissionMode.DISABLED, Decimal(0))
        assert instrument.order_kinds == set(OrderKind)
        assert instrument.expiration_modes == set(ExpirationMode)
        assert instrument.always_open


def test_layers_lie_between_the_shipped_file_and_the_users(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[symbol.EURUSD]\nspread = 3\n")
    layers = [
        Layer("one", {"symbol": {"EURUSD": {"spread": 1, "stops_level": 1}}, "common": {"freeze_level": 1}}),
        Layer("two", {"symbol": {"EURUSD": {"spread": 2, "stops_level": 2}}}),
    ]
    instrument = load_catalogue(path, layers)["EURUSD"].instrument
    assert (instrument.spread, instrument.stops_level, instrument.freeze_level) == (3, 2, 1)


HOLIDAYS = 'it must be a list such as ["12-25", "2026-04-03", "2026-12-24 00:00-18:00"]'
MULTIPLIERS = (
    "it must be 7 numbers from sunday on, or a table of all 7 days such as { sunday = 0, monday = 1, … }"
)
KINDS = "it must be a list of one or more of market, limit, stop, stop_limit, sl, tp, close_by"
NEW = (
    "a new one needs description, currency_base, currency_profit, digits, contract_size, calc_mode, "
    "or a group that has them"
)
INTEREST = "[symbol.AAPL]\nswap_mode = 'interest_current'\n"

FAILURES = [
    ("[symbol.EURUSD\n", "not valid TOML: Expected ']' at the end of a table declaration (at line 1, column 15)"),
    ("[symbols.A]\n", "there is no table [symbols]; a catalogue has [common], [group.NAME] and [symbol.NAME] tables"),
    ("symbol = 3\n", "symbol is 3; it must be a table, such as [symbol.EURUSD]"),
    ("[symbol]\nEURUSD = 1.5\n", "symbol.EURUSD is 1.5; it must be a table, such as [symbol.EURUSD]"),
    ('[symbol."A B"]\n', '[symbol."A B"] is not a symbol name; it must be 1 to 32 letters, digits or . _ # -'),
    ("[symbol.EURUSD]\ndigits = 9\n", "[symbol.EURUSD] digits is 9; it must be a whole number from 0 to 8"),
    ("[symbol.EURUSD]\ndigits = 5.0\n", "[symbol.EURUSD] digits is 5.0; it must be a whole number from 0 to 8"),
    ("[symbol.EURUSD]\ndigits = true\n", "[symbol.EURUSD] digits is true; it must be a whole number from 0 to 8"),
    ("[symbol.EURUSD]\nspread = -1\n", "[symbol.EURUSD] spread is -1; it must be a whole number from 0 to 1000000"),
    ("[symbol.EURUSD]\nprice = 0\n", "[symbol.EURUSD] price is 0; it must be a number above 0"),
    ("[symbol.EURUSD]\nprice = nan\n", "[symbol.EURUSD] price is NaN; it must be a number above 0"),
    ("[symbol.EURUSD]\nprice = '1'\n", '[symbol.EURUSD] price is "1"; it must be a number above 0'),
    (
        "[symbol.BTCUSD]\nprice = 1e11\n",
        "[symbol.BTCUSD] price is 100000000000; it must be at most 1000000000000 points, so lower it or digits",
    ),
    ("[common]\nvolatility = 6\n", "[common] volatility is 6; it must be a number above 0 and not above 5"),
    ("[symbol.EURUSD]\nvolume_min = 0.015\n", "[symbol.EURUSD] volume_min is 0.015; it must be a multiple of volume_step, 0.01"),
    ("[symbol.EURUSD]\nvolume_max = 0.001\n", "[symbol.EURUSD] volume_max is 0.001; it must be a multiple of volume_step, 0.01"),
    ("[symbol.EURUSD]\nvolume_min = 200\n", "instruments.toml: [common] volume_max is 100; it must be at least volume_min, 200"),
    ("[symbol.EURUSD]\nvolume_step = 0\n", "[symbol.EURUSD] volume_step is 0; it must be a number from 0.00000001"),
    ("[symbol.EURUSD]\ncurrency_base = 'eur'\n", '[symbol.EURUSD] currency_base is "eur"; it must be 3 to 5 capital letters'),
    ("[symbol.EURUSD]\ncurrency_base = 'USD'\n", '[symbol.EURUSD] currency_base is "USD"; it must be another currency than currency_profit in forex'),
    ("[symbol.EURUSD]\ncalc_mode = 'fx'\n", '[symbol.EURUSD] calc_mode is "fx"; it must be one of forex, forex_no_leverage, cfd, cfd_leverage, futures'),
    ("[symbol.AAPL]\ncalc_mode = 'futures'\n", "instruments.toml: [common] margin_initial is 0; it must be a number above 0 in futures"),
    ("[common]\ntrade_mode = 3\n", "[common] trade_mode is 3; it must be one of disabled, long_only, short_only, close_only, full"),
    ("[common]\nswap_rollover3days = 'wed'\n", '[common] swap_rollover3days is "wed"; it must be one of sunday, monday, tuesday, wednesday, thursday, friday, saturday'),
    ("[common]\nenabled = 'no'\n", '[common] enabled is "no"; it must be true or false'),
    ("[common]\nenabled = false\n", "no symbol is left; at least one must be enabled"),
    ("[common]\ndescription = ' '\n", '[common] description is " "; it must be text'),
    ("[common]\nsessions = 'always'\n", '[common] sessions is "always"; it must be a list such as ["monday-friday 09:00-17:30"]'),
    ("[common]\nsessions = ['monday 10:00-09:00']\n", '[common] sessions is "monday 10:00-09:00"; it must be a list such as ["monday-friday 09:00-17:30"]'),
    ("[common]\nsessions = ['monday 08:00-10:00', 'monday 09:00-11:00']\n", '[common] sessions: "monday 08:00-10:00" and "monday 09:00-11:00" overlap on monday; each must end before the next begins'),
    ("[common]\nsessions = ['wednesday-friday 08:00-10:00', 'monday-thursday 00:00-08:01']\n", '[common] sessions: "monday-thursday 00:00-08:01" and "wednesday-friday 08:00-10:00" overlap on wednesday; each must end before the next begins'),
    ("[group.fx]\nspread = 3\n", "[group.fx] is the group of no symbol (did you mean forex?); there are forex, metals, indices, energies, crypto, shares"),
    ("[group.exotics]\n", "[group.exotics] is the group of no symbol; there are forex, metals, indices, energies, crypto, shares"),
    ("[symbol.eurusd]\nspread = 3\n", f"there is no symbol eurusd (did you mean EURUSD?); {NEW}"),
    ("[symbol.EURUSX]\n", "there is no symbol EURUSX (did you mean EURUSD?); a new one needs description, currency_base, currency_profit, digits, contract_size, spread, calc_mode, or a group that has them"),
    ("[symbol.NEW]\ngroup = 'forex'\nspread = 3\n", "[symbol.NEW] has no description; it must be given there, in its group or in [common]"),
    ("[symbol.NEW]\ndescription = 'New'\nspread = 3\n", "[symbol.NEW] has no currency_base; it must be given there, in its group or in [common]"),
    ("[common]\nholidays = '12-25'\n", f'[common] holidays is "12-25"; {HOLIDAYS}'),
    ("[common]\nholidays = ['Christmas']\n", f'[common] holidays is "Christmas"; {HOLIDAYS}'),
    ("[common]\nholidays = [2026-12-25]\n", f"[common] holidays is 2026-12-25; {HOLIDAYS}"),
    ("[common]\nholidays = ['02-30']\n", '[common] holidays is "02-30"; it must be a day that the calendar has, such as 12-25 or 2026-04-03'),
    ("[common]\nholidays = ['2026-02-29']\n", '[common] holidays is "2026-02-29"; it must be a day that the calendar has, such as 12-25 or 2026-04-03'),
    ("[common]\nholidays = ['0000-01-01']\n", '[common] holidays is "0000-01-01"; it must be a day that the calendar has, such as 12-25 or 2026-04-03'),
    ("[common]\nholidays = ['12-24 18:00-18:00']\n", '[common] holidays is "12-24 18:00-18:00"; it must be with a session that ends after it begins, such as 2026-12-24 00:00-18:00'),
    ("[common]\nholidays = ['12-24 18:00-24:01']\n", '[common] holidays is "12-24 18:00-24:01"; it must be with a session that ends after it begins, such as 2026-12-24 00:00-18:00'),
    ("[common]\nholidays = ['12-24', '12-24 08:00-09:00']\n", '[common] holidays is "12-24 08:00-09:00"; it must be given once; it stands twice in the list'),
    ("[common]\nswap_multipliers = [1, 1, 1]\n", f"[common] swap_multipliers is a list; {MULTIPLIERS}"),
    ("[common]\nswap_multipliers = { friday = 3 }\n", f"[common] swap_multipliers is a table; {MULTIPLIERS}"),
    ("[common]\nswap_multipliers = [0, 1, 1, 3, 1, -1, 0]\n", "[common] swap_multipliers is -1; it must be a number not below 0"),
    ("[common]\nswap_multipliers = [0, 1, 1, '3', 1, 1, 0]\n", '[common] swap_multipliers is "3"; it must be a number not below 0'),
    ("[common]\nswap_mode = 'percent'\n", '[common] swap_mode is "percent"; it must be one of disabled, points, currency_symbol, currency_margin, currency_deposit, currency_profit, interest_current, interest_open'),
    (f"{INTEREST}swap_long = -100.1\n", "[symbol.AAPL] swap_long is -100.1; it must be a percentage from -100 to 100 in interest_current"),
    (f"{INTEREST}swap_short = 101\n", "[symbol.AAPL] swap_short is 101; it must be a percentage from -100 to 100 in interest_current"),
    ("[common]\ncommission_mode = 'lots'\n", '[common] commission_mode is "lots"; it must be one of disabled, money, percent'),
    ("[common]\ncommission = -3.5\n", "[common] commission is -3.5; it must be a number not below 0"),
    ("[common]\ncommission_mode = 'percent'\ncommission = 350\n", "[common] commission is 350; it must be a percentage from 0 to 100"),
    ("[common]\ncommission_currency = 'usd'\n", '[common] commission_currency is "usd"; it must be 3 to 5 capital letters, or empty for the account\'s currency'),
    ("[common]\ncommission_currency = 'HUF'\n", '[common] commission_currency is "HUF"; it must be a currency of the catalogue, such as USD, or empty'),
    ("[common]\norder_kinds = 'market'\n", f'[common] order_kinds is "market"; {KINDS}'),
    ("[common]\norder_kinds = []\n", f"[common] order_kinds is a list; {KINDS}"),
    ("[common]\norder_kinds = ['market', 'limits']\n", f'[common] order_kinds is "limits"; {KINDS}'),
    ("[common]\nexpiration_modes = ['day']\n", '[common] expiration_modes is "day"; it must be a list of one or more of gtc, specified'),
    ("[symbol.EURGBP]\nprice = 0.9\n", "[symbol.EURGBP] price is 0.9; it must be left out, because it follows from EUR and GBP against USD"),
    ("[symbol.NEW]\nspread = 3\n", f"there is no symbol NEW; {NEW}"),
    (PLN_CROSS.replace("PLN", "HUF"), "[symbol.GBPHUF] has no price; it must be given there, in its group or in [common]"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FAILURES)
def test_every_failure_is_one_clear_sentence(tmp_path: Path, text: str, expected: str) -> None:
    if not expected.startswith("instruments.toml"):
        expected = f"mine.toml: {expected}"
    assert sentence(tmp_path, text) == expected


def test_unknown_fields_and_groups_list_the_known_ones(tmp_path: Path) -> None:
    unknown = sentence(tmp_path, "[symbol.EURUSD]\ndigit = 5\n")
    assert unknown.startswith(
        "mine.toml: [symbol.EURUSD] has an unknown field digit (did you mean digits?); it may have group, enabled, description,"
    )
    group = sentence(tmp_path, "[symbol.EURUSD]\ngroup = 'fx'\n")
    assert group == (
        'mine.toml: [symbol.EURUSD] group is "fx"; it must be one of '
        "forex, metals, indices, energies, crypto, shares"
    )
    assert "unknown field group" in sentence(tmp_path, "[group.mine]\ngroup = 'forex'\n")


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    missing = tmp_path / "missing.toml"
    with pytest.raises(CatalogueError) as failure:
        load_catalogue(missing)
    assert str(failure.value) == (
        f"{missing}: the file cannot be read (No such file or directory); name a readable TOML file"
    )
    latin = tmp_path / "latin.toml"
    latin.write_bytes("# für mich\n".encode("latin-1"))
    with pytest.raises(CatalogueError) as failure:
        load_catalogue(latin)
    assert str(failure.value) == f"{latin}: the file is not UTF-8 text (byte 3); save it as UTF-8"
