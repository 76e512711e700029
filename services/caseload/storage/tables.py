"""Tables of the caseload service. A case id says nothing of the child; identifiers are kept as keyed digests only."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, MetaData, String, Table

from shared.database import revisions_table
from shared.event_log import tables as event_log
from shared.keeping import tables as keeping
from shared.privacy import NOTHING_PERSONAL, PERSONAL, PSEUDONYM, SPECIAL_CATEGORY

METADATA = MetaData()
event_log.add_to(METADATA)
keeping.add_to(METADATA)

revisions = revisions_table(METADATA)

cases = Table(
    "cases",
    METADATA,
    Column("case_id", String(21), primary_key=True, info=PSEUDONYM),
    Column("etag", String(40), nullable=False, info=PSEUDONYM),
    Column("last_change", String(20), nullable=False),  # what gave it this etag: a LastChange
    Column("sex", String(1), nullable=False),
    Column("birth_year", Integer, nullable=False),
    Column("birth_month", Integer, nullable=False),
    Column("reception_year", Integer, nullable=False),
    Column("stage", String(12), nullable=False),
    Column("needs", String(200), nullable=False, info=SPECIAL_CATEGORY),  # "1 SEMH;2 ASD", in rank order
    Column("easting", Integer),
    Column("northing", Integer),
    Column("home_authority", String(9)),
    Column("placement_urn", Integer),  # 0: a setting without one; null: no placement
    Column("placement_sen_setting", String(4)),
    Column("placement_part", String(16)),
    Column("placement_first_day", Date),
    Column("placement_last_day", Date),
    Column("request_received", Date),
    Column("ehc_plan_started", Date),
    Column("last_review", Date),
    Column("phase_transfer_due", Date),
    Column("request_stage", String(12), nullable=False),
    Column("ehc_plan_ceased", Date),
    info=PERSONAL,
)

case_references = Table(
    "case_references",
    METADATA,
    Column("kind", String(8), primary_key=True, info=NOTHING_PERSONAL),
    Column("digest", String(32), primary_key=True),
    Column("case_id", String(21), ForeignKey("cases.case_id"), nullable=False),
    info=PSEUDONYM,
)

preferences = Table(
    "preferences",
    METADATA,
    Column("case_id", String(21), ForeignKey("cases.case_id"), primary_key=True, info=PSEUDONYM),
    Column("rank", Integer, primary_key=True),
    Column("urn", Integer, nullable=False),
    Column("legal_class", String(20), nullable=False),
    Column("stated_by", String(12), nullable=False),
    Column("stated_on", Date),
    Column("ground_recorded", String(32), nullable=False),  # as the file has it
    Column("decided_ground", String(32), nullable=False),  # as a decision recorded it; it goes before the file's
    Column("ground_decision_id", String(40), nullable=False, info=PSEUDONYM),
    info=PERSONAL,
)

decisions_due = Table(
    "decisions_due",
    METADATA,
    Column("case_id", String(21), ForeignKey("cases.case_id"), primary_key=True, info=PSEUDONYM),
    Column("reason", String(20), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("deadline", Date),
    Column("advised_kinds", String(200), nullable=False, info=SPECIAL_CATEGORY),  # words separated by semicolons
    Column("top_up_band", String(1), nullable=False, info=SPECIAL_CATEGORY),
    Column("wheelchair", Boolean, nullable=False, info=SPECIAL_CATEGORY),
    Column("passenger_assistant", Boolean, nullable=False, info=SPECIAL_CATEGORY),
    Column("solo_travel", Boolean, nullable=False, info=SPECIAL_CATEGORY),
    Column("exclusion_risk", String(20), nullable=False, info=SPECIAL_CATEGORY),
    Column("review_says_mainstream_cannot", Boolean, info=SPECIAL_CATEGORY),
    Column("review_date", Date),
    Index("ix_decisions_due_first_day", "first_day"),
    info=PERSONAL,
)

named_placements = Table(
    "named_placements",
    METADATA,
    Column("case_id", String(21), ForeignKey("cases.case_id"), primary_key=True, info=PSEUDONYM),
    Column("first_day", Date, primary_key=True),
    Column("urn", Integer, nullable=False),
    Column("part", String(16), nullable=False),
    Column("pool_id", String(60), nullable=False),
    Column("decision_id", String(40), nullable=False, info=PSEUDONYM),
    info=PERSONAL,
)

travel_needs = Table(
    "travel_needs",
    METADATA,
    Column("case_id", String(21), ForeignKey("cases.case_id"), primary_key=True, info=PSEUDONYM),
    Column("wheelchair", Boolean, nullable=False),
    Column("passenger_assistant", Boolean, nullable=False),
    Column("solo", Boolean, nullable=False),
    info=SPECIAL_CATEGORY,
)

kept_apart = Table(
    "kept_apart",
    METADATA,
    Column("case_id", String(21), ForeignKey("cases.case_id"), primary_key=True),  # whose row says so
    Column("other_case_id", String(21), ForeignKey("cases.case_id"), primary_key=True),
    Index("ix_kept_apart_other_case_id", "other_case_id"),
    info=PSEUDONYM,
)

settled_decisions = Table(
    "settled_decisions",
    METADATA,
    Column("case_id", String(21), ForeignKey("cases.case_id"), primary_key=True, info=PSEUDONYM),
    Column("content", String(64), primary_key=True),  # hash of the decision due as it was
    Column("settled_by", String(20), nullable=False),  # a SettledBy
    info=PERSONAL,
)

returns = Table(
    "returns",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("return_day", Date, nullable=False),
    info=NOTHING_PERSONAL,
)

FACT_COLUMNS = tuple(column for column in cases.c if column.name not in ("case_id", "etag", "last_change"))
DECISION_COLUMNS = tuple(column for column in decisions_due.c if column.name != "case_id")
