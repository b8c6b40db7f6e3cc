"""Which `client_order_id`s were settled, in memory, so that a new one is not looked for on the disk.

What always holds: of an id that was settled it is never said that it is new.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import Final

__all__ = ["SettledIds"]

_MOST: Final = 200_000
"""Some 25 MB."""
_MOST_LOADED: Final = 5_000
"""Which takes some 2 ms."""


class SettledIds:
    """The ids of the accounts at work; of one with very many nothing is known.

    Args:
        load: the durable ids of an account, all or, of very many, any so many.
        most: ids of all accounts together; the account that was not asked for the longest is given up first.
        most_loaded: ids of an account that are loaded.
    """

    def __init__(
        self,
        load: Callable[[int, int], Collection[str]],
        *,
        most: int = _MOST,
        most_loaded: int = _MOST_LOADED,
    ) -> None:
        self._load = load
        self._most = most
        self._most_loaded = most_loaded
        self._count = 0
        self._known: OrderedDict[int, set[str]] = OrderedDict()
        # Never loaded again: what is on its way to the disk just then would be missed.
        self._given_up: set[int] = set()

    def is_new(self, account: int, client_order_id: str) -> bool:
        """Whether it is certain that this id was not appended yet."""
        known = self._known.get(account)
        if known is None:
            if account in self._given_up:
                return False
            known = set(self._load(account, self._most_loaded + 1))
            if len(known) > self._most_loaded:
                self._given_up.add(account)
                return False
            self._known[account] = known
            self._count += len(known)
            self._make_room()
        else:
            self._known.move_to_end(account)
        return client_order_id not in known

    def add(self, account: int, client_order_id: str) -> None:
        """This id is on its way to the disk."""
        known = self._known.get(account)
        if known is None:
            self._given_up.add(account)
        elif client_order_id not in known:
            known.add(client_order_id)
            self._count += 1
            self._make_room()

    def _make_room(self) -> None:
        while self._count > self._most:
            account, known = self._known.popitem(last=False)
            self._given_up.add(account)
            self._count -= len(known)
