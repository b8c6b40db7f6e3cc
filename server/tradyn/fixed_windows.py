"""How often something was done in a window of time, counted by name.

A name's window begins with the first that is counted, and lasts for a fixed time whatever else comes in it.
What always holds: no thread, no timer and no lock; whatever has ended is forgotten at the next count.
"""

from __future__ import annotations

import time

__all__ = ["FixedWindows"]


class FixedWindows:
    """Counts by name, each in windows of its own.

    Args:
        seconds: how long a window lasts, of wall time.
    """

    __slots__ = ("_seconds", "_windows")

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        # By name, in the order in which they began: when it ends, and how many came in it.
        self._windows: dict[str, tuple[float, int]] = {}

    def __len__(self) -> int:
        """How many names have a window at present."""
        self._forget(time.time())
        return len(self._windows)

    def __contains__(self, name: str) -> bool:
        """Whether a name has a window at present."""
        self._forget(time.time())
        return name in self._windows

    def count(self, name: str) -> int:
        """One more; how many it are in the window."""
        now = time.time()
        self._forget(now)
        ends, before = self._windows.get(name) or (now + self._seconds, 0)
        self._windows[name] = (ends, before + 1)
        return before + 1

    def seconds_left(self, name: str) -> float:
        """Until the window of a name ends; 0 where there is none."""
        ends, _ = self._windows.get(name, (0.0, 0))
        return max(ends - time.time(), 0.0)

    def _forget(self, now: float) -> None:
        windows = self._windows
        while windows:
            # All last equally long, so the first that began is the first to end.
            name = next(iter(windows))
            ends = windows[name][0]
            # A clock that was set back shall not make a window longer.
            if now < ends <= now + self._seconds:
                return
            del windows[name]
