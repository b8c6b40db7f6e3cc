"""What a quick start names of the API, read from its text: operations, fields of answers, fields of requests.

Each language has its way: `account.balance`, `account["balance"]`, `.balance` of `$account` in jq,
`field(account, "balance")`. The programs hold answers in variables of the same names in every language and
name their types as the document names its schemas, so that each field belongs to one schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["ENVELOPE", "ENVELOPE_FIELDS", "Named", "named_in", "problems", "schema_fields"]

ENVELOPE: Final = "the envelope"
ENVELOPE_FIELDS: Final = frozenset({"success", "data", "error", "code", "retcode", "request_id", "details"})

_SUBJECTS: Final = {
    "account": "Account",
    "position": "Position",
    "positions": "Position",
    "quote": "Quote",
    "bought": "TradeResult",
    "moved": "Position",
    "closed": "CloseResult",
    "answer": ENVELOPE,
    "refused": ENVELOPE,
}
_SUBJECT: Final = rf"\b({'|'.join(_SUBJECTS)})"
_METHODS: Final = "GET|POST|PUT|PATCH|DELETE"


@dataclass(frozen=True, slots=True)
class Named:
    """One thing that a source names.

    Attributes:
        kind: `operation`, or the schema of a field.
        name: the field's; of an operation "METHOD /path" with `{}` for what is filled in.
        start, end: where in the text it stands, so that a test can put something else there.
    """

    kind: str
    name: str
    start: int
    end: int


def named_in(source: str, suffix: str) -> list[Named]:
    """Everything that the source names.

    Args:
        suffix: of the file, which tells the language: `.py`, `.rs` …
    """
    typed_python = "from tradyn_client" in source
    found = [*(_client_modules(source) if typed_python else _operations(source))]
    found += _fields_by_pattern(source, suffix)
    if suffix == ".sh":
        found += _jq_fields(source)
    if suffix in (".go", ".rs", ".cs"):
        found += _declared_fields(source, suffix)
    found += _request_fields(source)
    return found


def problems(source: str, suffix: str, document: Mapping[str, Any]) -> list[str]:
    """What the source names that the document does not have; one sentence each."""
    said = []
    for named in named_in(source, suffix):
        line = source.count("\n", 0, named.start) + 1
        if named.kind == "operation":
            if not _is_operation(named.name, document):
                said.append(f"line {line}: the document has no operation {named.name}")
        elif named.name not in schema_fields(named.kind, document):
            said.append(f"line {line}: {named.kind} has no field {named.name}")
    if "from tradyn_client" not in source:
        # No path may be written in a way that this reader overlooks.
        seen = {each.start for each in _operations(source)}
        for place in re.finditer(r"/api/", _without_comments(source)):
            if place.start() not in seen:
                line = source.count("\n", 0, place.start()) + 1
                said.append(f"line {line}: a path that is used in no request that can be read")
    return said


def schema_fields(schema: str, document: Mapping[str, Any]) -> frozenset[str]:
    """The names of a schema's properties."""
    if schema == ENVELOPE:
        return ENVELOPE_FIELDS
    return frozenset(document["components"]["schemas"].get(schema, {}).get("properties", {}))


# ── operations ─────────────────────────────────────────────────────────────────────────────────────────────


def _operations(source: str) -> Iterator[Named]:
    source = _without_comments(source)
    # The path beside its method: call("GET", "/api/account"), call GET /api/account, x.GET("/api/account").
    beside = rf"\b((?i:{_METHODS}))\b[\"']?[,(]?\s*[$f]?[\"'`]?(/api/[^\"'`\s?)]*)"
    for found in re.finditer(beside, source):
        yield Named("operation", f"{found[1].upper()} {_path(found[2])}", found.start(2), found.end(2))
    # Or in a variable that is used with one method or more.
    for kept in re.finditer(r"\b(\w+) :?= [^;\n]*?\"(/api/[^\"]*)\"", source):
        if re.search(beside, kept[0]):
            continue
        for used in re.finditer(rf"\"({_METHODS})\", &?{kept[1]}\b", source):
            yield Named("operation", f"{used[1]} {_path(kept[2])}", kept.start(2), kept.end(2))


def _client_modules(source: str) -> Iterator[Named]:
    """Operations of the Python client: a module each, named as the operationId."""
    for found in re.finditer(r"from tradyn_client\.api\.\w+ import ([\w, ]+)", source):
        for name in re.finditer(r"\w+", found[1]):
            start = found.start(1) + name.start()
            yield Named("operation", name[0], start, start + len(name[0]))


def _path(written: str) -> str:
    """`/api/positions/${ticket}`, `/api/positions/%d` and `"/api/positions/" + ticket` are the same."""
    parts = ["{}" if not part or part[0] in "{$%" else part for part in written.split("/")[1:]]
    return "/" + "/".join(parts)


