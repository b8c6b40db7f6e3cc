"""Charts of how costs grow: the same figures give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.figure import Figure

from bench.scale.curves import CURVES
from bench.side_by_side.charts import STYLE

__all__ = ["draw_charts"]

_COLOURS: Final = ("#0f766e", "#b45309", "#4338ca", "#64748b")
_INK: Final = "#334155"


def draw_charts(found: Mapping[str, Mapping[str, Mapping[str, float]]], folder: Path) -> list[Path]:
    """A chart of CPU time for each curve that was measured, over sizes that grow tenfold."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    with mpl.rc_context(STYLE):
        for name, curve in CURVES.items():
            if name in found:
                path = folder / f"scale-{name}.svg"
                title = f"CPU µs, by number of {curve.title}"
                figure = _draw(found[name], curve.costs, title)
                figure.savefig(path, format="svg", metadata={"Date": None}, facecolor="white")
                drawn.append(path)
    return drawn


def _draw(points: Mapping[str, Mapping[str, float]], costs: Mapping[str, str], title: str) -> Figure:
    figure = Figure(figsize=(7.5, 3.2), layout="constrained")
    axes = figure.add_subplot()
    sizes = sorted(map(int, points))
    for colour, (measure, label) in zip(_COLOURS, costs.items(), strict=False):
        values = [points[str(size)][measure] for size in sizes]
        axes.plot(sizes, values, marker="o", markersize=4, color=colour)
        axes.annotate(
            label, (sizes[-1], values[-1]), (8, 0), textcoords="offset points", va="center", color=colour
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(sizes[0] * 0.8, sizes[-1] * (sizes[-1] / sizes[0]) ** 0.35)
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    axes.tick_params(left=False, colors=_INK)
    axes.grid(visible=True, axis="y", color="#e2e8f0")
    axes.set_title(title, loc="left", color=_INK)
    return figure
