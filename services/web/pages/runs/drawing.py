"""A run on the map: through the squares of those who ride, in order, to its settings."""

from __future__ import annotations

from itertools import groupby

from inborough.cost.v1 import transport_pb2
from services.web.charts.map.drawing import Map
from services.web.charts.map.things import Line, Rings, Spot, Square, square_of
from services.words.runs import Names, clock, setting

WEIGHT = 0.3


def map_of_run(run: transport_pb2.Run, names: Names, outline: Rings) -> Map:
    """The run as one line; each setting is marked with when the vehicle is there, homes are squares without a mark."""
    points = [_thing(stop, names) for stop in run.stops]
    squares = dict.fromkeys(point for point in points if isinstance(point, Square))
    spots = dict.fromkeys(point for point in points if isinstance(point, Spot))
    through = [point for point, _ in groupby(points)]
    line = Line(f"{run.number}", through)
    return Map(f"Run {run.number}", list(spots), list(squares), [line], outline)


def _thing(stop: transport_pb2.Stop, names: Names) -> Square | Spot:
    """A setting where it is, and no more of a home than its square kilometre."""
    place = stop.place
    if not stop.urn:
        return square_of(place.easting, place.northing)
    return Spot(clock(stop.at_minutes), setting(names, stop.urn), place.easting, place.northing, WEIGHT)
