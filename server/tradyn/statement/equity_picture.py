"""The picture of a balance and equity curve: one SVG, to stand in a page or alone.

It carries its own colours, needs no script and no font that may be missing, and prints as it looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from html import escape
from itertools import groupby
from typing import Final, NamedTuple

__all__ = ["CurvePoint", "equity_picture", "thinned"]

WIDTH: Final = 1000
HEIGHT: Final = 330
_LEFT, _RIGHT, _TOP, _BOTTOM = 92, 24, 34, 34
_LINES: Final = 5
_LABELS: Final = 7

_MINUTE: Final = 60_000
_DAY: Final = 1440 * _MINUTE
_STEPS: Final = (
    *(each * _MINUTE for each in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)),
    *(each * _DAY for each in (1, 2, 7, 14, 30, 61, 91, 182, 365, 730, 1826, 3652, 36_525)),
)
"""Distances between the labels of the time axis, in milliseconds."""

_INK, _MUTED, _GRID, _EQUITY, _BALANCE = "#1d2733", "#65758a", "#e3e8ee", "#1565c0", "#e08a1e"


_MOST_POINTS: Final = 2000
_COLUMNS: Final = 500


class CurvePoint(NamedTuple):
    """An amount of money at a moment (milliseconds since 1970)."""

    time: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where times and amounts stand in the picture."""

    first: int
    last: int
    low: Decimal
    high: Decimal

    def x(self, time: int) -> float:
        inner = WIDTH - _LEFT - _RIGHT
        return _LEFT + inner * (time - self.first) / max(self.last - self.first, 1)

    def y(self, amount: Decimal) -> float:
        inner = HEIGHT - _TOP - _BOTTOM
        return _TOP + inner * float((self.high - amount) / (self.high - self.low))


def equity_picture(
    balance: Sequence[CurvePoint], equity: Sequence[CurvePoint], currency: str, digits: int
) -> str:
    """The lines as an `svg` element. Of very many points those that are not seen are left out.

    Args:
        balance: after each deal; one or more, in the order of their times.
        equity: one or more, in the order of their times.
        currency: what the amounts are in.
        digits: their decimal places.
    """
    points = (*balance, *equity)
    step, low, high = _amount_axis([each.amount for each in points])
    times = [each.time for each in points]
    scale = _Scale(min(times), max(times), low, high)
    worth = [(scale.x(each.time), scale.y(each.amount)) for each in thinned(equity)]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="Helvetica, Arial, sans-serif" font-size="12">',
        f"<title>Balance and equity: {_money(equity[0].amount, digits)} at the beginning, "
        f"{_money(equity[-1].amount, digits)} at the end</title>",
        *_amount_lines(scale, step, digits),
        *_time_labels(scale),
        f'<polygon class="area" fill="{_EQUITY}" fill-opacity="0.10" points="{_area(worth)}"/>',
        f'<polyline class="balance" fill="none" stroke="{_BALANCE}" stroke-width="1.6" '
        f'points="{_text(_stairs(thinned(balance), scale))}"/>',
        f'<polyline class="equity" fill="none" stroke="{_EQUITY}" stroke-width="2" stroke-linejoin="round" '
        f'points="{_text(worth)}"/>',
        f'<circle cx="{worth[-1][0]:.2f}" cy="{worth[-1][1]:.2f}" r="3.5" fill="{_EQUITY}"/>',
        *_legend(currency),
        "</svg>",
    ]
    return "\n".join(parts)


def thinned(points: Sequence[CurvePoint]) -> list[CurvePoint]:
    """At most 2,000 of the points: of each narrow column of the picture first, last, lowest and highest."""
    if len(points) <= _MOST_POINTS:
        return list(points)
    first, span = points[0].time, max(points[-1].time - points[0].time, 1)
    kept: list[CurvePoint] = []
    for _, group in groupby(
        range(len(points)), lambda index: (points[index].time - first) * (_COLUMNS - 1) // span
    ):
        column = list(group)
        lowest = min(column, key=lambda index: points[index].amount)
        highest = max(column, key=lambda index: points[index].amount)
        kept += [points[index] for index in sorted({column[0], lowest, highest, column[-1]})]
    return kept


