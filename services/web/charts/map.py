"""A map without tiles: settings as numbered squares on the National Grid, a scale, nobody's home."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10

from markupsafe import Markup

from services.web.charts.svg import COLOURS, GRID, INK, element, line, picture, text

SIDE, EDGE = 560.0, 40.0
METRES_A_MILE = 1609.344
LEAST_METRES = 4000.0
LEAST_SIDE, MOST_SIDE = 10.0, 24.0


@dataclass(frozen=True)
class Spot:
    """A setting: what is written in its square, its name, its place in metres of the National Grid.

    `weight` from 0 to 1 makes the square larger; `marked` fills it, else it is an outline.
    """

    mark: str
    name: str
    easting: int
    northing: int
    weight: float = 0.0
    marked: bool = True


def map_of(title: str, spots: Sequence[Spot]) -> Markup:
    """The settings where they are; north is up."""
    west, south, metres = _frame(spots)
    pixels = (SIDE - 2 * EDGE) / metres

    def place(spot: Spot) -> tuple[float, float]:
        return EDGE + (spot.easting - west) * pixels, SIDE - EDGE - (spot.northing - south) * pixels

    parts = [
        element("rect", x=0, y=0, width=SIDE, height=SIDE, fill="#f3f2f1"),
        *_grid(west, south, metres, pixels),
        *(
            part
            for spot in sorted(spots, key=lambda spot: (spot.marked, spot.weight))
            for part in _spot(spot, *place(spot))
        ),
        *_scale(pixels),
        text(SIDE - 24, 26, "N", "middle", font_weight="bold"),
        line(SIDE - 24, 60, SIDE - 24, 32, INK, stroke_width=2),
    ]
    said = " ".join(f"{spot.mark}: {spot.name}." for spot in spots if spot.marked)
    return picture(title, f"{said} Squares are settings; no home is shown.", SIDE, SIDE, parts)


def _frame(spots: Sequence[Spot]) -> tuple[float, float, float]:
    """West and south edges and the side of the square shown, metres."""
    east, north = [spot.easting for spot in spots], [spot.northing for spot in spots]
    metres = max(max(east) - min(east), max(north) - min(north), LEAST_METRES)
    return (max(east) + min(east) - metres) / 2, (max(north) + min(north) - metres) / 2, metres


def _grid(west: float, south: float, metres: float, pixels: float) -> Iterator[Markup]:
    """Lines of the National Grid every 5 km, or every 10 or 20 where those would crowd."""
    step = next(step for step in (5000, 10_000, 20_000, 50_000, 100_000, 1_000_000) if metres / step <= 12)
    for at in range(int(-(-west // step)), int((west + metres) // step) + 1):
        x = EDGE + (at * step - west) * pixels
        yield line(x, 0, x, SIDE)
    for at in range(int(-(-south // step)), int((south + metres) // step) + 1):
        y = SIDE - EDGE - (at * step - south) * pixels
        yield line(0, y, SIDE, y)


def _spot(spot: Spot, x: float, y: float) -> Iterator[Markup]:
    side = LEAST_SIDE + (MOST_SIDE - LEAST_SIDE) * spot.weight if spot.marked else LEAST_SIDE
    fill = COLOURS[0] if spot.marked else "#ffffff"
    yield element(
        "rect",
        x=x - side / 2,
        y=y - side / 2,
        width=side,
        height=side,
        fill=fill,
        fill_opacity=0.8,
        stroke=INK if spot.marked else GRID,
        stroke_width=1,
    )
    if spot.marked and spot.mark:
        yield text(x + side / 2 + 3, y + 5, spot.mark, font_weight="bold")


def _scale(pixels: float) -> Iterator[Markup]:
    miles = 10.0 ** floor(log10(200 / pixels / METRES_A_MILE))
    miles = max(factor * miles for factor in (1, 2, 5) if factor * miles * METRES_A_MILE * pixels <= 200)
    end = 20 + miles * METRES_A_MILE * pixels
    yield line(20, SIDE - 16, end, SIDE - 16, INK, stroke_width=3)
    yield text(20, SIDE - 22, f"{miles:g} {'mile' if miles == 1 else 'miles'}")
