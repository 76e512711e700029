"""Dated facts of representation, mediation and appeal about a decision; the authority's day of the decision."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    decided_on = sa.Column("decided_on", sa.Date, comment="the authority's day; null: recorded before it was kept")
    op.add_column("decisions", decided_on)
    op.create_table(
        "appeal_steps",
        sa.Column("decision_id", sa.String(40), sa.ForeignKey("decisions.decision_id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("happened_on", sa.Date, comment="null: only takes back the step that it replaces"),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("replaces", sa.Integer, nullable=False, comment="number of an earlier step; 0 for none"),
        sa.Column("recorded_by", sa.String(70), nullable=False),
        sa.Column("recorded_at_utc", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("appeal_steps")
    with op.batch_alter_table("decisions") as changing:
        changing.drop_column("decided_on")
