"""Placements that decisions named, decisions due that are settled, and grounds that decisions recorded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ADDED = (
    ("cases", "last_change", 20, "return"),
    ("cases", "request_stage", 12, "asked"),
    ("preferences", "decided_ground", 32, ""),
    ("preferences", "ground_decision_id", 40, ""),
)
"""Table, column, its length, and what rows that are there already get; the previous release never writes it."""


def upgrade() -> None:
    for table, name, length, value in ADDED:
        op.add_column(table, sa.Column(name, sa.String(length), nullable=False, server_default=value))
    op.create_table(
        "named_placements",
        sa.Column("case_id", sa.String(21), sa.ForeignKey("cases.case_id"), primary_key=True),
        sa.Column("first_day", sa.Date, primary_key=True),
        sa.Column("urn", sa.Integer, nullable=False),
        sa.Column("part", sa.String(16), nullable=False),
        sa.Column("pool_id", sa.String(60), nullable=False),
        sa.Column("decision_id", sa.String(40), nullable=False),
    )
    op.create_table(
        "settled_decisions",
        sa.Column("case_id", sa.String(21), sa.ForeignKey("cases.case_id"), primary_key=True),
        sa.Column("content", sa.String(64), primary_key=True),
        sa.Column("settled_by", sa.String(20), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("settled_decisions")
    op.drop_table("named_placements")
    for table, name, _, _ in reversed(ADDED):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(name)
