"""Connections that a client shares with its copies."""

from collections.abc import Callable
from typing import Generic, TypeVar

C = TypeVar("C")


class Pool(Generic[C]):
    """An httpx client, made when it is first needed.

    Always holds: it is closed when the last block is left that entered it, of a client or of a copy; one that was
    given is the giver's to close, and stays.

    Args:
        make: Makes one.
    """

    def __init__(self, make: Callable[[], C]) -> None:
        self._make = make
        self._given: C | None = None
        self._made: C | None = None
        self._blocks = 0

    def get(self) -> C:
        """The one that was given, else one that is made."""
        if self._given is not None:
            return self._given
        if self._made is None:
            self._made = self._make()
        return self._made

    def give(self, client: C) -> None:
        """Use this one from now on."""
        self._given = client

    def enter(self) -> None:
        """A block begins."""
        self._blocks += 1
        self.get()

    def leave(self) -> C | None:
        """A block ends; what is to be closed now."""
        self._blocks -= 1
        if self._blocks:
            return None
        made, self._made = self._made, None
        return made


__all__ = ["Pool"]
