"""The product's own file of decisions due, with the advice, travel needs and evidence that the panel has on file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from services.caseload.domain.ages import year_group
from services.caseload.domain.case import ADVISED_KINDS, CaseFacts, CaseStage, DecisionDue, DueReason, ExclusionRisk
from services.caseload.domain.clocks import deadline
from services.caseload.imports.own import ChildRow, ChildRows
from shared.imports.report import RowProblem
from shared.imports.rows import Day, YesNo, list_of, one_of

FARTHEST = timedelta(days=3 * 365 + 1)
BANDS = ("A", "B", "C", "D", "E")


def _kind(word: str) -> str:
    kind = word.casefold()
    if kind not in ADVISED_KINDS:
        raise ValueError(f"not a kind of place; any of {', '.join(ADVISED_KINDS)}, separated by semicolons")
    return kind


class DueRow(ChildRow):
    """A decision that is due. The row of a child replaces the decision that was on file."""

    reason: Annotated[str, one_of(*DueReason)] = Field(
        description=f"Why it is due: {', '.join(DueReason)}. A child without a row keeps what is on file."
    )
    first_day: Day = Field(description="First day of the placement to be decided.")
    deadline: Day | None = Field(
        None, description="Day by which it is wanted. Empty: worked out for new plans and phase transfers."
    )
    advised_kinds: Annotated[tuple[str, ...], list_of(_kind)] = Field(
        (), description=f"Kinds of place advised, separated by semicolons: {', '.join(ADVISED_KINDS)}."
    )
    top_up_band: Annotated[str, one_of(*BANDS)] = Field("", description="Top-up band of the plan, A to E.")
    wheelchair: YesNo = Field(False, description="yes: travels in a wheelchair.")
    passenger_assistant: YesNo = Field(False, description="yes: needs a passenger assistant.")
    solo_travel: YesNo = Field(False, description="yes: cannot share a vehicle.")
    exclusion_risk: Annotated[str, one_of(*(risk for risk in ExclusionRisk if risk))] = Field(
        "", description=f"How close to exclusion: {', '.join(risk for risk in ExclusionRisk if risk)}."
    )
    review_says_mainstream_cannot: YesNo | None = Field(
        None, description="yes: an annual review says that mainstream cannot ordinarily meet the need."
    )
    review_date: Day | None = Field(None, description="Day of that review.")


def read_decisions(
    read: ChildRows[DueRow], facts: Mapping[str, CaseFacts]
) -> tuple[Mapping[str, DecisionDue], list[RowProblem]]:
    """The decision due of each case; a second one of a case, and one of a ceased plan, are problems."""
    found: dict[str, DecisionDue] = {}
    rows: dict[str, int] = {}
    problems: list[RowProblem] = []
    for number, case_id, row in read.rows:
        first = rows.setdefault(case_id, number)
        if first != number:
            why = f"the child has a decision due already in row {first}; keep one"
            problems.append(read.problem(number, "case_id" if row.case_id else "upn", row.case_id or row.upn, why))
        elif facts[case_id].stage is CaseStage.CEASED:
            why = "the child's plan has ceased, so no placement is decided; remove the row"
            problems.append(read.problem(number, "reason", row.reason, why))
        else:
            found[case_id] = _decision(row, facts[case_id])
    return found, problems


def odd_decision_days(row: DueRow, known_on: date) -> Iterator[tuple[str, date, str]]:
    """Column, day and reason of what somebody should look at. `known_on`: the day of the return, else today."""
    if row.deadline and row.deadline > row.first_day:
        yield "deadline", row.deadline, f"after the first day, {row.first_day}; check both"
    if abs(row.first_day - known_on) > FARTHEST:
        yield "first_day", row.first_day, f"more than three years from {known_on}; check the year"


def _decision(row: DueRow, facts: CaseFacts) -> DecisionDue:
    reason, group = DueReason(row.reason), year_group(facts.reception_year, row.first_day)
    return DecisionDue(
        reason=reason,
        first_day=row.first_day,
        deadline=row.deadline or deadline(reason, row.first_day, group, facts.request_received),
        advised_kinds=row.advised_kinds,
        top_up_band=row.top_up_band,
        wheelchair=row.wheelchair,
        passenger_assistant=row.passenger_assistant,
        solo_travel=row.solo_travel,
        exclusion_risk=ExclusionRisk(row.exclusion_risk),
        review_says_mainstream_cannot=row.review_says_mainstream_cannot,
        review_date=row.review_date,
    )
