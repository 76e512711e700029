"""Who travels where, from the wire, with the checks that a request must pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import transport_pb2
from services.cost.carrying.people import NOWHERE, People
from services.cost.quotes.columns import Children
from services.cost.transport.travel import Points
from shared.errors import InvalidInput, TooMuch

MOST_CHILDREN, MOST_TO_ONE_SETTING = 30_000, 400


def people_from_wire(
    travellers: Sequence[transport_pb2.Traveller], destinations: Sequence[transport_pb2.Destination]
) -> People:
    """Children and settings in order. Raises InvalidInput naming the field at fault, TooMuch beyond a limit."""
    if len(travellers) > MOST_CHILDREN:
        raise TooMuch(f"One call plans runs for at most {MOST_CHILDREN:,} children. Split it by area.")
    _each_once("travellers", "case_id", [child.case_id for child in travellers])
    _each_once("destinations", "urn", [setting.urn for setting in destinations])
    settings = sorted(destinations, key=lambda setting: setting.urn)
    children = sorted(travellers, key=lambda child: child.case_id)
    place = {setting.urn: at for at, setting in enumerate(settings)}
    _all_named(travellers, place)
    columns = _children(children)
    points = _points([setting.location if setting.HasField("location") else None for setting in settings])
    columns.check()
    points.check("destinations.location")
    return People(
        ids=tuple(child.case_id for child in children),
        children=columns,
        destination=np.array([place.get(child.urn, NOWHERE) for child in children], np.int64),
        apart=frozenset(
            pair for child in children for other in child.apart_from if (pair := _pair(child.case_id, other))
        ),
        urns=tuple(place),
        settings=points,
    )


def _each_once(what: str, field: str, column: Sequence[object]) -> None:
    for at, (value, count) in enumerate(Counter(column).items()):
        if not value:
            raise InvalidInput(f"{what}[{column.index(value)}].{field}", "is empty; every one has its own")
        if count > 1:
            raise InvalidInput(f"{what}[{column.index(value, at)}].{field}", "is there twice; send each once")


def _all_named(travellers: Iterable[transport_pb2.Traveller], place: dict[int, int]) -> None:
    going = Counter(child.urn for child in travellers if child.urn)
    for at, child in enumerate(travellers):
        if child.urn and child.urn not in place:
            raise InvalidInput(f"travellers[{at}].urn", "is none of the destinations; send it among them")
        if going[child.urn] > MOST_TO_ONE_SETTING:
            raise TooMuch(f"Runs are planned for at most {MOST_TO_ONE_SETTING} children who go to one setting.")


def _pair(one: str, other: str) -> tuple[str, str] | None:
    return None if one == other else (min(one, other), max(one, other))


def _children(children: Sequence[transport_pb2.Traveller]) -> Children:
    blank = [""] * len(children)
    return Children(
        homes=_points([child.home if child.HasField("home") else None for child in children]),
        year_group=[child.year_group for child in children],
        age_years=[child.age_years for child in children],
        need=blank,
        band=blank,
        wheelchair=[child.wheelchair for child in children],
        assistant=[child.passenger_assistant for child in children],
        solo=[child.solo for child in children],
    )


def _points(references: Sequence[common_pb2.GridReference | None]) -> Points:
    return Points(
        easting=np.array([found.easting if found else 0 for found in references], np.int64),
        northing=np.array([found.northing if found else 0 for found in references], np.int64),
        known=np.array([found is not None for found in references], bool),
    )
