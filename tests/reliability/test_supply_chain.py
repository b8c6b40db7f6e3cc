"""What the project is made of: pinned by hash, declared, from no named place, listed with its licence."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import metadata, packages_distributions, version
from pathlib import Path
from typing import Any, Final

import pytest

import supply_chain

ROOT: Final = Path(__file__).parents[2]
LOCKS: Final = sorted((ROOT / "requirements").glob("*.txt"))
ALLOWED_LICENCES: Final = {
    "0BSD", "any-OSI", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MPL-2.0",
    "PSF-2.0", "Zlib",
}  # fmt: skip
# In halves, so that this file names none.
_REGISTRY: Final = "registry" + "."
_HOSTS: Final = (
    *map(
        "".join,
        (("pypi", ".org"), ("python", "hosted"), ("npm", "js."), ("yarn", "pkg"), ("proxy", ".golang")),
    ),
    _REGISTRY,
)
# What installs the project itself, or is found through it.
_BUILT_WITH: Final = {"hatchling"}
_OF_FORMATS: Final = {"rfc3339-validator"}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements(lock: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Name, version and hashes of each requirement."""
    lines = [each for each in lock.read_text().splitlines() if each and not each.lstrip().startswith("#")]
    for each in re.split(r"(?<!\\)\n", "\n".join(lines)):
        head, *hashes = each.split("\\\n")
        found = re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==([^\s;]+)(?: ;.*)?\s*", head)
        assert found, f"{lock.name} has what is no pinned requirement: {head}"
        yield canonical(found[1]), found[2], [one.strip() for one in hashes]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / each for each in listed.stdout.split("\0") if each]


def declared_at_run_time() -> set[str]:
    lines = (ROOT / "requirements" / "runtime.in").read_text().splitlines()
    return {canonical(re.split(r"[\[=<>~ ]", each)[0]) for each in lines if each and not each.startswith("#")}


# ---------------------------------------------------------------------- locks


@pytest.mark.parametrize("lock", LOCKS, ids=lambda each: each.name)
def test_every_requirement_is_pinned_by_hash(lock: Path) -> None:
    found = list(requirements(lock))
    assert found
    for name, _, hashes in found:
        assert hashes, f"{name} has no hash"
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one) for one in hashes), name
    assert len({name for name, _, _ in found}) == len(found)


def test_every_list_has_its_lock() -> None:
    assert {each.stem for each in (ROOT / "requirements").glob("*.in")} == {each.stem for each in LOCKS}


def test_the_locks_agree() -> None:
    """What the tests run on is what is shipped."""
    runtime, dev = (
        {name: at for name, at, _ in requirements(ROOT / f"requirements/{each}.txt")}
        for each in ("runtime", "dev")
    )
    assert {name: dev.get(name) for name in runtime} == runtime


def test_nothing_is_installed_without_its_hash() -> None:
    for line in (ROOT / "Makefile").read_text().splitlines():
        if re.search(r"pip (install|sync)", line):
            assert "--require-hashes" in line or ("--no-deps" in line and "-e ." in line), line
        if "npm " in line and "npm run" not in line:
            assert "npm ci" in line, line


def test_what_npm_installs_has_its_hash() -> None:
    locks = [each for each in tracked() if each.name == "package-lock.json"]
    assert locks
    for lock in locks:
        assert "omit-lockfile-registry-resolved=true" in (lock.parent / ".npmrc").read_text()
        for place, package in json.loads(lock.read_text())["packages"].items():
            if place.startswith("node_modules/") and not package.get("link") and not package.get("inBundle"):
                assert package["integrity"].startswith("sha512-"), place
            assert "resolved" not in package, place


def test_no_registry_is_named() -> None:
    pattern = re.compile("|".join(map(re.escape, _HOSTS)))
    for path in tracked():
        text = path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
        for found in pattern.finditer(text):
            around = text[max(found.start() - 40, 0) : found.end() + 40]
            assert found[0] == "registry.", f"{path.relative_to(ROOT)}: {around}"
            # Code may have a registry; an address may not.
            assert "://" not in around, f"{path.relative_to(ROOT)}: {around}"


# ---------------------------------------------------------------------- declared


def _imported() -> set[str]:
    found = set()
    for path in (ROOT / "server").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {each.name.split(".")[0] for each in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"tradyn"}


def test_all_that_is_imported_is_declared() -> None:
    known = packages_distributions()
    used = {canonical(known[each][0]) for each in _imported()}
    assert len(used) > 15
    assert used - declared_at_run_time() == set()


