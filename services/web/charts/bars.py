"""Bars side by side, each split into parts that differ by colour and hatch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from markupsafe import Markup

from services.web.charts.scale import Scale, scale_for
from services.web.charts.svg import COLOURS, INK, TEXT_SIZE, element, line, picture, text

WIDTH, LEFT, RIGHT, TOP, ROW = 720.0, 260.0, 60.0, 10.0, 34.0
LETTERS_A_LINE = 27
"""Of a label, which takes two lines at most."""


@dataclass(frozen=True)
class Bar:
    """A row: its label and its value."""

    label: str
    value: float


def bar_chart(title: str, bars: Sequence[Bar], shown: Callable[[float], str]) -> Markup:
    """Horizontal bars from 0, each with its number written at its end."""
    along = scale_for([bar.value for bar in bars], LEFT, WIDTH - RIGHT)
    height = TOP + ROW * len(bars)
    parts = [part for at, bar in enumerate(bars) for part in _bar(bar, TOP + ROW * at, along, shown)]
    parts.append(line(along.at(0), TOP, along.at(0), height, INK))
    said = " ".join(f"{bar.label}: {shown(bar.value)}." for bar in bars)
    return picture(title, said, WIDTH, height + 6, parts)


def _bar(bar: Bar, top: float, along: Scale, shown: Callable[[float], str]) -> Iterator[Markup]:
    zero, end = along.at(0), along.at(bar.value)
    middle = top + ROW / 2 + TEXT_SIZE / 3
    lines = wrap(bar.label, LETTERS_A_LINE, max_lines=2, placeholder="…")
    for at, said in enumerate(lines):
        yield text(LEFT - 10, middle + TEXT_SIZE * (at - (len(lines) - 1) / 2), said, "end")
    yield element(
        "rect",
        x=min(zero, end),
        y=top + 6,
        width=abs(end - zero),
        height=ROW - 12,
        fill=COLOURS[0 if bar.value >= 0 else 1],
    )
    yield text(max(zero, end) + 6, middle, shown(bar.value))
