"""ListDeadlines: statutory deadlines of cases in hand by urgency, and how many there are of each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine

from services.caseload.domain.deadlines import Clock, Deadline, Urgency, deadlines_of, urgency
from services.caseload.storage import bulk, repository
from services.caseload.storage.tables import revisions
from shared.database import current_revision, reading
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


class DeadlineShelf:
    """Every deadline by urgency, kept for as long as no case changes: days do not change which there are.

    Safe to share between threads.
    """

    def __init__(self) -> None:
        self._kept: tuple[str, Sequence[Deadline]] | None = None

    def all(self, connection: Connection) -> Sequence[Deadline]:
        """Every deadline as cases stand in this snapshot, the most urgent first."""
        revision, kept = current_revision(connection, revisions), self._kept
        if kept is None or kept[0] != revision:
            kept = revision, _by_urgency(connection)
            self._kept = kept
        return kept[1]


def _by_urgency(connection: Connection) -> Sequence[Deadline]:
    found = (one for case in bulk.list_in_hand(connection) for one in deadlines_of(case))
    return sorted(found, key=lambda one: one.position)


def list_deadlines(
    engine: Engine,
    shelf: DeadlineShelf,
    today: date,
    due_by: date | None,
    case_id: str,
    after: Position | None,
    limit: int,
) -> DeadlinesPage:
    """Deadlines due by a day (None: all), of a case ("": all), after a position. Raises NotFound for no such case."""
    with reading(engine) as connection:
        if case_id and repository.find_case(connection, case_id) is None:
            raise NotFound("case", case_id, "See `inborough cases`.")
        found = shelf.all(connection)
    if case_id:
        found = [one for one in found if one.case_id == case_id]
    if due_by:
        found = found[: bisect_right(found, due_by, key=lambda one: one.due_on)]
    begin = bisect_right(found, after, key=lambda one: one.position) if after else 0
    overdue = bisect_left(found, today, key=lambda one: one.due_on)
    return DeadlinesPage(found[begin : begin + limit], len(found) > begin + limit, len(found), overdue)


def count_deadlines(engine: Engine, today: date) -> dict[tuple[Clock, Urgency], int]:
    """How many deadlines there are by clock and urgency; every pair is there."""
    with reading(engine) as connection:
        counted = Counter((one.clock, urgency(one.due_on, today)) for one in _by_urgency(connection))
    return {(clock, how_soon): counted[clock, how_soon] for clock in Clock for how_soon in Urgency}
