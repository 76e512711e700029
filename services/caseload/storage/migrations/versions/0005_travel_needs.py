"""What children need to travel, whether or not a decision is due, and who cannot share a vehicle with whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "travel_needs",
        sa.Column("case_id", sa.String(21), sa.ForeignKey("cases.case_id"), primary_key=True),
        sa.Column("wheelchair", sa.Boolean, nullable=False),
        sa.Column("passenger_assistant", sa.Boolean, nullable=False),
        sa.Column("solo", sa.Boolean, nullable=False),
    )
    op.create_table(
        "kept_apart",
        sa.Column("case_id", sa.String(21), sa.ForeignKey("cases.case_id"), primary_key=True),
        sa.Column("other_case_id", sa.String(21), sa.ForeignKey("cases.case_id"), primary_key=True),
    )
    op.create_index("ix_kept_apart_other_case_id", "kept_apart", ["other_case_id"])


def downgrade() -> None:
    op.drop_table("kept_apart")
    op.drop_table("travel_needs")
