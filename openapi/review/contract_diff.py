"""Compare the contract with an earlier one: `make contract-diff [BASE=<revision>]`.

`redocly diff` rates every change as major (it breaks a client), minor (it adds) or patch (it explains). What
it does not look at, or rates in another way than this house, is rated here: scopes, limits of bodies,
defaults, and the names that the generated clients take from the document. Then

* `info.version` must have been raised as the gravest change demands, and
* `openapi/CHANGELOG.md` must have an entry for it.

Without BASE the contract is compared with the last one that was released: the last commit on this line of
history whose changelog gives its version a date, or else whose version is another than today's. A change that
only looks as if it broke a client is declared in `accepted.yaml`, with the reason.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped,unused-ignore]

from node_tools import CONTRACT, HERE, run_json

REPOSITORY: Final = HERE.parents[1]
CHANGELOG: Final = CONTRACT.with_name("CHANGELOG.md")
ACCEPTED: Final = HERE / "accepted.yaml"

_METHODS: Final = ("get", "put", "post", "patch", "delete", "options", "head", "trace")
_BODY_LIMIT: Final = 65536
# The same in C is ten times as fast, where PyYAML was built with it.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ENTRY: Final = re.compile(r"^## (?P<version>\S+) \((?P<date>unreleased|\d{4}-\d\d-\d\d)\)$", re.MULTILINE)

Node = Any
"""Something in a document."""


class Impact(IntEnum):
    """Which part of the version a change demands to be raised."""

    PATCH = 1
    MINOR = 2
    MAJOR = 3


@dataclass(frozen=True)
class Change:
    """One difference: how grave, by which rule, where (a JSON pointer, a line if known), and what it is."""

    impact: Impact
    rule: str
    pointer: str
    line: int | None
    what: str


# What to do instead of breaking, by the end of the rule's name.
_INSTEAD: Final = (
    (("removed",), "keep it, and say in its description what takes its place"),
    (("required-properties-added", "became-required"), "make it optional, and do as before without it"),
    (("enum-values-added",), "give it only on request; an enum that may grow has x-may-grow"),
    (("changed",), "leave it, and add a new property, parameter or operation beside it"),
)  # fmt: skip


# ---- What changed ---------------------------------------------------------------------------------


def compare(base: str, revision: str) -> list[Change]:
    """Every change from the text of one document to that of another, gravest first."""
    before, after = _load(base), _load(revision)
    lines = _Lines(revision)
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("base.json", "revision.json")]
        for file, document in zip(files, (before, after), strict=True):
            # As JSON, because redocly looks only once at what YAML aliases say in many places.
            file.write_text(json.dumps(document))
        report = run_json(
            "redocly", "diff", *files, "--config", HERE / "redocly.yaml", "--format", "json",
            "--fail-on", "none",
        )  # fmt: skip
    changes = [_rated(each, before, after, lines) for each in report["changes"]]
    changes += _unseen(before, after, lines)
    if not changes and base != revision:
        changes = [Change(Impact.PATCH, "text-changed", "#", None, "Examples or layout changed.")]
    return sorted(changes, key=lambda each: (-each.impact, each.pointer))


class _Lines:
    """Where in a YAML text a JSON pointer leads."""

    def __init__(self, text: str) -> None:
        self._root = yaml.compose(text, _LOADER)

    def of(self, pointer: str) -> int:
        """The line of what the pointer names, or of the nearest mapping around it that is written out."""
        node, line = self._root, 1
        for part in pointer.removeprefix("#").split("/")[1:]:
            inner = self._inner(node, _unescaped(part))
            if inner is None:
                break
            key, node = inner
            line = key.start_mark.line + 1
        return line

    @staticmethod
    def _inner(node: Node, name: str) -> tuple[Node, Node] | None:
        if isinstance(node, yaml.SequenceNode) and name.isdecimal() and int(name) < len(node.value):
            return node.value[int(name)], node.value[int(name)]
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        return next(((key, value) for key, value in pairs if key.value == name), None)


def _rated(change: dict[str, Node], before: Node, after: Node, lines: _Lines) -> Change:
    """A change of redocly's report as this house rates it."""
    impact = Impact[change["impact"].upper()]
    verdicts = change["verdicts"]
    rule = verdicts[0]["ruleId"] if verdicts else change["kind"]
    name = _unescaped(change.get("property") or change["path"].rpartition("/")[2])
    what = " ".join(each["message"] for each in verdicts) or f"{rule.capitalize()}: `{name}`."
    if rule == "enum-values-added" and _owner(after, change["revision"]).get("x-may-grow"):
        impact = Impact.MINOR
    if change.get("property") == "default" and "default" in _owner(before, change["base"]):
        impact, rule, what = Impact.MAJOR, "default-changed", "The default changed, and with it what is done."
    if change["typeName"].startswith("Example"):
        impact = Impact.PATCH
    line = lines.of(change["revision"]["pointer"]) if "revision" in change else None
    return Change(impact, rule, change["path"], line, what)


