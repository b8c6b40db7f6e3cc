"""Lists that come in pages, entry by entry. A page is asked for when its first entry is wanted, not before."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import Protocol, TypeVar

T_co = TypeVar("T_co", covariant=True)


class Page(Protocol[T_co]):
    """A part of a list, and where the next begins; None after the last."""

    @property
    def data(self) -> Sequence[T_co]:
        """The entries."""

    @property
    def next_cursor(self) -> str | None:
        """What to ask the next page with."""


def entries(ask: Callable[[str | None], Page[T_co]]) -> Iterator[T_co]:
    """The entries of all pages.

    Args:
        ask: Gets the page that a cursor stands for, the first one for None.
    """
    cursor = None
    while True:
        page = ask(cursor)
        yield from page.data
        cursor = page.next_cursor
        if cursor is None:
            return


async def entries_async(ask: Callable[[str | None], Awaitable[Page[T_co]]]) -> AsyncIterator[T_co]:
    """The same as `entries`, for `async for`."""
    cursor = None
    while True:
        page = await ask(cursor)
        for entry in page.data:
            yield entry
        cursor = page.next_cursor
        if cursor is None:
            return


__all__ = ["Page", "entries", "entries_async"]
