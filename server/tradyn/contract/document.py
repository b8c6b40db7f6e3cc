"""The OpenAPI document: loaded strictly, and refused where the compiled table would not honour it.

What always holds: a document that comes through here means the same to every reader. A key stands once,
`12:30` and `off` are text, a `$ref` leads to one named component and has no siblings; and nothing in it asks
for what `contract` does not do. Whatever is wrong is one sentence that names the place, at start-up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped,unused-ignore]
from connexion.spec import OpenAPISpecification  # type: ignore[import-untyped]
from jsonschema import Draft4Validator  # type: ignore[import-untyped,unused-ignore]

__all__ = ["METHODS", "ContractError", "load_document", "path_item_operations", "refuse_unsupported", "tell"]

METHODS: Final = ("get", "put", "post", "patch", "delete")

# HEAD, OPTIONS and TRACE are answered 405 on every known path, so a document cannot define them.
_REFUSED_METHODS: Final = ("head", "options", "trace")

# Below these keys the keys are names chosen by the author, not keywords of OpenAPI.
_MAPS_OF_NAMES: Final = frozenset(
    (
        "properties",
        "paths",
        "schemas",
        "parameters",
        "responses",
        "examples",
        "requestBodies",
        "headers",
        "links",
        "securitySchemes",
        "content",
        "callbacks",
    )
)
# Below these keys stands data, in which a `$ref` is no reference.
_DATA: Final = frozenset(("example", "value", "default", "enum"))

_REFERENCE: Final = re.compile(r"#/components/([A-Za-z]+)/([A-Za-z0-9._-]+)")
_TEMPLATE: Final = re.compile(r"\{([^{}]*)\}")
_SEGMENT: Final = re.compile(r"\{[A-Za-z_][A-Za-z0-9_]*\}|[A-Za-z0-9._~-]+")


class ContractError(Exception):
    """The document, or what is bound to it, cannot be served: one sentence that names the place."""


# ── loading ────────────────────────────────────────────────────────────────────────────────────────────


# libyaml's parser where PyYAML has it: a tenth of the time.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Loader):  # type: ignore[misc]
    """YAML as JSON would have it: the types of YAML 1.2's core schema, text keys, each key once."""

    # YAML 1.1 would read `off` as false, `12:30` as 750 and a date-time as a Python object.
    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"-?(0|[1-9][0-9]*)", "-0123456789"),
    ("merge", r"<<", "<"),
    ("float", r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", "-0123456789"),
):
    _StrictLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), list(_first)
    )


def _text_of_key(node: yaml.nodes.Node) -> str:
    if not isinstance(node, yaml.ScalarNode) or node.tag.rpartition(":")[2] not in ("str", "int", "merge"):
        raise yaml.constructor.ConstructorError(None, None, "a key must be text", node.start_mark)
    return str(node.value)


def _construct_mapping(loader: _StrictLoader, node: yaml.MappingNode) -> Iterator[dict[str, Any]]:
    mapping: dict[str, Any] = {}
    yield mapping
    seen: set[str] = set()
    for key_node, _ in node.value:
        key = _text_of_key(key_node)
        if key in seen:
            problem = f'key "{key}" stands twice'
            raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
        seen.add(key)
    # `<<` puts the keys of another mapping in front; those of this one, which follow, win.
    loader.flatten_mapping(node)
    for key_node, value_node in node.value:
        mapping[_text_of_key(key_node)] = loader.construct_object(value_node, deep=True)


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)


