"""The tools that review the contract find what they are for: each rule of our own, and each kind of change.

The document is broken once for each rule and changed once for each kind of change. The tools are those of
`openapi/review`, which `make test` installs; where they are missing, these tests are passed over.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

import contract_diff
import node_tools
from contract import document_rules as rules
from contract_check import LEAST_SCORES, Problem, redocly_problems, scores, spectral_problems
from contract_diff import Change, Impact, compare, objections

pytestmark = pytest.mark.skipif(not node_tools.is_installed(), reason="openapi/review is not installed")

Document = dict[str, Any]
Edit = Callable[[Document], object]

TEXT: Final = rules.DOCUMENT_PATH.read_text(encoding="utf-8")
ROOT: Final = rules.load().root
CHANGELOG: Final = "## 1.2.0 (unreleased)\n\n* Something.\n\n## 1.1.0 (2026-01-01)\n\n* More.\n"


def fresh() -> Document:
    """A copy of the document, without aliases, to be changed."""
    document: Document = json.loads(json.dumps(ROOT))
    return document


def schema(document: Document, name: str) -> Any:
    return document["components"]["schemas"][name]


def operation(document: Document, path: str, method: str) -> Any:
    return document["paths"][path][method]


def changed(edit: Edit) -> str:
    document = fresh()
    edit(document)
    return json.dumps(document, indent=1)


# ---- Lint -----------------------------------------------------------------------------------------


def test_linters_find_nothing_in_the_contract() -> None:
    assert redocly_problems(rules.DOCUMENT_PATH) == []
    assert spectral_problems(rules.DOCUMENT_PATH) == []


def test_score_has_not_decayed() -> None:
    found = scores(rules.DOCUMENT_PATH)
    assert {name: score >= LEAST_SCORES[name] for name, score in found.items()} == dict.fromkeys(
        LEAST_SCORES, True
    )


def inline_object(document: Document) -> None:
    schema(document, "Quote")["properties"]["bid"] = {
        "type": "object",
        "additionalProperties": False,
        "description": "Money.",
        "properties": {"amount": {"type": "number", "description": "In the profit currency."}},
    }


def own_refusal(document: Document) -> None:
    answers = operation(document, "/api/account", "get")["responses"]
    answers["429"] = document["components"]["responses"]["TooManyRequests"]


def torn_prose(document: Document) -> None:
    operation(document, "/api/account", "get")["description"] = "Balance, equity, margin\nand settings.\n"


REDOCLY: Final[dict[str, Edit]] = {
    "tradyn/statuses-of-the-tag": lambda each: operation(each, "/api/account", "get")["responses"].pop("503"),
    "tradyn/scopes-and-security": lambda each: operation(each, "/api/account", "get").update(security=[]),
    "tradyn/objects-are-named": inline_object,
    "tradyn/objects-are-closed": lambda each: schema(each, "Quote").pop("additionalProperties"),
    "tradyn/shared-refusals": own_refusal,
    "tradyn/prose-is-not-torn": torn_prose,
}

SPECTRAL: Final[dict[str, Edit]] = {
    "tradyn-operation-id-camel-case": lambda each: operation(each, "/api/account", "get").update(
        operationId="get_account"
    ),
    "tradyn-one-tag": lambda each: operation(each, "/api/account", "get")["tags"].append("Orders"),
    "tradyn-property-described": lambda each: schema(each, "Quote")["properties"]["bid"].pop("description"),
    "tradyn-schema-described": lambda each: schema(each, "Quote").pop("description"),
    "tradyn-parameter-described": lambda each: each["components"]["parameters"]["Limit"]["schema"].pop(
        "description"
    ),
    "tradyn-parameter-example": lambda each: each["components"]["parameters"]["Limit"].pop("example"),
    "tradyn-example-summary": lambda each: each["components"]["examples"]["Bought"].pop("summary"),
    "tradyn-enum-names": lambda each: schema(each, "OrderType")["x-enum-varnames"].pop(),
    "tradyn-unit-named": lambda each: schema(each, "TradeResult")["properties"]["volume"].update(
        description="How much."
    ),
}


def rules_fired(edits: dict[str, Edit], lint: Callable[[Path], list[Problem]], folder: Path) -> set[str]:
    """The rules that a document broken in all these ways breaks: one run, because each takes seconds."""
    document = fresh()
    for edit in edits.values():
        edit(document)
    file = folder / "broken.json"
    file.write_text(json.dumps(document, indent=1))
    return {each.rule for each in lint(file)}


@pytest.fixture(scope="module")
def fired(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    return rules_fired(REDOCLY, redocly_problems, tmp_path_factory.mktemp("redocly")) | rules_fired(
        SPECTRAL, spectral_problems, tmp_path_factory.mktemp("spectral")
    )


@pytest.mark.parametrize("rule", [*REDOCLY, *SPECTRAL])
def test_rule_fires(rule: str, fired: set[str]) -> None:
    assert rule in fired


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            lambda each: operation(each, "/api/account", "get")["responses"].update(
                {"404": {"$ref": "#/components/responses/NotFound"}}
            ),
            "Promises 200, 400, 401, 403, 404, 429, 500, 503; must be 200, 400, 401, 403, 429, 500, 503.",
        ),
        (
            lambda each: operation(each, "/api/account", "get")["responses"].pop("503"),
            "Promises 200, 400, 401, 403, 429, 500; must be 200, 400, 401, 403, 429, 500, 503.",
        ),
    ],
    ids=["one too many", "one too few"],
)
def test_statuses_are_checked_in_both_directions(edit: Edit, message: str, tmp_path: Path) -> None:
    document = tmp_path / "broken.json"
    document.write_text(changed(edit))
    assert [each.message for each in redocly_problems(document)] == [message]


def test_null_among_other_values_of_an_enum_is_found(tmp_path: Path) -> None:
    document = tmp_path / "broken.json"
    document.write_text(changed(lambda each: schema(each, "Side")["enum"].append(None)))
    assert "tradyn-enum-names" in {each.rule for each in spectral_problems(document)}


def test_every_rule_of_our_own_is_broken_here() -> None:
    plugin = (node_tools.HERE / "redocly.yaml").read_text()
    ruleset = (node_tools.HERE / "spectral.yaml").read_text()
    assert {line.strip().split(":")[0] for line in plugin.splitlines() if "  tradyn/" in line} == set(REDOCLY)
    assert {line.strip()[:-1] for line in ruleset.splitlines() if line.startswith("  tradyn-")} == set(
        SPECTRAL
    )


# ---- Changes --------------------------------------------------------------------------------------


def no_magic(document: Document) -> None:
    del schema(document, "Position")["properties"]["magic"]
    schema(document, "Position")["required"].remove("magic")


def property_of(name: str, *, required: bool) -> Edit:
    def edit(document: Document) -> None:
        schema(document, name)["properties"]["venue"] = {"type": "string", "description": "Where."}
        if required:
            schema(document, name)["required"].append("venue")

    return edit


def new_parameter(document: Document) -> None:
    document["components"]["parameters"]["Magic"] = {
        "name": "magic",
        "in": "query",
        "description": "Only of this strategy.",
        "schema": {"type": "integer", "minimum": 0, "maximum": 1, "description": "Only of this strategy."},
        "example": 1,
    }
    parameters = operation(document, "/api/positions", "get")["parameters"]
    parameters.append({"$ref": "#/components/parameters/Magic"})


def renamed_schema(document: Document) -> None:
    text = json.dumps(document).replace('schemas/Quote"', 'schemas/Tick"')
    document.update(json.loads(text))
    document["components"]["schemas"]["Tick"] = document["components"]["schemas"].pop("Quote")


def new_operation(document: Document) -> None:
    item = json.loads(json.dumps(document["paths"]["/api/account"]))
    item["get"]["operationId"] = "getAccountAgain"
    document["paths"]["/api/account/again"] = item


CHANGES: Final[dict[str, tuple[Edit, Impact, str]]] = {
    "property removed from an answer": (no_magic, Impact.MAJOR, "property-removed"),
    "property of an answer no longer required": (
        lambda each: schema(each, "Position")["required"].remove("magic"),
        Impact.MAJOR,
        "required-properties-removed",
    ),
    "property added to an answer": (property_of("Position", required=True), Impact.MINOR, "added"),
    "answer may be null": (
        lambda each: schema(each, "Quote")["properties"]["bid"].update(nullable=True),
        Impact.MAJOR,
        "schema-type-changed",
    ),
    "required property added to a request": (
        property_of("TradeRequest", required=True),
        Impact.MAJOR,
        "required-properties-added",
    ),
    "optional property added to a request": (
        property_of("TradeRequest", required=False),
        Impact.MINOR,
        "added",
    ),
    "request may no longer be null": (
        lambda each: schema(each, "TradeRequest")["properties"]["sl"].pop("nullable"),
        Impact.MAJOR,
        "schema-type-changed",
    ),
    "narrower maximum in a request": (
        lambda each: schema(each, "RotateKeyRequest")["properties"]["overlap_seconds"].update(maximum=60),
        Impact.MAJOR,
        "schema-constraint-changed",
    ),
    "default of a request changed": (
        lambda each: schema(each, "RotateKeyRequest")["properties"]["overlap_seconds"].update(default=60),
        Impact.MAJOR,
        "default-changed",
    ),
    "value removed from an enum of requests": (
        lambda each: schema(each, "PositionResult")["enum"].remove("losing"),
        Impact.MAJOR,
        "enum-values-removed",
    ),
    "value added to an enum of answers": (
        lambda each: schema(each, "DealReason")["enum"].append("expiration"),
        Impact.MAJOR,
        "enum-values-added",
    ),
    "value added to an enum that may grow": (
        lambda each: schema(each, "ErrorCode")["enum"].append("TOO_LATE"),
        Impact.MINOR,
        "enum-values-added",
    ),
    "value of an enum called otherwise": (
        lambda each: schema(each, "OrderType").update({"x-enum-varnames": ["PURCHASE", *list("1234567")]}),
        Impact.MAJOR,
        "enum-name-changed",
    ),
    "parameter removed": (
        lambda each: operation(each, "/api/positions", "get").pop("parameters"),
        Impact.MAJOR,
        "parameter-removed",
    ),
    "parameter added": (new_parameter, Impact.MINOR, "added"),
    "parameter became required": (
        lambda each: each["components"]["parameters"]["HistoryFrom"].update(required=True),
        Impact.MAJOR,
        "parameter-became-required",
    ),
    "operation removed": (
        lambda each: each["paths"]["/api/orders/{ticket}"].pop("delete"),
        Impact.MAJOR,
        "operation-removed",
    ),
    "operation renamed": (
        lambda each: operation(each, "/api/account", "get").update(operationId="readAccount"),
        Impact.MAJOR,
        "operation-id-changed",
    ),
    "operation moved to another tag": (
        lambda each: operation(each, "/api/account", "get").update(tags=["Orders"]),
        Impact.MAJOR,
        "tag-changed",
    ),
    "operation added": (new_operation, Impact.MINOR, "added"),
    "status removed": (
        lambda each: operation(each, "/api/account", "get")["responses"].pop("503"),
        Impact.MAJOR,
        "response-removed",
    ),
    "header removed": (
        lambda each: each["components"]["responses"]["TooManyRequests"]["headers"].pop("Retry-After"),
        Impact.MAJOR,
        "response-header-removed",
    ),
    "scope may no longer call": (
        lambda each: operation(each, "/api/account", "get")["x-scopes"].remove("read"),
        Impact.MAJOR,
        "scope-removed",
    ),
    "scope may now call": (
        lambda each: operation(each, "/api/account", "get")["x-scopes"].append("trade"),
        Impact.MINOR,
        "scope-added",
    ),
    "smaller bodies": (
        lambda each: operation(each, "/api/simulation/quotes", "post").update({"x-body-limit": 65536}),
        Impact.MAJOR,
        "body-limit-changed",
    ),
    "schema renamed": (renamed_schema, Impact.MAJOR, "schema-removed"),
    "prose": (
        lambda each: each["info"].update(description="Shorter."),
        Impact.PATCH,
        "modified",
    ),
    "example": (
        lambda each: each["components"]["examples"]["Bought"]["value"]["data"].update(price=1.1),
        Impact.PATCH,
        "text-changed",
    ),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_change_is_rated(kind: str) -> None:
    edit, impact, rule = CHANGES[kind]
    found = compare(json.dumps(fresh(), indent=1), changed(edit))
    assert found[0].impact is impact, found[0]
    assert rule in {each.rule for each in found if each.impact is impact}


def test_nothing_changed() -> None:
    assert compare(TEXT, TEXT) == []


def test_change_behind_an_alias_is_found_with_its_line() -> None:
    """Many answers share their headers by a YAML alias; one that loses them is told, and only that one."""
    shared = "          headers: *answered\n"
    at = TEXT.index(shared)
    found = compare(TEXT, TEXT[:at] + TEXT[at + len(shared) :])
    assert {(each.impact, each.rule) for each in found} == {(Impact.MAJOR, "response-header-removed")}
    assert {contract_diff.place(each.pointer) for each in found} == {
        "GET /api/account/history, answer 200: headers"
    }


def test_line_is_that_of_the_source() -> None:
    wider = TEXT.replace("deviation: 20\n", "deviation: 20\n        # A comment.\n", 1)
    narrower = wider.replace(
        "          maximum: 604800\n          default: 0\n", "          maximum: 60\n", 1
    )
    assert narrower != wider
    (place,) = {each.line for each in compare(wider, narrower) if each.rule == "schema-constraint-changed"}
    assert place is not None
    assert "maximum: 60" in narrower.splitlines()[place - 1]


# ---- Versions and changelog -----------------------------------------------------------------------


def of(impact: Impact) -> list[Change]:
    return [Change(impact, "rule", "#/info", 1, "Something.")]


@pytest.mark.parametrize(
    ("impact", "version", "is_right"),
    [
        (Impact.PATCH, "1.1.0", False),
        (Impact.PATCH, "1.1.1", True),
        (Impact.PATCH, "1.2.0", True),
        (Impact.MINOR, "1.1.1", False),
        (Impact.MINOR, "1.2.0", True),
        (Impact.MAJOR, "1.2.0", False),
        (Impact.MAJOR, "2.0.0", True),
        (Impact.PATCH, "1.0.9", False),
    ],
)
def test_version_must_be_due(impact: Impact, version: str, is_right: bool) -> None:
    changelog = f"## {version} (unreleased)\n\n* Something.\n"
    assert (objections(of(impact), "1.1.0", version, changelog) == []) is is_right


def test_objections_say_what_would_be_right() -> None:
    assert objections(of(Impact.MAJOR), "1.1.0", "1.1.0", "") == [
        "The changes break clients: info.version must be 2.0.0 or more, and is still 1.1.0.",
        "CHANGELOG.md has no entry for 1.1.0: say under `## 1.1.0 (unreleased)`"
        " what a client gains or has to change.",
    ]


def test_entry_must_say_something() -> None:
    assert objections(of(Impact.MINOR), "1.1.0", "1.2.0", CHANGELOG) == []
    assert objections(of(Impact.MINOR), "1.1.0", "1.2.0", CHANGELOG.replace("* Something.", ""))


def test_unchanged_contract_needs_no_version() -> None:
    assert objections([], "1.1.0", "1.1.0", "") == []


def test_false_alarm_is_accepted_in_its_version_only() -> None:
    entry = {"version": "1.2.0", "at": "#/info", "reason": "It is the same."}
    assert contract_diff.without_accepted(of(Impact.MAJOR), "1.2.0", [entry])[0].impact is Impact.PATCH
    assert contract_diff.without_accepted(of(Impact.MAJOR), "1.3.0", [entry])[0].impact is Impact.MAJOR


# ---- The document to compare with -----------------------------------------------------------------


class History:
    """A repository with a contract in it, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "openapi").mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        who = ["-c", "user.name=Someone", "-c", "user.email=someone@example.org"]
        command = ["git", *who, *arguments]
        return subprocess.run(
            command, cwd=self.folder, check=True, capture_output=True, text=True
        ).stdout.strip()

    def write(self, version: str, dates: str, prose: str = "") -> None:
        text = TEXT.replace(f"  version: {ROOT['info']['version']}\n", f"  version: {version}\n", 1)
        (self.folder / "openapi/tradyn.yaml").write_text(
            text.replace("**Tradyn** is", f"{prose}Tradyn is", 1)
        )
        (self.folder / "openapi/CHANGELOG.md").write_text(f"## {version} ({dates})\n\n* Something.\n")

    def commit(self, version: str, dates: str = "unreleased", prose: str = "") -> str:
        self.write(version, dates, prose)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "A contract")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[History]:
    folder = tmp_path / "repository"
    settle(folder, monkeypatch)
    yield History(folder)


