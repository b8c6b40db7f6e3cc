"""A data folder goes on with the profile, symbols and feed it was started with; the welcome tells them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from in_process import terminal
from serving import free_port, refusal, tradyn
from tradyn.adapters.feed_push import PushFeed
from tradyn.adapters.feed_synthetic import SyntheticFeed
from tradyn.adapters.journal_sqlite import SqliteJournal
from tradyn.config import ConfigError
from tradyn.welcome import welcome
from tradyn.wire import read_time

SUNDAY = read_time("2026-03-01T12:00:00Z")
MINE = 'description = "Mine"\nextends = "mt5"\n[options]\nmax_orders = 7\n'
COIN = """
[symbol.COIUSD]
group = "crypto"
description = "A coin vs US Dollar"
currency_base = "COI"
spread = 300
price = 4
volatility = 0.6
"""


def resuming(folder: Path, **settings: Any) -> Any:
    """A server on the folder with nothing said of feed and start, unless given."""
    return terminal(data_dir=folder, **{"feed": None, "start": None, **settings})


def marks(folder: Path) -> dict[str, str]:
    journal = SqliteJournal.open(folder / "journal.sqlite")
    try:
        return journal.marks()
    finally:
        journal.close()


# ---------------------------------------------------------------------- the profile


async def test_a_restart_goes_on_with_the_profile(tmp_path: Path) -> None:
    async with resuming(tmp_path, profile="mt5", start=SUNDAY) as desk:
        assert "\n  Profile  mt5 (As a common retail broker" in welcome(desk.server)
    for _ in range(2):
        async with resuming(tmp_path) as desk:
            assert desk.server.profile.name == "mt5"
            assert desk.server.former_profile is None
            body = {"symbol": "EURUSD", "action": "buy", "volume": 0.1}
            assert await desk.code("POST", "/api/trade", body) == "MARKET_CLOSED"


async def test_without_any_it_is_demo(tmp_path: Path) -> None:
    for _ in range(2):
        async with resuming(tmp_path) as desk:
            assert desk.server.profile.name == "demo"
            assert "\n  Profile  demo\n" in welcome(desk.server)
            assert "Symbols" not in welcome(desk.server)


async def test_another_profile_is_said_once_and_remembered(tmp_path: Path) -> None:
    changed = "The profile of this data folder has changed from"
    async with resuming(tmp_path) as desk:
        assert changed not in welcome(desk.server)
    async with resuming(tmp_path, profile="mt5") as desk:
        assert f"{changed} demo to mt5.\n" in welcome(desk.server)
    async with resuming(tmp_path) as desk:
        assert desk.server.profile.name == "mt5"
        assert changed not in welcome(desk.server)


async def test_ones_own_file_is_found_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(MINE)
    monkeypatch.chdir(tmp_path)
    async with resuming(tmp_path / "data", profile="mine.toml") as desk:
        assert desk.server.profile.options.max_orders == 7
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    async with resuming(tmp_path / "data") as desk:
        assert desk.server.profile.options.max_orders == 7
        assert desk.server.former_profile is None
        assert f"  Profile  {mine} (Mine)" in welcome(desk.server)
    mine.unlink()
    told = (
        f"This data folder was last started with --profile {mine}, which is gone: put the file back, "
        "or give another --profile, such as demo"
    )
    with pytest.raises(ConfigError) as failure:
        async with resuming(tmp_path / "data"):
            pass
    assert str(failure.value) == told
    assert refusal("keys", "list", "--data-dir", tmp_path / "data") == f"tradyn: {told}"
    async with resuming(tmp_path / "data", profile="mt5") as desk:
        assert desk.server.former_profile == str(mine)


async def test_what_is_refused_is_not_remembered(tmp_path: Path) -> None:
    async with resuming(tmp_path) as desk:
        await desk.buy()
    before = marks(tmp_path)
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("[symbol.EURUSD]\ndigits = 3\n")
    with pytest.raises(ConfigError, match="digits is 3"):
        async with resuming(tmp_path, profile="mt5", feed="push", instruments=wrong):
            pass
    assert marks(tmp_path) == before


# ---------------------------------------------------------------------- the symbols


async def test_ones_own_symbols_stay_until_none_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "coin.toml"
    file.write_text(COIN)
    monkeypatch.chdir(tmp_path)
    async with resuming(tmp_path / "data", instruments=Path("coin.toml")) as desk:
        await desk.buy(symbol="COIUSD")
    monkeypatch.chdir("/")
    async with resuming(tmp_path / "data") as desk:
        (position,) = await desk.ok("GET", "/api/positions")
        assert position["symbol"] == "COIUSD"
        assert f"\n  Symbols  with those of {file}\n" in welcome(desk.server)
        await desk.ok("DELETE", f"/api/positions/{position['ticket']}")
    with pytest.raises(
        ConfigError, match=r"deals or orders of COIUSD, not in the catalogue any more: start with"
    ):
        async with resuming(tmp_path / "data", instruments=Path("none")):
            pass
    file.rename(tmp_path / "moved.toml")
    with pytest.raises(ConfigError) as failure:
        async with resuming(tmp_path / "data"):
            pass
    assert str(failure.value) == (
        f"This data folder was last started with --instruments {file}, which is gone: put the file back, "
        "or give another --instruments, such as none"
    )
    async with resuming(tmp_path / "data", instruments=tmp_path / "moved.toml") as desk:
        await desk.ok("GET", "/api/symbols/COIUSD")


async def test_none_gives_up_ones_own_symbols(tmp_path: Path) -> None:
    file = tmp_path / "coin.toml"
    file.write_text(COIN)
    async with resuming(tmp_path / "data", instruments=file):
        pass
    for given in ({"instruments": Path("none")}, {}):
        async with resuming(tmp_path / "data", **given) as desk:
            assert await desk.code("GET", "/api/symbols/COIUSD") == "NOT_FOUND"


async def test_a_folder_at_rest_needs_neither_profile_nor_instruments(tmp_path: Path) -> None:
    folder, file, mine = tmp_path / "data", tmp_path / "coin.toml", tmp_path / "mine.toml"
    file.write_text(COIN)
    mine.write_text(MINE)
    async with resuming(folder, instruments=file, profile=str(mine)) as desk:
        await desk.buy(symbol="COIUSD")
    before = marks(folder)
    for command in ("keys list", "accounts list", "keys create", f"statement --csv {tmp_path / 'deals.csv'}"):
        done = tradyn(*command.split(), "--data-dir", folder, cwd=Path("/"))
        assert (done.returncode, done.stderr) == (0, "")
    assert "COIUSD" in (tmp_path / "deals.csv").read_text()
    # Looking with other settings is not starting with them.
    file.rename(tmp_path / "moved.toml")
    options = ("--profile", "demo", "--instruments", tmp_path / "moved.toml")
    assert tradyn("keys", "list", *options, "--data-dir", folder).returncode == 0
    settings = {name: value for name, value in marks(folder).items() if name.startswith("settings.")}
    assert settings == {name: value for name, value in before.items() if name.startswith("settings.")}


# ---------------------------------------------------------------------- the feed


async def test_a_restart_goes_on_with_the_feed(tmp_path: Path) -> None:
    kinds = []
    for given in (None, None, "push", None, "synthetic", None):
        async with resuming(tmp_path, feed=given) as desk:
            kinds.append(desk.server.settings.feed)
            assert f"\n  Market   {kinds[-1]}, at " in welcome(desk.server)
    assert kinds == ["synthetic", "synthetic", "push", "push", "synthetic", "synthetic"]


async def test_the_feed_that_is_gone_on_with_is_the_one_that_runs(tmp_path: Path) -> None:
    for given, kind in (
        ("push", PushFeed),
        (None, PushFeed),
        ("synthetic", SyntheticFeed),
        (None, SyntheticFeed),
    ):
        async with resuming(tmp_path, feed=given) as desk:
            feed = desk.server.market.feed
            assert isinstance(getattr(feed, "_feed", feed), kind)


async def test_a_replay_is_for_one_run(tmp_path: Path) -> None:
    file = tmp_path / "EURUSD.csv"
    file.write_text("time,bid,ask\n2026-03-02 00:00,1.1,1.1001\n2026-03-02 00:01,1.1,1.1001\n")
    async with resuming(tmp_path / "data", feed="push", start=SUNDAY):
        pass
    async with resuming(tmp_path / "data", feed=f"replay:{file}") as desk:
        assert f"\n  Market   replay:{file}, at " in welcome(desk.server)
    async with resuming(tmp_path / "data") as desk:
        assert desk.server.settings.feed == "push"


# ---------------------------------------------------------------------- the welcome's request


async def paste(desk: Any) -> Any:
    said = welcome(desk.server)
    (body,) = re.findall(r"-d '(.*)'", said)
    return await desk.ok("POST", "/api/trade", json.loads(body))


async def test_on_a_sunday_the_printed_request_buys_what_is_open() -> None:
    async with resuming(None, profile="mt5", start=SUNDAY) as desk:  # type: ignore[arg-type]
        assert (await paste(desk))["symbol"] == "BTCUSD"
    async with resuming(None, profile="mt5", start=read_time("2026-03-03T12:00:00Z")) as desk:  # type: ignore[arg-type]
        assert (await paste(desk))["symbol"] == "EURUSD"


async def test_the_printed_request_is_for_a_symbol_that_can_be_bought(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[symbol.EURUSD]\ntrade_mode = 'short_only'\n[symbol.GBPUSD]\norder_kinds = ['market']\n")
    async with resuming(tmp_path / "data", instruments=file) as desk:
        assert (await paste(desk))["symbol"] == "USDJPY"


async def test_when_all_is_closed_the_welcome_says_when_it_opens(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[group.crypto]\nenabled = false\n")
    async with resuming(tmp_path / "data", instruments=file, profile="mt5", start=SUNDAY) as desk:
        said = welcome(desk.server)
        assert (
            "All markets are closed; EURUSD opens at 2026-03-01T22:00:00.000Z. Look at the account:" in said
        )
        assert "/api/trade" not in said
        (address,) = re.findall(r"curl -s \S+/v1(\S+)", said)
        assert (await desk.ok("GET", address))["balance"] == 10_000


def test_a_refused_first_start_leaves_nothing(tmp_path: Path) -> None:
    options = ("--data-dir", tmp_path / "data", "--port", free_port(), "--profile", "mt5")
    assert "No such file" in refusal("serve", *options, "--instruments", tmp_path / "none.toml")
    assert list(tmp_path.iterdir()) == []
