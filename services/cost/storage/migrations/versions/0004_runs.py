"""Fleets, their vehicle types, bell times, and run plans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fleets",
        sa.Column("fleet_id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("import_order", sa.Integer, nullable=False, unique=True),
        sa.UniqueConstraint("name", "version"),
    )
    op.create_table(
        "vehicle_types",
        sa.Column("fleet_id", sa.String(64), sa.ForeignKey("fleets.fleet_id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("seats", sa.Integer, nullable=False),
        sa.Column("wheelchair_places", sa.Integer, nullable=False),
        sa.Column("pence_per_day", sa.BigInteger, nullable=False),
        sa.Column("pence_per_km", sa.BigInteger, nullable=False),
        sa.Column("basis", sa.String(16), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
    )
    op.create_table(
        "bell_times",
        sa.Column("urn", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("bell_minutes", sa.Integer, nullable=False),
    )
    op.create_table(
        "run_plans",
        sa.Column("run_plan_id", sa.String(40), primary_key=True),
        sa.Column("kept_order", sa.Integer, nullable=False, unique=True),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("planned_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "summary", sa.LargeBinary, nullable=False, comment="RunPlan without runs, settings and children not carried"
        ),
        sa.Column("content", sa.LargeBinary, nullable=False, comment="RunPlan, compressed"),
        sa.Column("asked", sa.LargeBinary, nullable=False, comment="PlanRunsRequest with who is carried, compressed"),
        sa.Column(
            "bell_times",
            sa.LargeBinary,
            nullable=False,
            comment="GetFleetResponse with the bell times used, compressed",
        ),
    )


def downgrade() -> None:
    for table in ("run_plans", "bell_times", "vehicle_types", "fleets"):
        op.drop_table(table)
