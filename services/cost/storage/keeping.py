"""What cost holds of a case: run plans that carry it, and distances from the home that those plans tell; and terms."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, or_, select

from inborough.cost.v1 import transport_pb2
from services.cost.storage.tables import (
    revisions,
    routed_pairs,
    run_plans,
    travel_matrix,
    travel_matrix_revisions,
)
from shared.database import change_revision
from shared.keeping.keeper import Erased, Keeper, by_age

YEARS_KEPT = 6
AT_ONCE = 20
Home = tuple[int, int]


def erase(connection: Connection, case_id: str) -> Erased:
    """Remove run plans in which a child rides, whole: runs without one of their children would be other runs.

    Distances from and to its home go too, unless a child of another run plan lives there.
    """
    homes, others, plan_ids = set[Home](), set[Home](), list[str]()
    for run_plan_id, asked, content in _plans(connection):
        theirs = {each.case_id: _home(each) for each in asked.travellers}
        others |= {home for other, home in theirs.items() if home and other != case_id}
        homes |= {home for home in (theirs.get(case_id),) if home}
        if case_id in theirs or case_id.encode() in content:
            plan_ids.append(run_plan_id)
    for run_plan_id in plan_ids:
        connection.execute(delete(run_plans).where(run_plans.c.run_plan_id == run_plan_id))
    distances = sum(_forget_home(connection, home) for home in homes - others)
    if plan_ids or distances:
        change_revision(connection, revisions)
    return Erased({"run plans": len(plan_ids), "distances from home": distances}, plan_ids)


def _plans(connection: Connection) -> Iterator[tuple[str, transport_pb2.PlanRunsRequest, bytes]]:
    every = select(run_plans.c.run_plan_id, run_plans.c.asked, run_plans.c.content)
    for row in connection.execute(every.execution_options(yield_per=AT_ONCE)):
        asked = transport_pb2.PlanRunsRequest.FromString(zlib.decompress(row.asked))
        yield row.run_plan_id, asked, zlib.decompress(row.content)


def _home(traveller: transport_pb2.Traveller) -> Home | None:
    found = traveller.home
    return (found.easting, found.northing) if traveller.HasField("home") else None


def _forget_home(connection: Connection, home: Home) -> int:
    rows = connection.execute(delete(travel_matrix).where(_touches(travel_matrix, home))).rowcount
    if rows:
        change_revision(connection, travel_matrix_revisions)
    return rows + connection.execute(delete(routed_pairs).where(_touches(routed_pairs, home))).rowcount


def _touches(pairs: Table, home: Home) -> ColumnElement[bool]:
    ends = (and_(pairs.c[f"{end}_easting"] == home[0], pairs.c[f"{end}_northing"] == home[1]) for end in ("from", "to"))
    return or_(*ends)


def _prices_changed(connection: Connection) -> None:
    change_revision(connection, revisions)


KEEPER = Keeper(erase, [by_age("run plans", YEARS_KEPT, run_plans, run_plans.c.planned_at_utc, _prices_changed)])
