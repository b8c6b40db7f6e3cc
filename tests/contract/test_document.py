"""What must hold of `openapi/tradyn.yaml` as a document: the table of operations, the style, the examples.

Whether the server keeps what the document promises is not tested here.
"""

from __future__ import annotations

import re
from typing import Any, Final

import jsonschema_rs
import pytest
from openapi_spec_validator import validate

from contract import document_rules as rules
from tradyn.contract.document import load_document, refuse_unsupported
from tradyn.errors import CODES
from tradyn.webhooks import EventType

DOCUMENT: Final = rules.load()

READ: Final = ("read", "full")
TRADE: Final = ("trade", "full")
MARKET: Final = ("read", "trade", "full")
KEYS: Final = ("full", "admin")
OWN: Final = ("full",)
ADMIN: Final = ("admin",)
NO_KEY: Final = ()

USUAL: Final = ("200", "400", "401", "403", "429", "500", "503")
NAMING_AN_OBJECT: Final = ("200", "400", "401", "403", "404", "429", "500", "503")

TABLE: Final = (
    ("getAccount", "GET /api/account", "Account", READ, USUAL),
    ("getAccountHistory", "GET /api/account/history", "Account", READ, USUAL),
    ("listPositions", "GET /api/positions", "Positions", READ, USUAL),
    ("getPosition", "GET /api/positions/{ticket}", "Positions", READ, NAMING_AN_OBJECT),
    ("modifyPosition", "PATCH /api/positions/{ticket}", "Positions", TRADE, NAMING_AN_OBJECT),
    ("closePosition", "DELETE /api/positions/{ticket}", "Positions", TRADE, NAMING_AN_OBJECT),
    ("listOrders", "GET /api/orders", "Orders", READ, USUAL),
    ("placeOrder", "POST /api/orders", "Orders", TRADE, USUAL),
    ("getOrder", "GET /api/orders/{ticket}", "Orders", READ, NAMING_AN_OBJECT),
    ("modifyOrder", "PATCH /api/orders/{ticket}", "Orders", TRADE, NAMING_AN_OBJECT),
    ("cancelOrder", "DELETE /api/orders/{ticket}", "Orders", TRADE, NAMING_AN_OBJECT),
    ("trade", "POST /api/trade", "Trading", TRADE, USUAL),
    ("closeAll", "POST /api/trade/close-all", "Trading", TRADE, USUAL),
    ("listSymbols", "GET /api/symbols", "Market Data", MARKET, USUAL),
    ("getSymbol", "GET /api/symbols/{symbol}", "Market Data", MARKET, NAMING_AN_OBJECT),
    ("getQuote", "GET /api/quotes/{symbol}", "Market Data", MARKET, NAMING_AN_OBJECT),
    ("getCandles", "GET /api/candles/{symbol}", "Market Data", MARKET, NAMING_AN_OBJECT),
    ("previewTrade", "POST /api/trade/preview", "Analysis", READ, USUAL),
    ("getStatistics", "GET /api/account/statistics", "Analysis", READ, USUAL),
    ("getEquity", "GET /api/account/equity", "Analysis", READ, USUAL),
    ("explain", "GET /api/explain/{ticket}", "Analysis", READ, NAMING_AN_OBJECT),
    ("closeBy", "POST /api/positions/{ticket}/close-by", "Analysis", TRADE, NAMING_AN_OBJECT),
    ("listKeys", "GET /api/keys", "API Keys", KEYS, USUAL),
    ("createKey", "POST /api/keys", "API Keys", KEYS, USUAL),
    ("revokeKey", "DELETE /api/keys/{key_id}", "API Keys", KEYS, NAMING_AN_OBJECT),
    ("rotateKey", "POST /api/keys/{key_id}/rotate", "API Keys", KEYS, NAMING_AN_OBJECT),
    ("listWebhooks", "GET /api/webhooks", "Webhooks", OWN, USUAL),
    ("createWebhook", "POST /api/webhooks", "Webhooks", OWN, USUAL),
    ("getWebhook", "GET /api/webhooks/{webhook_id}", "Webhooks", OWN, NAMING_AN_OBJECT),
    ("updateWebhook", "PATCH /api/webhooks/{webhook_id}", "Webhooks", OWN, NAMING_AN_OBJECT),
    ("deleteWebhook", "DELETE /api/webhooks/{webhook_id}", "Webhooks", OWN, NAMING_AN_OBJECT),
    (
        "rotateWebhookSecret",
        "POST /api/webhooks/{webhook_id}/rotate-secret",
        "Webhooks",
        OWN,
        NAMING_AN_OBJECT,
    ),
    ("testWebhook", "POST /api/webhooks/{webhook_id}/test", "Webhooks", OWN, NAMING_AN_OBJECT),
    ("listDeliveries", "GET /api/webhooks/{webhook_id}/deliveries", "Webhooks", OWN, NAMING_AN_OBJECT),
    (
        "redeliver",
        "POST /api/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver",
        "Webhooks",
        OWN,
        NAMING_AN_OBJECT,
    ),
    ("listAccounts", "GET /api/accounts", "Accounts", ADMIN, USUAL),
    ("createAccount", "POST /api/accounts", "Accounts", ADMIN, USUAL),
    ("getAccountByLogin", "GET /api/accounts/{login}", "Accounts", ADMIN, NAMING_AN_OBJECT),
    ("changeBalance", "POST /api/accounts/{login}/balance", "Accounts", ADMIN, NAMING_AN_OBJECT),
    ("resetAccount", "POST /api/accounts/{login}/reset", "Accounts", ADMIN, NAMING_AN_OBJECT),
    ("getClock", "GET /api/simulation/clock", "Simulation", ADMIN, USUAL),
    ("updateClock", "PATCH /api/simulation/clock", "Simulation", ADMIN, USUAL),
    ("advanceClock", "POST /api/simulation/clock/advance", "Simulation", ADMIN, USUAL),
    ("pushQuotes", "POST /api/simulation/quotes", "Simulation", ADMIN, USUAL),
    ("getFaults", "GET /api/simulation/faults", "Simulation", ADMIN, USUAL),
    ("setFaults", "PUT /api/simulation/faults", "Simulation", ADMIN, USUAL),
    ("getLiveness", "GET /health/live", "Service", NO_KEY, ("200", "400", "500")),
    ("getReadiness", "GET /health/ready", "Service", NO_KEY, ("200", "400", "500", "503")),
)
TERMINAL_TAGS: Final = ("Account", "Positions", "Orders", "Trading", "Market Data")

