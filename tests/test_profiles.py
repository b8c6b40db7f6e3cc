"""The shipped profiles are whole and plausible; one's own extends them or is refused clearly."""

# ruff: noqa: E501 - sentences stay in one piece, so that they can be read and searched for

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from in_process import terminal
from serving import tradyn
from tradyn.app import contract_path
from tradyn.broker.calendar import is_open, swap_multiplier
from tradyn.broker.instruments import CalcMode, CommissionMode, Instrument, OrderKind, SwapMode
from tradyn.broker.options import HedgedMargin, LimitFill, Options
from tradyn.catalogue import CatalogueError, load_catalogue
from tradyn.contract import load_document
from tradyn.profiles import SHIPPED, ProfileError, describe_options, load_profile
from tradyn.wire import read_time, symbol_json

OPTIONS = [each.name for each in dataclasses.fields(Options)]
CRYPTO = {"BTCUSD", "ETHUSD"}
MINE = 'description = "Mine"\n'


def symbols(profile: str) -> dict[str, Instrument]:
    layers = load_profile(profile).layers
    return {symbol: each.instrument for symbol, each in load_catalogue(None, layers).items()}


MT5 = symbols("mt5")
FOREX = {symbol: each for symbol, each in MT5.items() if each.calc_mode is CalcMode.FOREX}


def text_of(profile: str) -> str:
    return (files("tradyn") / "data" / "profiles" / f"{profile}.toml").read_text("utf-8")


def write(folder: Path, text: str, name: str = "mine.toml") -> str:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return str(path)


def at(instrument: Instrument, *times: str) -> list[bool]:
    return [is_open(instrument, read_time(f"{each}:00Z")) for each in times]


# ---------------------------------------------------------------------- options


def test_the_default_is_demo_and_its_options_are_the_brokers_defaults() -> None:
    assert SHIPPED[0] == "demo"
    assert load_profile("demo").options == Options()


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_has_one_sentence_and_stands_in_demo_with_a_comment(name: str) -> None:
    metadata = {each.name: each.metadata for each in dataclasses.fields(Options)}[name]
    assert re.fullmatch(r"[A-Z][^.]*[^.\s]\.", metadata["explanation"])
    assert re.search(rf"^# [^\n]+\n(#[^\n]*\n)*{name} = ", text_of("demo"), re.MULTILINE)


def test_mt5_has_the_options_of_a_common_broker() -> None:
    options = load_profile("mt5").options
    assert options.hedged_margin is HedgedMargin.COVERED
    assert options.limit_fill is LimitFill.BETTER
    assert options.negative_balance_compensation
    assert options.max_quote_age_s == 0


def test_explanations_tell_value_default_and_what_is_allowed() -> None:
    lines = {each.name: each for each in describe_options(load_profile("mt5"))}
    assert list(lines) == OPTIONS
    assert lines["limit_fill"][1:4] == ("better", "price", "one of price, better")
    assert lines["negative_balance_compensation"][1:4] == ("true", "false", "true or false")
    assert lines["max_orders"][1:4] == ("200", "500", "a whole number from 0 to 1000000")


# ---------------------------------------------------------------------- demo's symbols


def test_demo_is_the_shipped_catalogue_always_open_and_free() -> None:
    demo = symbols("demo")
    assert demo == {symbol: each.instrument for symbol, each in load_catalogue().items()}
    for each in demo.values():
        assert each.always_open
        assert each.swap_mode is SwapMode.DISABLED
        assert each.commission_mode is CommissionMode.DISABLED


# ---------------------------------------------------------------------- mt5's symbols


def test_mt5_has_the_same_symbols_with_the_same_meaning() -> None:
    shipped = load_catalogue()
    assert list(MT5) == list(shipped)
    for symbol, each in MT5.items():
        # So a data folder may go on under the other profile.
        assert each.meaning() == shipped[symbol].instrument.meaning()


@pytest.mark.parametrize("symbol", MT5)
def test_every_symbol_of_mt5_has_sessions_swaps_and_levels(symbol: str) -> None:
    each = MT5[symbol]
    assert each.always_open == (symbol in CRYPTO)
    assert all(each.week[day] for day in range(1, 6))
    assert each.swap_mode is not SwapMode.DISABLED
    assert each.swap_long < 0 or each.swap_short < 0
    # Whoever holds both sides pays: the broker keeps something.
    assert each.swap_long + each.swap_short < 0
    assert 0 < each.freeze_level < each.stops_level
    assert each.margin_hedged * 2 == each.contract_size
    assert each.order_kinds == set(OrderKind)


