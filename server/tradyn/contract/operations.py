"""One row of the table: an operation of the document, compiled from connexion's own model of it.

What always holds: a row is complete at start. Its handler takes every parameter the document has and asks for
none that it has not, every status it may answer with has a compiled schema, and its scopes are known.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connexion.operations import AbstractOperation  # type: ignore[import-untyped]
from connexion.resolver import Resolver  # type: ignore[import-untyped]
from connexion.spec import Specification  # type: ignore[import-untyped]
from connexion.utils import inspect_function_arguments  # type: ignore[import-untyped]

from tradyn.contract.bodies import DEFAULT_LIMIT, Body
from tradyn.contract.document import ContractError
from tradyn.contract.parameters import Parameters
from tradyn.contract.schemas import Shape, translate

__all__ = ["Handler", "HandlerResolver", "Operation", "compile_operation"]

Handler = Callable[..., Awaitable[Any]]


class HandlerResolver(Resolver):  # type: ignore[misc]
    """operationId → handler, from a mapping instead of an import."""

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        super().__init__(handlers.__getitem__)


@dataclass(frozen=True, slots=True)
class Operation:
    """What one operation needs at run time.

    Attributes:
        changes: it may change something, by its method.
    """

    operation_id: str
    changes: bool
    scopes: frozenset[str] | None
    parameters: Parameters
    body: Body | None
    takes_body: bool
    takes_token_info: bool
    handler: Handler
    answers: Mapping[int, Shape]


def compile_operation(specification: Specification, path: str, method: str, resolver: Resolver) -> Operation:
    """Compile one operation; the document has been through `refuse_unsupported`."""
    model: AbstractOperation = specification.operation_cls.from_spec(
        specification, path=path, method=method, resolver=resolver, uri_parser_class=None
    )
    raw: Mapping[str, Any] = specification.get_operation(path, method)
    place = f"paths.{path}.{method}"
    parameters = Parameters(model.parameters, path, place)
    body = None
    if model.is_request_body_defined:
        schema = _without_components(model.body_schema("application/json"))
        where = f"{place}.requestBody"
        body = Body(
            Shape(translate(schema, where), where, strict_times=True),
            required=model.request_body.get("required", False),
            limit=raw.get("x-body-limit", DEFAULT_LIMIT),
        )
    answers = {}
    for status in model.responses:
        where = f"{place}.responses.{status}"
        schema = _without_components(model.response_schema(status, "application/json"))
        answers[int(status)] = Shape(translate(schema, where), where, strict_times=False)
    place = f"{place} ({model.operation_id})"
    takes = _check_handler(model.function, parameters, has_body=body is not None, place=place)
    return Operation(
        operation_id=model.operation_id,
        changes=method != "get",
        scopes=frozenset(raw["x-scopes"]) if model.security else None,
        parameters=parameters,
        body=body,
        takes_body=body is not None and "body" in takes,
        takes_token_info=bool(model.security) and "token_info" in takes,
        handler=model.function,
        answers=answers,
    )


def _without_components(schema: Mapping[str, Any]) -> dict[str, Any]:
    # connexion hangs all components below each schema it gives out, for validators that resolve references.
    return {key: value for key, value in schema.items() if key != "components"}


def _check_handler(
    function: Handler, parameters: Parameters, *, has_body: bool, place: str
) -> frozenset[str]:
    """The arguments the handler takes, of those that there are."""
    names, takes_all = inspect_function_arguments(function)
    offered = parameters.arguments | {"token_info"} | ({"body"} if has_body else set())
    if takes_all:
        return frozenset(offered)
    for missing in sorted(parameters.arguments - set(names)):
        raise ContractError(f"{place}: the handler does not take the parameter {missing}")
    for name in _without_default(function, names):
        if name not in offered:
            raise ContractError(f"{place}: the handler asks for {name}, which the document has not")
        if name in parameters.optional:
            raise ContractError(f"{place}: the handler needs a default for the optional {name}")
    return frozenset(offered & set(names))


def _without_default(function: Handler, names: list[str]) -> list[str]:
    signature = inspect.signature(function)
    return [name for name in names if signature.parameters[name].default is inspect.Parameter.empty]