each_operation = pytest.mark.parametrize("operation", DOCUMENT.operations, ids=lambda each: each.id)
each_component = pytest.mark.parametrize("name", DOCUMENT.schemas)


def complain(places: list[str]) -> None:
    assert not places, "\n".join(["", *places])


# ---- The whole ------------------------------------------------------------------------------------


def test_document_is_valid_openapi_3_0_3() -> None:
    assert DOCUMENT.root["openapi"] == "3.0.3"
    validate(DOCUMENT.root)


def test_server_reads_it_as_every_yaml_reader_does_and_honours_all_of_it() -> None:
    """The server reads YAML 1.2, others YAML 1.1, where `off`, `12:30` and times are no text."""
    loaded = load_document(rules.DOCUMENT_PATH)
    assert loaded == DOCUMENT.root
    refuse_unsupported(loaded)


def test_no_key_stands_twice() -> None:
    complain(list(rules.repeated_keys()))


def test_lines_are_short_enough_to_read() -> None:
    lines = rules.DOCUMENT_PATH.read_text(encoding="utf-8").splitlines()
    complain(
        [
            f"line {number}"
            for number, line in enumerate(lines, 1)
            if len(line) > 125 and "pattern:" not in line
        ]
    )


def test_operations_are_those_of_the_table_and_no_others() -> None:
    assert sorted(DOCUMENT.by_id) == sorted(row[0] for row in TABLE)
    assert len(DOCUMENT.operations) == len(DOCUMENT.by_id)


def test_terminal_has_seventeen_operations() -> None:
    assert sum(operation.node["tags"][0] in TERMINAL_TAGS for operation in DOCUMENT.operations) == 17


