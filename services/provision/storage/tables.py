"""Tables of the provision service."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Integer, MetaData, String, Table

from shared.database import revisions_table
from shared.event_log import tables as event_log

METADATA = MetaData()
event_log.add_to(METADATA)

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
)