def _unseen(before: Node, after: Node, lines: _Lines) -> Iterator[Change]:
    """What redocly does not look at, but clients feel."""
    operations = _operations(before)
    for pointer, new in _operations(after).items():
        old = operations.get(pointer)
        if old is None:
            continue
        lost = [each for each in old["x-scopes"] if each not in new["x-scopes"]]
        won = [each for each in new["x-scopes"] if each not in old["x-scopes"]]
        if lost:
            what = f"The scopes {', '.join(lost)} may no longer call `{new['operationId']}`."
            yield Change(Impact.MAJOR, "scope-removed", pointer, lines.of(pointer), what)
        if won:
            what = f"The scopes {', '.join(won)} may now call `{new['operationId']}`."
            yield Change(Impact.MINOR, "scope-added", pointer, lines.of(pointer), what)
        if new["tags"] != old["tags"]:
            what = (
                f"`{new['operationId']}` went from {old['tags'][0]} to {new['tags'][0]}, in the clients too."
            )
            yield Change(Impact.MAJOR, "tag-changed", pointer, lines.of(pointer), what)
        limits = [each.get("x-body-limit", _BODY_LIMIT) for each in (old, new)]
        if limits[0] != limits[1]:
            impact = Impact.MAJOR if limits[1] < limits[0] else Impact.MINOR
            what = f"A body of `{new['operationId']}` may have {limits[1]} bytes, it was {limits[0]}."
            yield Change(impact, "body-limit-changed", pointer, lines.of(pointer), what)
    schemas = after["components"]["schemas"]
    for name, old in before["components"]["schemas"].items():
        pointer = f"#/components/schemas/{name}"
        if name not in schemas:
            what = f"`{name}` is gone, and with it a class of the generated clients."
            yield Change(Impact.MAJOR, "schema-removed", pointer, None, what)
            continue
        names = [
            dict(zip(each.get("enum", []), each.get("x-enum-varnames", []), strict=False))
            for each in (old, schemas[name])
        ]
        for value, said in names[0].items():
            if names[1].get(value, said) != said:
                what = f"{value} of `{name}` was called {said} and is now {names[1][value]}."
                yield Change(Impact.MAJOR, "enum-name-changed", pointer, lines.of(pointer), what)


def _operations(document: Node) -> dict[str, Node]:
    return {
        f"#/paths/{path.replace('~', '~0').replace('/', '~1')}/{method}": item[method]
        for path, item in document["paths"].items()
        for method in _METHODS
        if method in item
    }


def _owner(document: Node, source: dict[str, Node]) -> Node:
    """The schema whose property changed, where redocly's pointer names the property."""
    for part in source["pointer"].removeprefix("#").split("/")[1:-1]:
        key = _unescaped(part)
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document


def _unescaped(part: str) -> str:
    """A part of a JSON pointer as the name that it stands for."""
    return part.replace("~1", "/").replace("~0", "~")


def _load(text: str) -> Node:
    return yaml.load(text, _LOADER)


# ---- What is demanded -----------------------------------------------------------------------------


def without_accepted(changes: Sequence[Change], version: str, accepted: Node) -> list[Change]:
    """The changes, with the false alarms that were declared for this version taken for explanations."""
    places = tuple(each["at"] for each in accepted or [] if str(each["version"]) == version)
    return [
        replace(each, impact=Impact.PATCH) if places and each.pointer.startswith(places) else each
        for each in changes
    ]


def due_version(version: str, impact: Impact) -> str:
    """The least version after this one that such a change may have."""
    major, minor, patch = _parts(version)
    match impact:
        case Impact.MAJOR:
            return f"{major + 1}.0.0"
        case Impact.MINOR:
            return f"{major}.{minor + 1}.0"
        case Impact.PATCH:
            return f"{major}.{minor}.{patch + 1}"


def objections(changes: Sequence[Change], base_version: str, version: str, changelog: str) -> list[str]:
    """What stands against these changes under this version; empty when nothing does."""
    if not changes:
        return []
    found = []
    gravest = max(each.impact for each in changes)
    due = due_version(base_version, gravest)
    if _parts(version) < _parts(due):
        how = {Impact.MAJOR: "break clients", Impact.MINOR: "add something", Impact.PATCH: "explain it anew"}
        stands = f"still {version}" if version == base_version else version
        found.append(f"The changes {how[gravest]}: info.version must be {due} or more, and is {stands}.")
    if not _entry(changelog, version):
        found.append(
            f"{CHANGELOG.name} has no entry for {version}: say under `## {version} (unreleased)`"
            " what a client gains or has to change."
        )
    return found


def is_released(changelog: str, version: str) -> bool:
    """Whether the changelog gives this version a date."""
    dates = {each["version"]: each["date"] for each in _ENTRY.finditer(changelog)}
    return dates.get(version, "unreleased") != "unreleased"


