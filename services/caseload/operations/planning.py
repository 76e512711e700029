"""ListPlanningCases: the caseload for planners, without a person in it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from services.caseload.domain.ages import academic_year
from services.caseload.domain.planning import PLANNING_LABEL, age_band, placement_word, pseudonym_of, square_of
from services.caseload.domain.pseudonyms import Pseudonyms
from services.caseload.storage import bulk, repository
from services.caseload.storage.rows import read_needs
from services.caseload.storage.tables import revisions
from shared.clock import today
from shared.database import current_revision, reading


@dataclass(frozen=True)
class PlanningCase:
    """A case as a planner may see it; ordered by pseudonym, which says nothing of the order of case ids."""

    pseudonym: str
    age_band: str
    primary_need: str
    area: str
    placement: str
    due: bool


def list_planning_cases(engine: Engine, pseudonyms: Pseudonyms) -> tuple[str, list[PlanningCase]]:
    """The revision and every open case, by pseudonym. Ages are of the 31 August before the return, or before today."""
    with reading(engine) as connection:
        revision = current_revision(connection, revisions)
        year = academic_year(repository.find_return_day(connection) or today())
        rows = bulk.list_without_person(connection)
    found = [
        PlanningCase(
            pseudonym=pseudonym_of(pseudonyms.digest(PLANNING_LABEL, case_id)),
            age_band=age_band(reception_year, year),
            primary_need=next((need.code for need in read_needs(needs)), ""),
            area=square_of(easting, northing),
            placement=placement_word(urn, part),
            due=is_due,
        )
        for case_id, reception_year, needs, easting, northing, urn, part, is_due in rows
    ]
    return revision, sorted(found, key=lambda one: one.pseudonym)
