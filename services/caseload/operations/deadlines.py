"""ListDeadlines: statutory deadlines of cases in hand by urgency, and how many there are of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from services.caseload.domain.deadlines import Clock, Deadline, Urgency, deadlines_of, urgency
from services.caseload.storage import bulk, repository
from shared.database import reading
from shared.errors import NotFound

Position = tuple[date, str, str]
"""Day, case id and clock: where a deadline stands in the order."""


@dataclass(frozen=True)
class DeadlinesPage:
    """A page of deadlines; counts are of all pages."""

    deadlines: Sequence[Deadline]
    more: bool
    total: int
    overdue: int


def list_deadlines(
    engine: Engine, today: date, due_by: date | None, case_id: str, after: Position | None, limit: int
) -> DeadlinesPage:
    """Deadlines that come after a position. Raises NotFound for a case id of no case."""
    found = [one for one in _all(engine, case_id) if due_by is None or one.due_on <= due_by]
    found.sort(key=lambda one: one.position)
    following = found if after is None else [one for one in found if one.position > after]
    overdue = sum(one.due_on < today for one in found)
    return DeadlinesPage(following[:limit], len(following) > limit, len(found), overdue)


def count_deadlines(engine: Engine, today: date) -> dict[tuple[Clock, Urgency], int]:
    """How many deadlines there are by clock and urgency; every pair is there."""
    counted = Counter((one.clock, urgency(one.due_on, today)) for one in _all(engine, ""))
    return {(clock, how_soon): counted[clock, how_soon] for clock in Clock for how_soon in Urgency}


def _all(engine: Engine, case_id: str) -> list[Deadline]:
    with reading(engine) as connection:
        if case_id and repository.find_case(connection, case_id) is None:
            raise NotFound("case", case_id, "See `inborough cases`.")
        return [one for case in bulk.list_in_hand(connection, case_id) for one in deadlines_of(case)]
