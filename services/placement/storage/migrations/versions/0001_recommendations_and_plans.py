"""Facts, recommendations and plans."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "facts",
        sa.Column("facts_hash", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False, comment="GatheredFacts, compressed"),
    )
    op.create_table(
        "recommendations",
        sa.Column("recommendation_id", sa.String(40), primary_key=True),
        sa.Column("case_id", sa.String(40), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("facts_hash", sa.String(64), sa.ForeignKey("facts.facts_hash"), nullable=False),
        sa.Column("given_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False, comment="Recommendation"),
    )
    op.create_index("ix_recommendations_case_id", "recommendations", ["case_id"])
    op.create_table(
        "plans",
        sa.Column("plan_id", sa.String(40), primary_key=True),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("policy", sa.String(80), nullable=False),
        sa.Column("facts_hash", sa.String(64), sa.ForeignKey("facts.facts_hash"), nullable=False),
        sa.Column("proposed_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "summary",
            sa.LargeBinary,
            nullable=False,
            comment="PlacementPlan without assignment, cases and prices",
        ),
        sa.Column("content", sa.LargeBinary, nullable=False, comment="PlacementPlan, compressed"),
        sa.Column("problem", sa.LargeBinary, nullable=False, comment="the problem solved, as compressed columns"),
    )
    op.create_index("ix_plans_proposed", "plans", ["proposed_at_utc", "plan_id"])


def downgrade() -> None:
    op.drop_table("plans")
    op.drop_table("recommendations")
    op.drop_table("facts")
