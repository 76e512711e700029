"""Panels, decisions and their states; the case's etag on a recommendation; a token for "decisions changed"."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    case_etag = sa.Column("case_etag", sa.String(40), nullable=False, server_default="")
    op.add_column("recommendations", case_etag)
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("revision", sa.String(40), nullable=False),
    )
    _create_panels()
    _create_decisions()


def _create_panels() -> None:
    op.create_table(
        "panels",
        sa.Column("panel_id", sa.String(40), primary_key=True),
        sa.Column("meets_on", sa.Date, nullable=False),
        sa.Column("state", sa.String(10), nullable=False, comment="open or closed"),
        sa.Column("changes", sa.Integer, nullable=False),
        sa.Column("opened_by", sa.String(70), nullable=False),
        sa.Column("opened_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.String(70), nullable=False),
        sa.Column("signed_at_utc", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_panels_meets_on", "panels", ["meets_on", "panel_id"])
    op.create_table(
        "agenda_items",
        sa.Column("panel_id", sa.String(40), sa.ForeignKey("panels.panel_id"), primary_key=True),
        sa.Column("case_id", sa.String(40), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("carried_over", sa.Boolean, nullable=False),
    )
    op.create_table(
        "panel_attendance",
        sa.Column("panel_id", sa.String(40), sa.ForeignKey("panels.panel_id"), primary_key=True),
        sa.Column("user_id", sa.String(70), primary_key=True),
        sa.Column("capacity", sa.String(60), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
    )


def _create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.String(40), primary_key=True),
        sa.Column("case_id", sa.String(40), nullable=False),
        sa.Column("panel_id", sa.String(40), nullable=False, comment="empty when the chair decided outside a panel"),
        sa.Column("recommendation_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("changes", sa.Integer, nullable=False),
        sa.Column("pool_id", sa.Text, nullable=False),
        sa.Column("urn", sa.Integer, nullable=False),
        sa.Column("setting_name", sa.Text, nullable=False),
        sa.Column("part", sa.String(20), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date),
        sa.Column("gives_up_place", sa.Boolean, nullable=False),
        sa.Column("over_number", sa.Boolean, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("grounds", sa.Text, nullable=False, comment="urn:ground, separated by spaces"),
        sa.Column("undo_due", sa.Boolean, nullable=False),
        sa.Column("offer_id", sa.String(40), nullable=False),
        sa.Column("offer_expires_on", sa.Date),
        sa.Column("not_offered_because", sa.Text, nullable=False),
        sa.Column("withdrawn_because", sa.Text, nullable=False, comment="personal"),
        sa.Column("deferred_until", sa.Date),
        sa.Column("appeal_letter_on", sa.Date),
        sa.Column("decided_by", sa.String(70), nullable=False),
        sa.Column("decided_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record", sa.LargeBinary, nullable=False, comment="DecisionRecord, compressed; personal"),
    )
    op.create_index("ix_decisions_decided", "decisions", ["decided_at_utc", "decision_id"])
    op.create_index("ix_decisions_case_id", "decisions", ["case_id"])
    op.create_index("ix_decisions_panel_id", "decisions", ["panel_id"])
    op.create_index("ix_decisions_state", "decisions", ["state"])
    live = sa.text("state IN ('requested', 'offered', 'naming', 'withdrawing')")
    op.create_index(
        "decisions_one_live_a_case", "decisions", ["case_id"], unique=True, sqlite_where=live, postgresql_where=live
    )
    op.create_table(
        "decision_states",
        sa.Column("decision_id", sa.String(40), sa.ForeignKey("decisions.decision_id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("changed_by", sa.String(70), nullable=False),
        sa.Column("changed_at_utc", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for table in ("decision_states", "decisions", "panel_attendance", "agenda_items", "panels", "revisions"):
        op.drop_table(table)
    with op.batch_alter_table("recommendations") as changing:
        changing.drop_column("case_etag")