def load_document(path: Path, *, validate: bool = True) -> dict[str, Any]:
    """Read the OpenAPI document: YAML in which no key stands twice, valid OpenAPI 3.0.

    Args:
        validate: False for a document that has been validated before: the validator takes half a
            second to import and to run, which a server of the document it shipped with need not spend.

    Raises:
        ContractError: names the file and the place in it.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ContractError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ContractError(f"{path}: is not UTF-8 (byte {error.start})") from error
    try:
        document = yaml.load(text, Loader=_StrictLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise ContractError(f"{path}{where}: {error.problem or error.context}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ContractError(f"{path}: is not YAML: {error}") from error
    if not isinstance(document, dict):
        raise ContractError(f"{path}: must be a mapping with an `openapi` key")
    if not str(document.get("openapi", "")).startswith("3.0."):
        raise ContractError(f"{path}: openapi: must be 3.0.x, got {document.get('openapi')!r}")
    if validate:
        _validate(path, document)
    return document


def _validate(path: Path, document: dict[str, Any]) -> None:
    from openapi_spec_validator import OpenAPIV30SpecValidator

    try:
        first = next(iter(OpenAPIV30SpecValidator(document).iter_errors()), None)
    except Exception as error:
        # The validator follows references while it looks; an unresolvable one is an exception of its library.
        raise ContractError(f"{path}: is not valid OpenAPI 3.0: {' '.join(str(error).split())}") from error
    if first is not None:
        # That validator stops at "fits none of these shapes"; connexion's schema of OpenAPI tells further.
        told = next(Draft4Validator(OpenAPISpecification.openapi_schema).iter_errors(document), first)
        raise ContractError(f"{path}: {tell(told)}")


def tell(error: Any) -> str:
    """Where a document is not OpenAPI 3.0, and why, from a failure of jsonschema's."""
    while branches := [each for each in error.context or () if "'$ref' is a required" not in each.message]:
        # Of several shapes the one that fits furthest was meant.
        error = max(branches, key=lambda each: len(each.absolute_path))
    where = ".".join(str(part) for part in error.absolute_path) or "(top)"
    message = " ".join(error.message.split())[:300]
    return f"{where}: is not valid OpenAPI 3.0: {message}"


# ── what the compiled table does not do ────────────────────────────────────────────────────────────────


