"""Tables of the placement service. The documents are protobuf messages, kept as they were sent."""

from __future__ import annotations

from sqlalchemy import Column, Date, DateTime, ForeignKey, Index, LargeBinary, MetaData, String, Table

from shared.event_log import tables as event_log

METADATA = MetaData()
event_log.add_to(METADATA)

facts = Table(
    "facts",
    METADATA,
    Column("facts_hash", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False, comment="GatheredFacts, compressed"),
)

recommendations = Table(
    "recommendations",
    METADATA,
    Column("recommendation_id", String(40), primary_key=True),
    Column("case_id", String(40), nullable=False, index=True),
    Column("first_day", Date, nullable=False),
    Column("facts_hash", String(64), ForeignKey("facts.facts_hash"), nullable=False),
    Column("given_at_utc", DateTime(timezone=True), nullable=False),
    Column("content", LargeBinary, nullable=False, comment="Recommendation"),
)

plans = Table(
    "plans",
    METADATA,
    Column("plan_id", String(40), primary_key=True),
    Column("first_day", Date, nullable=False),
    Column("policy", String(80), nullable=False),
    Column("facts_hash", String(64), ForeignKey("facts.facts_hash"), nullable=False),
    Column("proposed_at_utc", DateTime(timezone=True), nullable=False),
    Column("summary", LargeBinary, nullable=False, comment="PlacementPlan without assignment, cases and prices"),
    Column("content", LargeBinary, nullable=False, comment="PlacementPlan, compressed"),
    Column("problem", LargeBinary, nullable=False, comment="the problem solved, as compressed columns"),
)

Index("ix_plans_proposed", plans.c.proposed_at_utc, plans.c.plan_id)
