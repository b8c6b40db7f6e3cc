"""The figures of a run in the page on performance, between two marks: the same figures give the same text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from bench.side_by_side.contenders import BARE, CONTENDERS, TRADYN
from bench.side_by_side.figures import Found, Spread, cost_ratios, judge, spread
from bench.side_by_side.works import ONE_CLIENT, START, WORKS

__all__ = ["BEGIN", "END", "write_page"]

BEGIN: Final = "<!-- figures: written by make bench -->"
END: Final = "<!-- end of figures -->"

_LOAD: Final = ("CPU µs a request", "requests/s", "p50 ms", "p99 ms", "Tradyn's CPU ×", "of bare's")
_ONE_CLIENT: Final = {
    "p50_ms": "p50, in turn",
    "p99_ms": "p99, in turn",
    "steady_p50_ms": "p50 at 100/s",
    "steady_p99_ms": "p99 at 100/s",
    "fsync_ms": "one fsync",
}


def write_page(page: Path, found: Found, charts: str) -> None:
    """Put the figures into the page in place of those of an earlier run.

    Args:
        charts: the folder of the charts, as seen from the page.

    Raises:
        ValueError: the page has not both marks, in their order.
    """
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page} must have the lines {BEGIN} and {END}")
    content = "\n\n".join(_parts(found, charts))
    page.write_text(f"{before}{BEGIN}\n\n{content}\n\n{END}{after}", encoding="utf-8")


def _parts(found: Found, charts: str) -> Iterable[str]:
    yield _targets(found)
    yield "Below, each cell is the least, the median and the most of the rounds; ratios are medians."
    for name, work in WORKS.items():
        if name in found:
            yield f"### {work.title}"
            yield f"![CPU time a request, by contender]({charts}/{name}.svg)"
            yield _load(found, name)
    if ONE_CLIENT in found:
        yield "### One client's trades, ms"
        rows = (
            (CONTENDERS[name].title, *(_told(rounds, measure, 2) for measure in _ONE_CLIENT))
            for name, rounds in found[ONE_CLIENT].items()
        )
        yield _table(("", *_ONE_CLIENT.values()), rows)
    if START in found:
        yield "### Start"
        yield f"`tradyn serve` on an empty folder: {_told(found[START][TRADYN], 'seconds', 2)} s"


def _targets(found: Found) -> str:
    rows = []
    for each in judge(found):
        sign = "≥" if each.relation == ">=" else "≤"
        wanted, met = f"{sign} {each.limit:,.2f}", "met" if each.met else "**not met**"
        rows.append((each.work, each.text, wanted, _spread(each.found, 2), met))
    return _table(("Work", "Target", "Wanted", "Found", ""), rows)


def _load(found: Found, work: str) -> str:
    rows = [
        (
            CONTENDERS[name].title,
            _told(rounds, "cpu_us", 1),
            _told(rounds, "per_second", 0),
            _told(rounds, "p50_ms", 2),
            _told(rounds, "p99_ms", 2),
            _ratio(cost_ratios(found, work, TRADYN, name), "{:.2f}"),
            _ratio(cost_ratios(found, work, name, BARE), "{:.0%}"),
        )
        for name, rounds in found[work].items()
    ]
    return _table(("", *_LOAD), rows)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ["---", *["---:"] * (len(headings) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (headings, rule, *rows))


def _told(rounds: Iterable[Mapping[str, float]], measure: str, digits: int) -> str:
    return _spread(spread([each[measure] for each in rounds]), digits)


def _spread(value: Spread, digits: int) -> str:
    return f"{value.least:,.{digits}f} – {value.median:,.{digits}f} – {value.most:,.{digits}f}"


def _ratio(values: Sequence[float], form: str) -> str:
    return form.format(spread(values).median) if values else ""
