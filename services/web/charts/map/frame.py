"""What part of the country a map shows, and where in the picture a place lies; north is up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import floor, log10

from services.web.charts.map.things import SQUARE_METRES, Line, Rings, Spot, Square
from services.words import METRES_A_MILE

SIDE, EDGE = 560.0, 40.0
LEAST_METRES = 4000.0
WIDER = 2.0
"""A map is made wider by this factor at most so that the whole borough is on it."""
STEPS = (1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 1_000_000)
MOST_LINES = 8
LONGEST_SCALE = 200.0

Place = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """A square of the country by its west and south edges and its side in metres, within the picture's edge."""

    west: float
    south: float
    metres: float

    @property
    def pixels(self) -> float:
        """Of a metre."""
        return (SIDE - 2 * EDGE) / self.metres

    def at(self, place: Place) -> Place:
        """Pixels from the left and the top of a place in metres of the National Grid."""
        return EDGE + (place[0] - self.west) * self.pixels, SIDE - EDGE - (place[1] - self.south) * self.pixels

    def grid(self) -> tuple[int, list[float], list[float]]:
        """Metres between lines of the National Grid, and where those lie: from the left, and from the top."""
        step = next((step for step in STEPS if self.metres / step <= MOST_LINES), STEPS[-1])
        across = [self.at((at, 0))[0] for at in _multiples(self.west, self.metres, step)]
        up = [self.at((0, at))[1] for at in _multiples(self.south, self.metres, step)]
        return step, across, up

    def scale(self) -> tuple[float, float]:
        """Miles that the scale stands for, 1, 2 or 5 times a power of ten, and its length in pixels."""
        mile = METRES_A_MILE * self.pixels
        power = 10.0 ** floor(log10(LONGEST_SCALE / mile))
        miles = max(factor * power for factor in (1, 2, 5) if factor * power * mile <= LONGEST_SCALE)
        return miles, miles * mile


def frame_of(spots: Iterable[Spot], squares: Iterable[Square], lines: Iterable[Line], outline: Rings) -> Frame:
    """Around everything, and around the borough where that leaves the rest large enough.

    Of squares it knows whole kilometres alone, so that a frame says nothing of where within one a home is.
    """
    through = [point for line in lines for point in line.points]
    near = list(_corners([*spots, *squares, *through]))
    borough = [(float(east), float(north)) for ring in outline for east, north in ring]
    close, whole = _around(near), _around([*near, *borough])
    return whole if whole.metres <= WIDER * close.metres else close


def _corners(things: Iterable[Spot | Square]) -> Iterator[Place]:
    for thing in things:
        if isinstance(thing, Square):
            yield thing.west, thing.south
            yield thing.west + SQUARE_METRES, thing.south + SQUARE_METRES
        else:
            yield thing.middle


def _around(places: list[Place]) -> Frame:
    east, north = [place[0] for place in places], [place[1] for place in places]
    metres = max(max(east) - min(east), max(north) - min(north), LEAST_METRES)
    return Frame((max(east) + min(east) - metres) / 2, (max(north) + min(north) - metres) / 2, metres)


def _multiples(start: float, metres: float, step: int) -> Iterator[int]:
    """Multiples of a step from a frame's start to its end and over its edge."""
    over = EDGE / (SIDE - 2 * EDGE) * metres
    yield from range(int(-(-(start - over) // step)) * step, int(start + metres + over) + 1, step)
