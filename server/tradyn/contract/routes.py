"""The path table: from the bytes of the request line to what stands at that path.

What always holds: a path matches segment by segment and exactly. A trailing or doubled slash is another path,
`%2F` does not split a segment, a template never takes an empty one, and a constant wins over a template.
"""

from __future__ import annotations

from typing import Generic, TypeVar
from urllib.parse import unquote_to_bytes

from tradyn.contract.document import ContractError

__all__ = ["Route", "Routes"]

T = TypeVar("T")


class Route(Generic[T]):
    """One path: what answers each method, and the methods as the `Allow` header has them."""

    __slots__ = ("allow", "methods", "template")

    def __init__(self, template: str) -> None:
        self.template = template
        self.methods: dict[str, T] = {}
        self.allow = ""


class _Node(Generic[T]):
    __slots__ = ("constant", "route", "template")

    def __init__(self) -> None:
        self.constant: dict[bytes, _Node[T]] = {}
        self.template: _Node[T] | None = None
        self.route: Route[T] | None = None


class Routes(Generic[T]):
    """All paths below one prefix: a dict for the constant ones, a tree by segments for all of them."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._constant: dict[bytes, Route[T]] = {}
        self._root: _Node[T] = _Node()

    def add(self, template: str, method: str, target: T) -> None:
        """Enter an operation. `template` is a path of the document, `method` in capitals."""
        node = self._root
        for segment in (self._prefix + template)[1:].split("/"):
            if segment.startswith("{"):
                node.template = node.template or _Node()
                node = node.template
            else:
                node = node.constant.setdefault(segment.encode(), _Node())
        if node.route is None:
            node.route = Route(template)
        elif node.route.template != template:
            raise ContractError(f"paths.{template}: cannot be told from {node.route.template}")
        node.route.methods[method] = target
        node.route.allow = ", ".join(sorted(node.route.methods))
        if "{" not in template:
            self._constant[(self._prefix + template).encode()] = node.route

    def find(self, raw_path: bytes) -> tuple[Route[T] | None, tuple[bytes, ...]]:
        """The route and the still encoded values of its path parameters, in the template's order."""
        route = self._constant.get(raw_path)
        if route is not None:
            return route, ()
        if raw_path[:1] != b"/":
            return None, ()
        return _walk(self._root, raw_path[1:].split(b"/"), 0, ())


def _walk(
    node: _Node[T], segments: list[bytes], index: int, values: tuple[bytes, ...]
) -> tuple[Route[T] | None, tuple[bytes, ...]]:
    # As deep as the tree, never as deep as the client's path: the tree ends first.
    if index == len(segments):
        return node.route, values
    segment = segments[index]
    # `%61ccount` and `account` are the same segment to RFC 3986.
    child = node.constant.get(unquote_to_bytes(segment) if b"%" in segment else segment)
    if child is not None:
        route, found = _walk(child, segments, index + 1, values)
        if route is not None:
            return route, found
    if node.template is not None and segment:
        return _walk(node.template, segments, index + 1, (*values, segment))
    return None, ()