@pytest.mark.parametrize("symbol", MT5)
def test_a_week_is_charged_for_seven_days(symbol: str) -> None:
    first = (date(2026, 3, 1) - date(1970, 1, 1)).days
    week = [int(swap_multiplier(MT5[symbol], first + each)) for each in range(7)]
    if symbol in CRYPTO:
        assert week == [1] * 7
    elif symbol in FOREX or symbol.startswith("XA"):
        assert week == [0, 1, 1, 3, 1, 1, 0]
    else:
        assert week == [0, 1, 1, 1, 1, 3, 0]


def test_forex_swaps_follow_interest() -> None:
    eurusd, usdjpy = MT5["EURUSD"], MT5["USDJPY"]
    assert -9 < eurusd.swap_long < -5 and 1 < eurusd.swap_short < 5
    assert usdjpy.swap_long > 10 and usdjpy.swap_short < -15
    assert len({(each.swap_long, each.swap_short) for each in FOREX.values()}) == len(FOREX)


@pytest.mark.parametrize("symbol", FOREX)
def test_the_interest_behind_every_swap_is_the_one_that_the_file_names(symbol: str) -> None:
    """Half the difference of both sides is the differential, half their sum is what the broker keeps."""
    named = {
        currency: Decimal(interest)
        for currency, interest in re.findall(r"\b([A-Z]{3}) (\d+\.\d)\b", text_of("mt5"))
    }
    kept = [Decimal(each) for each in re.findall(r"kept (\d\.\d+)", text_of("mt5"))]
    each = FOREX[symbol]
    price = load_catalogue()[symbol].price
    percent = 36_000 * each.point / price
    differential = (each.swap_long - each.swap_short) / 2 * percent
    expected = named[each.currency_base] - named[each.currency_profit]
    # What rounding to hundredths of a point (tenths from 100 on) leaves of it.
    tolerance = Decimal("0.05") * percent
    assert abs(differential - expected) <= tolerance
    assert min(abs(-(each.swap_long + each.swap_short) / 2 * percent - every) for every in kept) <= tolerance


def test_commissions_of_mt5() -> None:
    for symbol, each in MT5.items():
        if symbol in FOREX or symbol in ("XAUUSD", "XAGUSD"):
            expected = (CommissionMode.MONEY, Decimal("3.5"), "USD")
        elif each.calc_mode is CalcMode.CFD:
            expected = (CommissionMode.PERCENT, Decimal("0.05"), "")
        else:
            expected = (CommissionMode.DISABLED, Decimal(0), "")
        assert (each.commission_mode, each.commission, each.commission_currency) == expected


def test_spreads_of_mt5_are_raw() -> None:
    demo = symbols("demo")
    assert all(0 < each.spread < demo[symbol].spread / 2 for symbol, each in FOREX.items())


def test_hours_of_mt5() -> None:
    # 2026-03-01 is a Sunday.
    forex = at(
        MT5["EURUSD"],
        "2026-03-01T21:59",
        "2026-03-01T22:00",
        "2026-03-03T21:30",
        "2026-03-06T21:59",
        "2026-03-06T22:00",
    )
    assert forex == [False, True, True, True, False]
    gold = at(
        MT5["XAUUSD"],
        "2026-03-01T22:00",
        "2026-03-03T20:59",
        "2026-03-03T21:00",
        "2026-03-03T22:00",
        "2026-03-06T21:00",
    )
    assert gold == [True, True, False, True, False]
    assert at(MT5["US500"], "2026-03-01T22:59", "2026-03-01T23:00", "2026-03-03T22:30") == [
        False,
        True,
        False,
    ]
    assert at(MT5["DE40"], "2026-03-02T00:00", "2026-03-02T00:15", "2026-03-02T21:00") == [False, True, False]
    assert at(MT5["AAPL"], "2026-03-02T14:29", "2026-03-02T14:30", "2026-03-02T21:00") == [False, True, False]
    assert at(MT5["BTCUSD"], "2026-03-07T12:00", "2026-12-25T12:00") == [True, True]


