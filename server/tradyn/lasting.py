"""An answer that is given more than once, as it is."""

from __future__ import annotations

from typing import Any

__all__ = ["Lasting"]


class Lasting(dict[str, Any]):
    """An envelope that nobody changes any more, so that it needs to be checked and written only once.

    Attributes:
        payload: the bytes it was answered with, after they were found to fit the document; None before.
            An envelope is of one operation, because each has its own document.
    """

    __slots__ = ("payload",)

    payload: bytes | None

    def __init__(self, envelope: dict[str, Any]) -> None:
        super().__init__(envelope)
        self.payload = None
