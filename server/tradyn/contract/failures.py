"""What a validator found, said to a person: where, what was wrong, what would be right.

What always holds: of the client's value at most 100 characters come back, and at most `LIMIT` problems.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import jsonschema_rs
import orjson

from tradyn.errors import ApiError, Problem

__all__ = ["LIMIT", "describe", "malformed", "show"]

LIMIT: Final = 20
_ECHO: Final = 100
_ARTICLES: Final = {
    "string": "a string",
    "number": "a number",
    "integer": "an integer",
    "boolean": "true or false",
    "array": "an array",
    "object": "an object",
    "null": "null",
}
_AND_MATCH: Final = ", and match "
_FORMATS: Final = {
    "date-time": "an RFC 3339 date and time with its offset, like 2025-01-31T12:00:00Z",
    "uri": "an absolute URI",
    "email": "an e-mail address",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "hostname": "a host name",
}


def malformed(problems: Sequence[Problem]) -> ApiError:
    """The answer to a request of the wrong shape: its first problem as the sentence, all as details."""
    first = problems[0]
    return ApiError("INVALID_REQUEST", f"{first.at}: {first.problem}", details=problems[:LIMIT])


def show(value: Any) -> str:
    """The client's value as JSON, cut to what may be echoed."""
    if isinstance(value, str):
        value = value[: _ECHO + 1]
    try:
        text = orjson.dumps(value).decode()
    except TypeError:
        # An integer beyond 64 bits, or half a surrogate pair: neither may hinder the answer that tells of it.
        text = str(value).encode("ascii", "backslashreplace").decode()
    return text if len(text) <= _ECHO else text[: _ECHO - 1] + "…"


def describe(
    errors: Iterable[jsonschema_rs.ValidationError], schema: dict[str, Any], at: str
) -> list[Problem]:
    """The problems behind a validator's errors, at most `LIMIT`."""
    problems: list[Problem] = []
    for error in errors:
        problems.extend(_explain(error, schema, at))
        if len(problems) >= LIMIT:
            break
    # A value that is not even of its format is told so, without the pattern that narrows it.
    formless = {each.at for each in problems if _is_of_format(each) and _AND_MATCH not in each.problem}
    told = [each for each in problems if each.at not in formless or _AND_MATCH not in each.problem]
    return told[:LIMIT]


def _is_of_format(problem: Problem) -> bool:
    return any(problem.problem.startswith(f"must be {words}") for words in _FORMATS.values())


def _explain(error: jsonschema_rs.ValidationError, schema: dict[str, Any], at: str) -> list[Problem]:
    kind: Any = error.kind
    where = _place(at, error.instance_path)
    match kind.name:
        case "required":
            return [Problem(f"{where}.{_shorten(kind.property)}", "is required")]
        case "additionalProperties":
            known = _known(schema, error.schema_path)
            return [
                Problem(where, f"{show(name)} is not a known property; known: {known}")
                for name in kind.unexpected[:LIMIT]
            ]
        case "oneOf" | "anyOf":
            return _explain_branches(error, schema, at, where)
        case "falseSchema":
            return [Problem(where, f"must be absent, got {show(error.instance)}")]
    return [Problem(where, f"{_expectation(kind, error, schema)}, got {_got(kind.name, error.instance)}")]


def _expectation(kind: Any, error: jsonschema_rs.ValidationError, schema: dict[str, Any]) -> str:
    name: str = kind.name
    match name:
        case "type":
            types = sorted(kind.types, key=lambda each: (each == "null", each))
            return "must be " + " or ".join(_ARTICLES[each] for each in types)
        case "enum":
            return "must be one of " + ", ".join(show(option) for option in kind.options)
        case "minimum":
            return f"must be at least {show(kind.limit)}"
        case "maximum":
            return f"must be at most {show(kind.limit)}"
        case "exclusiveMinimum":
            return f"must be greater than {show(kind.limit)}"
        case "exclusiveMaximum":
            return f"must be less than {show(kind.limit)}"
        case "minLength" | "maxLength":
            return f"must be {_at_least(name)} {_count(kind.limit, 'character')} long"
        case "minItems" | "maxItems":
            return f"must have {_at_least(name)} {_count(kind.limit, 'item')}"
        case "minProperties" | "maxProperties":
            known = _known(schema, error.schema_path)
            return f"must have {_at_least(name)} {_count(kind.limit, 'property')} of {known}"
        case "multipleOf":
            return f"must be a multiple of {show(kind.multiple_of)}"
        case "pattern":
            # Where a format says it in words, people read those first.
            words = _FORMATS.get(_around(schema, error.schema_path).get("format", ""))
            return f"must be {words}{_AND_MATCH}{kind.pattern}" if words else f"must match {kind.pattern}"
        case "format":
            return f"must be {_FORMATS[kind.format]}"
        case "uniqueItems":
            return "must not have the same item twice"
    return "has the wrong shape"


def _got(keyword: str, value: Any) -> str:
    if keyword in ("minLength", "maxLength"):
        return f"{len(value)}: {show(value)}"
    if keyword in ("minItems", "maxItems", "minProperties", "maxProperties"):
        return str(len(value))
    return show(value)


def _explain_branches(
    error: jsonschema_rs.ValidationError, schema: dict[str, Any], at: str, where: str
) -> list[Problem]:
    """Of several allowed shapes the one with the fewest problems is most likely the one that was meant."""
    branches = [
        [problem for each in branch for problem in _explain(each, schema, at)]
        for branch in error.kind.context  # type: ignore[attr-defined]
    ]
    failed = [branch for branch in branches if branch]
    if len(failed) < len(branches) or not failed:
        return [Problem(where, f"fits more than one of {len(branches)} shapes and must fit exactly one")]
    if error.instance is not None:
        # "or null" is a branch of its own; it is not what was meant by somebody who sent something.
        failed = [branch for branch in failed if branch != _only_null(branch)] or failed
    return min(failed, key=len)


def _only_null(branch: list[Problem]) -> list[Problem]:
    return [each for each in branch if each.problem.startswith("must be null,")]


def _known(schema: Any, path: Sequence[str | int]) -> str:
    """The property names of the schema in which the keyword at the end of the path stands."""
    return ", ".join(_around(schema, path).get("properties", {})) or "none"


def _around(schema: Any, path: Sequence[str | int]) -> dict[str, Any]:
    """The schema in which the keyword at the end of the path stands."""
    for part in path[:-1]:
        schema = schema[part]
    found: dict[str, Any] = schema
    return found


def _place(at: str, path: Sequence[str | int]) -> str:
    for part in path:
        at += f"[{part}]" if isinstance(part, int) else f".{_shorten(part)}"
    return at


def _shorten(name: str) -> str:
    return name if len(name) <= _ECHO else name[: _ECHO - 1] + "…"


def _at_least(keyword: str) -> str:
    return "at least" if keyword.startswith("min") else "at most"


def _count(number: int, noun: str) -> str:
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun.removesuffix('y')}ies" if noun.endswith("y") else f"{number} {noun}s"
