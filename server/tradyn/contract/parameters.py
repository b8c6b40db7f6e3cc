"""Path and query parameters: text of the request line to keyword arguments of the handler.

What always holds: only ASCII makes numbers (`" 5 "`, `5_0`, `+5` and Arabic digits are no integers), every
query parameter is known and stands once, and percent-encoding is well-formed UTF-8. All problems are
collected, not only the first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from connexion.decorators.parameter import pythonic  # type: ignore[import-untyped]

from tradyn.contract.document import ContractError
from tradyn.contract.failures import LIMIT, show
from tradyn.contract.schemas import Shape, translate
from tradyn.errors import Problem

__all__ = ["Parameters"]

_LONGEST_NUMBER: Final = 100
_INTEGER: Final = re.compile(r"-?[0-9]+")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_BROKEN_PERCENT: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        raise ValueError(f"must be an integer, got {show(text)}")
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"must be an integer of at most {_LONGEST_NUMBER} digits, got {len(text)}")
    return int(text)


def _number(text: str) -> int | float:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"must be a number, got {show(text)}")
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(f"must be a number of at most {_LONGEST_NUMBER} characters, got {len(text)}")
    if text.isdecimal() or text[1:].isdecimal():
        return int(text)
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"must be a number a double can hold, got {show(text)}")
    return value


def _boolean(text: str) -> bool:
    if text == "true":
        return True
    if text == "false":
        return False
    raise ValueError(f"must be true or false, got {show(text)}")


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "string": str,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
}


def _decode(raw: bytes) -> str:
    if b"%" in raw:
        if _BROKEN_PERCENT.search(raw):
            raise ValueError("has a % that is not followed by two hexadecimal digits")
        raw = unquote_to_bytes(raw)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("must be UTF-8, percent-encoded") from None


class Parameters:
    """The parameters of one operation, compiled: read them, check them, all in the names of the handler."""

    __slots__ = (
        "_defaults",
        "_may_be_absent",
        "_path",
        "_places",
        "_query",
        "_shape",
        "arguments",
        "optional",
    )

    def __init__(self, definitions: Sequence[Mapping[str, Any]], template: str, place: str) -> None:
        """Compile.

        Args:
            definitions: connexion's parameters of the operation, references resolved.
            template: the path, whose `{names}` give the order of the path parameters.
            place: where the operation stands in the document.
        """
        # connexion appends the path's parameters to the operation's list each time it builds the operation;
        # the first of a name counts, so that an operation overrides its path.
        unique: dict[tuple[str, str], Mapping[str, Any]] = {}
        for definition in definitions:
            unique.setdefault((definition["in"], definition["name"]), definition)

        properties: dict[str, Any] = {}
        required: list[str] = []
        self._defaults: dict[str, Any] = {}
        self._query: dict[str, tuple[str, Callable[[str], Any]]] = {}
        self._places: dict[str, str] = {}
        path: dict[str, tuple[str, Callable[[str], Any], str]] = {}
        for (location, name), definition in unique.items():
            where = f"{place}.parameters.{name}"
            argument = pythonic(name)
            if argument in properties or argument in ("body", "token_info"):
                raise ContractError(
                    f"{where}: its argument {argument!r} would have two meanings for the handler"
                )
            schema = definition["schema"]
            reader = _READERS[schema["type"]]
            properties[argument] = translate(schema, where)
            self._places[f".{argument}"] = f"{location}.{name}"
            if definition.get("required"):
                required.append(argument)
            if "default" in schema:
                self._refuse_default(schema["default"], properties[argument], where)
                self._defaults[argument] = schema["default"]
            if location == "path":
                path[name] = (argument, reader, f"path.{name}")
            else:
                self._query[name] = (argument, reader)
        self._path = tuple(path[name] for name in re.findall(r"\{([^{}]*)\}", template))
        rule: dict[str, Any] = {"type": "object", "properties": properties}
        if required:
            rule["required"] = required
        self._shape = Shape(rule, f"{place}.parameters", strict_times=True)
        # Without query and path there is nothing to check, unless something is required.
        self._may_be_absent = self._shape.is_valid({})
        self.arguments = frozenset(properties)
        self.optional = self.arguments - frozenset(required) - frozenset(self._defaults)

    @staticmethod
    def _refuse_default(default: Any, schema: dict[str, Any], where: str) -> None:
        if not Shape(schema, where, strict_times=True).is_valid(default):
            raise ContractError(f"{where}.default: {default!r} does not fit its own schema")

    def read(self, segments: Sequence[bytes], query: bytes, problems: list[Problem]) -> dict[str, Any]:
        """The keyword arguments; whatever is wrong is added to `problems`."""
        if not segments and not query and self._may_be_absent:
            return self._defaults.copy()
        arguments: dict[str, Any] = {}
        before = len(problems)
        if segments:
            for (argument, reader, at), raw in zip(self._path, segments, strict=True):
                try:
                    arguments[argument] = reader(_decode(raw))
                except ValueError as error:
                    problems.append(Problem(at, str(error)))
        if query:
            self._read_query(query, arguments, problems)
        if not self._shape.is_valid(arguments):
            # What could not even be read is absent here; it has been reported for what it was.
            reported = {each.at for each in problems[before:]}
            for each in self._shape.problems(arguments, ""):
                at = self._places[each.at]
                if at not in reported:
                    problems.append(Problem(at, each.problem))
        return {**self._defaults, **arguments} if self._defaults else arguments

    def _read_query(self, query: bytes, arguments: dict[str, Any], problems: list[Problem]) -> None:
        seen: set[str] = set()
        for pair in query.replace(b"+", b" ").split(b"&"):
            if not pair:
                continue
            if len(problems) >= LIMIT:
                return
            raw_name, _, raw_value = pair.partition(b"=")
            at = "query"
            try:
                name = _decode(raw_name)
                known = self._query.get(name)
                if known is None:
                    takes = ", ".join(self._query) or "none"
                    raise ValueError(f"unknown parameter {show(name)}; this operation takes: {takes}")
                at = f"query.{name}"
                if name in seen:
                    raise ValueError("is given more than once")
                seen.add(name)
                argument, reader = known
                arguments[argument] = reader(_decode(raw_value))
            except ValueError as error:
                problems.append(Problem(at, str(error)))
