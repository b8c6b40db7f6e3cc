"""What was found, as a table and as a file."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from bench.side_by_side.contenders import BARE, CONTENDERS, TRADYN
from bench.side_by_side.figures import Found, Spread, cost_ratios, judge, spread
from bench.side_by_side.works import ONE_CLIENT, START, WORKS

__all__ = ["machine_facts", "read_results", "show", "write_results"]

_PACKAGES: Final = (
    "apsw",
    "connexion",
    "fastapi",
    "httptools",
    "jsonschema-rs",
    "litestar",
    "msgspec",
    "orjson",
    "pydantic",
    "starlette",
    "uvicorn",
    "uvloop",
)
_MUCH_OF_A_CORE: Final = 0.05
_ONE_CLIENT_COLUMNS: Final = {
    "p50_ms": "p50, in turn",
    "p99_ms": "p99, in turn",
    "steady_p50_ms": "p50 at 100/s",
    "steady_p99_ms": "p99 at 100/s",
    "fsync_ms": "one fsync",
}


def machine_facts() -> dict[str, Any]:
    """What tells one machine's figures from another's, without telling whose it is."""
    return {
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
    }


def write_results(
    path: Path, found: Found, *, machine: Mapping[str, Any], conditions: Mapping[str, Any]
) -> None:
    """All rounds, what they come to, and what they were measured on."""
    verdicts = [
        {"work": each.work, "target": each.text, "relation": each.relation, "limit": _short(each.limit)}
        | {"least": _short(each.found.least), "median": _short(each.found.median)}
        | {"most": _short(each.found.most), "met": each.met}
        for each in judge(found)
    ]
    content = {
        "machine": machine,
        "conditions": conditions,
        "targets": verdicts,
        "rounds": {
            work: {
                name: [{key: _short(value) for key, value in each.items()} for each in rounds]
                for name, rounds in contenders.items()
            }
            for work, contenders in found.items()
        },
    }
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _short(value: float) -> float:
    return float(f"{value:.5g}")


def read_results(path: Path) -> Found:
    """The rounds of an earlier run."""
    rounds: Found = json.loads(path.read_text(encoding="utf-8"))["rounds"]
    return rounds


def show(console: Console, found: Found) -> None:
    """Print the tables."""
    for name, work in WORKS.items():
        if name in found:
            console.print(_load_table(found, name, work.title))
    if ONE_CLIENT in found:
        console.print(_one_client_table(found))
    if START in found:
        seconds = spread([each["seconds"] for each in found[START][TRADYN]])
        console.print(f"tradyn serve on an empty folder: {_told(seconds, 2)} s\n")
    console.print(_target_table(found))
    others = [each.get("others", 0.0) for each in _all_rounds(found)]
    if others and max(others) > _MUCH_OF_A_CORE:
        console.print(
            f"Other programs took up to {max(others):.0%} of the contenders' core: the rates and times are "
            "lower and longer than they need be, and CPU times somewhat too."
        )


def _all_rounds(found: Found) -> Iterable[Any]:
    return (each for contenders in found.values() for rounds in contenders.values() for each in rounds)


def _told(value: Spread, digits: int) -> str:
    return f"{value.least:,.{digits}f} – {value.median:,.{digits}f} – {value.most:,.{digits}f}"


def _load_table(found: Found, work: str, title: str) -> Table:
    table = Table(title=title, title_justify="left", caption="least – median – most of the rounds")
    table.add_column("")
    for heading in ("CPU µs a request", "requests/s", "p50 ms", "p99 ms", "Tradyn's CPU:", "bare's CPU:"):
        table.add_column(heading, justify="right")
    for name, rounds in found[work].items():
        figures = {key: spread([each[key] for each in rounds]) for key in rounds[0]}
        table.add_row(
            CONTENDERS[name].title,
            _told(figures["cpu_us"], 1),
            _told(figures["per_second"], 0),
            f"{figures['p50_ms'].median:.2f}",
            f"{figures['p99_ms'].median:.2f}",
            _ratio(cost_ratios(found, work, TRADYN, name), "× {:.2f}"),
            _ratio(cost_ratios(found, work, name, BARE), "{:.0%}"),
        )
    return table


def _ratio(values: list[float], form: str) -> str:
    return form.format(spread(values).median) if values else ""


def _one_client_table(found: Found) -> Table:
    table = Table(title="One client's trades, ms", title_justify="left")
    table.add_column("")
    for heading in _ONE_CLIENT_COLUMNS.values():
        table.add_column(heading, justify="right")
    for name, rounds in found[ONE_CLIENT].items():
        told = [_told(spread([each[key] for each in rounds]), 2) for key in _ONE_CLIENT_COLUMNS]
        table.add_row(CONTENDERS[name].title, *told)
    return table


def _target_table(found: Found) -> Table:
    table = Table(title="Targets", title_justify="left")
    table.add_column("")
    table.add_column("wanted", justify="right")
    table.add_column("found", justify="right")
    table.add_column("")
    table.add_column("")
    for each in judge(found):
        met = "[green]met[/green]" if each.met else "[red]not met[/red]"
        sign = "≥" if each.relation == ">=" else "≤"
        table.add_row(each.work, f"{sign} {each.limit:,.2f}", _told(each.found, 2), each.text, met)
    return table
