"""Tables of the placement service. The documents are protobuf messages, kept as they were sent."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
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

from services.placement.storage import scenario_tables
from shared.database import revisions_table
from shared.event_log import tables as event_log
from shared.keeping import tables as keeping
from shared.privacy import COUNTS, FREE_TEXT, NOTHING_PERSONAL, PERSONAL, PSEUDONYM, SPECIAL_CATEGORY, STAFF

METADATA = MetaData()
event_log.add_to(METADATA)
keeping.add_to(METADATA)
scenario_tables.add_to(METADATA)
revisions = revisions_table(METADATA)
"""The token that changes whenever a decision does, and so which cases are left to plan."""

facts = Table(
    "facts",
    METADATA,
    Column("facts_hash", String(64), primary_key=True, info=PSEUDONYM),
    Column("content", LargeBinary, nullable=False, comment="GatheredFacts, compressed", info=SPECIAL_CATEGORY),
    info=NOTHING_PERSONAL,
)

recommendations = Table(
    "recommendations",
    METADATA,
    Column("recommendation_id", String(40), primary_key=True, info=PSEUDONYM),
    Column("case_id", String(40), nullable=False, index=True, info=PSEUDONYM),
    Column("first_day", Date, nullable=False),
    Column("facts_hash", String(64), ForeignKey("facts.facts_hash"), nullable=False, info=PSEUDONYM),
    Column("given_at_utc", DateTime(timezone=True), nullable=False),
    Column("content", LargeBinary, nullable=False, comment="Recommendation", info=SPECIAL_CATEGORY),
    Column("case_etag", String(40), nullable=False, server_default="", info=PSEUDONYM),
    info=PERSONAL,
)

plans = Table(
    "plans",
    METADATA,
    Column("plan_id", String(40), primary_key=True),
    Column("first_day", Date, nullable=False),
    Column("policy", String(80), nullable=False),
    Column("facts_hash", String(64), ForeignKey("facts.facts_hash"), nullable=False),
    Column("proposed_at_utc", DateTime(timezone=True), nullable=False),
    Column(
        "summary",
        LargeBinary,
        nullable=False,
        comment="PlacementPlan without assignment, cases and prices",
        info=COUNTS,
    ),
    Column("content", LargeBinary, nullable=False, comment="PlacementPlan, compressed", info=SPECIAL_CATEGORY),
    Column("problem", LargeBinary, nullable=False, comment="the problem solved, as compressed columns", info=PERSONAL),
    info=NOTHING_PERSONAL,
)

Index("ix_plans_proposed", plans.c.proposed_at_utc, plans.c.plan_id)

consultations = Table(
    "consultations",
    METADATA,
    Column("consultation_id", String(40), primary_key=True, info=PSEUDONYM),
    Column("etag", String(40), nullable=False, info=PSEUDONYM),
    Column("case_id", String(40), nullable=False, index=True, info=PSEUDONYM),
    Column("urn", Integer, nullable=False),
    Column("setting_name", Text, nullable=False, comment="as it was when consulted"),
    Column("sent_on", Date, nullable=False),
    Column("sent_by", String(70), nullable=False, info=STAFF),
    Column("reply_due", Date, nullable=False),
    Column("reply_rule", Text, nullable=False, comment="in words, with its source"),
    Column("state", String(10), nullable=False, comment="awaiting, replied or withdrawn"),
    Column("replies", Integer, nullable=False, comment="how many were recorded; the last one counts"),
    Column("changed_by", String(70), nullable=False, info=STAFF),
    Column("changed_at_utc", DateTime(timezone=True), nullable=False),
    info=PERSONAL,
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
    Column(
        "consultation_id", String(40), ForeignKey("consultations.consultation_id"), primary_key=True, info=PSEUDONYM
    ),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("reply", String(20), nullable=False, comment="can_meet, cannot_meet, full or incompatible"),
    Column("replied_on", Date, nullable=False),
    Column("text", Text, nullable=False, comment="the setting's own words; personal", info=FREE_TEXT),
    Column("recorded_by", String(70), nullable=False, info=STAFF),
    Column("recorded_at_utc", DateTime(timezone=True), nullable=False),
    info=PERSONAL,
)

panels = Table(
    "panels",
    METADATA,
    Column("panel_id", String(40), primary_key=True),
    Column("meets_on", Date, nullable=False),
    Column("state", String(10), nullable=False, comment="open or closed"),
    Column("changes", Integer, nullable=False),
    Column("opened_by", String(70), nullable=False, info=STAFF),
    Column("opened_at_utc", DateTime(timezone=True), nullable=False),
    Column("signed_by", String(70), nullable=False, info=STAFF),
    Column("signed_at_utc", DateTime(timezone=True)),
    info=NOTHING_PERSONAL,
)

Index("ix_panels_meets_on", panels.c.meets_on, panels.c.panel_id)

agenda_items = Table(
    "agenda_items",
    METADATA,
    Column("panel_id", String(40), ForeignKey("panels.panel_id"), primary_key=True),
    Column("case_id", String(40), primary_key=True, info=PSEUDONYM),
    Column("position", Integer, nullable=False),
    Column("carried_over", Boolean, nullable=False, info=PERSONAL),
    info=NOTHING_PERSONAL,
)

panel_attendance = Table(
    "panel_attendance",
    METADATA,
    Column("panel_id", String(40), ForeignKey("panels.panel_id"), primary_key=True, info=NOTHING_PERSONAL),
    Column("user_id", String(70), primary_key=True),
    Column("capacity", String(60), nullable=False),
    Column("position", Integer, nullable=False, info=NOTHING_PERSONAL),
    info=STAFF,
)

decisions = Table(
    "decisions",
    METADATA,
    Column("decision_id", String(40), primary_key=True, info=PSEUDONYM),
    Column("case_id", String(40), nullable=False, index=True, info=PSEUDONYM),
    Column(
        "panel_id",
        String(40),
        nullable=False,
        index=True,
        comment="empty when the chair decided outside a panel",
    ),
    Column("recommendation_id", String(40), nullable=False, info=PSEUDONYM),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("changes", Integer, nullable=False),
    Column("pool_id", Text, nullable=False),
    Column("urn", Integer, nullable=False),
    Column("setting_name", Text, nullable=False),
    Column("part", String(20), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date),
    Column("gives_up_place", Boolean, nullable=False),
    Column("over_number", Boolean, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("grounds", Text, nullable=False, comment="urn:ground, separated by spaces"),
    Column("undo_due", Boolean, nullable=False),
    Column("offer_id", String(40), nullable=False, info=PSEUDONYM),
    Column("offer_expires_on", Date),
    Column("not_offered_because", Text, nullable=False),
    Column("withdrawn_because", Text, nullable=False, comment="personal", info=FREE_TEXT),
    Column("deferred_until", Date),
    Column("appeal_letter_on", Date),
    Column("decided_on", Date, comment="the authority's day; null: recorded before it was kept"),
    Column("of_what_if", Boolean, comment="null: recorded before it was kept; the record tells"),
    Column("decided_by", String(70), nullable=False, info=STAFF),
    Column("decided_at_utc", DateTime(timezone=True), nullable=False),
    Column("changed_at_utc", DateTime(timezone=True), nullable=False),
    Column("record", LargeBinary, nullable=False, comment="DecisionRecord, compressed; personal", info=FREE_TEXT),
    info=PERSONAL,
)

Index("ix_decisions_decided", decisions.c.decided_at_utc, decisions.c.decision_id)
_live = text("state IN ('requested', 'offered', 'naming', 'withdrawing')")
Index("decisions_one_live_a_case", decisions.c.case_id, unique=True, sqlite_where=_live, postgresql_where=_live)

decision_states = Table(
    "decision_states",
    METADATA,
    Column("decision_id", String(40), ForeignKey("decisions.decision_id"), primary_key=True, info=PSEUDONYM),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String(20), nullable=False),
    Column("changed_by", String(70), nullable=False, info=STAFF),
    Column("changed_at_utc", DateTime(timezone=True), nullable=False),
    info=PERSONAL,
)

appeal_steps = Table(
    "appeal_steps",
    METADATA,
    Column("decision_id", String(40), ForeignKey("decisions.decision_id"), primary_key=True, info=PSEUDONYM),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(30), nullable=False),
    Column("happened_on", Date, comment="null: only takes back the step that it replaces"),
    Column("outcome", String(20), nullable=False),
    Column("reference", String(20), nullable=False, info=PSEUDONYM),
    Column("replaces", Integer, nullable=False, comment="number of an earlier step; 0 for none"),
    Column("recorded_by", String(70), nullable=False, info=STAFF),
    Column("recorded_at_utc", DateTime(timezone=True), nullable=False),
    info=PERSONAL,
)
