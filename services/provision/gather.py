"""What provision asks of other services: who holds a place, from caseload. The only file here that calls one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import grpc

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from services.provision.domain.occupancy import WHOLE_SETTING, Placement
from services.provision.domain.pools import RESOURCE_BASE, SEN_UNIT
from shared.days import EPOCH

PARTS = {
    caseload_pb2.PLACEMENT_PART_WHOLE_SETTING: WHOLE_SETTING,
    caseload_pb2.PLACEMENT_PART_RESOURCE_BASE: RESOURCE_BASE,
    caseload_pb2.PLACEMENT_PART_SEN_UNIT: SEN_UNIT,
}


@dataclass(frozen=True)
class Placements:
    """Every current placement at one caseload revision."""

    revision: str
    placements: tuple[Placement, ...] = ()


class CaseloadReader:
    """Asks caseload at the time of asking; the last answer is kept so that an unchanged one need not travel again."""

    def __init__(self, channel: grpc.Channel, seconds: float) -> None:
        self._caseload = caseload_pb2_grpc.CaseloadServiceStub(channel)
        self._seconds = seconds
        self._held = Placements("")

    def current_placements(self) -> Placements:
        """The placements as they stand now. Raises NeighbourDown when caseload does not answer: never an old answer."""
        held = self._held  # one reading: another thread may put a newer one in its place meanwhile
        request = caseload_pb2.ListPlacementsRequest(known_revision=held.revision)
        answer = self._caseload.ListPlacements(request, timeout=self._seconds)
        if answer.unchanged:
            return held
        self._held = Placements(answer.revision, _placements(answer))
        return self._held


def _placements(answer: caseload_pb2.ListPlacementsResponse) -> tuple[Placement, ...]:
    """The rows of the columns. Raises ValueError when the columns differ in length."""
    columns = (
        answer.case_ids,
        answer.urns,
        answer.parts,
        answer.primary_needs,
        answer.reception_years,
        answer.last_days,
    )
    return tuple(
        Placement(case_id, urn, PARTS.get(part, WHOLE_SETTING), need, reception_year, _day(last_day))
        for case_id, urn, part, need, reception_year, last_day in zip(*columns, strict=True)
    )


def _day(days: int) -> date | None:
    return EPOCH + timedelta(days=days) if days else None
