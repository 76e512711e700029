"""What changed in the caseload since a revision, by the etags of cases: a case that changed has one that is new.

A process remembers which etags there were at the last few revisions that it answered with. Nothing more is needed: a
change gives each case that it touches the etag of that change. Of an erased case nothing is left to tell of, so after
an erasure nobody is told of changes, but of everything.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from services.caseload.storage.repository import find_return_day
from services.caseload.storage.tables import METADATA, cases, revisions
from shared.clock import today
from shared.database import current_revision

REVISIONS_REMEMBERED = 8
MOST_CHANGED = 500
_erased_cases = METADATA.tables["erased_cases"]


@dataclass(frozen=True)
class Moment:
    """The caseload at a revision: the etags of its cases, the day it is of, and when a case was last erased."""

    revision: str
    as_of_day: date
    last_erased: datetime | Any
    etags: frozenset[str]


class RememberedMoments:
    """The last few moments that a process answered of. Safe to use from several threads."""

    def __init__(self) -> None:
        self._moments: OrderedDict[str, Moment] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, revision: str) -> Moment | None:
        """The moment of a revision, if it is remembered."""
        with self._lock:
            if revision in self._moments:
                self._moments.move_to_end(revision)
            return self._moments.get(revision)

    def now(self, connection: Connection) -> Moment:
        """The moment as it stands, remembered from now on."""
        revision = current_revision(connection, revisions)
        moment = self.find(revision)
        if moment is None:
            moment = _look(connection, revision)
            with self._lock:
                self._moments[revision] = moment
                while len(self._moments) > REVISIONS_REMEMBERED:
                    self._moments.popitem(last=False)
        return moment


def list_changed(connection: Connection, before: Moment | None, now: Moment) -> list[str] | None:
    """Ids of the cases that changed between two moments, ordered; None where all may have: more than 500, an erasure.

    `before` None: the moment is not remembered.
    """
    if before is None or (before.as_of_day, before.last_erased) != (now.as_of_day, now.last_erased):
        return None
    new = now.etags - before.etags
    if len(new) > MOST_CHANGED:
        return None
    found = list(connection.scalars(_with_etags(new).limit(MOST_CHANGED + 1))) if new else []
    return found if len(found) <= MOST_CHANGED else None


def _with_etags(etags: Collection[str]) -> Any:
    return select(cases.c.case_id).where(cases.c.etag.in_(sorted(etags))).order_by(cases.c.case_id)


def _look(connection: Connection, revision: str) -> Moment:
    as_of_day = find_return_day(connection) or today()
    last_erased = connection.scalar(select(func.max(_erased_cases.c.erased_at_utc)))
    etags = connection.scalars(select(cases.c.etag).distinct())
    return Moment(revision, as_of_day, last_erased, frozenset(etags))
