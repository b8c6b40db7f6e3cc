"""A plugin of the test run: prints what the contract's tests saw, and fails the run on what is not promised.

Each process counts for itself (`served.SEEN`); workers of pytest-xdist hand their counts to the process that
reports. It is loaded from `tests/conftest.py`, because that process loads no conftest of this folder.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import pytest

from contract.served import DOCUMENT, PROMISED, SEEN, Sightings, unpromised

_GATHERED: Final[dict[str, Sightings]] = {source: Counter() for source in SEEN}
_STATUSES: Final = tuple(sorted({status for _, status in PROMISED}))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the counts on, or judge them."""
    if (output := getattr(session.config, "workeroutput", None)) is not None:
        output["matrix"] = {
            source: [[*cell, count] for cell, count in seen.items()] for source, seen in SEEN.items()
        }
        return
    for source, seen in SEEN.items():
        _GATHERED[source].update(seen)
    if unpromised(_all()):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker has ended: take its counts."""
    for source, cells in getattr(node, "workeroutput", {}).get("matrix", {}).items():
        for operation_id, status, count in cells:
            _GATHERED[source][operation_id, status] += count


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The matrix: operations × statuses, how often each was seen."""
    seen = _all()
    if not seen:
        return
    reporter = terminalreporter
    reporter.section("promised and seen")
    reporter.line(
        "Answers seen by the matrix + by the fuzzer; 0 promised and unseen, ! unpromised, blank neither"
    )
    statuses = tuple(sorted({*_STATUSES, *(status for _, status in seen)}))
    reporter.line(f"{'':22}" + "".join(f"{status:>12}" for status in statuses))
    for operation in DOCUMENT.operations:
        cells = "".join(f"{_cell(operation.id, status):>12}" for status in statuses)
        reporter.line(f"{operation.id:22}{cells}".rstrip())
    unseen = len(PROMISED - set(seen))
    reporter.line(
        f"{len(PROMISED)} promised, {unseen} of them unseen; {len(unpromised(seen))} unpromised; "
        f"{_GATHERED['matrix'].total()} + {_GATHERED['fuzz'].total()} answers"
    )


def _all() -> Sightings:
    return sum(_GATHERED.values(), Counter())


def _cell(operation_id: str, status: int) -> str:
    by_matrix, by_fuzz = (_GATHERED[source][operation_id, status] for source in ("matrix", "fuzz"))
    if (operation_id, status) not in PROMISED:
        return f"!{by_matrix + by_fuzz}" if by_matrix + by_fuzz else ""
    return f"{by_matrix}+{by_fuzz}" if by_fuzz else str(by_matrix)
