"""Schemas of the document as compiled validators.

What always holds: OpenAPI 3.0 is translated to JSON Schema Draft 4 keyword by keyword; a keyword or format
that would not be enforced is refused at start, so what the document promises is what is checked. Patterns run
on an engine of linear time, in which `$` is the end: `"ABC\\n"` does not match `^[A-Z]+$`.

Not true: `discriminator` does not choose the branch of a oneOf (the branches decide by themselves).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import jsonschema_rs

from tradyn.contract.document import ContractError
from tradyn.contract.failures import describe
from tradyn.errors import Problem

__all__ = ["Shape", "is_date_time", "translate"]

_COPIED: Final = frozenset(
    (
        "multipleOf",
        "maximum",
        "exclusiveMaximum",
        "minimum",
        "exclusiveMinimum",
        "maxLength",
        "minLength",
        "pattern",
        "maxItems",
        "minItems",
        "uniqueItems",
        "maxProperties",
        "minProperties",
        "required",
    )
)
_PROSE: Final = frozenset(
    (
        "title",
        "description",
        "default",
        "example",
        "deprecated",
        "externalDocs",
        "xml",
        "discriminator",
        # and what `_translate_type` and `_translate_format` see to:
        "nullable",
        "type",
        "enum",
        "format",
    )
)
_TYPES: Final = frozenset(("string", "number", "integer", "boolean", "array", "object"))
_ENFORCED_FORMATS: Final = frozenset(("date-time", "uri", "email", "ipv4", "ipv6", "hostname"))
# These say how a client may hold the value; they forbid nothing.
_HINTS: Final = frozenset(("float", "double", "password"))
_INTEGER_FORMATS: Final[Mapping[str, int]] = {"int32": 31, "int64": 63}

_DATE_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)


def is_date_time(text: str) -> bool:
    """Whether the text is an RFC 3339 date-time that Python can hold and turn into UTC.

    Narrower than the RFC where `datetime` is: capital T and Z, no leap second, years 1 to 9999 also in UTC.
    """
    if not _DATE_TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    return True


def translate(schema: Any, place: str) -> dict[str, Any]:
    """The schema (references resolved) in Draft 4, stripped of prose."""
    if not isinstance(schema, dict):
        raise ContractError(f"{place}: a schema must be a mapping")
    result: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _COPIED:
            result[key] = value
        elif key in ("allOf", "oneOf", "anyOf"):
            result[key] = [translate(each, f"{place}.{key}[{index}]") for index, each in enumerate(value)]
        elif key in ("not", "items"):
            result[key] = translate(value, f"{place}.{key}")
        elif key == "properties":
            result[key] = {name: translate(each, f"{place}.{key}.{name}") for name, each in value.items()}
        elif key == "additionalProperties":
            result[key] = value if isinstance(value, bool) else translate(value, f"{place}.{key}")
        elif key in ("readOnly", "writeOnly"):
            if value:
                raise ContractError(f"{place}.{key}: is not supported")
        elif key not in _PROSE and not key.startswith("x-"):
            raise ContractError(f"{place}.{key}: this keyword is not supported")
    _translate_format(schema, result, place)
    return _translate_type(schema, result, place)


def _translate_format(schema: Mapping[str, Any], result: dict[str, Any], place: str) -> None:
    name = schema.get("format")
    if name is None or name in _HINTS:
        return
    if name in _INTEGER_FORMATS and schema.get("type") == "integer":
        limit = 2 ** _INTEGER_FORMATS[name]
        result.setdefault("minimum", -limit)
        result.setdefault("maximum", limit - 1)
    elif name in _ENFORCED_FORMATS and schema.get("type") == "string":
        result["format"] = name
    else:
        raise ContractError(f"{place}.format: {name} of a {schema.get('type')} would not be enforced")


def _translate_type(schema: Mapping[str, Any], result: dict[str, Any], place: str) -> dict[str, Any]:
    nullable = schema.get("nullable") is True
    kind = schema.get("type")
    if kind is not None:
        if kind not in _TYPES:
            raise ContractError(f"{place}.type: must be one of {', '.join(sorted(_TYPES))}, got {kind!r}")
        if kind == "array" and "items" not in schema:
            raise ContractError(f"{place}: an array needs `items`")
        result["type"] = [kind, "null"] if nullable else kind
    if "enum" in schema:
        options = list(schema["enum"])
        result["enum"] = [*options, None] if nullable and None not in options else options
    if nullable and (kind is None or any(key in result for key in ("allOf", "oneOf", "anyOf", "not"))):
        # `nullable` beside a composition: the client generators read it as "or null", and so does the table.
        if kind is not None:
            result["type"] = kind
        return {"anyOf": [{"type": "null"}, result]}
    return result


class Shape:
    """A schema compiled once: asked at every request whether a value fits, and now and then why not."""

    __slots__ = ("_schema", "_validator", "is_valid")

    def __init__(self, schema: dict[str, Any], place: str, *, strict_times: bool) -> None:
        """Compile.

        Args:
            schema: in Draft 4, as `translate` gives it.
            place: where it stands in the document.
            strict_times: use `is_date_time` for date-times (what clients send); otherwise the validator's
                own check, which costs no call into Python (what this server itself wrote).
        """
        try:
            self._validator = jsonschema_rs.Draft4Validator(
                schema,
                formats={"date-time": is_date_time} if strict_times else None,
                validate_formats=True,
                ignore_unknown_formats=False,
                pattern_options=jsonschema_rs.RegexOptions(),
                offline=True,
            )
        except ValueError as error:
            reason = str(error).partition("\n")[0][:300]
            raise ContractError(f"{place}: the schema cannot be compiled: {reason}") from error
        self._schema = schema
        self.is_valid = self._validator.is_valid

    def problems(self, value: Any, at: str) -> list[Problem]:
        """Why the value does not fit, each problem with its place below `at`."""
        return describe(self._validator.iter_errors(value), self._schema, at)
