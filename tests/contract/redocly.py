"""What `redocly drift` makes of recorded traffic: a count of the matrix that is not ours, and what differs.

How far it sees: it matches each exchange to an operation by itself, counts operations, statuses, parameters
and properties, and holds every request and every answer against the document (status, media type, body,
parameters, key). It does not look at the headers of answers, passes over an answer whose status the document
does not promise (`Drift.cells` counts none for it), and knows nothing of the order of reasons for a refusal.

It reads OpenAPI 3.0 with a validator of a later JSON Schema, which cannot say `exclusiveMinimum: true`, nor
`nullable` beside a reference, and such a schema it does not check at all. So it is given the same document in
the words of OpenAPI 3.1.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from contract.document_rules import Document, Node
from contract.review_tools import ENVIRONMENT, command

__all__ = ["Drift", "drift", "in_words_of_31"]

_MOST_SECONDS: Final = 300


@dataclass(frozen=True)
class Drift:
    """One report.

    Attributes:
        exchanges: how many it read; `documented` of them belong to an operation of the document.
        cells: every (operation, status) that it saw and the document promises.
        unseen: every (operation, status) that the document promises and it did not see.
        totals: operations, parameters, properties, responses → (covered, all).
        answers: what it found in answers, each with its operation and status.
        accepted: what it found in requests that were answered 200.
        refused: what it found in requests that were not.
    """

    exchanges: int
    documented: int
    cells: frozenset[tuple[str, int]]
    unseen: frozenset[tuple[str, int]]
    totals: dict[str, tuple[int, int]]
    answers: tuple[str, ...]
    accepted: tuple[str, ...]
    refused: tuple[str, ...]


def drift(traffic: Path, document: Document) -> Drift:
    """Let redocly read a HAR file.

    Raises:
        AssertionError: it did not come to an end, and says why.
    """
    described, report, coverage = (
        traffic.with_suffix(f".{name}.json") for name in ("document", "drift", "coverage")
    )
    described.write_text(json.dumps(in_words_of_31(document.root)), encoding="utf-8")
    # The fuzzer numbers its requests.
    ignored = ("--ignore-headers", "x-schemathesis-*")
    options = ("--traffic-format", "har", *ignored, "--format", "json", "--output", report)
    ran = subprocess.run(
        command("redocly", "drift", traffic, "--api", described, *options, "--coverage-output", coverage),
        env=ENVIRONMENT,
        cwd=traffic.parent,
        capture_output=True,
        text=True,
        timeout=_MOST_SECONDS,
    )
    assert coverage.exists(), ran.stdout + ran.stderr
    return _read(json.loads(report.read_text("utf-8")), json.loads(coverage.read_text("utf-8")))


def _read(report: dict[str, Any], coverage: dict[str, Any]) -> Drift:
    cells: dict[str, set[tuple[str, int]]] = {"covered": set(), "missing": set()}
    for operation in coverage["operations"]:
        for which, found in cells.items():
            found.update(
                (operation["operationId"], int(item["status"]))
                for item in operation[which]
                if item["kind"] == "response"
            )
    told: dict[str, list[str]] = {"answers": [], "accepted": [], "refused": []}
    for problem in report["problems"]:
        if problem["target"] != "request":
            where = "answers"
        else:
            where = "accepted" if problem["status"] == 200 else "refused"
        told[where].append(
            f"{problem.get('operationId', problem['path'])} {problem['status']}: {problem['message']}"
        )
    return Drift(
        exchanges=report["run"]["totalExchanges"],
        documented=report["run"]["documentedExchanges"],
        cells=frozenset(cells["covered"]),
        unseen=frozenset(cells["missing"]),
        totals={name: (each["covered"], each["total"]) for name, each in coverage["totals"].items()},
        answers=tuple(told["answers"]),
        accepted=tuple(told["accepted"]),
        refused=tuple(told["refused"]),
    )


def in_words_of_31(root: Node) -> Node:
    """The same document as OpenAPI 3.1 says it."""
    return {**_rewritten(root), "openapi": "3.1.0"}


def _rewritten(node: Node) -> Node:
    if isinstance(node, list):
        return [_rewritten(each) for each in node]
    if not isinstance(node, dict):
        return node
    said = {key: _rewritten(value) for key, value in node.items()}
    for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(said.get(exclusive), bool) and said.pop(exclusive):
            said[exclusive] = said.pop(limit)
    if said.get("nullable") is True:
        del said["nullable"]
        return {"anyOf": [{"type": "null"}, said]}
    return said
