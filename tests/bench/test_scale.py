"""The benchmark of scale: its arithmetic, its worlds, and that each of its measurements runs.

Whatever is measured here is measured at the smallest size; no figure is held against a limit.
"""

from __future__ import annotations

import gc
import json
import math
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import bench.scale.__main__ as program
from bench.scale import measure as measuring
from bench.scale import targets
from bench.scale.curves import CURVES
from bench.scale.recording import write_orders, write_ticks
from bench.scale.targets import TARGETS, WORKS, Target
from bench.scale.world import SYMBOL, fill
from bench.stream_fanout import allow_sockets
from tradyn.adapters.feed_replay import ReplayFeed
from tradyn.app import Server, open_server
from tradyn.broker.calendar import is_open
from tradyn.broker.instruments import Instrument
from tradyn.catalogue import load_catalogue
from tradyn.clock import ClockMode
from tradyn.config import Settings
from tradyn.profiles import load_profile
from tradyn.replay import read_requests

Figures = dict[str, float]


# ---------------------------------------------------------------------- targets


def rounds(*values: float, measure: str = "per_second") -> list[Figures]:
    return [{measure: value, "of no matter": 0.0} for value in values]


@pytest.mark.parametrize(
    ("values", "at_least", "at_most"),
    [
        ((10, 10, 10), True, True),
        # One round of three may stand out, two may not.
        ((1, 11, 12), True, False),
        ((99, 9, 8), False, True),
        ((1, 9, 99), False, True),
        # Of an even number the mean of the two in the middle.
        ((8, 12), True, True),
        ((8, 11.9), False, True),
        ((8.1, 12), True, False),
    ],
)
def test_the_median_is_held_against_the_limit(
    values: tuple[float, ...], at_least: bool, at_most: bool
) -> None:
    assert Target("w", "per_second", "so many", 10, True).met(rounds(*values)) is at_least
    assert Target("w", "per_second", "so few", 10, False).met(rounds(*values)) is at_most


def test_every_work_has_a_target_and_every_target_a_work() -> None:
    assert {each.work for each in TARGETS} == WORKS.keys()


def wanted_of(work: str) -> set[str]:
    return {each.measure for each in TARGETS if each.work == work}


def test_ticks_are_compared_within_a_round(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    # The second round meets a machine half as fast.
    costs = iter((0.5, 0.6, 1.0, 1.2))

    def measure(subject: str, size: int) -> Figures:
        assert subject == "orders"
        asked.append(size)
        return {"tick_us": next(costs), "place_and_cancel_us": 9.0, "memory_mb": 1.0}

    monkeypatch.setattr(targets, "measure", measure)
    first, second = targets.ticks(2)
    assert asked == [100, 100_000] * 2
    assert first == pytest.approx({"per_cpu_second": 1e6 / 0.6, "ratio": 1.2})
    assert second == pytest.approx({"per_cpu_second": 1e6 / 1.2, "ratio": 1.2})
    assert wanted_of("ticks") <= first.keys()


def test_a_start_is_measured_after_a_crash_and_after_a_clean_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "_ACCOUNTS", 2)
    monkeypatch.setattr(targets, "_TRANSACTIONS", 20)
    used = iter((5.0, 4.0))
    monkeypatch.setattr(targets, "cpu_seconds", lambda _: next(used))
    monkeypatch.setattr(targets, "resident_mb", lambda _: 100.0)
    (found,) = targets.start(1)
    assert (found["crash_cpu_seconds"], found["cpu_seconds"]) == (5.0, 4.0)
    assert found["seconds"] > 0 and found["crash_seconds"] > 0
    assert wanted_of("start") <= found.keys()


def test_a_replay_takes_all_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "_TICKS", 400)
    monkeypatch.setattr(targets, "_ORDERS", 12)
    (found,) = targets.replay(1)
    assert all(value > 0 for value in found.values())
    assert wanted_of("replay") <= found.keys()


