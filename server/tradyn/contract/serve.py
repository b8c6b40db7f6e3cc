"""The compiled contract: every request answered from the table, in one fixed order of checks.

What always holds:

* The order: path 404, method 405, authorization 401, guard (key, rate, scope, fault), shape 400, handler.
* Every answer is JSON in the envelope and fits the schema of its status; what does not is a logged 500.
  What a handler gives as `Lasting` is looked at once, and its bytes are sent again.
* Whatever a handler raises that is no `ApiError`, and that `refusal_of` makes none of, is a 500 that tells
  nothing about the inside.
* `on_answer` is called once per request; status 0 says that no answer was sent.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Generator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from random import Random
from time import perf_counter
from types import coroutine
from typing import Any, Final, Protocol
from urllib.parse import quote

import orjson
from connexion.exceptions import InvalidSpecification  # type: ignore[import-untyped]
from connexion.middleware import SpecMiddleware  # type: ignore[import-untyped]
from connexion.resolver import Resolver  # type: ignore[import-untyped]
from connexion.spec import OpenAPISpecification, Specification  # type: ignore[import-untyped]

from tradyn.contract.bodies import ClientGoneError, Receive, refuse_body
from tradyn.contract.document import ContractError, path_item_operations, refuse_unsupported, tell
from tradyn.contract.failures import malformed, show
from tradyn.contract.operations import Handler, HandlerResolver, Operation, compile_operation
from tradyn.contract.routes import Routes
from tradyn.errors import ApiError, Problem
from tradyn.lasting import Lasting
from tradyn.refusals import FIRST_HEADERS, REQUEST_ID

__all__ = [
    "ABORT",
    "ANSWER",
    "Admission",
    "Answered",
    "Application",
    "Guard",
    "check_handlers",
    "client_address",
    "compile_contract",
]

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

logger = logging.getLogger("tradyn.contract")

ABORT: Final = "tradyn.abort"
"""The extension of ASGI that closes the connection without an answer."""
ANSWER: Final = "tradyn.answer"
"""The extension that answers at once: called with status, headers beside `FIRST_HEADERS` and the length, and
payload; False if it cannot. What changes the messages of ASGI on their way must take it out of the scope."""
UNAUTHENTICATED: Final = {"WWW-Authenticate": "Bearer"}
_BEARER: Final = re.compile(rb"bearer +([!-~]+)", re.IGNORECASE)
_chance: Final = Random()
_INTERNAL_ERROR: Final = "The server failed at this request; its log has the reason under the request_id."


@dataclass(slots=True)
class Admission:
    """A request that may go on: who it comes from, and what its answer carries.

    Args:
        token_info: goes to a handler that takes it, which must not change it; `key_id` and `login` also to
            `Answered`.
        headers: are put on every answer to this request, whatever it will be; names in lower case.
        lose_reply: run the handler, then close the connection without an answer.
        recheck: raises the ApiError that answers a request whose key was taken away since it was admitted;
            called before something is changed, because the request may have waited long for its body.
    """

    token_info: dict[str, Any]
    headers: tuple[tuple[bytes, bytes], ...] = ()
    lose_reply: bool = False
    recheck: Callable[[], None] | None = None


class Guard(Protocol):
    """Who may come in: key → rate → scope → fault, the first that applies."""

    def admit(self, operation_id: str, scopes: frozenset[str], token: str, address: str | None) -> Admission:
        """Admit the request, or raise the ApiError that answers it.

        Args:
            address: of the client, if it is known.
        """
        ...


@dataclass(slots=True)
class Answered:
    """What became of one request."""

    request_id: str
    method: str
    path: str
    operation_id: str | None
    status: int
    code: str | None
    seconds: float
    key_id: str | None
    login: int | None


class _Exchange:
    """One request, its headers read in one pass, and what is known of its answer so far."""

    __slots__ = (
        "admission",
        "authorization",
        "body_announced",
        "content_encoding",
        "content_length",
        "content_type",
        "handled",
        "operation",
        "request_id",
        "scope",
        "started",
    )

    def __init__(self, scope: Scope) -> None:
        self.started = perf_counter()
        self.scope = scope
        self.operation: Operation | None = None
        self.admission: Admission | None = None
        self.handled = False
        self.authorization: bytes | None = None
        self.content_type: bytes | None = None
        self.content_length: bytes | None = None
        self.content_encoding: bytes | None = None
        # HTTP/1.1 announces a body by a header; later versions need not.
        self.body_announced = scope.get("http_version", "1.1") not in ("1.1", "1.0")
        request_id: bytes | None = None
        for name, value in scope["headers"]:
            # Given twice, a header that must stand once says nothing: an empty value fits none of the rules.
            if name == b"authorization":
                self.authorization = value if self.authorization is None else b""
            elif name == b"x-request-id":
                request_id = value if request_id is None else b""
            elif name == b"content-type":
                self.content_type = value if self.content_type is None else b""
            elif name == b"content-length":
                self.content_length = value
                self.body_announced = self.body_announced or value != b"0"
            elif name == b"content-encoding":
                self.content_encoding = value if self.content_encoding is None else b"twice"
            elif name == b"transfer-encoding":
                self.body_announced = True
        if request_id is not None and REQUEST_ID.fullmatch(request_id):
            self.request_id = request_id.decode("ascii")
        else:
            # To be told apart is all that it is for: no secret, so no call to the system for each.
            self.request_id = f"{_chance.getrandbits(96):024x}"


@dataclass(slots=True)
class _Answer:
    status: int
    payload: bytes
    code: str | None = None
    headers: Mapping[str, str] | None = None


class Compiled(SpecMiddleware):  # type: ignore[misc]
    """The only middleware: it is given the document once, at start, and all requests end here."""

    def __init__(
        self,
        *,
        guard: Guard,
        on_answer: Callable[[Answered], None],
        refusal_of: Callable[[Exception], ApiError | None],
    ) -> None:
        self._admit = guard.admit
        self._on_answer = on_answer
        self._refusal_of = refusal_of
        self._find: Callable[[bytes], Any] = Routes[Operation]("").find

    def add_api(self, specification: Specification, *, resolver: Resolver, **options: Any) -> None:
        """Compile the document's operations into the table."""
        routes = Routes[Operation](specification.base_path)
        for path, method, _ in path_item_operations(specification):
            routes.add(path, method.upper(), compile_operation(specification, path, method, resolver))
        self._find = routes.find

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        exchange = _Exchange(scope)
        answer: _Answer | None = None
        try:
            answer = await self._answer(exchange, receive)
            if exchange.handled and exchange.admission is not None and exchange.admission.lose_reply:
                answer = None
                _abort(scope)
                return
            await _send(exchange, answer, send)
        except ClientGoneError:
            return
        finally:
            self._report(exchange, answer)

    async def _answer(self, exchange: _Exchange, receive: Receive) -> _Answer:
        try:
            operation, segments = self._route(exchange)
            exchange.operation = operation
            if operation.scopes is not None:
                token = _token(exchange.authorization)
                address = client_address(exchange.scope)
                exchange.admission = self._admit(operation.operation_id, operation.scopes, token, address)
            if operation.body is None and not exchange.body_announced:
                arguments = _without_body(exchange, operation, segments)
            else:
                arguments = await _with_body(exchange, operation, segments, receive)
            if operation.takes_token_info and exchange.admission is not None:
                arguments["token_info"] = exchange.admission.token_info
            if operation.changes:
                # All that have come are read before the first is carried out: the same work one after another
                # takes a tenth less than to take turns, because the processor has at hand what it needs.
                await _give_way()
                if exchange.admission is not None and exchange.admission.recheck is not None:
                    exchange.admission.recheck()
            exchange.handled = True
            envelope = await operation.handler(**arguments)
            lasting = envelope if isinstance(envelope, Lasting) else None
            if lasting is not None and lasting.payload is not None:
                return _Answer(200, lasting.payload)
            if not operation.answers[200].is_valid(envelope):
                return self._misfit(exchange, 200, envelope)
            payload = orjson.dumps(envelope)
            if lasting is not None:
                lasting.payload = payload
            return _Answer(200, payload)
        except ApiError as error:
            return self._refuse(exchange, error)
        except ClientGoneError:
            raise
        except Exception as error:
            refusal = self._refusal_of(error)
            if refusal is not None:
                return self._refuse(exchange, refusal)
            logger.exception("%s failed, request %s", _name(exchange), exchange.request_id)
            return _internal_error(exchange)

    def _route(self, exchange: _Exchange) -> tuple[Operation, Sequence[bytes]]:
        scope = exchange.scope
        # raw_path is what the client sent; a server that keeps none has decoded it for good.
        raw_path = scope.get("raw_path") or quote(scope["path"]).encode("ascii")
        route, segments = self._find(raw_path)
        if route is None:
            raise ApiError("NOT_FOUND", f"There is nothing at the path {show(scope['path'])}")
        operation = route.methods.get(scope["method"])
        if operation is None:
            message = f"{show(scope['method'])[1:-1]} is not allowed here; allowed: {route.allow}"
            raise ApiError("METHOD_NOT_ALLOWED", message, headers={"Allow": route.allow})
        return operation, segments

    def _refuse(self, exchange: _Exchange, error: ApiError) -> _Answer:
        status = error.code.status
        envelope = error.envelope(exchange.request_id)
        try:
            if exchange.operation is not None:
                shape = exchange.operation.answers.get(status)
                if shape is None:
                    logger.error(
                        "%s may not answer %s, request %s: %s",
                        exchange.operation.operation_id,
                        status,
                        exchange.request_id,
                        error.message,
                    )
                    return _internal_error(exchange)
                if not shape.is_valid(envelope):
                    return self._misfit(exchange, status, envelope)
            return _Answer(status, orjson.dumps(envelope), error.code.name, error.headers)
        except Exception:
            logger.exception("%s refused with no JSON, request %s", _name(exchange), exchange.request_id)
            return _internal_error(exchange)

    def _misfit(self, exchange: _Exchange, status: int, envelope: Any) -> _Answer:
        operation = exchange.operation
        assert operation is not None
        problems = operation.answers[status].problems(envelope, "answer")
        logger.error(
            "%s answered %s with what the document does not allow, request %s: %s",
            operation.operation_id,
            status,
            exchange.request_id,
            "; ".join(f"{each.at}: {each.problem}" for each in problems),
        )
        return _internal_error(exchange)

    def _report(self, exchange: _Exchange, answer: _Answer | None) -> None:
        scope = exchange.scope
        operation, admission = exchange.operation, exchange.admission
        token_info: Mapping[str, Any] = admission.token_info if admission is not None else {}
        answered = Answered(
            exchange.request_id,
            scope["method"],
            scope["path"],
            operation.operation_id if operation is not None else None,
            answer.status if answer is not None else 0,
            answer.code if answer is not None else None,
            perf_counter() - exchange.started,
            token_info.get("key_id"),
            token_info.get("login"),
        )
        try:
            self._on_answer(answered)
        except Exception:
            # The client has its answer; a broken counter must not take the connection with it.
            logger.exception("on_answer failed, request %s", exchange.request_id)