@pytest.mark.parametrize(
    ("operation_id", "where", "tag", "scopes", "statuses"), TABLE, ids=[r[0] for r in TABLE]
)
def test_operation_is_as_in_the_table(
    operation_id: str, where: str, tag: str, scopes: tuple[str, ...], statuses: tuple[str, ...]
) -> None:
    operation = DOCUMENT.by_id[operation_id]
    assert str(operation) == where
    assert operation.node["tags"] == [tag]
    assert operation.node["x-scopes"] == list(scopes)
    assert operation.node["security"] == ([{"ApiKey": []}] if scopes else [])
    assert tuple(operation.node["responses"]) == statuses


def test_only_pushed_quotes_may_be_larger_than_usual() -> None:
    limits = {
        each.id: each.node["x-body-limit"] for each in DOCUMENT.operations if "x-body-limit" in each.node
    }
    assert limits == {"pushQuotes": 2 * 1024 * 1024}


def test_every_reference_leads_somewhere_and_every_component_is_used() -> None:
    references = set(DOCUMENT.references())
    for reference in references:
        DOCUMENT.resolve({"$ref": reference})
    components = {
        f"#/components/{section}/{name}"
        for section, entries in DOCUMENT.components.items()
        if section != "securitySchemes"
        for name in entries
    }
    complain(sorted(components - references))


def test_tags_are_described_and_extensions_say_so() -> None:
    described = {tag["name"]: tag["description"] for tag in DOCUMENT.root["tags"]}
    assert set(described) == {row[2] for row in TABLE}
    for name, description in described.items():
        assert ("**Extension**" in description) == (name not in TERMINAL_TAGS), name
    grouped = {group["name"]: group["tags"] for group in DOCUMENT.root["x-tagGroups"]}
    assert grouped["Tradyn Terminal"] == list(TERMINAL_TAGS)
    assert [tag for tags in grouped.values() for tag in tags] == list(described)


# ---- Prose ----------------------------------------------------------------------------------------


@each_operation
def test_operation_has_summary_description_and_examples(operation: rules.Operation) -> None:
    assert operation.node["summary"] and not operation.node["summary"].endswith(".")
    assert operation.node["description"].strip().endswith((".", ")"))
    for status, answer in DOCUMENT.answers(operation).items():
        assert answer["description"].strip(), status
        assert DOCUMENT.examples(answer), f"{status} has no example"
    if "requestBody" in operation.node:
        assert DOCUMENT.examples(operation.node["requestBody"]), "the body has no example"


def test_every_example_has_a_summary() -> None:
    complain([name for name, each in DOCUMENT.components["examples"].items() if not each.get("summary")])


def test_every_schema_and_property_is_described() -> None:
    complain(
        [
            at
            for at, schema in DOCUMENT.every_schema()
            if "$ref" not in schema
            and not at.endswith(".items")
            and not schema.get("description", "").strip()
        ]
    )


def test_a_reference_has_no_siblings() -> None:
    complain([at for at, node in rules.every_mapping(DOCUMENT.root, "") if "$ref" in node and len(node) > 1])


@pytest.mark.parametrize("name", DOCUMENT.components["parameters"])
def test_parameter_is_described_inside_and_outside_and_has_an_example(name: str) -> None:
    parameter = DOCUMENT.components["parameters"][name]
    schema = DOCUMENT.resolve(parameter["schema"])
    assert parameter["description"]
    assert schema["description"]
    if "$ref" not in parameter["schema"]:
        assert schema["description"] == parameter["description"]
    valid(parameter["schema"], parameter["example"])


# ---- Style of schemas, so that people and generators read them well -------------------------------


def test_objects_are_named_components() -> None:
    complain(
        [
            at
            for at, schema in DOCUMENT.every_schema()
            if at.count(".") > 1 and (schema.get("type") == "object" or "properties" in schema)
        ]
    )
    complain(
        [
            at
            for at, node in rules.every_mapping(DOCUMENT.root["paths"], "paths")
            if "schema" in node and set(node["schema"]) != {"$ref"}
        ]
    )


