"""A provision service in this process, with a small caseload service of its own to ask who holds a place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import grpc
import pytest

from inborough.caseload.v1 import caseload_pb2, caseload_pb2_grpc
from inborough.common.v1 import common_pb2
from inborough.provision.v1 import provision_pb2, provision_pb2_grpc
from services.provision.domain.occupancy import Placement
from services.provision.main import build
from services.provision.settings import Settings
from shared.days import epoch_days, to_wire
from shared.grpc_server import Handled, RunningServer, start_server
from shared.imports.report import SourceFile
from shared.settings import ServiceSettings
from tests.builders.identity import connect
from tests.builders.provision import FIRST_DAY

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


@dataclass
class Running:
    """The two services; `stub` speaks to provision."""

    stub: provision_pb2_grpc.ProvisionServiceStub
    caseload: SmallCaseload
    caseload_server: RunningServer

    def import_settings(
        self, file: SourceFile, *, preview: bool = False, good_rows_only: bool = False
    ) -> common_pb2.ImportReport:
        request = provision_pb2.ImportSettingsRequest(file=_wire(file), mode=_mode(good_rows_only), preview=preview)
        return self.stub.ImportSettings(request, timeout=30).report

    def import_pools(
        self, file: SourceFile, *, preview: bool = False, good_rows_only: bool = False
    ) -> common_pb2.ImportReport:
        request = provision_pb2.ImportPlacePoolsRequest(file=_wire(file), mode=_mode(good_rows_only), preview=preview)
        return self.stub.ImportPlacePools(request, timeout=30).report

    def list_pools(self, known_revision: str = "") -> provision_pb2.ListPlacePoolsResponse:
        request = provision_pb2.ListPlacePoolsRequest(first_day=to_wire(FIRST_DAY), known_revision=known_revision)
        return self.stub.ListPlacePools(request, timeout=30)


def _wire(file: SourceFile) -> common_pb2.ImportFile:
    return common_pb2.ImportFile(name=file.name, content=file.content)


def _mode(good_rows_only: bool) -> common_pb2.ImportMode.ValueType:
    return common_pb2.IMPORT_MODE_GOOD_ROWS_ONLY if good_rows_only else common_pb2.IMPORT_MODE_ALL_OR_NOTHING


@pytest.fixture
def running(database_url: str) -> Iterator[Running]:
    """Both services started; provision's database is empty."""
    caseload = SmallCaseload()  # type: ignore[abstract]
    caseload_server = start_server(
        ServiceSettings(),
        [
            Handled(
                "inborough.caseload.v1.CaseloadService",
                lambda server: caseload_pb2_grpc.add_CaseloadServiceServicer_to_server(caseload, server),
            )
        ],
    )
    settings = Settings.model_validate(
        {"port": 0, "database_url": database_url, "INBOROUGH_CASELOAD_ADDRESS": caseload_server.address}
    )
    server = start_server(settings, build(settings))
    channel = connect("provision", server.address)
    yield Running(provision_pb2_grpc.ProvisionServiceStub(channel), caseload, caseload_server)
    channel.close()
    server.stop(0)
    caseload_server.stop(0)
