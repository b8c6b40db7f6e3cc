"""The same document and handlers on stock connexion: its own routing, validation and security.

It serves nobody. Tests hold it beside the compiled table, so that the table stays an optimisation and
handlers stay ordinary connexion handlers. It is as strict as stock connexion can be made by its arguments,
which is less than the table.
"""

from __future__ import annotations

import copy
import functools
import logging
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import connexion  # type: ignore[import-untyped]
import orjson
from connexion.exceptions import ProblemException  # type: ignore[import-untyped]
from connexion.lifecycle import ConnexionRequest, ConnexionResponse  # type: ignore[import-untyped]
from connexion.middleware import ConnexionMiddleware  # type: ignore[import-untyped]
from connexion.middleware.swagger_ui import SwaggerUIMiddleware  # type: ignore[import-untyped]
from connexion.security import BearerSecurityHandler  # type: ignore[import-untyped]
from starlette.exceptions import HTTPException

from tradyn.contract.document import path_item_operations, refuse_unsupported
from tradyn.contract.operations import Handler, HandlerResolver
from tradyn.contract.serve import UNAUTHENTICATED, Guard, check_handlers, client_address
from tradyn.errors import CODES, ApiError

__all__ = ["stock_app"]

logger = logging.getLogger("tradyn.contract")

_CODE_OF_STATUS: Mapping[int, str] = {
    401: "UNAUTHORIZED",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    500: "INTERNAL_ERROR",
}


def stock_app(
    document: Mapping[str, Any], handlers: Mapping[str, Handler], guard: Guard
) -> connexion.AsyncApp:
    """The document on stock connexion, strict and with answers validated."""
    refuse_unsupported(document)
    check_handlers(document, handlers)
    scopes = {
        operation["operationId"]: frozenset(operation.get("x-scopes", ()))
        for _, _, operation in path_item_operations(document)
    }

    class GuardedBearer(BearerSecurityHandler):  # type: ignore[misc]
        def get_fn(
            self, security_scheme: Mapping[str, Any], required_scopes: list[str]
        ) -> Callable[..., Any]:
            def verify(token: str, request: ConnexionRequest) -> dict[str, Any]:
                # connexion tells a bearer handler neither the scopes nor the operation.
                operation_id = request.scope["extensions"]["connexion_routing"]["operation_id"]
                address = client_address(request.scope)
                return guard.admit(operation_id, scopes[operation_id], token, address).token_info

            verified: Callable[..., Any] = self._get_verify_func(verify)
            return verified

    app = connexion.AsyncApp(
        __name__,
        # Its pages would want the template engine, which `lean` leaves out.
        middlewares=[
            each for each in ConnexionMiddleware.default_middlewares if each is not SwaggerUIMiddleware
        ],
        resolver=HandlerResolver({name: _with_request_id(each) for name, each in handlers.items()}),
        pythonic_params=True,
        strict_validation=True,
        validate_responses=True,
        security_map={"bearer": GuardedBearer},
    )
    app.add_error_handler(ApiError, _answer)
    app.add_error_handler(HTTPException, _answer_http)
    app.add_error_handler(ProblemException, _answer_problem)
    app.add_api(_with_null_beside_objects(copy.deepcopy(dict(document))))
    return app


def _with_null_beside_objects(node: Any) -> Any:
    """The document with "an object or null" as connexion knows it: it reads `nullable` beside a type only."""
    if isinstance(node, list):
        return [_with_null_beside_objects(each) for each in node]
    if not isinstance(node, dict):
        return node
    changed = {name: _with_null_beside_objects(each) for name, each in node.items()}
    if changed.get("nullable") is True and "allOf" in changed and "type" not in changed:
        null = {"type": "object", "nullable": True, "maxProperties": 0}
        changed["anyOf"] = [{"allOf": changed.pop("allOf")}, null]
    return changed


def _with_request_id(handler: Handler) -> Handler:
    """The handler, with the header that the table puts on every answer."""

    @functools.wraps(handler)
    async def answer(**arguments: Any) -> Any:
        return await handler(**arguments), 200, {"X-Request-Id": secrets.token_hex(12)}

    return answer


def _answer(_request: ConnexionRequest, error: Exception) -> ConnexionResponse:
    assert isinstance(error, ApiError)
    return ConnexionResponse(
        status_code=error.code.status,
        content_type="application/json",
        mimetype="application/json",
        headers=dict(error.headers),
        body=orjson.dumps(error.envelope("stock")),
    )


def _answer_http(request: ConnexionRequest, error: Exception) -> ConnexionResponse:
    assert isinstance(error, HTTPException)
    return _answer(request, _as_api_error(error.status_code, str(error.detail)))


def _answer_problem(request: ConnexionRequest, error: Exception) -> ConnexionResponse:
    assert isinstance(error, ProblemException)
    if error.status >= 500:
        logger.error("%r", error)
    return _answer(request, _as_api_error(error.status, str(error.detail)))


def _as_api_error(status: int, message: str) -> ApiError:
    code = _CODE_OF_STATUS.get(status, "INVALID_REQUEST")
    headers = UNAUTHENTICATED if CODES[code].status == 401 else None
    return ApiError(code, message, headers=headers)
