"""The document's links, as walks along them name them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from contract.served import DOCUMENT

__all__ = ["Link", "link_of", "links_of", "neighbours_of"]

Link = tuple[str, str, str]
"""Operation (`GET /api/orders`), status, and the name of a link there."""


def _ends() -> dict[Link, tuple[str, str]]:
    """Every link → the ids of the operations where it begins and where it ends."""
    return {
        (str(operation), status, name): (operation.id, DOCUMENT.resolve(link)["operationId"])
        for operation in DOCUMENT.operations
        for status, answer in DOCUMENT.answers(operation).items()
        for name, link in answer.get("links", {}).items()
    }


def links_of(operations: Iterable[str]) -> set[Link]:
    """Every link that begins and ends at one of these."""
    ids = {*operations}
    return {link for link, ends in _ends().items() if ids.issuperset(ends)}


def neighbours_of(link: Link) -> set[str]:
    """The operation where a link begins, that where it ends, and those with a link to its beginning."""
    begin, end = _ends()[link]
    return {begin, end, *(source for source, target in _ends().values() if target == begin)}


def link_of(transition: str) -> Link:
    """What schemathesis calls `GET /api/orders -> [200] nextPage -> GET /api/orders`."""
    found = re.fullmatch(r"(.+) -> \[(\d+)\] (\S+) -> .+", transition)
    assert found is not None, transition
    return found[1], found[2], found[3]
