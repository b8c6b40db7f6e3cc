"""`make mutants`: faults put into the server on purpose, and whether the test that is named for each finds it.

Each mutant changes one place of a copy of the tree; the checkout itself is never touched. It counts as caught
when a test of those named *fails*: one that cannot be run at all catches nothing. `--only` takes a part of a name.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from reliability.seeded_faults import MUTANTS, Mutant

__all__ = ["Verdict", "copied_tree", "judge"]

ROOT: Final = Path(__file__).parents[2]
# What the tests need; an environment and installed packages of Node are reached through links.
COPIED: Final = ("server", "tests", "openapi", "clients", "examples", "docs", "bench", "pyproject.toml")
LINKED: Final = (".venv",)
_TEST_FAILED: Final = 1
_PATIENCE_SECONDS: Final = 300


@dataclass(frozen=True)
class Verdict:
    """What became of one mutant.

    Attributes:
        caught_by: the first of its tests that failed; None of one that lives.
        seconds: until then.
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
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                ignored = shutil.ignore_patterns("node_modules", "__pycache__", ".*_cache", "dist")
                shutil.copytree(source, tree / name, ignore=ignored)
            elif source.exists():
                shutil.copy(source, tree / name)
        for name in LINKED:
            (tree / name).symlink_to(ROOT / name)
        yield tree


def judge(mutant: Mutant, tree: Path) -> Verdict:
    """Put a mutant into the tree, run its tests, and take it out again."""
    path = tree / mutant.file
    sound = path.read_text()
    path.write_text(mutant.applied_to(sound))
    began = time.monotonic()
    try:
        # The first failure decides; a mutant may also hang, which no test is named for.
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *mutant.tests]
        done = subprocess.run(
            command,
            cwd=tree,
            env={"PATH": str(Path(sys.executable).parent), "PYTHONPATH": str(tree / "server"), "HOME": str(tree)},
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
        )
    except subprocess.TimeoutExpired as late:
        return Verdict(mutant, None, time.monotonic() - began, f"not done after {late.timeout} seconds")
    finally:
        path.write_text(sound)
    failed = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("FAILED ")]
    caught_by = failed[0] if done.returncode == _TEST_FAILED and failed else None
    return Verdict(mutant, caught_by, time.monotonic() - began, done.stdout + done.stderr)


@click.command(help=__doc__)
@click.option("--only", default="", help="Only mutants whose name contains this.")
def main(only: str) -> None:
    """Judge all mutants and show the table."""
    chosen = [each for each in MUTANTS if only in each.name]
    if not chosen:
        raise click.ClickException(f"No mutant's name contains {only!r}; there are: {_names(MUTANTS)}")
    screen = Console()
    with copied_tree() as tree:
        verdicts = [
            judge(each, tree) for each in track(chosen, "Mutants", console=Console(stderr=True), transient=True)
        ]
    table = Table("Mutant", "What it does", "Caught by", "Seconds")
    for each in verdicts:
        table.add_row(
            each.mutant.name,
            each.mutant.what,
            each.caught_by.removeprefix("tests/") if each.caught_by else "[bold red]nothing[/]",
            f"{each.seconds:.0f}",
        )
    screen.print(table)
    alive = [each for each in verdicts if each.caught_by is None]
    for each in alive:
        screen.rule(each.mutant.name)
        screen.print(each.output[-3000:], markup=False)
    if alive:
        raise SystemExit(1)


def _names(mutants: Sequence[Mutant]) -> str:
    return ", ".join(each.name for each in mutants)


if __name__ == "__main__":
    main()
