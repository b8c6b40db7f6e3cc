"""A small broker of its own, on which the compiled contract is tried; and that it compiles at all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml  # type: ignore[import-untyped,unused-ignore]

from tradyn.contract import Admission, Answered, Application, compile_contract
from tradyn.errors import ApiError

DOCUMENT: dict[str, Any] = yaml.safe_load("""
openapi: 3.0.3
info: {title: Sample, version: "1"}
servers: [{url: "http://127.0.0.1:8080/v1"}]
paths:
  /health/live:
    get:
      operationId: getLive
      security: []
      responses:
        "200": {$ref: "#/components/responses/Anything"}
        "400": {$ref: "#/components/responses/Error"}
  /api/account:
    get:
      operationId: getAccount
      security: [{bearer: []}]
      x-scopes: [read]
      responses: &responses
        "200": {$ref: "#/components/responses/Anything"}
        "400": {$ref: "#/components/responses/Error"}
        "401": {$ref: "#/components/responses/Error"}
        "403": {$ref: "#/components/responses/Error"}
        "404": {$ref: "#/components/responses/Error"}
        "429": {$ref: "#/components/responses/Error"}
        "500": {$ref: "#/components/responses/Error"}
  /api/deals:
    get:
      operationId: listDeals
      security: [{bearer: []}]
      x-scopes: [read]
      parameters:
        - {name: from, in: query, schema: {type: string, format: date-time}}
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 1000, default: 100}}
        - {name: volume, in: query, schema: {type: number, minimum: 0, exclusiveMinimum: true}}
        - {name: open, in: query, schema: {type: boolean}}
        - {name: symbol, in: query, schema: {type: string, pattern: "^[A-Z]{3,6}$"}}
        - name: state
          in: query
          schema: {type: string, allOf: [{$ref: "#/components/schemas/State"}], default: placed}
      responses: *responses
  /api/positions/{ticket}:
    parameters:
      - {name: ticket, in: path, required: true, schema: {type: integer, format: int64, minimum: 1}}
    get:
      operationId: getPosition
      security: [{bearer: []}]
      x-scopes: [read]
      responses: *responses
    patch:
      operationId: modifyPosition
      security: [{bearer: []}]
      x-scopes: [trade]
      requestBody:
        required: false
        content: {application/json: {schema: {$ref: "#/components/schemas/Stops"}}}
      responses: *responses
  /api/positions/all:
    get:
      operationId: listPositions
      security: [{bearer: []}]
      x-scopes: [read]
      responses: *responses
  /api/quotes/{symbol}:
    get:
      operationId: getQuote
      security: [{bearer: []}]
      x-scopes: [read, trade]
      parameters:
        - {name: symbol, in: path, required: true, schema: {type: string, pattern: "^[A-Z/]+$"}}
      responses: *responses
  /api/trade:
    post:
      operationId: trade
      security: [{bearer: []}]
      x-scopes: [trade]
      x-body-limit: 2000
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Trade"}}}
      responses:
        <<: *responses
        "200":
          description: done
          content: {application/json: {schema: {$ref: "#/components/schemas/TradeAnswer"}}}
  /api/preview:
    post:
      operationId: preview
      security: [{bearer: []}]
      x-scopes: [read]
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Preview"}}}
      responses: *responses
  /api/echo:
    post:
      operationId: echo
      security: []
      requestBody:
        required: true
        content: {application/json: {schema: {}}}
      responses: *responses
