"""Keep and find facts, recommendations and plans. Nothing here is ever changed once written."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select, tuple_

from services.placement.storage.tables import facts, plans, recommendations
from shared.database import insert_or_ignore

FAST = 1  # compression level: facts are large and written while somebody waits


@dataclass(frozen=True)
class StoredPlan:
    """A plan as kept: its summary and whole message, and the problem's columns, all serialised."""

    plan_id: str
    first_day: date
    policy: str
    facts_hash: str
    proposed_at: datetime
    summary: bytes
    content: bytes
    problem: bytes


@dataclass(frozen=True)
class StoredRecommendation:
    """A recommendation as kept, its message serialised."""

    recommendation_id: str
    case_id: str
    first_day: date
    facts_hash: str
    given_at_utc: datetime
    content: bytes
    case_etag: str = ""


def keep_facts(connection: Connection, facts_hash: str, content: bytes) -> None:
    """Keep facts under their hash, once."""
    if not has_facts(connection, facts_hash):
        row = {"facts_hash": facts_hash, "content": zlib.compress(content, FAST)}
        connection.execute(insert_or_ignore(connection, facts), row)


def has_facts(connection: Connection, facts_hash: str) -> bool:
    """Whether facts of that hash are kept."""
    return connection.execute(select(facts.c.facts_hash).where(facts.c.facts_hash == facts_hash)).first() is not None


def find_facts(connection: Connection, facts_hash: str) -> bytes | None:
    """The serialised GatheredFacts of that hash, or None."""
    found = connection.execute(select(facts.c.content).where(facts.c.facts_hash == facts_hash)).scalar_one_or_none()
    return None if found is None else zlib.decompress(found)


def keep_recommendation(connection: Connection, recommendation: StoredRecommendation) -> None:
    """Keep a recommendation; the same one given again is kept once. Raises IntegrityError before its facts are kept."""
    connection.execute(insert_or_ignore(connection, recommendations), vars(recommendation))


def find_recommendation(connection: Connection, recommendation_id: str) -> bytes | None:
    """The serialised Recommendation, or None."""
    column = recommendations.c.content
    wanted = recommendations.c.recommendation_id == recommendation_id
    return connection.execute(select(column).where(wanted)).scalar_one_or_none()


def find_recommendation_and_etag(connection: Connection, recommendation_id: str) -> tuple[bytes, str] | None:
    """The serialised Recommendation and the etag that its case had when it was given, or None."""
    query = select(recommendations.c.content, recommendations.c.case_etag)
    row = connection.execute(query.where(recommendations.c.recommendation_id == recommendation_id)).first()
    return (row.content, row.case_etag) if row else None


def keep_plan(connection: Connection, plan: StoredPlan) -> None:
    """Keep a plan; the same one proposed again is kept once."""
    row = {
        "plan_id": plan.plan_id,
        "first_day": plan.first_day,
        "policy": plan.policy,
        "facts_hash": plan.facts_hash,
        "proposed_at_utc": plan.proposed_at,
        "summary": plan.summary,
        "content": zlib.compress(plan.content, FAST),
        "problem": plan.problem,
    }
    connection.execute(insert_or_ignore(connection, plans), row)


def find_plan(connection: Connection, plan_id: str) -> bytes | None:
    """The serialised PlacementPlan, or None."""
    found = connection.execute(select(plans.c.content).where(plans.c.plan_id == plan_id)).scalar_one_or_none()
    return None if found is None else zlib.decompress(found)


def find_problem(connection: Connection, plan_id: str) -> bytes | None:
    """The columns of the problem that a plan solved, or None."""
    return connection.execute(select(plans.c.problem).where(plans.c.plan_id == plan_id)).scalar_one_or_none()


def list_plans(connection: Connection, most: int, after: str) -> list[tuple[str, bytes]]:
    """At most `most` (plan id, serialised summary), newest first, after the plan `after` ("" for the newest)."""
    query = select(plans.c.plan_id, plans.c.summary)
    if after:
        mark = select(plans.c.proposed_at_utc, plans.c.plan_id).where(plans.c.plan_id == after)
        last = connection.execute(mark).first()
        if last is None:
            return []
        query = query.where(tuple_(plans.c.proposed_at_utc, plans.c.plan_id) < (last.proposed_at_utc, last.plan_id))
    query = query.order_by(plans.c.proposed_at_utc.desc(), plans.c.plan_id.desc()).limit(most)
    return [(row.plan_id, row.summary) for row in connection.execute(query)]
