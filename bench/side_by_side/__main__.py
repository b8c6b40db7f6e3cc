"""Tradyn beside what else one could take, on one core: `make bench`.

Round after round, each contender is started on a core of its own, shows that it does the work, and is loaded
from the other core. Their order is the same in each round, so that all meet the machine's moods alike.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bench.side_by_side.charts import draw_charts
from bench.side_by_side.contenders import BARE, CONTENDERS, TRADYN, Contender
from bench.side_by_side.figures import judge
from bench.side_by_side.load import LoadError, generator
from bench.side_by_side.market import Market, make_market
from bench.side_by_side.measure import measure_load, measure_one_client
from bench.side_by_side.page import write_page
from bench.side_by_side.peers.data import REPOSITORY
from bench.side_by_side.processes import StartError
from bench.side_by_side.report import machine_facts, read_results, show, write_results
from bench.side_by_side.starting import running, seconds_to_start
from bench.side_by_side.works import ONE_CLIENT, START, WORKS

_RESULTS: Final = REPOSITORY / "bench" / "results.json"
_CHARTS: Final = REPOSITORY / "docs" / "performance"
_PAGE: Final = REPOSITORY / "docs" / "performance.md"
_ALL_WORKS: Final = (*WORKS, ONE_CLIENT, START)
_ONE_CLIENT_REQUESTS: Final = 1000
_STEADY_SECONDS: Final = 10

_Rounds = dict[str, dict[str, list[dict[str, float]]]]


def main() -> int:
    """Measure and report; 1 if a target is missed, 2 if a contender failed."""
    given = _arguments()
    console = Console(width=None if sys.stdout.isatty() else 150)
    if given.show:
        found = read_results(given.results)
    else:
        try:
            found = _measure(given)
        except (LoadError, StartError) as error:
            console.print(f"[red]The run ended:[/red] {error}", highlight=False)
            return 2
        conditions = {
            "rounds": given.rounds,
            "seconds": given.seconds,
            "traders": given.traders,
            "load": generator(),
        }
        write_results(given.results, found, machine=machine_facts(), conditions=conditions)
    show(console, found)
    if given.charts is not None:
        draw_charts(found, given.charts)
    if given.page:
        write_page(_PAGE, found, _CHARTS.name)
    return int(not all(each.met for each in judge(found)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=_positive, default=5, metavar="N")
    parser.add_argument("--seconds", type=_positive, default=4, metavar="N", help="of load, for each work")
    parser.add_argument(
        "--traders", type=_positive, default=256, metavar="N", help="accounts that trade in turn"
    )
    parser.add_argument("--only", type=_names(_ALL_WORKS), default=_ALL_WORKS, help=", ".join(_ALL_WORKS))
    parser.add_argument(
        "--contenders", type=_names(CONTENDERS), default=(*CONTENDERS,), help=", ".join(CONTENDERS)
    )
    parser.add_argument("--results", type=Path, default=_RESULTS, help="the file to write")
    parser.add_argument(
        "--charts",
        type=Path,
        nargs="?",
        const=_CHARTS,
        help="draw the charts, in this folder or those of the documentation",
    )
    parser.add_argument("--page", action="store_true", help="write the figures into the documentation's page")
    parser.add_argument(
        "--folder", type=Path, default=REPOSITORY, help="where the journal is kept: decides on the disk"
    )
    parser.add_argument("--show", action="store_true", help="measure nothing, show the file's results")
    return parser.parse_args()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def _names(known: Iterable[str]) -> Callable[[str], tuple[str, ...]]:
    names = tuple(known)

    def read(text: str) -> tuple[str, ...]:
        wanted = text.split(",")
        for each in wanted:
            if each not in names:
                raise argparse.ArgumentTypeError(f"there is no {each!r}; there are {', '.join(names)}")
        # In the order of the table, whatever the order of the words.
        return tuple(each for each in names if each in wanted)

    return read


def _works_of(contender: Contender, wanted: tuple[str, ...]) -> list[str]:
    """What of the works a contender does: to start is only interesting of what keeps something."""
    works = [name for name in wanted if name in WORKS]
    if ONE_CLIENT in wanted and contender.name in (TRADYN, BARE):
        works.append(ONE_CLIENT)
    if START in wanted and contender.name == TRADYN:
        works.append(START)
    return works


def _measure(given: argparse.Namespace) -> _Rounds:
    found: _Rounds = {name: {} for name in given.only}
    contenders = [CONTENDERS[name] for name in given.contenders]
    steps = sum(len(_works_of(each, given.only)) for each in contenders) * given.rounds
    columns = (TextColumn("{task.description:48}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with (
        tempfile.TemporaryDirectory(prefix=".bench-", dir=given.folder) as folder,
        Progress(*columns, console=Console(stderr=True), transient=True) as progress,
    ):
        task = progress.add_task("making the market", total=steps)
        market = make_market(Path(folder), given.traders)
        for number in range(given.rounds):
            for contender in contenders:
                place = Path(folder, f"{number}-{contender.name}")
                place.mkdir()
                told = f"round {number + 1}: {contender.title}"
                try:
                    for name, figures in _round(contender, market, place, given):
                        found[name].setdefault(contender.name, []).append(figures)
                        progress.update(task, advance=1, description=f"{told}, {name}")
                except LoadError as error:
                    raise LoadError(f"{told}: {error}") from error
                shutil.rmtree(place)
    return found


def _round(
    contender: Contender, market: Market, folder: Path, given: argparse.Namespace
) -> Iterator[tuple[str, dict[str, float]]]:
    """All works of one contender, in one process but for the start."""
    works = _works_of(contender, given.only)
    if START in works:
        yield START, {"seconds": seconds_to_start(folder)}
    if works == [START]:
        return
    with running(contender, market, folder) as server:
        for name in works:
            if name == ONE_CLIENT:
                yield (
                    name,
                    measure_one_client(
                        server, market, requests=_ONE_CLIENT_REQUESTS, steady_seconds=_STEADY_SECONDS
                    ),
                )
            elif name in WORKS:
                yield (
                    name,
                    measure_load(server, WORKS[name], market, seconds=given.seconds),
                )


if __name__ == "__main__":
    sys.exit(main())
