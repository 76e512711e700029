"""The event log, request ids, cursors and dead letters that every service has."""

from __future__ import annotations

from shared.migrations import create_event_log, drop_event_log

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_event_log()


def downgrade() -> None:
    drop_event_log()
