"""What placement holds of a case, and how long it keeps plans: docs/privacy/retention.md."""

from __future__ import annotations

import zlib

from sqlalchemy import Connection, Table, delete, select, union

from services.placement.storage.facts_without import facts_without
from services.placement.storage.repository import FAST
from services.placement.storage.tables import (
    agenda_items,
    appeal_steps,
    consultation_replies,
    consultations,
    decision_states,
    decisions,
    facts,
    plans,
    recommendations,
    revisions,
)
from shared.database import change_revision
from shared.keeping.keeper import Erased, Keeper, by_age

YEARS_KEPT = 6


def erase(connection: Connection, case_id: str) -> Erased:
    """Remove what was ranked, decided, asked and answered about a case.

    Plans that place it go whole, since a plan without one of its children proves nothing. What was gathered for others'
    recommendations stays, without this child.
    """
    decision_ids = _of_case(connection, decisions, "decision_id", case_id)
    consultation_ids = _of_case(connection, consultations, "consultation_id", case_id)
    recommendation_ids = _of_case(connection, recommendations, "recommendation_id", case_id)
    rows = {
        "appeal steps": _remove(connection, appeal_steps, "decision_id", decision_ids),
        "states of decisions": _remove(connection, decision_states, "decision_id", decision_ids),
        "decisions": _remove(connection, decisions, "decision_id", decision_ids),
        "consultation replies": _remove(connection, consultation_replies, "consultation_id", consultation_ids),
        "consultations": _remove(connection, consultations, "consultation_id", consultation_ids),
        "agenda items": _remove(connection, agenda_items, "case_id", [case_id]),
        "recommendations": _remove(connection, recommendations, "recommendation_id", recommendation_ids),
        "plans": _remove(connection, plans, "plan_id", _plans_with(connection, case_id)),
    }
    rows["gathered facts"] = forget_unneeded_facts(connection) + _clear_facts(connection, case_id)
    if decision_ids:
        change_revision(connection, revisions)
    return Erased(rows, [*decision_ids, *consultation_ids, *recommendation_ids])


def _of_case(connection: Connection, table: Table, key: str, case_id: str) -> list[str]:
    return list(connection.scalars(select(table.c[key]).where(table.c.case_id == case_id)))


def _remove(connection: Connection, table: Table, key: str, ids: list[str]) -> int:
    return sum(connection.execute(delete(table).where(table.c[key] == each)).rowcount for each in ids)


def _plans_with(connection: Connection, case_id: str) -> list[str]:
    every = select(plans.c.plan_id, plans.c.content).execution_options(yield_per=20)
    return [row.plan_id for row in connection.execute(every) if case_id.encode() in zlib.decompress(row.content)]


def forget_unneeded_facts(connection: Connection) -> int:
    """Remove facts of which neither a recommendation nor a plan was made that is still kept; how many."""
    needed = union(select(recommendations.c.facts_hash), select(plans.c.facts_hash))
    return connection.execute(delete(facts).where(facts.c.facts_hash.not_in(needed))).rowcount


def _clear_facts(connection: Connection, case_id: str) -> int:
    """Take a child out of the facts that stay; how many had it. They stay under the hash of what they were."""
    cleared = 0
    every = select(facts.c.facts_hash, facts.c.content).execution_options(yield_per=20)
    having = [
        (row.facts_hash, row.content)
        for row in connection.execute(every)
        if case_id.encode() in zlib.decompress(row.content)
    ]
    for facts_hash, packed in having:
        content = zlib.decompress(packed)
        without = facts_without(content, case_id)
        if without != content:
            here = facts.c.facts_hash == facts_hash
            connection.execute(facts.update().where(here).values(content=zlib.compress(without, FAST)))
            cleared += 1
    return cleared


KEEPER = Keeper(erase, [by_age("plans", YEARS_KEPT, plans, plans.c.proposed_at_utc, forget_unneeded_facts)])