@coroutine
def _give_way() -> Generator[None, None, None]:
    """What `asyncio.sleep(0)` does, with one call for two."""
    yield


def client_address(scope: Scope) -> str | None:
    """Where a request comes from; None where the server does not know."""
    client = scope.get("client")
    return str(client[0]) if client else None


def _name(exchange: _Exchange) -> str:
    return exchange.operation.operation_id if exchange.operation is not None else "the routing"


def _token(authorization: bytes | None) -> str:
    if authorization is None:
        message = "Authorization is missing; send the header Authorization: Bearer <API key>"
        raise ApiError("UNAUTHORIZED", message, headers=UNAUTHENTICATED)
    if authorization.startswith(b"Bearer ") and authorization[7:].replace(b"_", b"").isalnum():
        # As every key is, and programs write it; the rest is what the standard allows.
        return authorization[7:].decode("ascii")
    match = _BEARER.fullmatch(authorization)
    if match is None:
        message = "Authorization must stand once and be of the form Bearer <API key>"
        raise ApiError("UNAUTHORIZED", message, headers=UNAUTHENTICATED)
    return match[1].decode("ascii")


def _without_body(exchange: _Exchange, operation: Operation, segments: Sequence[bytes]) -> dict[str, Any]:
    problems: list[Problem] = []
    arguments = operation.parameters.read(segments, exchange.scope["query_string"], problems)
    if problems:
        raise malformed(problems)
    return arguments


