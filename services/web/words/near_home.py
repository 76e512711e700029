"""Where a child lives, as a square of the National Grid, and where the options are: numbers for a picture.

The home is never a point: the square of a kilometre that it lies in is drawn, and the picture is laid out around its
middle, so that nothing in it says where within the square the home is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inborough.common.v1 import common_pb2
from inborough.placement.v1 import placement_pb2
from services.words import METRES_A_MILE

SIDE, EDGE = 560.0, 30.0
SQUARE_METRES = 1000
LEAST_METRES = 4000
SCALES = (1, 2, 5, 10, 20, 50)


@dataclass(frozen=True)
class Spot:
    """A setting with an option: its rank as written in the picture, and where, in pixels from the upper left."""

    mark: str
    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Picture:
    """All in pixels of a square of `side`. `miles` is what the scale's `scale` pixels stand for."""

    side: float
    home_x: float
    home_y: float
    home_side: float
    spots: list[Spot]
    miles: int
    scale: float

    @property
    def said(self) -> str:
        """What the picture shows, for whoever does not see it."""
        named = "; ".join(f"{spot.mark} is {spot.name}" for spot in self.spots)
        return f"The square holds the home; north is up. {named}. Distances are in the table."


def draw(
    home: common_pb2.GridReference | None,
    options: Iterable[placement_pb2.Option],
    places: Mapping[int, common_pb2.GridReference],
) -> Picture | None:
    """The picture; `places` by URN. None where the home or every setting is not located."""
    found = [option for option in options if option.urn in places]
    if home is None or not found:
        return None
    middle = tuple(at // SQUARE_METRES * SQUARE_METRES + SQUARE_METRES // 2 for at in (home.easting, home.northing))
    off = [(places[each.urn].easting - middle[0], places[each.urn].northing - middle[1]) for each in found]
    reach = max(LEAST_METRES, *(max(abs(east), abs(north)) for east, north in off))
    pixels = (SIDE / 2 - EDGE) / reach
    spots = [
        Spot(
            str(option.rank) if option.rank else "R",
            option.setting_name,
            round(SIDE / 2 + east * pixels, 1),
            round(SIDE / 2 - north * pixels, 1),
        )
        for option, (east, north) in zip(found, off, strict=True)
    ]
    square = SQUARE_METRES * pixels
    miles = max((each for each in SCALES if each * METRES_A_MILE * pixels <= SIDE / 3), default=1)
    corner = round((SIDE - square) / 2, 1)
    scale = round(miles * METRES_A_MILE * pixels, 1)
    return Picture(SIDE, corner, corner, round(square, 1), spots, miles, scale)
