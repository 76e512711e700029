"""Tables of the placement service. The documents are protobuf messages, kept as they were sent."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

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

consultations = Table(
    "consultations",
    METADATA,
    Column("consultation_id", String(40), primary_key=True),
    Column("etag", String(40), nullable=False),
    Column("case_id", String(40), nullable=False, index=True),
    Column("urn", Integer, nullable=False),
    Column("setting_name", Text, nullable=False, comment="as it was when consulted"),
    Column("sent_on", Date, nullable=False),
    Column("sent_by", String(70), nullable=False),
    Column("reply_due", Date, nullable=False),
    Column("reply_rule", Text, nullable=False, comment="in words, with its source"),
    Column("state", String(10), nullable=False, comment="awaiting, replied or withdrawn"),
    Column("replies", Integer, nullable=False, comment="how many were recorded; the last one counts"),
    Column("changed_by", String(70), nullable=False),
    Column("changed_at_utc", DateTime(timezone=True), nullable=False),
)

Index("ix_consultations_due", consultations.c.reply_due, consultations.c.consultation_id)
_awaiting = text("state = 'awaiting'")
Index(
    "consultations_open_once",
    consultations.c.case_id,
    consultations.c.urn,
    unique=True,
    sqlite_where=_awaiting,
    postgresql_where=_awaiting,
)

consultation_replies = Table(
    "consultation_replies",
    METADATA,
    Column("consultation_id", String(40), ForeignKey("consultations.consultation_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("reply", String(20), nullable=False, comment="can_meet, cannot_meet, full or incompatible"),
    Column("replied_on", Date, nullable=False),
    Column("text", Text, nullable=False, comment="the setting's own words; personal"),
    Column("recorded_by", String(70), nullable=False),
    Column("recorded_at_utc", DateTime(timezone=True), nullable=False),
)
