"""Where imported distances and routers' answers are kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, Select, bindparam, delete, insert, select

from services.cost.storage.tables import (
    revisions,
    routed_pairs,
    travel_matrix,
    travel_matrix_revisions,
    travel_methods,
)
from services.cost.transport.travel.known_pairs import KnownPairs, PairRows, code_of, grid_of
from services.cost.transport.travel.matrix import Matrix, MatrixPair, Way
from shared.database import (
    change_revision,
    current_revision,
    insert_or_ignore,
    look_up_revision,
    reading,
    revisions_of,
    writing,
)

AT_ONCE = 10_000
_REVISION = revisions_of(travel_matrix_revisions)
PLACES = ("from_easting", "from_northing", "to_easting", "to_northing")


def list_matrix(connection: Connection) -> dict[Way, MatrixPair]:
    """Every imported pair by its two places."""
    found = (
        MatrixPair((row[0], row[1]), (row[2], row[3]), *row[4:]) for row in connection.execute(select(travel_matrix))
    )
    return {pair.way: pair for pair in found}


def save_matrix(connection: Connection, pairs: Sequence[MatrixPair], replaced: Iterable[Way]) -> None:
    """Write pairs in place of those replaced, and change the revisions of the matrix and of prices."""
    gone = [dict(zip(map("at_{}".format, PLACES), (*start, *end), strict=True)) for start, end in replaced]
    if gone:
        here = (travel_matrix.c[name] == bindparam(f"at_{name}") for name in PLACES)
        connection.execute(delete(travel_matrix).where(*here), gone)
    names = travel_matrix.columns.keys()
    for start in range(0, len(pairs), AT_ONCE):
        some = pairs[start : start + AT_ONCE]
        rows = [dict(zip(names, (*pair.start, *pair.end, *pair[2:]), strict=True)) for pair in some]
        connection.execute(insert(travel_matrix), rows)
    change_revision(connection, travel_matrix_revisions)
    change_revision(connection, revisions)


def note_method(engine: Engine, method: str) -> None:
    """Write down how journeys are found from now on; the revision of prices changes when it was otherwise before."""
    with writing(engine) as connection:
        before = connection.execute(select(travel_methods.c.method)).scalar_one_or_none()
        if before is None:
            connection.execute(insert(travel_methods).values(id=1, method=method))
        elif before != method:
            connection.execute(travel_methods.update().values(method=method))
            change_revision(connection, revisions)


class StoredMatrix:
    """The imported matrix in memory, read again only when an import changed it. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._held: tuple[str, Matrix | None] = ("", None)

    def now(self) -> Matrix | None:
        """The matrix as it stands; None when nothing was imported."""
        held = self._held  # one reading: another thread may put a newer one in its place meanwhile
        if look_up_revision(self._engine, _REVISION) != held[0]:
            with reading(self._engine) as connection:
                revision = current_revision(connection, travel_matrix_revisions)
                held = self._held = (revision, _matrix(connection))
        return held[1]


def _matrix(connection: Connection) -> Matrix:
    c = travel_matrix.c
    places = [c[name] for name in PLACES]
    driving = _rows(connection, select(*places, c.driving_metres, c.driving_minutes, c.as_of_day))
    on_foot = select(*places, c.walking_metres, c.walking_metres, c.as_of_day).where(c.walking_metres.is_not(None))
    return Matrix(KnownPairs(driving), KnownPairs(_rows(connection, on_foot)))


def _rows(connection: Connection, chosen: Select[Any]) -> PairRows:
    """Rows of from easting, from northing, to easting, to northing, metres, minutes and day, as columns."""
    found = [(*row[:6], row[6].toordinal()) for row in connection.execute(chosen)]
    columns = np.array(found, np.int64).reshape(-1, 7).T
    numbers = (column.astype(np.int32) for column in columns[4:])
    return PairRows(code_of(*columns[:2]), code_of(*columns[2:4]), *numbers)


@dataclass(frozen=True)
class RoutedPairs:
    """What one router answered in one mode, kept in the database."""

    engine: Engine
    provider: str
    mode: str

    def load(self) -> PairRows:
        """All that is kept."""
        c = routed_pairs.c
        chosen = select(*(c[name] for name in PLACES), c.metres, c.minutes, c.fetched_day)
        with reading(self.engine) as connection:
            return _rows(connection, chosen.filter_by(provider=self.provider, mode=self.mode))

    def add(self, rows: PairRows) -> None:
        """Keep these; a pair that is there already stays as it is."""
        if rows.start.size:
            with writing(self.engine) as connection:
                connection.execute(insert_or_ignore(connection, routed_pairs), self._to_write(rows))

    def _to_write(self, rows: PairRows) -> list[dict[str, Any]]:
        places = (*grid_of(rows.start), *grid_of(rows.end))
        columns = [column.tolist() for column in (*places, rows.metres, rows.minutes, rows.day)]
        names = (*PLACES, "metres", "minutes")
        return [
            {"provider": self.provider, "mode": self.mode, "fetched_day": date.fromordinal(values[6])}
            | dict(zip(names, values[:6], strict=True))
            for values in zip(*columns, strict=True)
        ]

    def forget_before(self, day: date) -> None:
        """Delete what was said before a day, and change the revision: said anew it may be otherwise."""
        c = routed_pairs.c
        old = delete(routed_pairs).where(c.provider == self.provider, c.mode == self.mode, c.fetched_day < day)
        with writing(self.engine) as connection:
            if connection.execute(old).rowcount:
                change_revision(connection, revisions)
