"""Where a child's options are: the home's square kilometre, and the settings by the ranks of their places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from inborough.common.v1 import common_pb2
from inborough.placement.v1 import placement_pb2
from services.web.charts.map.drawing import Map
from services.web.charts.map.things import Rings, Spot, square_of

WEIGHT = 0.3
"""All are as large: the map says where they are, and their ranks say which is better."""


def map_of_options(
    home: common_pb2.GridReference | None,
    options: Iterable[placement_pb2.Option],
    places: Mapping[int, common_pb2.GridReference],
    outline: Rings,
) -> Map | None:
    """Settings, each marked with the ranks of its options, or R for a request that is not ranked.

    `places` by URN. None where the home or every setting is not located.
    """
    located: dict[int, list[placement_pb2.Option]] = {}
    for option in options:
        if option.urn in places:
            located.setdefault(option.urn, []).append(option)
    if home is None or not located:
        return None
    spots = [_spot(found, places[urn]) for urn, found in located.items()]
    return Map("Where the options are", spots, [square_of(home.easting, home.northing, "Home")], outline=outline)


def _spot(found: list[placement_pb2.Option], place: common_pb2.GridReference) -> Spot:
    ranks = ", ".join(str(option.rank or "R") for option in found)
    return Spot(ranks, found[0].setting_name, place.easting, place.northing, WEIGHT)
