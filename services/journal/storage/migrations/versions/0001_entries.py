"""Entries and heads, and the triggers that let entries only be added and heads only move on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

REFUSAL = "the journal is only ever added to"
ON_POSTGRESQL = (
    f"""
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$
    """,
    """
    CREATE TRIGGER entries_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER heads_never_removed BEFORE DELETE OR TRUNCATE ON heads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER heads_only_move_on BEFORE UPDATE ON heads
    FOR EACH ROW WHEN (NEW.source <> OLD.source OR NEW.entry_number <= OLD.entry_number)
    EXECUTE FUNCTION refuse_change()
    """,
)
ON_SQLITE = (
    f"CREATE TRIGGER entries_never_changed BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    f"CREATE TRIGGER entries_never_removed BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    # INSERT OR REPLACE removes the old row without running the trigger above.
    """
    CREATE TRIGGER entries_never_replaced BEFORE INSERT ON entries
    WHEN EXISTS (SELECT 1 FROM entries WHERE source = NEW.source AND entry_number = NEW.entry_number)
    OR EXISTS (SELECT 1 FROM entries WHERE source = NEW.source AND sequence = NEW.sequence AND case_id = NEW.case_id)
    BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END
    """,
    f"CREATE TRIGGER heads_never_removed BEFORE DELETE ON heads BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    f"""
    CREATE TRIGGER heads_only_move_on BEFORE UPDATE ON heads
    WHEN NEW.source <> OLD.source OR NEW.entry_number <= OLD.entry_number
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """,
)


def upgrade() -> None:
    op.create_table(
        "entries",
        sa.Column("source", sa.String(20), primary_key=True),
        sa.Column("entry_number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("occurred_at_utc", sa.String(20), nullable=False),
        sa.Column("actor", sa.String(70), nullable=False),
        sa.Column("roles", sa.String(120), nullable=False),
        sa.Column("on_behalf_of", sa.String(70), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(50), nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.UniqueConstraint("source", "sequence", "case_id", name="entries_once"),
    )
    op.create_index("entries_by_case", "entries", ["case_id", "occurred_at_utc", "source", "entry_number"])
    op.create_index("entries_by_time", "entries", ["occurred_at_utc", "source", "entry_number"])
    op.create_table(
        "heads",
        sa.Column("source", sa.String(20), primary_key=True),
        sa.Column("entry_number", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("last_sequence", sa.BigInteger, nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
    )
    for statement in ON_POSTGRESQL if op.get_bind().dialect.name == "postgresql" else ON_SQLITE:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("heads")
    op.drop_table("entries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
