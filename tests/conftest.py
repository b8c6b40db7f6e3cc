"""Plugins of the whole run, and reports that every process can hand on."""

from collections.abc import Generator

import pytest

pytest_plugins = ["contract.matrix_report"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Half a surrogate pair in a captured log (tests send some) would end the whole run of pytest-xdist."""
    report = yield
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections
    ]
    return report