components:
  securitySchemes: {bearer: {type: http, scheme: bearer}}
  responses:
    Anything:
      description: done
      content: {application/json: {schema: {$ref: "#/components/schemas/Answer"}}}
    Error:
      description: refused
      content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}
  schemas:
    Answer:
      type: object
      required: [success, data]
      properties: {success: {type: boolean}, data: {}}
      additionalProperties: false
    TradeAnswer:
      type: object
      required: [success, data]
      properties:
        success: {type: boolean}
        data: {allOf: [{$ref: "#/components/schemas/Done"}], nullable: true}
      additionalProperties: false
    Done:
      type: object
      required: [ticket]
      properties: {ticket: {type: integer}, time: {type: string, format: date-time}}
      additionalProperties: false
    Error:
      type: object
      required: [success, error, code, retcode, request_id]
      properties:
        success: {type: boolean, enum: [false]}
        error: {type: string, maxLength: 400}
        code: {type: string}
        retcode: {type: integer, nullable: true}
        request_id: {type: string}
        details:
          type: array
          maxItems: 20
          items: {$ref: "#/components/schemas/Problem"}
      additionalProperties: false
    Problem:
      type: object
      required: [at, problem]
      properties: {at: {type: string}, problem: {type: string}}
      additionalProperties: false
    State: {type: string, enum: [placed, filled]}
    Stops:
      type: object
      minProperties: 1
      properties:
        sl: {type: number, nullable: true, default: 7}
        tp: {type: number, nullable: true}
        mode: {type: string, nullable: true, enum: [hard, soft]}
      additionalProperties: false
    Trade:
      type: object
      required: [symbol, action, volume]
      properties:
        symbol: {type: string, pattern: "^[A-Z]+$", maxLength: 12}
        action: {type: string, enum: [buy, sell]}
        volume: {type: number, minimum: 0, exclusiveMinimum: true, maximum: 100}
        magic: {type: integer, format: int32}
        expiration: {type: string, format: date-time}
        tags: {type: array, maxItems: 2, uniqueItems: true, items: {type: string, minLength: 1}}
        hook: {type: string, format: uri}
        comment: {type: string}
      additionalProperties: false
    Order:
      type: object
      required: [symbol, type, price]
      properties: {symbol: {type: string}, type: {type: integer}, price: {type: number}}
      additionalProperties: false
    Preview:
      oneOf: [{$ref: "#/components/schemas/Trade"}, {$ref: "#/components/schemas/Order"}]
