"""What caseload holds of a case, and until when: docs/privacy/retention.md."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, or_, select

from services.caseload.domain.case import LastChange
from services.caseload.storage import changes
from services.caseload.storage.tables import (
    case_references,
    cases,
    decisions_due,
    kept_apart,
    named_placements,
    preferences,
    revisions,
    settled_decisions,
    travel_needs,
)
from shared.database import change_revision
from shared.keeping.keeper import Erased, Keeper, years_before

YEARS_KEPT = 31
"""After the end of the school year of birth."""
MOST_CASES = 500
HOLDINGS = {
    "digests": case_references,
    "preferences": preferences,
    "decisions due": decisions_due,
    "placements named": named_placements,
    "travel needs": travel_needs,
    "decisions settled": settled_decisions,
}


def erase(connection: Connection, case_id: str) -> Erased:
    """Remove a case and all that hangs on it, and let others see that the caseload changed.

    Those whom it was kept apart from change with it.
    """
    changes.hold_other_imports(connection)
    apart = or_(kept_apart.c.case_id == case_id, kept_apart.c.other_case_id == case_id)
    others = {other for pair in connection.execute(select(kept_apart).where(apart)) for other in pair} - {case_id}
    rows = {"words on whom it is kept apart from": connection.execute(kept_apart.delete().where(apart)).rowcount}
    for what, table in HOLDINGS.items():
        rows[what] = connection.execute(table.delete().where(table.c.case_id == case_id)).rowcount
    rows["cases"] = connection.execute(cases.delete().where(cases.c.case_id == case_id)).rowcount
    if any(rows.values()):
        etag = change_revision(connection, revisions)
        changes.give_etag(connection, sorted(others), etag, LastChange.TRAVEL_NEEDS)
    return Erased(rows)


def list_past_term(connection: Connection, day: date) -> list[str]:
    """Cases whose term has ended before a day: 31 years after the 31 August that ends the school year of birth."""
    earliest = years_before(day, YEARS_KEPT)
    # Born by August of a year, that August ends the school year; born later, the next one does.
    newest_ended = earliest.year if (earliest.month, earliest.day) > (8, 31) else earliest.year - 1
    ended = or_(cases.c.birth_year < newest_ended, (cases.c.birth_year == newest_ended) & (cases.c.birth_month <= 8))
    return list(connection.scalars(select(cases.c.case_id).where(ended).order_by(cases.c.case_id).limit(MOST_CASES)))


KEEPER = Keeper(erase, comes_late=False, cases_past_term=list_past_term)
