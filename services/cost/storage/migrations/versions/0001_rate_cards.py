"""Rate cards, their rates, and the revision."""

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
        "rate_cards",
        sa.Column("rate_card_id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("import_order", sa.Integer, nullable=False, unique=True),
        sa.UniqueConstraint("name", "version"),
    )
    op.create_table(
        "rates",
        sa.Column("rate_card_id", sa.String(64), sa.ForeignKey("rate_cards.rate_card_id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("item", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("need", sa.String(4), nullable=False),
        sa.Column("band", sa.String(1), nullable=False),
        sa.Column("urn", sa.Integer, nullable=False),
        sa.Column("minimum_metres", sa.Integer, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("basis", sa.String(16), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
    )


def downgrade() -> None:
    for table in ("rates", "rate_cards", "revisions"):
        op.drop_table(table)