""")


@dataclass
class SampleGuard:
    """Admits `good`; what it answers and what it was asked can be seen and set."""

    admission: Admission = field(
        default_factory=lambda: Admission({"key_id": "k1", "login": 1001}, ((b"ratelimit", b"r=99"),))
    )
    refusal: Exception | None = None
    asked: list[tuple[str, frozenset[str], str]] = field(default_factory=list)

    def admit(self, operation_id: str, scopes: frozenset[str], token: str, address: str | None) -> Admission:
        self.asked.append((operation_id, scopes, token))
        if self.refusal is not None:
            raise self.refusal
        if token != "good":
            raise ApiError("INVALID_API_KEY", "Invalid API key")
        return self.admission


class Sample:
    """The handlers; each records what it was called with and returns, or raises, what `outcome` says."""

    def __init__(self) -> None:
        self.called: list[tuple[str, dict[str, Any]]] = []
        self.outcome: Any = None

    def _done(self, name: str, **arguments: Any) -> Any:
        self.called.append((name, arguments))
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return {"success": True, "data": None} if self.outcome is None else self.outcome

    async def get_live(self) -> Any:
        return self._done("getLive")

    async def get_account(self, token_info: dict[str, Any]) -> Any:
        return self._done("getAccount", token_info=token_info)

    async def list_deals(
        self,
        limit: int,
        state: str,
        from_: str | None = None,
        volume: float | None = None,
        open_: bool | None = None,
        symbol: str | None = None,
    ) -> Any:
        given = {"from_": from_, "volume": volume, "open_": open_, "symbol": symbol}
        given = {name: value for name, value in given.items() if value is not None}
        return self._done("listDeals", limit=limit, state=state, **given)

    async def get_position(self, ticket: int) -> Any:
        return self._done("getPosition", ticket=ticket)

    async def modify_position(self, ticket: int, body: Any) -> Any:
        return self._done("modifyPosition", ticket=ticket, body=body)

    async def list_positions(self) -> Any:
        return self._done("listPositions")

    async def get_quote(self, symbol: str) -> Any:
        return self._done("getQuote", symbol=symbol)

    async def trade(self, body: Any, token_info: dict[str, Any]) -> Any:
        return self._done("trade", body=body)

    async def preview(self, **arguments: Any) -> Any:
        arguments.pop("token_info")
        arguments.pop("user", None)  # Stock connexion gives it to handlers that take everything.
        return self._done("preview", **arguments)

    async def echo(self, body: Any) -> Any:
        return self._done("echo", body=body)

    def handlers(self) -> dict[str, Callable[..., Awaitable[Any]]]:
        return {
            "getLive": self.get_live,
            "getAccount": self.get_account,
            "listDeals": self.list_deals,
            "getPosition": self.get_position,
            "modifyPosition": self.modify_position,
            "listPositions": self.list_positions,
            "getQuote": self.get_quote,
            "trade": self.trade,
            "preview": self.preview,
            "echo": self.echo,
        }


@dataclass
class Reply:
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    received: int

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def details(self) -> list[tuple[str, str]]:
        return [(each["at"], each["problem"]) for each in self.json.get("details", [])]

    def header(self, name: str) -> str | None:
        return dict(self.headers).get(name)


class Bench:
    """The sample compiled, and a way to put raw requests to it."""

    def __init__(self) -> None:
        self.sample = Sample()
        self.guard = SampleGuard()
        self.answered: list[Answered] = []
        self.app: Application = compile_contract(
            DOCUMENT, self.sample.handlers(), self.guard, self.answered.append
        )

    def ask(
        self,
        method: str,
        target: str | bytes,
        body: bytes | list[bytes] | None = None,
        *,
        token: str | None = "good",
        headers: Mapping[str, str] | list[tuple[str, str]] = {},  # noqa: B006
        json_body: Any = ...,
        extensions: dict[str, Any] | None = None,
    ) -> Reply:
        if json_body is not ...:
            body = json.dumps(json_body).encode()
        given = list(headers.items() if isinstance(headers, Mapping) else headers)
        names = {name.lower() for name, _ in given}
        if token is not None:
            given.append(("authorization", f"Bearer {token}"))
        if isinstance(body, bytes):
            given.append(("content-length", str(len(body))))
        elif isinstance(body, list):
            given.append(("transfer-encoding", "chunked"))
        if body and "content-type" not in names:
            given.append(("content-type", "application/json"))
        raw = target.encode() if isinstance(target, str) else target
        path, _, query = raw.partition(b"?")
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "path": path.decode("utf-8", "replace"),
            "raw_path": path,
            "query_string": query,
            "headers": [
                (name.lower().encode(), value.encode("latin-1")) for name, value in given if value != "-"
            ],
            "extensions": extensions,
        }
        return asyncio.run(exchange(self.app, scope, body))


async def exchange(app: Application, scope: dict[str, Any], body: bytes | list[bytes] | None) -> Reply:
    pieces = list(body) if isinstance(body, list) else [body or b""]
    reply = Reply(0, [], b"", 0)

    async def receive() -> dict[str, Any]:
        reply.received += 1
        if not pieces:
            return {"type": "http.disconnect"}
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            assert reply.status == 0
            reply.status = message["status"]
            reply.headers = [(name.decode(), value.decode()) for name, value in message["headers"]]
        else:
            reply.body += message["body"]

    await app(scope, receive, send)
    return reply


def test_the_sample_compiles_and_answers() -> None:
    bench = Bench()
    reply = bench.ask("GET", "/v1/api/account")
    assert reply.status == 200
    assert reply.json == {"success": True, "data": None}
    assert bench.sample.called == [("getAccount", {"token_info": {"key_id": "k1", "login": 1001}})]
    assert bench.guard.asked == [("getAccount", frozenset({"read"}), "good")]