def easter(year: int) -> date:
    """Gauss's rule for the Gregorian calendar, in its form without exceptions (Butcher, 1876)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


@pytest.mark.parametrize("symbol", MT5)
def test_holidays_of_mt5(symbol: str) -> None:
    dated = [date(each.year, each.month, each.day) for each in MT5[symbol].holidays if each.year is not None]
    yearly = [(each.month, each.day) for each in MT5[symbol].holidays if each.year is None]
    assert yearly == ([] if symbol in CRYPTO else [(12, 25), (1, 1)])
    has_good_friday = MT5[symbol].currency_base == MT5[symbol].currency_profit
    expected = [easter(year).toordinal() - 2 for year in range(2024, 2031)] if has_good_friday else []
    assert [each.toordinal() for each in dated] == expected


# ---------------------------------------------------------------------- one's own


def test_ones_own_extends_a_shipped_one_and_changes_only_what_it_names(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        'description = "Cheap"\nextends = "mt5"\n[options]\nmax_orders = 7\n'
        "[group.forex]\ncommission = 2\n[symbol.EURUSD]\nspread = 1\n",
    )
    profile, below = load_profile(path), load_profile("mt5")
    assert (profile.name, profile.description, profile.extends) == (path, "Cheap", ("mt5",))
    assert profile.options == dataclasses.replace(below.options, max_orders=7)
    changed = symbols(path)
    assert changed["EURUSD"] == dataclasses.replace(MT5["EURUSD"], spread=1, commission=Decimal(2))
    assert changed["USDJPY"] == dataclasses.replace(MT5["USDJPY"], commission=Decimal(2))
    assert changed["AAPL"] == MT5["AAPL"]


def test_a_profile_that_extends_nothing_begins_at_the_defaults(tmp_path: Path) -> None:
    path = write(tmp_path, MINE + "[options]\nhedged_margin = 'larger_leg'\n")
    assert load_profile(path).options == Options(hedged_margin=HedgedMargin.LARGER_LEG)
    assert symbols(path) == symbols("demo")


def test_extends_is_looked_up_from_where_the_file_lies(tmp_path: Path) -> None:
    write(tmp_path, MINE + "[options]\nmax_orders = 3\nmax_quote_age_s = 60\n", "below/base.toml")
    write(tmp_path, MINE + 'extends = "base.toml"\n[options]\nmax_orders = 4\n', "below/middle.toml")
    top = write(tmp_path, MINE + 'extends = "below/middle.toml"\n')
    profile = load_profile(top)
    assert profile.extends == ("below/middle.toml", "base.toml")
    assert (profile.options.max_orders, profile.options.max_quote_age_s) == (4, 60)


def test_the_users_catalogue_lies_over_the_profile(tmp_path: Path) -> None:
    override = Path(write(tmp_path, "[symbol.EURUSD]\nswap_long = -1\n"))
    listings = load_catalogue(override, load_profile("mt5").layers)
    assert listings["EURUSD"].instrument == dataclasses.replace(MT5["EURUSD"], swap_long=Decimal(-1))


FAILURES = [
    ("description = \n", "mine.toml: not valid TOML: Invalid value (at line 1, column 15)"),
    ("", "mine.toml: there is no description; it must be given, as text"),
    ("description = ' '\n", 'mine.toml: description is " "; it must be text'),
    (MINE + "options = 3\n", "mine.toml: options is 3; it must be a table, [options]"),
    (MINE + "extends = 5\n", "mine.toml: extends is 5; it must be one of demo, mt5 or the path of a .toml file"),
    (MINE + "extends = 'mt4'\n", 'mine.toml: extends is "mt4"; it must be one of demo, mt5 or the path of a .toml file'),
    (MINE + "extends = 'mine.toml'\n", 'mine.toml: extends is "mine.toml"; it must be another profile, which does not extend this one in turn'),
    (MINE + "symbols = 1\n", "mine.toml: there is no field or table symbols; a profile has description, extends and the tables [options], [common], [group.NAME] and [symbol.NAME]"),
    (MINE + "[options]\nlimit_fills = 'price'\n", f"mine.toml: [options] has an unknown field limit_fills (did you mean limit_fill?); it may have {', '.join(OPTIONS)}"),
    (MINE + "[options]\nlimit_fill = 'best'\n", 'mine.toml: [options] limit_fill is "best"; it must be one of price, better'),
    (MINE + "[options]\nhedged_margin = true\n", "mine.toml: [options] hedged_margin is true; it must be one of covered, larger_leg"),
    (MINE + "[options]\nnegative_balance_compensation = 1\n", "mine.toml: [options] negative_balance_compensation is 1; it must be true or false"),
    (MINE + "[options]\nmax_orders = true\n", "mine.toml: [options] max_orders is true; it must be a whole number from 0 to 1000000"),
    (MINE + "[options]\nmax_orders = 2.5\n", "mine.toml: [options] max_orders is 2.5; it must be a whole number from 0 to 1000000"),
    (MINE + "[options]\nmax_quote_age_s = -1\n", "mine.toml: [options] max_quote_age_s is -1; it must be a whole number from 0 to 31536000"),
    (MINE + "[symbol.EURUSD]\nspreads = 1\n", "mine.toml: [symbol.EURUSD] has an unknown field spreads (did you mean spread?); it may have"),
    (MINE + "[group.fx]\nspread = 1\n", "mine.toml: [group.fx] is the group of no symbol (did you mean forex?); there are forex, metals,"),
    (MINE + "[symbol.EURUSX]\nspread = 1\n", "mine.toml: there is no symbol EURUSX (did you mean EURUSD?); a new one needs description,"),
    (MINE + "[common]\nholidays = ['02-30']\n", 'mine.toml: [common] holidays is "02-30"; it must be a day that the calendar has'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FAILURES)
def test_every_failure_is_one_clear_sentence(tmp_path: Path, text: str, expected: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(CatalogueError) as failure:
        symbols(path)
    assert str(failure.value).removeprefix(f"{tmp_path}/").startswith(expected)


def test_a_circle_of_two_is_found(tmp_path: Path) -> None:
    write(tmp_path, MINE + "extends = 'mine.toml'\n", "other.toml")
    with pytest.raises(
        ProfileError, match=r'other\.toml: extends is "mine\.toml"; it must be another profile'
    ):
        load_profile(write(tmp_path, MINE + "extends = 'other.toml'\n"))


def test_profiles_that_do_not_exist(tmp_path: Path) -> None:
    with pytest.raises(ProfileError) as failure:
        load_profile("mt4")
    assert (
        str(failure.value)
        == 'There is no profile "mt4"; it must be one of demo, mt5 or the path of a .toml file'
    )
    path = write(tmp_path, MINE + "extends = 'gone.toml'\n")
    with pytest.raises(
        CatalogueError, match=r"gone\.toml: the file cannot be read \(No such file or directory\)"
    ):
        load_profile(path)


# ---------------------------------------------------------------------- what documents show


def test_the_example_of_the_readme_works(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(description.*?)```", readme, re.DOTALL)
    path = write(tmp_path, example)
    assert load_profile(path).options.hedged_margin is HedgedMargin.LARGER_LEG
    assert symbols(path)["EURUSD"].commission == 2


def test_the_example_in_demo_works(tmp_path: Path) -> None:
    example = "\n".join(re.findall(r"^#   ((?:\[|\w+ =).*)$", text_of("demo"), re.MULTILINE))
    assert symbols(write(tmp_path, MINE + example))["EURUSD"].swap_long == -7


def test_the_contracts_example_of_a_share_is_that_of_mt5() -> None:
    document = load_document(contract_path())
    example = document["components"]["examples"]["SymbolAapl"]["value"]["data"]
    assert example == symbol_json(MT5["AAPL"])


def test_holidays_are_told_as_the_catalogue_has_them(tmp_path: Path) -> None:
    days = ["12-25", "2026-04-03", "2026-12-24 00:00-18:00", "12-31 08:30-24:00"]
    path = write(
        tmp_path,
        f"{MINE}[symbol.EURUSD]\nholidays = {days}\n[symbol.XAUUSD]\nswap_multipliers = [0, 1.5, 1, 1, 1, 2, 0]\n",
    )
    made = symbols(path)
    assert symbol_json(made["EURUSD"])["holidays"] == days
    assert symbol_json(made["EURUSD"])["swap_multipliers"]["wednesday"] == 3
    assert symbol_json(made["XAUUSD"])["swap_multipliers"]["monday"] == 1.5


# ---------------------------------------------------------------------- the command


def test_the_command_lists_the_profiles(tmp_path: Path) -> None:
    shown = tradyn("profiles", cwd=tmp_path).stdout
    for name in SHIPPED:
        assert re.search(rf"^{name} +{re.escape(load_profile(name).description)}$", shown, re.MULTILINE)


def test_the_command_shows_every_option_of_one(tmp_path: Path) -> None:
    shown = tradyn("profiles", write(tmp_path, MINE + 'extends = "mt5"\n'), cwd=tmp_path).stdout
    flat = " ".join(shown.split())
    assert "It extends mt5." in shown
    for line in describe_options(load_profile("mt5")):
        assert f"{line.name} = {line.value}\n" in shown
        assert f"default {line.default}; {line.allowed} {line.explanation}" in flat


def test_the_command_refuses_with_a_sentence(tmp_path: Path) -> None:
    done = tradyn("profiles", write(tmp_path, MINE + "[options]\nmax_orders = -1\n"), cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert (
        done.stderr
        == f"tradyn: {tmp_path}/mine.toml: [options] max_orders is -1; it must be a whole number from 0 to 1000000\n"
    )


# ---------------------------------------------------------------------- a server with it

SUNDAY = read_time("2026-03-01T12:00:00Z")


async def test_a_sunday_works_on_demo_and_is_closed_on_mt5() -> None:
    for profile, crypto_only in (("demo", False), ("mt5", True)):
        async with terminal(feed="synthetic", start=SUNDAY, profile=profile) as desk:
            await desk.buy(symbol="BTCUSD", volume=0.01)
            if crypto_only:
                # Quotes of the past are 15 seconds apart.
                body = {"symbol": "EURUSD", "action": "buy", "volume": 0.1}
                assert await desk.code("POST", "/api/trade", body) == "MARKET_CLOSED"
                quote = await desk.ok("GET", "/api/quotes/EURUSD")
                assert quote["time"].startswith("2026-02-27T21:59:4")
            else:
                await desk.buy(symbol="EURUSD")


async def test_on_mt5_the_market_opens_when_it_says() -> None:
    async with terminal(feed="synthetic", start=SUNDAY, profile="mt5") as desk:
        body = {"to": "2026-03-01T22:00:02Z"}
        await desk.ok("POST", "/api/simulation/clock/advance", body)
        assert (await desk.ok("GET", "/api/quotes/EURUSD"))["time"] >= "2026-03-01T22:00:00.000Z"
        trade = await desk.buy(symbol="EURUSD")
        assert trade["commission"] == -0.35
        # Candles reach over the weekend.
        candles = await desk.ok("GET", "/api/candles/EURUSD", timeframe="M1", count=2)
        assert [each["time"] for each in candles] == ["2026-02-27T21:59:00.000Z", "2026-03-01T22:00:00.000Z"]


async def test_quotes_pushed_out_of_session_are_refused_all_of_them() -> None:
    friday = {"symbol": "EURUSD", "bid": 1.08, "ask": 1.0801, "time": "2026-03-06T21:59:59.999Z"}
    evening = {**friday, "time": "2026-03-06T22:00:00Z"}
    bitcoin = {"symbol": "BTCUSD", "bid": 65000, "ask": 65010, "time": "2026-03-06T22:00:00Z"}
    async with terminal(profile="mt5") as desk:
        answer = await desk.envelope("POST", "/api/simulation/quotes", {"quotes": [friday, bitcoin, evening]})
        assert (answer["code"], answer["retcode"]) == ("MARKET_CLOSED", 10018)
        assert answer["error"].startswith("quotes[2]: ")
        assert "EURUSD" in answer["error"] and "2026-03-08 22:00" in answer["error"]
        clock: Mapping[str, object] = await desk.ok("GET", "/api/simulation/clock")
        assert clock["now"] == "2026-03-02T09:30:00.000Z"
        assert await desk.code("GET", "/api/quotes/EURUSD") == "NO_QUOTES"
        await desk.ok("POST", "/api/simulation/quotes", {"quotes": [friday, bitcoin]})
        assert (await desk.ok("GET", "/api/quotes/EURUSD"))["time"] == friday["time"]


async def test_a_folder_goes_on_under_another_profile(tmp_path: Path) -> None:
    async with terminal(feed="synthetic", data_dir=tmp_path) as desk:
        await desk.buy()
    async with terminal(feed="synthetic", data_dir=tmp_path, start=None, profile="mt5") as desk:
        (position,) = await desk.ok("GET", "/api/positions")
        assert (position["symbol"], position["commission"]) == ("EURUSD", 0)


async def test_a_weekend_passed_over_at_once_is_as_one_lived_through() -> None:
    async def run(steps: list[int]) -> list[object]:
        friday = read_time("2026-03-06T20:00:00Z")
        async with terminal(feed="synthetic", seed=9, start=friday, profile="mt5") as desk:
            for symbol in ("EURUSD", "US500", "BTCUSD"):
                quote = await desk.ok("GET", f"/api/quotes/{symbol}")
                digits = (await desk.ok("GET", f"/api/symbols/{symbol}"))["digits"]
                step = round(quote["bid"] * 0.002, digits)
                near = {"sl": round(quote["bid"] - step, digits), "tp": round(quote["ask"] + step, digits)}
                await desk.buy(0.1, symbol, **near)
                await desk.buy(0.1, symbol)
            for hours in steps:
                await desk.ok("POST", "/api/simulation/clock/advance", {"seconds": hours * 3600})
            login = desk.server.credentials.login
            return [*await desk.server.journal.read(login, limit=100_000)]

    once = await run([64])
    kinds = {type(getattr(each, "event", None)).__name__ for each in once}
    assert {"SwapCharged", "PositionReduced"} <= kinds
    assert once == await run([1] * 64) == await run([3, 45, 16])
