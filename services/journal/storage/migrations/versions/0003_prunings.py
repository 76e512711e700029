"""Entries past their term may be removed from the front of a chain, up to what a sealed pruning says."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.migrations import create_erased_cases, drop_erased_cases

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

REFUSAL = "the journal is only ever added to"
ON_POSTGRESQL = (
    "DROP TRIGGER entries_only_added ON entries",
    """
    CREATE TRIGGER entries_only_added BEFORE UPDATE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE FUNCTION refuse_removal() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN
        IF NOT EXISTS (SELECT 1 FROM prunings WHERE source = OLD.source AND entry_number >= OLD.entry_number) THEN
            RAISE EXCEPTION 'the journal is only ever added to';
        END IF;
        RETURN OLD;
    END $$
    """,
    """
    CREATE TRIGGER entries_removed_when_pruned BEFORE DELETE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse_removal()
    """,
    """
    CREATE TRIGGER prunings_never_removed BEFORE DELETE OR TRUNCATE ON prunings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
    """
    CREATE TRIGGER prunings_only_move_on BEFORE UPDATE ON prunings
    FOR EACH ROW WHEN (NEW.source <> OLD.source OR NEW.entry_number <= OLD.entry_number)
    EXECUTE FUNCTION refuse_change()
    """,
)
ON_SQLITE = (
    "DROP TRIGGER entries_never_removed",
    """
    CREATE TRIGGER entries_never_removed BEFORE DELETE ON entries
    WHEN NOT EXISTS (SELECT 1 FROM prunings WHERE source = OLD.source AND entry_number >= OLD.entry_number)
    BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END
    """,
    f"CREATE TRIGGER prunings_never_removed BEFORE DELETE ON prunings BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    f"""
    CREATE TRIGGER prunings_only_move_on BEFORE UPDATE ON prunings
    WHEN NEW.source <> OLD.source OR NEW.entry_number <= OLD.entry_number
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """,
    # INSERT OR REPLACE removes the old row without running the trigger above.
    """
    CREATE TRIGGER prunings_never_replaced BEFORE INSERT ON prunings
    WHEN EXISTS (SELECT 1 FROM prunings WHERE source = NEW.source)
    BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END
    """,
)


BACK_ON_POSTGRESQL = (
    "DROP TRIGGER entries_removed_when_pruned ON entries",
    "DROP FUNCTION refuse_removal()",
    "DROP TRIGGER entries_only_added ON entries",
    """
    CREATE TRIGGER entries_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """,
)
BACK_ON_SQLITE = (
    "DROP TRIGGER entries_never_removed",
    f"CREATE TRIGGER entries_never_removed BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
)


def upgrade() -> None:
    create_erased_cases()
    op.create_table(
        "prunings",
        sa.Column("source", sa.String(20), primary_key=True),
        sa.Column("entry_number", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("last_sequence", sa.BigInteger, nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
    )
    for statement in ON_POSTGRESQL if _on_postgresql() else ON_SQLITE:
        op.execute(statement)


def downgrade() -> None:
    for statement in BACK_ON_POSTGRESQL if _on_postgresql() else BACK_ON_SQLITE:
        op.execute(statement)
    op.drop_table("prunings")
    drop_erased_cases()


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
