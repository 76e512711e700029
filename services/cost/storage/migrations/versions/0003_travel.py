"""Distances and minutes that were imported, with when they last changed, and a router's answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PLACES = ("from_easting", "from_northing", "to_easting", "to_northing")


def _places() -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer, primary_key=True, autoincrement=False) for name in PLACES]


def upgrade() -> None:
    op.create_table(
        "travel_matrix",
        *_places(),
        sa.Column("walking_metres", sa.Integer, nullable=True),
        sa.Column("driving_metres", sa.Integer, nullable=False),
        sa.Column("driving_minutes", sa.Integer, nullable=False),
        sa.Column("as_of_day", sa.Date, nullable=False),
    )
    op.create_table(
        "travel_matrix_revisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("revision", sa.String(40), nullable=False),
    )
    op.create_table(
        "routed_pairs",
        sa.Column("provider", sa.String(16), primary_key=True),
        sa.Column("mode", sa.String(8), primary_key=True),
        *_places(),
        sa.Column("metres", sa.Integer, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("fetched_day", sa.Date, nullable=False),
    )
    op.create_table(
        "travel_methods",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("method", sa.String(200), nullable=False),
    )


def downgrade() -> None:
    for table in ("travel_methods", "routed_pairs", "travel_matrix_revisions", "travel_matrix"):
        op.drop_table(table)
