"""Loading the document, and refusing what would not be enforced: one sentence that names the place."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract.test_compiled_sample import DOCUMENT, Sample, SampleGuard
from tradyn.contract import ContractError, compile_contract, load_document

MINIMAL = """
openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /a:
    get:
      operationId: getA
      responses:
        200:
          description: ok
          content:
            application/json:
              schema: &thing {type: string, maxLength: 5}
              example: 12:30
  /b:
    get:
      operationId: getB
      responses:
        "200":
          description: 2025-01-01T00:00:00Z
          content: {application/json: {schema: {<<: *thing, maxLength: 7}, example: off}}
"""


def load(tmp_path: Path, text: str | bytes) -> dict[str, Any]:
    path = tmp_path / "api.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_document(path)


def test_a_document_is_loaded_as_json_would_have_it(tmp_path: Path) -> None:
    document = load(tmp_path, MINIMAL)
    first = document["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]
    second = document["paths"]["/b"]["get"]["responses"]["200"]
    assert first["example"] == "12:30"
    assert second["description"] == "2025-01-01T00:00:00Z"
    assert second["content"]["application/json"]["example"] == "off"
    assert second["content"]["application/json"]["schema"] == {"type": "string", "maxLength": 7}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("  /b:", "  /a:"), ':15:3: key "/a" stands twice'),
        (('"200":', '"200": {description: x}\n        200:'), ':20:9: key "200" stands twice'),
        (("maxLength: 5", "maxLength: 5, maxLength: 6"), ':13:59: key "maxLength" stands twice'),
        (("openapi: 3.0.3", "openapi: 3.1.0"), ": openapi: must be 3.0.x, got '3.1.0'"),
        (("openapi: 3.0.3", "swagger: 2"), ": openapi: must be 3.0.x, got None"),
        (("description: ok", "descriptio: ok"), ": paths./a.get.responses.200: is not valid OpenAPI 3.0: "),
        (("info:", "info: ["), ":4:1: "),
        (("info:", "true:"), ":3:1: a key must be text"),
        (("info:", "!!python/name:os.system x:"), ":3:"),
        (
            ("type: string", "type: strin"),
            ": paths./a.get.responses.200.content.application/json.schema.type: ",
        ),
        (("operationId: getB", "operationId: getA"), ": is not valid OpenAPI 3.0: "),
    ],
)
def test_what_is_wrong_with_a_file_names_the_place(
    tmp_path: Path, change: tuple[str, str], problem: str
) -> None:
    assert change[0] in MINIMAL
    with pytest.raises(ContractError) as caught:
        load(tmp_path, MINIMAL.replace(*change, 1))
    assert str(caught.value).startswith(str(tmp_path / "api.yaml") + problem) or problem in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "just text", b"\xff", "a: *b", "a: &a [*a]", "\t"])
def test_what_is_no_document(tmp_path: Path, text: str | bytes) -> None:
    with pytest.raises(ContractError, match=r"api\.yaml"):
        load(tmp_path, text)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"none\.yaml: cannot be read"):
        load_document(tmp_path / "none.yaml")


# ── what the table does not do ─────────────────────────────────────────────────────────────────────────────

Change = Callable[[dict[str, Any]], Any]


def compiled(document: dict[str, Any], handlers: Any = None) -> None:
    compile_contract(document, handlers or Sample().handlers(), SampleGuard(), lambda _: None)


def deals(document: dict[str, Any]) -> Any:
    return document["paths"]["/api/deals"]["get"]


def limit(document: dict[str, Any]) -> Any:
    return deals(document)["parameters"][1]


def trade(document: dict[str, Any]) -> Any:
    return document["paths"]["/api/trade"]["post"]


def schemas(document: dict[str, Any]) -> Any:
    return document["components"]["schemas"]


def stop(document: dict[str, Any]) -> Any:
    return schemas(document)["Stops"]["properties"]["sl"]


LIMIT_AT = r"paths\./api/deals\.get\.parameters\[1\] \(limit\): "
TRADE_AT = r"paths\./api/trade\.post\."
REFUSALS: list[tuple[Change, str]] = [
    (lambda d: d.update(openapi="3.1.0"), "openapi: must be 3.0.x"),
    (lambda d: d.update(servers=[]), "servers: "),
    (lambda d: d["servers"][0].update(variables={"a": {"default": "b"}}), r"servers\[0\]\.variables: "),
    # parameters
    (lambda d: limit(d).update({"in": "header"}), LIMIT_AT + "parameters in header are not supported"),
    (lambda d: limit(d).update({"in": "cookie"}), LIMIT_AT + "parameters in cookie are not supported"),
    (lambda d: limit(d).update(style="deepObject"), LIMIT_AT + "style deepObject is not supported"),
    (lambda d: limit(d).update(style="pipeDelimited"), LIMIT_AT + "style pipeDelimited"),
    (lambda d: limit(d).update(allowReserved=True), LIMIT_AT + "allowReserved is not supported"),
    (lambda d: limit(d).update(allowEmptyValue=True), LIMIT_AT + "allowEmptyValue is not supported"),
    (lambda d: limit(d).update(required=True), LIMIT_AT + "a required parameter cannot have a default"),
    (lambda d: limit(d).update(content=limit(d).pop("schema")), LIMIT_AT + "only parameters with a `schema`"),
    (lambda d: limit(d).update(schema={"type": "object"}), LIMIT_AT + "schema.type must be one of"),
    (
        lambda d: limit(d).update(schema={"type": "array", "items": {"type": "string"}}),
        LIMIT_AT + "schema.type must be one of .*; is array",
    ),
    (
        lambda d: limit(d).update(schema={"allOf": [{"$ref": "#/components/schemas/State"}]}),
        LIMIT_AT + "schema.type must be one of .*; is missing",
    ),
    (
        lambda d: limit(d)["schema"].update(nullable=True),
        LIMIT_AT + "nullable is not supported in a parameter",
    ),
    (lambda d: limit(d)["schema"].update(oneOf=[{}]), LIMIT_AT + "oneOf is not supported in a parameter"),
    (
        lambda d: limit(d)["schema"].update(default=0),
        r"schema\.default|schema: is not valid OpenAPI 3\.0: 0 is less",
    ),
    (
        lambda d: deals(d)["parameters"][0]["schema"].update(default="soon"),
        r"parameters\.from\.default: 'soon' does not fit",
    ),
    (lambda d: limit(d).update(name="body"), "argument 'body' would have two meanings"),
    (lambda d: limit(d).update(name="From"), "argument 'from_' would have two meanings"),
    # paths
    (lambda d: d["paths"].update({"/api/{x}.json": {}}), r"paths\./api/{x}\.json: segment '{x}\.json'"),
    (lambda d: d["paths"].update({"/api/deals/": {}}), r"paths\./api/deals/: segment ''"),
    (
        lambda d: d["paths"].update({"/api/positions/{no}": d["paths"].pop("/api/positions/{ticket}")}),
        r"the template names \['no'\], the path parameters are \['ticket'\]",
    ),
    (
        lambda d: d["paths"].update({"/api/quotes/{name}": _renamed(d["paths"]["/api/quotes/{symbol}"])}),
        r"paths\./api/quotes/{name}: cannot be told from /api/quotes/{symbol}",
    ),
    *(
        (
            lambda d, m=m: d["paths"]["/api/deals"].update({m: {}}),
            rf"paths\./api/deals\.{m}: is not supported",
        )
        for m in ("head", "options", "trace", "servers", "x-openapi-router-controller")
    ),
    # operations
    (lambda d: deals(d).pop("operationId"), r"paths\./api/deals\.get: has no operationId"),
    (lambda d: deals(d).update(operationId="trade"), r"\.operationId: trade is also paths\./api/deals\.get"),
    (
        lambda d: deals(d).update(callbacks={"event": {"$ref": "#/components/callbacks/Event"}}),
        r"components\.callbacks|paths\./api/deals\.get\.callbacks\.event: \$ref leads nowhere",
    ),
    (
        lambda d: deals(d).update(callbacks={"event": {}}),
        r"get\.callbacks\.event: must have one address, has 0",
    ),
    (
        lambda d: deals(d).update(callbacks={"event": {"{$request.body#/url}": {"put": {}}}}),
        r"get\.callbacks\.event\.\{\$request\.body#/url\}: must be one post, is \['put'\]",
    ),
    (
        lambda d: deals(d).update(callbacks={"event": {"{$request.body#/url}": {"post": {}}}}),
        r"get\.callbacks\.event\..*\.post: has no requestBody",
    ),
    (lambda d: deals(d).update(servers=[]), r"paths\./api/deals\.get\.servers: is not supported"),
    # security
    (lambda d: deals(d).update(security=[{"bearer": []}, {}]), r"get\.security: must be one scheme alone"),
    (
        lambda d: deals(d).update(security=[{"bearer": [], "other": []}]),
        r"get\.security: must be one scheme alone",
    ),
    (lambda d: deals(d).update(security=[{"other": []}]), r"get\.security: other must be of type http"),
    (
        lambda d: d["components"].update(
            securitySchemes={"bearer": {"type": "apiKey", "in": "cookie", "name": "k"}}
        ),
        r"\.security: bearer must be of type http with scheme bearer",
    ),
    (lambda d: deals(d).pop("x-scopes"), r"get\.x-scopes: must be a list of at least one scope, got None"),
    (lambda d: deals(d).update({"x-scopes": []}), r"get\.x-scopes: must be a list"),
    (lambda d: deals(d).update({"x-scopes": "read"}), r"get\.x-scopes: must be a list"),
    (lambda d: deals(d).update(security=[]), r"get\.x-scopes: the operation has no security"),
    # bodies
    (
        lambda d: trade(d)["requestBody"].update(content={"multipart/form-data": {"schema": {}}}),
        TRADE_AT + r"requestBody\.content: must be application/json alone",
    ),
    (
        lambda d: trade(d)["requestBody"]["content"].update({"text/plain": {"schema": {}}}),
        TRADE_AT + r"requestBody\.content: must be application/json alone",
    ),
    (
        lambda d: trade(d)["requestBody"].update(content={"application/json": {}}),
        TRADE_AT + r"requestBody\.content\.application/json: has no schema",
    ),
    (lambda d: trade(d)["requestBody"].update({"x-body-name": "b"}), TRADE_AT + "requestBody: x-body-name"),
    (lambda d: trade(d).update({"x-body-limit": 0}), TRADE_AT + "x-body-limit: "),
    (lambda d: trade(d).update({"x-body-limit": True}), TRADE_AT + "x-body-limit: "),
    (lambda d: deals(d).update({"x-body-limit": 5}), r"get\.x-body-limit: "),
    # answers
    (lambda d: trade(d)["responses"].update(default={}), TRADE_AT + r"responses\.default: only exact"),
    (lambda d: trade(d)["responses"].update({"4XX": {}}), TRADE_AT + r"responses\.4XX: only exact"),
    (lambda d: trade(d)["responses"].pop("200"), TRADE_AT + "responses: the only success must be 200"),
    (
        lambda d: trade(d)["responses"].update({"201": trade(d)["responses"]["200"]}),
        TRADE_AT + "responses: the only success must be 200",
    ),
    (
        lambda d: trade(d)["responses"].update({"400": {"description": "empty"}}),
        TRADE_AT + r"responses\.400: content must be application/json alone, with a schema",
    ),
    # schemas
    (lambda d: stop(d).update(readOnly=True), r"requestBody\.properties\.sl\.readOnly: is not supported"),
    (lambda d: stop(d).update(writeOnly=True), r"requestBody\.properties\.sl\.writeOnly: is not supported"),
    (lambda d: stop(d).update(format="uuid"), r"requestBody\.properties\.sl\.format: uuid of a number"),
    (lambda d: stop(d).update(format="date-time"), r"properties\.sl\.format: date-time of a number"),
    (
        lambda d: stop(d).update(type="string", pattern="^(?=a)", default="a"),
        "requestBody: the schema cannot be compiled",
    ),
    (lambda d: stop(d).update(const=1), "not valid OpenAPI 3.0"),
    (lambda d: schemas(d)["Done"]["properties"].update(list={"type": "array"}), "an array needs `items`"),
    # references
    (
        lambda d: stop(d).update({"$ref": "#/components/schemas/State"}),
        "OpenAPI 3.0 ignores what stands beside",
    ),
    (
        lambda d: schemas(d)["Done"]["properties"].update(x={"$ref": "#/components/schemas/No"}),
        r"components\.schemas\.Done\.properties\.x: \$ref leads nowhere: #/components/schemas/No",
    ),
    (
        lambda d: schemas(d)["Done"]["properties"].update(x={"$ref": "other.yaml#/X"}),
        r"components\.schemas\.Done\.properties\.x: \$ref must be #/components",
    ),
    (
        lambda d: schemas(d)["Done"]["properties"].update(x={"$ref": "#/components/schemas/Done"}),
        r"Done\.properties\.x: recursive schemas are not supported: Done → Done",
    ),
    (
        lambda d: schemas(d).update(
            A={"items": {"$ref": "#/components/schemas/B"}},
            B={"properties": {"value": {"$ref": "#/components/schemas/A"}}},
        ),
        r"recursive schemas are not supported: A → B → A",
    ),
]


def _renamed(item: dict[str, Any]) -> dict[str, Any]:
    item = copy.deepcopy(item)
    item["get"]["operationId"] = "getAccount2"
    item["get"]["parameters"][0]["name"] = "name"
    return item


@pytest.mark.parametrize(("change", "problem"), REFUSALS, ids=[problem for _, problem in REFUSALS])
def test_a_document_the_table_would_not_honour_is_refused(change: Change, problem: str) -> None:
    # The fixture shares nodes by YAML anchors; JSON has none.
    import json

    document = json.loads(json.dumps(DOCUMENT))
    change(document)

    async def anything(**arguments: Any) -> Any: ...

    handlers = {**Sample().handlers()}
    if "getAccount2" in json.dumps(document):
        handlers["getAccount2"] = anything
    with pytest.raises(ContractError, match=problem):
        compiled(document, handlers)


def test_the_document_is_not_changed() -> None:
    before = copy.deepcopy(DOCUMENT)
    compiled(DOCUMENT)
    assert before == DOCUMENT


def test_handlers_and_operations_are_one_to_one() -> None:
    handlers = Sample().handlers()
    del handlers["trade"]
    with pytest.raises(ContractError, match=r"paths\./api/trade\.post: trade has no handler"):
        compiled(DOCUMENT, handlers)
    with pytest.raises(ContractError, match="the handler other has no operation"):
        compiled(DOCUMENT, {**Sample().handlers(), "other": Sample().trade})


async def takes_nothing() -> Any: ...
async def takes_more(ticket: int, other: int) -> Any: ...
async def takes_body(ticket: int, body: Any) -> Any: ...
async def has_no_default(
    limit: int, state: str, from_: str, volume: int, open_: bool, symbol: str
) -> Any: ...


@pytest.mark.parametrize(
    ("operation_id", "handler", "problem"),
    [
        ("getPosition", takes_nothing, "the handler does not take the parameter ticket"),
        ("getPosition", takes_more, "the handler asks for other, which the document has not"),
        ("getPosition", takes_body, "the handler asks for body, which the document has not"),
        ("listDeals", has_no_default, "the handler needs a default for the optional from_"),
    ],
)
def test_a_handler_that_could_not_be_called_is_refused(operation_id: str, handler: Any, problem: str) -> None:
    with pytest.raises(ContractError, match=problem):
        compiled(DOCUMENT, {**Sample().handlers(), operation_id: handler})