# ---------------------------------------------------------------------- axes


def _amount_axis(amounts: Sequence[Decimal]) -> tuple[Decimal, Decimal, Decimal]:
    """The distance of the lines, and the amounts at the bottom and at the top."""
    low, high = min(amounts), max(amounts)
    if low == high:
        # A level line runs through the middle.
        margin = max(abs(low) / 100, Decimal(1))
        low, high = low - margin, high + margin
    step = _round_step((high - low) / _LINES)
    bottom = (low / step).to_integral_value(ROUND_FLOOR) * step
    return step, bottom, (high / step).to_integral_value(ROUND_CEILING) * step


def _round_step(least: Decimal) -> Decimal:
    """1, 2 or 5 times a power of ten, not less than `least`."""
    power = Decimal(1).scaleb(least.adjusted())
    return next(each * power for each in (1, 2, 5, 10) if each * power >= least)


def _amount_lines(scale: _Scale, step: Decimal, digits: int) -> list[str]:
    shown = 0 if step == step.to_integral_value() else digits
    lines = []
    for index in range(int((scale.high - scale.low) / step) + 1):
        amount = scale.low + index * step
        y = f"{scale.y(amount):.2f}"
        lines.append(
            f'<line x1="{_LEFT}" y1="{y}" x2="{WIDTH - _RIGHT}" y2="{y}" stroke="{_GRID}"/>'
            f'<text x="{_LEFT - 10}" y="{y}" dy="4" text-anchor="end" fill="{_MUTED}">'
            f"{_money(amount, shown)}</text>"
        )
    return lines


def _time_labels(scale: _Scale) -> list[str]:
    span = scale.last - scale.first
    step = next((each for each in _STEPS if span / each <= _LABELS), _STEPS[-1])
    y = HEIGHT - _BOTTOM
    labels = []
    for time in range(-(-scale.first // step) * step, scale.last + 1, step):
        x = f"{scale.x(time):.2f}"
        labels.append(
            f'<line x1="{x}" y1="{y}" x2="{x}" y2="{y + 5}" stroke="{_MUTED}"/>'
            f'<text x="{x}" y="{y + 19}" text-anchor="middle" fill="{_MUTED}">{_moment(time, step)}</text>'
        )
    return labels


def _moment(time: int, step: int) -> str:
    moment = datetime.fromtimestamp(time // 1000, UTC)
    if step < _DAY:
        return f"{moment:%d %b %H:%M}"
    return f"{moment:%d %b %Y}" if step < 300 * _DAY else f"{moment:%b %Y}"


def _legend(currency: str) -> list[str]:
    entries = [
        f'<text x="{_LEFT - 10}" y="18" text-anchor="end" fill="{_MUTED}">{escape(currency)}</text>',
    ]
    for index, (name, colour) in enumerate((("Equity", _EQUITY), ("Balance", _BALANCE))):
        x = _LEFT + 84 * index
        entries.append(
            f'<line x1="{x}" y1="14" x2="{x + 18}" y2="14" stroke="{colour}" stroke-width="2.5"/>'
            f'<text x="{x + 24}" y="18" fill="{_INK}">{name}</text>'
        )
    return entries


# ---------------------------------------------------------------------- lines

_Place = tuple[float, float]


def _stairs(points: Sequence[CurvePoint], scale: _Scale) -> list[_Place]:
    """A balance stays as it is until a deal changes it."""
    places: list[_Place] = []
    for each in points:
        x, y = scale.x(each.time), scale.y(each.amount)
        if places and places[-1][1] != y:
            places.append((x, places[-1][1]))
        places.append((x, y))
    return places


def _area(line: Sequence[_Place]) -> str:
    floor = float(HEIGHT - _BOTTOM)
    return _text([(line[0][0], floor), *line, (line[-1][0], floor)])


def _text(places: Sequence[_Place]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in places)


def _money(amount: Decimal, digits: int) -> str:
    return f"{amount:,.{digits}f}".replace("-", "\N{MINUS SIGN}")
