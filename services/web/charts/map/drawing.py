"""The picture of a map, and what is on it in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup

from services.web.charts.map import marks
from services.web.charts.map.frame import SIDE, Frame, frame_of
from services.web.charts.map.layout import Box
from services.web.charts.map.things import Line, Rings, Spot, Square
from services.web.charts.svg import INK, element, line, picture, text

LAND, BOROUGH, BORDER, PALE = "#f3f2f1", "#ffffff", "#505a5f", "#cecece"
NORTH_AND_SCALE = (Box(SIDE - 42, 0, SIDE, 66), Box(0, SIDE - 46, 240, SIDE))


@dataclass(frozen=True)
class Map:
    """Settings, homes' squares and runs, one thing at least; within the borough's outline where that is known."""

    title: str
    spots: Sequence[Spot] = ()
    squares: Sequence[Square] = ()
    lines: Sequence[Line] = ()
    outline: Rings = ()

    @cached_property
    def frame(self) -> Frame:
        """What part of the country it shows."""
        return frame_of(self.spots, self.squares, self.lines, self.outline)

    @property
    def drawn(self) -> Markup:
        """The picture, as wide as there is room for; its description names each setting that is marked."""
        named = [f"{spot.mark}: {spot.name}." for spot in self.spots if spot.marked and spot.mark]
        parts = [
            element("rect", x=0, y=0, width=SIDE, height=SIDE, fill=LAND),
            *_borough(self.outline, self.frame, fill=BOROUGH),
            *_grid(self.frame),
            *_borough(self.outline, self.frame, fill="none", stroke=BORDER, stroke_width=3, stroke_linejoin="round"),
            *marks.drawn(self.spots, self.squares, self.lines, self.frame, NORTH_AND_SCALE),
            *_scale(self.frame),
            text(SIDE - 24, 26, "N", "middle", font_weight="bold"),
            line(SIDE - 24, 60, SIDE - 24, 32, INK, stroke_width=2),
        ]
        return picture(self.title, " ".join([*named, self.key]), SIDE, SIDE, parts, kind="app-chart app-map")

    @property
    def key(self) -> str:
        """What is on it, in sentences: to stand beneath it, and for whoever does not see it."""
        homes = "the home lies" if len(self.squares) == 1 else "homes lie"
        said = {
            "Filled squares are settings; a thin line leads from one to its place where two would lie on each other.": (
                self.spots
            ),
            f"A square with a broken edge is the square kilometre of the National Grid that {homes} in, "
            "never the home itself.": self.squares,
            "No home is shown.": not self.squares,
            "Lines are runs, straight from square to square, each with its number where it begins.": self.lines,
            "White is the borough; its outline is drawn from where postcodes are, and is not a legal boundary.": (
                self.outline
            ),
        }
        grid = f"Pale lines are the National Grid, every {self.frame.grid()[0] // 1000} km; north is up."
        return " ".join([*(words for words, shown in said.items() if shown), grid])


def _borough(outline: Rings, frame: Frame, **paint: str | float) -> Iterator[Markup]:
    """One shape of all rings, so that a hole in it is none of the borough."""
    if outline:
        rings = (" L".join(f"{x:.1f} {y:.1f}" for x, y in map(frame.at, ring)) for ring in outline)
        path = " ".join(f"M{ring} Z" for ring in rings)
        yield element("path", (), d=path, fill_rule="evenodd", **paint)


def _grid(frame: Frame) -> Iterator[Markup]:
    _, across, up = frame.grid()
    yield from (line(x, 0, x, SIDE, PALE) for x in across)
    yield from (line(0, y, SIDE, y, PALE) for y in up)


def _scale(frame: Frame) -> Iterator[Markup]:
    miles, length = frame.scale()
    yield line(20, SIDE - 16, 20 + length, SIDE - 16, INK, stroke_width=3)
    yield marks.label(20, SIDE - 24, f"{miles:g} {'mile' if miles == 1 else 'miles'}", weight="normal")
