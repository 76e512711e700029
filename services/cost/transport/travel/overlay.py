"""Put what is known of pairs over what would be said without it, and say of every pair who said what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from services.cost.transport.travel.seam import NO_SOURCE, Journeys, TravelSource

MOST_SOURCES = NO_SOURCE
SPAN = 1 << 22
"""More than the ordinal of any day."""


@dataclass(frozen=True, eq=False)
class Said:
    """What was said of every pair in one mode: metres and minutes (-1: nothing), and the ordinal of its day."""

    metres: NDArray[np.int32]
    minutes: NDArray[np.int32]
    day: NDArray[np.int32]


def overlay(below: Journeys, driving: Said, walking: Said, method: str, lacking: str) -> Journeys:
    """Journeys by road and on foot from what `method` said, and from `below` where it said nothing.

    `lacking` is added to the method of a pair of which nothing was said. A pair both of whose ends are not known below
    stays unknown.
    """
    known = below.route_metres >= 0
    by_road, on_foot = known & (driving.metres >= 0), known & (walking.metres >= 0)
    whose = np.where(known, below.list_source_places(), NO_SOURCE).astype(np.int64)
    mixed = (whose * SPAN + np.where(by_road, driving.day, 0)) * SPAN + np.where(on_foot, walking.day, 0)
    mixes, at = np.unique(mixed, return_inverse=True)
    said = [_source(int(mix), below.sources, method, lacking) for mix in mixes]
    if len(set(said)) > MOST_SOURCES:
        said = [source and replace(source, as_of_day=None) for source in said]  # more days than can be told apart
    places = {source: place for place, source in enumerate(dict.fromkeys(filter(None, said)))}
    renumbered = np.array([places[source] if source else NO_SOURCE for source in said], np.uint8)
    return Journeys(
        walking_metres=np.where(on_foot, walking.metres, below.walking_metres),
        route_metres=np.where(by_road, driving.metres, below.route_metres),
        minutes=np.where(by_road, driving.minutes, below.minutes),
        sources=tuple(places),
        source_at=renumbered[at],
    )


def _source(mix: int, below: tuple[TravelSource, ...], method: str, lacking: str) -> TravelSource | None:
    """Who says what of the pairs with this mix of sources; None for a pair of which nothing is known."""
    rest, on_foot = divmod(mix, SPAN)
    whose, by_road = divmod(rest, SPAN)
    if whose == NO_SOURCE:
        return None
    under = below[whose]
    if not (by_road or on_foot):
        return replace(under, method=f"{under.method} ({lacking})") if lacking else under
    day = date.fromordinal(min(filter(None, (by_road, on_foot))))
    if by_road and on_foot:
        return TravelSource(method, day)
    first, second = (method, under.method) if by_road else (under.method, method)
    return TravelSource(f"{first}; on foot: {second}", day)