def _entry(changelog: str, version: str) -> str:
    """What the changelog says of a version."""
    headings = [*_ENTRY.finditer(changelog)]
    for heading, following in zip_longest(headings, headings[1:]):
        if heading["version"] == version:
            return changelog[heading.end() : following.start() if following else None].strip()
    return ""


def _parts(version: str) -> tuple[int, int, int]:
    match = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", version)
    if match is None:
        sys.exit(f"info.version must be three numbers such as 1.2.0, not {version}.")
    return int(match[1]), int(match[2]), int(match[3])


# ---- Which document to compare with ---------------------------------------------------------------


def git(*arguments: str) -> str | None:
    """What git prints, or None when it refuses."""
    done = subprocess.run(["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else None


def document_at(revision: str) -> str | None:
    """The contract in a revision."""
    return git("show", f"{revision}:{CONTRACT.relative_to(REPOSITORY).as_posix()}")


def last_release(version: str) -> str | None:
    """The commit that released the last contract, as seen from a document of this version.

    None when history has no such commit, or not all of history is here.
    """
    paths = [str(each.relative_to(REPOSITORY)) for each in (CONTRACT, CHANGELOG)]
    revisions = (git("log", "--first-parent", "--format=%H", "--", *paths) or "").split()
    found: tuple[str, str] | None = None
    for revision in revisions:
        text = document_at(revision)
        if text is None:
            break
        then = str(_load(text)["info"]["version"])
        has_date = is_released(_changelog_at(revision), then)
        if found is None and (has_date or then != version):
            found = revision, then
        elif found is not None and (then != found[1] or not has_date):
            break
        elif found is not None:
            # Released earlier: what came after under the same version is what is to be found out.
            found = revision, then
    if found is not None:
        return found[0]
    # A version that was never raised: the contract begins with the first document that had it.
    is_shallow = (git("rev-parse", "--is-shallow-repository") or "").strip() == "true"
    return revisions[-1] if revisions and not is_shallow else None


def _changelog_at(revision: str) -> str:
    return git("show", f"{revision}:{CHANGELOG.relative_to(REPOSITORY).as_posix()}") or ""


# ---- For people -----------------------------------------------------------------------------------


def place(pointer: str) -> str:
    """A pointer as people say it: `GET /api/orders, 200: data.items.price`."""
    parts = [_unescaped(each) for each in pointer.removeprefix("#/").split("/")]
    if parts[0] == "paths" and len(parts) > 1:
        named = [f"{parts[2].upper()} {parts[1]}"] if len(parts) > 2 else [parts[1]]
        rest = parts[3:]
        if rest[:1] == ["responses"] and len(rest) > 1:
            named.append(f"answer {rest[1]}")
            rest = rest[2:]
        elif rest[:1] == ["requestBody"]:
            named.append("body")
            rest = rest[1:]
        noise = {"content", "application/json", "schema", "properties"}
        inner = ".".join(each for each in rest if each not in noise)
        return ", ".join(named) + (f": {inner}" if inner else "")
    return " ".join(parts)


def _print(changes: Sequence[Change]) -> None:
    titles = {Impact.MAJOR: "Breaking", Impact.MINOR: "Added"}
    for impact, title in titles.items():
        chosen = [each for each in changes if each.impact is impact]
        if chosen:
            print(f"\n{title} ({len(chosen)})")
        for each in chosen:
            line = f" (line {each.line})" if each.line else ""
            print(f"  {place(each.pointer)}{line}\n    {each.what} [{each.rule}]")
            if impact is Impact.MAJOR:
                instead = next((say for ends, say in _INSTEAD if each.rule.endswith(ends)), _INSTEAD[-1][1])
                print(f"    Instead: {instead}.")
    explained = sum(each.impact is Impact.PATCH for each in changes)
    if explained:
        print(f"\nExplanations, examples and the like: {explained}")


def main() -> int:
    """Print the changes and what stands against them; 1 if anything does."""
    parser = argparse.ArgumentParser(description="Compare the contract with an earlier one.")
    parser.add_argument(
        "base", nargs="?", default="", help="a git revision; the last released contract by default"
    )
    asked: str = parser.parse_args().base
    version = str(_load(CONTRACT.read_text())["info"]["version"])
    base = asked or last_release(version)
    if not base:
        print("There is no earlier contract in this history (a shallow clone?): nothing to compare with.")
        return 0
    text = document_at(base)
    if text is None:
        sys.exit(
            f"There is no {CONTRACT.name} in the revision {base}; name one that `git log -- openapi` shows."
        )
    base_version = str(_load(text)["info"]["version"])
    commit = (git("rev-parse", "--short", base) or base).strip()
    accepted = _load(ACCEPTED.read_text())
    changes = without_accepted(compare(text, CONTRACT.read_text()), version, accepted)
    print(f"Contract {base_version} ({commit}) → {version} (working tree)")
    _print(changes)
    against = objections(changes, base_version, version, CHANGELOG.read_text())
    print("\n" + "\n".join(against or ["The version and the changelog say what the changes are."]))
    return 1 if against else 0


if __name__ == "__main__":
    raise SystemExit(main())
