"""Charts for the documentation: the same figures give the same bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.figure import Figure

from bench.side_by_side.contenders import CONTENDERS, QUIET, TRADYN
from bench.side_by_side.figures import Found, spread
from bench.side_by_side.works import WORKS

__all__ = ["STYLE", "draw_charts"]

STYLE: Final = {
    "svg.hashsalt": "tradyn",
    # Text stays text, which a search finds; the page's font takes care of its look.
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
}
_OURS, _OTHERS, _INK = "#0f766e", "#94a3b8", "#334155"


def draw_charts(found: Found, folder: Path) -> list[Path]:
    """A chart of CPU time for each work that was measured; whiskers are the least and most of the rounds."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    with mpl.rc_context(STYLE):
        for name, work in WORKS.items():
            if name in found:
                path = folder / f"{name}.svg"
                _draw(found, name, f"{work.title}: CPU µs a request").savefig(
                    path, format="svg", metadata={"Date": None}, facecolor="white"
                )
                drawn.append(path)
    return drawn


def _draw(found: Found, work: str, title: str) -> Figure:
    contenders = found[work]
    figure = Figure(figsize=(7.5, 0.6 + 0.42 * len(contenders)), layout="constrained")
    axes = figure.add_subplot()
    spreads = [spread([each["cpu_us"] for each in rounds]) for rounds in contenders.values()]
    medians = [each.median for each in spreads]
    whiskers = [
        [each.median - each.least for each in spreads],
        [each.most - each.median for each in spreads],
    ]
    colours = [_OURS if name in (TRADYN, QUIET) else _OTHERS for name in contenders]
    places = range(len(contenders))
    axes.barh(places, medians, color=colours, xerr=whiskers, error_kw={"ecolor": _INK, "capsize": 2})
    axes.set_yticks(places, [CONTENDERS[name].title for name in contenders])
    axes.invert_yaxis()
    if max(medians) > 50 * min(medians):
        axes.set_xscale("log")
    for place, each in zip(places, spreads, strict=True):
        axes.annotate(
            f"{each.median:,.0f}", (each.most, place), (6, 0), textcoords="offset points", va="center"
        )
    axes.margins(x=0.12)
    axes.tick_params(left=False, colors=_INK)
    axes.set_title(title, loc="left", color=_INK)
    return figure
