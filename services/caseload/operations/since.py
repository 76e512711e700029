"""Bulk readings: nothing when the caller's revision is current, else all rows, or only what changed since it.

Changes are told to who asks for `changes_only`, where the revision is remembered. Whoever holds an answer puts them in
their place and has what a whole reading would have given, row for row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine

from services.caseload.storage import bulk, repository
from services.caseload.storage.since import Moment, RememberedMoments, list_changed
from services.caseload.storage.tables import revisions
from shared.database import look_up_revision, reading, revisions_of

_REVISION = revisions_of(revisions)
Read = Callable[[Connection, Moment, Sequence[str] | None], Sequence[Any]]
"""Rows at a moment, of some cases or (None) of all."""


@dataclass(frozen=True)
class Since:
    """What a caller lacks. `rows` None: nothing. `changed_ids` None: the rows are all; else those of these cases."""

    revision: str
    rows: Sequence[Any] | None
    changed_ids: Sequence[str] | None = None


def list_cases_due(
    engine: Engine, remembered: RememberedMoments, first_day: date, known_revision: str, *, changes_only: bool
) -> Since:
    """Cases due for a first day, by id."""

    def read(connection: Connection, _: Moment, case_ids: Sequence[str] | None) -> Sequence[Any]:
        if case_ids is None:
            return repository.list_cases_due(connection, first_day)
        return repository.list_due_among(connection, first_day, case_ids)

    return _since(engine, remembered, known_revision, changes_only, read)


def list_open_cases(engine: Engine, remembered: RememberedMoments, known_revision: str, *, changes_only: bool) -> Since:
    """Cases whose plan has not ceased, by id."""

    def read(connection: Connection, _: Moment, case_ids: Sequence[str] | None) -> Sequence[Any]:
        if case_ids is None:
            return repository.list_open_cases(connection)
        return repository.list_open_among(connection, case_ids)

    return _since(engine, remembered, known_revision, changes_only, read)


def list_placements(engine: Engine, remembered: RememberedMoments, known_revision: str, *, changes_only: bool) -> Since:
    """Rows of `bulk.list_placements` as on the day of the return."""

    def read(connection: Connection, now: Moment, case_ids: Sequence[str] | None) -> Sequence[Any]:
        return bulk.list_placements(connection, now.as_of_day, case_ids)

    return _since(engine, remembered, known_revision, changes_only, read)


def _since(engine: Engine, remembered: RememberedMoments, known_revision: str, changes_only: bool, read: Read) -> Since:
    before = remembered.find(known_revision) if changes_only else None
    to_remember = changes_only and before is None  # the next change is told of only from a moment that is remembered
    if known_revision and not to_remember and look_up_revision(engine, _REVISION) == known_revision:
        return Since(known_revision, None)
    with reading(engine) as connection:
        now = remembered.now(connection)
        if known_revision and now.revision == known_revision:
            return Since(known_revision, None)
        changed = list_changed(connection, before, now)
        return Since(now.revision, read(connection, now, changed), changed)
