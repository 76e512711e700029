"""The day on which a plan ceased, so that flows of plans can be counted. Empty until the next return is read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("ehc_plan_ceased", sa.Date))


def downgrade() -> None:
    with op.batch_alter_table("cases") as batch:
        batch.drop_column("ehc_plan_ceased")
