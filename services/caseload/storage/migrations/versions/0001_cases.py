"""Cases, references, preferences, decisions due, the day of the return, and the revision."""

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
    op.create_table(
        "returns",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("return_day", sa.Date, nullable=False),
    )
    _create_cases()
    op.create_table(
        "case_references",
        sa.Column("kind", sa.String(8), primary_key=True),
        sa.Column("digest", sa.String(32), primary_key=True),
        sa.Column("case_id", sa.String(21), sa.ForeignKey("cases.case_id"), nullable=False),
    )
    op.create_table(
        "preferences",
        sa.Column("case_id", sa.String(21), sa.ForeignKey("cases.case_id"), primary_key=True),
        sa.Column("rank", sa.Integer, primary_key=True),
        sa.Column("urn", sa.Integer, nullable=False),
        sa.Column("legal_class", sa.String(20), nullable=False),
        sa.Column("stated_by", sa.String(12), nullable=False),
        sa.Column("stated_on", sa.Date),
        sa.Column("ground_recorded", sa.String(32), nullable=False),
    )
    _create_decisions_due()


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(21), primary_key=True),
        sa.Column("etag", sa.String(40), nullable=False),
        sa.Column("sex", sa.String(1), nullable=False),
        sa.Column("birth_year", sa.Integer, nullable=False),
        sa.Column("birth_month", sa.Integer, nullable=False),
        sa.Column("reception_year", sa.Integer, nullable=False),
        sa.Column("stage", sa.String(12), nullable=False),
        sa.Column("needs", sa.String(200), nullable=False),
        sa.Column("easting", sa.Integer),
        sa.Column("northing", sa.Integer),
        sa.Column("home_authority", sa.String(9)),
        sa.Column("placement_urn", sa.Integer),
        sa.Column("placement_sen_setting", sa.String(4)),
        sa.Column("placement_part", sa.String(16)),
        sa.Column("placement_first_day", sa.Date),
        sa.Column("placement_last_day", sa.Date),
        sa.Column("request_received", sa.Date),
        sa.Column("ehc_plan_started", sa.Date),
        sa.Column("last_review", sa.Date),
        sa.Column("phase_transfer_due", sa.Date),
    )


def _create_decisions_due() -> None:
    op.create_table(
        "decisions_due",
        sa.Column("case_id", sa.String(21), sa.ForeignKey("cases.case_id"), primary_key=True),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("deadline", sa.Date),
        sa.Column("advised_kinds", sa.String(200), nullable=False),
        sa.Column("top_up_band", sa.String(1), nullable=False),
        sa.Column("wheelchair", sa.Boolean, nullable=False),
        sa.Column("passenger_assistant", sa.Boolean, nullable=False),
        sa.Column("solo_travel", sa.Boolean, nullable=False),
        sa.Column("exclusion_risk", sa.String(20), nullable=False),
        sa.Column("review_says_mainstream_cannot", sa.Boolean),
        sa.Column("review_date", sa.Date),
    )
    op.create_index("ix_decisions_due_first_day", "decisions_due", ["first_day"])


def downgrade() -> None:
    for table in ("decisions_due", "preferences", "case_references", "cases", "returns", "revisions"):
        op.drop_table(table)
