"""An outline around points: squares that hold one, gaps between them closed, its line made simpler."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

Ring = list[tuple[int, int]]
"""A closed line: eastings and northings of its corners in metres, the first not said again."""

SQUARE_METRES = 500
GAP_METRES = 1000
"""What lies between squares no further apart than twice this belongs to them: fields, a river, a park."""
SIMPLER_METRES = 400
"""The line may be off by this much: it takes the stairs out of a slope and leaves corners in."""
LEAST_PART_M2 = 1_000_000
"""A smaller part is a stray postcode."""
LEAST_HOLE_M2 = 30_000_000
"""A smaller hole is open land; a larger one may be another authority, as a city is within its county."""


def outline_of(points: Iterable[tuple[int, int]]) -> list[Ring]:
    """Rings around points (easting and northing, metres) and around large holes between them; [] for no points.

    The same points, in any order, give the same rings on every machine: what is compared are whole metres.
    """
    corners = np.unique(np.array(list(points), dtype=np.int64).reshape(-1, 2) // SQUARE_METRES * SQUARE_METRES, axis=0)
    squares = shapely.box(corners[:, 0], corners[:, 1], corners[:, 0] + SQUARE_METRES, corners[:, 1] + SQUARE_METRES)
    closed = _grown(_grown(shapely.union_all(squares), GAP_METRES), -GAP_METRES)
    large = [_without_small_holes(part) for part in shapely.get_parts(closed) if part.area >= LEAST_PART_M2]
    simpler = shapely.normalize(shapely.simplify(shapely.union_all(large), SIMPLER_METRES))
    return [_corners(ring) for part in shapely.get_parts(simpler) for ring in (part.exterior, *part.interiors)]


def _grown(shape: BaseGeometry, metres: int) -> BaseGeometry:
    """Wider all round, or narrower; corners stay corners and whole metres stay whole."""
    return shapely.buffer(shape, metres, join_style="mitre")


def _without_small_holes(part: shapely.Polygon) -> shapely.Polygon:
    holes = [ring for ring in part.interiors if shapely.Polygon(ring).area >= LEAST_HOLE_M2]
    return shapely.Polygon(part.exterior, holes)


def _corners(ring: shapely.LinearRing) -> Ring:
    return [(round(x), round(y)) for x, y in ring.coords[:-1]]
