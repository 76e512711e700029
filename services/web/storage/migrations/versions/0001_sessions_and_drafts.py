"""Sessions, and drafts of forms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("session_hash", sa.String(64), primary_key=True),
        sa.Column("user_id", sa.String(70), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("roles", sa.String(120), nullable=False),
        sa.Column("form_token", sa.String(64), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("made_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.Boolean, nullable=False),
    )
    op.create_table(
        "drafts",
        sa.Column("user_id", sa.String(70), primary_key=True),
        sa.Column("path", sa.String(200), primary_key=True),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("kept_at_utc", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for table in ("drafts", "sessions"):
        op.drop_table(table)
