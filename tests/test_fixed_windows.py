"""Windows of a fixed length, by name."""

from __future__ import annotations

from tradyn.fixed_windows import FixedWindows


class Clock:
    """Seconds that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_window_begins_with_the_first_and_does_not_move() -> None:
    clock = Clock()
    windows = FixedWindows(10, clock)
    assert [windows.count("a") for _ in range(3)] == [1, 2, 3]
    clock.now += 9.75
    assert (windows.count("a"), windows.seconds_left("a")) == (4, 0.25)
    assert (windows.count("b"), windows.seconds_left("b")) == (1, 10)
    clock.now += 0.25
    assert "a" not in windows
    assert [windows.count(name) for name in "aab"] == [1, 2, 2]
    assert windows.seconds_left("c") == 0


def test_what_has_ended_is_forgotten() -> None:
    clock = Clock()
    windows = FixedWindows(10, clock)
    for number in range(1000):
        windows.count(str(number))
        clock.now += 1
        assert len(windows) <= 10
    clock.now += 10
    assert len(windows) == 0
