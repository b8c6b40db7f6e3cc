"""`make fuzz`: schemathesis against a server of its own, for as long as wanted.

For each scope of a key, and for no key, a fresh `tradyn serve` on a free port with a temporary data folder;
the operations the key may call in depth, the others shallowly. The seed is printed first; the same seed asks
the same. Ends with 1 when anything fails beyond what `declared.py` declares.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import SystemRandom
from typing import Final

import click

from contract.fuzzing.declared import NO_KEY, operations_of
from contract.fuzzing.links import links_of
from contract.fuzzing.surroundings import Past, prepare
from contract.served import SCOPES
from serving import Running, environment, serving

_ROOT: Final = Path(__file__).parents[3]
SERVE: Final = (
    *("--clock", "manual", "--start", "2026-03-02T09:30:00Z"),
    *("--seed", "7", "--rate-limit", "10000000", "--failed-auth-limit", "10000000", "--test-keys"),
)
_FOREIGN_EXAMPLES: Final = 3
_MOST_ROUNDS: Final = 50


@dataclass
class Tally:
    """What one key has seen.

    Attributes:
        own: cases of operations that the key may call.
        foreign: cases of the others.
        failed: whether schemathesis found a failure, or did not run.
    """

    own: int = 0
    foreign: int = 0
    failed: bool = False


@dataclass(frozen=True)
class Plan:
    """How much is asked of what each key may call: for so many seconds, or (0) at least so many cases."""

    cases: int
    seconds: float
    seed: int


def fuzz(scope: str, plan: Plan) -> Tally:
    """Everything with one key, against one server."""
    tally = Tally()
    with (
        tempfile.TemporaryDirectory(prefix="tradyn-fuzz-") as folder,
        serving(Path(folder) / "data", *SERVE) as server,
    ):
        past = prepare(server.credentials["base_url"], server.credentials["admin_key"])
        run = Runs(Path(folder), past, scope, server)
        tally.foreign, tally.failed = run.once(
            operations_of(scope, own=False), plan.seed, max_examples=_FOREIGN_EXAMPLES
        )
        own = operations_of(scope, own=True)
        # The time is for what the key may call; what it may not is asked beside that, and shallowly.
        begun = time.monotonic()
        for seed in range(plan.seed, plan.seed + _MOST_ROUNDS):
            left = plan.seconds - (time.monotonic() - begun)
            is_enough = left <= 0 if plan.seconds else tally.own >= plan.cases
            if tally.failed or (tally.own and is_enough):
                break
            wanted = max(1, (plan.cases - tally.own) // len(own) + 1)
            seconds = max(left, 1) if plan.seconds else 0
            cases, tally.failed = run.once(own, seed, max_examples=wanted, seconds=seconds)
            tally.own += cases
            if scope == NO_KEY and not plan.seconds:
                # Two requests without parameters have no thousand forms.
                break
    return tally


@dataclass(frozen=True)
class Runs:
    """`schemathesis run` with one key against one server."""

    folder: Path
    past: Past
    scope: str
    server: Running

    def once(
        self, operations: Sequence[str], seed: int, *, max_examples: int, seconds: float = 0
    ) -> tuple[int, bool]:
        """One run to its end: how many cases, and whether it failed."""
        order, report = self.folder / "order.json", self.folder / "report.json"
        order.write_text(json.dumps({"scope": self.scope, "past": asdict(self.past)}), "utf-8")
        report.unlink(missing_ok=True)
        done = subprocess.run(
            [*self._command(operations, seed, max_examples, seconds), f"--report-json-path={report}"],
            cwd=_ROOT,
            env=self._environment(order),
        )
        is_alive = self.server.process.poll() is None
        if not is_alive:
            click.echo(f"The server has ended by itself.\n{self.server.log[-5000:]}", err=True)
        cases = json.loads(report.read_text("utf-8"))["test_cases"]["generated"] if report.exists() else 0
        return cases, done.returncode != 0 or not is_alive or not cases

    def _command(
        self, operations: Sequence[str], seed: int, max_examples: int, seconds: float
    ) -> Sequence[str]:
        options = [f"--include-operation-id={each}" for each in operations]
        if not links_of(operations):
            options.append("--phases=examples,coverage,fuzzing")
        if self.scope != NO_KEY:
            options.append(f"--header=Authorization: Bearer {self.past.keys[self.scope]}")
        if seconds:
            options.append(f"--max-time={max(1, round(seconds))}")
        return [
            *(sys.executable, "-m", "schemathesis.cli", "run", "openapi/tradyn.yaml", "--checks=all"),
            *(f"--url={self.past.base_url}", f"--seed={seed}", f"--max-examples={max_examples}", *options),
        ]

    def _environment(self, order: Path) -> dict[str, str]:
        path = os.pathsep.join((str(_ROOT / "server"), str(_ROOT / "tests")))
        hooks = {"SCHEMATHESIS_HOOKS": "contract.fuzzing.cli_hooks", "TRADYN_FUZZ": str(order)}
        return environment({**hooks, "PYTHONPATH": path})


@click.command(help=__doc__)
@click.option(
    "--minutes",
    type=click.FloatRange(min=0),
    default=0,
    help="In all, shared by the keys; what a key may not call takes about a minute more.",
)
@click.option(
    "--cases",
    type=click.IntRange(min=1),
    default=1000,
    help="At least so many for each scope; with --minutes, how deep a round goes.",
)
@click.option("--seed", type=click.IntRange(min=0), default=None, help="Default: another each time.")
@click.option("--scope", type=click.Choice([*SCOPES, NO_KEY]), multiple=True, help="Default: all, and none.")
def main(minutes: float, cases: int, seed: int | None, scope: tuple[str, ...]) -> None:
    scopes = scope or (*SCOPES, NO_KEY)
    seed = SystemRandom().randrange(2**32) if seed is None else seed
    plan = Plan(cases=cases, seconds=minutes * 60 / len(scopes), seed=seed)
    click.echo(f"Seed {seed}")
    tallies = {}
    for each in scopes:
        click.echo(f"\n==== key: {each}, seed {seed}")
        tallies[each] = fuzz(each, plan)
    click.echo(f"\nSeed {seed}; cases of operations that the key may call + of others")
    for each, tally in tallies.items():
        verdict = "FAILED" if tally.failed else "passed"
        click.echo(f"  {each:6} {tally.own:>8} + {tally.foreign:<8} {verdict}")
    sys.exit(any(tally.failed for tally in tallies.values()))


if __name__ == "__main__":
    main()