def test_objects_are_closed() -> None:
    complain(
        [
            name
            for name, schema in DOCUMENT.schemas.items()
            if schema.get("type") == "object" and schema.get("additionalProperties") is not False
        ]
    )


def test_everything_in_an_answer_is_required() -> None:
    optional = {
        f"{name}.{each}"
        for name in DOCUMENT.answer_schemas
        for each in set(DOCUMENT.schemas[name].get("properties", {}))
        - set(DOCUMENT.schemas[name].get("required", []))
        if DOCUMENT.schemas[name].get("type") == "object" and name not in DOCUMENT.request_schemas
    }
    assert optional == {"Error.details"}


def test_what_is_required_exists() -> None:
    for name, schema in DOCUMENT.schemas.items():
        assert set(schema.get("required", [])) <= set(schema.get("properties", {})), name
        assert schema.get("required") != [], name


def test_integers_have_bounds() -> None:
    complain(
        [
            at
            for at, schema in DOCUMENT.every_schema()
            if schema.get("type") == "integer"
            and "enum" not in schema
            and not {"minimum", "maximum"} <= set(schema)
        ]
    )


def test_what_a_request_carries_has_bounds() -> None:
    def unbounded(schema: rules.Node) -> bool:
        match schema.get("type"):
            case "string":
                return not {"enum", "maxLength", "allOf"} & set(schema)
            case "array":
                return "maxItems" not in schema
            case "number":
                return not {"minimum", "maximum"} <= set(schema)
        return False

    requests = [(f"schemas.{name}", DOCUMENT.schemas[name]) for name in DOCUMENT.request_schemas]
    requests += [
        (f"parameters.{name}", each["schema"]) for name, each in DOCUMENT.components["parameters"].items()
    ]
    complain(
        [
            at
            for name, schema in requests
            for at, each in rules.nested_schemas(schema, name)
            if unbounded(each)
        ]
    )


def test_only_what_draft_4_and_the_generators_understand_is_used() -> None:
    for at, schema in DOCUMENT.every_schema():
        assert "const" not in schema, at
        # A null among other values makes no class; alone, in Nothing, it is how OpenAPI 3.0.3 says null.
        assert None not in schema.get("enum", []) or at == "schemas.Nothing", at
        assert isinstance(schema.get("type", ""), str), at
        assert isinstance(schema.get("exclusiveMinimum", False), bool), at
        assert isinstance(schema.get("exclusiveMaximum", False), bool), at
        if schema.get("nullable"):
            # `nullable` without a type means nothing in OpenAPI 3.0.3, and an enum would refuse the null.
            # "An object or null" is a `oneOf` with Nothing.
            assert "type" in schema and ("enum" not in schema or at == "schemas.Nothing"), at


def test_enums_are_named_components() -> None:
    complain([at for at, schema in DOCUMENT.every_schema() if "enum" in schema and at.count(".") > 1])


def test_names_are_spelled_as_they_should_be() -> None:
    for operation in DOCUMENT.operations:
        assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", operation.id), operation.id
        assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", each["name"]) for each in operation.parameters), (
            operation.id
        )
    for name, schema in DOCUMENT.schemas.items():
        assert re.fullmatch(r"([A-Z][a-z]+)+", name), name
        for each in schema.get("properties", {}):
            assert re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", each), f"{name}.{each}"


def test_types_of_webhook_events_are_those_of_the_server() -> None:
    schema = DOCUMENT.schemas["WebhookEventType"]
    named = dict(zip(schema["enum"], schema["x-enum-varnames"], strict=True))
    assert named == {each.value: each.name for each in EventType}


def test_example_events_fit_what_a_webhook_is_sent() -> None:
    (item,) = DOCUMENT.by_id["createWebhook"].node["callbacks"]["event"].values()
    body = item["post"]["requestBody"]
    examples = DOCUMENT.examples(body)
    assert {each["type"].partition(".")[0] for each in examples.values()} == {
        each.partition(".")[0] for each in EventType
    }
    for example in examples.values():
        valid(DOCUMENT.media(body)["schema"], example)


