"""`make mutants`: faults put into the server on purpose, and whether the test named for each finds it.

Each mutant changes one place of a copy of the tree; the checkout itself is never touched. A mutant counts as
caught when a test of those named *fails*: one that cannot be run at all catches nothing. Before the first of
them all these tests must pass on the copy as it is, or a failure would prove nothing.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import track
from rich.table import Column, Table
from rich.text import Text

from reliability.seeded_faults import MUTANTS, Mutant

__all__ = ["ROOT", "Unsound", "Verdict", "copied_tree", "judge", "main", "prove_sound"]

ROOT: Final = Path(__file__).parents[2]
# What the tests need; the environment they run in is that of whoever runs this.
_COPIED: Final = ("server", "tests", "openapi", "clients", "examples", "docs", "bench", "pyproject.toml")
_NOT_COPIED: Final = ("node_modules", "__pycache__", ".*", "dist")
# Without a plugin that no named test uses, and that takes longer to import than most of them to run.
_PYTEST: Final = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis")
_PASSED, _TEST_FAILED = 0, 1
_PATIENCE_SECONDS: Final = 120.0


class Unsound(Exception):
    """The named tests do not pass where there is no fault, so that they cannot judge."""


@dataclass(frozen=True)
class Verdict:
    """What became of one mutant.

    Attributes:
        caught_by: the first of its tests that failed; None of one that lives.
        seconds: until then.
        output: what pytest said.
    """

    mutant: Mutant
    caught_by: str | None
    seconds: float
    output: str


@contextmanager
def copied_tree() -> Iterator[Path]:
    """A copy of the checkout that may be spoilt."""
    with tempfile.TemporaryDirectory(prefix="tradyn-mutants-") as folder:
        tree = Path(folder)
        for name in _COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns(*_NOT_COPIED))
            else:
                shutil.copy2(source, tree / name)
        yield tree


def prove_sound(tests: Iterable[str], tree: Path, patience: float = 10 * _PATIENCE_SECONDS) -> None:
    """Run the tests on a tree without a fault.

    Raises:
        Unsound: one of them does not pass.
    """
    code, output = _run(sorted(set(tests)), tree, patience)
    if code != _PASSED:
        raise Unsound(f"These tests must pass before anything is spoilt:\n{output}")


def judge(mutant: Mutant, tree: Path) -> Verdict:
    """Put a mutant into the tree, run its tests until one fails, and take it out again."""
    path = tree / mutant.file
    sound = path.read_bytes()
    path.write_bytes(mutant.applied_to(sound.decode()).encode())
    began = time.monotonic()
    try:
        code, output = _run(mutant.tests, tree, _PATIENCE_SECONDS)
    finally:
        path.write_bytes(sound)
    failed = [
        line.removeprefix("FAILED ").split(" - ")[0]
        for line in output.splitlines()
        if line.startswith("FAILED ")
    ]
    caught_by = failed[0] if code == _TEST_FAILED and failed else None
    return Verdict(mutant, caught_by, time.monotonic() - began, output)


def _run(tests: Iterable[str], tree: Path, patience: float) -> tuple[int | None, str]:
    """pytest's exit code, None if it was not done in time, and what it said."""
    process = subprocess.Popen(
        [*_PYTEST, "-x", *tests],
        cwd=tree,
        # Before all else that is installed: or it would be the checkout's own server that is tested.
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tree / "server"), "HOME": str(tree)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        return None, f"Not done after {patience:g} seconds"
    finally:
        # Whatever servers it has started end with it.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return process.returncode, output


@click.command(help=__doc__)
@click.option("--only", default="", help="Only mutants whose name contains this.")
def main(only: str) -> None:
    """Judge all mutants and show the table."""
    chosen = [each for each in MUTANTS if only in each.name]
    if not chosen:
        names = ", ".join(each.name for each in MUTANTS)
        raise click.ClickException(f"No mutant's name contains {only!r}; there are: {names}")
    progress = Console(stderr=True)
    with copied_tree() as tree:
        with progress.status("The named tests, on the sound server"):
            try:
                prove_sound((test for each in chosen for test in each.tests), tree)
            except Unsound as unsound:
                raise click.ClickException(str(unsound)) from unsound
        verdicts = [judge(each, tree) for each in track(chosen, "Mutants", console=progress, transient=True)]
    alive = [each for each in verdicts if each.caught_by is None]
    screen = Console()
    screen.print(_table(verdicts))
    screen.print(f"{len(verdicts) - len(alive)} of {len(verdicts)} caught")
    for each in alive:
        screen.rule(f"{each.mutant.name} lives")
        screen.print(each.output[-3000:], markup=False)
    if alive:
        raise SystemExit(1)


def _table(verdicts: Iterable[Verdict]) -> Table:
    caught = Column("Caught by", overflow="fold")
    table = Table("Mutant", "What a user would suffer", caught, "Seconds", show_lines=True)
    for each in verdicts:
        named = (each.caught_by or "").removeprefix("tests/").replace("::", "\n", 1)
        caught_by = Text(named) if named else Text("nothing", "bold red")
        table.add_row(each.mutant.name, each.mutant.what, caught_by, f"{each.seconds:.0f}")
    return table


if __name__ == "__main__":
    main()
