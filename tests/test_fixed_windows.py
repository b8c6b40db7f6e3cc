"""Windows of a fixed length, by name, without a thread."""

from __future__ import annotations

import time

import pytest

from tradyn.fixed_windows import FixedWindows


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1_800_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    return now


def test_a_window_begins_with_the_first_and_does_not_move(clock: list[float]) -> None:
    windows = FixedWindows(10)
    assert [windows.count("a") for _ in range(3)] == [1, 2, 3]
    clock[0] += 9.75
    assert (windows.count("a"), windows.seconds_left("a")) == (4, 0.25)
    assert (windows.count("b"), windows.seconds_left("b")) == (1, 10)
    clock[0] += 0.25
    assert "a" not in windows
    assert [windows.count(name) for name in "aab"] == [1, 2, 2]
    assert windows.seconds_left("c") == 0


def test_what_has_ended_is_forgotten(clock: list[float]) -> None:
    windows = FixedWindows(10)
    for number in range(1000):
        windows.count(str(number))
        clock[0] += 1
        assert len(windows) <= 10
    clock[0] += 10
    assert len(windows) == 0


def test_a_clock_that_is_set_back_ends_what_began_later(clock: list[float]) -> None:
    windows = FixedWindows(10)
    windows.count("a")
    clock[0] -= 3600
    assert [windows.count("a") for _ in range(2)] == [1, 2]
    assert windows.seconds_left("a") == 10
