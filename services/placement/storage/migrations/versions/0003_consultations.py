"""Consultations with settings, and every reply recorded."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consultations",
        sa.Column("consultation_id", sa.String(40), primary_key=True),
        sa.Column("etag", sa.String(40), nullable=False),
        sa.Column("case_id", sa.String(40), nullable=False),
        sa.Column("urn", sa.Integer, nullable=False),
        sa.Column("setting_name", sa.Text, nullable=False, comment="as it was when consulted"),
        sa.Column("sent_on", sa.Date, nullable=False),
        sa.Column("sent_by", sa.String(70), nullable=False),
        sa.Column("reply_due", sa.Date, nullable=False),
        sa.Column("reply_rule", sa.Text, nullable=False, comment="in words, with its source"),
        sa.Column("state", sa.String(10), nullable=False, comment="awaiting, replied or withdrawn"),
        sa.Column("replies", sa.Integer, nullable=False, comment="how many were recorded; the last one counts"),
        sa.Column("changed_by", sa.String(70), nullable=False),
        sa.Column("changed_at_utc", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_consultations_case_id", "consultations", ["case_id"])
    op.create_index("ix_consultations_due", "consultations", ["reply_due", "consultation_id"])
    awaiting = sa.text("state = 'awaiting'")
    op.create_index(
        "consultations_open_once",
        "consultations",
        ["case_id", "urn"],
        unique=True,
        sqlite_where=awaiting,
        postgresql_where=awaiting,
    )
    op.create_table(
        "consultation_replies",
        sa.Column("consultation_id", sa.String(40), sa.ForeignKey("consultations.consultation_id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("reply", sa.String(20), nullable=False, comment="can_meet, cannot_meet, full or incompatible"),
        sa.Column("replied_on", sa.Date, nullable=False),
        sa.Column("text", sa.Text, nullable=False, comment="the setting's own words; personal"),
        sa.Column("recorded_by", sa.String(70), nullable=False),
        sa.Column("recorded_at_utc", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("consultation_replies")
    op.drop_table("consultations")
