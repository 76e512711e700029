"""Which area a home or a setting belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.placement.forecast.simulation.world import IntArray

SQUARE_METRES = 5000
"""Side of the squares that stand for areas where none are named: as caseload's planning view has them."""
Place = tuple[int, int] | None


@dataclass(frozen=True)
class Located:
    """The centre of an area, metres of the National Grid."""

    name: str
    easting: int
    northing: int


def areas_of(
    homes: Sequence[Place], settings: Sequence[Place], centres: Sequence[Located]
) -> tuple[tuple[str, ...], IntArray, IntArray]:
    """Return the areas' names, and the area of each home and of each setting; the last area is "", not known."""
    named = [_area_of(place, centres) for place in (*homes, *settings)]
    names = (*sorted({*(one.name for one in centres), *named} - {""}), "")
    rows = np.array([names.index(name) for name in named], dtype=np.int16)
    return names, rows[: len(homes)], rows[len(homes) :]


def _area_of(place: Place, centres: Sequence[Located]) -> str:
    """The nearest centre's name, of several the first; without centres, the square by its corner in kilometres."""
    if place is None:
        return ""
    if not centres:
        return ",".join(str(metres // SQUARE_METRES * SQUARE_METRES // 1000) for metres in place)
    away = [(one.easting - place[0]) ** 2 + (one.northing - place[1]) ** 2 for one in centres]
    return centres[away.index(min(away))].name
