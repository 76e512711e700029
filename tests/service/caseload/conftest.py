"""A caseload server on an empty database, called through a real channel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from inborough.caseload.v1 import caseload_pb2 as pb
from inborough.caseload.v1 import caseload_pb2_grpc
from inborough.common.v1 import common_pb2
from inborough.events.v1 import events_pb2, events_pb2_grpc
from services.caseload.main import build
from services.caseload.settings import Settings
from shared.grpc_server import start_server
from tests.builders.identity import connect

SECONDS = 30
ALL, GOOD = common_pb2.IMPORT_MODE_ALL_OR_NOTHING, common_pb2.IMPORT_MODE_GOOD_ROWS_ONLY


@dataclass(frozen=True)
class Caseload:
    """The service as its callers see it."""

    stub: caseload_pb2_grpc.CaseloadServiceStub
    address: str

    def import_sen2(
        self, files: Sequence[common_pb2.ImportFile], mode: common_pb2.ImportMode.ValueType = ALL, preview: bool = False
    ) -> common_pb2.ImportReport:
        request = pb.ImportSen2Request(files=files, mode=mode, preview=preview)
        return self.stub.ImportSen2(request, timeout=SECONDS).report

    def import_due(
        self, file: common_pb2.ImportFile, mode: common_pb2.ImportMode.ValueType = ALL, preview: bool = False
    ) -> common_pb2.ImportReport:
        request = pb.ImportDecisionsDueRequest(file=file, mode=mode, preview=preview)
        return self.stub.ImportDecisionsDue(request, timeout=SECONDS).report

    def import_preferences(
        self, file: common_pb2.ImportFile, mode: common_pb2.ImportMode.ValueType = ALL, preview: bool = False
    ) -> common_pb2.ImportReport:
        request = pb.ImportPreferencesRequest(file=file, mode=mode, preview=preview)
        return self.stub.ImportPreferences(request, timeout=SECONDS).report

    def import_travel_needs(
        self, file: common_pb2.ImportFile, mode: common_pb2.ImportMode.ValueType = ALL, preview: bool = False
    ) -> common_pb2.ImportReport:
        request = pb.ImportTravelNeedsRequest(file=file, mode=mode, preview=preview)
        return self.stub.ImportTravelNeeds(request, timeout=SECONDS).report

    def get(self, case_id: str, **request: object) -> pb.Case:
        return self.stub.GetCase(pb.GetCaseRequest(case_id=case_id, **request), timeout=SECONDS).case  # type: ignore[arg-type]

    def list(self, only_due: bool = False, page_size: int = 0, page_token: str = "") -> pb.ListCasesResponse:
        request = pb.ListCasesRequest(only_due=only_due, page_size=page_size, page_token=page_token)
        return self.stub.ListCases(request, timeout=SECONDS)

    def only_case(self) -> pb.Case:
        (case,) = self.list().cases
        return case

    def due_on(self, year: int, month: int, day: int, known_revision: str = "") -> pb.ListCasesDueResponse:
        first_day = common_pb2.Date(year=year, month=month, day=day)
        request = pb.ListCasesDueRequest(first_day=first_day, known_revision=known_revision)
        return self.stub.ListCasesDue(request, timeout=SECONDS)

    def placements(self, known_revision: str = "") -> pb.ListPlacementsResponse:
        return self.stub.ListPlacements(pb.ListPlacementsRequest(known_revision=known_revision), timeout=SECONDS)

    def first_days(self) -> Sequence[pb.FirstDay]:
        return self.stub.ListFirstDays(pb.ListFirstDaysRequest(), timeout=SECONDS).first_days

    def record_placement(self, request: pb.RecordPlacementRequest) -> str:
        return self.stub.RecordPlacement(request, timeout=SECONDS).etag

    def record_ground(self, request: pb.RecordGroundRequest) -> str:
        return self.stub.RecordGround(request, timeout=SECONDS).etag

    def withdraw(self, request: pb.WithdrawDecisionDueRequest) -> str:
        return self.stub.WithdrawDecisionDue(request, timeout=SECONDS).etag

    def deadlines(self, **request: object) -> pb.ListDeadlinesResponse:
        return self.stub.ListDeadlines(pb.ListDeadlinesRequest(**request), timeout=SECONDS)  # type: ignore[arg-type]

    def planning(self) -> pb.ListPlanningCasesResponse:
        return self.stub.ListPlanningCases(pb.ListPlanningCasesRequest(), timeout=SECONDS)

    def events(self, name: str = "") -> Sequence[events_pb2.Event]:
        """The log, or what it has of one name."""
        with connect("caseload", self.address) as channel:
            asked = events_pb2.ListEventsRequest(most=1000)
            found = events_pb2_grpc.EventServiceStub(channel).ListEvents(asked, timeout=SECONDS).events
        return [event for event in found if name in ("", event.name)]

    def revision(self) -> str:
        return self.placements().revision


@contextmanager
def serving(settings: Settings) -> Iterator[Caseload]:
    """The service on a free port."""
    running = start_server(settings, build(settings))
    channel = connect("caseload", running.address)
    try:
        yield Caseload(caseload_pb2_grpc.CaseloadServiceStub(channel), running.address)
    finally:
        channel.close()
        running.stop(0)


def sqlite_settings(folder: Path) -> Settings:
    """Settings of a service on an empty SQLite database in `folder`."""
    return Settings(port=0, metrics_port=0, database_url=f"sqlite:///{folder / 'test.db'}")


@pytest.fixture
def caseload(database_url: str) -> Iterator[Caseload]:
    """The service on an empty database; once on SQLite, once on PostgreSQL."""
    with serving(Settings(port=0, metrics_port=0, database_url=database_url)) as service:
        yield service


@pytest.fixture(scope="module")
def shared_caseload(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caseload]:
    """One service on SQLite for tests that leave it as they find it."""
    with serving(sqlite_settings(tmp_path_factory.mktemp("shared"))) as service:
        yield service


@pytest.fixture
def keyed_settings(tmp_path: Path) -> Settings:
    """Settings of an authority that has set its own key."""
    key = "a-key-of-the-authority-itself"
    url = f"sqlite:///{tmp_path / 'keyed.db'}"
    return Settings(port=0, metrics_port=0, database_url=url, pseudonym_key=key)
