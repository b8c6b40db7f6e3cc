"""The same seed and the same requests at the same simulated times leave the same journal, byte for byte.

Each seed's life is led twice, in processes with other hash seeds; once the server is stopped and started in
the middle. A hundred seeds here, a thousand with TRADYN_TEST_SOAK=1.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from serving import environment

SOAK = os.environ.get("TRADYN_TEST_SOAK") == "1"
SEEDS, CHUNK = (1000 if SOAK else 100), 25
ALWAYS_SEEN = {
    "BalanceChanged",
    "OrderClosed",
    "OrderModified",
    "OrderPlaced",
    "OrderTriggered",
    "PositionModified",
    "PositionOpened",
    "PositionReduced",
    "RequestSettled",
    "SwapCharged",
}


def begin(first: int, *, hash_seed: int, restarts: bool) -> subprocess.Popen[str]:
    tests = Path(__file__).parents[1]
    arguments = [str(each) for each in (first, first + CHUNK, int(restarts))]
    return subprocess.Popen(
        [sys.executable, "-m", "journeys.repeatable_life", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tests,
        env=environment({"PYTHONHASHSEED": str(hash_seed)}),
    )


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_other_processes_and_a_restart_leave_the_same_journal(first: int) -> None:
    lives = [
        begin(first, hash_seed=1, restarts=False),
        begin(first, hash_seed=2, restarts=True),
    ]
    told = [each.communicate(timeout=1800) for each in lives]
    assert [each.returncode for each in lives] == [0, 0], "\n".join(error for _, error in told)
    straight, restarted = ([line.split() for line in said.splitlines()] for said, _ in told)
    assert len(straight) == CHUNK
    assert [seed for seed, *_ in straight] == [str(each) for each in range(first, first + CHUNK)]
    differing = [one[0] for one, other in zip(straight, restarted, strict=True) if one != other]
    assert differing == []
    # Lives that differ from each other, and in which much happens.
    assert len({content for _, content, *_ in straight}) == CHUNK
    assert {kind for *_, kinds in straight for kind in kinds.split(",")} >= ALWAYS_SEEN
    assert sum(int(rows) for _, _, rows, _ in straight) > 50 * CHUNK
