"""What a start shows: the recommended options of the first cases due, and the plan's headline."""

from __future__ import annotations

from inborough.caseload.v1 import caseload_pb2
from inborough.placement.v1 import placement_pb2
from services.cli import terminal
from services.cli.calls import PLAN_SECONDS, Services, ask
from services.cli.pages.plan_page import plan_headline
from services.cli.pages.recommendation_page import ADVICE, recommendation_summary
from services.cli.typed import typed

CASES_SHOWN = 3
OPTIONS_SHOWN = 3


def show_first_look() -> None:
    """Show it, or say how to bring files when there are no decisions due."""
    with Services() as services:
        request = caseload_pb2.ListCasesRequest(only_due=True, page_size=CASES_SHOWN)
        due = ask(services.caseload.ListCases, request, "Reading decisions due")
        if not due.cases:
            terminal.show(f"\nNo decisions are due yet. Bring your files with `{typed('import --help')}`.")
            return
        for case in due.cases:
            _show_case(services, case)
        asked = placement_pb2.ProposePlanRequest()
        plan = ask(services.placement.ProposePlan, asked, "Planning all decisions due", PLAN_SECONDS).plan
        terminal.show(*plan_headline(plan), f"\n{ADVICE}")


def _show_case(services: Services, case: caseload_pb2.Case) -> None:
    request = placement_pb2.RecommendOptionsRequest(case_id=case.case_id, top=OPTIONS_SHOWN)
    answer = ask(services.placement.RecommendOptions, request, "Ranking places", PLAN_SECONDS)
    terminal.show(*recommendation_summary(answer.recommendation, case, OPTIONS_SHOWN))