def test_the_package_declares_what_the_lock_is_made_from() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {canonical(re.split(r"[\[=<>~; ]", each)[0]) for each in project["dependencies"]}
    assert declared_at_run_time() - names == _BUILT_WITH | _OF_FORMATS
    assert names - declared_at_run_time() == set()


# ---------------------------------------------------------------------- bill of materials and licences


@pytest.fixture(scope="module")
def bill() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(supply_chain.BILL.read_text())
    return content


def test_the_bill_is_of_the_lock(bill: dict[str, Any]) -> None:
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "tradyn"
    listed = {canonical(each["name"]): each["version"] for each in bill["components"]}
    locked = {name: at for name, at, _ in requirements(supply_chain.LOCK)}
    assert listed == locked, "make sbom"
    for each in bill["components"]:
        assert each["purl"] == f"pkg:pypi/{canonical(each['name'])}@{each['version']}"


def test_the_bill_tells_what_needs_what(bill: dict[str, Any]) -> None:
    needs = {each["ref"]: set(each.get("dependsOn", ())) for each in bill["dependencies"]}
    assert {each["bom-ref"] for each in bill["components"]} <= needs.keys()
    (connexion,) = [name for name in needs if name.startswith("connexion==")]
    assert any(each.startswith("starlette==") for each in needs[connexion])


def test_the_licences_are_of_the_bill(bill: dict[str, Any]) -> None:
    assert supply_chain.LICENCES.read_text() == supply_chain.licence_table(bill), "make sbom"


def test_every_licence_is_allowed(bill: dict[str, Any]) -> None:
    for each in bill["components"]:
        names = set(re.findall(r"[\w.+-]+", supply_chain.licence_of(each))) - {"AND", "OR", "WITH"}
        assert names and names <= ALLOWED_LICENCES, f"{each['name']}: {names - ALLOWED_LICENCES}"


def test_the_licences_are_those_of_the_installed_packages(bill: dict[str, Any]) -> None:
    compared = 0
    for each in bill["components"]:
        assert version(each["name"]) == each["version"]
        if expression := metadata(each["name"]).json.get("license_expression"):
            compared += 1
            assert supply_chain.licence_of(each) == expression, each["name"]
    assert compared > 30


def test_a_package_without_a_licence_is_not_passed_over() -> None:
    for licences in ([], [{"license": {"name": "Proprietary"}}]):
        with pytest.raises(LookupError, match="new-thing names no SPDX licence"):
            supply_chain.licence_of({"name": "new_thing", "licenses": licences})


# ---------------------------------------------------------------------- audit

_CLEAN: Final = {"name": "a", "version": "1", "vulns": []}
_SKIPPED: Final = {"name": "b", "skip_reason": "not found"}
_KNOWN: Final = {"name": "c", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["2.1"]}]}
_NOT_AUDITED: Final = "Not audited: the vulnerability service"


@pytest.mark.parametrize(
    ("dependencies", "code", "says"),
    [
        ([_CLEAN], 0, "Nothing is known against the 1 packages"),
        ([_CLEAN, _SKIPPED], 2, f"{_NOT_AUDITED} told of 1 of 2 packages, such as: not found"),
        ([], 2, f"{_NOT_AUDITED} told of 0 of 0 packages"),
        ([_SKIPPED, _KNOWN], 1, "c 2: CVE-1, mended in 2.1"),
    ],
)
def test_an_audit_that_could_not_be_made_is_none(dependencies: list[Any], code: int, says: str) -> None:
    assert supply_chain.verdict({"dependencies": dependencies}) == (code, [says])


def test_an_audit_whose_tool_fails_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tool = tmp_path / "pip-audit"
    tool.write_text("#!/bin/sh\necho 'cannot connect' >&2\nexit 1\n")
    tool.chmod(0o755)
    assert supply_chain.main(["audit", "--tools", str(tmp_path)]) == 2
    assert capsys.readouterr().out == (
        "Not audited: the vulnerability service could not be reached (cannot connect)\n"
    )


# ---------------------------------------------------------------------- the threat model


def test_the_threat_model_names_tests_that_are_there() -> None:
    text = (ROOT / "SECURITY.md").read_text()
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", text))
    assert len(named) >= 10
    assert {each for each in named if not (ROOT / each).is_file()} == set()


def test_the_threat_model_names_options_that_are_there() -> None:
    text = (ROOT / "SECURITY.md").read_text()
    source = (ROOT / "server" / "tradyn" / "cli.py").read_text()
    named = set(re.findall(r"`(--[a-z-]+)`", text)) - {"--version"}
    assert {"--insecure-listen", "--allowed-host"} <= named
    assert {each for each in named if f'"{each}"' not in source} == set()
