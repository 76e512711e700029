"""Cases: a line, a table and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table

from inborough.caseload.v1 import caseload_pb2
from services import words
from services.cli import terminal
from services.cli.pages.paging import more
from services.cli.typed import typed

STAGES = {
    caseload_pb2.CASE_STAGE_ASSESSMENT: "assessment",
    caseload_pb2.CASE_STAGE_OPEN_PLAN: "open_plan",
    caseload_pb2.CASE_STAGE_CEASED: "ceased",
}
LEGAL_CLASSES = {
    caseload_pb2.LEGAL_CLASS_S38_3: "s38_3",
    caseload_pb2.LEGAL_CLASS_WHOLLY_INDEPENDENT: "wholly_independent",
}


def case_table(cases: Sequence[caseload_pb2.Case]) -> Table:
    """One row a case."""
    columns = ("Case", "Needs", "Year", "Why due", "First day", "Decide by")
    return terminal.table(columns, [_row(case) for case in cases], whole=("Case", "Year", "First day", "Decide by"))


def _row(case: caseload_pb2.Case) -> tuple[str, ...]:
    year = words.year_span(case.year_group, case.year_group)
    needs = " ".join(need.code for need in case.needs)
    if not case.HasField("decision_due"):
        return case.case_id, needs, year, "not due", "", ""
    due = case.decision_due
    deadline = words.short_day(due.deadline) if due.HasField("deadline") else ""
    return case.case_id, needs, year, words.DUE_REASONS.get(due.reason, ""), words.short_day(due.first_day), deadline


def case_json(case: caseload_pb2.Case) -> dict[str, Any]:
    """The facts of a case that a script needs to choose among cases."""
    due = case.decision_due if case.HasField("decision_due") else None
    return {
        "case_id": case.case_id,
        "stage": STAGES.get(case.stage, "unknown"),
        "needs": [need.code for need in case.needs],
        "year_group": case.year_group,
        "on_day": words.iso(case.on_day) if case.HasField("on_day") else None,
        "preferences": [
            {"urn": asked.urn, "rank": asked.rank, "legal_class": LEGAL_CLASSES.get(asked.legal_class, "unknown")}
            for asked in case.preferences
        ],
        "decision_due": due and _due_json(due),
    }


def _due_json(due: caseload_pb2.DecisionDue) -> dict[str, Any]:
    return {
        "reason": caseload_pb2.DueReason.Name(due.reason).removeprefix("DUE_REASON_").casefold(),
        "first_day": words.iso(due.first_day),
        "deadline": words.iso(due.deadline) if due.HasField("deadline") else None,
        "advised_kinds": list(due.advised_kinds),
    }


def cases_page(page: caseload_pb2.ListCasesResponse, only_due: bool) -> Iterator[RenderableType]:
    """A page of cases, how many there are in all, and how to see more."""
    if page.total == 0:
        yield "No decisions are due." if only_due else "There are no cases yet."
        yield f"Bring them with `{typed('import sen2')}`, then `{typed('import due')}`."
        return
    yield case_table(page.cases)
    of_what = (
        words.counted(page.total, "decision due", "decisions due") if only_due else words.counted(page.total, "case")
    )
    yield f"\n{len(page.cases):,} of {of_what}."
    yield from more(page.next_page_token)
    yield f"Next: {typed('recommend CASE_ID')}"


def cases_json(page: caseload_pb2.ListCasesResponse) -> dict[str, Any]:
    """A page of cases."""
    return {
        "cases": [case_json(case) for case in page.cases],
        "total": page.total,
        "next_page_token": page.next_page_token,
    }
