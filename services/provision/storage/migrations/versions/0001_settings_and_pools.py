"""Settings, place pools with their number by date, and the revision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("revision", sa.String(40), nullable=False),
    )
    _create_settings()
    _create_pools()


def _create_settings() -> None:
    op.create_table(
        "settings",
        sa.Column("urn", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("type_code", sa.Integer, nullable=False),
        sa.Column("type_name", sa.String(100), nullable=False),
        sa.Column("la_code", sa.Integer, nullable=False),
        sa.Column("la_name", sa.String(100), nullable=False),
        sa.Column("easting", sa.Integer),
        sa.Column("northing", sa.Integer),
        sa.Column("low_age", sa.Integer),
        sa.Column("high_age", sa.Integer),
        sa.Column("admits_sex", sa.String(5), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("section_41_approved", sa.Boolean, nullable=False),
        sa.Column("needs", sa.String(80), nullable=False),
        sa.Column("school_capacity", sa.Integer),
        sa.Column("number_on_roll", sa.Integer),
    )


def _create_pools() -> None:
    op.create_table(
        "pools",
        sa.Column("pool_id", sa.String(45), primary_key=True),
        sa.Column("urn", sa.Integer, sa.ForeignKey("settings.urn"), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("needs", sa.String(80), nullable=False),
        sa.Column("year_group_low", sa.Integer, nullable=False),
        sa.Column("year_group_high", sa.Integer, nullable=False),
        sa.Column("admits_sex", sa.String(5), nullable=False),
        sa.Column("wheelchair_accessible", sa.Boolean),
        sa.Column("group_id", sa.String(46), nullable=False),
        sa.CheckConstraint("year_group_low <= year_group_high", name="pools_year_groups_in_order"),
    )
    op.create_table(
        "pool_numbers",
        sa.Column("pool_id", sa.String(45), sa.ForeignKey("pools.pool_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("first_day", sa.Date, primary_key=True),
        sa.Column("places", sa.Integer),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("basis", sa.String(10), nullable=False),
        sa.Column("group_places", sa.Integer),
        sa.CheckConstraint("places >= 0", name="pool_numbers_places_not_negative"),
    )


def downgrade() -> None:
    for table in ("pool_numbers", "pools", "settings", "revisions"):
        op.drop_table(table)
