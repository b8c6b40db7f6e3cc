"""`record`: dataclasses that nobody may change, at the price of those that anybody may.

A frozen dataclass sets each of its fields through `object.__setattr__`, which makes an order three times as
dear as one that is not frozen, and a fill makes a dozen records. So what holds them frozen here is the type
checker, for which `record` is `dataclass` itself and every use of it says `frozen=True`. While the
program runs they are not frozen; they compare and hash by their fields all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["record"]

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:
    from dataclasses import dataclass

    def record(*, frozen, slots, kw_only=False):
        """Class decorator: `dataclass` with these arguments, but that nothing is frozen while it runs."""
        if not frozen:
            raise TypeError("a record is frozen for the type checker: say frozen=True")
        return dataclass(unsafe_hash=True, slots=slots, kw_only=kw_only)
