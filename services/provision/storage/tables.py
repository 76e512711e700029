"""Tables of the provision service."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    text,
)

from shared.database import revisions_table
from shared.event_log import tables as event_log
from shared.keeping import tables as keeping
from shared.privacy import NOTHING_PERSONAL, PERSONAL, PSEUDONYM

METADATA = MetaData()
event_log.add_to(METADATA)
keeping.add_to(METADATA)

revisions = revisions_table(METADATA)

settings = Table(
    "settings",
    METADATA,
    Column("urn", Integer, primary_key=True, autoincrement=False),
    Column("name", String(200), nullable=False),
    Column("type_code", Integer, nullable=False),
    Column("type_name", String(100), nullable=False),
    Column("la_code", Integer, nullable=False),
    Column("la_name", String(100), nullable=False),
    Column("easting", Integer),
    Column("northing", Integer),
    Column("low_age", Integer),
    Column("high_age", Integer),
    Column("admits_sex", String(5), nullable=False),
    Column("status", String(40), nullable=False),
    Column("section_41_approved", Boolean, nullable=False),
    Column("needs", String(80), nullable=False),  # "ASD;SLCN", in GIAS's order
    Column("school_capacity", Integer),
    Column("number_on_roll", Integer),
    info=NOTHING_PERSONAL,
)

pools = Table(
    "pools",
    METADATA,
    Column("pool_id", String(45), primary_key=True),
    Column("urn", Integer, ForeignKey("settings.urn"), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("needs", String(80), nullable=False),  # "ASD;SLCN"; empty: any need
    Column("year_group_low", Integer, nullable=False),
    Column("year_group_high", Integer, nullable=False),
    Column("admits_sex", String(5), nullable=False),  # empty: as its setting
    Column("wheelchair_accessible", Boolean),
    Column("group_id", String(46), nullable=False),
    CheckConstraint("year_group_low <= year_group_high", name="pools_year_groups_in_order"),
    info=NOTHING_PERSONAL,
)

pool_numbers = Table(
    "pool_numbers",
    METADATA,
    Column("pool_id", String(45), ForeignKey("pools.pool_id", ondelete="CASCADE"), primary_key=True),
    Column("first_day", Date, primary_key=True),
    Column("places", Integer),
    Column("confirmed", Boolean, nullable=False),
    Column("basis", String(10), nullable=False),
    Column("group_places", Integer),
    CheckConstraint("places >= 0", name="pool_numbers_places_not_negative"),
    info=NOTHING_PERSONAL,
)

offer_revisions = Table(
    "offer_revisions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("revision", String(40), nullable=False),
    info=NOTHING_PERSONAL,
)
"""The one-row table whose token changes with every change of an offer; pools keep theirs, so that seats stay known."""

LIVE = text("state IN ('offered', 'confirmed') AND handed_over IS NULL")
"""An offer that holds a place which nothing else on record holds."""

offers = Table(
    "offers",
    METADATA,
    Column("offer_id", String(45), primary_key=True, info=PSEUDONYM),
    Column("case_id", String(60), nullable=False, info=PSEUDONYM),
    Column("pool_id", String(45), ForeignKey("pools.pool_id"), nullable=False),
    Column("decision_id", String(60), nullable=False, info=PSEUDONYM),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date),
    Column("expires_on", Date, nullable=False),
    Column("state", String(10), nullable=False),
    Column("over_number", Boolean, nullable=False),
    Column("gives_up_place", Boolean, nullable=False),
    Column("cap_id", String(46), nullable=False),
    Column("place_number", Integer, nullable=False),
    Column("reason_code", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("handed_over", Integer),
    Column("offered_at_utc", DateTime(timezone=True), nullable=False),
    Column("changed_at_utc", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('offered', 'confirmed', 'released', 'expired')", name="offers_state_known"),
    CheckConstraint("last_day >= first_day", name="offers_days_in_order"),
    CheckConstraint("place_number >= 1", name="offers_place_number_from_1"),
    # These two hold whatever the code that locks does: of two transactions that saw the same offers, one is refused.
    Index("offers_one_per_place", "cap_id", "place_number", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
    Index("offers_one_per_case", "case_id", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
    Index("offers_by_pool", "pool_id", "state"),
    Index("offers_by_expiry", "expires_on", "offer_id"),
    Index("offers_by_hand_over", "handed_over"),
    info=PERSONAL,
)
