"""Reads the contract for the tests: the document, its operations, and every schema in it with its place.

Nothing here judges; the rules themselves are the tests of `test_document.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped,unused-ignore]

DOCUMENT_PATH: Final = Path(__file__).parents[2] / "openapi" / "tradyn.yaml"
METHODS: Final = ("get", "put", "post", "patch", "delete", "options", "head", "trace")

Node = Any
"""Something in the document; its type is what the tests are about."""


@dataclass(frozen=True)
class Operation:
    """One operation of the document, with the parameters of its path."""

    method: str
    path: str
    node: Mapping[str, Node]
    parameters: tuple[Mapping[str, Node], ...]

    @property
    def id(self) -> str:
        return str(self.node["operationId"])

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"


class Document:
    """The loaded document and ways through it."""

    def __init__(self, root: Mapping[str, Node]) -> None:
        self.root = root
        self.components: Mapping[str, Mapping[str, Node]] = {
            section: entries
            for section, entries in root["components"].items()
            if not section.startswith("x-")
        }
        self.schemas = self.components["schemas"]
        self.operations = tuple(self._operations())
        self.by_id = {operation.id: operation for operation in self.operations}
        self.request_schemas = frozenset(self._named_schemas_of_requests())
        self.answer_schemas = frozenset(self._named_schemas_of_answers())

    def resolve(self, node: Node) -> Node:
        """The node itself, or what its `$ref` points at."""
        while isinstance(node, dict) and "$ref" in node:
            target: Node = self.root
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    def answers(self, operation: Operation) -> dict[str, Node]:
        """Status → answer of an operation, shared answers resolved."""
        return {status: self.resolve(answer) for status, answer in operation.node["responses"].items()}

    def media(self, body_or_answer: Node) -> Node:
        """The JSON of a body or an answer; there is no other media type."""
        return self.resolve(body_or_answer)["content"]["application/json"]

    def examples(self, body_or_answer: Node) -> dict[str, Node]:
        """Name → value of the examples of a body or an answer."""
        named = self.media(body_or_answer).get("examples", {})
        return {name: self.resolve(example)["value"] for name, example in named.items()}

    def compilable(self, name: str) -> dict[str, Node]:
        """A component's schema as JSON Schema Draft 4, with all it refers to."""
        return {
            "$ref": f"#/components/schemas/{name}",
            "components": {"schemas": {each: to_draft4(schema) for each, schema in self.schemas.items()}},
        }

    def every_schema(self) -> Iterator[tuple[str, Node]]:
        """Every schema of the document, however deep, with its place. References are not followed."""
        for name, schema in self.schemas.items():
            yield from nested_schemas(schema, f"schemas.{name}")
        for section in ("parameters", "headers"):
            for name, entry in self.components[section].items():
                yield from nested_schemas(entry["schema"], f"{section}.{name}")

    def references(self) -> Iterator[str]:
        """The target of every `$ref`, once for each time it stands."""
        for _, node in every_mapping(self.root, ""):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.root["paths"].items():
            for method in METHODS:
                if method in item:
                    both = [*item.get("parameters", []), *item[method].get("parameters", [])]
                    yield Operation(method, path, item[method], tuple(self.resolve(each) for each in both))

    def _named_schemas_of_requests(self) -> Iterator[str]:
        for operation in self.operations:
            if "requestBody" in operation.node:
                yield from self._reachable(self.media(operation.node["requestBody"])["schema"])
            for parameter in operation.parameters:
                yield from self._reachable(parameter["schema"])

    def _named_schemas_of_answers(self) -> Iterator[str]:
        for operation in self.operations:
            for answer in self.answers(operation).values():
                yield from self._reachable(self.media(answer)["schema"])

    def _reachable(self, node: Node) -> Iterator[str]:
        for _, each in every_mapping(node, ""):
            if isinstance(each.get("$ref"), str):
                yield each["$ref"].rpartition("/")[2]
                yield from self._reachable(self.resolve(each))


def load() -> Document:
    """The contract as it stands on disk."""
    text = DOCUMENT_PATH.read_text(encoding="utf-8")
    # A YAML alias is one object in many places; JSON knows no such thing, and nor shall the tests.
    return Document(json.loads(json.dumps(yaml.safe_load(text))))


def repeated_keys(node: yaml.Node | None = None) -> Iterator[str]:
    """Keys that stand twice in one mapping as it is written, with their lines; YAML lets the last one win."""
    if node is None:
        node = yaml.compose(DOCUMENT_PATH.read_text(encoding="utf-8"), yaml.SafeLoader)
    if isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from repeated_keys(value)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield f"line {key.start_mark.line + 1}: {key.value}"
            seen.add(key.value)
            yield from repeated_keys(value)


def every_mapping(node: Node, at: str) -> Iterator[tuple[str, dict[str, Node]]]:
    """Every mapping in a part of the document, with its place."""
    if isinstance(node, dict):
        yield at, node
        for key, value in node.items():
            yield from every_mapping(value, f"{at}.{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from every_mapping(value, f"{at}.{index}")


def nested_schemas(schema: Node, at: str) -> Iterator[tuple[str, Node]]:
    """A schema and all schemas written inside it."""
    yield at, schema
    for name, inner in schema.get("properties", {}).items():
        yield from nested_schemas(inner, f"{at}.{name}")
    if "items" in schema:
        yield from nested_schemas(schema["items"], f"{at}.items")
    for combiner in ("allOf", "anyOf", "oneOf"):
        for index, inner in enumerate(schema.get(combiner, [])):
            yield from nested_schemas(inner, f"{at}.{combiner}.{index}")
    if isinstance(schema.get("not"), dict):
        yield from nested_schemas(schema["not"], f"{at}.not")


def to_draft4(node: Node) -> Node:
    """An OpenAPI 3.0 schema as JSON Schema Draft 4: `nullable` becomes a choice."""
    if isinstance(node, list):
        return [to_draft4(each) for each in node]
    if not isinstance(node, dict):
        return node
    if node.get("nullable") is True:
        rest = {key: value for key, value in node.items() if key != "nullable"}
        return {"anyOf": [{"type": "null"}, to_draft4(rest)]}
    return {key: to_draft4(value) for key, value in node.items()}


def at_pointer(value: Node, pointer: str) -> Node:
    """What a JSON pointer names in a value.

    Raises:
        LookupError: it names nothing.
    """
    for part in pointer.split("/")[1:]:
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def json_blocks(prose: str) -> list[Node]:
    """What stands in the JSON code blocks of a piece of Markdown."""
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", prose, flags=re.DOTALL)]
