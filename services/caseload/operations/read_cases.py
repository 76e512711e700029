"""Readings of cases, one by one, by the page or all at once: of one snapshot each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine

from services.caseload.domain.ages import next_first_day
from services.caseload.domain.case import Case
from services.caseload.storage import bulk, repository
from services.caseload.storage.repository import LAST_DAY_OF_ALL, DuePosition
from services.caseload.storage.tables import revisions
from shared.clock import today
from shared.database import current_revision, reading
from shared.errors import NotFound


@dataclass(frozen=True)
class CasesPage:
    """A page of cases with the day that each is shown for; `more` says whether another page follows."""

    cases: Sequence[tuple[Case, date]]
    more: bool
    total: int


def get_case(engine: Engine, case_id: str, on_day: date | None) -> tuple[Case, date]:
    """A case with the day that it is shown for. Raises NotFound."""
    with reading(engine) as connection:
        case = repository.find_case(connection, case_id)
        if case is None:
            raise NotFound("case", case_id, "See `inborough cases`.")
        return case, on_day or _usual_day(case, _next_year(connection))


def list_cases(engine: Engine, after: str, limit: int) -> CasesPage:
    """Cases whose id comes after `after`, by id."""
    with reading(engine) as connection:
        found = repository.list_cases(connection, after, limit + 1)
        return _page(connection, found, limit, only_due=False)


def list_due_page(engine: Engine, after: DuePosition | None, limit: int) -> CasesPage:
    """Cases with a decision due, by first day, deadline and id."""
    with reading(engine) as connection:
        found = repository.list_due_page(connection, after, limit + 1)
        return _page(connection, found, limit, only_due=True)


def due_position(case: Case) -> DuePosition:
    """Where a case with a decision due stands in the order of `list_due_page`."""
    decision = case.decision
    if decision is None:
        return LAST_DAY_OF_ALL, LAST_DAY_OF_ALL, case.case_id
    return decision.first_day, decision.deadline or LAST_DAY_OF_ALL, case.case_id


def list_plan_history(engine: Engine) -> tuple[str, date, Sequence[Any]]:
    """The revision, the day that history is known up to, and rows of `bulk.list_plan_history`."""
    with reading(engine) as connection:
        as_of = repository.find_return_day(connection) or today()
        return current_revision(connection, revisions), as_of, bulk.list_plan_history(connection)


def list_first_days(engine: Engine) -> list[tuple[date, int]]:
    """First days with how many decisions are due, by day."""
    with reading(engine) as connection:
        return repository.list_first_days(connection)


def _page(connection: Connection, found: Sequence[Case], limit: int, *, only_due: bool) -> CasesPage:
    next_year = _next_year(connection)
    shown = [(case, _usual_day(case, next_year)) for case in found[:limit]]
    return CasesPage(shown, len(found) > limit, repository.count_cases(connection, only_due=only_due))


def _usual_day(case: Case, next_year: date) -> date:
    """The first day of the decision due, else of the academic year after the stored return."""
    return case.decision.first_day if case.decision else next_year


def _next_year(connection: Connection) -> date:
    return next_first_day(repository.find_return_day(connection) or today())
