"""The caseload servicer: wire, operation, wire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import grpc
from sqlalchemy import Connection, Engine

from inborough.caseload.v1 import caseload_pb2 as pb
from inborough.caseload.v1 import caseload_pb2_grpc
from services.caseload import lists_wire, requests_wire, wire
from services.caseload.domain.pseudonyms import Pseudonyms
from services.caseload.operations import (
    deadlines,
    import_own,
    import_sen2,
    import_travel,
    planning,
    read_cases,
    records,
    since,
)
from services.caseload.operations.read_cases import CasesPage
from services.caseload.operations.viewing import record_view
from services.caseload.storage.since import RememberedMoments
from shared.clock import today
from shared.days import to_wire
from shared.event_log.requests import answer_once
from shared.failpoints import failpoint
from shared.imports.report import files_from_wire, log_import, options_from_wire, report_to_wire
from shared.pages import PageTokens

FULL_NAME = "inborough.caseload.v1.CaseloadService"
ALL_CASES, CASES_DUE = "cases", "cases_due"

Context = grpc.ServicerContext


@dataclass(frozen=True)
class CaseloadServicer(caseload_pb2_grpc.CaseloadServiceServicer):
    """Serves one database. `pseudonyms` makes case ids, `tokens` the page tokens; `shelf` keeps deadlines.

    `remembered` says what changed since the revisions that were answered with.
    """

    engine: Engine
    pseudonyms: Pseudonyms
    tokens: PageTokens
    shelf: deadlines.DeadlineShelf = field(default_factory=deadlines.DeadlineShelf)
    remembered: RememberedMoments = field(default_factory=RememberedMoments)

    def ImportSen2(self, request: pb.ImportSen2Request, context: Context) -> pb.ImportSen2Response:
        files, options = files_from_wire(request.files), options_from_wire(request.mode, request.preview)
        report = import_sen2.import_sen2(self.engine, self.pseudonyms, files, options)
        log_import("sen2_imported", report)
        return pb.ImportSen2Response(report=report_to_wire(report))

    def ImportPreferences(self, request: pb.ImportPreferencesRequest, context: Context) -> pb.ImportPreferencesResponse:
        (file,), options = files_from_wire([request.file]), options_from_wire(request.mode, request.preview)
        report = import_own.import_preferences(self.engine, self.pseudonyms, file, options)
        log_import("preferences_imported", report)
        return pb.ImportPreferencesResponse(report=report_to_wire(report))

    def ImportDecisionsDue(
        self, request: pb.ImportDecisionsDueRequest, context: Context
    ) -> pb.ImportDecisionsDueResponse:
        (file,), options = files_from_wire([request.file]), options_from_wire(request.mode, request.preview)
        report = import_own.import_decisions_due(self.engine, self.pseudonyms, file, options)
        log_import("decisions_due_imported", report)
        return pb.ImportDecisionsDueResponse(report=report_to_wire(report))

    def ImportTravelNeeds(self, request: pb.ImportTravelNeedsRequest, context: Context) -> pb.ImportTravelNeedsResponse:
        (file,), options = files_from_wire([request.file]), options_from_wire(request.mode, request.preview)
        report = import_travel.import_travel_needs(self.engine, self.pseudonyms, file, options)
        log_import("travel_needs_imported", report)
        return pb.ImportTravelNeedsResponse(report=report_to_wire(report))

    def GetCase(self, request: pb.GetCaseRequest, context: Context) -> pb.GetCaseResponse:
        case_id, on_day = wire.read_case_id(request.case_id), wire.read_on_day(request)
        case, shown_for = read_cases.get_case(self.engine, case_id, on_day)
        record_view(self.engine, "case_viewed", [case_id])
        return pb.GetCaseResponse(case=wire.case_to_wire(case, shown_for))

    def ListCases(self, request: pb.ListCasesRequest, context: Context) -> pb.ListCasesResponse:
        size, which = wire.read_page_size(request.page_size), CASES_DUE if request.only_due else ALL_CASES
        position = self.tokens.open(which, request.page_token)
        page = self._due_page(position, size) if request.only_due else self._page(position, size)
        record_view(self.engine, "cases_listed", [case.case_id for case, _ in page.cases])
        return pb.ListCasesResponse(
            cases=[wire.case_to_wire(case, on_day) for case, on_day in page.cases],
            next_page_token=self._next_token(which, page),
            total=page.total,
        )

    def ListCasesDue(self, request: pb.ListCasesDueRequest, context: Context) -> pb.ListCasesDueResponse:
        first_day = wire.read_first_day(request)
        found = since.list_cases_due(
            self.engine, self.remembered, first_day, request.known_revision, changes_only=request.changes_only
        )
        return wire.changes_to_wire(pb.ListCasesDueResponse(), found, first_day)

    def ListFirstDays(self, request: pb.ListFirstDaysRequest, context: Context) -> pb.ListFirstDaysResponse:
        days = read_cases.list_first_days(self.engine)
        return pb.ListFirstDaysResponse(
            first_days=[pb.FirstDay(first_day=to_wire(day), decisions_due=count) for day, count in days]
        )

    def ListPlacements(self, request: pb.ListPlacementsRequest, context: Context) -> pb.ListPlacementsResponse:
        found = since.list_placements(
            self.engine, self.remembered, request.known_revision, changes_only=request.changes_only
        )
        return wire.changed_placements_to_wire(found)

    def ListOpenCases(self, request: pb.ListOpenCasesRequest, context: Context) -> pb.ListOpenCasesResponse:
        on_day = wire.read_first_day(request)
        found = since.list_open_cases(
            self.engine, self.remembered, request.known_revision, changes_only=request.changes_only
        )
        return wire.changes_to_wire(pb.ListOpenCasesResponse(), found, on_day)

    def ListPlanHistory(self, request: pb.ListPlanHistoryRequest, context: Context) -> pb.ListPlanHistoryResponse:
        return lists_wire.history_to_wire(*read_cases.list_plan_history(self.engine))

    def RecordPlacement(self, request: pb.RecordPlacementRequest, context: Context) -> pb.RecordPlacementResponse:
        case_id, named = requests_wire.read_placement(request)

        def operation(connection: Connection) -> pb.RecordPlacementResponse:
            return pb.RecordPlacementResponse(etag=records.record_placement(connection, case_id, named))

        answer = answer_once(self.engine, request, pb.RecordPlacementResponse, operation)
        if __debug__:
            failpoint("caseload.record_placement.after_commit")
        return answer

    def RecordGround(self, request: pb.RecordGroundRequest, context: Context) -> pb.RecordGroundResponse:
        case_id, urn, ground, decision_id = requests_wire.read_ground(request)

        def operation(connection: Connection) -> pb.RecordGroundResponse:
            return pb.RecordGroundResponse(etag=records.record_ground(connection, case_id, urn, ground, decision_id))

        answer = answer_once(self.engine, request, pb.RecordGroundResponse, operation)
        if __debug__:
            failpoint("caseload.record_ground.after_commit")
        return answer

    def WithdrawDecisionDue(
        self, request: pb.WithdrawDecisionDueRequest, context: Context
    ) -> pb.WithdrawDecisionDueResponse:
        case_id, etag, reason = requests_wire.read_withdrawal(request)

        def operation(connection: Connection) -> pb.WithdrawDecisionDueResponse:
            new_etag = records.withdraw_decision_due(connection, case_id, etag, reason)
            return pb.WithdrawDecisionDueResponse(etag=new_etag)

        answer = answer_once(self.engine, request, pb.WithdrawDecisionDueResponse, operation)
        if __debug__:
            failpoint("caseload.withdraw_decision_due.after_commit")
        return answer

    def ListDeadlines(self, request: pb.ListDeadlinesRequest, context: Context) -> pb.ListDeadlinesResponse:
        due_by, case_id = requests_wire.read_deadline_filters(request)
        size, on_day = wire.read_page_size(request.page_size), today()
        which = f"deadlines {due_by or ''} {case_id}"
        position = self.tokens.open(which, request.page_token)
        after = (date.fromisoformat(position[0]), position[1], position[2]) if position else None
        page = deadlines.list_deadlines(self.engine, self.shelf, on_day, due_by, case_id, after, size)
        record_view(self.engine, "deadlines_listed", sorted({one.case_id for one in page.deadlines}))
        return pb.ListDeadlinesResponse(
            deadlines=[lists_wire.deadline_to_wire(one, on_day) for one in page.deadlines],
            next_page_token=self._token_after(which, page.deadlines[-1].position) if page.more else "",
            total=page.total,
            overdue=page.overdue,
            today=to_wire(on_day),
        )

    def ListPlanningCases(self, request: pb.ListPlanningCasesRequest, context: Context) -> pb.ListPlanningCasesResponse:
        revision, cases = planning.list_planning_cases(self.engine, self.pseudonyms)
        return lists_wire.planning_to_wire(revision, cases)

    def _page(self, position: list[str], size: int) -> CasesPage:
        return read_cases.list_cases(self.engine, position[0] if position else "", size)

    def _due_page(self, position: list[str], size: int) -> CasesPage:
        after = (date.fromisoformat(position[0]), date.fromisoformat(position[1]), position[2]) if position else None
        return read_cases.list_due_page(self.engine, after, size)

    def _next_token(self, which: str, page: CasesPage) -> str:
        if not page.more:
            return ""
        last, _ = page.cases[-1]
        return self._token_after(which, read_cases.due_position(last) if which == CASES_DUE else (last.case_id,))

    def _token_after(self, which: str, position: Sequence[Any]) -> str:
        return self.tokens.make(which, [str(part) for part in position])