def test_order_types_have_names() -> None:
    order_type = DOCUMENT.schemas["OrderType"]
    named = dict(zip(order_type["enum"], order_type["x-enum-varnames"], strict=True))
    assert named == {
        0: "BUY",
        1: "SELL",
        2: "BUY_LIMIT",
        3: "SELL_LIMIT",
        4: "BUY_STOP",
        5: "SELL_STOP",
        6: "BUY_STOP_LIMIT",
        7: "SELL_STOP_LIMIT",
    }


@each_component
def test_schema_compiles_as_draft_4(name: str) -> None:
    jsonschema_rs.Draft4Validator(DOCUMENT.compilable(name), validate_formats=True)


# ---- Envelope, errors, headers --------------------------------------------------------------------


@each_operation
def test_answers_are_in_the_envelope(operation: rules.Operation) -> None:
    for status, answer in DOCUMENT.answers(operation).items():
        reference = DOCUMENT.media(answer)["schema"]["$ref"]
        if status != "200":
            assert reference == "#/components/schemas/Error"
            continue
        name = reference.rpartition("/")[2]
        properties = set(DOCUMENT.schemas[name]["properties"])
        paged = any(parameter["name"] == "cursor" for parameter in operation.parameters)
        assert name.endswith("Page" if paged else "Response")
        assert properties == ({"success", "data", "next_cursor"} if paged else {"success", "data"})


@each_operation
def test_answers_carry_their_headers(operation: rules.Operation) -> None:
    for status, answer in DOCUMENT.answers(operation).items():
        expected = {"X-Request-Id"}
        if status == "401":
            expected |= {"WWW-Authenticate"}
        elif operation.node["security"] or status != "200":
            expected |= {"RateLimit-Policy", "RateLimit"}
        if status == "429":
            expected |= {"Retry-After"}
        assert set(answer["headers"]) == expected, status


def test_error_codes_are_those_of_the_server() -> None:
    assert sorted(DOCUMENT.schemas["ErrorCode"]["enum"]) == sorted(CODES)


@pytest.mark.parametrize("name", CODES)
def test_error_code_is_explained_with_its_status_and_retcode(name: str) -> None:
    code = CODES[name]
    cells = ["", f"`{name}`", str(code.status), str(code.retcode or "")]
    rows = [
        [cell.strip() for cell in line.split("|")]
        for line in DOCUMENT.schemas["ErrorCode"]["description"].splitlines()
    ]
    assert [row for row in rows if row[:4] == cells and row[4]]


@each_operation
def test_example_errors_have_the_status_and_retcode_of_their_code(operation: rules.Operation) -> None:
    for status, answer in DOCUMENT.answers(operation).items():
        for example in DOCUMENT.examples(answer).values():
            assert example["success"] is (status == "200")
            if status != "200":
                code = CODES[example["code"]]
                assert (str(code.status), code.retcode) == (status, example["retcode"])


