"""Offers of places, with the constraints that let no place and no child be taken twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LIVE = "state IN ('offered', 'confirmed') AND handed_over IS NULL"


def upgrade() -> None:
    op.create_table(
        "offer_revisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("revision", sa.String(40), nullable=False),
    )
    op.create_table(
        "offers",
        sa.Column("offer_id", sa.String(45), primary_key=True),
        sa.Column("case_id", sa.String(60), nullable=False),
        sa.Column("pool_id", sa.String(45), sa.ForeignKey("pools.pool_id"), nullable=False),
        sa.Column("decision_id", sa.String(60), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date),
        sa.Column("expires_on", sa.Date, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("over_number", sa.Boolean, nullable=False),
        sa.Column("gives_up_place", sa.Boolean, nullable=False),
        sa.Column("cap_id", sa.String(46), nullable=False),
        sa.Column("place_number", sa.Integer, nullable=False),
        sa.Column("reason_code", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("handed_over", sa.Integer),
        sa.Column("offered_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('offered', 'confirmed', 'released', 'expired')", name="offers_state_known"),
        sa.CheckConstraint("last_day >= first_day", name="offers_days_in_order"),
        sa.CheckConstraint("place_number >= 1", name="offers_place_number_from_1"),
    )
    _create_indexes()


def _create_indexes() -> None:
    live = sa.text(LIVE)
    for name, columns in (("offers_one_per_place", ["cap_id", "place_number"]), ("offers_one_per_case", ["case_id"])):
        op.create_index(name, "offers", columns, unique=True, sqlite_where=live, postgresql_where=live)
    op.create_index("offers_by_pool", "offers", ["pool_id", "state"])
    op.create_index("offers_by_expiry", "offers", ["expires_on", "offer_id"])
    op.create_index("offers_by_hand_over", "offers", ["handed_over"])


def downgrade() -> None:
    op.drop_table("offers")
    op.drop_table("offer_revisions")
