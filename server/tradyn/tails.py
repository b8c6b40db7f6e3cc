"""Which accounts get a snapshot, so that a start after a crash has little to fold.

An account's tail is what it did since its last snapshot. No tail grows beyond `LONGEST`, and all tails
together not far beyond `MOST`: then those that have waited the longest get their snapshot, some at a time. A
snapshot is as long as what the account holds, so that one is only made when the tail is no shorter; thus
snapshots cost a transaction little, however many accounts there are and whatever they hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

from tradyn.broker.accounts import Account

__all__ = ["LONGEST", "MOST", "Tails"]

LONGEST: Final = 1_000
"""Transactions after which an account gets a snapshot."""

MOST: Final = 20_000
"""Transactions of all accounts together after which some get a snapshot."""

_AT_ONCE: Final = 256


class Tails:
    """How much each account has done since its last snapshot.

    Args:
        accounts: as they are at the start; what they did before needs no further snapshot.
    """

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._versions = {each.login: each.version for each in accounts}
        # In the order in which they began.
        self._tails: dict[int, int] = {}
        self._total = 0
        self._next = MOST

    def grow(self, account: Account, accounts: Mapping[int, Account]) -> list[Account]:
        """An account has moved; the accounts that a snapshot is to be made of now."""
        login = account.login
        known = self._tails.get(login, 0)
        tail = self._tails[login] = account.version - self._versions.get(login, 0)
        self._total += tail - known
        due = []
        if tail >= LONGEST:
            due.append(account)
            self._end(account)
        if self._total >= self._next:
            for each in list(islice(self._tails, _AT_ONCE)):
                waiting = accounts[each]
                tail = self._tails[each]
                if tail >= len(waiting.positions) + len(waiting.orders):
                    due.append(waiting)
                    self._end(waiting)
                else:
                    del self._tails[each]
                    self._tails[each] = tail
            self._next = max(MOST, self._total + _AT_ONCE)
        return due

    def moved(self, accounts: Mapping[int, Account]) -> list[Account]:
        """All that moved since their last snapshot; they are to get one."""
        found = [accounts[login] for login in self._tails]
        for each in found:
            self._end(each)
        return found

    def _end(self, account: Account) -> None:
        self._total -= self._tails.pop(account.login)
        self._versions[account.login] = account.version
