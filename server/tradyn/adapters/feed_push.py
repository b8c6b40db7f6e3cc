"""The feed without quotes of its own: every price is pushed through the API.

Always holds: every answer is empty. What was pushed is kept by the desk and the journal, not here.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tradyn.broker.market import Quote
from tradyn.candles import empty_bars
from tradyn.ports import Bars, Quotes

__all__ = ["PushFeed"]


class PushFeed:
    """A `Feed` that never has a quote."""

    @property
    def start(self) -> int | None:
        """None: it can start at any time."""
        return None

    @property
    def end(self) -> int | None:
        """None: it never ends."""
        return None

    def quotes(self, after: int, until: int) -> Mapping[str, Quotes]:
        """No quotes of any symbol."""
        return {}

    def columns(self, symbol: str, after: int, until: int) -> Quotes:
        """No quotes of `symbol`."""
        return Quotes(*(np.empty(0, np.int64) for _ in Quotes._fields))

    def last(self, symbol: str, at: int) -> Quote | None:
        """There is none."""
        return None

    def bars(self, symbol: str, since: int, until: int) -> Bars:
        """No bars."""
        return empty_bars()
