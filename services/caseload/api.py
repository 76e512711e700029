"""The caseload servicer: wire, operation, wire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import grpc
from sqlalchemy import Engine

from inborough.caseload.v1 import caseload_pb2 as pb
from inborough.caseload.v1 import caseload_pb2_grpc
from services.caseload import gauges, wire
from services.caseload.domain.pseudonyms import Pseudonyms
from services.caseload.operations import import_own, import_sen2, read_cases
from services.caseload.operations.read_cases import CasesPage
from shared.days import to_wire
from shared.imports.report import ImportReport, files_from_wire, log_import, options_from_wire, report_to_wire
from shared.pages import PageTokens

FULL_NAME = "inborough.caseload.v1.CaseloadService"
ALL_CASES, CASES_DUE = "cases", "cases_due"

Context = grpc.ServicerContext


@dataclass(frozen=True)
class CaseloadServicer(caseload_pb2_grpc.CaseloadServiceServicer):
    """Serves one database. `pseudonyms` makes case ids, `tokens` the page tokens."""

    engine: Engine
    pseudonyms: Pseudonyms
    tokens: PageTokens

    def ImportSen2(self, request: pb.ImportSen2Request, context: Context) -> pb.ImportSen2Response:
        files, options = files_from_wire(request.files), options_from_wire(request.mode, request.preview)
        report = import_sen2.import_sen2(self.engine, self.pseudonyms, files, options)
        self._imported("sen2_imported", report)
        return pb.ImportSen2Response(report=report_to_wire(report))

    def ImportPreferences(self, request: pb.ImportPreferencesRequest, context: Context) -> pb.ImportPreferencesResponse:
        (file,), options = files_from_wire([request.file]), options_from_wire(request.mode, request.preview)
        report = import_own.import_preferences(self.engine, self.pseudonyms, file, options)
        self._imported("preferences_imported", report)
        return pb.ImportPreferencesResponse(report=report_to_wire(report))

    def ImportDecisionsDue(
        self, request: pb.ImportDecisionsDueRequest, context: Context
    ) -> pb.ImportDecisionsDueResponse:
        (file,), options = files_from_wire([request.file]), options_from_wire(request.mode, request.preview)
        report = import_own.import_decisions_due(self.engine, self.pseudonyms, file, options)
        self._imported("decisions_due_imported", report)
        return pb.ImportDecisionsDueResponse(report=report_to_wire(report))

    def GetCase(self, request: pb.GetCaseRequest, context: Context) -> pb.GetCaseResponse:
        case_id, on_day = wire.read_case_id(request.case_id), wire.read_on_day(request)
        case, shown_for = read_cases.get_case(self.engine, case_id, on_day)
        return pb.GetCaseResponse(case=wire.case_to_wire(case, shown_for))

    def ListCases(self, request: pb.ListCasesRequest, context: Context) -> pb.ListCasesResponse:
        size, which = wire.read_page_size(request.page_size), CASES_DUE if request.only_due else ALL_CASES
        position = self.tokens.open(which, request.page_token)
        page = self._due_page(position, size) if request.only_due else self._page(position, size)
        return pb.ListCasesResponse(
            cases=[wire.case_to_wire(case, on_day) for case, on_day in page.cases],
            next_page_token=self._next_token(which, page),
            total=page.total,
        )

    def ListCasesDue(self, request: pb.ListCasesDueRequest, context: Context) -> pb.ListCasesDueResponse:
        first_day = wire.read_first_day(request)
        found = read_cases.list_cases_due(self.engine, first_day, request.known_revision)
        if found.rows is None:
            return pb.ListCasesDueResponse(revision=found.revision, unchanged=True)
        cases = [wire.case_to_wire(case, first_day) for case in found.rows]
        return pb.ListCasesDueResponse(revision=found.revision, cases=cases)

    def ListFirstDays(self, request: pb.ListFirstDaysRequest, context: Context) -> pb.ListFirstDaysResponse:
        days = read_cases.list_first_days(self.engine)
        return pb.ListFirstDaysResponse(
            first_days=[pb.FirstDay(first_day=to_wire(day), decisions_due=count) for day, count in days]
        )

    def ListPlacements(self, request: pb.ListPlacementsRequest, context: Context) -> pb.ListPlacementsResponse:
        found = read_cases.list_placements(self.engine, request.known_revision)
        if found.rows is None:
            return pb.ListPlacementsResponse(revision=found.revision, unchanged=True)
        return wire.placements_to_wire(found.revision, found.rows)

    def _page(self, position: list[str], size: int) -> CasesPage:
        return read_cases.list_cases(self.engine, position[0] if position else "", size)

    def _due_page(self, position: list[str], size: int) -> CasesPage:
        after = (date.fromisoformat(position[0]), date.fromisoformat(position[1]), position[2]) if position else None
        return read_cases.list_due_page(self.engine, after, size)

    def _next_token(self, which: str, page: CasesPage) -> str:
        if not page.more:
            return ""
        last, _ = page.cases[-1]
        position: tuple[Any, ...] = read_cases.due_position(last) if which == CASES_DUE else (last.case_id,)
        return self.tokens.make(which, [str(part) for part in position])

    def _imported(self, event: str, report: ImportReport) -> None:
        gauges.refresh(self.engine)
        log_import(event, report)
