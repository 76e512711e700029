"""Lines over years, each with the band in which four fifths of the runs lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from services.web.charts.scale import Scale, scale_for
from services.web.charts.svg import COLOURS, DASHES, INK, TEXT_SIZE, element, hatch, line, picture, text

WIDTH, PLOT_HEIGHT, LEFT, RIGHT, TOP = 680.0, 280.0, 90.0, 30.0, 20.0


@dataclass(frozen=True)
class Point:
    """A value at a label of the axis, and the band around it; without a band both ends are None."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Series:
    """A line with its name. Every series of a chart has the same labels."""

    name: str
    points: Sequence[Point]


def line_chart(title: str, series: Sequence[Series], shown: Callable[[float], str]) -> Markup:
    """The chart; `shown` writes a value. Lines differ by colour, dashes, markers and the slope of the hatch."""
    labels = [point.label for point in series[0].points]
    values = [number for one in series for point in one.points for number in _numbers(point)]
    up = scale_for(values, TOP + PLOT_HEIGHT, TOP)
    across = _across(labels)
    legend_top = TOP + PLOT_HEIGHT + 50
    parts = [
        element("defs", [hatch(_name(title, at), at, COLOURS[at % 6]) for at in range(len(series))]),
        *_axes(up, labels, across, shown),
        *(_band(one, at, title, across, up) for at, one in enumerate(series) if one.points[0].low is not None),
        *(part for at, one in enumerate(series) for part in _line(one, at, across, up)),
        *(part for at, one in enumerate(series) for part in _legend(one.name, at, legend_top + 24 * at)),
    ]
    return picture(title, _in_words(series, shown), WIDTH, legend_top + 24 * len(series), parts)


def _numbers(point: Point) -> list[float]:
    return [number for number in (point.value, point.low, point.high) if number is not None]


def _across(labels: Sequence[str]) -> list[float]:
    room = WIDTH - LEFT - RIGHT
    return [LEFT + room * (at + 0.5) / len(labels) for at in range(len(labels))]


def _axes(up: Scale, labels: Sequence[str], across: Sequence[float], shown: Callable[[float], str]) -> Iterator[Markup]:
    for tick in up.ticks:
        yield line(LEFT, up.at(tick), WIDTH - RIGHT, up.at(tick))
        yield text(LEFT - 8, up.at(tick) + TEXT_SIZE / 3, shown(tick), "end")
    yield line(LEFT, up.at(0), WIDTH - RIGHT, up.at(0), INK)
    every = -(-len(labels) // 8)
    for at, label in enumerate(labels):
        if at % every == 0:
            yield text(across[at], TOP + PLOT_HEIGHT + 22, label, "middle")


def _band(one: Series, at: int, title: str, across: Sequence[float], up: Scale) -> Markup:
    top = [
        f"{x:.1f},{up.at(p.high if p.high is not None else p.value):.1f}"
        for x, p in zip(across, one.points, strict=True)
    ]
    low = [
        f"{x:.1f},{up.at(p.low if p.low is not None else p.value):.1f}" for x, p in zip(across, one.points, strict=True)
    ]
    return element("polygon", points=" ".join([*top, *reversed(low)]), fill=f"url(#{_name(title, at)})", opacity=0.35)


def _line(one: Series, at: int, across: Sequence[float], up: Scale) -> Iterator[Markup]:
    places = [(x, up.at(point.value)) for x, point in zip(across, one.points, strict=True)]
    colour = COLOURS[at % 6]
    yield element(
        "polyline",
        points=" ".join(f"{x:.1f},{y:.1f}" for x, y in places),
        fill="none",
        stroke=colour,
        stroke_width=3,
        stroke_dasharray=DASHES[at % 6],
    )
    yield from (marker(at, x, y, colour) for x, y in places)


def marker(at: int, x: float, y: float, colour: str) -> Markup:
    """The shape of a series: circle, square, triangle, diamond, cross-wise bar, ring."""
    match at % 6:
        case 0:
            return element("circle", cx=x, cy=y, r=5, fill=colour)
        case 1:
            return element("rect", x=x - 5, y=y - 5, width=10, height=10, fill=colour)
        case 2:
            return element(
                "polygon", points=f"{x:.1f},{y - 6:.1f} {x - 6:.1f},{y + 5:.1f} {x + 6:.1f},{y + 5:.1f}", fill=colour
            )
        case 3:
            return element(
                "polygon",
                points=f"{x:.1f},{y - 7:.1f} {x + 7:.1f},{y:.1f} {x:.1f},{y + 7:.1f} {x - 7:.1f},{y:.1f}",
                fill=colour,
            )
        case 4:
            return element("rect", x=x - 7, y=y - 2, width=14, height=4, fill=colour)
    return element("circle", cx=x, cy=y, r=5, fill="#ffffff", stroke=colour, stroke_width=2)


def _legend(name: str, at: int, y: float) -> Iterator[Markup]:
    colour = COLOURS[at % 6]
    yield line(LEFT, y, LEFT + 50, y, colour, stroke_width=3, dashes=DASHES[at % 6])
    yield marker(at, LEFT + 25, y, colour)
    yield text(LEFT + 62, y + TEXT_SIZE / 3, name)


def _in_words(series: Sequence[Series], shown: Callable[[float], str]) -> str:
    """First and last value of each line; the table beside the chart has the others."""
    said = [
        f"{one.name}: {shown(one.points[0].value)} in {one.points[0].label}, "
        f"{shown(one.points[-1].value)} in {one.points[-1].label}."
        for one in series
    ]
    return " ".join([*said, "Every number is in the table beside it."])


def _name(title: str, at: int) -> str:
    letters = "".join(letter if letter.isalnum() else "-" for letter in title.casefold())
    return f"hatch-{letters}-{at}"
