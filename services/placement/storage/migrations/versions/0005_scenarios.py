"""Scenarios, the worlds they are simulated in, and the shards that workers take."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scenario_worlds",
        sa.Column("world_hash", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False, comment="World as its own bytes; no case ids, no homes"),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("gathered_at_utc", sa.DateTime(timezone=True), nullable=False),
    )
    _create_scenarios()
    _create_shards()


def _create_scenarios() -> None:
    op.create_table(
        "scenarios",
        sa.Column("scenario_id", sa.String(40), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("is_baseline", sa.Boolean, nullable=False),
        sa.Column("baseline_id", sa.String(40), nullable=False, comment="a baseline's is its own"),
        sa.Column("based_on", sa.String(40), nullable=False),
        sa.Column(
            "definition", sa.Text, nullable=False, comment="TOML as given; a baseline's is that of its first scenario"
        ),
        sa.Column("world_hash", sa.String(64), sa.ForeignKey("scenario_worlds.world_hash"), nullable=False),
        sa.Column(
            "code_version", sa.String(16), nullable=False, comment="of the simulation: all of a scenario is by one"
        ),
        sa.Column("policy", sa.String(80), nullable=False),
        sa.Column("first_year", sa.Integer, nullable=False),
        sa.Column("years", sa.Integer, nullable=False),
        sa.Column("replicates", sa.Integer, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("changes", sa.Integer, nullable=False),
        sa.Column("created_by", sa.String(70), nullable=False),
        sa.Column("created_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at_utc", sa.DateTime(timezone=True)),
        sa.Column("ended_at_utc", sa.DateTime(timezone=True)),
        sa.Column("failed_because", sa.Text, nullable=False),
        sa.Column("figures", sa.LargeBinary, comment="GetScenarioResultResponse with figures alone, compressed"),
    )
    op.create_index("ix_scenarios_baseline_id", "scenarios", ["baseline_id"])
    op.create_index("ix_scenarios_state", "scenarios", ["state"])
    op.create_index("ix_scenarios_created", "scenarios", ["created_at_utc", "scenario_id"])
    named = sa.text("NOT is_baseline")
    op.create_index(
        "scenarios_version_once",
        "scenarios",
        ["name", "version"],
        unique=True,
        sqlite_where=named,
        postgresql_where=named,
    )


def _create_shards() -> None:
    op.create_table(
        "scenario_shards",
        sa.Column("scenario_id", sa.String(40), sa.ForeignKey("scenarios.scenario_id"), primary_key=True),
        sa.Column("shard", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(10), nullable=False, comment="replicates, or summary: the last of a scenario"),
        sa.Column("first_replicate", sa.Integer, nullable=False),
        sa.Column("last_replicate", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False, comment="held back, ready, leased or done"),
        sa.Column("ready_at_utc", sa.DateTime(timezone=True)),
        sa.Column(
            "announced_at_utc",
            sa.DateTime(timezone=True),
            comment="when put on the queue; null: not since it was ready",
        ),
        sa.Column("lease_owner", sa.String(40), nullable=False),
        sa.Column("lease_until_utc", sa.DateTime(timezone=True)),
        sa.Column("takes", sa.Integer, nullable=False, comment="how often a worker took it"),
        sa.Column("failures", sa.Integer, nullable=False, comment="how often it raised an error"),
        sa.Column("replicates_done", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Double, nullable=False, comment="that its worker took"),
        sa.Column("outcome", sa.LargeBinary, comment="one part a replicate, compressed"),
        sa.Column("done_at_utc", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_scenario_shards_state", "scenario_shards", ["state", "ready_at_utc"])


def downgrade() -> None:
    op.drop_table("scenario_shards")
    op.drop_table("scenarios")
    op.drop_table("scenario_worlds")
