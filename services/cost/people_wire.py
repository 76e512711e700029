"""Who travels where, from the wire, with the checks that a request must pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from inborough.common.v1 import common_pb2
from inborough.cost.v1 import transport_pb2
from services.cost.carrying.people import NOWHERE, Candidates, IntArray, People
from services.cost.quotes.columns import Children
from services.cost.transport.travel import Points
from shared.errors import InvalidInput, TooMuch

MOST_CHILDREN, MOST_TO_ONE_SETTING = 30_000, 400
MOST_CANDIDATES = 1_000_000


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
    _check_children(travellers, place)
    _homes(travellers).check("travellers.home")
    _locations(destinations).check("destinations.location")
    return People(
        ids=tuple(child.case_id for child in children),
        children=_children(children),
        destination=np.array([place.get(child.urn, NOWHERE) for child in children], np.int64),
        apart=frozenset(
            pair for child in children for other in child.apart_from if (pair := _pair(child.case_id, other))
        ),
        urns=tuple(place),
        settings=_locations(settings),
    )


def candidates_from_wire(asked: transport_pb2.PriceRunsRequest) -> Candidates:
    """Candidates as rows of the ordered children and settings. Raises InvalidInput for a torn or wrong column."""
    children = _ranks([child.case_id for child in asked.travellers])
    settings = _ranks([setting.urn for setting in asked.destinations])
    child_at = _index("candidate_traveller", asked.candidate_traveller, len(children))
    setting_at = _index("candidate_destination", asked.candidate_destination, len(settings))
    if child_at.size != setting_at.size:
        raise InvalidInput("candidate_destination", "has not as many entries as candidate_traveller; send one of each")
    if child_at.size > MOST_CANDIDATES:
        raise TooMuch(f"One call prices at most {MOST_CANDIDATES:,} candidates. Split it.")
    return Candidates(children[child_at], settings[setting_at], children)


def _ranks(keys: Sequence[Any]) -> IntArray:
    """Where each stands once they are ordered."""
    order = {key: at for at, key in enumerate(sorted(keys))}
    return np.array([order[key] for key in keys], np.int64)


def _index(field: str, packed: bytes, count: int) -> IntArray:
    if len(packed) % 4:
        raise InvalidInput(field, f"holds {len(packed)} bytes; pack four a candidate (little-endian int32)")
    index = np.frombuffer(packed, "<i4").astype(np.int64)
    if index.size and not 0 <= index.min() <= index.max() < count:
        raise InvalidInput(field, f"names an entry that is not there; there are {count}, counted from 0")
    return index


def _each_once(what: str, field: str, column: Sequence[object]) -> None:
    met: set[object] = set()
    for at, value in enumerate(column):
        if not value:
            raise InvalidInput(f"{what}[{at}].{field}", "is empty; every one has its own")
        if value in met:
            raise InvalidInput(f"{what}[{at}].{field}", "is there twice; send each once")
        met.add(value)


def _check_children(travellers: Iterable[transport_pb2.Traveller], place: dict[int, int]) -> None:
    going = Counter(child.urn for child in travellers if child.urn)
    for at, child in enumerate(travellers):
        if not (0 <= child.age_years <= 99 and -10 <= child.year_group <= 99):
            raise InvalidInput(f"travellers[{at}].age_years", "is from 0 to 99, and the year group from -10 to 99")
        if child.urn and child.urn not in place:
            raise InvalidInput(f"travellers[{at}].urn", "is none of the destinations; send it among them")
        if going[child.urn] > MOST_TO_ONE_SETTING:
            raise TooMuch(f"Runs are planned for at most {MOST_TO_ONE_SETTING} children who go to one setting.")


def _pair(one: str, other: str) -> tuple[str, str] | None:
    return None if one == other else (min(one, other), max(one, other))


def _children(children: Sequence[transport_pb2.Traveller]) -> Children:
    blank = [""] * len(children)
    return Children(
        homes=_homes(children),
        year_group=[child.year_group for child in children],
        age_years=[child.age_years for child in children],
        need=blank,
        band=blank,
        wheelchair=[child.wheelchair for child in children],
        assistant=[child.passenger_assistant for child in children],
        solo=[child.solo for child in children],
    )


def _homes(children: Sequence[transport_pb2.Traveller]) -> Points:
    return _points([child.home if child.HasField("home") else None for child in children])


def _locations(settings: Sequence[transport_pb2.Destination]) -> Points:
    return _points([setting.location if setting.HasField("location") else None for setting in settings])


def _points(references: Sequence[common_pb2.GridReference | None]) -> Points:
    return Points(
        easting=np.array([found.easting if found else 0 for found in references], np.int64),
        northing=np.array([found.northing if found else 0 for found in references], np.int64),
        known=np.array([found is not None for found in references], bool),
    )
