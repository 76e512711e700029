"""What a map shows. A setting has a place; a home has the square kilometre that it lies in, and never a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SQUARE_METRES = 1000


@dataclass(frozen=True)
class Spot:
    """A setting: what is written beside its square, its name, its place in metres of the National Grid.

    `weight` from 0 to 1 makes the square larger; `marked` fills it, else it is an outline.
    """

    mark: str
    name: str
    easting: int
    northing: int
    weight: float = 0.0
    marked: bool = True

    @property
    def middle(self) -> tuple[float, float]:
        """Where a line meets it."""
        return self.easting, self.northing


@dataclass(frozen=True)
class Square:
    """A square kilometre of the National Grid by its south-west corner, in metres; `mark` is written above it.

    Raises ValueError for a corner that is none of the grid's: so no map can be told where in a square a home is.
    """

    west: int
    south: int
    mark: str = ""

    def __post_init__(self) -> None:
        if self.west % SQUARE_METRES or self.south % SQUARE_METRES:
            raise ValueError("a square's corner is at whole kilometres; use square_of")

    @property
    def middle(self) -> tuple[float, float]:
        """Where a line passes through it, wherever in it the home is."""
        return self.west + SQUARE_METRES / 2, self.south + SQUARE_METRES / 2


@dataclass(frozen=True)
class Line:
    """A run, such as of a school bus: through the squares of those who ride, to the setting.

    `mark` is its number, written where it begins, because runs end together.
    """

    mark: str
    points: Sequence[Square | Spot]


Rings = Sequence[Sequence[tuple[int, int]]]
"""Closed lines: eastings and northings of their corners in metres."""


def square_of(easting: int, northing: int, mark: str = "") -> Square:
    """The square that a place lies in, in metres of the National Grid."""
    return Square(easting // SQUARE_METRES * SQUARE_METRES, northing // SQUARE_METRES * SQUARE_METRES, mark)
