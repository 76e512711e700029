"""What provision asks of other services: who holds a place, from caseload. The only file here that calls one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import grpc

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from services.provision.domain.occupancy import WHOLE_SETTING, Placement, end_where_named
from services.provision.domain.pools import RESOURCE_BASE, SEN_UNIT
from shared.days import EPOCH

PARTS = {
    caseload_pb2.PLACEMENT_PART_WHOLE_SETTING: WHOLE_SETTING,
    caseload_pb2.PLACEMENT_PART_RESOURCE_BASE: RESOURCE_BASE,
    caseload_pb2.PLACEMENT_PART_SEN_UNIT: SEN_UNIT,
}


@dataclass(frozen=True)
class Placements:
    """Every current placement at one caseload revision, each case in one place at a time."""

    revision: str
    placements: tuple[Placement, ...] = ()

    def at(self, urns: Collection[int], pool_ids: Collection[str]) -> list[Placement]:
        """Those at some settings, or named in some pools."""
        found = {placement for urn in urns for placement in self._by_urn.get(urn, ())}
        found.update(placement for pool_id in pool_ids for placement in self._by_pool.get(pool_id, ()))
        return sorted(found, key=lambda placement: placement.case_id)

    def names(self, case_id: str, pool_id: str, first_day: date) -> bool:
        """Whether a decision's placement of the case in the pool from that day is on record."""
        named = self._by_pool.get(pool_id, ())
        return any(placement.case_id == case_id and placement.first_day == first_day for placement in named)

    def with_changes(self, answer: caseload_pb2.ListPlacementsResponse, found: tuple[Placement, ...]) -> Placements:
        """The placements once those of the cases that changed have given way to these, in order of case id."""
        changed = frozenset(answer.changed_ids)
        stay = (placement for placement in self.placements if placement.case_id not in changed)
        return Placements(answer.revision, tuple(sorted((*stay, *found), key=lambda placement: placement.case_id)))

    @cached_property
    def _by_urn(self) -> Mapping[int, Sequence[Placement]]:
        found: dict[int, list[Placement]] = defaultdict(list)
        for placement in self.placements:
            found[placement.urn].append(placement)
        return found

    @cached_property
    def _by_pool(self) -> Mapping[str, Sequence[Placement]]:
        found: dict[str, list[Placement]] = defaultdict(list)
        for placement in self.placements:
            if placement.pool_id:
                found[placement.pool_id].append(placement)
        return found


class CaseloadReader:
    """Asks caseload at the time of asking; the last answer is kept so that an unchanged one need not travel again."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._caseload = caseload_pb2_grpc.CaseloadServiceStub(channel)
        self._seconds = seconds
        self._held = Placements("")

    def current_placements(self) -> Placements:
        """The placements as they stand now. Raises NeighbourDown when caseload does not answer: never an old answer."""
        held = self._held  # one reading: another thread may put a newer one in its place meanwhile
        request = caseload_pb2.ListPlacementsRequest(known_revision=held.revision, changes_only=True)
        answer = self._caseload.ListPlacements(request, timeout=self._seconds)
        if answer.unchanged:
            return held
        found = _placements(answer)
        self._held = held.with_changes(answer, found) if answer.changes_only else Placements(answer.revision, found)
        return self._held


def _placements(answer: caseload_pb2.ListPlacementsResponse) -> tuple[Placement, ...]:
    """The rows of the columns. Raises ValueError when the columns differ in length.

    Pools are missing from the answer of a caseload of the release before: then the return alone says who is where.
    """
    columns = (
        answer.case_ids,
        answer.urns,
        answer.parts,
        answer.primary_needs,
        answer.reception_years,
        answer.last_days,
        answer.first_days,
        answer.pool_ids or [""] * len(answer.case_ids),
    )
    return end_where_named(
        Placement(case_id, urn, PARTS.get(part, WHOLE_SETTING), need, year, _day(last_day), _day(first_day), pool_id)
        for case_id, urn, part, need, year, last_day, first_day, pool_id in zip(*columns, strict=True)
    )


def _day(days: int) -> date | None:
    return EPOCH + timedelta(days=days) if days else None