async def _with_body(
    exchange: _Exchange, operation: Operation, segments: Sequence[bytes], receive: Receive
) -> dict[str, Any]:
    """All that the request gives the handler, once its body, for which it may have waited long, is there."""
    problems: list[Problem] = []
    arguments = operation.parameters.read(segments, exchange.scope["query_string"], problems)
    if operation.body is None:
        await refuse_body(receive, problems)
    else:
        body = await operation.body.read(
            receive if exchange.body_announced else None,
            exchange.content_type,
            exchange.content_length,
            exchange.content_encoding,
            problems,
        )
        if operation.takes_body:
            arguments["body"] = body
    if problems:
        raise malformed(problems)
    return arguments


def _internal_error(exchange: _Exchange) -> _Answer:
    error = ApiError("INTERNAL_ERROR", _INTERNAL_ERROR)
    return _Answer(500, orjson.dumps(error.envelope(exchange.request_id)), error.code.name)


async def _send(exchange: _Exchange, answer: _Answer, send: Send) -> None:
    scope, payload = exchange.scope, answer.payload
    headers = [(b"x-request-id", exchange.request_id.encode("ascii"))]
    if exchange.admission is not None:
        headers += exchange.admission.headers
    if answer.headers:
        headers += [(name.lower().encode(), value.encode()) for name, value in answer.headers.items()]
    answer_at_once = (scope.get("extensions") or {}).get(ANSWER)
    if answer_at_once is not None and answer_at_once(answer.status, headers, payload):
        return
    headers = [*FIRST_HEADERS, (b"content-length", b"%d" % len(payload)), *headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else payload})