def _is_operation(name: str, document: Mapping[str, Any]) -> bool:
    method, _, path = name.partition(" ")
    for template, item in document["paths"].items():
        if not path:
            ids = [each["operationId"] for each in item.values() if isinstance(each, dict)]
            if name in [re.sub(r"(?<!^)(?=[A-Z])", "_", each).lower() for each in ids]:
                return True
        elif method.lower() in item and re.fullmatch(
            re.sub(r"\{[^}]+\}", r"(?:\\{\\}|[\\w.-]+)", template), path
        ):
            return True
    return False


# ── fields ─────────────────────────────────────────────────────────────────────────────────────────────────

# How a language reads a field of a variable: (variable, field).
_READS: Final = {
    **dict.fromkeys((".ts", ".mjs", ".cs", ".go", ".rs"), rf"{_SUBJECT}\??\.(?:r#)?([A-Za-z]\w*)"),
    ".py": rf"{_SUBJECT}(?:\.([a-z]\w*)|\[[\"'](\w+)[\"']\])",
    ".php": rf"{_SUBJECT}\['(\w+)'\]",
    ".java": r"\bfield\((\w+)(?:\.group\(\))?, \"(\w+)\"\)",
    ".sh": r"(?!)",
}


def _fields_by_pattern(source: str, suffix: str) -> Iterator[Named]:
    text = _without_comments(source)
    for found in re.finditer(_READS[suffix], text):
        group = 2 if found[2] else 3
        # The module that a program imports from is no answer.
        if found[1] in _SUBJECTS and not text[: found.start()].endswith("api."):
            yield _field(_SUBJECTS[found[1]], found[group], found.start(group))


def _jq_fields(source: str) -> Iterator[Named]:
    for program in re.finditer(r"jq [^'\n]*'([^']*)' <<<\"\$(\w+)\"", source):
        for found in re.finditer(r"\.([a-z_]+)", program[1]):
            yield _field(_SUBJECTS[program[2]], found[1], program.start(1) + found.start(1))


def _declared_fields(source: str, suffix: str) -> Iterator[Named]:
    """Types that are named as schemas, and the type of an answer."""
    declaration, field = {
        ".go": (r"(?:type|var) (\w+)(?:\[T any\])? struct \{\n(.*?)\n\s*\}", r"json:\"(\w+)\""),
        ".rs": (r"struct (\w+)(?:<T>)? \{\n(.*?)\n\}", r"(?m)^\s+(?:r#)?(\w+):"),
        ".cs": (r"record (\w+)(?:<T>)?\((.*?)\);", r"(\w+)(?=,|$)"),
    }[suffix]
    for found in re.finditer(declaration, source, re.DOTALL):
        schema = ENVELOPE if found[1].lower() == "answer" else found[1]
        for each in re.finditer(field, found[2]):
            yield _field(schema, each[1], found.start(2) + each.start(1))


def _request_fields(source: str) -> Iterator[Named]:
    """The keys of the trade's body, from `symbol` to `client_order_id`, and the one of the change's."""
    text = _without_comments(source)
    key = r"(?<![\w$.{])[\"']?([A-Za-z_]\w*)[\"']?(?:\s?=>|:|=(?=[^=]))(?=\s|[\w(\"'])"
    # The first key may be any, so that a wrong one is seen; the values are what they are in every language.
    body = re.search(
        r"[\"']?\w+[\"']?\s?(?:=>|:|=)\s?[\"']EURUSD[\"'],.*?(?:client_?order_?id\w*)[\"']?\s?(?:=>|:|=)",
        text,
        re.DOTALL | re.IGNORECASE,
    )
    if body is not None:
        for found in re.finditer(key, body[0] + " "):
            yield _field("TradeRequest", found[1], body.start() + found.start(1))
    change = r"[\[({]\s*[\"'\[]*(\w+)[\"']?\s?(?:=>|:|=)\s?[^,;\n]*?(?:0\.995|%s\})"
    for found in re.finditer(change, text):
        yield _field("ModifyPositionRequest", found[1], found.start(1))


def _field(schema: str, written: str, start: int) -> Named:
    """`ClientOrderId`, `ClientOrderID` and `client_order_id` are the same, and so are `type_` and `type`."""
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", written).lower().rstrip("_")
    return Named(schema, snake, start, start + len(written))


def _without_comments(source: str) -> str:
    """The source with blanks for its comments, so that all places stay the same."""
    comment = r"(?m)(?:(?<=\s)|^)(?:#(?!\[|!\[) .*|// .*)$|/\*\*.*?\*/"
    return re.sub(comment, lambda found: " " * len(found[0]), source)
