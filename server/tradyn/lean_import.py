"""Imports without what a server never calls, because a start should take half a second.

Some libraries import, when they are imported, others that they need for one purpose only: a test client,
a template engine, colours in a terminal. Within `left_out` an optional one of those is absent, and its
user takes the way its authors made for that; one that is not optional is a placeholder.
Afterwards the real ones can be imported by whoever wants them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

__all__ = ["left_out"]


class _Placeholder(ModuleType):
    """Has every name, as a class that nobody makes an object of."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


@contextmanager
def left_out(*, optional: tuple[str, ...] = (), never_called: tuple[str, ...] = ()) -> Iterator[None]:
    """Leave these modules out of what is imported in this block, unless they are imported already."""
    modules: dict[str, Any] = sys.modules
    absent = [each for each in (*optional, *never_called) if each not in modules]
    for name in absent:
        modules[name] = None if name in optional else _Placeholder(name)
    try:
        yield
    finally:
        for name in absent:
            del modules[name]
