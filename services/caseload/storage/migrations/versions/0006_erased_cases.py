"""Which cases were erased, so that what is kept of one later goes too."""

from __future__ import annotations

from shared.migrations import create_erased_cases, drop_erased_cases

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_erased_cases()


def downgrade() -> None:
    drop_erased_cases()
