"""`kill -9` under 22 clients: what was acknowledged is there, nothing was done twice, replies stay the same.

A few cycles of what `make crash` does as often as wanted.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from reliability.crash_loop import CrashLoop, Kill, Plan, Tally, main
from reliability.history_check import Rule, Violation

PLAN = Plan(cycles=5, seed=11)


async def test_nothing_acknowledged_is_lost_or_done_twice(tmp_path: Path) -> None:
    loop = CrashLoop(PLAN, tmp_path)
    try:
        tally = await loop.run()
    finally:
        loop.close()
    assert tally.violations == []
    assert tally.cycles == PLAN.cycles and PLAN.clients >= 16
    assert tally.kills.total() > PLAN.cycles and {Kill.LOAD, Kill.START} <= set(tally.kills)
    # However slow the machine is: each client was answered, and repeated something.
    assert sum(tally.outcomes.values()) > 100 and tally.repeats > 20
    assert tally.in_doubt > 0 and tally.deals > 50 and tally.full_checks == 1


def test_a_violation_is_named_and_can_be_repeated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async def find_something(loop: CrashLoop) -> Tally:
        found = Violation(Rule.LOST, "account 10002", "trade 0a-1 was answered with deals [3]")
        return Tally(cycles=1, violations=[found])

    monkeypatch.setattr(CrashLoop, "run", find_something)
    # The data folder is kept.
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = CliRunner().invoke(main, ["--cycles", "3", "--seed", "8"])
    assert done.exit_code == 1
    assert "account 10002: acknowledged and lost: trade 0a-1 was answered with deals [3]" in done.output
    assert "cycle 2" in done.output and "make crash CYCLES=3 SEED=8" in done.output
