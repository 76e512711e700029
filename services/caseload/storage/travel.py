"""What children need to travel, as their rows of travel needs say: as many statements, however many children."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, or_, select

from services.caseload.domain.case import TravelNeeds
from services.caseload.storage.tables import kept_apart, travel_needs
from shared.inserting import insert_rows

NOTHING_STATED = (False, False, False)


def list_travel_needs(
    connection: Connection, case_ids: Sequence[str] | Select[Any] | None = None
) -> dict[str, TravelNeeds]:
    """Travel needs of these cases (None: of all) as rows state them, by case id.

    Two children are kept apart whichever of their rows says so; a case whom only another's row names has no other need.
    """
    stated, apart = select(travel_needs), select(kept_apart)
    if case_ids is not None:
        stated = stated.where(travel_needs.c.case_id.in_(case_ids))
        either = (kept_apart.c.case_id.in_(case_ids), kept_apart.c.other_case_id.in_(case_ids))
        apart = apart.where(or_(*either))
    others: dict[str, set[str]] = defaultdict(set)
    for one, other in connection.execute(apart):
        others[one].add(other)
        others[other].add(one)
    rows = {row[0]: (row[1], row[2], row[3]) for row in connection.execute(stated)}
    return {
        case_id: TravelNeeds(*rows.get(case_id, NOTHING_STATED), tuple(sorted(others.get(case_id, ()))))
        for case_id in rows.keys() | others.keys()
    }


def list_stated(connection: Connection) -> dict[str, TravelNeeds]:
    """What each child's own row says, by case id: of the children kept apart only those that it names."""
    others: dict[str, list[str]] = defaultdict(list)
    for one, other in connection.execute(select(kept_apart).order_by(*kept_apart.primary_key)):
        others[one].append(other)
    return {
        row[0]: TravelNeeds(row[1], row[2], row[3], tuple(others.get(row[0], ())))
        for row in connection.execute(select(travel_needs))
    }


def replace_travel_needs(connection: Connection, stated: Mapping[str, TravelNeeds]) -> None:
    """Make this all that the rows of these cases say."""
    if not stated:
        return
    gone = [{"gone": case_id} for case_id in stated]
    for table in (kept_apart, travel_needs):
        connection.execute(delete(table).where(table.c.case_id == bindparam("gone")), gone)
    rows = [(k, one.wheelchair, one.passenger_assistant, one.solo) for k, one in stated.items()]
    insert_rows(connection, travel_needs, ("case_id", "wheelchair", "passenger_assistant", "solo"), rows)
    pairs = [(case_id, other) for case_id, one in stated.items() for other in one.apart_from]
    insert_rows(connection, kept_apart, ("case_id", "other_case_id"), pairs)