def test_refusals_that_prose_names_exist() -> None:
    """Every word in capitals and backticks that is not an order type is an error code."""
    names = set(CODES) | set(DOCUMENT.schemas["OrderType"]["x-enum-varnames"])
    prose = [node["description"] for _, node in rules.every_mapping(DOCUMENT.root, "") if is_text(node)]
    named = {each for text in prose for each in re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", text)}
    complain(sorted(named - names))


# ---- Examples -------------------------------------------------------------------------------------


def is_text(node: dict[str, Any]) -> bool:
    return isinstance(node.get("description"), str)


def valid(schema: rules.Node, value: rules.Node) -> None:
    """The value fits the schema, which may be a reference into the document."""
    components = DOCUMENT.compilable("Error")["components"]
    whole = {"allOf": [rules.to_draft4(schema)], "components": components}
    problems = [
        f"{'/'.join(map(str, error.instance_path))}: {error.message}"
        for error in jsonschema_rs.Draft4Validator(whole, validate_formats=True).iter_errors(value)
    ]
    complain(problems)


@each_operation
def test_examples_fit_their_schemas(operation: rules.Operation) -> None:
    bodies = list(DOCUMENT.answers(operation).values())
    if "requestBody" in operation.node:
        bodies.append(operation.node["requestBody"])
    for body in bodies:
        for example in DOCUMENT.examples(body).values():
            valid(DOCUMENT.media(body)["schema"], example)


def test_examples_in_the_manual_fit_the_schemas() -> None:
    quote, refusal = rules.json_blocks(DOCUMENT.root["info"]["description"])
    valid({"$ref": "#/components/schemas/QuoteResponse"}, quote)
    valid({"$ref": "#/components/schemas/Error"}, refusal)


def test_defaults_fit_their_schemas() -> None:
    for at, schema in DOCUMENT.every_schema():
        if "default" in schema:
            try:
                valid(schema, schema["default"])
            except AssertionError as problem:
                raise AssertionError(at) from problem


def test_examples_tell_one_story() -> None:
    def data(name: str) -> Any:
        return DOCUMENT.components["examples"][name]["value"]["data"]

    bought, position, closed = data("Bought"), data("PositionOpen"), data("ClosedWhole")
    asked = DOCUMENT.components["examples"]["BuyWithStops"]["value"]
    assert (
        bought["price"]
        == data("QuoteEurusd")["ask"]
        == data("PreviewAccepted")["price"]
        == position["price_open"]
    )
    assert bought["ticket"] == position["ticket"] == closed["ticket"]
    assert all(asked[each] == bought[each] for each in asked)
    assert position["profit"] == closed["profit"] == data("AccountWithPosition")["profit"]
    assert position["margin"] == bought["margin"] == data("AccountWithPosition")["margin"]
    _, opening = data("DealsFirstPage")
    (closing,) = data("DealsLastPage")
    assert (opening["ticket"], closing["ticket"]) == (bought["deal"], closed["deal"])
    assert opening["position"] == closing["position"] == bought["ticket"]
    for account in (data("AccountFlat"), data("AccountWithPosition"), data("AccountCreated")["account"]):
        assert account["equity"] == account["balance"] + account["credit"] + account["profit"]
        assert account["margin_free"] == account["equity"] - account["margin"]


# ---- Links ----------------------------------------------------------------------------------------


@each_operation
def test_links_lead_to_operations_with_values_that_are_there(operation: rules.Operation) -> None:
    for status, answer in DOCUMENT.answers(operation).items():
        for name, link in answer.get("links", {}).items():
            link = DOCUMENT.resolve(link)
            assert link["description"], name
            taken = {parameter["name"] for parameter in DOCUMENT.by_id[link["operationId"]].parameters}
            for parameter, expression in link["parameters"].items():
                assert parameter in taken, (status, name, parameter)
                check_expression(operation, answer, expression)


def check_expression(operation: rules.Operation, answer: rules.Node, expression: str) -> None:
    """A runtime expression names a query parameter, or something that an example of the answer has."""
    source, _, rest = expression.partition("#")
    if source.startswith("$request.query."):
        queries = {parameter["name"] for parameter in operation.parameters if parameter["in"] == "query"}
        assert source.removeprefix("$request.query.") in queries, expression
        return
    assert source == "$response.body", expression
    found = []
    for example in DOCUMENT.examples(answer).values():
        try:
            found.append(rules.at_pointer(example, rest))
        except LookupError:
            continue
    assert [value for value in found if value is not None], expression


@pytest.mark.parametrize(
    ("source", "targets"),
    [
        ("trade", {"getPosition", "modifyPosition", "closePosition", "explain"}),
        ("closePosition", {"explain"}),
        ("placeOrder", {"getOrder", "modifyOrder", "cancelOrder"}),
        ("createKey", {"rotateKey", "revokeKey"}),
        ("createWebhook", {"testWebhook", "listDeliveries", "rotateWebhookSecret", "deleteWebhook"}),
        ("testWebhook", {"redeliver"}),
        ("createAccount", {"getAccountByLogin", "changeBalance"}),
        ("getAccountHistory", {"getAccountHistory"}),
        ("listOrders", {"listOrders"}),
        ("listAccounts", {"listAccounts"}),
    ],
)
def test_operation_leads_on(source: str, targets: set[str]) -> None:
    links = DOCUMENT.answers(DOCUMENT.by_id[source])["200"]["links"].values()
    assert targets <= {DOCUMENT.resolve(link)["operationId"] for link in links}
