"""Whether a decision was made on a what-if, so that lists can say it without reading whole records."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    comment = "null: recorded before it was kept; the record tells"
    op.add_column("decisions", sa.Column("of_what_if", sa.Boolean, comment=comment))


def downgrade() -> None:
    with op.batch_alter_table("decisions") as changing:
        changing.drop_column("of_what_if")
