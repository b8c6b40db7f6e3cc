"""What the server is made of at run time: bill of materials, licences, and what is known against it.

`bill` writes `docs/sbom.cdx.json` and `docs/licences.md`; `audit` asks pip-audit about the lock: `make sbom`
and `make audit`.

The bill is of what `requirements/runtime.txt` installs, looked at where it is installed; the same lock gives
the same bytes. It names no addresses: a package is known by its name, its version and the lock's hashes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

__all__ = ["BILL", "LICENCES", "LOCK", "licence_of", "licence_table", "verdict"]

_ROOT: Final = Path(__file__).parents[1]
LOCK: Final = _ROOT / "requirements" / "runtime.txt"
BILL: Final = _ROOT / "docs" / "sbom.cdx.json"
LICENCES: Final = _ROOT / "docs" / "licences.md"

# What their metadata says too loosely, read in their licence files.
_READ_IN_FILES: Final = {
    "jinja2": "BSD-3-Clause",
    "pathspec": "MPL-2.0",
    "swagger-ui-py": "Apache-2.0",
    "trove-classifiers": "Apache-2.0",
}

_HEAD: Final = """\
# Licences

What the server needs at run time, with the licence of each package: its SPDX expression. Made from
[sbom.cdx.json](sbom.cdx.json) by `make sbom`; the packages are those of `requirements/runtime.txt`.

| Package | Version | Licence |
|---|---|---|
"""


def licence_of(component: Mapping[str, Any]) -> str:
    """A component's SPDX expression.

    Raises:
        LookupError: its metadata has none, and nobody has read its files.
    """
    name = str(component["name"]).lower().replace("_", "-")
    if name in _READ_IN_FILES:
        return _READ_IN_FILES[name]
    given = component.get("licenses", [])
    found = [each.get("expression") or each.get("license", {}).get("id") for each in given]
    known = sorted({str(each) for each in found if each})
    if not known:
        raise LookupError(f"{name} names no SPDX licence: read its files and add it to {Path(__file__).name}")
    return " AND ".join(known)


def licence_table(bill: Mapping[str, Any]) -> str:
    """`docs/licences.md`."""
    rows = [
        f"| {component['name']} | {component['version']} | {licence_of(component)} |\n"
        for component in sorted(bill["components"], key=lambda each: str(each["name"]).lower())
    ]
    return _HEAD + "".join(rows)


def verdict(report: Mapping[str, Any]) -> tuple[int, list[str]]:
    """What pip-audit's JSON comes to.

    Returns:
        An exit code (0: nothing is known against any, 1: something is, 2: not all could be looked up), and
        sentences.
    """
    dependencies = report["dependencies"]
    skipped = [each for each in dependencies if "skip_reason" in each]
    said = [
        f"{each['name']} {each['version']}: {found['id']}, mended in "
        f"{', '.join(found['fix_versions']) or 'no version yet'}"
        for each in dependencies
        for found in each.get("vulns", ())
    ]
    if said:
        return 1, said
    looked_up = len(dependencies) - len(skipped)
    if skipped or not dependencies:
        reason = f", such as: {skipped[0]['skip_reason']}" if skipped else ""
        told_of = f"{looked_up} of {len(dependencies)} packages"
        return 2, [f"Not audited: the vulnerability service told of {told_of}{reason}"]
    return 0, [f"Nothing is known against the {looked_up} packages"]


def _write_bill(tools: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder) / "runtime"
        uv = Path(sys.executable).with_name("uv")
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, there], check=True)
        install: list[str | Path] = [
            uv,
            "pip",
            "sync",
            "--quiet",
            "--python",
            there / "bin" / "python",
            "--require-hashes",
            LOCK,
        ]
        subprocess.run(install, check=True)
        command: list[str | Path] = [
            tools / "cyclonedx-py",
            "environment",
            there / "bin" / "python",
            "--output-reproducible",
        ]
        command += ["--pyproject", _ROOT / "pyproject.toml", "--spec-version", "1.6", "--short-PURLs"]
        made = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    for component in (
        *made["components"],
        *made["metadata"]["tools"]["components"],
        made["metadata"]["component"],
    ):
        for unneeded in ("externalReferences", "description"):
            component.pop(unneeded, None)
    BILL.write_text(json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    LICENCES.write_text(licence_table(made), encoding="utf-8")


def _audit(tools: Path) -> int:
    command: list[str | Path] = [
        tools / "pip-audit",
        "--disable-pip",
        "--require-hashes",
        "--format",
        "json",
        "-r",
        LOCK,
    ]
    done = subprocess.run(
        [*command, "--progress-spinner", "off"], capture_output=True, text=True, check=False
    )
    try:
        code, said = verdict(json.loads(done.stdout))
    except json.JSONDecodeError:
        last = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        code, said = 2, [f"Not audited: the vulnerability service could not be reached ({last})"]
    print("\n".join(said))
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(description="Bill of materials, licences and audit of the run time.")
    parser.add_argument("work", choices=("bill", "audit"))
    parser.add_argument(
        "--tools", type=Path, required=True, help="The folder with cyclonedx-py and pip-audit."
    )
    given = parser.parse_args(arguments)
    if given.work == "audit":
        return _audit(given.tools)
    _write_bill(given.tools)
    return 0


if __name__ == "__main__":
    sys.exit(main())