def test_a_replay_that_refuses_orders_is_no_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "_TICKS", 400)
    monkeypatch.setattr(targets, "_ORDERS", 12)
    monkeypatch.setattr(targets, "_PROFILE", targets._PROFILE.replace("max_orders = 0", "max_orders = 5"))
    with pytest.raises(SystemExit, match=r"were refused:[\s\S]*Refused +7"):
        targets.replay(1)


# ---------------------------------------------------------------------- curves


def test_sizes_of_a_curve_grow() -> None:
    for curve in CURVES.values():
        sizes = (*curve.sizes, *curve.long)
        assert list(sizes) == sorted(set(sizes))


def test_subjects_are_the_curves_and_the_fills() -> None:
    assert measuring.SUBJECTS.keys() == {*CURVES, "fills"}


@pytest.fixture
def thinly(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Few repetitions; and the collector afterwards as it was."""
    for name, few in (("_ROUNDS", 1), ("_FILLS", 300), ("_HEARD_SECONDS", 2.0)):
        monkeypatch.setattr(measuring, name, few)
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)
    gc.unfreeze()
    gc.enable()


@pytest.mark.usefixtures("thinly")
@pytest.mark.parametrize("name", CURVES)
async def test_every_curve_is_measured(name: str) -> None:
    curve = CURVES[name]
    figures = await measuring.SUBJECTS[name](curve.sizes[0])
    assert curve.costs.keys() <= figures.keys()
    # CPU time of another process is told in hundredths of a second, so that little of it is none.
    assert all(math.isfinite(value) and value >= 0 for value in figures.values())
    assert name == "readers" or all(figures[each] > 0 for each in curve.costs)


@pytest.mark.usefixtures("thinly")
@pytest.mark.parametrize("accounts", [1, 300])
async def test_fills_are_measured(accounts: int) -> None:
    figures = await measuring.SUBJECTS["fills"](accounts)
    assert wanted_of("fills") <= figures.keys()
    assert all(math.isfinite(value) and value > 0 for value in figures.values())


def test_a_measurement_is_a_process_that_prints_its_figures() -> None:
    figures = targets.measure("orders", 10)
    assert CURVES["orders"].costs.keys() <= figures.keys()
    assert figures["tick_us"] > 0


def test_more_sockets_than_the_system_allows_are_refused_in_words() -> None:
    allow_sockets(1)
    with pytest.raises(SystemExit, match="1000000000000 readers need 1000000000064 open files"):
        allow_sockets(10**12)


# ---------------------------------------------------------------------- recording


def instruments() -> dict[str, Instrument]:
    """Of a broker whose markets close."""
    listings = load_catalogue(layers=load_profile("mt5").layers)
    return {symbol: each.instrument for symbol, each in listings.items()}


def test_ticks_are_read_as_they_were_meant(tmp_path: Path) -> None:
    path = tmp_path / "EURUSD.csv"
    write_ticks(path, 3_000)
    known = instruments()
    feed = ReplayFeed(path, known)
    assert feed.symbols == (SYMBOL,)
    times, bids, asks = (column.tolist() for column in feed.columns(SYMBOL, 0, feed.end))
    assert len(times) == 3_000
    assert {later - earlier for earlier, later in pairwise(times)} == {250}
    assert {ask - bid for bid, ask in zip(bids, asks, strict=True)} == {10}
    assert max(abs(later - earlier) for earlier, later in pairwise(bids)) == 2
    # No weekend and no holiday comes before a recording as long as the benchmark's is over.
    last = times[0] + (targets._TICKS - 1) * 250
    assert all(is_open(known[SYMBOL], time) for time in (*times, *range(times[0], last, 3_600_000), last))


def test_a_recording_is_the_same_each_time(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        write_ticks(tmp_path / name, 100, seed)
    one, again, other = ((tmp_path / name).read_bytes() for name in ("one", "again", "other"))
    assert one == again != other


def test_orders_are_of_all_kinds_and_come_with_the_first_ticks(tmp_path: Path) -> None:
    write_ticks(tmp_path / "EURUSD.csv", 10)
    write_orders(tmp_path / "orders.jsonl", 1_000)
    requests = read_requests(tmp_path / "orders.jsonl")
    feed = ReplayFeed(tmp_path / "EURUSD.csv", instruments())
    assert len(requests) == 1_000
    assert {(each.method, each.path) for each in requests} == {("POST", "/api/orders")}
    assert all(feed.start < each.time < feed.end for each in requests)
    kinds = [each.body["type"] for each in requests]
    assert {kind: kinds.count(kind) for kind in kinds} == {2: 250, 3: 250, 4: 250, 5: 250}
    market = feed.last(SYMBOL, requests[0].time)
    assert market is not None
    for each in requests:
        points = round(each.body["price"] * 100_000)
        # Buy limits and sell stops below the market, the others above.
        assert points < market.bid if each.body["type"] in (2, 5) else points > market.ask


# ---------------------------------------------------------------------- worlds


async def transactions_of(server: Server, login: int) -> list[int]:
    return [each.version for each in await server.desk.journal.read(login)]


@pytest.mark.parametrize(("accounts", "each"), [(1, 4), (3, 10), (5, 1_010)])
async def test_a_world_has_what_was_asked_for(tmp_path: Path, accounts: int, each: int) -> None:
    told: list[int] = []
    async with open_server(
        Settings(data_dir=tmp_path, clock=ClockMode.MANUAL), on_answer=lambda _: None
    ) as server:
        before = set(server.desk.broker.accounts)
        await fill(server, accounts, accounts * each, told.append)
        made = [server.desk.account(login) for login in server.desk.broker.accounts if login not in before]
        assert len(made) == accounts
        for account in made:
            assert account.version == each
            assert (len(account.positions), len(account.orders)) == (1, 1)
        assert len(await transactions_of(server, made[-1].login)) == min(each, 1_000)
    assert sum(told) == accounts * each


async def test_a_world_outlives_its_killing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench.scale.world", str(tmp_path / "world"), "--end", "killed"]
    command += ["--accounts", "3", "--transactions", "18"]
    done = subprocess.run(command, env=targets._environment(), stdout=subprocess.DEVNULL, check=False)
    assert done.returncode == -9
    async with open_server(
        Settings(data_dir=tmp_path / "world", clock=ClockMode.MANUAL), on_answer=lambda _: None
    ) as server:
        made = [each for each in server.desk.broker.accounts.values() if each.name == "Scale"]
        assert [(each.version, len(each.positions), len(each.orders)) for each in made] == [(6, 1, 1)] * 3


# ---------------------------------------------------------------------- the command


class Command:
    """`make bench-scale` with measurements that take no time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, results: Path) -> None:
        self.results = results
        self.measured: list[tuple[str, int]] = []
        self.figures: dict[str, list[Figures]] = {
            name: [dict.fromkeys(wanted_of(name), 123_456_789.0)] for name in WORKS
        }
        self.works = {name: self._work(name) for name in WORKS}
        self._patch = monkeypatch
        monkeypatch.setattr(program, "measure", self._measure)
        monkeypatch.setattr(program, "WORKS", self.works)

    def _measure(self, name: str, size: int) -> Figures:
        self.measured.append((name, size))
        return {**dict.fromkeys(CURVES[name].costs, 1.23456), "memory_mb": float(size)}

    def _work(self, name: str) -> Any:
        def work(count: int) -> list[Figures]:
            self.measured.append((name, count))
            return self.figures[name] * count

        return work

    def run(self, *options: str) -> int:
        self.measured.clear()
        self._patch.setattr(sys, "argv", ["bench.scale", "--results", str(self.results), *options])
        return program.main()

    def found(self) -> Any:
        return json.loads(self.results.read_text(encoding="utf-8"))


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    return Command(monkeypatch, tmp_path / "scale.json")


