"""How often something was done in a window of time, counted by name.

A name's window begins with the first that is counted, and lasts for a fixed time whatever else comes in it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from time import monotonic

from cachetools import TTLCache

__all__ = ["FixedWindows"]


class FixedWindows:
    """Counts by name, each in windows of its own; those that have ended take no memory.

    Args:
        seconds: how long a window lasts, of wall time.
        clock: seconds that never go back.
    """

    __slots__ = ("_clock", "_seconds", "_windows")

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        # When it began, and how many came in it: a list, because to put in another would begin it anew.
        self._windows: TTLCache[str, list[float]] = TTLCache(math.inf, seconds, clock)

    def __len__(self) -> int:
        """How many names have a window at present."""
        return len(self._windows)

    def __contains__(self, name: str) -> bool:
        """Whether a name has a window at present."""
        return name in self._windows

    def count(self, name: str) -> int:
        """One more; how many it are in the window."""
        try:
            # Not `get`, which looks twice.
            window = self._windows[name]
        except KeyError:
            self._windows[name] = window = [self._clock(), 0]
        window[1] += 1
        return int(window[1])

    def seconds_left(self, name: str) -> float:
        """Until the window of a name ends; 0 where there is none."""
        window = self._windows.get(name)
        return 0.0 if window is None else max(window[0] + self._seconds - self._clock(), 0.0)
