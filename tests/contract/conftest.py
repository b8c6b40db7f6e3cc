"""Prints the matrix of operations and statuses at the end of the run, whichever process made it."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            for name, value in getattr(report, "user_properties", ()):
                if name == "matrix":
                    terminalreporter.section("answers seen, by operation and status")
                    terminalreporter.write_line(str(value))
