"""Marks on a map: settings, homes' squares and runs, each told from the others by more than colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from services.web.charts.map.frame import Frame, Place
from services.web.charts.map.layout import Box, moves
from services.web.charts.map.things import SQUARE_METRES, Line, Spot, Square
from services.web.charts.svg import COLOURS, DASHES, INK, element, line

EDGE, HOME = "#505a5f", "#fff7bf"
LEAST_SIDE, MOST_SIDE = 12.0, 24.0
LETTER, HEIGHT, SIZE = 12.0, 22.0, 18
"""Room for a letter of a mark, and its size: larger on a narrow screen, by the style sheet."""
BADGE = 13.0
APART = 4.0
"""Pixels between two runs along the same squares."""
SMALL_SQUARE = 40.0
"""A smaller square, in pixels, is kept free of marks, which would hide it."""


def drawn(
    spots: Sequence[Spot], squares: Sequence[Square], lines: Sequence[Line], frame: Frame, taken: Sequence[Box]
) -> Iterator[Markup]:
    """From the ground up: squares, runs, settings that are not marked, those that are, the runs' numbers.

    Where marks would meet, the one of more weight keeps its place, and so does what was named first of the same weight.
    """
    marked = sorted((spot for spot in spots if spot.marked), key=lambda spot: -spot.weight)
    starts = [_shifted(line, at, len(lines), frame)[0] for at, line in enumerate(lines)]
    boxes = [_box_of(spot, frame) for spot in marked] + [_badge_box(start) for start in starts]
    found = moves(boxes, [*taken, *(box for square in squares for box in _kept_free(square, frame))])
    yield from (part for square in squares for part in _square(square, frame))
    yield from (part for at, run in enumerate(lines) for part in _run(_shifted(run, at, len(lines), frame), at))
    yield from (_outlined(frame.at(spot.middle)) for spot in spots if not spot.marked)
    placed = list(zip(marked, found[: len(marked)], strict=True))
    yield from (part for spot, move in placed for part in _leader(frame.at(spot.middle), move))
    yield from (part for spot, move in reversed(placed) for part in _spot(spot, frame, move))
    for at, (run, start, move) in enumerate(zip(lines, starts, found[len(marked) :], strict=True)):
        yield from _leader(start, move)
        yield from _badge(run.mark, at, (start[0] + move[0], start[1] + move[1]))


def label(x: float, y: float, said: str, anchor: str = "start", weight: str = "bold") -> Markup:
    """Words with a pale edge, which lines beneath them do not run into."""
    return element(
        "text",
        said,
        x=x,
        y=y,
        text_anchor=anchor,
        fill=INK,
        font_size=SIZE,
        font_weight=weight,
        stroke="#ffffff",
        stroke_width=4,
        stroke_linejoin="round",
        paint_order="stroke",
    )


def _side(spot: Spot) -> float:
    return LEAST_SIDE + (MOST_SIDE - LEAST_SIDE) * spot.weight


def _box_of(spot: Spot, frame: Frame) -> Box:
    """Of a setting's square with what is written beside it."""
    (x, y), half = frame.at(spot.middle), _side(spot) / 2
    height = max(half, HEIGHT / 2)
    return Box(x - half - 2, y - height, x + half + 4 + LETTER * len(spot.mark), y + height)


def _kept_free(square: Square, frame: Frame) -> Iterator[Box]:
    (x, y), side = frame.at((square.west, square.south)), SQUARE_METRES * frame.pixels
    if side < SMALL_SQUARE:
        yield Box(x, y - side, x + side, y)
    if square.mark:
        middle, half = x + side / 2, LETTER * len(square.mark) / 2
        yield Box(middle - half, y - side - HEIGHT, middle + half, y - side)


def _square(square: Square, frame: Frame) -> Iterator[Markup]:
    (x, y), side = frame.at((square.west, square.south)), SQUARE_METRES * frame.pixels
    yield element(
        "rect",
        x=x,
        y=y - side,
        width=side,
        height=side,
        fill=HOME,
        stroke=INK,
        stroke_width=2,
        stroke_dasharray="5 3",
    )
    if square.mark:
        yield label(x + side / 2, y - side - 6, square.mark, "middle")


def _outlined(place: Place) -> Markup:
    x, y = place
    return element("rect", x=x - 5, y=y - 5, width=10, height=10, fill="#ffffff", fill_opacity=0.8, stroke=EDGE)


def _spot(spot: Spot, frame: Frame, move: Place) -> Iterator[Markup]:
    x, y = frame.at(spot.middle)
    x, y, side = x + move[0], y + move[1], _side(spot)
    yield element(
        "rect", x=x - side / 2, y=y - side / 2, width=side, height=side, fill=COLOURS[0], stroke=INK, stroke_width=1
    )
    if spot.mark:
        yield label(x + side / 2 + 4, y + SIZE / 3, spot.mark)


def _leader(place: Place, move: Place) -> Iterator[Markup]:
    """From where a mark would be to where it is."""
    (x, y), (right, down) = place, move
    if right or down:
        yield line(x, y, x + right, y + down, INK)
        yield element("circle", cx=x, cy=y, r=3, fill=INK)


def _shifted(run: Line, at: int, of: int, frame: Frame) -> list[Place]:
    """A run's points in pixels, a little beside those of the others."""
    shift = (at - (of - 1) / 2) * APART
    return [(x + shift, y + shift) for x, y in (frame.at(point.middle) for point in run.points)]


def _run(points: Sequence[Place], at: int) -> Iterator[Markup]:
    """On a pale edge, so that two that cross can be followed. Beyond six, colours meet other dashes."""
    told = {"points": " ".join(f"{x:.1f},{y:.1f}" for x, y in points), "fill": "none", "stroke_linejoin": "round"}
    dashes = DASHES[(at + at // len(COLOURS)) % len(DASHES)]
    yield element("polyline", **told, stroke="#ffffff", stroke_width=7)
    yield element("polyline", **told, stroke=COLOURS[at % len(COLOURS)], stroke_width=3, stroke_dasharray=dashes)


def _badge_box(place: Place) -> Box:
    x, y = place
    return Box(x - BADGE, y - BADGE, x + BADGE, y + BADGE)


def _badge(mark: str, at: int, place: Place) -> Iterator[Markup]:
    x, y = place
    colour = COLOURS[at % len(COLOURS)]
    yield element("circle", cx=x, cy=y, r=BADGE, fill="#ffffff", stroke=colour, stroke_width=3)
    yield label(x, y + SIZE / 3, mark, "middle")
