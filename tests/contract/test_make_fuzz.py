"""`make fuzz` passes on a server that keeps the contract, fails on one that does not, and says the seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from click.testing import CliRunner

from contract.fuzzing import __main__ as make_fuzz
from contract.fuzzing.__main__ import SERVE, Plan, Runs, Tally
from contract.fuzzing.declared import NO_KEY
from contract.fuzzing.surroundings import prepare
from serving import serving


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    folder = tmp_path_factory.mktemp("fuzz")
    with serving(folder / "data", *SERVE) as server:
        past = prepare(server.credentials["base_url"], server.credentials["admin_key"])
        yield Runs(folder, past, "read", server)


def test_right_answers_pass(runs: Runs) -> None:
    cases, failed = runs.once(["getQuote"], 1, max_examples=5)
    assert cases > 5
    assert not failed


def test_a_key_that_is_refused_fails(runs: Runs, capfd: pytest.CaptureFixture[str]) -> None:
    wrong = replace(runs.past, keys={**runs.past.keys, "read": "tk_test_" + "0" * 39})
    cases, failed = replace(runs, past=wrong).once(["getQuote"], 1, max_examples=5)
    assert cases > 5
    assert failed
    assert "getQuote refuses a key of scope read" in capfd.readouterr().out


@pytest.mark.parametrize("failed", [False, True])
def test_a_failure_is_the_exit_code_and_the_seed_is_said(
    failed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def fuzz(scope: str, plan: Plan) -> Tally:
        asked.append((scope, plan))
        return Tally(own=1, failed=failed and scope == "trade")

    monkeypatch.setattr(make_fuzz, "fuzz", fuzz)
    done = CliRunner().invoke(make_fuzz.main, ["--minutes", "10", "--seed", "77"])
    assert done.exit_code == int(failed)
    assert "Seed 77" in done.output
    assert [scope for scope, _ in asked] == ["read", "trade", "full", "admin", NO_KEY]
    assert {plan for _, plan in asked} == {Plan(cases=1000, seconds=120, seed=77)}


def test_without_a_seed_it_is_another_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = set()

    def fuzz(_: str, plan: Plan) -> Tally:
        seeds.add(plan.seed)
        return Tally()

    monkeypatch.setattr(make_fuzz, "fuzz", fuzz)
    for _ in range(3):
        assert CliRunner().invoke(make_fuzz.main, []).exit_code == 0
    assert len(seeds) == 3