def test_long_sizes_are_measured_only_when_asked_for(command: Command) -> None:
    command.run("--only", "history,readers,positions")
    usual = [(name, size) for name in ("history", "readers", "positions") for size in CURVES[name].sizes]
    assert sorted(command.measured) == sorted(usual)
    command.run("--only", "history,readers,positions", "--long")
    long = [("history", 1_000_000), ("history", 10_000_000), ("readers", 2_000)]
    assert sorted(command.measured) == sorted([*usual, *long])


def test_what_is_not_measured_stays_as_it_was(command: Command) -> None:
    command.run("--only", "ticks,history,orders", "--long", "--rounds", "2")
    former = command.found()
    command.figures["ticks"] = [{"per_cpu_second": 7.0, "ratio": 1.0}]
    command.run("--only", "ticks", "--rounds", "1")
    assert command.measured == [("ticks", 1)]
    assert command.found() == {**former, "targets": {"ticks": command.figures["ticks"]}}
    former = command.found()
    # Nor do long sizes go when the others are measured anew.
    former["curves"]["history"]["10000000"]["memory_mb"] = 5.0
    command.results.write_text(json.dumps(former), encoding="utf-8")
    command.run("--only", "history,fills", "--rounds", "1")
    found = command.found()
    assert found["curves"] == former["curves"]
    assert found["targets"]["ticks"] == former["targets"]["ticks"]
    assert found["targets"].keys() == {"ticks", "fills"}


