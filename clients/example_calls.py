"""Writes for each operation how the Python client calls it, after the examples of the contract itself."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from openapi_python_client.strings import PythonIdentifier, pascal_case, snake_case

__all__ = ["example_calls"]

_WIDTH: Final = 92
_MOST_OPTIONS: Final = 2
# They say how to go on or how to repeat, and have prose of their own.
_LEFT_OUT: Final = frozenset({"cursor", "limit", "client_order_id", "deviation"})


def example_calls(contract: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The calls of each operation, by operationId, formatted.

    They are of its module (`module`), and of each method of the client (`sync trade`, `async trade`).
    """
    writer = _Writer(contract)
    calls = {}
    for item, operation in _operations(contract):
        name = operation["operationId"]
        calls[f"{name} module"] = writer.module_call(item, operation)
        for method, call in writer.method_calls(item, operation):
            calls[f"{name} sync {method}"] = call
            calls[f"{name} async {method}"] = f"await {call}"
    found: dict[str, dict[str, str]] = {}
    for key, call in _formatted(calls).items():
        name, _, kind = key.partition(" ")
        found.setdefault(name, {})[kind] = call
    return found


def _operations(contract: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    for item in contract["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                yield item, operation


class _Writer:
    def __init__(self, contract: Mapping[str, Any]) -> None:
        self._contract = contract

    def module_call(self, item: Mapping[str, Any], operation: Mapping[str, Any]) -> str:
        """`close_position.sync(2, client=client, volume=0.05)`."""
        body = [
            f"body={self._value(schema, example)}"
            for schema, example in self._bodies(operation)[:1]
            if example  # an empty body shows nothing
        ]
        path, query = self._parameters(item, operation, _MOST_OPTIONS - len(body), self._value)
        arguments = ", ".join([*path, "client=client", *body, *query])
        return f"{snake_case(operation['operationId'])}.sync({arguments})"

    def method_calls(
        self, item: Mapping[str, Any], operation: Mapping[str, Any]
    ) -> Iterator[tuple[str, str]]:
        """`close_position` and `client.close_position(2, volume=0.05)`; one for each body.

        Of what has pages also `iterate_orders` and `client.iterate_orders()`.
        """
        name = snake_case(operation["operationId"])
        bodies = self._bodies(operation) or [({}, {})]
        for schema, example in bodies:
            model, node = self._found(schema)
            fields = [
                f"{PythonIdentifier(key, '')}={self._word(node['properties'][key], value)}"
                for key, value in example.items()
            ]
            path, query = self._parameters(item, operation, _MOST_OPTIONS, self._word)
            if self._is_paged(operation):
                iterate = f"iterate_{name.partition('_')[2]}"
                yield iterate, f"client.{iterate}({', '.join(path)})"
            method = name
            if len(bodies) > 1:
                method = f"{name.partition('_')[0]}_{snake_case(model.removesuffix('Request'))}"
            yield method, f"client.{method}({', '.join([*path, *fields, *query])})"

    def _is_paged(self, operation: Mapping[str, Any]) -> bool:
        parameters = (self._found(each)[1] for each in operation.get("parameters", ()))
        return any(each["name"] == "cursor" for each in parameters)

    def _bodies(self, operation: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], Any]]:
        """Schema and first example of the body; of each of them, where it may be of one schema or another."""
        if "requestBody" not in operation:
            return []
        media = operation["requestBody"]["content"]["application/json"]
        examples = [self._found(each)[1]["value"] for each in media["examples"].values()]
        _, schema = self._found(media["schema"])
        choices = schema.get("oneOf") or schema.get("anyOf") or [media["schema"]]
        return [(choice, self._fitting(choice, examples)) for choice in choices]

    def _fitting(self, schema: Mapping[str, Any], examples: Sequence[Mapping[str, Any]]) -> Any:
        known = self._found(schema)[1]["properties"].keys()
        return next((each for each in examples if each and each.keys() <= known), {})

    def _parameters(
        self,
        item: Mapping[str, Any],
        operation: Mapping[str, Any],
        most: int,
        write: Callable[[Mapping[str, Any], Any], str],
    ) -> tuple[list[str], list[str]]:
        """Arguments for the parameters of the path and of the query."""
        path: list[str] = []
        query: list[str] = []
        for each in (*item.get("parameters", ()), *operation.get("parameters", ())):
            _, parameter = self._found(each)
            example = parameter.get("example", parameter["schema"].get("example"))
            value = write(parameter["schema"], example)
            if parameter["in"] == "path":
                path.append(value)
            elif value != "None" and parameter["name"] not in _LEFT_OUT and len(query) < most:
                query.append(f"{PythonIdentifier(parameter['name'], '')}={value}")
        return path, query

    def _word(self, schema: Mapping[str, Any], example: Any) -> str:
        """As `_value`, for a method of the client: enums by a word."""
        _, found = self._found(schema)
        if "enum" not in found or example is None:
            return self._value(schema, example)
        if isinstance(example, str):
            return repr(example)
        return repr(found["x-enum-varnames"][found["enum"].index(example)].lower())

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
    parts = re.split(r"^# ([\w ]+)\n", done.stdout, flags=re.MULTILINE)[1:]
    return {name: call.strip() for name, call in zip(parts[::2], parts[1::2], strict=True)}
