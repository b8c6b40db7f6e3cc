"""Power cuts lose nothing that was acknowledged, and the check of that finds a loss where there is one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reliability.power_cuts import Loss, live
from tradyn.adapters import journal_sqlite

CUTS = int(os.environ.get("TRADYN_TEST_CUTS", "100"))
SEED = int(os.environ.get("TRADYN_TEST_SEED", "1"))


@pytest.fixture(autouse=True)
def small_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the log is copied into the file many times in a life."""
    monkeypatch.setattr(journal_sqlite, "CHECKPOINT_PAGES", 40)


def test_a_power_cut_loses_nothing_acknowledged(tmp_path: Path) -> None:
    tally = live(tmp_path, CUTS, SEED)
    print(tally.report())
    assert tally.cuts == CUTS
    assert tally.acknowledged > 10 * CUTS
    assert tally.in_recovery > CUTS / 10
    # The file is written only while the log is copied or the schema changes.
    for kind in ("write the file", "sync the file", "write the wal", "sync the wal"):
        assert tally.during[kind] > CUTS / 50, tally.report()


def test_the_check_finds_what_is_lost_without_a_sync_at_each_commit(tmp_path: Path) -> None:
    with pytest.raises(Loss, match=r"batch \d+ was acknowledged, and \d+ is the last one there"):
        live(tmp_path, 300, SEED, synchronous="NORMAL")


def test_the_check_finds_a_disk_that_lies(tmp_path: Path) -> None:
    with pytest.raises(Loss):
        live(tmp_path, 300, SEED, lies=True)