def _abort(scope: Scope) -> None:
    """Close the connection without an answer, by the callable the HTTP server's protocol has put there."""
    abort = (scope.get("extensions") or {}).get(ABORT)
    if abort is None:
        raise ConnectionAbortedError("the answer is to be lost, and the server cannot close the connection")
    abort()


def check_handlers(document: Mapping[str, Any], handlers: Mapping[str, Handler]) -> None:
    """Raise a ContractError unless operations and handlers are one to one."""
    operations = path_item_operations(document)
    places = {operation["operationId"]: (path, method) for path, method, operation in operations}
    for operation_id, (path, method) in places.items():
        if operation_id not in handlers:
            raise ContractError(f"paths.{path}.{method}: {operation_id} has no handler")
    for operation_id in handlers:
        if operation_id not in places:
            raise ContractError(f"the handler {operation_id} has no operation in the document")


def compile_contract(
    document: Mapping[str, Any],
    handlers: Mapping[str, Handler],
    guard: Guard,
    on_answer: Callable[[Answered], None],
    *,
    validate: bool = True,
    refusal_of: Callable[[Exception], ApiError | None] = lambda _: None,
) -> Application:
    """Compile the document into an ASGI application (http only; the application around it owns the lifespan).

    Args:
        document: OpenAPI 3.0, as `load_document` gives it; it is not changed.
        handlers: operationId → handler, already bound to its services.
        guard: decides on requests to operations with security.
        on_answer: is told of every request once it is answered.
        validate: False for a document that has been validated before.
        refusal_of: what answers a failure of a handler that clients are to be told of; None for any other.

    Raises:
        ContractError: the document asks for what the table does not do, or the handlers are not its own.
    """
    refuse_unsupported(document)
    check_handlers(document, handlers)
    compiled = Compiled(guard=guard, on_answer=on_answer, refusal_of=refusal_of)
    try:
        compiled.add_api(_specification(document, validate=validate), resolver=HandlerResolver(handlers))
    except InvalidSpecification as error:
        raise ContractError(tell(error)) from error
    return compiled


class _Validated(OpenAPISpecification):  # type: ignore[misc]
    """A document that is known to be valid: to find that out takes longer than all else that is done here."""

    @classmethod
    def _validate_spec(cls, spec: Any) -> None:
        pass


def _specification(document: Mapping[str, Any], *, validate: bool) -> Specification:
    # A copy, because connexion writes into it; and YAML may have numbers for statuses, which JSON has not.
    copied = orjson.loads(orjson.dumps(document, option=orjson.OPT_NON_STR_KEYS))
    return (OpenAPISpecification if validate else _Validated)(copied)