def path_item_operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation of the document as (path, lower-case method, operation)."""
    for path, item in document.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def refuse_unsupported(document: Mapping[str, Any]) -> None:
    """Raise a ContractError for the first thing in the document that the table would not honour."""
    if not str(document.get("openapi", "")).startswith("3.0."):
        raise ContractError(f"openapi: must be 3.0.x, got {document.get('openapi')!r}")
    _refuse_references(document)
    _refuse_servers(document)
    identifiers: dict[str, str] = {}
    for path, item in document.get("paths", {}).items():
        place = f"paths.{path}"
        _refuse_path(path, place)
        for key in (*_REFUSED_METHODS, "servers", "$ref", "x-openapi-router-controller"):
            if key in item:
                raise ContractError(f"{place}.{key}: is not supported")
        for method in METHODS:
            if method in item:
                _refuse_operation(document, path, item, item[method], f"{place}.{method}", identifiers)


def _refuse_references(document: Mapping[str, Any]) -> None:
    """Only `#/components/<kind>/<name>`, that exists, without siblings, and never back to itself."""
    components = document.get("components", {})
    finished: set[tuple[str, str]] = set()

    def follow(node: Any, place: str, trail: tuple[tuple[str, str], ...]) -> None:
        for reference, where in _references(node, place):
            match = _REFERENCE.fullmatch(reference)
            if match is None:
                raise ContractError(f"{where}: $ref must be #/components/<kind>/<name>, got {reference!r}")
            target = (match[1], match[2])
            if target in trail:
                names = " → ".join(name for _, name in (*trail[trail.index(target) :], target))
                raise ContractError(f"{where}: recursive schemas are not supported: {names}")
            if target in finished:
                continue
            found = components.get(target[0], {})
            if target[1] not in found:
                raise ContractError(f"{where}: $ref leads nowhere: {reference}")
            follow(found[target[1]], f"components.{target[0]}.{target[1]}", (*trail, target))
            finished.add(target)

    for kind, named in components.items():
        for name, node in named.items() if isinstance(named, dict) else ():
            follow(node, f"components.{kind}.{name}", ((kind, name),))
    follow(document.get("paths", {}), "paths", ())


def _references(node: Any, place: str, names: bool = False) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for index, each in enumerate(node):
            yield from _references(each, f"{place}[{index}]")
    elif isinstance(node, dict):
        if not names and isinstance(node.get("$ref"), str):
            if len(node) > 1:
                siblings = ", ".join(key for key in node if key != "$ref")
                raise ContractError(f"{place}: OpenAPI 3.0 ignores what stands beside a $ref: {siblings}")
            yield node["$ref"], place
            return
        for key, each in node.items():
            if names or (key not in _DATA and not key.startswith("x-")):
                yield from _references(each, f"{place}.{key}", names=not names and key in _MAPS_OF_NAMES)


def _refuse_servers(document: Mapping[str, Any]) -> None:
    servers = document.get("servers") or []
    if not servers:
        raise ContractError("servers: the first server's URL gives the prefix of all paths; there is none")
    if servers[0].get("variables"):
        raise ContractError("servers[0].variables: is not supported")


def _refuse_path(path: str, place: str) -> None:
    if not path.startswith("/"):
        raise ContractError(f"{place}: a path begins with /")
    for segment in path[1:].split("/"):
        if not _SEGMENT.fullmatch(segment):
            raise ContractError(f"{place}: segment {segment!r} must be a plain word or one {{parameter}}")


def _resolved(document: Mapping[str, Any], node: Any) -> Any:
    """The node, or the component it refers to. References have been checked before."""
    while isinstance(node, dict) and "$ref" in node:
        _, _, kind, name = node["$ref"].split("/")
        node = document["components"][kind][name]
    return node


def _refuse_operation(
    document: Mapping[str, Any],
    path: str,
    item: Mapping[str, Any],
    operation: Mapping[str, Any],
    place: str,
    identifiers: dict[str, str],
) -> None:
    identifier = operation.get("operationId")
    if not isinstance(identifier, str) or not identifier:
        raise ContractError(f"{place}: has no operationId")
    if identifier in identifiers:
        raise ContractError(f"{place}.operationId: {identifier} is also {identifiers[identifier]}")
    identifiers[identifier] = place
    for key in ("servers", "x-openapi-router-controller"):
        if key in operation:
            raise ContractError(f"{place}.{key}: is not supported")
    for name, callback in operation.get("callbacks", {}).items():
        _refuse_callback(document, callback, f"{place}.callbacks.{name}")
    in_path: set[str] = set()
    for origin, parameters in (
        (place, operation.get("parameters", [])),
        (f"paths.{path}", item.get("parameters", [])),
    ):
        for index, node in enumerate(parameters):
            parameter = _resolved(document, node)
            where = f"{origin}.parameters[{index}] ({parameter.get('name')})"
            _refuse_parameter(document, parameter, where)
            if parameter["in"] == "path":
                in_path.add(parameter["name"])
    in_template = _TEMPLATE.findall(path)
    if len(in_template) != len(set(in_template)) or set(in_template) != in_path:
        raise ContractError(
            f"{place}: the template names {in_template}, the path parameters are {sorted(in_path)}"
        )
    if "requestBody" in operation:
        _refuse_body(_resolved(document, operation["requestBody"]), f"{place}.requestBody")
    _refuse_answers(document, operation.get("responses", {}), f"{place}.responses")
    _refuse_security(document, operation, place)
    if "x-body-limit" in operation:
        limit = operation["x-body-limit"]
        if type(limit) is not int or limit < 1 or "requestBody" not in operation:
            raise ContractError(
                f"{place}.x-body-limit: must be a number of bytes, on an operation with a body"
            )


def _refuse_parameter(document: Mapping[str, Any], parameter: Mapping[str, Any], where: str) -> None:
    location = parameter.get("in")
    if location not in ("path", "query"):
        raise ContractError(f"{where}: parameters in {location} are not supported")
    if "schema" not in parameter:
        raise ContractError(f"{where}: only parameters with a `schema` are supported, not `content`")
    style = "simple" if location == "path" else "form"
    if parameter.get("style", style) != style:
        raise ContractError(f"{where}: style {parameter['style']} is not supported, only {style}")
    for key in ("allowEmptyValue", "allowReserved"):
        if parameter.get(key):
            raise ContractError(f"{where}: {key} is not supported")
    if location == "path" and parameter.get("required") is not True:
        raise ContractError(f"{where}: a path parameter must be `required: true`")
    schema = _resolved(document, parameter["schema"])
    if schema.get("type") not in ("string", "integer", "number", "boolean"):
        # connexion, too, looks for the type here and nowhere deeper, also beside an allOf.
        found = schema.get("type", "missing")
        raise ContractError(
            f"{where}: schema.type must be one of string, integer, number, boolean; is {found}"
        )
    for key in ("nullable", "oneOf", "anyOf", "not"):
        if schema.get(key):
            raise ContractError(f"{where}: {key} is not supported in a parameter")
    if parameter.get("required") and "default" in schema:
        raise ContractError(f"{where}: a required parameter cannot have a default")


def _refuse_body(body: Mapping[str, Any], place: str) -> None:
    content = body.get("content", {})
    if list(content) != ["application/json"]:
        raise ContractError(f"{place}.content: must be application/json alone, is {list(content)}")
    if "schema" not in content["application/json"]:
        raise ContractError(f"{place}.content.application/json: has no schema")
    for holder, key in ((content["application/json"], "encoding"), (body, "x-body-name")):
        if key in holder:
            raise ContractError(f"{place}: {key} is not supported")


def _refuse_callback(document: Mapping[str, Any], callback: Mapping[str, Any], place: str) -> None:
    """What is sent must be JSON with a schema, or `compile_callback` could not check it."""
    if "$ref" in callback:
        raise ContractError(f"{place}: must stand in the operation, not behind a $ref")
    if len(callback) != 1:
        raise ContractError(f"{place}: must have one address, has {len(callback)}")
    for expression, item in callback.items():
        where = f"{place}.{expression}"
        if list(item) != ["post"]:
            raise ContractError(f"{where}: must be one post, is {list(item)}")
        if "requestBody" not in item["post"]:
            raise ContractError(f"{where}.post: has no requestBody")
        _refuse_body(_resolved(document, item["post"]["requestBody"]), f"{where}.post.requestBody")


def _refuse_answers(document: Mapping[str, Any], responses: Mapping[str, Any], place: str) -> None:
    successes = []
    for status, node in responses.items():
        if not re.fullmatch(r"[2-5][0-9][0-9]", status):
            raise ContractError(f"{place}.{status}: only exact statuses are supported")
        if status.startswith("2"):
            successes.append(status)
        content = _resolved(document, node).get("content", {})
        if list(content) != ["application/json"] or "schema" not in content["application/json"]:
            raise ContractError(f"{place}.{status}: content must be application/json alone, with a schema")
    if successes != ["200"]:
        raise ContractError(f"{place}: the only success must be 200, the document has {successes}")


def _refuse_security(document: Mapping[str, Any], operation: Mapping[str, Any], place: str) -> None:
    security = operation.get("security", document.get("security", []))
    scopes = operation.get("x-scopes")
    if not security:
        if scopes:
            raise ContractError(f"{place}.x-scopes: the operation has no security that could check them")
        return
    if len(security) != 1 or len(security[0]) != 1:
        raise ContractError(f"{place}.security: must be one scheme alone; AND and OR are not supported")
    name = next(iter(security[0]))
    scheme = _resolved(document, document.get("components", {}).get("securitySchemes", {}).get(name, {}))
    if scheme.get("type") != "http" or str(scheme.get("scheme", "")).lower() != "bearer":
        raise ContractError(f"{place}.security: {name} must be of type http with scheme bearer")
    if not isinstance(scopes, list) or not scopes or not all(isinstance(each, str) for each in scopes):
        raise ContractError(f"{place}.x-scopes: must be a list of at least one scope, got {scopes!r}")
