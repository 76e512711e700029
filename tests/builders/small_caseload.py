"""A small caseload service that answers what a test tells it: provision asks it who holds a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import grpc

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from services.provision.domain.occupancy import Placement
from shared.days import epoch_days
from shared.grpc_server import Handled, RunningServer, start_server
from shared.settings import ServiceSettings

PARTS = {
    "whole_setting": caseload_pb2.PLACEMENT_PART_WHOLE_SETTING,
    "resource_base": caseload_pb2.PLACEMENT_PART_RESOURCE_BASE,
    "sen_unit": caseload_pb2.PLACEMENT_PART_SEN_UNIT,
}


@dataclass
class SmallCaseload(caseload_pb2_grpc.CaseloadServiceServicer):
    """Answers ListPlacements with what a test gives it, and remembers the revisions it was asked with."""

    revision: str = "rev_1"
    placements: Sequence[Placement] = ()
    asked_with: list[str] = field(default_factory=list)

    def change(self, revision: str, *placements: Placement) -> None:
        """Have these placements from now on."""
        self.revision, self.placements = revision, placements

    def ListPlacements(
        self, request: caseload_pb2.ListPlacementsRequest, context: grpc.ServicerContext
    ) -> caseload_pb2.ListPlacementsResponse:
        self.asked_with.append(request.known_revision)
        if request.known_revision == self.revision:
            return caseload_pb2.ListPlacementsResponse(revision=self.revision, unchanged=True)
        return caseload_pb2.ListPlacementsResponse(
            revision=self.revision,
            case_ids=[placement.case_id for placement in self.placements],
            urns=[placement.urn for placement in self.placements],
            parts=[PARTS[placement.part] for placement in self.placements],
            primary_needs=[placement.primary_need for placement in self.placements],
            reception_years=[placement.reception_year for placement in self.placements],
            first_days=[epoch_days(placement.first_day) for placement in self.placements],
            last_days=[epoch_days(placement.last_day) for placement in self.placements],
            pool_ids=[placement.pool_id for placement in self.placements],
        )


def start_caseload(caseload: SmallCaseload) -> RunningServer:
    """Serve it on a free port."""
    register = partial(caseload_pb2_grpc.add_CaseloadServiceServicer_to_server, caseload)
    return start_server(ServiceSettings(), [Handled("inborough.caseload.v1.CaseloadService", register)])
