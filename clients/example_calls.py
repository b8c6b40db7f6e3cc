"""Writes for each operation how the Python client calls it, after the examples of the contract itself."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final

from openapi_python_client.strings import PythonIdentifier, pascal_case, snake_case

__all__ = ["example_calls"]

_WIDTH: Final = 92
_MOST_OPTIONS: Final = 2
# They say how to go on or how to repeat, and have prose of their own.
_LEFT_OUT: Final = frozenset({"cursor", "limit", "client_order_id", "deviation"})


def example_calls(contract: Mapping[str, Any]) -> dict[str, str]:
    """The call of each operation, by operationId, formatted."""
    writer = _Writer(contract)
    calls = {
        operation["operationId"]: writer.call(item, operation) for item, operation in _operations(contract)
    }
    return _formatted(calls)


def _operations(contract: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    for item in contract["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                yield item, operation


class _Writer:
    def __init__(self, contract: Mapping[str, Any]) -> None:
        self._contract = contract

    def call(self, item: Mapping[str, Any], operation: Mapping[str, Any]) -> str:
        """`close_position.sync(2, client=client, volume=0.05)`."""
        positional, named = [], ["client=client"]
        parameters = [
            self._found(each)[1] for each in (*item.get("parameters", ()), *operation.get("parameters", ()))
        ]
        if "requestBody" in operation:
            media = operation["requestBody"]["content"]["application/json"]
            examples = [self._found(each)[1]["value"] for each in media["examples"].values()]
            example = next(filter(None, examples), None)  # an empty body shows nothing
            if example is not None:
                named.append(f"body={self._value(media['schema'], example)}")
        for parameter in parameters:
            value = self._value(
                parameter["schema"], parameter.get("example", parameter["schema"].get("example"))
            )
            if parameter["in"] == "path":
                positional.append(value)
            elif value != "None" and parameter["name"] not in _LEFT_OUT and len(named) <= _MOST_OPTIONS:
                named.append(f"{PythonIdentifier(parameter['name'], '')}={value}")
        return f"{snake_case(operation['operationId'])}.sync({', '.join(positional + named)})"

    def _found(self, node: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
        """What a reference leads to, and its name."""
        name = ""
        while "$ref" in node or "allOf" in node:
            reference = node["$ref"] if "$ref" in node else node["allOf"][0]["$ref"]
            node = self._contract
            for name in reference.removeprefix("#/").split("/"):
                node = node[name]
        return name, node

    def _value(self, schema: Mapping[str, Any], example: Any) -> str:
        name, schema = self._found(schema)
        for key in ("anyOf", "oneOf"):
            for choice in schema.get(key, ()):
                if set(example) <= self._found(choice)[1].get("properties", {}).keys():
                    return self._value(choice, example)
        if example is None:
            return "None"
        if "enum" in schema:
            names = schema.get(
                "x-enum-varnames", [str(each).upper().replace("-", "_") for each in schema["enum"]]
            )
            return f"{pascal_case(name)}.{names[schema['enum'].index(example)]}"
        if isinstance(example, dict):
            fields = [
                f"{PythonIdentifier(key, '')}={self._value(schema['properties'][key], value)}"
                for key, value in example.items()
            ]
            return f"{pascal_case(name)}({', '.join(fields)})"
        if isinstance(example, list):
            return f"[{', '.join(self._value(schema['items'], each) for each in example)}]"
        if schema.get("format") == "date-time":
            return f"datetime.fromisoformat({example!r})"
        return repr(example)


def _formatted(calls: Mapping[str, str]) -> dict[str, str]:
    program = "\n".join(f"# {name}\n{call}\n" for name, call in calls.items())
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", str(_WIDTH), "-"]
    done = subprocess.run(command, input=program, text=True, capture_output=True, check=True)
    parts = re.split(r"^# (\w+)\n", done.stdout, flags=re.MULTILINE)[1:]
    return {name: call.strip() for name, call in zip(parts[::2], parts[1::2], strict=True)}
