"""Lint and score the contract: `make contract`, or `python openapi/review/contract_check.py [FILE]`.

Redocly (`redocly.yaml`) and Spectral (`spectral.yaml`) must find nothing, warnings and hints included,
and the score has to stay where it is. The exit code is 1 otherwise.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from node_tools import CONTRACT, HERE, run_json

# Redocly's scores of 100 for how readily programs find their way, rounded down, so that they do not decay.
LEAST_SCORES: Final = {"agentReadiness": 87, "discoverability": 95}


@dataclass(frozen=True)
class Problem:
    """What one of the tools found: its rule, the line in the document, and what is wrong."""

    rule: str
    line: int
    message: str


def redocly_problems(document: Path) -> list[Problem]:
    """What `redocly lint` finds, whatever its severity."""
    found = run_json("redocly", "lint", "--config", HERE / "redocly.yaml", "--format", "json", document)
    return [
        Problem(
            each["ruleId"], each["location"][0].get("start", {"line": 1})["line"], each["message"].strip()
        )
        for each in found["problems"]
    ]


def spectral_problems(document: Path) -> list[Problem]:
    """What `spectral lint` finds, whatever its severity."""
    found = run_json(
        "spectral", "lint", "--quiet", "--format", "json", "--ruleset", HERE / "spectral.yaml", document
    )
    return [Problem(str(each["code"]), each["range"]["start"]["line"] + 1, each["message"]) for each in found]


def scores(document: Path) -> dict[str, float]:
    """Redocly's scores of the document, each of 100."""
    found = run_json("redocly", "score", "--config", HERE / "redocly.yaml", "--format", "json", document)
    return {name: found[name] for name in LEAST_SCORES}


def main() -> int:
    """Print what was found; 1 if there is anything to mend."""
    parser = argparse.ArgumentParser(description="Lint and score the contract.")
    parser.add_argument("document", nargs="?", type=Path, default=CONTRACT)
    document: Path = parser.parse_args().document.resolve()
    is_right = True
    for tool, problems in (
        ("Redocly", redocly_problems(document)),
        ("Spectral", spectral_problems(document)),
    ):
        for each in sorted(problems, key=lambda each: each.line):
            print(f"{document.name}:{each.line}: {each.message} [{each.rule}]")
        print(f"{tool}: {len(problems)} problems")
        is_right = is_right and not problems
    for name, score in scores(document).items():
        print(f"Score {name}: {score:g} of 100, at least {LEAST_SCORES[name]}")
        is_right = is_right and score >= LEAST_SCORES[name]
    return 0 if is_right else 1


if __name__ == "__main__":
    raise SystemExit(main())
