"""When the garbage collector looks for what counting references does not free."""

from __future__ import annotations

import gc
from typing import Final

__all__ = ["begin_to_collect", "collect_nothing"]

_AFTER: Final = 10_000
"""Objects more than there were. Python's 700 are fewer than the requests in hand have; looking so often takes
a twentieth of what a trade takes. It halts everything for half a millisecond."""


def collect_nothing() -> None:
    """As all that a start makes is there to stay, looking through it for garbage is time lost."""
    gc.disable()


def begin_to_collect() -> None:
    """From here on, and never of what is there by now."""
    gc.freeze()
    gc.set_threshold(_AFTER, 10, 10)
    gc.enable()