def settle(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract_diff, "REPOSITORY", folder)
    monkeypatch.setattr(contract_diff, "CONTRACT", folder / "openapi/tradyn.yaml")
    monkeypatch.setattr(contract_diff, "CHANGELOG", folder / "openapi/CHANGELOG.md")
    monkeypatch.setattr("sys.argv", ["contract_diff.py"])


def test_base_is_the_last_document_of_another_version(history: History) -> None:
    history.commit("5.0.0")
    last = history.commit("5.0.0", prose="Once more: ")
    history.commit("5.1.0")
    history.commit("5.1.0", prose="Yet: ")
    assert contract_diff.last_release("5.1.0") == last


def test_base_is_the_commit_that_released_the_version(history: History) -> None:
    history.commit("5.0.0")
    history.commit("5.1.0")
    released = history.commit("5.1.0", "2026-01-01")
    history.commit("5.1.0", "2026-01-01", prose="Secretly: ")
    assert contract_diff.last_release("5.1.0") == released
    assert contract_diff.last_release("5.2.0") == released


def test_base_is_the_beginning_while_the_version_was_never_raised(history: History) -> None:
    first = history.commit("5.0.0")
    history.commit("5.0.0", prose="Once more: ")
    assert contract_diff.last_release("5.0.0") == first


def test_released_contract_that_changed_is_refused(
    history: History, capsys: pytest.CaptureFixture[str]
) -> None:
    history.commit("5.1.0", "2026-01-01")
    history.commit("5.1.0", "2026-01-01", prose="Secretly: ")
    assert contract_diff.main() == 1
    assert "must be 5.1.1 or more, and is still 5.1.0" in capsys.readouterr().out
    history.write("5.1.1", "unreleased", prose="Openly: ")
    assert contract_diff.main() == 0


def test_shallow_clone_says_that_there_is_nothing_to_compare_with(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    history.commit("5.0.0")
    history.commit("5.1.0")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", history.folder.as_uri(), clone], check=True)
    settle(clone, monkeypatch)
    assert contract_diff.main() == 0
    assert "nothing to compare with" in capsys.readouterr().out


def test_revision_without_a_contract_is_named(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    history.commit("5.0.0")
    monkeypatch.setattr("sys.argv", ["contract_diff.py", "nowhere"])
    with pytest.raises(SystemExit, match=r"no tradyn\.yaml in the revision nowhere"):
        contract_diff.main()