def test_what_was_measured_before_an_end_is_kept(command: Command) -> None:
    def ended(_: int) -> list[Figures]:
        raise KeyboardInterrupt

    command.works["replay"] = ended
    with pytest.raises(KeyboardInterrupt):
        command.run("--only", "ticks,replay,history")
    assert command.found()["targets"].keys() == {"ticks"}


def test_figures_are_kept_with_four_digits(command: Command) -> None:
    assert program._short({"a": 123_456.0, "b": 0.0123456, "c": 1.0, "d": 0.0}) == {
        "a": 123_500.0,
        "b": 0.01235,
        "c": 1.0,
        "d": 0.0,
    }
    command.run("--only", "positions")
    assert command.found()["curves"]["positions"]["10"] == {
        **dict.fromkeys(CURVES["positions"].costs, 1.235),
        "memory_mb": 10.0,
    }


def test_the_end_tells_whether_promises_are_kept(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    command.figures["fills"] = [{"per_cpu_second": 20_000.0}]
    assert command.run("--only", "fills") == 0
    assert "not met" not in capsys.readouterr().out
    command.figures["fills"] = [{"per_cpu_second": 19_990.0}]
    assert command.run("--only", "fills") == 1
    told = capsys.readouterr().out
    # What is shown is what was measured last, and showing measures nothing.
    assert command.run("--show") == 1
    assert command.measured == []
    assert capsys.readouterr().out == told
    (line,) = [each for each in told.splitlines() if "not met" in each]
    assert "≥ 20,000" in line and "19,990 – 19,990 – 19,990" in line


def test_a_curve_is_shown_by_size(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    command.run("--only", "positions")
    found = command.found()
    # By number, whatever the order in the file; as words, 2000 would come last.
    points = found["curves"]["positions"]
    found["curves"]["positions"] = {"2000": points["10"], **dict(reversed(points.items()))}
    command.results.write_text(json.dumps(found), encoding="utf-8")
    capsys.readouterr()
    command.run("--show")
    rows = [line.split()[1] for line in capsys.readouterr().out.splitlines() if line.startswith("│")]
    assert rows == ["1", "10", "100", "1,000", "2,000", "10,000"]


def test_an_unknown_name_is_refused(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.run("--only", "ticks,tocks")
    assert "tocks unknown; there are ticks, fills," in capsys.readouterr().err
