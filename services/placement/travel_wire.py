"""Who travels where, as cost is asked about it, from what caseload and provision have on file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from inborough.caseload.v1 import caseload_pb2
from inborough.cost.v1 import transport_pb2
from inborough.provision.v1 import provision_pb2
from shared import days


def traveller(case: caseload_pb2.Case, urn: int) -> transport_pb2.Traveller:
    """A child who goes to a setting; 0: nowhere yet. Year group and age are those that the case is given for."""
    needs = case.travel_needs
    return transport_pb2.Traveller(
        case_id=case.case_id,
        home=case.home if case.HasField("home") else None,
        urn=urn,
        year_group=case.year_group,
        age_years=case.age_years,
        wheelchair=needs.wheelchair,
        passenger_assistant=needs.passenger_assistant,
        solo=needs.solo,
        apart_from=needs.apart_from,
    )


def destination(setting: provision_pb2.Setting) -> transport_pb2.Destination:
    """A setting that children travel to."""
    location = setting.location if setting.HasField("location") else None
    return transport_pb2.Destination(urn=setting.urn, location=location)


def settled_travellers(
    cases: Sequence[caseload_pb2.Case], pools: Sequence[provision_pb2.PlacePool], first_day: date
) -> list[transport_pb2.Traveller]:
    """Every child who has a place on a first day and no decision due by then, ordered by case id.

    Whoever holds a place in a pool is there; who has outgrown it or whose placement has ended does not. Of a setting
    without a pool on file nobody knows who outgrows it: whom the return has there goes on.
    """
    held = {case_id: pool.setting.urn for pool in pools for case_id in pool.held_by}
    pooled = {pool.setting.urn for pool in pools}
    settled = (case for case in cases if not _is_due_by(case, first_day))
    placed = ((case, held.get(case.case_id) or _unpooled_urn(case, pooled, first_day)) for case in settled)
    return sorted((traveller(case, urn) for case, urn in placed if urn), key=lambda child: child.case_id)


def destinations_of(
    travellers: Iterable[transport_pb2.Traveller], settings: Iterable[provision_pb2.Setting]
) -> Iterator[transport_pb2.Destination]:
    """The settings that they travel to, by URN; one that is not on file has no location."""
    known = {setting.urn: setting for setting in settings}
    for urn in sorted({child.urn for child in travellers}):
        yield destination(known[urn]) if urn in known else transport_pb2.Destination(urn=urn)


def _is_due_by(case: caseload_pb2.Case, first_day: date) -> bool:
    """Whether a place from the first day, or from before it, is still to be decided."""
    if not case.HasField("decision_due"):
        return False
    return days.from_wire(case.decision_due.first_day, "first_day") <= first_day


def _unpooled_urn(case: caseload_pb2.Case, pooled: Collection[int], first_day: date) -> int:
    """The setting without a pool at which the return has a child on the day; 0 for none."""
    placed = case.current_placement
    if not placed.urn or placed.urn in pooled or case.HasField("named_placement"):
        return 0
    begins = days.from_wire(placed.first_day, "first_day") if placed.HasField("first_day") else None
    ends = days.from_wire(placed.last_day, "last_day") if placed.HasField("last_day") else None
    is_there = (begins is None or begins <= first_day) and (ends is None or ends >= first_day)
    return placed.urn if is_there else 0
