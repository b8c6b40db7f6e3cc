"""How a broker's costs grow with what it holds, and whether what is promised of large ones is kept.

Every measurement is a process of its own, and costs are CPU time, so that the machine's mood does less harm.
The figures go to bench/scale.json; with --charts they are drawn for the documentation.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench.scale.curves import CURVES
from bench.scale.targets import TARGETS, WORKS, measure
from bench.side_by_side.peers.data import REPOSITORY

_RESULTS: Final = REPOSITORY / "bench" / "scale.json"
_CHARTS: Final = REPOSITORY / "docs" / "performance"
_ALL: Final = (*WORKS, *CURVES)


def main() -> int:
    """Measure and report; 1 if a promise is not kept."""
    given = _arguments()
    found: dict[str, Any] = {"targets": {}, "curves": {}}
    if given.results.exists():
        # What is not measured now stays as it was.
        found = json.loads(given.results.read_text(encoding="utf-8"))
    if not given.show:
        _measure(given, found)
    console = Console(width=None if sys.stdout.isatty() else 140)
    _show(console, found)
    if given.charts:
        from bench.scale.charts import draw_charts

        draw_charts(found["curves"], _CHARTS)
    return int(
        any(not each.met(found["targets"][each.work]) for each in TARGETS if each.work in found["targets"])
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-scale", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--only", default=_ALL, type=_names, help=", ".join(_ALL))
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="of what is promised")
    parser.add_argument("--long", action="store_true", help="the largest sizes too, which take minutes each")
    parser.add_argument("--results", type=Path, default=_RESULTS, help="the file to write")
    parser.add_argument("--charts", action="store_true", help="draw the curves, into docs/performance")
    parser.add_argument("--show", action="store_true", help="only show the last results")
    return parser.parse_args()


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := set(names) - set(_ALL):
        raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))} unknown; there are {', '.join(_ALL)}")
    return names


def _measure(given: argparse.Namespace, found: dict[str, Any]) -> None:
    curves = {
        name: (*curve.sizes, *(curve.long if given.long else ()))
        for name, curve in CURVES.items()
        if name in given.only
    }
    works = [name for name in WORKS if name in given.only]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=len(works) + sum(map(len, curves.values())))
        for name in works:
            progress.update(task, description=name)
            found["targets"][name] = [_short(each) for each in WORKS[name](given.rounds)]
            given.results.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
            progress.advance(task)
        for name, sizes in curves.items():
            for size in sizes:
                progress.update(task, description=f"{size:,} {CURVES[name].title}")
                found["curves"].setdefault(name, {})[str(size)] = _short(measure(name, size))
                given.results.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
                progress.advance(task)


def _short(figures: dict[str, float]) -> dict[str, float]:
    return {name: float(f"{value:.4g}") for name, value in figures.items()}


def _show(console: Console, found: dict[str, Any]) -> None:
    for name, points in found["curves"].items():
        table = Table(title=f"By number of {CURVES[name].title}", title_justify="left")
        table.add_column("")
        measures = list(next(iter(points.values())))
        for each in measures:
            table.add_column(each, justify="right")
        for size, figures in sorted(points.items(), key=lambda point: int(point[0])):
            table.add_row(f"{int(size):,}", *(f"{figures[each]:,.4g}" for each in measures))
        console.print(table)
    table = Table(title="Targets", title_justify="left", caption="least – median – most of the rounds")
    for heading in ("wanted", "found", "", ""):
        table.add_column(heading, justify="right" if heading else "left")
    for target in TARGETS:
        if rounds := found["targets"].get(target.work):
            values = [each[target.measure] for each in rounds]
            told = " – ".join(
                f"{each:,.5g}" for each in (min(values), statistics.median(values), max(values))
            )
            met = "[green]met[/green]" if target.met(rounds) else "[red]not met[/red]"
            table.add_row(f"{'≥' if target.at_least else '≤'} {target.limit:,}", told, target.text, met)
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
